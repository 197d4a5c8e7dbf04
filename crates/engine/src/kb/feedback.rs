//! Ratings of answers at work: a confirmed answer is given at once to the same and nearly the same
//! question, a rejected block sinks for them.
//!
//! Two questions are nearly the same when they ask for the same kind of thing, name the same
//! numbers and times, and share most of their terms. Of several ratings the latest counts. What is
//! confirmed is a place in a document; where the document has changed the text is looked for in its
//! new version, and where it is gone the confirmation rests.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use yuanwen_parse::Document;

use super::KnowledgeBase;
use super::writing::locked;
use crate::answer::{Answer, AnswerBlock};
use crate::error::Result;
use crate::passage::{Part, PartKind};
use crate::query::{Query, Sunk};
use crate::store::{RatedBlock, Rating, ReviewState, StoreError, Verdict};
use crate::text::normalize::bare;

/// The share of their terms that nearly the same questions have in common.
const ALIKE: f32 = 0.8;
/// A question that has more characters is not kept.
const LONGEST: usize = 2000;

/// The original text that a person points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The document.
    pub document: u64,
    /// The text, as an answer gives it: lines that stand in the document one after the other.
    pub text: String,
}

/// What somebody says about an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRating {
    /// The question.
    pub question: String,
    /// What they think of the answer.
    pub verdict: Verdict,
    /// What was answered.
    pub blocks: Vec<Quote>,
    /// The original text that answers.
    pub correction: Vec<Quote>,
    /// What they say in their own words.
    pub comment: String,
    /// Who they are.
    pub author: String,
}

/// A change of a rating by whoever looks into it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Review {
    /// The new state.
    pub state: Option<ReviewState>,
    /// What they say.
    pub note: Option<String>,
    /// The original text that answers.
    pub correction: Option<Vec<Quote>>,
    /// Who they are.
    pub reviewer: String,
}

/// The ratings with their questions as they are read.
#[derive(Default)]
pub(super) struct Ratings {
    mark: (i64, i64, i64),
    all: Vec<(Rating, Query)>,
}

/// The ratings as they were lately.
pub(super) type Kept = Mutex<Arc<Ratings>>;

impl KnowledgeBase {
    /// Keeps what somebody says about an answer; it counts from the next question on.
    ///
    /// # Errors
    /// If the question is empty or too long, or a text does not stand in its document.
    pub fn rate(&self, new: NewRating) -> Result<Rating> {
        let question = new.question.trim();
        if question.is_empty() || question.chars().count() > LONGEST {
            return Err(StoreError::NotRatable("the question is empty or too long").into());
        }
        if new.verdict == Verdict::Confirmed && new.blocks.is_empty() {
            return Err(
                StoreError::NotRatable("an answer without a text cannot be confirmed").into()
            );
        }
        let rejected = new.verdict == Verdict::Rejected;
        let rating = Rating {
            id: 0,
            question: question.to_owned(),
            verdict: new.verdict,
            blocks: self.located(&new.blocks)?,
            correction: self.located(&new.correction)?,
            comment: new.comment,
            author: new.author,
            state: rejected.then_some(ReviewState::Open),
            note: String::new(),
            reviewer: String::new(),
            created: 0,
            changed: 0,
        };
        self.rating(self.catalogue.rate(&rating)?)
    }

    /// Changes a rating. What is declined has no effect any more.
    ///
    /// # Errors
    /// If there is none, or a text does not stand in its document.
    pub fn review(&self, id: u64, review: Review) -> Result<Rating> {
        let mut rating = self.rating(id)?;
        if rating.state.is_none() && review.state.is_some() {
            return Err(StoreError::NotRatable("only a rejected answer has a state").into());
        }
        rating.state = review.state.or(rating.state);
        rating.note = review.note.unwrap_or(rating.note);
        if let Some(quotes) = &review.correction {
            rating.correction = self.located(quotes)?;
        }
        rating.reviewer = review.reviewer;
        self.catalogue.review(&rating)?;
        self.rating(id)
    }

    /// Takes a rating back, with all its effects.
    ///
    /// # Errors
    /// If there is none.
    pub fn unrate(&self, id: u64) -> Result<()> {
        match self.catalogue.unrate(id)? {
            true => Ok(()),
            false => Err(StoreError::Unknown { what: "rating", number: id }.into()),
        }
    }

    /// A rating.
    ///
    /// # Errors
    /// If there is none.
    pub fn rating(&self, id: u64) -> Result<Rating> {
        let unknown = || StoreError::Unknown { what: "rating", number: id };
        Ok(self.catalogue.rating(id)?.ok_or_else(unknown)?)
    }

    /// All ratings, the latest first.
    pub fn ratings(&self) -> Result<Vec<Rating>> {
        self.catalogue.ratings()
    }

    fn located(&self, quotes: &[Quote]) -> Result<Vec<RatedBlock>> {
        quotes.iter().map(|quote| self.locate(quote)).collect()
    }

    fn locate(&self, quote: &Quote) -> Result<RatedBlock> {
        let Quote { document, text } = quote;
        let version = self.document(*document)?.entry.map(|entry| entry.version);
        let read = version.map(|version| self.catalogue.document(version)).transpose()?.flatten();
        let parts = read.as_ref().and_then(|read| parts_of(read, text));
        match (version, parts) {
            (Some(version), Some(parts)) => {
                Ok(RatedBlock { document: *document, version, parts, text: text.clone() })
            }
            _ => Err(StoreError::NotInDocument { document: *document }.into()),
        }
    }

    /// The ratings as they are now.
    fn ratings_now(&self) -> Result<Arc<Ratings>> {
        let mark = self.catalogue.ratings_mark()?;
        let kept = Arc::clone(&locked(&self.rated));
        if kept.mark == mark {
            return Ok(kept);
        }
        let mut all = Vec::new();
        for rating in self.catalogue.ratings()? {
            let query = self.read_alone(&rating.question)?;
            all.push((rating, query));
        }
        let ratings = Arc::new(Ratings { mark, all });
        *locked(&self.rated) = Arc::clone(&ratings);
        Ok(ratings)
    }

    /// The ratings that count for a question, the latest first.
    pub(super) fn ratings_of(&self, query: &Query) -> Result<Vec<Rating>> {
        let ratings = self.ratings_now()?;
        let counts = |rating: &Rating| rating.state != Some(ReviewState::Declined);
        let of = |(rating, asked): &&(Rating, Query)| counts(rating) && is_same(query, asked);
        Ok(ratings.all.iter().filter(of).map(|(rating, _)| rating.clone()).collect())
    }

    /// What sinks for a question: what was rejected, unless it was confirmed since.
    pub(super) fn sunk(&self, ratings: &[Rating]) -> Vec<Sunk> {
        let latest = ratings.iter().take_while(|rating| rating.verdict == Verdict::Rejected);
        let blocks = latest.flat_map(|rating| &rating.blocks);
        let sunk = |block: &RatedBlock| -> Vec<Sunk> {
            block.parts.iter().map(|part| Sunk { version: block.version, part: *part }).collect()
        };
        blocks.flat_map(sunk).collect()
    }

    /// Gives what was confirmed instead of what was found, if the latest rating that names the right
    /// text still does.
    pub(super) fn confirmed(&self, answer: &mut Answer, ratings: &[Rating]) -> Result<()> {
        for rating in ratings {
            let right = match rating.verdict {
                Verdict::Confirmed => &rating.blocks,
                Verdict::Rejected if rating.correction.is_empty() => return Ok(()),
                Verdict::Rejected => &rating.correction,
            };
            let mut blocks = Vec::with_capacity(right.len());
            for block in right {
                blocks.extend(self.block_now(block)?);
            }
            if blocks.len() == right.len() {
                *answer = Answer {
                    found: true,
                    confidence: 1.0,
                    blocks,
                    rating: Some(rating.id),
                    ..std::mem::take(answer)
                };
                return Ok(());
            }
        }
        Ok(())
    }

    /// A block as it stands in its document today.
    fn block_now(&self, block: &RatedBlock) -> Result<Option<AnswerBlock>> {
        let Ok(status) = self.document(block.document) else { return Ok(None) };
        let Some(entry) = status.entry else { return Ok(None) };
        let parts = match entry.version == block.version {
            true => Some(block.parts.clone()),
            false => {
                let read = self.catalogue.document(entry.version)?;
                read.and_then(|read| parts_of(&read, &block.text))
            }
        };
        let Some(parts) = parts.filter(|parts| !parts.is_empty()) else { return Ok(None) };
        let first = parts[0];
        let passages = self.catalogue.passages(entry.version)?;
        let holds = |part: &Part| {
            part.block == first.block && part.start <= first.start && first.start < part.end
        };
        let passage = passages.iter().find(|passage| passage.parts.iter().any(holds));
        let source = self.catalogue.block(entry.version, first.block)?;
        Ok(Some(AnswerBlock {
            version: entry.version,
            name: entry.name,
            passage: passage.map_or(0, |passage| passage.ordinal),
            parts,
            text: block.text.clone(),
            page: source.and_then(|source| source.places.page_at(first.start as usize)),
            headings: passage.map(|passage| passage.headings.clone()).unwrap_or_default(),
        }))
    }
}

/// Where the lines of a text stand in a document, one after the other and as near to each other as
/// they do anywhere.
fn parts_of(document: &Document, text: &str) -> Option<Vec<Part>> {
    let lines: Vec<&str> = text.split('\n').filter(|line| !line.trim().is_empty()).collect();
    let first = lines.first()?;
    let mut best: Option<(u32, Vec<Part>)> = None;
    for (at, block) in document.blocks.iter().enumerate() {
        for (start, _) in block.text.match_indices(first) {
            if let Some(parts) = run_from(document, &lines, at, start) {
                let span = parts.last().map_or(0, |last| last.block - at as u32);
                if best.as_ref().is_none_or(|(least, _)| span < *least) {
                    best = Some((span, parts));
                }
            }
        }
        if best.as_ref().is_some_and(|(span, _)| *span == 0) {
            break;
        }
    }
    best.map(|(_, parts)| parts)
}

fn run_from(document: &Document, lines: &[&str], at: usize, start: usize) -> Option<Vec<Part>> {
    let (mut at, mut from) = (at, start);
    let mut parts = Vec::with_capacity(lines.len());
    for line in lines {
        let (block, start) = loop {
            let text = &document.blocks.get(at)?.text;
            match text.get(from..).and_then(|rest| rest.find(line)) {
                Some(found) => break (at, from + found),
                None => (at, from) = (at + 1, 0),
            }
        };
        let end = start + line.len();
        let kind = PartKind::Text;
        parts.push(Part { block: block as u32, start: start as u32, end: end as u32, kind });
        (at, from) = (block, end);
    }
    Some(parts)
}

/// Whether two questions are the same, or nearly.
fn is_same(one: &Query, other: &Query) -> bool {
    if bare(&one.text) == bare(&other.text) {
        return true;
    }
    let numbers = |query: &Query| -> BTreeSet<String> {
        let text = query.terms.iter().map(|term| term.text.clone());
        text.filter(|text| text.chars().any(|ch| ch.is_ascii_digit())).collect()
    };
    one.asks == other.asks
        && one.periods == other.periods
        && numbers(one) == numbers(other)
        && shared(one, other) >= ALIKE
}

/// The share of two questions' terms that both have, by weight.
fn shared(one: &Query, other: &Query) -> f32 {
    let weight = |query: &Query, text: &str| {
        query.terms.iter().find(|term| term.text == text).map_or(0.0, |term| term.weight)
    };
    let all: BTreeSet<&str> =
        one.terms.iter().chain(&other.terms).map(|term| term.text.as_str()).collect();
    let (mut both, mut either) = (0.0, 0.0);
    for text in all {
        let (own, theirs) = (weight(one, text), weight(other, text));
        both += own.min(theirs);
        either += own.max(theirs);
    }
    if either > 0.0 { both / either } else { 0.0 }
}
