//! Verifying a knowledge base, and repairing what can be repaired.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::PathBuf;

use serde::Serialize;

use super::KnowledgeBase;
use super::follow::rebuild;
use crate::error::{Result, with_reasons};
use crate::store::{ContentHash, Entry, hex};

/// What a check found and did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CheckReport {
    /// Documents in the catalogue.
    pub documents: usize,
    /// Passages in the catalogue.
    pub passages: u64,
    /// Passages in the index, before any repair.
    pub indexed: u64,
    /// What was wrong and has been put right.
    pub repaired: Vec<String>,
    /// What is wrong still.
    pub problems: Vec<String>,
}

impl KnowledgeBase {
    /// Compares the catalogue with the originals, the index and the vectors. Both are made anew
    /// where they differ; a lost original is copied again from its source if that still has the
    /// content.
    pub fn check(&self) -> Result<CheckReport> {
        let writing = self.writing()?;
        let entries = self.catalogue.live()?;
        let mut report = CheckReport {
            documents: self.catalogue.entries()?.len(),
            passages: entries.iter().map(|entry| u64::from(entry.passages)).sum(),
            indexed: self.index.len(),
            ..CheckReport::default()
        };
        report.problems.extend(self.catalogue.integrity()?);
        self.check_stored(&entries, &mut report);
        self.in_a_step(|| self.check_originals(&entries, &mut report))?;
        // What is under way comes first, else it would be taken for a difference.
        writing.finish()?;
        self.in_a_step(|| self.check_index(&mut report))?;
        Ok(report)
    }

    fn check_stored(&self, entries: &[Entry], report: &mut CheckReport) {
        for entry in entries {
            let about = |what: String| format!("{}: {what}", entry.path);
            let fault = match (
                self.catalogue.document(entry.version),
                self.catalogue.passages(entry.version),
            ) {
                (Err(error), _) | (_, Err(error)) => Some(with_reasons(&error)),
                (Ok(None), _) => Some("what was read is lost; index the file again".to_owned()),
                (Ok(Some(document)), Ok(passages)) => (document.blocks.len()
                    != entry.blocks as usize
                    || passages.len() != entry.passages as usize)
                    .then(|| "some of what was read is lost; index the file again".to_owned()),
            };
            report.problems.extend(fault.map(about));
        }
    }

    fn check_originals(&self, entries: &[Entry], report: &mut CheckReport) -> Result<()> {
        let sources: HashMap<ContentHash, &Entry> =
            entries.iter().map(|entry| (entry.hash, entry)).collect();
        let mut expected = HashSet::new();
        for hash in self.catalogue.hashes()? {
            expected.insert(self.originals.path(&hash));
            if self.originals.is_whole(&hash) {
                continue;
            }
            let named = sources.get(&hash).map(|entry| entry.path.clone());
            let named = named.unwrap_or_else(|| format!("a past version ({})", &hex(&hash)[..12]));
            let source = sources.get(&hash).and_then(|entry| fs::read(&entry.path).ok());
            match source.filter(|bytes| *blake3::hash(bytes).as_bytes() == hash) {
                Some(bytes) => {
                    self.originals.forget(&hash)?;
                    self.originals.keep(&hash, &bytes)?;
                    report.repaired.push(format!("{named}: its copy was made again"));
                }
                None => report.problems.push(format!(
                    "{named}: its copy is lost or damaged, and its source is gone or has changed; \
                     index or upload it again"
                )),
            }
        }
        let left: Vec<PathBuf> = self.originals.files();
        let left: Vec<_> = left.iter().filter(|file| !expected.contains(*file)).collect();
        for file in &left {
            let _ = fs::remove_file(file);
        }
        if !left.is_empty() {
            let count = left.len();
            report.repaired.push(format!("{count} copies that no document has were deleted"));
        }
        Ok(())
    }

    fn check_index(&self, report: &mut CheckReport) -> Result<()> {
        let generation = self.catalogue.generation()?;
        let expected: BTreeMap<u64, usize> = self
            .catalogue
            .live()?
            .iter()
            .filter(|entry| entry.passages > 0)
            .map(|entry| (entry.version, entry.passages as usize))
            .collect();
        let lexical = &self.index.lexical;
        let damaged = lexical.damaged_files()?;
        let current =
            self.index.generation()? == generation && self.index.vectors.generation() == generation;
        let same = lexical.versions().is_ok_and(|held| held == expected)
            && self.index.vectors.versions() == expected;
        if damaged.is_empty() && current && same {
            return Ok(());
        }
        let reached = rebuild(&self.index, &self.catalogue)?;
        self.index.commit(reached)?;
        self.catalogue.forget_changes(reached)?;
        let (had, has) = (report.indexed, self.index.len());
        report.repaired.push(match damaged.as_slice() {
            [] => format!("the index was made anew: it had {had} passages, now {has}"),
            [first, ..] => format!("the index was made anew: its file {first} was damaged"),
        });
        Ok(())
    }
}
