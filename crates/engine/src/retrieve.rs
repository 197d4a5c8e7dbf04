//! From a query to ranked passages.

use std::sync::Arc;

use yuanwen_parse::Metadata;

use crate::error::Result;
use crate::index::Lexical;
use crate::passage::Passage;
use crate::query::Query;

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

/// What a question may be restricted to: a document as the catalogue lists it.
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

/// What the score of a passage is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Signals {
    /// BM25 of the full-text index.
    pub bm25: f64,
}

/// The best `limit` passages for a query.
pub fn retrieve(
    query: &Query,
    lexical: &Lexical,
    passages: &dyn Passages,
    limit: usize,
) -> Result<Vec<Ranked>> {
    let hits = lexical.search(query, limit)?;
    let wanted: Vec<_> = hits.iter().map(|hit| (hit.version, hit.ordinal)).collect();
    let mut ranked: Vec<Ranked> = passages
        .load(&wanted)?
        .into_iter()
        .map(|stored| {
            let hit = hits
                .iter()
                .find(|hit| (hit.version, hit.ordinal) == (stored.version, stored.passage.ordinal));
            let bm25 = hit.map_or(0.0, |hit| f64::from(hit.score));
            Ranked { stored, score: bm25, signals: Signals { bm25 } }
        })
        .collect();
    ranked.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| {
            (&a.stored.name, a.stored.passage.ordinal)
                .cmp(&(&b.stored.name, b.stored.passage.ordinal))
        })
    });
    Ok(ranked)
}
