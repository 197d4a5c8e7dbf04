//! A knowledge base: documents in, original sentences out. The facade of the engine.
//!
//! ```no_run
//! # fn main() -> yuanwen_engine::Result<()> {
//! use yuanwen_engine::answer::AskOptions;
//! use yuanwen_engine::kb::{AddOptions, KnowledgeBase};
//!
//! let kb = KnowledgeBase::create("kb".as_ref())?;
//! kb.add(&["reports".into()], &AddOptions::default(), &mut |_| {})?;
//! let answer = kb.ask("2023 年的营业收入是多少？", &AskOptions::default())?;
//! # Ok(())
//! # }
//! ```
//!
//! Any number of threads and processes may ask at once; one at a time may change. Whoever opens a
//! knowledge base lets its index catch up with the catalogue, if the last change was cut short.

mod add;
mod ask;
mod backup;
mod check;
mod conversation;
mod feedback;
mod follow;
mod history;
mod ingest;
mod layout;
mod models;
mod place;
mod read;
mod scan;
mod suggest;
mod writing;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

use writing::Changes;
use yuanwen_parse::{Document, Page, Warning};

use crate::error::{Error, Result};
use crate::index::Index;
use crate::lexicon::Watched;
use crate::passage::Passage;
use crate::retrieve::Passages;
use crate::store::{Catalogue, Entry, Keep, Originals, StoreError};

pub use add::{AddOptions, FileWarning, Progress, Report};
pub use backup::{Manifest, Packed};
pub use check::CheckReport;
pub use conversation::Conversation;
pub use feedback::{NewRating, Quote, Review};
pub use history::{Changed, PassageChange, Retention, Status};
pub use ingest::{IngestOptions, Ingested};
pub use layout::{LaidCell, LaidRow, LaidTable, LaidText, Layouts, Mark, MarkKind, Piece};
pub use models::Models;
pub use place::{Cells, Place};
pub use read::THREAD_NAME;
pub use scan::{Skipped, SkippedBecause};
pub use suggest::FollowUp;

/// A knowledge base in a folder.
pub struct KnowledgeBase {
    dir: PathBuf,
    catalogue: Catalogue,
    originals: Originals,
    index: Index,
    /// The generation of the index that searches see, or an earlier one.
    seen: AtomicU64,
    words: Watched,
    changes: Changes,
    rated: feedback::Kept,
}

impl KnowledgeBase {
    /// Opens the knowledge base of a folder.
    ///
    /// # Errors
    /// If there is none, or one of a later version of this program.
    pub fn open(dir: &Path) -> Result<Self> {
        Self::with(dir, false)
    }

    /// Opens the knowledge base of a folder, and makes an empty one if there is none.
    ///
    /// # Errors
    /// As [`KnowledgeBase::open`], or if the folder cannot be written.
    pub fn create(dir: &Path) -> Result<Self> {
        Self::with(dir, true)
    }

    fn with(dir: &Path, create: bool) -> Result<Self> {
        let catalogue = Catalogue::open(dir, create)?;
        let index = follow::open(dir, &catalogue)?;
        let seen = AtomicU64::new(index.generation()?);
        let originals = Originals::new(dir.join("originals"));
        Ok(Self {
            dir: dir.to_owned(),
            catalogue,
            originals,
            index,
            seen,
            words: Watched::new(dir),
            changes: Changes::default(),
            rated: feedback::Kept::default(),
        })
    }

    /// All documents, by path.
    pub fn list(&self) -> Result<Vec<Entry>> {
        self.catalogue.entries()
    }

    /// The one document that goes by a name: a path, a file name, or that without its extension.
    ///
    /// # Errors
    /// If there is none, or several; the error lists them.
    pub fn find(&self, called: &str) -> Result<Entry> {
        let mut found = self.catalogue.resolve(called)?;
        match found.len() {
            0 => Err(StoreError::UnknownDocument(called.to_owned()).into()),
            1 => Ok(found.remove(0)),
            _ => {
                let paths = found.into_iter().map(|entry| entry.path).collect();
                Err(StoreError::AmbiguousDocument { name: called.to_owned(), paths }.into())
            }
        }
    }

    /// A document as it was read.
    ///
    /// # Errors
    /// As [`KnowledgeBase::find`].
    pub fn show(&self, called: &str) -> Result<(Entry, Document)> {
        let entry = self.find(called)?;
        let document = self.catalogue.document(entry.version)?;
        let gone = || Error::from(StoreError::UnknownDocument(called.to_owned()));
        Ok((entry, document.ok_or_else(gone)?))
    }

    /// Removes a document, with those that were read of files inside it. They are never returned
    /// again once this returns.
    ///
    /// # Errors
    /// As [`KnowledgeBase::find`], or if another process is changing the knowledge base.
    pub fn remove(&self, called: &str, keep: Keep) -> Result<Entry> {
        let writing = self.writing()?;
        let entry = self.find(called)?;
        writing.remove(&entry.path, entry.document, keep)?;
        Ok(entry)
    }

    /// The path of the first document that has a version; `None` if there is none any more.
    pub fn source(&self, version: u64) -> Result<Option<String>> {
        Ok(self.catalogue.entry(version)?.map(|entry| entry.path))
    }

    /// All documents that have a version, by path.
    pub fn with_version(&self, version: u64) -> Result<Vec<Entry>> {
        self.catalogue.with_version(version)
    }

    /// The first document that has a version; `None` if there is none any more.
    pub fn entry(&self, version: u64) -> Result<Option<Entry>> {
        self.catalogue.entry(version)
    }

    /// The passages of a version, in order; none if no document has it any more.
    pub fn passages(&self, version: u64) -> Result<Vec<Passage>> {
        match self.catalogue.entry(version)? {
            Some(_) => self.catalogue.passages(version),
            None => Ok(Vec::new()),
        }
    }

    /// A passage of a version; `None` if there is none, or no document has the version any more.
    pub fn passage(&self, version: u64, ordinal: u32) -> Result<Option<Passage>> {
        let found = self.catalogue.load(&[(version, ordinal)])?;
        Ok(found.first().map(|stored| Passage::clone(&stored.passage)))
    }

    /// The pages of a version, in order; none in formats without pages.
    pub fn pages(&self, version: u64) -> Result<Vec<Page>> {
        Ok(self.catalogue.frame(version)?.map(|frame| frame.pages).unwrap_or_default())
    }

    /// All that was skipped, cut or guessed when a version was read.
    pub fn warnings(&self, version: u64) -> Result<Vec<Warning>> {
        Ok(self.catalogue.frame(version)?.map(|frame| frame.warnings).unwrap_or_default())
    }

    /// What the reranker says of each text for a question, higher being better; `None` if the
    /// knowledge base has no reranker.
    ///
    /// # Errors
    /// If the model fails.
    pub fn rerank(&self, question: &str, texts: &[&str]) -> Result<Option<Vec<f32>>> {
        let reranker = self.index.reranker();
        reranker.map(|reranker| reranker.scores(question, texts)).transpose()
    }
}
