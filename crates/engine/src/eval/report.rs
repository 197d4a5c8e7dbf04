//! The figures of a run, as they are printed and serialised.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use super::records::Id;
use crate::query::Asks;

/// The depths at which recall is reported.
pub const DEPTHS: [usize; 4] = [1, 3, 5, 10];

/// All figures of a run. Shares are percentages; with no question to score they are NaN.
///
/// Serialised, `recall` becomes `recall@1`, `recall@3`, …, and NaN becomes null.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// Questions scored: those with at least one labelled block.
    pub questions: usize,
    /// The contest's score, 0 to 100.
    pub bdci: f64,
    /// The mean share of keywords contained.
    pub keywords: f64,
    /// The mean similarity to the label.
    pub similarity: f64,
    /// The share of questions answered with `found`, or not mentioned at all.
    pub given: f64,
    /// The share of those answers that hold no keyword and resemble no label (below 0.5).
    pub wrong: f64,
    /// The share whose first block is in a labelled document.
    pub doc: f64,
    /// The share whose first block is on a labelled page, among the questions whose labels have
    /// pages; NaN when none has.
    pub page: f64,
    /// The mean of 1 ∕ rank, 0 to 1.
    pub mrr: f64,
    /// The share found among the first [`DEPTHS`] passages.
    #[serde(flatten, serialize_with = "recall_keys")]
    pub recall: [f64; 4],
    /// How far the confidences are from the shares of right answers; absent without confidences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Calibration>,
    /// The questions one by one, in the order of the gold file.
    pub rows: Vec<Row>,
}

/// What the confidences are worth, and what was answered that cannot be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// The expected calibration error, 0 to 1, over all questions asked.
    pub ece: f64,
    /// The answers by their confidence, in bins of equal width that hold any.
    pub bins: Vec<Bin>,
    /// How many questions were asked that the documents do not answer.
    pub unanswerable: usize,
    /// The share of these, in per cent, that got an answer; NaN without such questions.
    pub false_answers: f64,
    /// These questions one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Refused>,
}

/// Answers of about the same confidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Bin {
    /// How many there are.
    pub answers: usize,
    /// Their mean confidence, 0 to 1.
    pub confidence: f64,
    /// The share of right ones, 0 to 1.
    pub right: f64,
}

/// A question that the documents do not answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Refused {
    /// Its number.
    pub id: Id,
    /// The question itself.
    pub question: String,
    /// Whether it was answered all the same.
    pub found: bool,
    /// How likely the answer was said to be right.
    pub confidence: f64,
    /// What the confidence is made of.
    pub evidence: BTreeMap<String, f64>,
}

/// One question's figures.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Row {
    /// The question's number.
    pub id: Id,
    /// The question itself.
    pub question: String,
    /// The kind of answer that it wants.
    pub asks: Asks,
    /// The sort of question that its label names; what it asks where that names none.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its weight in the mean of scores.
    pub difficulty: f64,
    /// Whether an answer was given; else `answer` is the nearest there was.
    pub found: bool,
    /// What was answered.
    pub answer: String,
    /// The text of the label that the answer comes nearest to.
    pub expected: String,
    /// Its score, 0 to 1.
    pub score: f64,
    /// The share of its keywords that the answer contains, 0 to 1.
    pub kw: f64,
    /// The similarity of answer and label, 0 to 1.
    pub es: f64,
    /// The answer's length as a multiple of the label's.
    pub length: f64,
    /// Where the retrieved passages first hold the label, from 1.
    pub rank: Option<usize>,
    /// Whether the answer holds no keyword and resembles no label.
    pub wrong: bool,
    /// How likely the answer was said to be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// What the confidence is made of.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<String, f64>,
    /// What the answer of one sentence is worth, and what with each other one beside it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<Companion>,
}

/// What an answer would have been worth.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Companion {
    /// What speaks for it; nothing for the sentence alone.
    pub figures: BTreeMap<&'static str, f64>,
    /// Its score, 0 to 1.
    pub score: f64,
    /// Whether it holds no keyword and resembles no label.
    pub wrong: bool,
}

impl Report {
    /// The `n` questions with the lowest scores, worst first; of equals the earlier one.
    #[must_use]
    pub fn worst(&self, n: usize) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by(|a, b| a.score.total_cmp(&b.score));
        rows.truncate(n);
        rows
    }
}

impl fmt::Display for Report {
    /// All figures on one line: `questions=22  bdci=71.250  …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "questions={}", self.questions)?;
        let mut figure = |name: &str, value: f64| match value {
            value if value.is_nan() => write!(f, "  {name}=nan"),
            value => write!(f, "  {name}={value:.3}"),
        };
        figure("bdci", self.bdci)?;
        figure("keywords", self.keywords)?;
        figure("similarity", self.similarity)?;
        figure("given", self.given)?;
        figure("wrong", self.wrong)?;
        figure("doc", self.doc)?;
        figure("page", self.page)?;
        figure("mrr", self.mrr)?;
        for (depth, value) in DEPTHS.iter().zip(self.recall) {
            figure(&format!("recall@{depth}"), value)?;
        }
        if let Some(calibration) = &self.calibration {
            figure("ece", calibration.ece)?;
            if calibration.unanswerable > 0 {
                figure("false", calibration.false_answers)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Row {
    /// The question with what was good and bad about its answer, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { score, kw, es, length, .. } = self;
        let rank = self.rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
        write!(f, "{score:.2} kw={kw:.2} es={es:.2} len x{length:.1} rank={rank} ")?;
        write!(f, "#{} {}", self.id, self.question)
    }
}

fn recall_keys<S: Serializer>(recall: &[f64; 4], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(DEPTHS.iter().map(|depth| format!("recall@{depth}")).zip(recall))
}
