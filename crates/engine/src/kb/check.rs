//! Verifying a knowledge base, and repairing what can be repaired.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use serde::Serialize;

use super::{KnowledgeBase, follow};
use crate::error::{Result, with_reasons};
use crate::store::{Entry, WriteLock};

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
    /// Compares the catalogue with the originals and the index. The index is made anew where it
    /// differs; a lost original is copied again from its source if that still has the content.
    pub fn check(self) -> Result<(Self, CheckReport)> {
        let _lock = WriteLock::take(&self.dir)?;
        let entries = self.catalogue.entries()?;
        let mut report = CheckReport {
            documents: entries.len(),
            passages: entries.iter().map(|entry| u64::from(entry.passages)).sum(),
            indexed: self.index.len(),
            ..CheckReport::default()
        };
        report.problems.extend(self.catalogue.integrity()?);
        self.check_stored(&entries, &mut report);
        self.check_originals(&entries, &mut report)?;
        let kb = self.check_index(&mut report)?;
        Ok((kb, report))
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
        let mut expected: HashSet<PathBuf> = HashSet::new();
        for entry in entries {
            let new = expected.insert(self.originals.path(&entry.hash));
            if !new || self.originals.is_whole(&entry.hash) {
                continue;
            }
            let source = fs::read(&entry.path).ok();
            match source.filter(|bytes| *blake3::hash(bytes).as_bytes() == entry.hash) {
                Some(bytes) => {
                    self.originals.forget(&entry.hash)?;
                    self.originals.keep(&entry.hash, &bytes)?;
                    report.repaired.push(format!("{}: its copy was made again", entry.path));
                }
                None => report.problems.push(format!(
                    "{}: its copy is lost or damaged and the file has changed; index it again",
                    entry.path
                )),
            }
        }
        let left: Vec<_> =
            self.originals.files().into_iter().filter(|file| !expected.contains(file)).collect();
        for file in &left {
            let _ = fs::remove_file(file);
        }
        if !left.is_empty() {
            report
                .repaired
                .push(format!("{} copies that no document has were deleted", left.len()));
        }
        Ok(())
    }

    fn check_index(self, report: &mut CheckReport) -> Result<Self> {
        let generation = self.catalogue.generation()?;
        let vectors = &self.index.vectors;
        let whole = report.indexed == report.passages && vectors.len() as u64 == report.passages;
        let current = self.index.generation()? == generation && vectors.generation() == generation;
        if whole && current {
            return Ok(self);
        }
        let Self { dir, catalogue, originals, index, seen, words } = self;
        let index = follow::rebuild(&dir, index, &catalogue)?;
        let (had, has) = (report.indexed, index.len());
        report.repaired.push(format!("the index was made anew: it had {had} passages, now {has}"));
        Ok(Self { dir, catalogue, originals, index, seen, words })
    }
}
