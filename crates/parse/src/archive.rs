//! Reads a ZIP archive of documents: what it holds become the document's members.
//!
//! Only files that may be documents are unpacked; folders, hidden files and what systems add are
//! passed over, and a warning names the others that were. A member that is damaged, protected or too
//! large costs that member. An archive inside is a member like others: the caller decides how deep
//! it goes.

use std::collections::BTreeMap;

use crate::builder::{Builder, Given};
use crate::detect::{Detected, EXTENSIONS, detect};
use crate::document::{Document, Format, Member};
use crate::error::ParseError;
use crate::package::Package;

/// At most this many names stand in a warning.
const MOST_NAMED: usize = 20;
/// After so many members that are too large, no further ones are unpacked.
const MOST_TOO_LARGE: usize = 3;
/// A name is cut off at this many characters.
const LONGEST_NAME: usize = 400;

/// Reads an archive.
///
/// # Errors
/// If it is damaged, or nothing in it can be read.
pub(crate) fn parse(_name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let mut package = Package::open("ZIP archive", bytes)?;
    let names = package.names().to_vec();
    let mut builder = Builder::default();
    let mut taken = BTreeMap::new();
    let (mut skipped, mut failed, mut too_large) = (Vec::new(), Failed::default(), 0);
    for (at, raw) in names.iter().enumerate() {
        if raw.ends_with('/') || is_hidden(raw) {
            continue;
        }
        let name = clean(raw);
        let extension = extension(&name);
        if extension.as_deref().is_some_and(|ext| !EXTENSIONS.contains(&ext)) {
            skipped.push(name);
            continue;
        }
        if too_large >= MOST_TOO_LARGE {
            failed.large.push(name);
            continue;
        }
        match package.read_at(at) {
            Ok(bytes) if bytes.is_empty() => failed.empty.push(name),
            Ok(bytes) if extension.is_none() && !is_document(&name, &bytes) => skipped.push(name),
            Ok(bytes) => builder.members.push(Member { name: distinct(name, &mut taken), bytes }),
            Err(ParseError::Limit(_)) => {
                too_large += 1;
                failed.large.push(name);
            }
            Err(ParseError::Protected(_)) => failed.protected.push(name),
            Err(_) => failed.damaged.push(name),
        }
    }
    if builder.members.is_empty() {
        return Err(failed.error(&skipped));
    }
    failed.warn(&mut builder);
    warn(&mut builder, "left out, as they are of no kind that is read", &skipped);
    builder.finish(Format::Archive, Given::default())
}

/// Members that were not unpacked, by the reason.
#[derive(Default)]
struct Failed {
    damaged: Vec<String>,
    protected: Vec<String>,
    large: Vec<String>,
    empty: Vec<String>,
}

impl Failed {
    fn warn(&self, builder: &mut Builder) {
        warn(builder, "not read, as they are damaged or packed in an unknown way", &self.damaged);
        warn(builder, "not read, as they are protected by a password", &self.protected);
        warn(builder, "not read, as the archive unpacks to too much; unpack it", &self.large);
        warn(builder, "left out, as they are empty", &self.empty);
    }

    /// Why nothing in the archive could be read.
    fn error(self, skipped: &[String]) -> ParseError {
        if !self.protected.is_empty() {
            return ParseError::Protected("ZIP archive");
        }
        if !self.large.is_empty() {
            return ParseError::Limit(
                "the files in the ZIP archive are too large; unpack it and split them".to_owned(),
            );
        }
        if let Some(names) = listed(&self.damaged) {
            let reason = format!("no file in it can be unpacked: {names}");
            return ParseError::Damaged { format: "ZIP archive", reason };
        }
        match listed(skipped) {
            Some(names) => ParseError::UnknownFormat(format!(
                "it is a ZIP archive without a file that is read: {names}"
            )),
            None => ParseError::NoText,
        }
    }
}

fn warn(builder: &mut Builder, what: &str, names: &[String]) {
    if let Some(list) = listed(names) {
        builder.warn(format!("{} files in the archive were {what}: {list}", names.len()));
    }
}

/// The first names, and how many more there are.
fn listed(names: &[String]) -> Option<String> {
    let shown = names.iter().take(MOST_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(MOST_NAMED);
    (!names.is_empty()).then(|| if more > 0 { format!("{shown} and {more} more") } else { shown })
}

/// Whether a file is hidden, or one that a system or a program put there for itself.
fn is_hidden(name: &str) -> bool {
    name.split('/').filter(|part| !matches!(*part, "." | "..")).any(|part| {
        part.starts_with('.')
            || part.starts_with("~$")
            || ["__MACOSX", "Thumbs.db", "desktop.ini"]
                .iter()
                .any(|own| part.eq_ignore_ascii_case(own))
    })
}

/// A name that stays inside the folder it is put in: without drives, `..` and control characters.
fn clean(name: &str) -> String {
    let drive = |part: &str| part.len() == 2 && part.ends_with(':');
    let parts: Vec<String> = name
        .split('/')
        .map(|part| part.chars().filter(|ch| !ch.is_control()).collect::<String>())
        .map(|part| part.trim().to_owned())
        .filter(|part| !matches!(part.as_str(), "" | "." | "..") && !drive(part))
        .collect();
    let joined = parts.join("/");
    if joined.is_empty() {
        return "unnamed".to_owned();
    }
    let length = joined.chars().count();
    joined.chars().skip(length.saturating_sub(LONGEST_NAME)).collect()
}

/// The extension of a file's name, in lower case.
fn extension(name: &str) -> Option<String> {
    let file = name.rsplit('/').next().unwrap_or(name);
    let (stem, extension) = file.rsplit_once('.')?;
    let plain = (1..=8).contains(&extension.len())
        && extension.chars().all(|ch| ch.is_ascii_alphanumeric());
    (plain && !stem.is_empty()).then(|| extension.to_ascii_lowercase())
}

/// Whether a file without an extension is a document by its content.
fn is_document(name: &str, bytes: &[u8]) -> bool {
    !matches!(detect(name, bytes), Detected::Foreign(_))
}

/// The name, with a number if there is one like it already. `taken` has each name with the next
/// number to try.
fn distinct(name: String, taken: &mut BTreeMap<String, usize>) -> String {
    let Some(mut number) = taken.get(&name).copied() else {
        taken.insert(name.clone(), 2);
        return name;
    };
    let at = name.rfind('/').map_or(0, |at| at + 1);
    let dot = name[at..].rfind('.').map_or(name.len(), |dot| at + dot);
    let numbered = loop {
        let numbered = format!("{} ({number}){}", &name[..dot], &name[dot..]);
        number += 1;
        if !taken.contains_key(&numbered) {
            break numbered;
        }
    };
    taken.insert(name, number);
    taken.insert(numbered.clone(), 2);
    numbered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_and_distinct() {
        let cases = [
            ("报告/一.txt", "报告/一.txt"),
            ("../../etc/a.txt", "etc/a.txt"),
            ("/a.txt", "a.txt"),
            ("C:/x/./a.txt", "x/a.txt"),
            ("a\u{0}\n.txt", "a.txt"),
            ("..", "unnamed"),
        ];
        for (name, expected) in cases {
            assert_eq!(clean(name), expected);
        }
        let mut taken = BTreeMap::new();
        let names = ["甲/a.txt", "甲/a.txt", "甲/a.txt", "a", "a"];
        let names = names.map(|name| distinct(name.to_owned(), &mut taken));
        assert_eq!(names, ["甲/a.txt", "甲/a (2).txt", "甲/a (3).txt", "a", "a (2)"]);
    }

    #[test]
    fn hidden_files_and_extensions() {
        for name in [".git/config", "__MACOSX/a.txt", "a/.DS_Store", "Thumbs.db", "甲/~$a.docx"] {
            assert!(is_hidden(name), "{name}");
        }
        assert!(!is_hidden("../a.txt") && !is_hidden("甲.乙/a.txt"));
        let cases = [("a.PDF", Some("pdf")), ("a", None), ("2023.12 报告", None), (".x", None)];
        for (name, expected) in cases {
            assert_eq!(extension(name).as_deref(), expected, "{name}");
        }
    }
}
