//! From a query to ranked passages.
//!
//! The full-text index gives the best [`CANDIDATES`] by BM25, the vectors the [`NEAREST`] in
//! meaning. Each is then loaded and measured
//! exactly ([`Signals`]): how much of the question stands in its text, in its best two sentences,
//! in its title and headings; whether quoted strings stand in it; whether the document is about
//! the period, and of the kind, that the question names. The score is a weighted sum
//! ([`Weights`]).
//!
//! Restrictions are preferences: a passage of another period or document is ranked lower, never
//! left out, since a later report repeats earlier figures and a title may be misread.
//!
//! All arithmetic is `f64` over counts that do not depend on the order of ingestion; equal scores
//! are ordered by document name and ordinal, never by an id.
//!
//! The best [`ALIGNED`] are then compared with the question word by word in meaning, and ordered
//! again: that is too slow for all, and does not bring up what has next to nothing in common.
//! Reciprocal rank fusion of both lists was measured far worse than either word by word signal:
//! the order by sums of words is the weaker one by much, and ranks hide by how much.
//!
//! A reranker, if the user has set one, reads the question with the best [`RERANKED`]; its score
//! is one more field of [`Signals`] with a weight.

mod asked;
mod matcher;
pub(crate) mod period;
mod phrases;
mod prepared;
mod signals;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use yuanwen_parse::Metadata;

pub use asked::{Asked, Models};
pub use matcher::Matcher;
pub(crate) use prepared::Words;
pub use prepared::{Names, Prepared};
pub use signals::{Signals, Weights};

use crate::error::Result;
use crate::index::Index;
use crate::model::{Alignment, Reranker};
use crate::query::{Query, Sunk};
use crate::text::normalize::bare;
use crate::vectors::{Nearness, described};
use signals::Measure;

/// How many passages the full-text index gives to be measured.
pub const CANDIDATES: usize = 100;
/// How many passages the vectors add to them.
pub const NEAREST: usize = 20;

/// How many of the best are compared with the question word by word in meaning.
pub const ALIGNED: usize = 10;
/// How many of the best a reranker reads.
pub const RERANKED: usize = 20;

/// What a passage loses for holding an answer that was rejected.
const SUNK: f64 = 0.5;

/// A passage as the catalogue holds it.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The catalogue's id of the document version.
    pub version: u64,
    /// The file's name without its extension.
    pub name: Arc<str>,
    /// What the document says about itself.
    pub meta: Arc<Metadata>,
    /// What names the document.
    pub names: Arc<Names>,
    /// The passage.
    pub passage: Arc<Prepared>,
}

impl Stored {
    /// What stands over its text: what names its document, and the headings.
    pub(crate) fn about(&self) -> String {
        format!("{}\n{}", self.names.titles, self.passage.headings.join("\n"))
    }
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
    /// Which terms of the query stand in its text, headings or title.
    pub(crate) held: Vec<bool>,
    /// What each signal counted.
    pub weights: Weights,
}

impl Ranked {
    /// Best first; equal scores by document name and place in it.
    fn order(&self, other: &Self) -> Ordering {
        let place =
            |ranked: &Self| (Arc::clone(&ranked.stored.name), ranked.stored.passage.ordinal);
        other.score.total_cmp(&self.score).then_with(|| place(self).cmp(&place(other)))
    }
}

/// The best passages for a query, best first.
pub fn retrieve(
    asked: &mut Asked<'_>,
    index: &Index,
    passages: &dyn Passages,
) -> Result<Vec<Ranked>> {
    let Asked { query, matcher, alignment, nearness, reranker } = asked;
    let mut measure = Measure::new(query, matcher, nearness);
    let weights = match nearness.is_quick() {
        true => Weights::default(),
        false => Weights::with_transformer(),
    };
    let measured = |stored: Stored| {
        let (signals, held) = measure.signals(&stored);
        Ranked { score: signals.score(&weights), stored, signals, held, weights }
    };
    let candidates = candidates(query, index, nearness, passages)?;
    let mut ranked: Vec<Ranked> = passages.load(&candidates)?.into_iter().map(measured).collect();
    ranked.sort_by(Ranked::order);
    align(alignment, &mut ranked, &weights);
    if let Some(reranker) = reranker {
        rerank(&**reranker, query, &mut ranked, &weights)?;
    }
    sink(query, &mut ranked);
    Ok(ranked)
}

/// Puts behind what holds an answer that was rejected.
fn sink(query: &Query, ranked: &mut [Ranked]) {
    if query.sunk.is_empty() {
        return;
    }
    for Ranked { stored, score, .. } in ranked.iter_mut() {
        let parts = &stored.passage.parts;
        let is_in = |sunk: &Sunk| parts.iter().any(|part| sunk.is_in(stored.version, part));
        *score -= if query.sunk.iter().any(is_in) { SUNK } else { 0.0 };
    }
    ranked.sort_by(Ranked::order);
}

/// Compares the best with the question word by word in meaning, and orders all again.
fn align(alignment: &mut Alignment<'_>, ranked: &mut [Ranked], weights: &Weights) {
    for Ranked { stored, score, signals, .. } in ranked.iter_mut().take(ALIGNED) {
        let found = alignment.of(&stored.names.title, stored.passage.words());
        (signals.aligned, signals.sentence) = (found.window, found.sentence);
        *score = signals.score(weights);
    }
    ranked.sort_by(Ranked::order);
}

/// Lets a model read the question with each of the best, and orders all again.
fn rerank(
    reranker: &dyn Reranker,
    query: &Query,
    ranked: &mut [Ranked],
    weights: &Weights,
) -> Result<()> {
    let best = ranked.len().min(RERANKED);
    let texts: Vec<String> =
        ranked[..best].iter().map(|one| described(&one.stored.meta, &one.stored.passage)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let scores = reranker.scores(&query.text, &texts)?;
    for (Ranked { score, signals, .. }, logit) in ranked.iter_mut().zip(scores) {
        signals.reranked = 1.0 / (1.0 + f64::from(-logit).exp());
        *score = signals.score(weights);
    }
    ranked.sort_by(Ranked::order);
    Ok(())
}

/// The passages that the full-text index gives; where the question names a document, also the best
/// of that document, however common its words are elsewhere.
fn candidates(
    query: &Query,
    index: &Index,
    nearness: &Nearness,
    passages: &dyn Passages,
) -> Result<Vec<(u64, u32)>> {
    let mut hits = index.lexical.search(query, CANDIDATES)?;
    let named = if query.named.is_empty() { Vec::new() } else { named(query, passages)? };
    if !named.is_empty() {
        hits.extend(index.lexical.search_in(query, &named, CANDIDATES / 4)?);
    }
    let near = nearness.nearest(NEAREST);
    let near = near.iter().map(|near| (near.version, near.ordinal));
    let unique: BTreeSet<_> =
        hits.iter().map(|hit| (hit.version, hit.ordinal)).chain(near).collect();
    Ok(unique.into_iter().collect())
}

/// The documents whose title or file name holds what the question names in 《》.
fn named(query: &Query, passages: &dyn Passages) -> Result<Vec<u64>> {
    let is_named = |listed: &Listed| {
        let title =
            bare(&format!("{}\n{}", listed.meta.title.as_deref().unwrap_or_default(), listed.name));
        query.named.iter().any(|name| title.contains(name.as_str()))
    };
    Ok(passages
        .documents()?
        .iter()
        .filter(|listed| is_named(listed))
        .map(|listed| listed.version)
        .collect())
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
