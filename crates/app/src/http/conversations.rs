//! Conversations: begun, continued, shown, deleted.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::{From, ReadKb};
use super::ask::{Question, Questioned, written};
use super::extract::{Json, Path};
use super::tagged::tagged;
use crate::answer::Answered;
use crate::service::{ApiError, Conversation, Service, Turn, conversations, now, rfc3339};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(begin)).routes(routes!(show, delete)).routes(routes!(ask))
}

/// A new conversation.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewConversation {
    /// What people call it.
    #[serde(default)]
    #[schema(max_length = 200)]
    title: String,
}

/// A conversation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Conversation)]
struct Shown {
    /// Its id.
    id: String,
    /// What people call it.
    title: String,
    /// When it began.
    #[schema(format = DateTime)]
    created: String,
    /// When something was last asked in it.
    #[schema(format = DateTime)]
    changed: String,
    /// What was asked, in order.
    turns: Vec<ShownTurn>,
}

/// A question of a conversation and its answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Turn)]
struct ShownTurn {
    /// The question.
    question: String,
    /// The question completed with what it leaves out.
    asked: String,
    /// The answer, without its passages.
    #[schema(value_type = Answered)]
    answer: Value,
    /// When it was asked.
    #[schema(format = DateTime)]
    at: String,
}

impl Shown {
    fn new(conversation: Conversation, turns: Vec<Turn>) -> Self {
        let turn = |turn: Turn| ShownTurn {
            question: turn.question,
            asked: turn.asked,
            answer: turn.answer,
            at: rfc3339(turn.at),
        };
        Self {
            id: conversation.id,
            title: conversation.title,
            created: rfc3339(conversation.created),
            changed: rfc3339(conversation.changed),
            turns: turns.into_iter().map(turn).collect(),
        }
    }
}

/// Begin a conversation
///
/// Its questions may leave out what was said before. It is kept for some days after the last of
/// them, for the key that began it.
#[utoipa::path(
    post,
    path = "/kbs/{kb}/conversations",
    tag = "conversations",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body = NewConversation,
    responses((status = 201, description = "It has begun", body = Shown,
        headers(("Location" = String, description = "Its address")))),
)]
async fn begin(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    From(caller): From,
    Json(new): Json<NewConversation>,
) -> Result<Response, ApiError> {
    ApiError::at_most("title", &new.title, 200)?;
    service.registry.dir(&kb)?;
    let (own, of) = (Arc::clone(&service), kb.clone());
    let begin = move || conversations::begin(&own.database, &of, &caller, &new.title);
    let begun = service.wait(begin).await??;
    let location = [(header::LOCATION, format!("/api/v1/kbs/{kb}/conversations/{}", begun.id))];
    Ok((StatusCode::CREATED, location, axum::Json(Shown::new(begun, Vec::new()))).into_response())
}

/// Show a conversation
#[utoipa::path(
    get,
    path = "/kbs/{kb}/conversations/{conversation}",
    tag = "conversations",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("conversation" = String, Path, description = "The conversation's id"),
    ),
    responses((status = 200, description = "The conversation", body = Shown)),
)]
async fn show(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    From(caller): From,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let own = Arc::clone(&service);
    let read = move || -> Result<Shown, ApiError> {
        let found = conversations::find(&own.database, &kb, &caller, &id)?;
        Ok(Shown::new(found, conversations::turns(&own.database, &id)?))
    };
    tagged(&headers, &service.wait(read).await??)
}

/// Delete a conversation
#[utoipa::path(
    delete,
    path = "/kbs/{kb}/conversations/{conversation}",
    tag = "conversations",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("conversation" = String, Path, description = "The conversation's id"),
    ),
    responses((status = 204, description = "It is gone")),
)]
async fn delete(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    From(caller): From,
    Path((_, id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let own = Arc::clone(&service);
    let delete = move || -> Result<(), ApiError> {
        conversations::find(&own.database, &kb, &caller, &id)?;
        conversations::delete(&own.database, &id)
    };
    service.wait(delete).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask the next question of a conversation
///
/// The questions before it are added in front of `after`.
#[utoipa::path(
    post,
    path = "/kbs/{kb}/conversations/{conversation}/ask",
    tag = "conversations",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("conversation" = String, Path, description = "The conversation's id"),
    ),
    request_body = Question,
    responses((status = 200, description = "The answer", body = Answered)),
)]
async fn ask(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    From(caller): From,
    Path((_, id)): Path<(String, String)>,
    Json(question): Json<Question>,
) -> Result<Response, ApiError> {
    let mut asking = question.asking(&service)?;
    let (own, of, conversation) = (Arc::clone(&service), kb.clone(), id.clone());
    let read = move || -> Result<Vec<String>, ApiError> {
        conversations::find(&own.database, &of, &caller, &conversation)?;
        conversations::before(&own.database, &conversation)
    };
    let mut before = service.wait(read).await??;
    before.append(&mut asking.before);
    asking.before = before;
    let (asked, for_llm) = (Questioned(asking.question.clone()), asking.for_llm);
    let found = service.ask(&kb, asking).await?;
    let completed = found.question().to_owned();
    let answered = written(&service, found, for_llm).await?;
    let turn =
        Turn { question: asked.0.clone(), asked: completed, answer: kept(&answered)?, at: now() };
    let own = Arc::clone(&service);
    service.wait(move || conversations::add(&own.database, &id, &turn)).await??;
    let mut response = axum::Json(answered).into_response();
    response.extensions_mut().insert(asked);
    Ok(response)
}

/// What is kept of an answer: all but the passages, which are the most of it.
fn kept(answered: &Answered) -> Result<Value, ApiError> {
    let mut answer = serde_json::to_value(answered).map_err(ApiError::internal)?;
    answer["passages"] = Value::Array(Vec::new());
    Ok(answer)
}
