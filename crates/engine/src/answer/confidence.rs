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
pub(super) const ENOUGH: f64 = 0.71;

/// For each figure, in the order of [`Evidence::named`], what it weighs in telling whether the
/// documents answer the question, and whether what was chosen does if they do.
const WEIGHTS: [(&str, f64, f64); 21] = [
    ("bm25", 4.02, 0.54),
    ("margin", -0.08, 2.08),
    ("lead", -1.02, 1.56),
    ("strange", -3.16, -1.00),
    ("elsewhere", -0.98, -0.46),
    ("rare", -2.81, 1.23),
    ("years", -8.16, -0.75),
    ("figures", -3.73, -0.93),
    ("kind", -0.44, -2.25),
    ("unmatched", -5.97, 0.37),
    ("unheld", -4.27, -1.80),
    ("window", -2.71, -0.58),
    ("aligned", 2.73, 0.88),
    ("share", -3.44, 0.30),
    ("meant", 0.38, 2.47),
    ("ahead", 2.53, -0.77),
    ("asked", -0.80, 0.02),
    ("nearer", 0.69, 0.87),
    ("form", -1.28, 2.82),
    ("row", 0.89, 2.27),
    ("length", -1.63, 0.77),
];
const OFFSETS: (f64, f64) = (6.61, -2.28);
/// What the logarithm of the first probability counts against that of the second. Less than 1:
/// what the documents do not answer is told apart more easily than a wrong sentence.
const ANSWERED: f64 = 0.4;
/// What makes a probability of the weighed sum again: its factor and offset.
const SCALE: (f64, f64) = (5.78, 2.61);

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
