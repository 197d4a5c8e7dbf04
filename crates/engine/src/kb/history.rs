//! What documents were: versions, restoring them, what changed between two, renaming.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use similar::{Algorithm, ChangeTag, capture_diff_slices};
use yuanwen_parse::Document;

use super::KnowledgeBase;
use super::ingest::document_path;
use crate::error::Result;
use crate::store::{ContentHash, Entry, Job, JobState, Keep, Known, PastVersion, StoreError};

/// The setting's name.
const RETENTION: &str = "retention";

/// How long what documents were is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// How many past versions of each document.
    pub versions: u32,
    /// How many days a document that was removed but kept can be restored.
    pub removed_days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { versions: 5, removed_days: 30 }
    }
}

/// A document in whatever state it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// The document.
    #[serde(flatten)]
    pub known: Known,
    /// What is searched of it; `None` before it is read and after it was removed.
    pub entry: Option<Entry>,
    /// Its latest job, if it came through the queue.
    pub job: Option<Job>,
}

impl Status {
    /// How far it has come: that of its job where one is under way or failed.
    pub fn state(&self) -> JobState {
        match (&self.job, &self.entry) {
            (Some(job), _) if job.state != JobState::Searchable => job.state,
            (_, Some(_)) => JobState::Searchable,
            // Its job is no longer listed.
            _ => JobState::Failed,
        }
    }
}

/// A passage that came, went or stayed between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PassageChange {
    /// What became of it.
    pub change: Changed,
    /// Its page, in the version that has it.
    pub page: Option<u32>,
    /// Its text.
    pub text: String,
}

/// What became of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// It is in both versions.
    Same,
    /// It is in the later one alone.
    Added,
    /// It is in the earlier one alone.
    Removed,
}

impl KnowledgeBase {
    /// How long past versions are kept.
    pub fn retention(&self) -> Result<Retention> {
        let value = self.catalogue.setting(RETENTION)?;
        Ok(value.and_then(|value| serde_json::from_str(&value).ok()).unwrap_or_default())
    }

    /// Sets how long past versions are kept. What is there already goes with the next change of
    /// its document, and documents that were removed with [`KnowledgeBase::purge_expired`].
    pub fn set_retention(&self, retention: Retention) -> Result<()> {
        let value = serde_json::to_string(&retention).unwrap_or_default();
        self.catalogue.set(RETENTION, Some(&value))
    }

    /// All documents in whatever state, by path; those that were removed but kept too.
    pub fn documents(&self) -> Result<Vec<Status>> {
        let entries = self.catalogue.entries()?;
        let mut jobs = self.catalogue.jobs(usize::MAX >> 1)?;
        self.settle_states(&mut jobs)?;
        let entry = |known: &Known| {
            let at = entries.binary_search_by(|entry| entry.path.cmp(&known.path)).ok()?;
            Some(entries[at].clone()).filter(|entry| entry.document == known.document)
        };
        jobs.sort_by_key(|job| (job.document, job.job));
        let job = |known: &Known| {
            let end = jobs.partition_point(|job| job.document <= known.document);
            jobs[..end].last().filter(|job| job.document == known.document).cloned()
        };
        let known = self.catalogue.known()?;
        let status = |known: Known| Status { entry: entry(&known), job: job(&known), known };
        Ok(known.into_iter().map(status).collect())
    }

    /// One document, in whatever state.
    ///
    /// # Errors
    /// If there is none, and none that was removed and kept.
    pub fn document(&self, document: u64) -> Result<Status> {
        let unknown = || StoreError::Unknown { what: "document", number: document };
        let known = self.catalogue.known_as(document)?.ok_or_else(unknown)?;
        let version = known.version.filter(|_| known.removed.is_none());
        let entries = version.map(|version| self.catalogue.with_version(version)).transpose()?;
        let own = |entry: &Entry| entry.document == document;
        let entry = entries.and_then(|entries| entries.into_iter().find(own));
        let mut job = self.catalogue.job_of(document)?;
        self.settle_states(job.as_mut_slice())?;
        Ok(Status { known, entry, job })
    }

    /// The versions of a document, the latest first.
    ///
    /// # Errors
    /// As [`KnowledgeBase::document`].
    pub fn versions(&self, document: u64) -> Result<Vec<PastVersion>> {
        self.document(document)?;
        self.catalogue.history(document)
    }

    /// A version of a document as it was read.
    ///
    /// # Errors
    /// If the document never had it or it is no longer kept.
    pub fn version(&self, document: u64, version: u64) -> Result<(PastVersion, Document)> {
        let past = self.past(document, version)?;
        let unknown = || StoreError::Unknown { what: "version", number: version };
        Ok((past, self.catalogue.document(version)?.ok_or_else(unknown)?))
    }

    /// What is known of a version of a document.
    fn past(&self, document: u64, version: u64) -> Result<PastVersion> {
        let unknown = || StoreError::Unknown { what: "version", number: version };
        let past = self.versions(document)?.into_iter().find(|past| past.version == version);
        Ok(past.ok_or_else(unknown)?)
    }

    /// Where the content of a hash is kept.
    pub fn original(&self, hash: &ContentHash) -> PathBuf {
        self.originals.path(hash)
    }

    /// Makes a version that a document had its content again, also of one that was removed and
    /// kept.
    ///
    /// # Errors
    /// If the document never had it, or another document has its path by now.
    pub fn restore(&self, document: u64, version: u64) -> Result<Status> {
        let writing = self.writing()?;
        self.past(document, version)?;
        let known = self.document(document)?.known;
        self.must_be_free(&known.path, document)?;
        let kept = self.kept()?;
        writing.change(|kb| kb.catalogue.restore(document, version, kept))?;
        self.document(document)
    }

    /// Gives a document another path. It stays the same document, with its versions.
    ///
    /// # Errors
    /// If there is none, the path cannot be one, or another document has it.
    pub fn rename(&self, document: u64, path: &str) -> Result<Status> {
        let writing = self.writing()?;
        let path = document_path(path)?;
        let status = self.document(document)?;
        if status.job.as_ref().is_some_and(|job| job.state == JobState::Reading) {
            return Err(StoreError::BeingRead(status.known.path).into());
        }
        self.must_be_free(&path, document)?;
        writing.rename(&[(document, &status.known.path, &path)])?;
        self.document(document)
    }

    fn must_be_free(&self, path: &str, document: u64) -> Result<()> {
        match self.catalogue.at(path)?.filter(|known| known.document != document) {
            Some(known) => Err(StoreError::Taken(known.path).into()),
            None => Ok(()),
        }
    }

    /// Removes a document by its id, as [`KnowledgeBase::remove`] does by its name; one that was
    /// removed and kept may be removed for good.
    ///
    /// # Errors
    /// As [`KnowledgeBase::document`], or if another process is changing the knowledge base.
    pub fn remove_document(&self, document: u64, keep: Keep) -> Result<Known> {
        let writing = self.writing()?;
        let known = self.document(document)?.known;
        writing.remove(&known.path, document, keep)?;
        Ok(known)
    }

    /// Removes the documents for good whose time to be restored is over; gives how many.
    pub fn purge_expired(&self) -> Result<usize> {
        let expired = self.catalogue.removed_before(self.retention()?.removed_days)?;
        if !expired.is_empty() {
            self.writing()?.remove_all(&expired, Keep::Nothing)?;
        }
        Ok(expired.len())
    }

    /// What passages came and went from one version of a document to another.
    ///
    /// # Errors
    /// If the document never had one of them.
    pub fn compare(&self, document: u64, from: u64, to: u64) -> Result<Vec<PassageChange>> {
        let passages = |version| {
            self.past(document, version)?;
            self.catalogue.passages(version)
        };
        let (from, to) = (passages(from)?, passages(to)?);
        let texts = |of: &[crate::passage::Passage]| -> Vec<String> {
            of.iter().map(|passage| passage.text.clone()).collect()
        };
        let (before, after) = (texts(&from), texts(&to));
        let steps = capture_diff_slices(Algorithm::Myers, &before, &after);
        let changes = steps.iter().flat_map(|step| step.iter_changes(&before, &after));
        let change = |change: similar::Change<String>| {
            let (changed, of, at) = match change.tag() {
                ChangeTag::Equal => (Changed::Same, &to, change.new_index()),
                ChangeTag::Insert => (Changed::Added, &to, change.new_index()),
                ChangeTag::Delete => (Changed::Removed, &from, change.old_index()),
            };
            let page = at.and_then(|at| of.get(at)).and_then(|passage| passage.page);
            PassageChange { change: changed, page, text: change.value() }
        };
        Ok(changes.map(change).collect())
    }
}
