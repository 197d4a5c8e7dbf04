//! How likely the best passage answers the question.
//!
//! A logistic curve over two signals of the best passage: the share of the question that it
//! covers, and its BM25. The coefficients were fitted on questions of four collections asked of
//! their own documents (answered) and of each other's (not answered). What it cannot see is a
//! question whose words all stand together in a passage that does not answer it.

use crate::retrieve::Ranked;

/// From here on it is called an answer.
pub(super) const ENOUGH: f64 = 0.5;

const COVERAGE: f64 = 10.5;
const BM25: f64 = 5.5;
const OFFSET: f64 = -6.1;

/// 0 to 1.
pub(super) fn of(ranked: &[Ranked]) -> f64 {
    let Some(best) = ranked.first() else { return 0.0 };
    let evidence = COVERAGE * best.signals.coverage + BM25 * best.signals.bm25 + OFFSET;
    1.0 / (1.0 + (-evidence).exp())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::retrieve::{Signals, Stored};

    #[test]
    fn more_of_the_question_is_more_likely_an_answer() {
        let with = |coverage, bm25| {
            let signals = Signals { coverage, bm25, ..Signals::default() };
            let stored = Stored {
                version: 1,
                name: Arc::from("a"),
                meta: Arc::default(),
                passage: Arc::default(),
            };
            of(&[Ranked { stored, score: 0.0, signals }])
        };
        assert!(with(0.7, 0.4) > ENOUGH);
        assert!(with(0.2, 0.1) < ENOUGH);
        assert!(of(&[]) < ENOUGH);
    }
}
