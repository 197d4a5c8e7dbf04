//! A question with what finds its words in texts.

use super::Matcher;
use crate::error::Result;
use crate::index::Index;
use crate::model::{Alignment, StaticEmbedder};
use crate::query::Query;
use crate::vectors::Nearness;

/// A question, ready to be compared with texts: retrieval and the answer step look for the same
/// words, and what the one finds out of a word's meaning serves the other.
pub struct Asked<'a> {
    /// The question.
    pub query: &'a Query,
    /// Finds its terms.
    pub matcher: Matcher,
    /// Finds what is near to its words in meaning.
    pub alignment: Alignment<'static>,
    /// How near the passages are to it, as the knowledge base's model sees them.
    pub nearness: Nearness,
}

impl<'a> Asked<'a> {
    /// Prepares a question for the passages of an index.
    pub fn new(query: &'a Query, index: &Index) -> Result<Self> {
        Ok(Self {
            query,
            matcher: index.matcher(query)?,
            alignment: Alignment::new(StaticEmbedder::built_in(), &query.bare),
            nearness: index.vectors.question(&query.text)?,
        })
    }
}
