//! Replies as JSON: whole, and in chunks.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::amount;
use crate::answer::Answered;

/// A reply.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatCompletion)]
pub(super) struct Completion {
    id: String,
    /// `chat.completion`.
    object: &'static str,
    /// When it was made, in seconds since 1970.
    created: u64,
    model: String,
    choices: Vec<Choice>,
    usage: Usage,
    /// The answer with its places, as `/api/v1/kbs/{kb}/ask` gives it.
    yuanwen: Answered,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatChoice)]
struct Choice {
    index: u32,
    message: Replied,
    /// `stop`.
    finish_reason: &'static str,
    /// Always null.
    logprobs: Option<Value>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatReply)]
struct Replied {
    /// `assistant`.
    role: &'static str,
    content: String,
}

/// How much text was read and written, in characters.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = ChatUsage)]
pub(super) struct Usage {
    prompt_tokens: usize,
    completion_tokens: usize,
    total_tokens: usize,
}

/// What all chunks of a reply share.
pub(super) struct Head {
    id: String,
    created: u64,
    model: String,
    prompt: usize,
}

impl Head {
    pub(super) fn new(model: String, answer: Option<&Value>, prompt: usize) -> Self {
        let id = answer.and_then(Value::as_str).unwrap_or_default();
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let created = now.map_or(0, |now| now.as_secs());
        Self { id: format!("chatcmpl-{id}"), created, model, prompt }
    }

    fn usage(&self, written: usize) -> Usage {
        let (prompt_tokens, completion_tokens) = (self.prompt, written);
        Usage { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens }
    }

    pub(super) fn completion(self, content: String, answered: Answered) -> Completion {
        let usage = self.usage(amount([content.as_str()]));
        let message = Replied { role: "assistant", content };
        let choice = Choice { index: 0, message, finish_reason: "stop", logprobs: None };
        Completion {
            id: self.id,
            object: "chat.completion",
            created: self.created,
            model: self.model,
            choices: vec![choice],
            usage,
            yuanwen: answered,
        }
    }

    /// A chunk that adds to the message.
    pub(super) fn chunk(&self, delta: Value, finish_reason: Option<&str>) -> Value {
        let choice = json!({ "index": 0, "delta": delta, "finish_reason": finish_reason });
        self.with_choices(json!([choice]))
    }

    /// The chunk that says how much was read and written.
    pub(super) fn counted(&self, written: usize) -> Value {
        let mut chunk = self.with_choices(json!([]));
        chunk["usage"] = json!(self.usage(written));
        chunk
    }

    fn with_choices(&self, choices: Value) -> Value {
        json!({
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": choices,
        })
    }
}
