//! Adding files: find them, leave out what is known, read the rest, write in small transactions.
//!
//! A file of the same size and time as before is not opened; one of the same content is not read
//! again. A file that has changed replaces its old version in one transaction. Where the new
//! content cannot be read the old one goes as well: its sentences are no longer in the file.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;
use yuanwen_parse::Warning;

use super::KnowledgeBase;
use super::follow::follow;
use super::read::{Job, Outcome, Read, With, default_threads, read_all, revision};
use super::scan::{Scan, Skipped, SkippedBecause, scan};
use crate::error::Result;
use crate::sandbox::Reading;
use crate::store::{ContentHash, Entry, NewDocument, WriteLock};

/// A transaction takes at most this many documents, or this many bytes of them.
const MOST_DOCUMENTS: usize = 16;
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// How files are added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddOptions {
    /// How many threads read; `None` for as many as there are processors.
    pub threads: Option<usize>,
    /// Remove documents whose files are no longer below the paths that are given.
    pub prune: bool,
    /// Read files again that have not changed.
    pub again: bool,
    /// In which process files are read, and what that may cost.
    pub reading: Reading,
}

/// What a run has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// So many files will be opened.
    Begin(usize),
    /// A file is done.
    Done(&'a str),
    /// All files are done; the index is being written.
    Commit,
}

/// What a run did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// How many documents are new.
    pub added: usize,
    /// How many replace what was read at their paths before.
    pub updated: usize,
    /// How many are the same as before.
    pub unchanged: usize,
    /// The paths of documents that were removed.
    pub removed: Vec<String>,
    /// What was not indexed, and why.
    pub skipped: Vec<Skipped>,
    /// What to know about the documents that were read.
    pub warnings: Vec<FileWarning>,
    /// Pages of the documents that were read.
    pub pages: usize,
    /// Passages of the documents that were read.
    pub passages: usize,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// A warning about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileWarning {
    /// The file.
    pub path: String,
    /// What to know.
    #[serde(flatten)]
    pub warning: Warning,
}

impl KnowledgeBase {
    /// Adds files and folders, or updates what was added before.
    ///
    /// # Errors
    /// If the knowledge base cannot be written, or somebody else is changing it. A file that
    /// cannot be read is no error: the report lists it.
    pub fn add(
        &self,
        paths: &[PathBuf],
        options: &AddOptions,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Report> {
        let begin = Instant::now();
        let _lock = WriteLock::take(&self.dir)?;
        let Scan { found, skipped, roots, .. } = scan(paths);
        let known = self.catalogue.entries()?;
        let mut run = Run::new(self, &known);
        run.report.skipped = skipped;
        if options.prune {
            let here: Vec<&str> = found.iter().map(|file| file.path.as_str()).collect();
            run.prune(&known, &roots, &here)?;
        }
        let mut jobs = Vec::new();
        for file in found {
            match run.known.get(file.path.as_str()).filter(|entry| entry.is_current(options)) {
                Some(entry) if (entry.size, entry.modified) == (file.size, file.modified) => {
                    run.report.unchanged += 1;
                }
                entry => jobs.push(Job { known: entry.map(|entry| entry.hash), file }),
            }
        }
        progress(Progress::Begin(jobs.len()));
        let threads = options.threads.unwrap_or_else(default_threads);
        let with = With { originals: &self.originals, reading: &options.reading };
        read_all(&jobs, threads, &with, |job, outcome| {
            run.take(job, outcome)?;
            progress(Progress::Done(&job.file.path));
            Ok(())
        })?;
        progress(Progress::Commit);
        let mut report = run.finish()?;
        report.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        report.seconds = begin.elapsed().as_secs_f64();
        Ok(report)
    }

    /// Deletes originals that no document has any more. Needs the lock.
    pub(super) fn forget_originals(&self, hashes: &[ContentHash]) -> Result<()> {
        let entries = self.catalogue.entries()?;
        let held: HashSet<ContentHash> = entries.iter().map(|entry| entry.hash).collect();
        let unheld = hashes.iter().filter(|hash| !held.contains(*hash));
        unheld.into_iter().try_for_each(|hash| self.originals.forget(hash))
    }
}

impl Entry {
    /// Whether what was read is what would be read today.
    fn is_current(&self, options: &AddOptions) -> bool {
        self.revision == revision() && !options.again
    }
}

/// Whether a file, or the archive that it is in, was found. `here` is sorted.
fn is_here(path: &Path, here: &[&str]) -> bool {
    let found = |path: &Path| path.to_str().is_some_and(|path| here.binary_search(&path).is_ok());
    path.ancestors().any(found)
}

/// A run of adding.
struct Run<'a> {
    kb: &'a KnowledgeBase,
    /// What is in the catalogue, by path.
    known: BTreeMap<&'a str, &'a Entry>,
    report: Report,
    /// Documents that wait for the next transaction.
    batch: Vec<NewDocument>,
    /// Contents that documents no longer have.
    left: Vec<ContentHash>,
    /// The generation that the index has reached, without a commit.
    reached: Option<u64>,
}

impl<'a> Run<'a> {
    fn new(kb: &'a KnowledgeBase, known: &'a [Entry]) -> Self {
        let known = known.iter().map(|entry| (entry.path.as_str(), entry)).collect();
        let reached = kb.index.generation().ok();
        let (report, batch, left) = (Report::default(), Vec::new(), Vec::new());
        Self { kb, known, report, batch, left, reached }
    }

    /// Removes the documents below the given paths whose files are no longer there.
    fn prune(&mut self, known: &[Entry], roots: &[PathBuf], here: &[&str]) -> Result<()> {
        // What could not be looked at may still be there.
        let skipped: Vec<&Path> =
            self.report.skipped.iter().map(|skipped| skipped.path.as_path()).collect();
        let gone: Vec<&Entry> = known
            .iter()
            .filter(|entry| {
                let path = Path::new(&entry.path);
                !is_here(path, here)
                    && roots.iter().any(|root| path.starts_with(root))
                    && !skipped.iter().any(|skipped| path.starts_with(skipped))
            })
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        let versions: Vec<u64> = gone.iter().map(|entry| entry.version).collect();
        self.kb.catalogue.remove(&versions)?;
        self.left.extend(gone.iter().map(|entry| entry.hash));
        self.report.removed.extend(gone.iter().map(|entry| entry.path.clone()));
        Ok(())
    }

    fn take(&mut self, job: &Job, outcome: Outcome) -> Result<()> {
        let path = job.file.path.as_str();
        let before = self.known.get(path).copied();
        match outcome {
            Outcome::Same => {
                self.report.unchanged += 1;
                if let Some(entry) = before {
                    self.kb.catalogue.touch(entry.version, job.file.modified)?;
                }
            }
            Outcome::Read(files) => {
                self.forget_members(path, &files)?;
                files.into_iter().try_for_each(|file| self.put(file))?;
            }
            Outcome::Failed(reason, copy) => {
                self.skip(path, reason, copy);
                self.forget_members(path, &[])?;
                if let Some(entry) = before {
                    self.drop_entry(entry)?;
                }
            }
        }
        Ok(())
    }

    fn put(&mut self, file: Read) -> Result<()> {
        match file {
            Read::Failed(path, reason, copy) => self.skip(&path, reason, copy),
            Read::Document(document, warnings) => {
                let before = self.known.get(document.path.as_str()).copied();
                self.count(before, &document, warnings);
                self.batch.push(*document);
                let bytes: usize = self.batch.iter().map(NewDocument::bytes).sum();
                if self.batch.len() >= MOST_DOCUMENTS || bytes >= MOST_BYTES {
                    self.write()?;
                }
            }
        }
        Ok(())
    }

    fn skip(&mut self, path: &str, reason: String, copy: Option<ContentHash>) {
        self.left.extend(copy);
        let (path, because) = (path.into(), SkippedBecause::Failed(reason));
        self.report.skipped.push(Skipped { path, because });
    }

    fn drop_entry(&mut self, entry: &Entry) -> Result<()> {
        self.kb.catalogue.remove(&[entry.version])?;
        self.left.push(entry.hash);
        self.report.removed.push(entry.path.clone());
        Ok(())
    }

    /// Removes the documents that were read of files inside this one and are there no more.
    fn forget_members(&mut self, path: &str, files: &[Read]) -> Result<()> {
        let here: HashSet<&str> = files
            .iter()
            .filter_map(|file| match file {
                Read::Document(document, _) => Some(document.path.as_str()),
                Read::Failed(..) => None,
            })
            .collect();
        let inside = format!("{path}/");
        let members = self.known.range(inside.as_str()..);
        let members = members.take_while(|(path, _)| path.starts_with(&inside));
        let gone: Vec<&Entry> =
            members.filter(|(path, _)| !here.contains(**path)).map(|(_, entry)| *entry).collect();
        gone.into_iter().try_for_each(|entry| self.drop_entry(entry))
    }

    fn count(&mut self, before: Option<&Entry>, new: &NewDocument, warnings: Vec<Warning>) {
        match before {
            Some(entry) => {
                self.report.updated += 1;
                self.left.push(entry.hash);
            }
            None => self.report.added += 1,
        }
        self.report.pages += new.frame.pages.len();
        self.report.passages += new.passages.len();
        let about = |warning| FileWarning { path: new.path.clone(), warning };
        self.report.warnings.extend(warnings.into_iter().map(about));
    }

    /// Writes the batch to the catalogue, and lets the index follow without a commit.
    fn write(&mut self) -> Result<()> {
        if !self.batch.is_empty() {
            self.kb.catalogue.put(&self.batch)?;
            self.batch.clear();
        }
        if let Some(reached) = self.reached
            && reached != self.kb.catalogue.generation()?
        {
            self.reached = follow(&self.kb.index, &self.kb.catalogue, reached)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Report> {
        self.write()?;
        if let Some(reached) = self.reached
            && reached != self.kb.index.generation()?
        {
            self.kb.index.commit(reached)?;
            self.kb.catalogue.forget_changes(reached)?;
        }
        self.kb.forget_originals(&self.left)?;
        Ok(self.report)
    }
}
