//! How likely the answer is right: a logistic curve over the [`Evidence`].
//!
//! The weights were learned by `benches/learn_confidence.py` from 4,509 labelled questions of five
//! collections and 747 that their documents do not answer (`benches/unanswerable.py`); the figures
//! were checked on folds by document. An answer counted as right unless it held no keyword and
//! resembled no label. What they cannot see is a question whose words all stand together in a
//! passage that does not answer it, and often a name that is swapped for another one that the
//! documents know.

use super::evidence::Evidence;

/// From here on it is called an answer: 85 % of the questions that could be answered were.
pub(super) const ENOUGH: f64 = 0.64;

/// The weight of each figure, in the order of [`Evidence::named`].
const WEIGHTS: [(&str, f64); 11] = [
    ("coverage", 2.07),
    ("bm25", 1.08),
    ("margin", 1.15),
    ("lead", 1.02),
    ("strange", -4.02),
    ("elsewhere", -1.68),
    ("rare", -1.22),
    ("years", -4.64),
    ("figures", -1.17),
    ("kind", -2.52),
    ("short", -1.2),
];
const OFFSET: f64 = -0.89;

/// 0 to 1.
pub(super) fn of(evidence: &Evidence) -> f64 {
    let figures = evidence.named();
    let sum: f64 =
        figures.iter().zip(WEIGHTS).map(|((_, value), (_, weight))| value * weight).sum();
    1.0 / (1.0 + (-(sum + OFFSET)).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_question_names_speaks_for_an_answer() {
        let all =
            Evidence { coverage: 0.9, bm25: 0.6, lead: 0.5, margin: 0.5, ..Evidence::default() };
        assert!(of(&all) >= ENOUGH);
        let little = Evidence { coverage: 0.2, bm25: 0.1, ..all };
        assert!(of(&little) < of(&all));
        for lacking in [Evidence { years: 1.0, ..all }, Evidence { strange: 1.0, ..all }] {
            assert!(of(&lacking) < ENOUGH, "{lacking:?}");
        }
    }

    #[test]
    fn each_figure_has_its_weight() {
        let named = Evidence::default().named().map(|(name, _)| name);
        assert_eq!(named, WEIGHTS.map(|(name, _)| name));
    }
}
