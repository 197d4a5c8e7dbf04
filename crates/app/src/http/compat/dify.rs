//! `POST /retrieval`: Dify's external knowledge (Dify documentation, "External knowledge API").
//!
//! Dify is given this service's root as the endpoint, a key with the scope `read`, and the id of a
//! knowledge base. Conditions choose among the passages that the question finds, of which there are
//! about a hundred.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::KnowledgeBase;

use super::filter::{Filter, Test};
use super::said::Texts;
use super::{named, question};
use crate::http::access::From;
use crate::http::ask::Questioned;
use crate::http::extract::{Json, whole};
use crate::link::{self, Links};
use crate::retrieved::{self, MOST, Retrieved};
use crate::service::{ApiError, Service};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(retrieve))
}

/// So many conditions are taken.
const MOST_CONDITIONS: usize = 100;

/// What to retrieve.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = DifyRetrieval)]
struct Wanted {
    /// The id of a knowledge base, or `yuanwen` for the only one.
    #[schema(example = "yuanwen")]
    knowledge_id: String,
    /// The question.
    #[schema(max_length = 2000, pattern = "\\S")]
    query: String,
    retrieval_setting: Setting,
    metadata_condition: Option<Conditions>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = DifySetting)]
struct Setting {
    /// How many passages to give at most.
    #[serde(deserialize_with = "whole")]
    #[schema(value_type = usize, minimum = 1, maximum = 100)]
    top_k: Option<usize>,
    /// Passages below are left out, 0 to 1.
    score_threshold: Option<f64>,
}

/// Conditions on what is known of documents.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = DifyConditions)]
struct Conditions {
    /// `and` or `or` [default: and].
    logical_operator: Option<Joined>,
    #[serde(default)]
    #[schema(required = false, max_items = 100)]
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[schema(as = DifyOperator)]
#[serde(rename_all = "snake_case")]
enum Joined {
    And,
    Or,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = DifyCondition)]
struct Condition {
    /// What to look at: document, file, format, kind, title, published, period, publisher, page.
    /// Of several names, one must meet the condition.
    name: Texts,
    /// contains, not contains, start with, end with, is, is not, in, not in, empty, not empty, =,
    /// ≠, >, <, ≥, ≤, before, after.
    #[schema(
        pattern = "^(contains|not contains|start with|end with|is|is not|in|not in|empty|not empty|=|≠|>|<|≥|≤|before|after)$"
    )]
    comparison_operator: String,
    /// A text, a number or a list of texts.
    #[serde(default)]
    value: Value,
}

#[derive(Debug, Serialize, ToSchema)]
struct DifyRecords {
    /// The passages, best first.
    records: Vec<Record>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DifyRecord)]
struct Record {
    /// The passage, as it stands in the document.
    content: String,
    /// How well it fits, 0 to 1.
    score: f64,
    /// The title of the document.
    title: String,
    /// What is known of the passage and its document.
    #[schema(value_type = Object)]
    metadata: Map<String, Value>,
}

/// Retrieve passages for Dify
#[utoipa::path(
    post,
    path = "/retrieval",
    tag = "dify",
    request_body = Wanted,
    responses((status = 200, description = "The passages", body = DifyRecords)),
)]
async fn retrieve(
    State(service): State<Arc<Service>>,
    From(caller): From,
    headers: HeaderMap,
    Json(wanted): Json<Wanted>,
) -> Result<Response, ApiError> {
    let kb = named(&service, &caller, "knowledge_id", &wanted.knowledge_id)?;
    question("query", &wanted.query)?;
    let Setting { top_k, score_threshold } = wanted.retrieval_setting;
    let Some(top_k @ 1..=MOST) = top_k else {
        return Err(ApiError::field("top_k", format!("give a number from 1 to {MOST}")));
    };
    let filter = wanted.metadata_condition.map(filter).transpose()?;
    let asked = Questioned(wanted.query.clone());
    let query = wanted.query;
    let find = move |kb: &KnowledgeBase| Ok(retrieved::nearest(kb, &query, MOST)?);
    let mut found = service.with_kb(&kb, find).await?;
    found.retain(|one| {
        one.score >= score_threshold.unwrap_or(0.0)
            && filter.as_ref().is_none_or(|filter| filter.fits(&one.attributes()))
    });
    found.truncate(top_k);
    let links = Links::Service { root: link::root(&headers, service.settings.tls.is_some()), kb };
    let records = found.into_iter().map(|one| record(&links, one)).collect();
    let mut response = axum::Json(DifyRecords { records }).into_response();
    response.extensions_mut().insert(asked);
    Ok(response)
}

fn record(links: &Links, found: Retrieved) -> Record {
    let mut metadata = found.attributes();
    let url = links.to(&found.entry, found.passage.page);
    metadata.insert("url".to_owned(), Value::String(url));
    let title = retrieved::title(&found.entry);
    Record { content: found.passage.text, score: found.score, title, metadata }
}

fn filter(said: Conditions) -> Result<Filter, ApiError> {
    if said.conditions.len() > MOST_CONDITIONS {
        return Err(ApiError::field("conditions", format!("at most {MOST_CONDITIONS}")));
    }
    let conditions = said.conditions.into_iter().map(condition).collect::<Result<Vec<_>, _>>()?;
    Ok(match said.logical_operator {
        // No condition is met by all.
        Some(Joined::Or) if !conditions.is_empty() => Filter::Any(conditions),
        _ => Filter::All(conditions),
    })
}

fn condition(said: Condition) -> Result<Filter, ApiError> {
    let test = match said.comparison_operator.as_str() {
        "contains" => Test::Contains,
        "not contains" => Test::NotContains,
        "start with" => Test::StartsWith,
        "end with" => Test::EndsWith,
        "is" | "=" => Test::Is,
        "is not" | "≠" | "!=" => Test::IsNot,
        "in" => Test::In,
        "not in" => Test::NotIn,
        "empty" => Test::Empty,
        "not empty" => Test::NotEmpty,
        ">" | "after" => Test::Greater,
        "<" | "before" => Test::Less,
        "≥" | ">=" => Test::AtLeast,
        "≤" | "<=" => Test::AtMost,
        other => {
            let known = "contains, not contains, start with, end with, is, is not, in, not in, \
                         empty, not empty, =, ≠, >, <, ≥, ≤, before, after";
            let reason = format!("{other:?} is none of {known}");
            return Err(ApiError::field("comparison_operator", reason));
        }
    };
    let one = |key| Filter::One { key, test, value: said.value.clone() };
    Ok(Filter::Any(said.name.into_vec().into_iter().map(one).collect()))
}
