//! What the tools do.

use serde_json::{Map, Value, json};
use yuanwen_engine::answer::{Answer, AnswerBlock, AskOptions};
use yuanwen_engine::passage::Passage;
use yuanwen_engine::store::Entry;

use super::ToolError;
use super::arguments::{self, Ask, Fetch, Search};
use super::bases::Base;
use crate::answer::rounded;
use crate::retrieved::{self, PassageId, Retrieved};
use crate::wording;

/// How many passages are listed if nobody says.
const SEARCHED: usize = 10;
const CONSIDERED: usize = 5;

pub(super) fn run(
    base: &Base<'_>,
    name: &str,
    args: Map<String, Value>,
) -> Result<Value, ToolError> {
    match name {
        "search" => search(base, &arguments::read(args, r#"{"query": "2023年营业收入"}"#)?),
        "fetch" => fetch(base, &arguments::read(args, r#"{"id": "12/3"}"#)?),
        _ => ask(base, &arguments::read(args, r#"{"question": "2023年的营业收入是多少？"}"#)?),
    }
}

/// The passages nearest to a query.
fn search(base: &Base<'_>, args: &Search) -> Result<Value, ToolError> {
    let query = arguments::question(&args.query, "query")?;
    let top = arguments::top(args.top, SEARCHED)?;
    let found = retrieved::nearest(base.kb, query, top)?;
    let results: Vec<Value> = found.iter().map(|found| listed(base, found)).collect();
    Ok(json!({ "results": results }))
}

fn listed(base: &Base<'_>, found: &Retrieved) -> Value {
    json!({
        "id": base.id(found.id),
        "title": found.title(),
        "url": base.links.to(&found.entry, found.passage.page),
        "text": found.passage.text,
    })
}

/// A passage with the text before and behind it.
fn fetch(base: &Base<'_>, args: &Fetch) -> Result<Value, ToolError> {
    let unknown = || {
        let why = "there is no passage with the id {id}: the document may have been changed or \
                   removed; call search or ask again and give an id from their results, as they \
                   write it";
        ToolError(why.replace("{id}", &format!("{:?}", args.id)))
    };
    let id: PassageId = args.id.trim().parse().map_err(|()| unknown())?;
    let entry = base.kb.entry(id.version)?.ok_or_else(unknown)?;
    let passages = base.kb.passages(id.version)?;
    let at = id.ordinal as usize;
    let passage = passages.get(at).ok_or_else(unknown)?;
    let around = &passages[at.saturating_sub(1)..passages.len().min(at + 2)];
    let texts: Vec<&str> = around.iter().map(|passage| passage.text.as_str()).collect();
    let found = Retrieved { id, entry, passage: passage.clone(), score: 0.0 };
    Ok(json!({
        "id": base.id(id),
        "title": found.title(),
        "text": texts.join("\n"),
        "url": base.links.to(&found.entry, passage.page),
        "metadata": metadata(base, &found, &passages),
    }))
}

/// What is known of a passage, and the ids of those before and behind it.
fn metadata(base: &Base<'_>, found: &Retrieved, passages: &[Passage]) -> Map<String, Value> {
    let mut known = found.attributes();
    known.insert("passage".to_owned(), json!(base.id(found.id)));
    let at = found.id.ordinal;
    let next = at.checked_add(1).filter(|next| (*next as usize) < passages.len());
    for (name, ordinal) in [("previous", at.checked_sub(1)), ("next", next)] {
        if let Some(ordinal) = ordinal {
            let id = PassageId { ordinal, ..found.id };
            known.insert(name.to_owned(), json!(base.id(id)));
        }
    }
    known
}

/// The original text that answers, or the nearest passages.
fn ask(base: &Base<'_>, args: &Ask) -> Result<Value, ToolError> {
    let question = arguments::question(&args.question, "question")?;
    let before = arguments::before(&args.after)?;
    let top = arguments::top(args.top, CONSIDERED)?;
    let as_of = arguments::as_of(args.as_of.as_deref())?;
    let completed = base.kb.understand_after(&before, question)?;
    let asked = completed.as_deref().unwrap_or(question);
    let answer = base.kb.ask(asked, &AskOptions { top, as_of, ..AskOptions::default() })?;
    let mut out = json!({
        "found": answer.found,
        "confidence": rounded(f64::from(answer.confidence)),
        "understood": answer.corrected.iter().fold(asked.to_owned(), |asked, one| {
            asked.replace(&one.from, &one.to)
        }),
        "blocks": blocks(base, &answer)?,
        "passages": considered(base, &answer)?,
    });
    if !answer.found {
        out["note"] = json!(wording::AGENT_NOT_FOUND);
    }
    Ok(out)
}

fn blocks(base: &Base<'_>, answer: &Answer) -> Result<Vec<Value>, ToolError> {
    let blocks = answer.blocks.iter().filter(|_| answer.found);
    let mut out = Vec::new();
    for block in blocks {
        // A document that was removed this moment is not cited.
        if let Some(entry) = base.kb.entry(block.version)? {
            out.push(cited(base, &entry, block)?);
        }
    }
    Ok(out)
}

fn cited(base: &Base<'_>, entry: &Entry, block: &AnswerBlock) -> Result<Value, ToolError> {
    let id = PassageId { version: block.version, ordinal: block.passage };
    let place = base.kb.place(block)?;
    let mut out = json!({
        "id": base.id(id),
        "text": block.text,
        "document": retrieved::title(entry),
        "file": retrieved::file(entry),
        "page": block.page,
        "headings": block.headings,
        "boxes": place.boxes,
        "url": base.links.to(entry, block.page),
    });
    if !place.cells.is_empty() {
        out["cells"] = json!(place.cells);
    }
    if let Some(characters) = place.characters {
        out["characters"] = json!(characters);
    }
    Ok(out)
}

fn considered(base: &Base<'_>, answer: &Answer) -> Result<Vec<Value>, ToolError> {
    let passages = retrieved::passages(base.kb, answer)?;
    let considered = |found: &Retrieved| {
        let mut out = listed(base, found);
        out["score"] = json!(found.score);
        out
    };
    Ok(passages.iter().map(considered).collect())
}
