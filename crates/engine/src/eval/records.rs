//! The two files of an evaluation, one JSON object a line.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead};

use serde::{Deserialize, Deserializer};

use crate::answer::Companions;

/// What identifies a question in both files.
pub type Id = i64;

/// What can be wrong with a file of questions or answers.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be read on.
    #[error("line {line}: {source}")]
    Read {
        /// The line, from 1.
        line: usize,
        /// What the system says.
        source: io::Error,
    },
    /// A line is not the object that was expected.
    #[error("line {line} is not a valid record: {source}")]
    Record {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it, with the column.
        source: serde_json::Error,
    },
}

/// A labelled question: one line of a gold file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Question {
    /// Its number; a string of digits is accepted.
    #[serde(deserialize_with = "id")]
    pub id: Id,
    /// The question itself.
    pub question: String,
    /// What sort of question it is, as whoever labelled it says.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// Its weight in the mean of scores.
    #[serde(default = "one")]
    pub difficulty: f64,
    /// The share of the keywords in the score, 0 to 1.
    #[serde(default = "half")]
    pub kw_weight: f64,
    /// Strings that a right answer contains.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// The text that answers it, all blocks together. Empty if the documents do not answer it:
    /// such a question is not scored.
    #[serde(default)]
    pub blocks: Vec<Block>,
    /// Other texts that answer it as well.
    #[serde(default)]
    pub alternatives: Vec<Vec<Block>>,
}

/// What was answered to one question: one line of an answers file. Other fields are ignored.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Answered {
    /// The question's number; a string of digits is accepted.
    #[serde(deserialize_with = "id")]
    pub id: Id,
    /// Whether the answer was offered as one.
    #[serde(default = "yes")]
    pub found: bool,
    /// How likely it was said to be right, 0 to 1.
    #[serde(default)]
    pub confidence: Option<f64>,
    /// What the confidence is made of, by name.
    #[serde(default)]
    pub evidence: BTreeMap<String, f64>,
    /// What the answer would be with other sentences: that of one alone, and with each other one
    /// beside it, with what speaks for that.
    #[serde(skip)]
    pub companions: Option<Companions>,
    /// The returned text, blocks joined; given also where `found` is false.
    #[serde(default)]
    pub answer: String,
    /// Where the text stands, best first.
    #[serde(default)]
    pub blocks: Vec<Block>,
    /// The retrieved passages, best first.
    #[serde(default)]
    pub passages: Vec<Block>,
}

/// A piece of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Block {
    /// The file's name without its extension.
    pub doc: String,
    /// Its page, from 1; absent for formats without pages.
    #[serde(default)]
    pub page: Option<u32>,
    /// Its text.
    #[serde(default)]
    pub text: String,
}

/// Reads a gold file: one [`Question`] a line, blank lines skipped.
///
/// # Errors
/// The first line that cannot be read or is not a question.
pub fn load_gold(reader: impl BufRead) -> Result<Vec<Question>, Error> {
    load_lines(reader)
}

/// Reads an answers file: one [`Answered`] a line, blank lines skipped. Where two lines answer the
/// same question the later one counts.
///
/// # Errors
/// The first line that cannot be read or is not an answer.
pub fn load_answers(reader: impl BufRead) -> Result<HashMap<Id, Answered>, Error> {
    Ok(load_lines(reader)?.into_iter().map(|answer: Answered| (answer.id, answer)).collect())
}

fn load_lines<T: for<'a> Deserialize<'a>>(reader: impl BufRead) -> Result<Vec<T>, Error> {
    let mut records = Vec::new();
    for (at, text) in reader.lines().enumerate() {
        let line = at + 1;
        let text = text.map_err(|source| Error::Read { line, source })?;
        if text.trim().is_empty() {
            continue;
        }
        let record =
            serde_json::from_str(&text).map_err(|source| Error::Record { line, source })?;
        records.push(record);
    }
    Ok(records)
}

fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a number, or a string of digits, as the id")]
    enum Raw {
        Number(Id),
        Text(String),
    }
    match Raw::deserialize(deserializer)? {
        Raw::Number(id) => Ok(id),
        Raw::Text(text) => text.trim().parse().map_err(serde::de::Error::custom),
    }
}

fn one() -> f64 {
    1.0
}

fn half() -> f64 {
    0.5
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines_and_names_the_bad_one() {
        let gold = "{\"id\": \"7\", \"question\": \"？\"}\n\n";
        assert_eq!(load_gold(gold.as_bytes()).unwrap()[0].id, 7);
        let answers = "{\"id\": 1, \"answer\": \"a\", \"ms\": 3}\n{\"id\": 1, \"answer\": \"b\"}\n";
        let answers = load_answers(answers.as_bytes()).unwrap();
        assert_eq!((answers.len(), answers[&1].answer.as_str(), answers[&1].found), (1, "b", true));
        let error = load_gold("\n{\"id\": true}".as_bytes()).unwrap_err();
        assert!(error.to_string().starts_with("line 2 "), "{error}");
    }
}
