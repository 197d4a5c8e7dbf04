//! From a query to ranked passages.
//!
//! The full-text index gives the best [`CANDIDATES`] by BM25. Each is then loaded and measured
//! exactly ([`Signals`]): how much of the question stands in its text, in its best two sentences,
//! in its title and headings; whether quoted strings stand in it; whether the document is about
//! the period, and of the kind, that the question names. The score is a weighted sum
//! ([`Weights`]).
//!
//! All arithmetic is `f64` over counts that do not depend on the order of ingestion; equal scores
//! are ordered by document name and ordinal, never by an id.
//!
//! A vector or reranker score is one more field of [`Signals`] with a weight, set between
//! [`measure`](signals::Measure) and [`Signals::score`].

mod matcher;
mod period;
mod signals;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use yuanwen_parse::Metadata;

pub use matcher::Matcher;
pub use signals::{Signals, Weights};

use crate::error::Result;
use crate::index::Lexical;
use crate::passage::Passage;
use crate::query::Query;
use signals::Measure;

/// How many passages the full-text index gives to be measured.
pub const CANDIDATES: usize = 100;

/// A passage as the catalogue holds it.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The catalogue's id of the document version.
    pub version: u64,
    /// The file's name without its extension.
    pub name: Arc<str>,
    /// What the document says about itself.
    pub meta: Arc<Metadata>,
    /// The passage.
    pub passage: Arc<Passage>,
}

/// A document as the catalogue lists it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The catalogue's id of the document version.
    pub version: u64,
    /// The file's name without its extension.
    pub name: Arc<str>,
    /// What the document says about itself.
    pub meta: Arc<Metadata>,
}

/// Where passages are kept. The catalogue implements it.
pub trait Passages {
    /// The passages of `(version, ordinal)`, in any order. What is no longer there is left out.
    fn load(&self, wanted: &[(u64, u32)]) -> Result<Vec<Stored>>;

    /// All documents, in any order.
    fn documents(&self) -> Result<Vec<Listed>>;
}

/// A passage with its score.
#[derive(Debug, Clone)]
pub struct Ranked {
    /// The passage.
    pub stored: Stored,
    /// What it is ordered by.
    pub score: f64,
    /// What the score is made of.
    pub signals: Signals,
}

impl Ranked {
    /// Best first; equal scores by document name and place in it.
    fn order(&self, other: &Self) -> Ordering {
        let place =
            |ranked: &Self| (Arc::clone(&ranked.stored.name), ranked.stored.passage.ordinal);
        other.score.total_cmp(&self.score).then_with(|| place(self).cmp(&place(other)))
    }
}

/// The best passages for a query, at most [`CANDIDATES`].
pub fn retrieve(query: &Query, lexical: &Lexical, passages: &dyn Passages) -> Result<Vec<Ranked>> {
    let matcher = lexical.matcher(query)?;
    let hits = lexical.search(query, CANDIDATES)?;
    let wanted: Vec<_> = hits.iter().map(|hit| (hit.version, hit.ordinal)).collect();
    let bm25: BTreeMap<_, _> =
        hits.iter().map(|hit| ((hit.version, hit.ordinal), f64::from(hit.score))).collect();
    let mut measure = Measure::new(query, &matcher);
    let weights = Weights::default();
    let mut ranked: Vec<Ranked> = Vec::with_capacity(hits.len());
    for stored in passages.load(&wanted)? {
        let mut signals = measure.signals(&stored);
        signals.index =
            bm25.get(&(stored.version, stored.passage.ordinal)).copied().unwrap_or_default();
        ranked.push(Ranked { score: signals.score(&weights), stored, signals });
    }
    ranked.sort_by(Ranked::order);
    Ok(ranked)
}

/// Takes the lists of several sub-questions turn by turn, each passage once.
pub fn interleave(lists: Vec<Vec<Ranked>>) -> Vec<Ranked> {
    let mut out: Vec<Ranked> = Vec::new();
    let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
    for place in 0..longest {
        for ranked in lists.iter().filter_map(|list| list.get(place)) {
            let same = |other: &Ranked| {
                (other.stored.version, other.stored.passage.ordinal)
                    == (ranked.stored.version, ranked.stored.passage.ordinal)
            };
            if !out.iter().any(same) {
                out.push(ranked.clone());
            }
        }
    }
    out
}
