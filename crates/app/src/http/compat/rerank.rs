//! `POST /v1/rerank`, `/v2/rerank` and `/rerank`: texts ordered by how well they answer, as Jina's and Cohere's
//! reference has it.
//!
//! With a reranker set for the knowledge base, its score goes through the logistic function. Without
//! one a text's score is the mean of two shares: of the question's worth (its terms weighed by how
//! rare they are in the knowledge base) that stands in the text, and the cosine of both vectors by
//! the knowledge base's embedder, where it is positive. That knows nothing of sentences and
//! titles, as the own search does; it is there so that clients need no model of their own.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::answer::AskOptions;
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::text::normalize::folded;

use super::{amount, named, question};
use crate::answer::rounded;
use crate::http::access::From;
use crate::http::extract::{Json, whole};
use crate::service::{ApiError, Caller, Service};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .routes(routes!(rerank))
        .routes(routes!(rerank_newer))
        .routes(routes!(rerank_short))
}

/// So many texts are taken at once.
const MOST: usize = 1000;

/// What to order.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RerankRequest)]
struct Wanted {
    /// A knowledge base's id, or `yuanwen` for the only one.
    #[schema(example = "yuanwen")]
    model: String,
    /// The question.
    #[schema(max_length = 2000, pattern = "\\S")]
    query: String,
    /// The texts, as they are or as objects with `text`.
    #[schema(min_items = 1, max_items = 1000)]
    documents: Vec<Document>,
    /// How many to give at most [default: all].
    #[serde(default, deserialize_with = "whole")]
    #[schema(minimum = 1, maximum = 1000)]
    top_n: Option<usize>,
    /// Whether to give the texts back [default: true].
    return_documents: Option<bool>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RerankDocument)]
#[serde(untagged)]
enum Document {
    Text(String),
    Object { text: String },
}

impl Document {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Object { text } => text,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct Reranked {
    model: String,
    /// The texts, best first.
    results: Vec<RerankResult>,
    usage: RerankUsage,
}

#[derive(Debug, Serialize, ToSchema)]
struct RerankResult {
    /// The number of the text in the request, from 0.
    index: usize,
    /// How well it answers, 0 to 1.
    relevance_score: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<Given>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RerankText)]
struct Given {
    text: String,
}

/// How much text was read, in characters.
#[derive(Debug, Serialize, ToSchema)]
struct RerankUsage {
    total_tokens: usize,
}

/// Order texts by how well they answer a question
#[utoipa::path(
    post,
    path = "/v1/rerank",
    tag = "rerank",
    request_body = Wanted,
    responses((status = 200, description = "The order", body = Reranked)),
)]
async fn rerank(
    State(service): State<Arc<Service>>,
    From(caller): From,
    Json(wanted): Json<Wanted>,
) -> Result<axum::Json<Reranked>, ApiError> {
    answer(&service, &caller, wanted).await
}

/// Order texts by how well they answer a question
///
/// As `/v1/rerank`.
#[utoipa::path(
    post,
    path = "/rerank",
    tag = "rerank",
    request_body = Wanted,
    responses((status = 200, description = "The order", body = Reranked)),
)]
async fn rerank_short(
    State(service): State<Arc<Service>>,
    From(caller): From,
    Json(wanted): Json<Wanted>,
) -> Result<axum::Json<Reranked>, ApiError> {
    answer(&service, &caller, wanted).await
}

/// Order texts by how well they answer a question
///
/// As `/v1/rerank`, where Cohere's newer clients look for it.
#[utoipa::path(
    post,
    path = "/v2/rerank",
    tag = "rerank",
    request_body = Wanted,
    responses((status = 200, description = "The order", body = Reranked)),
)]
async fn rerank_newer(
    State(service): State<Arc<Service>>,
    From(caller): From,
    Json(wanted): Json<Wanted>,
) -> Result<axum::Json<Reranked>, ApiError> {
    answer(&service, &caller, wanted).await
}

async fn answer(
    service: &Arc<Service>,
    caller: &Caller,
    wanted: Wanted,
) -> Result<axum::Json<Reranked>, ApiError> {
    let Wanted { model, query, documents, top_n, return_documents } = wanted;
    let kb = named(service, caller, "model", &model)?;
    question("query", &query)?;
    if !(1..=MOST).contains(&documents.len()) {
        return Err(ApiError::field("documents", format!("give 1 to {MOST} texts")));
    }
    if !top_n.is_none_or(|top| (1..=MOST).contains(&top)) {
        return Err(ApiError::field("top_n", format!("give a number from 1 to {MOST}")));
    }
    let work = move |kb: &KnowledgeBase| {
        let texts: Vec<&str> = documents.iter().map(Document::text).collect();
        let scores = scores(kb, &query, &texts)?;
        let total_tokens = amount(texts.iter().copied().chain([query.as_str()]));
        let mut order: Vec<usize> = (0..texts.len()).collect();
        // Texts of the same score stay in the order in which they came.
        order.sort_by(|&one, &other| scores[other].total_cmp(&scores[one]));
        order.truncate(top_n.unwrap_or(usize::MAX));
        let result = |index: usize| RerankResult {
            index,
            relevance_score: rounded(scores[index]),
            document: return_documents
                .unwrap_or(true)
                .then(|| Given { text: texts[index].to_owned() }),
        };
        let results = order.into_iter().map(result).collect();
        Ok(Reranked { model, results, usage: RerankUsage { total_tokens } })
    };
    Ok(axum::Json(service.with_kb(&kb, work).await?))
}

fn scores(kb: &KnowledgeBase, query: &str, texts: &[&str]) -> yuanwen_engine::Result<Vec<f64>> {
    match kb.rerank(query, texts)? {
        Some(logits) => {
            Ok(logits.iter().map(|logit| 1.0 / (1.0 + f64::from(-logit).exp())).collect())
        }
        None => matched(kb, query, texts),
    }
}

/// The scores of texts where there is no reranker.
fn matched(kb: &KnowledgeBase, query: &str, texts: &[&str]) -> yuanwen_engine::Result<Vec<f64>> {
    let read = kb.understand(query, &AskOptions::default())?;
    let worth = kb.worth(&read)?;
    let all: f64 = worth.iter().sum();
    let vectors = kb.embed(&[&[query], texts].concat())?;
    let Some((asked, vectors)) = vectors.split_first() else { return Ok(Vec::new()) };
    let score = |(text, vector): (&&str, &Vec<f32>)| {
        let text = folded(text);
        let terms = read.terms.iter().zip(&worth);
        let held: f64 =
            terms.filter(|(term, _)| text.contains(&term.text)).map(|(_, worth)| worth).sum();
        let cosine: f32 = asked.iter().zip(vector).map(|(one, other)| one * other).sum();
        let share = if all > 0.0 { held / all } else { 0.0 };
        (share + f64::from(cosine.clamp(0.0, 1.0))) / 2.0
    };
    Ok(texts.iter().zip(vectors).map(score).collect())
}
