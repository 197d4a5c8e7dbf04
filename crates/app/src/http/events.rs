//! An answer as server-sent events (HTML Living Standard, section 9.2).

use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::mpsc::{Sender, channel};
use yuanwen_engine::llm::Source;

use super::stream::Receiving;
use crate::answer::{Answered, Considered, Corrected};
use crate::asking::Found;
use crate::explained::Explained;
use crate::service::Service;
use crate::written::{self, Written};

/// So many events wait for a client that is slow to take them.
const WAITING: usize = 64;
/// A language model may think for long: a comment now and then keeps the connection open.
const ALIVE: Duration = Duration::from_secs(15);

/// How the question was read.
#[derive(Serialize)]
struct Understood<'a> {
    question: Option<&'a str>,
    completed: Option<&'a str>,
    corrected: &'a [Corrected],
}

/// All that is known before a language model is asked.
#[derive(Serialize)]
struct Passages<'a> {
    passages: &'a [Considered],
    found: bool,
    confidence: f64,
}

/// What the language model gets to see, and cites by number.
#[derive(Serialize)]
struct Sources<'a> {
    sources: &'a [Source],
}

/// What is left to say at the end.
#[derive(Serialize)]
struct Last {
    id: Option<Value>,
    found: bool,
    answer: String,
    confidence: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    explained: Option<Explained>,
    ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    llm: Option<Option<Written>>,
}

/// An event of this name. Our own types can always be serialised.
fn event<T: Serialize>(name: &str, value: &T) -> Event {
    Event::default().event(name).json_data(value).unwrap_or_else(|_| Event::default().event(name))
}

/// Answers event by event.
pub(super) fn stream(service: &Arc<Service>, asked: Found, for_llm: bool) -> Response {
    let (events, receiver) = channel(WAITING);
    tokio::spawn(tell(Arc::clone(service), asked, for_llm, events));
    let alive = KeepAlive::new().interval(ALIVE);
    Sse::new(Receiving(receiver)).keep_alive(alive).into_response()
}

async fn tell(service: Arc<Service>, asked: Found, for_llm: bool, events: Sender<Event>) {
    let question = asked.question().to_owned();
    let Found { found, answered } = asked;
    for first in first(&answered) {
        if events.send(first).await.is_err() {
            return;
        }
    }
    let Answered { id, found: is_found, answer, confidence, explained, ms, .. } = answered;
    let mut last = Last { id, found: is_found, answer, confidence, explained, ms, llm: None };
    if for_llm {
        if is_found {
            let sources = written::sources(&found);
            if events.send(event("sources", &Sources { sources: &sources })).await.is_err() {
                return;
            }
        }
        let own = events.clone();
        // A client that does not take them has them all in the end.
        let each = move |sentence: &_| drop(own.try_send(event("sentence", sentence)));
        last.llm = service.write(question, found, each).await.ok();
    }
    let _ = events.send(event("done", &last)).await;
}

/// What is known as soon as the question is answered.
fn first(answered: &Answered) -> Vec<Event> {
    let understood = Understood {
        question: answered.question.as_deref(),
        completed: answered.completed.as_deref(),
        corrected: &answered.corrected,
    };
    let mut events = vec![event("understood", &understood)];
    events.extend(answered.blocks.iter().map(|block| event("block", block)));
    let Answered { passages, found, confidence, .. } = answered;
    let (found, confidence) = (*found, *confidence);
    events.push(event("passages", &Passages { passages, found, confidence }));
    events
}
