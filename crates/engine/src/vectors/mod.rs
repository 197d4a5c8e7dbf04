//! The vectors of a knowledge base's passages, searched exactly, and beyond 300,000 passages by
//! an approximate index.
//!
//! Like the full-text index they are derived from the catalogue, carry its generation, and can be
//! thrown away and made again. They lie in one file ([`file`]) with the model's name and digest:
//! another recipe or a damaged file means that they are made anew. Each model has a file of its
//! own, so that the vectors of another one can grow beside those that serve.
//!
//! A vector is kept as bytes with a scale, about 0.3 KB a passage. An exact search multiplies the
//! question's with all of them, on all cores: of 256 numbers it takes 4 ms for 100,000, 11 ms for
//! 300,000, 38 ms for a million, by which the memory is what it waits for. The approximate index
//! (`approximate`) reads an eighth of that, gives candidates, and their cosines are exact again:
//! 8 ms for a million, with all of the nearest 20. Both find the same for the same passages,
//! whatever the order that they came in. Which passages are compared is all that is approximate:
//! [`Nearness::of`] is exact for every one.
//!
//! A commit writes the whole file, under half a second for 200,000, once for a run of adding.

mod approximate;
mod file;
mod rows;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use yuanwen_parse::Metadata;

use crate::error::Result;
use crate::model::{Embedder, StaticEmbedder};
use crate::passage::Passage;
use approximate::Codes;
use rows::{Key, Rows};

/// How many passages are turned into vectors at once.
const BATCH: usize = 64;

/// Up to so many passages are searched exactly.
const EXACT: usize = 300_000;
/// So many candidates of the approximate index are compared exactly, at least, …
const CANDIDATES: usize = 4096;
/// … and so many for each passage that is wanted.
const DEPTH: usize = 40;

/// The vectors of one knowledge base.
pub struct Vectors {
    /// The folder with the file; `None` for vectors that live as long as the value.
    folder: Option<PathBuf>,
    served: RwLock<Served>,
    /// Up to so many passages are searched exactly.
    exact: usize,
    /// What the next commit makes durable and visible.
    staged: Mutex<Option<Staged>>,
}

/// What searches see: a model and the vectors that it made.
#[derive(Clone)]
struct Served {
    embedder: Arc<dyn Embedder>,
    rows: Arc<Rows>,
    /// The approximate index, where there are too many rows for an exact search.
    codes: Option<Arc<Codes>>,
}

impl Served {
    fn new(embedder: Arc<dyn Embedder>, rows: Arc<Rows>, exact: usize) -> Self {
        let codes = (rows.len() > exact).then(|| Arc::new(Codes::of(&rows)));
        Self { embedder, rows, codes }
    }
}

/// Vectors before they are committed, and passages that have none yet: a transformer is kept busy
/// by many at once, and documents may be short.
struct Staged {
    rows: Rows,
    waiting: Vec<(Key, String)>,
    /// How many were made, of how many.
    made: usize,
    expected: usize,
}

/// How far a slow model has come with the passages of a knowledge base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made<'a> {
    /// The model.
    pub model: &'a str,
    /// How many passages have got vectors since the last commit.
    pub passages: usize,
    /// How many will get some; 0 where that is not known.
    pub expected: usize,
}

static PROGRESS: OnceLock<fn(Made<'_>)> = OnceLock::new();

/// Sets a function to be called while a model that takes its time makes vectors, for the whole
/// process; only the first call counts.
pub fn set_progress(function: fn(Made<'_>)) {
    let _ = PROGRESS.set(function);
}

/// A passage that is near a question in meaning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The document version.
    pub version: u64,
    /// The passage's number in it.
    pub ordinal: u32,
    /// The cosine.
    pub similarity: f32,
}

impl Vectors {
    /// Opens a model's file of vectors in a folder; where it is missing or damaged there are none,
    /// and the generation is 0.
    pub fn open(folder: &Path, embedder: Arc<dyn Embedder>) -> Self {
        let rows = file::read(folder, &*embedder).unwrap_or_default();
        Self::with(Some(folder.to_owned()), embedder, rows)
    }

    /// Vectors that live as long as the value.
    pub fn in_memory(embedder: Arc<dyn Embedder>) -> Self {
        Self::with(None, embedder, Rows::default())
    }

    fn with(folder: Option<PathBuf>, embedder: Arc<dyn Embedder>, rows: Rows) -> Self {
        let served = RwLock::new(Served::new(embedder, Arc::new(rows), EXACT));
        Self { folder, served, exact: EXACT, staged: Mutex::new(None) }
    }

    /// The same, with another number of passages up to which they are searched exactly. Beyond it
    /// a few of the nearest may be missed.
    #[must_use]
    pub fn exact_up_to(self, passages: usize) -> Self {
        let Served { embedder, rows, .. } = self.served();
        let served = RwLock::new(Served::new(embedder, rows, passages));
        Self { served, exact: passages, ..self }
    }

    /// Serves what another value does from now on; what was not committed is forgotten.
    pub(crate) fn adopt(&self, other: &Self) {
        let mut served = self.served.write().unwrap_or_else(PoisonError::into_inner);
        *served = other.served();
        *self.staged() = None;
    }

    /// Serves the vectors of a model as another process left them, if it is not that one already.
    pub(crate) fn adopt_model(&self, embedder: Arc<dyn Embedder>) {
        if let Some(folder) = self.folder.as_deref().filter(|_| !self.is_of(&*embedder)) {
            self.adopt(&Self::open(folder, embedder));
        }
    }

    /// Whether they are of a model.
    pub(crate) fn is_of(&self, embedder: &dyn Embedder) -> bool {
        self.served().embedder.digest() == embedder.digest()
    }

    /// Deletes the vectors of all other models.
    pub(crate) fn forget_others(&self) {
        if let Some(folder) = &self.folder {
            file::forget_others(folder, &*self.served().embedder);
        }
    }

    /// How many passages of each document version have or wait for vectors.
    pub(crate) fn versions(&self) -> BTreeMap<u64, usize> {
        let mut staged = self.staged();
        let staged = staged.get_or_insert_with(|| self.stage());
        let mut counts = BTreeMap::new();
        let waiting = staged.waiting.iter().map(|(key, _)| key);
        for (version, _) in staged.rows.keys.iter().chain(waiting) {
            *counts.entry(*version).or_insert(0) += 1;
        }
        counts
    }

    /// Adds the passages of a document version. Seen by searches after [`Vectors::commit`].
    pub fn add(&self, version: u64, meta: &Metadata, passages: &[Passage]) -> Result<()> {
        let mut staged = self.staged();
        let staged = staged.get_or_insert_with(|| self.stage());
        let described = passages.iter().map(|one| ((version, one.ordinal), described(meta, one)));
        staged.waiting.extend(described);
        self.embed(staged, BATCH)
    }

    /// Gives vectors to the passages that wait for them, as long as there are so many.
    fn embed(&self, staged: &mut Staged, least: usize) -> Result<()> {
        let embedder = self.served().embedder;
        while staged.waiting.len() >= least {
            let length = staged.waiting.len().min(BATCH);
            let texts: Vec<&str> =
                staged.waiting[..length].iter().map(|(_, text)| text.as_str()).collect();
            let vectors = embedder.passages(&texts)?;
            for ((key, _), vector) in staged.waiting.drain(..length).zip(vectors) {
                staged.rows.push(key, &vector);
            }
            staged.made += length;
            self.report(staged);
        }
        Ok(())
    }

    /// Gives vectors to all passages that wait for them, without a commit.
    pub(crate) fn finish(&self) -> Result<()> {
        match self.staged().as_mut() {
            Some(staged) => self.embed(staged, 1),
            None => Ok(()),
        }
    }

    fn report(&self, staged: &Staged) {
        let embedder = self.served().embedder;
        if let Some(function) = PROGRESS.get().filter(|_| !embedder.is_quick()) {
            let Staged { made: passages, expected, .. } = *staged;
            function(Made { model: embedder.name(), passages, expected });
        }
    }

    /// Says how many passages are going to be added, for who watches.
    pub fn expect(&self, passages: usize) {
        let mut staged = self.staged();
        let staged = staged.get_or_insert_with(|| self.stage());
        (staged.made, staged.expected) = (0, passages);
        self.report(staged);
    }

    /// The name of the model.
    pub fn model(&self) -> String {
        self.served().embedder.name().to_owned()
    }

    /// Removes a document version. It is gone for searches after [`Vectors::commit`].
    pub fn remove(&self, version: u64) {
        let mut staged = self.staged();
        let staged = staged.get_or_insert_with(|| self.stage());
        staged.rows.retain(|(other, _)| other != version);
        staged.waiting.retain(|((other, _), _)| *other != version);
    }

    /// Forgets all vectors, for making them anew.
    pub fn clear(&self) {
        *self.staged() = Some(Staged::of(Rows::default()));
    }

    /// Makes all changes durable and visible, as the vectors of this generation of the catalogue.
    pub fn commit(&self, generation: u64) -> Result<()> {
        let mut staged = self.staged().take().unwrap_or_else(|| self.stage());
        self.embed(&mut staged, 1)?;
        let mut rows = staged.rows;
        rows.generation = generation;
        rows.sort();
        let embedder = self.served().embedder;
        if let Some(folder) = &self.folder {
            file::write(folder, &*embedder, &rows)?;
        }
        self.serve(&embedder, rows);
        Ok(())
    }

    /// Forgets what was not committed.
    pub fn undo(&self) {
        *self.staged() = None;
    }

    /// Shows what another process committed.
    pub fn reload(&self) {
        let embedder = self.served().embedder;
        let rows = self.folder.as_ref().and_then(|folder| file::read(folder, &*embedder));
        if let Some(rows) = rows {
            self.serve(&embedder, rows);
        }
    }

    /// Whether they have come as far as a generation, committed or not; looks at the file again
    /// before it says no.
    pub fn is_at(&self, generation: u64) -> bool {
        let reached = || self.staged().as_ref().map(|staged| staged.rows.generation);
        if reached().unwrap_or_else(|| self.generation()) == generation {
            return true;
        }
        *self.staged() = None;
        self.reload();
        self.generation() == generation
    }

    /// Says that what was added and removed leads up to a generation.
    pub fn reach(&self, generation: u64) {
        let mut staged = self.staged();
        staged.get_or_insert_with(|| self.stage()).rows.generation = generation;
    }

    /// The generation of the last commit; 0 where there was none.
    pub fn generation(&self) -> u64 {
        self.committed().generation
    }

    /// How many passages have a vector.
    pub fn len(&self) -> usize {
        self.committed().len()
    }

    /// Whether no passage has one.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A question, ready to be compared.
    pub fn question(&self, text: &str) -> Result<Nearness> {
        let Served { embedder, rows, codes } = self.served();
        let vector = embedder.query(text)?;
        let search = match codes {
            Some(codes) => Search::Approximate(codes),
            None => Search::Exact(rows.similarities(&vector)),
        };
        let ground = if embedder.is_quick() { 0.0 } else { search.mean(&vector) };
        Ok(Nearness { rows, vector, search, ground, embedder })
    }

    /// The vectors of any texts, as if they were passages.
    pub fn of(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        self.served().embedder.passages(texts)
    }

    fn served(&self) -> Served {
        self.served.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows rows of a model, unless that has been replaced meanwhile.
    fn serve(&self, embedder: &Arc<dyn Embedder>, rows: Rows) {
        let new = Served::new(Arc::clone(embedder), Arc::new(rows), self.exact);
        let mut served = self.served.write().unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&served.embedder, embedder) {
            *served = new;
        }
    }

    fn committed(&self) -> Arc<Rows> {
        self.served().rows
    }

    fn stage(&self) -> Staged {
        Staged::of((*self.committed()).clone())
    }

    fn staged(&self) -> MutexGuard<'_, Option<Staged>> {
        self.staged.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Staged {
    fn of(rows: Rows) -> Self {
        Self { rows, waiting: Vec::new(), made: 0, expected: 0 }
    }
}

/// How near each passage is to a question, of the passages as they were when it was asked.
pub struct Nearness {
    rows: Arc<Rows>,
    vector: Vec<f32>,
    search: Search,
    ground: f32,
    embedder: Arc<dyn Embedder>,
}

/// How the nearest passages are found.
enum Search {
    /// Among the cosines of all.
    Exact(Vec<f32>),
    /// Among the cosines of those that an index gives.
    Approximate(Arc<Codes>),
}

impl Search {
    /// The mean cosine of all passages.
    fn mean(&self, vector: &[f32]) -> f32 {
        match self {
            Self::Exact(similarities) => mean(similarities),
            Self::Approximate(codes) => codes.ground(vector),
        }
    }
}

impl Nearness {
    /// Of no passage, for a question that is not to be compared.
    pub(crate) fn none() -> Self {
        let embedder = Arc::new(StaticEmbedder::built_in().clone());
        let (rows, search) = (Arc::default(), Search::Exact(Vec::new()));
        Self { rows, vector: Vec::new(), search, ground: 0.0, embedder }
    }

    /// Whether the model costs next to nothing.
    pub fn is_quick(&self) -> bool {
        self.embedder.is_quick()
    }

    /// The nearest `limit` passages, and those that are as near as the last of them: which of
    /// equals is taken must not depend on the order of ingestion.
    pub fn nearest(&self, limit: usize) -> Vec<Near> {
        match &self.search {
            Search::Exact(similarities) => self.nearest_of(0..self.rows.len(), similarities, limit),
            Search::Approximate(codes) => {
                let wanted = CANDIDATES.max(limit.saturating_mul(DEPTH));
                let places = codes.candidates(&self.vector, self.rows.len(), wanted);
                let similarities = self.rows.similarities_at(&self.vector, &places);
                self.nearest_of(places, &similarities, limit)
            }
        }
    }

    /// The nearest of the passages at some places, which are in order.
    fn nearest_of(
        &self,
        places: impl IntoIterator<Item = usize>,
        similarities: &[f32],
        limit: usize,
    ) -> Vec<Near> {
        let count = similarities.len();
        if limit == 0 || count == 0 {
            return Vec::new();
        }
        let mut ordered = similarities.to_vec();
        let last = limit.min(count) - 1;
        let least = *ordered.select_nth_unstable_by(last, |a, b| b.total_cmp(a)).1;
        let near = |(at, &similarity): (usize, &f32)| {
            let (version, ordinal) = self.rows.keys[at];
            Near { version, ordinal, similarity }
        };
        let each = places.into_iter().zip(similarities);
        let mut all: Vec<Near> = each.filter(|(_, own)| **own >= least).map(near).collect();
        // The rows are ordered, and equals stay in their order.
        all.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
        all
    }

    /// How near a passage is: the cosine of a table of words, and of a transformer what of the
    /// cosine is above that of any passage, as a share of the most it could be. Cosines of
    /// transformers lie close together, each model's elsewhere. `None` if it has no vector.
    pub fn of(&self, version: u64, ordinal: u32) -> Option<f32> {
        let place = self.rows.place((version, ordinal))?;
        let cosine = match &self.search {
            Search::Exact(similarities) => *similarities.get(place)?,
            Search::Approximate(_) => *self.rows.similarities_at(&self.vector, &[place]).first()?,
        };
        Some(above(self.ground, cosine))
    }

    /// How near other texts are, on the scale of [`Nearness::of`]. Runs the model over them.
    pub(crate) fn of_texts(&self, texts: &[&str]) -> Result<Vec<f32>> {
        let cosine = |own: &Vec<f32>| own.iter().zip(&self.vector).map(|(a, b)| a * b).sum::<f32>();
        let made = self.embedder.passages(texts)?;
        Ok(made.iter().map(|own| above(self.ground, cosine(own))).collect())
    }
}

/// What of a cosine is above the ground, as a share of the most it could be.
fn above(ground: f32, cosine: f32) -> f32 {
    (cosine - ground) / (1.0 - ground).max(f32::EPSILON)
}

/// The mean, 0 of none.
fn mean(values: &[f32]) -> f32 {
    let sum: f64 = values.iter().map(|value| f64::from(*value)).sum();
    (sum / values.len().max(1) as f64) as f32
}

/// What of a passage is turned into a vector. A change needs another [`file::RECIPE`].
pub(crate) fn described(meta: &Metadata, passage: &Passage) -> String {
    let mut out = String::with_capacity(passage.text.len() + 128);
    let about = meta.title.iter().chain(&passage.headings);
    for line in about.chain([&passage.text]) {
        out.push_str(line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests;
