//! How likely the answer is right: a logistic curve over the [`Evidence`].

use super::evidence::Evidence;

/// From here on it is called an answer.
pub(super) const ENOUGH: f64 = 0.5;

/// The weight of each figure, in the order of [`Evidence::named`].
const WEIGHTS: [f64; 15] =
    [10.5, 5.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
const OFFSET: f64 = -6.1;

/// 0 to 1.
pub(super) fn of(evidence: &Evidence) -> f64 {
    let sum: f64 =
        evidence.named().iter().zip(WEIGHTS).map(|((_, value), weight)| value * weight).sum();
    1.0 / (1.0 + (-(sum + OFFSET)).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_question_names_speaks_for_an_answer() {
        let all = Evidence { coverage: 0.9, bm25: 0.6, ..Evidence::default() };
        let little = Evidence { coverage: 0.2, bm25: 0.1, ..Evidence::default() };
        assert!(of(&all) > of(&little));
        assert!(of(&Evidence::default()) < ENOUGH);
    }
}
