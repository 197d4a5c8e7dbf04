//! From ranked passages to the smallest complete blocks of original text that answer.
//!
//! The best passage is cut into `units`: sentences, table rows, headings. The unit that holds
//! most of what the question names is the core of the answer, and what belongs to it is added
//! (`select`): to a fact as much as makes it readable, to an announcement the enumeration that
//! it announces (`list`), to a table row its header. Passages of the same document before
//! and behind are looked at too, since an enumeration may run on.
//!
//! The median answer that a person marks has about 100 characters: a whole passage says too much,
//! and is measured worse than a good sentence.
//!
//! Every block is a list of byte ranges of the document's blocks; nothing is ever reworded.

mod companion;
mod compare;
mod confidence;
mod evidence;
mod fit;
mod grow;
mod kinds;
mod list;
mod named;
mod near;
mod rows;
mod score;
mod select;
#[cfg(test)]
mod tests;
mod units;

pub use companion::Figures;
pub use evidence::Evidence;

use std::sync::Arc;
use std::time::Instant;

use yuanwen_parse::Date;

use crate::error::Result;
use crate::index::Index;
use crate::passage::Part;
use crate::query::{Query, understand};
use crate::retrieve::{Asked, Models, Passages, Ranked, interleave, retrieve};
use crate::spelling::Correction;

/// How a question is to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskOptions {
    /// How many passages to give beside the answer.
    pub top: usize,
    /// The date that 去年, 本季度 and the like are counted from; `None` for that of the newest
    /// document.
    pub as_of: Option<Date>,
    /// Whether ratings of earlier answers count.
    pub rated: bool,
    /// Which models take part beside the words.
    pub models: Models,
    /// Whether to tell what the answer would be with other sentences, for learning from it.
    pub companions: bool,
}

impl Default for AskOptions {
    fn default() -> Self {
        Self { top: 10, as_of: None, rated: true, models: Models::default(), companions: false }
    }
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Whether the confidence is high enough to call it an answer.
    pub found: bool,
    /// 0 to 1: how likely the blocks answer the question.
    pub confidence: f32,
    /// What the confidence is made of; of several sub-questions that of the least certain.
    pub evidence: Evidence,
    /// The original text that answers, or the nearest there is where `found` is false.
    pub blocks: Vec<AnswerBlock>,
    /// The passages that were considered, best first.
    pub passages: Vec<Ranked>,
    /// Typos that were corrected for it.
    pub corrected: Vec<Correction>,
    /// The rating that says that the blocks are right, if there is one.
    pub rating: Option<u64>,
    /// What the answer would be with other sentences, where [`AskOptions::companions`] asks.
    pub companions: Option<Companions>,
    /// How long it took, in milliseconds.
    pub millis: f64,
}

/// What an answer of one sentence would be with another one beside it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Companions {
    /// The sentence alone.
    pub alone: String,
    /// Both sentences, and what speaks for the other.
    pub pairs: Vec<(Figures, String)>,
}

/// A stretch of original text.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerBlock {
    /// The catalogue's id of the document version.
    pub version: u64,
    /// The file's name without its extension.
    pub name: Arc<str>,
    /// The ordinal of the passage in which it begins.
    pub passage: u32,
    /// Where its text stands in the document's blocks.
    pub parts: Vec<Part>,
    /// The parts' texts, joined by a line feed.
    pub text: String,
    /// The page on which it begins; of a table the page of the row, not of its header.
    pub page: Option<u32>,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
}

/// Answers a question, as it is read without any lexicon.
pub fn ask(
    question: &str,
    index: &Index,
    passages: &dyn Passages,
    options: &AskOptions,
) -> Result<Answer> {
    answer(&understand(question), index, passages, options)
}

/// Answers a question that was read already.
pub fn answer(
    query: &Query,
    index: &Index,
    passages: &dyn Passages,
    options: &AskOptions,
) -> Result<Answer> {
    if query.compares {
        let whole = answer_each(&[query], index, passages, options)?;
        if compare::tells(query, &whole) {
            return Ok(whole);
        }
    }
    match query.parts.is_empty() {
        true => answer_each(&[query], index, passages, options),
        false => answer_each(&query.parts.iter().collect::<Vec<_>>(), index, passages, options),
    }
}

/// Answers each of several questions, for one answer.
fn answer_each(
    questions: &[&Query],
    index: &Index,
    passages: &dyn Passages,
    options: &AskOptions,
) -> Result<Answer> {
    let begin = Instant::now();
    let mut lists = Vec::with_capacity(questions.len());
    let mut blocks: Vec<AnswerBlock> = Vec::new();
    let mut companions = options.companions.then(Companions::default);
    let mut weakest: Option<(f64, Evidence)> = None;
    for part in questions {
        let mut asked = Asked::new(part, index, options.models)?;
        let ranked = retrieve(&mut asked, index, passages)?;
        let (block, evidence) = answer_one(&mut asked, &ranked, index, passages, &mut companions)?;
        let confidence = confidence::of(&evidence);
        if weakest.as_ref().is_none_or(|(lowest, _)| confidence < *lowest) {
            weakest = Some((confidence, evidence));
        }
        if let Some(block) = block {
            add(&mut blocks, block);
        }
        lists.push(ranked);
    }
    let (confidence, evidence) = weakest.unwrap_or_default();
    let mut ranked = interleave(lists);
    ranked.truncate(options.top.max(1));
    Ok(Answer {
        found: !blocks.is_empty() && confidence >= confidence::ENOUGH,
        confidence: if blocks.is_empty() { 0.0 } else { confidence as f32 },
        evidence,
        blocks,
        passages: ranked,
        corrected: Vec::new(),
        rating: None,
        companions: companions.filter(|_| questions.len() == 1),
        millis: begin.elapsed().as_secs_f64() * 1000.0,
    })
}

fn answer_one(
    asked: &mut Asked<'_>,
    ranked: &[Ranked],
    index: &Index,
    passages: &dyn Passages,
    companions: &mut Option<Companions>,
) -> Result<(Option<AnswerBlock>, Evidence)> {
    let nothing = (None, Evidence::default());
    let Some(best) = ranked.first() else { return Ok(nothing) };
    let (query, all) = (asked.query, index.len());
    let mut context = units::Context::around(&best.stored, query.several, passages)?;
    context.near = near::nearness(asked, &context)?;
    let Some(chosen) = select::choose(asked, &context)? else { return Ok(nothing) };
    if let Some((place, part)) = rows::instead(query, ranked, &chosen) {
        let stored = &ranked[place].stored;
        let context = units::Context::around(stored, query.several, passages)?;
        let row = select::row(asked, &context, part);
        if let Some(row) = row.filter(|row| !is_sunk(query, &row.block)) {
            let mut ranked = ranked.to_vec();
            ranked[..=place].rotate_right(1);
            let evidence = evidence::of(asked, &ranked, &row, all);
            return Ok((Some(row.block), evidence));
        }
    }
    if let Some(companions) = companions {
        *companions = chosen.companions(&context);
    }
    let evidence = evidence::of(asked, ranked, &chosen, all);
    if is_sunk(query, &chosen.block) {
        return Ok((None, evidence));
    }
    Ok((Some(chosen.block), evidence))
}

/// Whether a block is what was rejected.
fn is_sunk(query: &Query, block: &AnswerBlock) -> bool {
    let is = |part: &Part| query.sunk.iter().any(|sunk| sunk.is_in(block.version, part));
    block.parts.iter().any(is)
}

/// Adds a block unless what it says is there already.
fn add(blocks: &mut Vec<AnswerBlock>, block: AnswerBlock) {
    let within = |inner: &AnswerBlock, outer: &AnswerBlock| {
        inner.version == outer.version
            && inner.parts.iter().all(|part| {
                outer.parts.iter().any(|other| {
                    other.block == part.block && other.start <= part.start && part.end <= other.end
                })
            })
    };
    if !blocks.iter().any(|known| within(&block, known)) {
        blocks.retain(|known| !within(known, &block));
        blocks.push(block);
    }
}
