//! From ranked passages to the smallest complete blocks of original text that answer.

use std::sync::Arc;
use std::time::Instant;

use crate::error::Result;
use crate::index::Lexical;
use crate::passage::Part;
use crate::query::understand;
use crate::retrieve::{Passages, Ranked, interleave, retrieve};

/// How a question is to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskOptions {
    /// How many passages to give beside the answer.
    pub top: usize,
}

impl Default for AskOptions {
    fn default() -> Self {
        Self { top: 10 }
    }
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Whether the confidence is high enough to call it an answer.
    pub found: bool,
    /// 0 to 1: how likely the blocks answer the question.
    pub confidence: f32,
    /// The original text that answers, or the nearest there is where `found` is false.
    pub blocks: Vec<AnswerBlock>,
    /// The passages that were considered, best first.
    pub passages: Vec<Ranked>,
    /// How long it took, in milliseconds.
    pub millis: f64,
}

/// A stretch of original text.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerBlock {
    /// The catalogue's id of the document version.
    pub version: u64,
    /// The file's name without its extension.
    pub name: Arc<str>,
    /// The ordinal of the passage it was chosen from.
    pub passage: u32,
    /// Where its text stands in the document's blocks.
    pub parts: Vec<Part>,
    /// The parts' texts, joined by a line feed.
    pub text: String,
    /// The page on which it begins.
    pub page: Option<u32>,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
}

/// Answers a question.
pub fn ask(
    question: &str,
    lexical: &Lexical,
    passages: &dyn Passages,
    options: &AskOptions,
) -> Result<Answer> {
    let begin = Instant::now();
    let query = understand(question);
    let mut ranked = retrieve(&query, lexical, passages)?;
    if !query.parts.is_empty() {
        let lists: Result<Vec<_>> =
            query.parts.iter().map(|part| retrieve(part, lexical, passages)).collect();
        ranked = interleave(lists?);
    }
    ranked.truncate(options.top.max(1));
    let blocks: Vec<_> = ranked.iter().take(1).map(whole).collect();
    let millis = begin.elapsed().as_secs_f64() * 1000.0;
    Ok(Answer { found: !blocks.is_empty(), confidence: 0.5, blocks, passages: ranked, millis })
}

fn whole(ranked: &Ranked) -> AnswerBlock {
    let stored = &ranked.stored;
    AnswerBlock {
        version: stored.version,
        name: Arc::clone(&stored.name),
        passage: stored.passage.ordinal,
        parts: stored.passage.parts.clone(),
        text: stored.passage.text.clone(),
        page: stored.passage.page,
        headings: stored.passage.headings.clone(),
    }
}
