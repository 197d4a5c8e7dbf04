//! The tools as clients see them: names, descriptions, the shape of what goes in and comes out.
//!
//! `search` and `fetch` have the names and shapes of OpenAI's documentation ("Building MCP servers
//! for ChatGPT and API integrations"). Descriptions are in English, which all models read best,
//! and in Chinese, in which the questions are.

use std::sync::Arc;

use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Value, json};

use crate::retrieved::MOST;
use crate::wording;

const SEARCH: &str = "Find passages of the documents by meaning and words. Gives id, title, url \
and text of each, best first. To read more around one, call fetch with its id.";
const FETCH: &str = "Read a passage in full, with the text before and behind it, by an id that \
search or ask gave. The metadata has the ids of the passages before and behind.";
const ASK: &str = "Answer a question with the original sentences or table rows that answer it, \
word for word, with document, page and the boxes on the page; or found=false with the nearest \
passages, which do not answer. Best first choice for any question about the documents.";

/// The tools. Where there are several knowledge bases, given by id and what is said about them, the
/// client has to choose.
pub(super) fn tools(choice: &[(String, String)]) -> Vec<Tool> {
    vec![
        tool("search", SEARCH, wording::TOOL_SEARCH, choosing(choice, search())),
        tool("fetch", FETCH, wording::TOOL_FETCH, fetch()),
        tool("ask", ASK, wording::TOOL_ASK, choosing(choice, ask())),
    ]
}

/// Shapes with the argument `kb`, if there is a choice.
fn choosing(choice: &[(String, String)], (mut input, output): (Value, Value)) -> (Value, Value) {
    if !choice.is_empty() {
        let ids: Vec<&str> = choice.iter().map(|(id, _)| id.as_str()).collect();
        let about: Vec<String> =
            choice.iter().map(|(id, about)| format!("{id}: {about}")).collect();
        let about = format!("which knowledge base\n{}", about.join("\n"));
        input["properties"]["kb"] = json!({ "type": "string", "enum": ids, "description": about });
        if let Some(required) = input["required"].as_array_mut() {
            required.push(json!("kb"));
        }
    }
    (input, output)
}

/// A tool from its English description, its Chinese title and description, and its shapes.
fn tool(
    name: &'static str,
    english: &str,
    (title, chinese): (&str, &str),
    (input, output): (Value, Value),
) -> Tool {
    let annotations = ToolAnnotations::with_title(title)
        .read_only(true)
        .destructive(false)
        .idempotent(true)
        .open_world(false);
    Tool::new(name, format!("{english}\n{chinese}"), object(input))
        .with_title(title)
        .with_raw_output_schema(object(output))
        .with_annotations(annotations)
}

fn object(schema: Value) -> Arc<JsonObject> {
    match schema {
        Value::Object(object) => Arc::new(object),
        _ => Arc::default(),
    }
}

fn search() -> (Value, Value) {
    let input = input(
        json!({
            "query": text("what to look for, best in Chinese"),
            "top": count("how many results to give, 10 if left out"),
        }),
        &["query"],
    );
    (
        input,
        output(json!({ "results": list(output(result(), &["id", "title", "url"])) }), &["results"]),
    )
}

fn fetch() -> (Value, Value) {
    let input = input(json!({ "id": text("an id from search or ask, such as 12/3") }), &["id"]);
    let fields = json!({
        "id": text("the passage's id"),
        "title": text("document, page and heading"),
        "text": text("the original text: the passage, with the passages before and behind it"),
        "url": text("where the document can be opened"),
        "metadata": { "type": "object", "description": "what is known of the passage" },
    });
    (input, output(fields, &["id", "title", "text", "url", "metadata"]))
}

fn ask() -> (Value, Value) {
    let before = "the questions before this one, the latest last, if it leaves out what they said";
    let input = input(
        json!({
            "question": text("one question, best in Chinese, as a person would ask it"),
            "after": { "type": "array", "items": { "type": "string" }, "description": before },
            "as_of": text("the date that 去年 and the like are counted from, as 2023 or 2023-05-04; \
                           that of the newest document if left out"),
            "top": count("how many passages to list beside the answer, 5 if left out"),
        }),
        &["question"],
    );
    let fields = json!({
        "found": { "type": "boolean", "description": "whether the documents answer" },
        "confidence": { "type": "number", "description": "0 to 1" },
        "understood": text("the question that was answered"),
        "blocks": list(output(block(), &["id", "text", "document", "file", "page", "url"])),
        "passages": list(output(result(), &["id", "title", "url", "text", "score"])),
        "note": text("what to do where nothing was found"),
    });
    (input, output(fields, &["found", "confidence", "understood", "blocks", "passages"]))
}

/// The fields of a passage that is listed.
fn result() -> Value {
    json!({
        "id": text("give it to fetch"),
        "title": text("document, page and heading"),
        "url": text("where the document can be opened"),
        "text": text("the original text of the passage"),
        "score": { "type": "number", "description": "how well it fits, 0 to 1" },
    })
}

/// The fields of a block of an answer.
fn block() -> Value {
    let boxed = json!({ "type": "object", "description": "page, x0, y0, x1, y1 in points" });
    json!({
        "id": text("the passage that it begins in; give it to fetch"),
        "text": text("the original text; quote it without changing a character"),
        "document": text("the document's title"),
        "file": text("the document's file"),
        "page": { "type": ["integer", "null"], "description": "the page, from 1" },
        "headings": list(json!({ "type": "string" })),
        "boxes": list(boxed),
        "cells": list(json!({ "type": "object", "description": "sheet and range in a workbook" })),
        "characters": { "type": "object", "description": "start and end in a text without pages" },
        "url": text("where the document can be opened"),
    })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn count(description: &str) -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": MOST, "description": description })
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn input(properties: Value, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn output(properties: Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}
