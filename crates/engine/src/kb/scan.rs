//! Which files a list of paths stands for.
//!
//! Folders are walked in the order of names, links are followed once. A file in a folder is taken
//! by its extension, or else because it begins like a PDF; a file that is named itself is always
//! taken. Nothing is passed over in silence: what is not taken is listed with the reason.

use std::collections::HashSet;
use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::Serialize;

/// A file that was not indexed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The file or folder.
    pub path: PathBuf,
    /// Why.
    #[serde(flatten)]
    pub because: SkippedBecause,
}

/// Why a file was not indexed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "because", content = "reason", rename_all = "snake_case")]
pub enum SkippedBecause {
    /// Its name begins with a dot.
    Hidden,
    /// It is a knowledge base.
    KnowledgeBase,
    /// It is of a format that is not read.
    Unsupported,
    /// It is an office document of a format that is not read, but can be saved as one that is.
    OldOffice,
    /// It could not be read; the sentence says why.
    Failed(String),
}

impl fmt::Display for SkippedBecause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hidden => f.write_str("hidden"),
            Self::KnowledgeBase => f.write_str("a knowledge base, not documents"),
            Self::Unsupported => f.write_str("not a format that is read"),
            Self::OldOffice => f.write_str("save as .docx, .pptx, .xlsx or PDF to have them read"),
            Self::Failed(reason) => f.write_str(reason),
        }
    }
}

/// A file to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// With all links resolved.
    pub(super) path: String,
    pub(super) size: u64,
    /// Nanoseconds since 1970.
    pub(super) modified: i64,
}

/// The files that a list of paths stands for.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Each path once, in order.
    pub(super) found: Vec<Found>,
    pub(super) skipped: Vec<Skipped>,
    /// The paths that were given, with all links resolved.
    pub(super) roots: Vec<PathBuf>,
    seen: HashSet<PathBuf>,
}

/// Finds the files of these paths.
pub(super) fn scan(paths: &[PathBuf]) -> Scan {
    let mut scan = Scan::default();
    for path in paths {
        match fs::canonicalize(path) {
            Ok(root) => {
                scan.roots.push(root.clone());
                scan.visit(root, true);
            }
            Err(error) => scan.failed(path, &error),
        }
    }
    scan.found.sort_by(|a, b| a.path.cmp(&b.path));
    scan.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    scan
}

impl Scan {
    fn visit(&mut self, path: PathBuf, named: bool) {
        if !self.seen.insert(path.clone()) {
            return;
        }
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() && is_knowledge_base(&path) => {
                self.skip(path, SkippedBecause::KnowledgeBase);
            }
            Ok(metadata) if metadata.is_dir() => self.walk(&path),
            Ok(metadata) if metadata.is_file() => {
                if named || is_readable(&path) {
                    self.take(path, &metadata);
                } else {
                    let because = unread(&path);
                    self.skip(path, because);
                }
            }
            Ok(_) => self.skip(path, SkippedBecause::Unsupported),
            Err(error) => self.failed(&path, &error),
        }
    }

    fn walk(&mut self, dir: &Path) {
        let entries = match fs::read_dir(dir).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
            Ok(entries) => entries,
            Err(error) => return self.failed(dir, &error),
        };
        let mut entries: Vec<_> = entries.iter().map(fs::DirEntry::path).collect();
        entries.sort();
        for path in entries {
            if is_hidden(&path) {
                self.skip(path, SkippedBecause::Hidden);
                continue;
            }
            match fs::canonicalize(&path) {
                Ok(path) => self.visit(path, false),
                Err(error) => self.failed(&path, &error),
            }
        }
    }

    fn take(&mut self, path: PathBuf, metadata: &Metadata) {
        let modified = metadata
            .modified()
            .ok()
            .and_then(|time| i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_nanos()).ok());
        let (size, modified) = (metadata.len(), modified.unwrap_or_default());
        match path.into_os_string().into_string() {
            Ok(path) => self.found.push(Found { path, size, modified }),
            Err(path) => {
                let reason = "its name is not UTF-8; rename it".to_owned();
                self.skip(path.into(), SkippedBecause::Failed(reason));
            }
        }
    }

    fn skip(&mut self, path: PathBuf, because: SkippedBecause) {
        self.skipped.push(Skipped { path, because });
    }

    fn failed(&mut self, path: &Path, error: &std::io::Error) {
        self.skip(path.to_owned(), SkippedBecause::Failed(error.to_string()));
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Its originals are copies of documents: to index them would find everything twice.
fn is_knowledge_base(dir: &Path) -> bool {
    dir.join("catalogue.db").is_file() && dir.join("lock").is_file()
}

fn extension(path: &Path) -> String {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.unwrap_or_default().to_ascii_lowercase()
}

/// Why a file is not taken.
fn unread(path: &Path) -> SkippedBecause {
    match extension(path).as_str() {
        "doc" | "dot" | "ppt" | "pps" | "rtf" | "odt" | "odp" | "dps" => SkippedBecause::OldOffice,
        _ => SkippedBecause::Unsupported,
    }
}

fn is_readable(path: &Path) -> bool {
    let extension = extension(path);
    yuanwen_parse::EXTENSIONS.contains(&extension.as_str()) || begins_like_a_pdf(path)
}

fn begins_like_a_pdf(path: &Path) -> bool {
    let mut head = Vec::with_capacity(1024);
    let read = File::open(path).and_then(|file| file.take(1024).read_to_end(&mut head));
    read.is_ok() && yuanwen_parse::is_pdf(&head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_walked_in_order_and_each_file_taken_once() {
        let dir = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(dir.path()).unwrap();
        for (name, content) in [
            ("b/二.md", "x"),
            ("a.TXT", "x"),
            ("c.bin", "%PDF-1.4"),
            ("d.exe", "x"),
            ("e.DOC", "x"),
            ("kb/catalogue.db", "x"),
            ("kb/lock", ""),
            ("kb/x.txt", "x"),
            (".hidden.txt", "x"),
        ] {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), content).unwrap();
        }
        let found = scan(&[root.clone(), root.join("a.TXT"), root.join("none")]);
        let name = |path: &str| path[root.to_str().unwrap().len() + 1..].to_owned();
        let names: Vec<_> = found.found.iter().map(|file| name(&file.path)).collect();
        assert_eq!(names, ["a.TXT", "b/二.md", "c.bin"]);
        let skipped: Vec<_> = found.skipped.iter().map(|skipped| &skipped.because).collect();
        use SkippedBecause::{Failed, Hidden, KnowledgeBase, OldOffice, Unsupported};
        assert_eq!(skipped[..4], [&Hidden, &Unsupported, &OldOffice, &KnowledgeBase]);
        assert!(matches!(skipped[4], Failed(_)));
    }
}
