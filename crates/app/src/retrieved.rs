//! What was found, as other programs get it: passages under ids that stay, with what is known of
//! their documents and a score between 0 and 1.
//!
//! A passage's id is `<version>/<ordinal>`: the catalogue's number of the document's version, which
//! is never used twice, and the passage's number in it. It holds until the document is replaced or
//! removed; then it is unknown, and never another passage's.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde_json::{Map, Value, json};
use yuanwen_engine::Result;
use yuanwen_engine::answer::{Answer, AskOptions};
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::passage::Passage;
use yuanwen_engine::retrieve::{Ranked, Weights};
use yuanwen_engine::store::Entry;

use crate::answer::rounded;
use crate::wording;

/// The most passages that are worth asking for: about what the engine considers of a question.
pub(crate) const MOST: usize = 100;

/// What a passage is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PassageId {
    pub(crate) version: u64,
    pub(crate) ordinal: u32,
}

impl fmt::Display for PassageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.version, self.ordinal)
    }
}

impl FromStr for PassageId {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let (version, ordinal) = text.split_once('/').ok_or(())?;
        let is_plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_plain(version) || !is_plain(ordinal) {
            return Err(());
        }
        let version = version.parse().map_err(|_| ())?;
        Ok(Self { version, ordinal: ordinal.parse().map_err(|_| ())? })
    }
}

/// A passage that was found.
#[derive(Debug, Clone)]
pub(crate) struct Retrieved {
    pub(crate) id: PassageId,
    pub(crate) entry: Entry,
    pub(crate) passage: Passage,
    /// How well it fits, 0 to 1.
    pub(crate) score: f64,
}

/// The passages nearest to a question, best first.
pub(crate) fn nearest(kb: &KnowledgeBase, question: &str, top: usize) -> Result<Vec<Retrieved>> {
    let answer = kb.ask(question, &AskOptions { top, ..AskOptions::default() })?;
    passages(kb, &answer)
}

/// The passages that an answer was chosen from, best first. What was removed meanwhile is left out.
pub(crate) fn passages(kb: &KnowledgeBase, answer: &Answer) -> Result<Vec<Retrieved>> {
    let full = full(&answer.passages);
    let mut out = Vec::with_capacity(answer.passages.len());
    let mut entries: BTreeMap<u64, Option<Entry>> = BTreeMap::new();
    for ranked in &answer.passages {
        let stored = &ranked.stored;
        let entry = match entries.entry(stored.version) {
            Slot::Occupied(known) => known.get().clone(),
            Slot::Vacant(slot) => slot.insert(kb.entry(stored.version)?).clone(),
        };
        let Some(entry) = entry else { continue };
        out.push(Retrieved {
            id: PassageId { version: stored.version, ordinal: stored.passage.ordinal },
            entry,
            passage: (*stored.passage).clone(),
            score: rounded((ranked.score / full).clamp(0.0, 1.0)),
        });
    }
    Ok(out)
}

/// The score of a passage that holds all that a question says. Only signals that each question has
/// count here: what a matching title or period adds is cut off at 1. The order is that of the scores.
fn full(ranked: &[Ranked]) -> f64 {
    let weights = ranked.first().map_or_else(Weights::default, |ranked| ranked.weights);
    let reranked = ranked.iter().any(|ranked| ranked.signals.reranked > 0.0);
    let own = [weights.bm25, weights.coverage, weights.window, weights.meaning];
    let of_best = [weights.aligned, weights.sentence];
    let model = if reranked { weights.reranked } else { 0.0 };
    own.iter().chain(&of_best).sum::<f64>() + model
}

impl Retrieved {
    /// What a person would call it: document, page, heading.
    pub(crate) fn title(&self) -> String {
        let heading = self.passage.headings.last().cloned();
        let page = self.passage.page.map(wording::page);
        let parts = [Some(title(&self.entry)), page, heading];
        parts.into_iter().flatten().collect::<Vec<_>>().join(wording::AND)
    }

    /// What is known of it, by name: the same names wherever passages are listed or filtered.
    pub(crate) fn attributes(&self) -> Map<String, Value> {
        let mut known = about(&self.entry);
        known.insert("passage".to_owned(), json!(self.id.to_string()));
        if let Some(page) = self.passage.page {
            known.insert("page".to_owned(), json!(page));
        }
        if !self.passage.headings.is_empty() {
            let headings = self.passage.headings.join(wording::PATH);
            known.insert("headings".to_owned(), json!(headings));
        }
        known
    }
}

/// What is known of a document, by name.
pub(crate) fn about(entry: &Entry) -> Map<String, Value> {
    let meta = &entry.meta;
    let known = [
        ("document", Some(json!(&*entry.name))),
        ("file", Some(json!(file(entry)))),
        ("format", serde_json::to_value(entry.format).ok()),
        ("kind", serde_json::to_value(meta.kind).ok()),
        ("title", meta.title.as_ref().map(|title| json!(title))),
        ("published", meta.published.map(|date| json!(date.to_string()))),
        ("period", meta.period.map(|period| json!(period.to_string()))),
        ("publisher", meta.publisher.as_ref().map(|publisher| json!(publisher))),
    ];
    known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// The name of a document's file.
pub(crate) fn file(entry: &Entry) -> &str {
    Path::new(&entry.path).file_name().and_then(|name| name.to_str()).unwrap_or(&entry.name)
}

/// What a document calls itself, or its name.
pub(crate) fn title(entry: &Entry) -> String {
    entry.meta.title.clone().unwrap_or_else(|| entry.name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_written_and_nothing_else_is() {
        let id = PassageId { version: 12, ordinal: 3 };
        assert_eq!(id.to_string(), "12/3");
        assert_eq!("12/3".parse(), Ok(id));
        for wrong in ["", "12", "12/", "/3", "12/3/4", "+12/3", "12/-3", " 12/3", "一/二"] {
            assert_eq!(wrong.parse::<PassageId>(), Err(()), "{wrong}");
        }
        assert_eq!("99999999999999999999/0".parse::<PassageId>(), Err(()));
    }
}
