//! Taking documents in through the queue: what is accepted is durable, and is read afterwards.
//!
//! ```text
//! accept:  original forced to the disk → job committed → acknowledged
//! ingest:  job → read in the box → document and job's end in one transaction → indexes → searchable
//! ```
//!
//! A process may end at any of these points; whoever opens the knowledge base next goes on there.

use std::collections::HashSet;
use std::io;

use serde::Serialize;

use super::KnowledgeBase;
use super::read::{
    Job as Reading, Outcome, Queued, Read, With, default_threads, read_all, revision,
};
use super::scan::Found;
use super::writing::Writing;
use crate::error::Result;
use crate::sandbox;
use crate::store::{Job, JobState, Keep, Offered, StoreError, now};

/// Longer paths are not taken, in characters.
const LONGEST: usize = 1024;

/// What came of a turn at the queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Ingested {
    /// How many contents were read.
    pub read: usize,
    /// How many could not be read.
    pub failed: usize,
}

/// How the queue is worked on.
#[derive(Debug, Clone, Default)]
pub struct IngestOptions {
    /// How many threads read; `None` for as many as there are processors.
    pub threads: Option<usize>,
    /// In which process files are read, and what that may cost.
    pub reading: sandbox::Reading,
    /// At most so many contents are taken at once; 0 for a usual number.
    pub most: usize,
}

/// Taken at once where nobody said.
const USUAL: usize = 16;

impl KnowledgeBase {
    /// Accepts a content as the next version of the document of a path, or a new document's first.
    /// Once this returns neither a crash nor a loss of power loses it. At most `most` bytes.
    ///
    /// # Errors
    /// If the path cannot be a document's, the content is too large or cannot be written, or
    /// another process is changing the knowledge base.
    pub fn accept(&self, path: &str, content: &mut dyn io::Read, most: u64) -> Result<Job> {
        let path = document_path(path)?;
        let incoming = self.originals.take_in(content, most)?;
        let _writing = self.writing()?;
        let modified = now().saturating_mul(1_000_000);
        let number = self.in_a_step(|| {
            self.originals.settle(&incoming)?;
            let (hash, size) = (&incoming.hash, incoming.size);
            self.catalogue.enqueue(&Offered { path: &path, hash, size, modified })
        })?;
        self.job(number)
    }

    /// Puts a document's content into the queue once more.
    ///
    /// # Errors
    /// If there is no such document, or its content is not kept.
    pub fn read_again(&self, document: u64) -> Result<Job> {
        let _writing = self.writing()?;
        let unknown = || StoreError::Unknown { what: "document", number: document };
        let known = self.catalogue.known_as(document)?.ok_or_else(unknown)?;
        let last = self.catalogue.job_of(document)?.filter(|job| job.state == JobState::Failed);
        let now = self.catalogue.history(document)?.into_iter().next();
        let content = last.map(|job| (job.hash, job.size));
        let content = content.or(now.map(|version| (version.hash, version.size)));
        let (hash, size) = content.ok_or_else(unknown)?;
        let modified = crate::store::now().saturating_mul(1_000_000);
        let offered = Offered { path: &known.path, hash: &hash, size, modified };
        let number = self.in_a_step(|| self.catalogue.enqueue(&offered))?;
        self.job(number)
    }

    /// The uploaded documents that an earlier reader read, by id: to be read again.
    pub fn outdated(&self) -> Result<Vec<u64>> {
        let entries = self.catalogue.entries()?;
        let paths: HashSet<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
        let inside =
            |path: &str| path.match_indices('/').any(|(at, _)| paths.contains(&path[..at]));
        let old = entries.iter().filter(|entry| {
            entry.revision != revision() && !entry.path.starts_with('/') && !inside(&entry.path)
        });
        Ok(old.map(|entry| entry.document).collect())
    }

    /// A job of the queue.
    pub fn job(&self, number: u64) -> Result<Job> {
        let unknown = || StoreError::Unknown { what: "job", number };
        let mut job = self.catalogue.job(number)?.ok_or_else(unknown)?;
        self.settle_states(std::slice::from_mut(&mut job))?;
        Ok(job)
    }

    /// The jobs of the queue, the latest first; those that are done are listed for a week.
    pub fn jobs(&self, limit: usize) -> Result<Vec<Job>> {
        let mut jobs = self.catalogue.jobs(limit)?;
        self.settle_states(&mut jobs)?;
        Ok(jobs)
    }

    /// How many contents wait, are being read or come into the indexes.
    pub fn waiting(&self) -> Result<usize> {
        self.catalogue.unfinished(self.index.generation()?)
    }

    /// A job is done when the index has reached what it wrote.
    pub(super) fn settle_states(&self, jobs: &mut [Job]) -> Result<()> {
        if jobs.iter().all(|job| job.state != JobState::Indexing) {
            return Ok(());
        }
        let reached = self.index.generation()?;
        for job in jobs.iter_mut().filter(|job| job.state == JobState::Indexing) {
            if job.generation.is_some_and(|generation| generation <= reached) {
                job.state = JobState::Searchable;
            }
        }
        Ok(())
    }

    /// Reads the next contents of the queue; nothing where it is empty or another thread is at it.
    ///
    /// # Errors
    /// If the knowledge base cannot be written, or another process is changing it. A content that
    /// cannot be read is no error: its job says why.
    pub fn ingest(&self, options: &IngestOptions) -> Result<Ingested> {
        let mut done = Ingested::default();
        let Ok(_alone) = self.changes.reading.try_lock() else { return Ok(done) };
        if self.catalogue.waiting()? == 0 {
            // What failed half-way, on a full disk for example, is made good here.
            if self.index.generation()? != self.catalogue.generation()? {
                self.writing()?.finish()?;
            }
            return Ok(done);
        }
        let mut writing = self.writing()?;
        let most = if options.most == 0 { USUAL } else { options.most };
        let jobs = self.in_a_step(|| self.catalogue.take_jobs(most))?;
        let jobs: Vec<Reading> = jobs.into_iter().map(reading).collect();
        let threads = options.threads.unwrap_or_else(default_threads);
        let with = With { originals: &self.originals, reading: &options.reading };
        read_all(&jobs, threads, &with, |job, outcome| {
            match self.settle_job(&mut writing, job, outcome)? {
                true => done.read += 1,
                false => done.failed += 1,
            }
            Ok(())
        })?;
        writing.finish()?;
        Ok(done)
    }

    /// Writes what came of a job. `false` if it failed.
    fn settle_job(
        &self,
        writing: &mut Writing<'_>,
        job: &Reading,
        outcome: Outcome,
    ) -> Result<bool> {
        let Some(queued) = job.queued else { return Ok(true) };
        let files = match outcome {
            Outcome::Same => Vec::new(),
            Outcome::Read(files) => files,
            Outcome::Failed(reason, _) => {
                self.catalogue.fail_job(queued.job, &reason)?;
                return Ok(false);
            }
        };
        let mut problems = Vec::new();
        let mut here = HashSet::new();
        for file in files {
            match file {
                Read::Document(document, _) => {
                    here.insert(document.path.clone());
                    writing.put(*document)?;
                }
                Read::Failed(path, reason, copy) => {
                    writing.left.extend(copy);
                    problems.push(format!("{path}: {reason}"));
                }
            }
        }
        if !problems.is_empty() {
            self.catalogue.annotate_job(queued.job, &problems.join("\n"))?;
        }
        self.forget_members(writing, &job.file.path, &here)?;
        Ok(true)
    }

    /// Removes the documents that were read of files inside this one and are there no more.
    fn forget_members(
        &self,
        writing: &mut Writing<'_>,
        path: &str,
        here: &HashSet<String>,
    ) -> Result<()> {
        let mut gone = self.catalogue.inside(path)?;
        gone.retain(|known| !here.contains(&known.path));
        if gone.is_empty() {
            return Ok(());
        }
        let gone: Vec<u64> = gone.iter().map(|known| known.document).collect();
        writing.write()?;
        self.in_a_step(|| self.catalogue.remove(&gone, Keep::Versions))
    }
}

fn reading(job: Job) -> Reading {
    let Job { job, document, path, hash, size, modified, .. } = job;
    let file = Found { path, size, modified };
    Reading { file, queued: Some(Queued { job, document, hash }), known: None }
}

/// A document's path as it was given by somebody else: below nothing, and nothing above it.
pub(super) fn document_path(given: &str) -> Result<String> {
    let path = given.replace('\\', "/");
    let why = match path.as_str() {
        "" => Some("it is empty"),
        path if path.chars().count() > LONGEST => Some("it is longer than 1,024 characters"),
        path if path.starts_with('/') => Some("it begins with a slash"),
        path if path.chars().any(char::is_control) => Some("it has control characters"),
        path => path.split('/').find_map(|name| match name.trim() {
            "" => Some("one of its parts is empty"),
            name if name.chars().all(|ch| ch == '.' || ch.is_whitespace()) => {
                Some("one of its parts has nothing but dots")
            }
            _ => None,
        }),
    };
    match why {
        Some(why) => {
            Err(StoreError::BadName { name: given.chars().take(80).collect(), why }.into())
        }
        None => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_lead_elsewhere_are_refused() {
        for (given, path) in [
            ("年报.pdf", Some("年报.pdf")),
            ("2023\\年报.pdf", Some("2023/年报.pdf")),
            ("a/b c/年报.pdf", Some("a/b c/年报.pdf")),
            ("", None),
            ("/etc/passwd", None),
            ("../年报.pdf", None),
            ("a/../../年报.pdf", None),
            ("a//b", None),
            ("a\nb", None),
        ] {
            assert_eq!(document_path(given).ok().as_deref(), path, "{given:?}");
        }
        assert!(document_path(&"长".repeat(1024)).is_ok());
        assert!(document_path(&"a/".repeat(600)).is_err());
    }
}
