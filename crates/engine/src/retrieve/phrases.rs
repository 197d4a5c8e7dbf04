//! Phrases that a query looks for besides its terms.
//!
//! A **word** of the dictionary stands where all its atoms stand in a row. An **alternative**
//! stands for a phrase of the question: where a text says 营业收入 and the question 营收, the text
//! is read as if 营收 stood there, with what is before and behind, so that the pairs across the
//! ends match as well. What the question's own words would find there is not found twice.

use super::matcher::{Found, Matcher};
use crate::lexicon::Rule;
use crate::query::Query;
use crate::text::segment::Segmented;

/// A phrase to be found in texts.
#[derive(Debug, Clone)]
pub(super) enum Wanted {
    /// A word of the dictionary, which is a term.
    Word { text: String, term: usize },
    /// What may stand for a phrase of the question.
    Alternative(Box<Alternative>),
}

/// What may stand for a phrase of the question.
#[derive(Debug, Clone)]
pub(super) struct Alternative {
    rule: Rule,
    /// The terms of the phrase.
    terms: Vec<usize>,
    /// Where it stands inside the phrase, if it does: 联通 in 中国联通.
    inside: Option<usize>,
}

/// The dictionary's words among the terms of a query.
pub(super) fn words(query: &Query) -> Vec<Wanted> {
    let words = query.terms.iter().enumerate().filter(|(_, term)| !term.inside.is_empty());
    words.map(|(at, word)| Wanted::Word { text: word.text.clone(), term: at }).collect()
}

/// What may stand for phrases of a query. `plain` finds the query's own terms.
pub(super) fn alternatives(query: &Query, plain: &Matcher) -> Vec<Wanted> {
    let alternative = |rule: &Rule| {
        let mut terms: Vec<usize> =
            plain.find(&rule.from.text).hits.iter().map(|hit| hit.0).collect();
        terms.sort_unstable();
        terms.dedup();
        let inside = rule.from.text.find(&rule.to.text);
        Wanted::Alternative(Box::new(Alternative { rule: rule.clone(), terms, inside }))
    };
    query.alternatives.iter().map(alternative).collect()
}

impl Wanted {
    /// Adds what a text holds of the phrase.
    pub(super) fn find(&self, text: &Segmented, matcher: &Matcher, found: &mut Found) {
        let phrase = match self {
            Self::Word { text, .. } => text,
            Self::Alternative(alternative) => &alternative.rule.to.text,
        };
        for at in 0..text.atoms().len() {
            let Some(end) = text.run_at(at, phrase) else { continue };
            match self {
                Self::Word { term, .. } => found.hits.push((*term, text.atoms()[at].start)),
                Self::Alternative(alternative) => {
                    alternative.take(text, at..end, matcher, &mut found.instead);
                }
            }
        }
    }
}

impl Alternative {
    /// Adds the question's terms that a run of atoms stands for.
    fn take(
        &self,
        text: &Segmented,
        run: std::ops::Range<usize>,
        matcher: &Matcher,
        instead: &mut Vec<(usize, u32)>,
    ) {
        if self.is_original(text, run.start) {
            return;
        }
        let atoms = text.atoms();
        let start = atoms[run.start].start;
        instead.extend(self.terms.iter().map(|term| (*term, start)));
        let mut pair = |text: String| instead.extend(matcher.place(&text).map(|at| (at, start)));
        if let Some(before) = run.start.checked_sub(1).filter(|_| atoms[run.start].joined) {
            pair(format!("{}{}", text.text(&atoms[before]), self.rule.from.ends[0]));
        }
        if let Some(behind) = atoms.get(run.end).filter(|behind| behind.joined) {
            pair(format!("{}{}", self.rule.from.ends[1], text.text(behind)));
        }
    }

    /// Whether the phrase of the question stands around what is inside it.
    fn is_original(&self, text: &Segmented, at: usize) -> bool {
        let Some(inside) = self.inside else { return false };
        let original = &self.rule.from.text;
        let before = original[..inside].chars().count();
        (at.saturating_sub(before)..=at).any(|from| text.run_at(from, original).is_some())
    }
}
