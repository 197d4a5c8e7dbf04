//! What people say about answers, and the list of what is to be looked into.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::{KnowledgeBase, NewRating, Review};
use yuanwen_engine::store::{RatedBlock, Rating, ReviewState, Verdict};

use super::access::{From, ReadKb, WriteKb};
use super::extract::{Json, Path, Query};
use super::page::{Paging, page};
use super::tagged::tagged;
use crate::service::{ApiError, Code, Service, documents, rfc3339};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .routes(routes!(rate, list))
        .routes(routes!(questions))
        .routes(routes!(show, review, take_back))
}

/// Longer comments and notes are not kept.
const LONGEST: usize = 4000;
/// So many blocks an answer has at most.
const MOST_BLOCKS: usize = 50;

/// Original text that a person points at.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Quote {
    /// The id of the document.
    document: String,
    /// The text, as it stands in the document.
    #[schema(max_length = 20000, min_length = 1)]
    text: String,
}

/// What somebody thinks of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Verdict)]
enum Said {
    /// It is right: it is given at once to the same and nearly the same questions.
    Confirmed,
    /// It is wrong, or something is missing: it sinks for them, and opens an item of the review list.
    Rejected,
}

/// How far a rejected answer was looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReviewState)]
enum Reviewed {
    /// Nobody has yet.
    Open,
    /// It was put right.
    Fixed,
    /// The answer was right after all: the rating has no effect any more.
    Declined,
}

/// What somebody says about an answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewFeedback {
    /// The question.
    #[schema(max_length = 2000, pattern = "\\S")]
    question: String,
    verdict: Said,
    /// What was answered: `document` and `text` of the blocks of the answer.
    #[serde(default)]
    #[schema(max_items = 50)]
    blocks: Vec<Quote>,
    /// The original text that answers, if they know it; it is used at once.
    #[serde(default)]
    #[schema(max_items = 50)]
    correction: Vec<Quote>,
    /// What they say in their own words.
    #[serde(default)]
    #[schema(max_length = 4000)]
    comment: String,
    /// Who they are; where there are keys, the name of the key stands for who says nothing.
    #[serde(default)]
    #[schema(max_length = 200)]
    author: String,
}

/// What whoever looks into it changes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangedFeedback {
    state: Option<Reviewed>,
    /// What they say.
    #[schema(max_length = 4000)]
    note: Option<String>,
    /// The original text that answers.
    #[schema(max_items = 50)]
    correction: Option<Vec<Quote>>,
    /// Who they are.
    #[serde(default)]
    #[schema(max_length = 200)]
    reviewer: String,
}

/// What somebody said about an answer.
#[derive(Debug, Serialize, ToSchema)]
struct Feedback {
    /// Its id.
    id: String,
    /// The question.
    question: String,
    verdict: Said,
    /// What was answered.
    blocks: Vec<Quote>,
    /// The original text that answers.
    correction: Vec<Quote>,
    /// What they say in their own words.
    comment: String,
    /// Who they are.
    author: String,
    /// How far it was looked into; null for a confirmed answer.
    state: Option<Reviewed>,
    /// What whoever looked into it says.
    note: String,
    /// Who looked into it.
    reviewer: String,
    /// When it was said.
    #[schema(format = DateTime)]
    created: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    changed: String,
}

impl Feedback {
    fn of(rating: &Rating) -> Self {
        let quote = |block: &RatedBlock| Quote {
            document: block.document.to_string(),
            text: block.text.clone(),
        };
        Self {
            id: rating.id.to_string(),
            question: rating.question.clone(),
            verdict: match rating.verdict {
                Verdict::Confirmed => Said::Confirmed,
                Verdict::Rejected => Said::Rejected,
            },
            blocks: rating.blocks.iter().map(quote).collect(),
            correction: rating.correction.iter().map(quote).collect(),
            comment: rating.comment.clone(),
            author: rating.author.clone(),
            state: rating.state.map(|state| match state {
                ReviewState::Open => Reviewed::Open,
                ReviewState::Fixed => Reviewed::Fixed,
                ReviewState::Declined => Reviewed::Declined,
            }),
            note: rating.note.clone(),
            reviewer: rating.reviewer.clone(),
            created: rfc3339(rating.created),
            changed: rfc3339(rating.changed),
        }
    }
}

/// A page of what was said.
#[derive(Debug, Serialize, ToSchema)]
struct FeedbackList {
    /// The latest first.
    feedback: Vec<Feedback>,
    /// How many the whole list has.
    total: usize,
    /// Where the next page begins; null on the last.
    next_cursor: Option<String>,
}

fn quotes(quotes: Vec<Quote>) -> Result<Vec<yuanwen_engine::kb::Quote>, ApiError> {
    if quotes.len() > MOST_BLOCKS {
        let error = ApiError::new(Code::InvalidBody).with("reason", "more than 50 blocks");
        return Err(error);
    }
    let quote = |Quote { document, text }: Quote| {
        let document = documents::number(&document);
        let document = document.ok_or_else(|| ApiError::new(Code::DocumentNotFound))?;
        Ok(yuanwen_engine::kb::Quote { document, text })
    };
    quotes.into_iter().map(quote).collect()
}

/// Rate an answer
///
/// It counts from the next question on, for all who ask: hence the scope `write`. The text is that
/// of documents: nothing else can become an answer, and no document is changed.
#[utoipa::path(
    post,
    path = "/kbs/{kb}/feedback",
    tag = "feedback",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body = NewFeedback,
    responses((status = 201, description = "It is kept", body = Feedback)),
)]
async fn rate(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    From(caller): From,
    Json(new): Json<NewFeedback>,
) -> Result<Response, ApiError> {
    ApiError::at_most("comment", &new.comment, LONGEST)?;
    ApiError::at_most("author", &new.author, 200)?;
    let author = match new.author.trim() {
        "" => caller.key().unwrap_or_default().to_owned(),
        author => author.to_owned(),
    };
    let new = NewRating {
        question: new.question,
        verdict: match new.verdict {
            Said::Confirmed => Verdict::Confirmed,
            Said::Rejected => Verdict::Rejected,
        },
        blocks: quotes(new.blocks)?,
        correction: quotes(new.correction)?,
        comment: new.comment,
        author,
    };
    let rating = service.change_kb(&kb, move |kb: &KnowledgeBase| Ok(kb.rate(new)?)).await?;
    Ok((StatusCode::CREATED, axum::Json(Feedback::of(&rating))).into_response())
}

/// Which of it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// How many to give at most [default: 50]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before
    cursor: Option<String>,
    /// Only what says this
    verdict: Option<Said>,
    /// Only what was looked into so far; `open` is the review list
    state: Option<Reviewed>,
}

/// List what was said about answers
#[utoipa::path(
    get,
    path = "/kbs/{kb}/feedback",
    tag = "feedback",
    params(("kb" = String, Path, description = "The knowledge base"), Which),
    responses((status = 200, description = "A page of the list", body = FeedbackList)),
)]
async fn list(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let read = move |kb: &KnowledgeBase| {
        let mut all: Vec<Feedback> = kb.ratings()?.iter().map(Feedback::of).collect();
        all.retain(|one| which.verdict.is_none_or(|verdict| one.verdict == verdict));
        all.retain(|one| which.state.is_none_or(|state| one.state == Some(state)));
        let total = all.len();
        let paging = Paging { limit: which.limit, cursor: which.cursor };
        // The latest first: counted down from the largest id.
        let key = |one: &Feedback| {
            format!("{:020}", u64::MAX - one.id.parse::<u64>().unwrap_or_default())
        };
        let (feedback, next_cursor) = page(all, &paging, key)?;
        Ok(FeedbackList { feedback, total, next_cursor })
    };
    tagged(&headers, &service.with_kb(&kb, read).await?)
}

/// Give the confirmed answers as labelled questions
///
/// One JSON object a line, as `yuanwen eval --gold` and the evaluations of this service take them.
#[utoipa::path(
    get,
    path = "/kbs/{kb}/feedback/questions",
    tag = "feedback",
    params(("kb" = String, Path, description = "The knowledge base")),
    responses((status = 200, description = "The questions", body = String,
        content_type = "application/x-ndjson")),
)]
async fn questions(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
) -> Result<Response, ApiError> {
    let lines = service.with_kb(&kb, |kb: &KnowledgeBase| labelled(kb)).await?;
    let kind = [(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"))];
    Ok((kind, lines).into_response())
}

/// The confirmed answers as labelled questions, the latest of each question.
pub(super) fn labelled(kb: &KnowledgeBase) -> Result<String, ApiError> {
    let mut seen = std::collections::HashSet::new();
    let mut lines = String::new();
    for rating in kb.ratings()? {
        let declined = rating.state == Some(ReviewState::Declined);
        let right = match rating.verdict {
            Verdict::Confirmed => &rating.blocks,
            Verdict::Rejected => &rating.correction,
        };
        if declined || right.is_empty() || !seen.insert(rating.question.clone()) {
            continue;
        }
        let block = |block: &RatedBlock| -> Result<_, ApiError> {
            let name = kb.document(block.document).map(|status| status.known.name);
            Ok(json!({"doc": name.unwrap_or_default(), "text": block.text}))
        };
        let blocks = right.iter().map(block).collect::<Result<Vec<_>, ApiError>>()?;
        let line = json!({
            "id": rating.id, "question": rating.question, "blocks": blocks, "kw_weight": 0.0,
        });
        lines += &format!("{line}\n");
    }
    Ok(lines)
}

fn number(id: &str) -> Result<u64, ApiError> {
    documents::number(id).ok_or_else(|| Code::FeedbackNotFound.into())
}

/// Show what was said
#[utoipa::path(
    get,
    path = "/kbs/{kb}/feedback/{feedback}",
    tag = "feedback",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("feedback" = String, Path, description = "Its id"),
    ),
    responses((status = 200, description = "What was said", body = Feedback)),
)]
async fn show(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let read = move |kb: &KnowledgeBase| Ok(kb.rating(number(&id)?)?);
    tagged(&headers, &Feedback::of(&service.with_kb(&kb, read).await?))
}

/// Look into what was said
#[utoipa::path(
    patch,
    path = "/kbs/{kb}/feedback/{feedback}",
    tag = "feedback",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("feedback" = String, Path, description = "Its id"),
    ),
    request_body = ChangedFeedback,
    responses((status = 200, description = "As it is now", body = Feedback)),
)]
async fn review(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    From(caller): From,
    Path((_, id)): Path<(String, String)>,
    Json(changed): Json<ChangedFeedback>,
) -> Result<Response, ApiError> {
    ApiError::at_most("note", changed.note.as_deref().unwrap_or_default(), LONGEST)?;
    ApiError::at_most("reviewer", &changed.reviewer, 200)?;
    let review = Review {
        state: changed.state.map(|state| match state {
            Reviewed::Open => ReviewState::Open,
            Reviewed::Fixed => ReviewState::Fixed,
            Reviewed::Declined => ReviewState::Declined,
        }),
        note: changed.note,
        correction: changed.correction.map(quotes).transpose()?,
        reviewer: match changed.reviewer.trim() {
            "" => caller.key().unwrap_or_default().to_owned(),
            reviewer => reviewer.to_owned(),
        },
    };
    let change = move |kb: &KnowledgeBase| Ok(kb.review(number(&id)?, review)?);
    let rating = service.change_kb(&kb, change).await?;
    tagged(&HeaderMap::new(), &Feedback::of(&rating))
}

/// Take back what was said
///
/// Answers are as if it had never been said.
#[utoipa::path(
    delete,
    path = "/kbs/{kb}/feedback/{feedback}",
    tag = "feedback",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("feedback" = String, Path, description = "Its id"),
    ),
    responses((status = 204, description = "It is gone")),
)]
async fn take_back(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    Path((_, id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let take_back = move |kb: &KnowledgeBase| Ok(kb.unrate(number(&id)?)?);
    service.change_kb(&kb, take_back).await?;
    Ok(StatusCode::NO_CONTENT)
}
