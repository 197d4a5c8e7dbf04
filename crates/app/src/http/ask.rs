//! Questions: answered at once, or event by event.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{ACCEPT, CACHE_CONTROL};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_parse::Date;

use super::access::ReadKb;
use super::events;
use super::extract::{Json, Query, whole};
use crate::answer::Answered;
use crate::asking::{Asking, Found};
use crate::cli::date;
use crate::service::{ApiError, KbId, Service, check_texts};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(ask, ask_by_link))
}

/// More questions before one are not read.
const MOST_BEFORE: usize = 100;

/// A question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// The question.
    #[schema(
        max_length = 2000,
        pattern = "[^\\s\\u0085]",
        example = "雪岭基站改造后的下行速率是多少？"
    )]
    pub(super) question: String,
    /// How many passages to give beside the answer [default: 10].
    #[serde(default, deserialize_with = "whole")]
    #[schema(minimum = 1, maximum = 1000)]
    pub(super) top: Option<usize>,
    /// The date that 去年, 本季度 and the like are counted from: a year, a month or a day
    /// [default: that of the newest document].
    #[schema(
        example = "2023-05-04",
        pattern = "^(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
    )]
    pub(super) as_of: Option<String>,
    /// The questions before this one, of which it leaves something out, the latest last.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub(super) after: Vec<String>,
    /// Whether to say what scores and the confidence are made of.
    #[serde(default)]
    pub(super) explain: bool,
    /// Whether to lay the blocks and passages out for a page that shows them: in pieces, with the
    /// question's words and the places on pages marked.
    #[serde(default)]
    pub(super) layout: bool,
    /// Whether the language model, where the service has one, puts the answer into words
    /// [default: true].
    pub(super) llm: Option<bool>,
}

impl Question {
    /// As the engine is asked.
    pub(super) fn asking(self, service: &Service) -> Result<Asking, ApiError> {
        let as_of = checked(&self.question, &self.after, self.as_of.as_deref())?;
        Ok(Asking {
            question: self.question,
            before: self.after,
            top: self.top,
            as_of,
            explain: self.explain,
            layout: self.layout,
            for_llm: self.llm.unwrap_or(true) && service.has_llm(),
        })
    }
}

/// Makes sure that a question and those before it can be read, and gives the date that it is asked
/// as of.
pub(super) fn checked(
    question: &str,
    before: &[String],
    as_of: Option<&str>,
) -> Result<Option<Date>, ApiError> {
    if before.len() > MOST_BEFORE {
        let reason = format!("it has more than {MOST_BEFORE} questions");
        return Err(ApiError::field("after", reason));
    }
    check_texts(question, before)?;
    as_of.map(date).transpose().map_err(|reason| ApiError::field("as_of", reason))
}

/// A question in an address.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Linked {
    /// The question
    #[param(max_length = 2000, pattern = "[^\\s\\u0085]")]
    q: String,
    /// How many passages to give beside the answer [default: 10]
    #[param(minimum = 1, maximum = 1000)]
    top: Option<usize>,
    /// The date that 去年, 本季度 and the like are counted from
    #[param(pattern = "^(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$")]
    as_of: Option<String>,
    /// Whether to say what scores and the confidence are made of
    #[serde(default)]
    #[param(required = false)]
    explain: bool,
}

/// Ask a question
///
/// Answers with the original sentences, or with `found: false` and the nearest there is. With
/// `Accept: text/event-stream` the answer comes as events: `understood`, a `block` each,
/// `passages` with `found` and `confidence`, the `sources` of the language model and a `sentence` each
/// of it, `done`.
#[utoipa::path(
    post,
    path = "/kbs/{kb}/ask",
    tag = "questions",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body = Question,
    responses((status = 200, description = "The answer", content(
        (Answered = "application/json"),
        (String = "text/event-stream"),
    ))),
)]
async fn ask(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    headers: HeaderMap,
    Json(question): Json<Question>,
) -> Result<Response, ApiError> {
    let asking = question.asking(&service)?;
    answer(&service, &kb, asking, &headers).await
}

/// Ask a question by a link
///
/// As `POST`, with the question in the address.
#[utoipa::path(
    get,
    path = "/kbs/{kb}/ask",
    tag = "questions",
    params(("kb" = String, Path, description = "The knowledge base"), Linked),
    responses((status = 200, description = "The answer", content(
        (Answered = "application/json"),
        (String = "text/event-stream"),
    ))),
)]
async fn ask_by_link(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    headers: HeaderMap,
    Query(linked): Query<Linked>,
) -> Result<Response, ApiError> {
    let Linked { q, top, as_of, explain } = linked;
    let (after, layout, llm) = (Vec::new(), false, None);
    let question = Question { question: q, top, as_of, after, explain, layout, llm };
    let asking = question.asking(&service)?;
    answer(&service, &kb, asking, &headers).await
}

/// A question that was asked, for the audit log.
#[derive(Debug, Clone)]
pub(crate) struct Questioned(pub(crate) String);

async fn answer(
    service: &Arc<Service>,
    kb: &KbId,
    asking: Asking,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let (asked, for_llm) = (Questioned(asking.question.clone()), asking.for_llm);
    let found = service.ask(kb, asking).await?;
    let mut response = match wants_events(headers) {
        true => events::stream(service, found, for_llm),
        false => axum::Json(written(service, found, for_llm).await?).into_response(),
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.extensions_mut().insert(asked);
    Ok(response)
}

/// An answer with what the language model makes of it.
pub(super) async fn written(
    service: &Arc<Service>,
    asked: Found,
    for_llm: bool,
) -> Result<Answered, ApiError> {
    let question = asked.question().to_owned();
    let Found { found, mut answered } = asked;
    if for_llm {
        answered.llm = Some(service.write(question, found, |_| {}).await?);
    }
    Ok(answered)
}

/// Whether whoever asks wants the answer event by event.
pub(super) fn wants_events(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|value| value.split(','))
        .any(|kind| kind.split(';').next().unwrap_or_default().trim() == "text/event-stream")
}
