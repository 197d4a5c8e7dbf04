//! An answer as programs and people read it.

use std::io::Write;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use yuanwen_engine::answer::{Answer, AnswerBlock};
use yuanwen_engine::kb::{KnowledgeBase, Mark, Piece, Place};
use yuanwen_engine::retrieve::Ranked;
use yuanwen_engine::spelling::Correction;
use yuanwen_parse::Format;

use crate::explained::{Explained, Signal};
use crate::layout;
use crate::output::{for_people, plain};
use crate::shapes;
use crate::wording;
use crate::written::Written;

/// Passages are shown to people up to this many characters.
const SHOWN: usize = 160;

/// An answer as JSON. Fields that are not of the batch format are left out there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Answer)]
pub(crate) struct Answered {
    /// In a batch the id of the question, from the service that of the answer.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) question: Option<String>,
    /// The question completed with what it leaves out of those before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) completed: Option<String>,
    /// Typos that were corrected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) corrected: Vec<Corrected>,
    /// Whether the confidence is high enough to call it an answer.
    pub(crate) found: bool,
    /// The blocks' texts, joined by a line feed.
    pub(crate) answer: String,
    /// The original text that answers, or the nearest there is where `found` is false.
    pub(crate) blocks: Vec<Cited>,
    /// The passages that were considered, best first.
    pub(crate) passages: Vec<Considered>,
    /// How likely the blocks answer the question: 0 to 1.
    pub(crate) confidence: f64,
    /// What scores and confidence are made of, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) explained: Option<Explained>,
    /// How long it took, in milliseconds.
    pub(crate) ms: f64,
    /// What a language model wrote, where one was named; null where it was not asked.
    #[schema(value_type = Option<Written>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) llm: Option<Option<Written>>,
}

/// A typo and what was understood.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Corrected {
    pub(crate) from: String,
    pub(crate) to: String,
}

/// A stretch of original text with where it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Block)]
pub(crate) struct Cited {
    /// The name of the document.
    pub(crate) doc: String,
    /// The id of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) document: Option<String>,
    /// Where its file was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// The paths of other documents of the same content.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) also: Vec<String>,
    /// The page on which the text begins, from 1; null in formats without pages.
    pub(crate) page: Option<u32>,
    /// The headings above it, outermost first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) headings: Option<Vec<String>>,
    /// The text, as it stands in the document.
    pub(crate) text: String,
    #[schema(value_type = shapes::Place)]
    #[serde(flatten)]
    pub(crate) place: Place,
    /// What the document calls itself, where a layout was asked for.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<Option<String>>,
    /// When the document was published, where a layout was asked for.
    #[schema(value_type = Option<String>, example = "2023-05-04")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) published: Option<Option<String>>,
    /// The format of the document, where a layout was asked for.
    #[schema(value_type = Option<shapes::Format>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<Option<Format>>,
    /// The text in pieces, where a layout was asked for.
    #[schema(value_type = Option<Vec<layout::Piece>>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) layout: Option<Vec<Piece>>,
    /// Where it stands on its pages, where a layout was asked for.
    #[schema(value_type = Option<Vec<layout::Mark>>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) marks: Option<Vec<Mark>>,
}

/// A passage that was considered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsideredPassage)]
pub(crate) struct Considered {
    /// The name of the document.
    pub(crate) doc: String,
    /// The page on which it begins, from 1.
    pub(crate) page: Option<u32>,
    /// The headings above it, outermost first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) headings: Option<Vec<String>>,
    /// Its text, as it stands in the document.
    pub(crate) text: String,
    /// What it was ordered by.
    pub(crate) score: f64,
    /// The id of the document, where a layout was asked for; null if it was removed meanwhile.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) document: Option<Option<String>>,
    /// Where the document's file was read, where a layout was asked for.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<Option<String>>,
    /// The format of the document, where a layout was asked for.
    #[schema(value_type = Option<shapes::Format>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<Option<Format>>,
    /// Its number in the document, from 0, where a layout was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ordinal: Option<u32>,
    /// What the document calls itself, where a layout was asked for.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<Option<String>>,
    /// When the document was published, where a layout was asked for.
    #[schema(value_type = Option<String>, example = "2023-05-04")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) published: Option<Option<String>>,
    /// The time that the document reports on, where a layout was asked for.
    #[schema(value_type = Option<String>, example = "2023 年第一季度")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) period: Option<Option<String>>,
    /// The text in pieces, where a layout was asked for.
    #[schema(value_type = Option<Vec<layout::Piece>>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) layout: Option<Vec<Piece>>,
    /// What the score is made of, where a layout was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) signals: Option<Vec<Signal>>,
}

impl Answered {
    /// An answer with the places of its blocks. `full` adds paths and headings.
    pub(crate) fn new(
        kb: &KnowledgeBase,
        answer: &Answer,
        full: bool,
    ) -> yuanwen_engine::Result<Self> {
        let texts: Vec<&str> = answer.blocks.iter().map(|block| block.text.as_str()).collect();
        let cited = answer.blocks.iter().map(|block| cited(kb, block, full));
        Ok(Self {
            id: None,
            question: None,
            completed: None,
            corrected: answer.corrected.iter().map(corrected).collect(),
            explained: None,
            found: answer.found,
            answer: texts.join("\n"),
            blocks: cited.collect::<yuanwen_engine::Result<_>>()?,
            passages: answer.passages.iter().map(|ranked| considered(ranked, full)).collect(),
            confidence: rounded(f64::from(answer.confidence)),
            ms: (answer.millis * 100.0).round() / 100.0,
            llm: None,
        })
    }
}

/// To four places, which is more than a confidence can tell.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

fn corrected(correction: &Correction) -> Corrected {
    Corrected { from: correction.from.clone(), to: correction.to.clone() }
}

fn cited(kb: &KnowledgeBase, block: &AnswerBlock, full: bool) -> yuanwen_engine::Result<Cited> {
    let documents = if full { kb.with_version(block.version)? } else { Vec::new() };
    let first = documents.first();
    Ok(Cited {
        doc: block.name.to_string(),
        document: first.map(|entry| entry.document.to_string()),
        path: first.map(|entry| entry.path.clone()),
        also: documents.iter().skip(1).map(|entry| entry.path.clone()).collect(),
        page: block.page,
        headings: full.then(|| block.headings.clone()),
        text: block.text.clone(),
        place: kb.place(block)?,
        title: None,
        published: None,
        format: None,
        layout: None,
        marks: None,
    })
}

fn considered(ranked: &Ranked, full: bool) -> Considered {
    let passage = &ranked.stored.passage;
    Considered {
        doc: ranked.stored.name.to_string(),
        page: passage.page,
        headings: full.then(|| passage.headings.clone()),
        text: passage.text.clone(),
        score: ranked.score,
        document: None,
        path: None,
        format: None,
        ordinal: None,
        title: None,
        published: None,
        period: None,
        layout: None,
        signals: None,
    }
}

/// Prints an answer for people. `passages` are listed beside it, or the nearest if there is none.
pub(crate) fn print(
    out: &mut impl Write,
    answer: &Answered,
    passages: usize,
) -> anyhow::Result<()> {
    if answer.found {
        for block in &answer.blocks {
            let written = answer.llm.as_ref().and_then(Option::as_ref);
            let number = written.and_then(|written| written.number_of(&block.doc, &block.text));
            let number = number.map_or_else(String::new, wording::number);
            writeln!(out, "{number}{}\n", for_people(&plain(&block.text)))?;
            let file = block.path.as_deref().map(file_name).filter(|name| !name.is_empty());
            let file = file.unwrap_or(&block.doc);
            let cells = wording::cells(&block.place.cells);
            let file = [&[file.to_owned()], &cells[..]].concat().join(wording::AND);
            writeln!(out, "    {}", source(&file, block.page, block.headings.as_deref()))?;
        }
        writeln!(out, "    {}", wording::confidence(answer.confidence))?;
    }
    if let Some(Some(written)) = &answer.llm {
        written.print_cited(out)?;
    }
    let listed = &answer.passages[..passages.min(answer.passages.len())];
    match (answer.found, listed.is_empty()) {
        (true, true) => return Ok(()),
        (true, false) => writeln!(out, "\n{}", wording::PASSAGES)?,
        (false, true) => writeln!(out, "{}", wording::NOTHING_NEAR)?,
        (false, false) => writeln!(out, "{}", wording::NOT_FOUND)?,
    }
    for (at, passage) in listed.iter().enumerate() {
        let text = for_people(&plain(&passage.text)).replace('\n', " ");
        writeln!(out, "\n{}. {}", at + 1, cut(&text))?;
        writeln!(out, "    {}", source(&passage.doc, passage.page, passage.headings.as_deref()))?;
    }
    Ok(())
}

/// A line that says where a text stands.
pub(crate) fn source(file: &str, page: Option<u32>, headings: Option<&[String]>) -> String {
    let headings = headings.unwrap_or_default().join(wording::PATH);
    let parts = [Some(plain(file)), page.map(wording::page), Some(plain(&headings))];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(wording::AND)
}

/// The name of a file, in front of it that of the archive or mail that it is in.
fn file_name(path: &str) -> &str {
    let path = std::path::Path::new(path);
    let file = path.ancestors().find(|path| path.is_file()).unwrap_or(path);
    let folder = file.parent().unwrap_or(path);
    path.strip_prefix(folder).ok().and_then(|name| name.to_str()).unwrap_or_default()
}

/// The text as it is listed.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}{}", &text[..at], wording::CUT),
        None => text.to_owned(),
    }
}
