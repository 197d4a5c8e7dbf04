//! `POST /v1/chat/completions`: an answer as a chat (OpenAI API reference, "Create chat
//! completion").
//!
//! The last message of the user is the question, or the last of all where there is none of the
//! user; earlier ones of the user are the conversation, for what it leaves out. What others said is not looked at: answers come from the documents alone. Without a
//! language model the reply is the original text with numbered sources; with one its checked
//! sentences come first. `usage` counts characters. `yuanwen` has the answer as `…/ask` gives it.

mod reply;
mod stream;
mod text;

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{amount, named, question};
use crate::asking::{Asking, Found};
use crate::http::access::From;
use crate::http::ask::Questioned;
use crate::http::extract::{Json, whole};
use crate::service::{ApiError, LONGEST, Service};
use reply::{Completion, Head};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(complete))
}

/// So many questions before can matter.
const MOST_BEFORE: usize = 8;

/// A chat to be continued.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChatRequest)]
struct Wanted {
    /// A knowledge base's id, or `yuanwen` for the only one.
    #[schema(example = "yuanwen")]
    model: String,
    #[schema(min_items = 1)]
    messages: Vec<Message>,
    /// Whether to send the reply piece by piece [default: false].
    stream: Option<bool>,
    stream_options: Option<StreamOptions>,
    /// How many replies; there is only one.
    #[serde(default, deserialize_with = "whole")]
    #[schema(minimum = 1, maximum = 1)]
    n: Option<usize>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChatStreamOptions)]
struct StreamOptions {
    /// Whether the last chunk says how much was read and written.
    include_usage: Option<bool>,
}

/// A message of a chat.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChatMessage)]
struct Message {
    /// `user` for what is asked; others are not looked at.
    role: String,
    /// A text, or a list of parts `{"type": "text", "text": "…"}`.
    #[serde(default)]
    #[schema(value_type = String, pattern = "\\S", max_length = 2000, required = true)]
    content: Value,
}

impl Message {
    /// Its text; an error where it has something else than text.
    fn text(&self) -> Result<String, ApiError> {
        let no_text = || ApiError::field("messages", "the question must be text");
        match &self.content {
            Value::String(text) => Ok(text.clone()),
            Value::Array(parts) => {
                let texts = parts.iter().map(|part| part["text"].as_str().ok_or_else(no_text));
                Ok(texts.collect::<Result<Vec<_>, _>>()?.join("\n"))
            }
            _ => Err(no_text()),
        }
    }
}

/// An event of a reply that is streamed.
#[derive(ToSchema)]
#[allow(dead_code, reason = "described here, written by hand")]
struct ChatEvent {
    /// A chunk as JSON, or `[DONE]`.
    data: String,
}

/// Continue a chat with original text
#[utoipa::path(
    post,
    path = "/v1/chat/completions",
    tag = "openai",
    request_body = Wanted,
    responses((status = 200, description = "The reply", content(
        (Completion = "application/json"),
        (ChatEvent = "text/event-stream"),
    ))),
)]
async fn complete(
    State(service): State<Arc<Service>>,
    From(caller): From,
    Json(wanted): Json<Wanted>,
) -> Result<Response, ApiError> {
    let kb = named(&service, &caller, "model", &wanted.model)?;
    if wanted.n.is_some_and(|n| n != 1) {
        return Err(ApiError::field("n", "there is only one answer; leave it out"));
    }
    let (asked, before) = conversation(&wanted.messages)?;
    let prompt = amount(before.iter().chain([&asked]).map(String::as_str));
    let for_llm = service.has_llm();
    let questioned = Questioned(asked.clone());
    let asking = Asking { question: asked, before, for_llm, ..Asking::default() };
    let found = service.ask(&kb, asking).await?;
    let head = Head::new(wanted.model, found.answered.id.as_ref(), prompt);
    let with_usage = wanted.stream_options.and_then(|options| options.include_usage);
    let mut response = match wanted.stream.unwrap_or(false) {
        true => stream::reply(&service, head, found, with_usage.unwrap_or(false)),
        false => axum::Json(at_once(&service, head, found).await?).into_response(),
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.extensions_mut().insert(questioned);
    Ok(response)
}

/// The question, and those before it.
fn conversation(messages: &[Message]) -> Result<(String, Vec<String>), ApiError> {
    let mut users = messages.iter().rev().filter(|message| message.role == "user");
    let last = users.next().or(messages.last());
    let last = last.ok_or_else(|| ApiError::field("messages", "there is no message"))?;
    let asked = last.text()?;
    question("messages", &asked)?;
    let is_short = |text: &String| !text.trim().is_empty() && text.chars().count() <= LONGEST;
    let before = users.filter_map(|message| message.text().ok()).filter(is_short);
    let mut before: Vec<String> = before.take(MOST_BEFORE).collect();
    before.reverse();
    Ok((asked, before))
}

async fn at_once(service: &Arc<Service>, head: Head, asked: Found) -> Result<Completion, ApiError> {
    let question = asked.question().to_owned();
    let Found { found, mut answered } = asked;
    let written = service.write(question, found, |_| {}).await?;
    let text = text::whole(&answered, written.as_ref());
    if service.has_llm() {
        answered.llm = Some(written);
    }
    Ok(head.completion(text, answered))
}
