//! The lexicon of a knowledge base, read again when its files have changed.
//!
//! Size and time of both files are looked at with each question, which costs two calls of the
//! system. Limit: a change within the resolution of the file system's clock that keeps the size
//! is not seen.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::learn::Introduced;
use super::{Lexicon, file};
use crate::error::Result;

/// The names of the files, in the folder of a knowledge base.
const SYNONYMS: &str = "synonyms.txt";
const DICTIONARY: &str = "dictionary.txt";

/// Size and time of a file; `None` if it is not there.
type Stamp = Option<(u64, Option<SystemTime>)>;

/// Texts that stand in for the files, for whoever wants to see what they would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unsaved<'a> {
    /// In place of the synonyms; `None` for the file.
    pub synonyms: Option<&'a str>,
    /// In place of the dictionary; `None` for the file.
    pub dictionary: Option<&'a str>,
}

/// What was read, and from which state of the files and of the documents.
struct Kept {
    stamps: [Stamp; 2],
    generation: u64,
    /// What the documents introduce.
    learned: Vec<Introduced>,
    /// What the files and the documents say.
    all: Arc<Lexicon>,
}

/// The files of one knowledge base, and what was last read of them.
pub(crate) struct Watched {
    dir: PathBuf,
    kept: Mutex<Option<Kept>>,
}

impl Watched {
    pub(crate) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), kept: Mutex::default() }
    }

    /// The lexicon as files and documents are now. `learn` gives what the documents introduce; it
    /// is called once for a generation of the catalogue.
    pub(crate) fn now(
        &self,
        generation: u64,
        learn: impl FnOnce() -> Result<Vec<Introduced>>,
    ) -> Result<Arc<Lexicon>> {
        self.with_kept(generation, learn, |kept| Arc::clone(&kept.all))
    }

    /// The lexicon with texts in place of the files. Nothing of it is kept.
    pub(crate) fn instead(
        &self,
        unsaved: Unsaved<'_>,
        generation: u64,
        learn: impl FnOnce() -> Result<Vec<Introduced>>,
    ) -> Result<Lexicon> {
        let learned = self.with_kept(generation, learn, |kept| kept.learned.clone())?;
        Ok(read(&self.paths(), unsaved).with_names(&learned))
    }

    fn paths(&self) -> [PathBuf; 2] {
        [SYNONYMS, DICTIONARY].map(|name| self.dir.join(name))
    }

    /// Takes something of what is kept, which is brought up to date before.
    fn with_kept<T>(
        &self,
        generation: u64,
        learn: impl FnOnce() -> Result<Vec<Introduced>>,
        take: impl FnOnce(&Kept) -> T,
    ) -> Result<T> {
        let paths = self.paths();
        let stamps = [stamp(&paths[0]), stamp(&paths[1])];
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_now = |kept: &&Kept| (&kept.stamps, kept.generation) == (&stamps, generation);
        if let Some(kept) = kept.as_ref().filter(is_now) {
            return Ok(take(kept));
        }
        let learned = match kept.take() {
            Some(kept) if kept.generation == generation => kept.learned,
            _ => learn()?,
        };
        let all = Arc::new(read(&paths, Unsaved::default()).with_names(&learned));
        Ok(take(kept.insert(Kept { stamps, generation, learned, all })))
    }
}

fn read([synonyms, dictionary]: &[PathBuf; 2], unsaved: Unsaved<'_>) -> Lexicon {
    let mut problems = Vec::new();
    let rules = file::synonyms(synonyms, unsaved.synonyms, &mut problems);
    let words = file::dictionary(dictionary, unsaved.dictionary, &mut problems);
    Lexicon::new(rules, words, problems)
}

fn stamp(path: &Path) -> Stamp {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()))
}
