//! A question with what finds its words in texts.

use std::sync::Arc;

use super::Matcher;
use crate::error::Result;
use crate::index::Index;
use crate::model::{Alignment, Reranker, StaticEmbedder};
use crate::query::Query;
use crate::vectors::Nearness;

/// Which of a knowledge base's models take part, beside the words that are always compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Models {
    /// Whether the embedder does: the vectors of question and passages are compared.
    pub embedder: bool,
    /// Whether the reranker does, if there is one.
    pub reranker: bool,
}

impl Default for Models {
    fn default() -> Self {
        Self { embedder: true, reranker: true }
    }
}

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
    /// What orders the best passages once more.
    pub reranker: Option<Arc<dyn Reranker>>,
}

impl<'a> Asked<'a> {
    /// Prepares a question for the passages of an index.
    pub fn new(query: &'a Query, index: &Index, models: Models) -> Result<Self> {
        let nearness = match models.embedder {
            true => index.vectors.question(&query.text)?,
            false => Nearness::none(),
        };
        Ok(Self {
            query,
            matcher: index.matcher(query)?,
            alignment: Alignment::new(StaticEmbedder::built_in(), &query.bare),
            nearness,
            reranker: index.reranker().filter(|_| models.reranker),
        })
    }
}
