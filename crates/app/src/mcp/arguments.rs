//! What tools are called with. What cannot be used is said in words that a model can act on.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use yuanwen_parse::Date;

use super::ToolError;
use crate::cli;
use crate::retrieved::MOST;

/// No question is longer, in characters.
const LONGEST: usize = 4000;
/// No more questions before are taken; the engine looks at fewer.
const MOST_BEFORE: usize = 100;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    pub(super) query: String,
    pub(super) top: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fetch {
    pub(super) id: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    pub(super) question: String,
    #[serde(default)]
    pub(super) after: Vec<String>,
    pub(super) as_of: Option<String>,
    pub(super) top: Option<usize>,
}

/// The arguments of a tool.
pub(super) fn read<T: DeserializeOwned>(
    arguments: Map<String, Value>,
    example: &str,
) -> Result<T, ToolError> {
    serde_json::from_value(Value::Object(arguments))
        .map_err(|error| ToolError(format!("{error}; give for example {example}")))
}

/// A question that can be answered.
pub(super) fn question<'a>(text: &'a str, field: &str) -> Result<&'a str, ToolError> {
    match text.trim() {
        "" => Err(ToolError(format!("`{field}` is empty; give a question, best in Chinese"))),
        text if text.chars().count() > LONGEST => {
            Err(ToolError(format!("`{field}` is too long; give at most {LONGEST} characters")))
        }
        text => Ok(text),
    }
}

/// The questions before, the latest last.
pub(super) fn before(after: &[String]) -> Result<Vec<&str>, ToolError> {
    if after.len() > MOST_BEFORE {
        return Err(ToolError(format!("`after` has more than {MOST_BEFORE}; give the last few")));
    }
    after.iter().map(|text| question(text, "after")).collect()
}

/// How many passages to list.
pub(super) fn top(top: Option<usize>, usual: usize) -> Result<usize, ToolError> {
    match top.unwrap_or(usual) {
        top @ 1..=MOST => Ok(top),
        _ => Err(ToolError(format!("`top` is how many passages to list, from 1 to {MOST}"))),
    }
}

/// The date that relative times are counted from.
pub(super) fn as_of(text: Option<&str>) -> Result<Option<Date>, ToolError> {
    text.map(cli::date).transpose().map_err(|why| ToolError(format!("`as_of`: {why}")))
}
