//! Adding files: find them, leave out what is known, read the rest, write in small transactions.
//!
//! A file of the same size and time as before is not opened; one of the same content is not read
//! again. A file that has changed replaces its old version in one transaction. Where the new
//! content cannot be read the old one goes as well: its sentences are no longer in the file.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;
use yuanwen_parse::Warning;

use super::KnowledgeBase;
use super::read::{Job, Outcome, Read, With, default_threads, read_all, revision};
use super::scan::{Found, Scan, Skipped, SkippedBecause, scan};
use super::writing::Writing;
use crate::error::Result;
use crate::sandbox::Reading;
use crate::store::{ContentHash, Entry, Keep, NewDocument};

/// How files are added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddOptions {
    /// How many threads read; `None` for as many as there are processors.
    pub threads: Option<usize>,
    /// Remove documents whose files are no longer below the paths that are given; those that were
    /// renamed or moved there stay what they are. What is removed can be restored for a time: a
    /// share that is not mounted looks like an empty folder.
    pub prune: bool,
    /// Read files again that have not changed.
    pub again: bool,
    /// Files that were changed more lately than this may still be being written, and are left for
    /// the next time.
    pub settled: Duration,
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
    /// Documents whose files were renamed or moved: the old path and the new one.
    pub moved: Vec<(String, String)>,
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
        let writing = self.writing()?;
        let Scan { found, skipped, roots, .. } = scan(paths);
        let mut known = self.catalogue.entries()?;
        let mut report = Report { skipped, ..Report::default() };
        if options.prune {
            let here: Vec<&str> = found.iter().map(|file| file.path.as_str()).collect();
            let mut gone = gone(&known, &roots, &here, &report.skipped);
            let moved = moved(&found, &known, &mut gone);
            let renamed: Vec<(u64, &str, &str)> =
                moved.iter().map(|(entry, to)| (entry.document, &*entry.path, &**to)).collect();
            let inside = match renamed.as_slice() {
                [] => Vec::new(),
                renamed => self.writing()?.rename(renamed)?,
            };
            report.moved = moved.into_iter().map(|(entry, to)| (entry.path.clone(), to)).collect();
            let gone: Vec<&Entry> =
                gone.into_iter().filter(|entry| !inside.contains(&entry.document)).collect();
            report.removed.extend(gone.iter().map(|entry| entry.path.clone()));
            let gone: Vec<u64> = gone.iter().map(|entry| entry.document).collect();
            if !gone.is_empty() {
                self.writing()?.remove_all(&gone, Keep::Versions)?;
            }
            known = self.catalogue.entries()?;
        }
        let mut run = Run::new(writing, &known, report);
        let mut jobs = Vec::new();
        for file in found {
            match run.known.get(file.path.as_str()).filter(|entry| entry.is_current(options)) {
                Some(entry) if (entry.size, entry.modified) == (file.size, file.modified) => {
                    run.report.unchanged += 1;
                }
                _ if !is_settled(&file, options.settled) => {}
                entry => {
                    let known = entry.map(|entry| entry.hash);
                    jobs.push(Job { known, file, queued: None });
                }
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
        let Run { writing, mut report, .. } = run;
        writing.finish()?;
        self.purge_expired()?;
        report.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        report.seconds = begin.elapsed().as_secs_f64();
        Ok(report)
    }
}

/// Whether a file has not changed for some time.
fn is_settled(file: &Found, settled: Duration) -> bool {
    let age = crate::store::now().saturating_sub(file.modified / 1_000_000);
    // A time in the future tells nothing.
    age < 0 || settled.is_zero() || age as u128 >= settled.as_millis()
}

/// The documents below the given paths whose files are no longer there. `here` is sorted.
fn gone<'a>(
    known: &'a [Entry],
    roots: &[PathBuf],
    here: &[&str],
    skipped: &[Skipped],
) -> Vec<&'a Entry> {
    let is_gone = |entry: &&Entry| {
        let path = Path::new(&entry.path);
        !is_here(path, here)
            && roots.iter().any(|root| path.starts_with(root))
            // What could not be looked at may still be there.
            && !skipped.iter().any(|skipped| path.starts_with(&skipped.path))
    };
    known.iter().filter(is_gone).collect()
}

/// Which files that are new have the content of one that is gone: with the path that each has now.
/// They are taken out of `gone`.
fn moved<'a>(
    found: &[Found],
    known: &[Entry],
    gone: &mut Vec<&'a Entry>,
) -> Vec<(&'a Entry, String)> {
    let known: HashSet<&str> = known.iter().map(|entry| entry.path.as_str()).collect();
    let mut moved = Vec::new();
    for file in found.iter().filter(|file| !known.contains(file.path.as_str())) {
        if !gone.iter().any(|entry| entry.size == file.size) {
            continue;
        }
        let Ok(bytes) = fs::read(&file.path) else { continue };
        let hash = *blake3::hash(&bytes).as_bytes();
        if let Some(at) = gone.iter().position(|entry| entry.hash == hash) {
            moved.push((gone.remove(at), file.path.clone()));
        }
    }
    moved
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
    writing: Writing<'a>,
    /// What is in the catalogue, by path.
    known: BTreeMap<&'a str, &'a Entry>,
    report: Report,
}

impl<'a> Run<'a> {
    fn new(writing: Writing<'a>, known: &'a [Entry], report: Report) -> Self {
        let known = known.iter().map(|entry| (entry.path.as_str(), entry)).collect();
        Self { writing, known, report }
    }

    fn take(&mut self, job: &Job, outcome: Outcome) -> Result<()> {
        let path = job.file.path.as_str();
        let before = self.known.get(path).copied();
        match outcome {
            Outcome::Same => {
                self.report.unchanged += 1;
                if let Some(entry) = before {
                    self.writing.kb.catalogue.touch(entry.document, job.file.modified)?;
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
                self.writing.put(*document)?;
            }
        }
        Ok(())
    }

    fn skip(&mut self, path: &str, reason: String, copy: Option<ContentHash>) {
        self.writing.left.extend(copy);
        let (path, because) = (path.into(), SkippedBecause::Failed(reason));
        self.report.skipped.push(Skipped { path, because });
    }

    /// It keeps its id and its past, for the time when the file can be read again.
    fn drop_entry(&mut self, entry: &Entry) -> Result<()> {
        let kb = self.writing.kb;
        kb.in_a_step(|| kb.catalogue.remove(&[entry.document], Keep::Versions))?;
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
                self.writing.left.push(entry.hash);
            }
            None => self.report.added += 1,
        }
        self.report.pages += new.frame.pages.len();
        self.report.passages += new.passages.len();
        let about = |warning| FileWarning { path: new.path.clone(), warning };
        self.report.warnings.extend(warnings.into_iter().map(about));
    }
}
