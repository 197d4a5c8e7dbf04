//! Damaged files by the thousand: bit flips, cuts and splices over our own samples, read as
//! `index` reads them. No reader may crash and none may outlive its limits.
//!
//! The cases follow from their numbers alone, so a failure can be had again. Files that are ZIP
//! packages are damaged on the outside and, more often, inside: a part is changed and packed anew
//! with a right checksum, since otherwise the checksum catches nearly everything.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use yuanwen_engine::sandbox::{Limits, Reading, Sandbox, Session};

/// How many damaged files are read.
const CASES: usize = 20_000;
/// Larger samples are left to the tests of their formats, in bytes: they take too long here.
const LARGEST: usize = 130_000;

#[test]
fn twenty_thousand_damaged_files_crash_no_reader_and_outlive_no_limit() {
    let samples = samples();
    let program = PathBuf::from(env!("CARGO_BIN_EXE_yuanwen"));
    let limits = Limits { time: Duration::from_secs(120), ..Limits::default() };
    let sandbox = Sandbox { program, arguments: vec!["worker".into()], limits, models: None };
    let reading = Reading::Boxed(sandbox);
    let next = AtomicUsize::new(0);
    let read = AtomicUsize::new(0);
    let work = || {
        let mut session = Session::new(&reading);
        let mut failures = Vec::new();
        loop {
            let case = next.fetch_add(1, Ordering::Relaxed);
            if case >= CASES {
                return failures;
            }
            let (name, bytes) = &samples[case % samples.len()];
            let mut random = Random(case as u64 + 1);
            let damaged = damage(bytes, &mut random, &samples);
            match session.parse(name, damaged.clone()) {
                Ok(_) => drop(read.fetch_add(1, Ordering::Relaxed)),
                Err(reason) if is_failure(&reason) => {
                    let kept = keep(case, name, &damaged);
                    failures.push(format!("{}: {reason}", kept.display()));
                }
                Err(_) => {}
            }
        }
    };
    let failures: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    eprintln!("{CASES} cases over {} files, {} read", samples.len(), read.into_inner());
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// Whether a reader crashed or went over a limit, rather than refused.
fn is_failure(reason: &str) -> bool {
    ["please report", "takes more than", "come out of it", "no process"]
        .iter()
        .any(|sign| reason.contains(sign))
}

fn keep(case: usize, name: &str, bytes: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("yuanwen-mutation-{case}-{name}"));
    fs::write(&path, bytes).unwrap();
    path
}

/// The sample files, by name.
fn samples() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let mut paths: Vec<PathBuf> = [root.join("docs"), root.join("formats")]
        .iter()
        .flat_map(|dir| fs::read_dir(dir).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .filter(|path| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            extension.is_some_and(|extension| yuanwen_parse::EXTENSIONS.contains(&extension))
        })
        .collect();
    paths.sort();
    let samples: Vec<_> = paths
        .iter()
        .map(|path| (path.file_name().unwrap().to_str().unwrap(), fs::read(path).unwrap()))
        .filter(|(_, bytes)| bytes.len() <= LARGEST)
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect();
    assert!(samples.len() > 10, "{} samples in {}", samples.len(), root.display());
    samples
}

fn damage(bytes: &[u8], random: &mut Random, samples: &[(String, Vec<u8>)]) -> Vec<u8> {
    if bytes.starts_with(b"PK") && random.below(4) > 0 {
        damage_inside(bytes, random).unwrap_or_default()
    } else {
        let other = &samples[random.below(samples.len())].1;
        damage_bytes(bytes, random, other)
    }
}

/// Changes one part of a package and packs it anew.
fn damage_inside(bytes: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let changed = random.below(package.len());
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for at in 0..package.len() {
        let mut part = package.by_index(at).ok()?;
        let mut content = Vec::new();
        part.read_to_end(&mut content).ok()?;
        let name = part.name().ok()?.into_owned();
        if at == changed {
            let other = content.clone();
            content = damage_bytes(&content, random, &other);
        }
        out.start_file(name, options).ok()?;
        out.write_all(&content).ok()?;
    }
    Some(out.finish().ok()?.into_inner())
}

/// Flips bits, cuts, doubles or moves stretches, puts in parts of another file.
fn damage_bytes(bytes: &[u8], random: &mut Random, other: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=random.below(4) {
        if out.is_empty() {
            return out;
        }
        let from = random.below(out.len());
        let to = (from + random.below(200)).min(out.len());
        match random.below(7) {
            0 => out.truncate(from),
            1 => drop(out.drain(from..to)),
            2 => {
                let again = out[from..to].to_vec();
                let at = random.below(out.len());
                out.splice(at..at, again);
            }
            3 if !other.is_empty() => {
                let start = random.below(other.len());
                let end = (start + random.below(400)).min(other.len());
                out.splice(from..to, other[start..end].iter().copied());
            }
            4 => out[from] = [0, 0xFF, b'<', b'0', b'9', b'-', b'"'][random.below(7)],
            _ => out[from] ^= 1 << random.below(8),
        }
    }
    out
}

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `most`, which is not 0.
    fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }
}
