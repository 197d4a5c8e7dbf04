//! Passages for a query, with what their scores are made of.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::answer::AskOptions;
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::retrieve::Ranked;

use super::access::ReadKb;
use super::ask::Questioned;
use super::extract::{Json, whole};
use crate::explained::{Signal, signals};
use crate::service::{ApiError, LONGEST, Service, documents};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(search))
}

/// So many passages are measured at all.
const MOST: usize = 100;
/// So many are given where nobody said.
const USUAL: usize = 10;

/// What to search for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Words or a question.
    #[schema(max_length = 2000, pattern = "[^\\s\\u0085]", example = "雪岭基站 下行速率")]
    query: String,
    /// How many passages to give at most [default: 10].
    #[serde(default, deserialize_with = "whole")]
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
struct SearchResults {
    /// The passages, best first.
    passages: Vec<Hit>,
    /// How long it took, in milliseconds.
    ms: f64,
}

/// A passage that was found.
#[derive(Debug, Serialize, ToSchema)]
struct Hit {
    /// The document's id; null if it was removed meanwhile.
    document: Option<String>,
    /// The name of the document.
    doc: String,
    /// The title of the document.
    title: Option<String>,
    /// The number of the passage in the document, from 0.
    ordinal: u32,
    /// The page on which it begins, from 1.
    page: Option<u32>,
    /// The headings above it, outermost first.
    headings: Vec<String>,
    /// Its text, as it stands in the document.
    text: String,
    /// What it was ordered by: the sum of the contributions.
    score: f64,
    /// What the score is made of.
    signals: Vec<Signal>,
}

impl Hit {
    fn of(kb: &KnowledgeBase, ranked: &Ranked) -> Result<Self, ApiError> {
        let stored = &ranked.stored;
        let passage = &stored.passage;
        Ok(Self {
            document: documents::id_of_version(kb, stored.version)?,
            doc: stored.name.to_string(),
            title: stored.meta.title.clone(),
            ordinal: passage.ordinal,
            page: passage.page,
            headings: passage.headings.clone(),
            text: passage.text.clone(),
            score: ranked.score,
            signals: signals(ranked),
        })
    }
}

/// Search for passages
#[utoipa::path(
    post,
    path = "/kbs/{kb}/search",
    tag = "questions",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body = Wanted,
    responses((status = 200, description = "The best passages", body = SearchResults)),
)]
async fn search(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Json(Wanted { query, limit }): Json<Wanted>,
) -> Result<Response, ApiError> {
    let top = limit.unwrap_or(USUAL);
    if query.trim().is_empty() {
        return Err(ApiError::field("query", "it is empty"));
    }
    ApiError::at_most("query", &query, LONGEST)?;
    if !(1..=MOST).contains(&top) {
        return Err(ApiError::field("limit", format!("give a number from 1 to {MOST}")));
    }
    let asked = Questioned(query.clone());
    let own = Arc::clone(&service);
    let find = move |kb: &KnowledgeBase| {
        let begin = Instant::now();
        let answer = kb.ask(&query, &AskOptions { top, ..AskOptions::default() });
        own.metrics.took("search", begin.elapsed());
        let answer = answer?;
        let hits = answer.passages.iter().map(|ranked| Hit::of(kb, ranked));
        let ms = (answer.millis * 100.0).round() / 100.0;
        Ok(SearchResults { passages: hits.collect::<Result<_, ApiError>>()?, ms })
    };
    let found = service.with_kb(&kb, find).await?;
    let mut response = axum::Json(found).into_response();
    response.extensions_mut().insert(asked);
    Ok(response)
}
