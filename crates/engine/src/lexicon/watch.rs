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

/// What was read, and from which state of the files and of the documents.
struct Kept {
    stamps: [Stamp; 2],
    /// What the files say.
    own: Lexicon,
    generation: u64,
    /// That with what the documents say.
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
        let paths = [SYNONYMS, DICTIONARY].map(|name| self.dir.join(name));
        let stamps = [stamp(&paths[0]), stamp(&paths[1])];
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_now = |kept: &&Kept| (&kept.stamps, kept.generation) == (&stamps, generation);
        if let Some(kept) = kept.as_ref().filter(is_now) {
            return Ok(Arc::clone(&kept.all));
        }
        let own = match kept.take() {
            Some(kept) if kept.stamps == stamps => kept.own,
            _ => read(&paths),
        };
        let all = Arc::new(own.with_names(&learn()?));
        *kept = Some(Kept { stamps, own, generation, all: Arc::clone(&all) });
        Ok(all)
    }
}

fn read([synonyms, dictionary]: &[PathBuf; 2]) -> Lexicon {
    let mut problems = Vec::new();
    let rules = file::synonyms(synonyms, &mut problems);
    let words = file::dictionary(dictionary, &mut problems);
    Lexicon::new(rules, words, problems)
}

fn stamp(path: &Path) -> Stamp {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()))
}
