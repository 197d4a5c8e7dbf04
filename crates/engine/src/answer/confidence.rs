//! How likely the answer is right: a logistic curve over the [`Evidence`].
//!
//! The weights were learned by `benches/learn_confidence.py` from 4,509 labelled questions of five
//! collections and 1,817 that their documents do not answer (`benches/unanswerable.py`); the figures
//! were checked on folds by document. An answer counted as right unless it held no keyword and
//! resembled no label. What they cannot see is a question whose words all stand together in a
//! passage that does not answer it, and often a name that is swapped for another one that the
//! documents know.

use super::evidence::Evidence;

/// From here on it is called an answer: 85 % of the questions that could be answered were.
pub(super) const ENOUGH: f64 = 0.58;

/// The weight of each figure, in the order of [`Evidence::named`].
const WEIGHTS: [(&str, f64); 13] = [
    ("bm25", 1.73),
    ("margin", 0.74),
    ("lead", 1.06),
    ("strange", -3.66),
    ("elsewhere", 0.05),
    ("rare", -1.89),
    ("years", -5.93),
    ("figures", -2.87),
    ("kind", -2.32),
    ("unmatched", -1.77),
    ("unheld", -4.93),
    ("window", -3.54),
    ("aligned", 4.62),
];
const OFFSET: f64 = 0.53;

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
        let all = Evidence {
            bm25: 0.5,
            margin: 0.1,
            lead: 0.3,
            unmatched: 0.3,
            unheld: 0.15,
            window: 0.7,
            aligned: 0.8,
            ..Evidence::default()
        };
        assert!(of(&all) >= ENOUGH);
        let little = Evidence { bm25: 0.1, unheld: 0.4, ..all };
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
