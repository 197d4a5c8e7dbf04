//! A reply piece by piece, as server-sent events with a JSON chunk each, `[DONE]` at the end.

use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc::{Sender, channel};

use super::amount;
use super::reply::Head;
use super::text;
use crate::asking::Found;
use crate::http::stream::Receiving;
use crate::service::Service;

/// So many chunks wait for a client that is slow to take them.
const WAITING: usize = 64;
/// A language model may think for long: a comment now and then keeps the connection open.
const ALIVE: Duration = Duration::from_secs(15);

pub(super) fn reply(
    service: &Arc<Service>,
    head: Head,
    asked: Found,
    with_usage: bool,
) -> Response {
    let (events, receiver) = channel(WAITING);
    let telling = Telling { head: Arc::new(head), events, written: 0 };
    tokio::spawn(tell(Arc::clone(service), telling, asked, with_usage));
    let alive = KeepAlive::new().interval(ALIVE);
    Sse::new(Receiving(receiver)).keep_alive(alive).into_response()
}

struct Telling {
    head: Arc<Head>,
    events: Sender<Event>,
    /// How many characters were sent.
    written: usize,
}

impl Telling {
    /// Sends a chunk; `None` once nobody listens any more.
    async fn send(&self, chunk: &Value) -> Option<()> {
        self.events.send(Event::default().data(chunk.to_string())).await.ok()
    }

    async fn text(&mut self, text: &str) -> Option<()> {
        self.written += amount([text]);
        self.send(&self.head.chunk(json!({ "content": text }), None)).await
    }
}

async fn tell(
    service: Arc<Service>,
    mut telling: Telling,
    asked: Found,
    with_usage: bool,
) -> Option<()> {
    let question = asked.question().to_owned();
    let Found { found, mut answered } = asked;
    let role = json!({ "role": "assistant", "content": "" });
    telling.send(&telling.head.chunk(role, None)).await?;
    let has_llm = service.has_llm();
    let mut written = None;
    if has_llm {
        written = sentences(&service, &mut telling, question, found).await;
    }
    let rest = match &written {
        Some(written) => text::cited(&answered, written),
        None => text::originals(&answered),
    };
    for piece in rest {
        telling.text(&piece).await?;
    }
    if has_llm {
        answered.llm = Some(written);
    }
    let mut last = telling.head.chunk(json!({}), Some("stop"));
    last["yuanwen"] = json!(answered);
    telling.send(&last).await?;
    if with_usage {
        telling.send(&telling.head.counted(telling.written)).await?;
    }
    telling.events.send(Event::default().data("[DONE]")).await.ok()
}

/// Sends what the language model writes, as it comes.
async fn sentences(
    service: &Arc<Service>,
    telling: &mut Telling,
    question: String,
    found: yuanwen_engine::answer::Answer,
) -> Option<crate::written::Written> {
    let model = service.llm_name().unwrap_or_default().to_owned();
    let (head, events) = (Arc::clone(&telling.head), telling.events.clone());
    let mut nth = 0;
    let each = move |sentence: &_| {
        let text = text::sentence(&model, nth, sentence);
        nth += 1;
        let chunk = head.chunk(json!({ "content": text }), None);
        drop(events.blocking_send(Event::default().data(chunk.to_string())));
    };
    let written = service.write(question, found, each).await.ok().flatten()?;
    let said = written.sentences.iter().enumerate();
    let said = said.map(|(nth, one)| text::sentence(&written.model, nth, one));
    telling.written += said.map(|text| amount([text.as_str()])).sum::<usize>();
    Some(written)
}
