//! How likely the answer is right: two logistic curves over the [`Evidence`].
//!
//! One tells whether the documents answer the question at all, the other whether what was chosen
//! does if they do: a passage that lacks a name speaks against the first, two sentences that are
//! equally good against the second, and one curve for both was measured to do neither well. Their
//! logarithms are weighed and made a probability again.
//!
//! The weights were learned by `benches/learn_confidence.py` from 4,604 labelled questions of six
//! collections, look-ups in tables among them, and 2,101 that their documents do not answer
//! (`benches/unanswerable.py`); the figures were checked on folds by document. An answer counted as
//! right unless it held no keyword and resembled no label. What they cannot see is a question whose
//! words all stand together in a passage that does not answer it, and often a name that is swapped
//! for another one that the documents know.

use super::evidence::Evidence;

/// From here on it is called an answer: 85 % of the questions that could be answered were.
pub(super) const ENOUGH: f64 = 0.695;

/// For each figure, in the order of [`Evidence::named`], what it weighs in telling whether the
/// documents answer the question, and whether what was chosen does if they do.
const WEIGHTS: [(&str, f64, f64); 21] = [
    ("bm25", 4.39, 0.51),
    ("margin", -0.61, 2.16),
    ("lead", 0.06, 1.61),
    ("strange", -3.17, -1.04),
    ("elsewhere", -0.92, -0.41),
    ("rare", -2.82, 1.30),
    ("years", -7.97, -0.75),
    ("figures", -2.79, -0.73),
    ("kind", -0.46, -2.24),
    ("unmatched", -5.62, 0.45),
    ("unheld", -4.35, -1.84),
    ("window", -1.51, -0.63),
    ("aligned", 2.18, 0.95),
    ("share", -3.05, 0.38),
    ("meant", 0.87, 2.57),
    ("ahead", 0.75, -0.72),
    ("asked", -1.65, -0.04),
    ("nearer", 0.24, 0.61),
    ("form", -1.69, 2.81),
    ("row", 0.75, 2.26),
    ("length", -2.11, 0.83),
];
const OFFSETS: (f64, f64) = (5.96, -2.46);
/// What the logarithm of the first probability counts against that of the second. Less than 1:
/// what the documents do not answer is told apart more easily than a wrong sentence.
const ANSWERED: f64 = 0.35;
/// What makes a probability of the weighed sum again: its factor and offset.
const SCALE: (f64, f64) = (6.25, 2.58);

/// 0 to 1.
pub(super) fn of(evidence: &Evidence) -> f64 {
    let (mut answered, mut right) = OFFSETS;
    for ((_, value), (_, first, second)) in evidence.named().iter().zip(WEIGHTS) {
        answered += value * first;
        right += value * second;
    }
    let both = ANSWERED * logistic(answered).ln() + logistic(right).ln();
    logistic(SCALE.0 * both + SCALE.1)
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_question_names_speaks_for_an_answer() {
        let all = Evidence {
            bm25: 0.5,
            margin: 0.2,
            lead: 0.5,
            unmatched: 0.2,
            unheld: 0.15,
            window: 0.7,
            aligned: 0.8,
            share: 0.6,
            meant: 0.7,
            ahead: 0.3,
            nearer: 0.2,
            form: 0.2,
            length: 0.1,
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
        assert_eq!(named, WEIGHTS.map(|(name, ..)| name));
    }
}
