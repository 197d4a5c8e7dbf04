//! `POST /v1/vector_stores/{id}/search`: passages for a query (OpenAI API reference, "Search vector
//! store"). A vector store is a knowledge base, a file id a document's.
//!
//! Filters choose among the passages that the question finds, of which there are about a hundred:
//! what lies beyond those is not found by narrowing the filter.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::schema::{
    ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::KnowledgeBase;

use super::filter::{Filter, Test};
use super::said::Texts;
use super::{named, question};
use crate::http::access::From;
use crate::http::ask::Questioned;
use crate::http::extract::{Json, Path, whole};
use crate::retrieved::{self, MOST, Retrieved};
use crate::service::{ApiError, LONGEST, Service, documents};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(search))
}

/// So many results are given if nobody says, and at most.
const USUAL: usize = 10;
const MOST_RESULTS: usize = 50;
/// So many queries are taken at once.
const MOST_QUERIES: usize = 8;
/// Filters are nested no deeper, and have no more conditions on one level.
const DEEPEST: usize = 8;
const WIDEST: usize = 100;

/// What to search for.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = VectorStoreSearch)]
struct Wanted {
    /// A query, or several.
    #[schema(schema_with = queries)]
    query: Texts,
    /// How many results to give at most [default: 10].
    #[serde(default, deserialize_with = "whole")]
    #[schema(minimum = 1, maximum = 50)]
    max_num_results: Option<usize>,
    /// Conditions on attributes: `{"type": "eq", "key": "kind", "value": "report"}` with eq, ne,
    /// gt, gte, lt, lte, in, nin; joined by `{"type": "and", "filters": […]}` or `or`.
    #[schema(schema_with = described, required = false)]
    filters: Option<Value>,
    ranking_options: Option<Ranking>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = VectorStoreRanking)]
struct Ranking {
    /// Results below are left out, 0 to 1.
    score_threshold: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct VectorStoreResults {
    /// `vector_store.search_results.page`.
    object: &'static str,
    search_query: Vec<String>,
    data: Vec<VectorStoreResult>,
    /// Always false: all results are on one page.
    has_more: bool,
    /// Always null.
    next_page: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct VectorStoreResult {
    /// The document's id.
    file_id: String,
    filename: String,
    /// How well it fits, 0 to 1.
    score: f64,
    /// What is known of the passage and its document.
    #[schema(value_type = Object)]
    attributes: Map<String, Value>,
    content: Vec<Content>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VectorStoreContent)]
struct Content {
    /// `text`.
    r#type: &'static str,
    /// The passage, as it stands in the document.
    text: String,
}

impl VectorStoreResult {
    fn new(found: Retrieved) -> Self {
        Self {
            file_id: documents::id(&found.entry),
            filename: retrieved::file(&found.entry).to_owned(),
            score: found.score,
            attributes: found.attributes(),
            content: vec![Content { r#type: "text", text: found.passage.text }],
        }
    }
}

/// Search a knowledge base as a vector store
#[utoipa::path(
    post,
    path = "/v1/vector_stores/{id}/search",
    tag = "openai",
    params(("id" = String, Path, description = "The id of a knowledge base, or `yuanwen`")),
    request_body = Wanted,
    responses((status = 200, description = "The passages, best first", body = VectorStoreResults)),
)]
async fn search(
    State(service): State<Arc<Service>>,
    From(caller): From,
    Path(id): Path<String>,
    Json(wanted): Json<Wanted>,
) -> Result<Response, ApiError> {
    let kb = named(&service, &caller, "vector_store_id", &id)?;
    let queries = wanted.query.into_vec();
    if !(1..=MOST_QUERIES).contains(&queries.len()) {
        return Err(ApiError::field("query", format!("give 1 to {MOST_QUERIES} queries")));
    }
    queries.iter().try_for_each(|text| question("query", text).map(drop))?;
    let most = wanted.max_num_results.unwrap_or(USUAL);
    if !(1..=MOST_RESULTS).contains(&most) {
        return Err(ApiError::field(
            "max_num_results",
            format!("give a number from 1 to {MOST_RESULTS}"),
        ));
    }
    let filter = wanted.filters.as_ref().map(|filters| filter(filters, DEEPEST)).transpose()?;
    let lowest = wanted.ranking_options.and_then(|ranking| ranking.score_threshold);
    let asked = Questioned(queries.join("\n"));
    let find = {
        let queries = queries.clone();
        move |kb: &KnowledgeBase| Ok(merged(kb, &queries)?)
    };
    let mut found = service.with_kb(&kb, find).await?;
    found.retain(|one| {
        one.score >= lowest.unwrap_or(0.0)
            && filter.as_ref().is_none_or(|filter| filter.fits(&one.attributes()))
    });
    found.truncate(most);
    let mut response = axum::Json(VectorStoreResults {
        object: "vector_store.search_results.page",
        search_query: queries,
        data: found.into_iter().map(VectorStoreResult::new).collect(),
        has_more: false,
        next_page: None,
    })
    .into_response();
    response.extensions_mut().insert(asked);
    Ok(response)
}

/// The passages for several queries, each once with its best score, best first.
fn merged(kb: &KnowledgeBase, queries: &[String]) -> yuanwen_engine::Result<Vec<Retrieved>> {
    let (mut out, mut places) = (Vec::<Retrieved>::new(), BTreeMap::new());
    for query in queries {
        for found in retrieved::nearest(kb, query, MOST)? {
            let at = *places.entry((found.id.version, found.id.ordinal)).or_insert(out.len());
            match out.get_mut(at) {
                Some(known) => known.score = known.score.max(found.score),
                None => out.push(found),
            }
        }
    }
    if queries.len() > 1 {
        out.sort_by(|one, other| other.score.total_cmp(&one.score));
    }
    Ok(out)
}

/// The queries as they are described.
fn queries() -> Schema {
    let text = || {
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some("\\S"));
        text.max_length(Some(LONGEST))
    };
    let list = ArrayBuilder::new().items(text()).min_items(Some(1)).max_items(Some(MOST_QUERIES));
    OneOfBuilder::new().item(text()).item(list).into()
}

/// A filter as it is described, one level deep; the reference tells the rest.
fn described() -> Schema {
    let one_of = |names: &[&str]| {
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names.to_vec()))
    };
    let comparison = || {
        let scalar = [Type::String, Type::Number, Type::Boolean];
        ObjectBuilder::new()
            .property("type", one_of(&["eq", "ne", "gt", "gte", "lt", "lte"]))
            .property("key", ObjectBuilder::new().schema_type(Type::String))
            .property("value", ObjectBuilder::new().schema_type(SchemaType::from_iter(scalar)))
            .required("type")
            .required("key")
            .required("value")
    };
    let compound = ObjectBuilder::new()
        .property("type", one_of(&["and", "or"]))
        .property("filters", ArrayBuilder::new().items(comparison()).max_items(Some(WIDEST)))
        .required("type")
        .required("filters");
    OneOfBuilder::new().item(comparison()).item(compound).into()
}

/// Reads a filter (OpenAI API reference, "Comparison filter" and "Compound filter").
fn filter(value: &Value, deepest: usize) -> Result<Filter, ApiError> {
    let kind = value["type"].as_str().unwrap_or_default();
    if let "and" | "or" = kind {
        let inner = value["filters"].as_array().filter(|inner| inner.len() <= WIDEST);
        let inner = inner.filter(|_| deepest > 0).ok_or_else(|| {
            let limits = format!("at most {WIDEST} conditions side by side, {DEEPEST} deep");
            ApiError::field("filters", format!("`{kind}` needs `filters`, a list; {limits}"))
        })?;
        let inner = inner.iter().map(|one| filter(one, deepest - 1)).collect::<Result<_, _>>()?;
        return Ok(if kind == "and" { Filter::All(inner) } else { Filter::Any(inner) });
    }
    let test = match kind {
        "eq" => Test::Is,
        "ne" => Test::IsNot,
        "gt" => Test::Greater,
        "gte" => Test::AtLeast,
        "lt" => Test::Less,
        "lte" => Test::AtMost,
        "in" => Test::In,
        "nin" => Test::NotIn,
        _ => {
            let known = "and, or, eq, ne, gt, gte, lt, lte, in, nin";
            return Err(ApiError::field(
                "filters",
                format!("`type` is {kind:?}, but there are {known}"),
            ));
        }
    };
    let (Some(key), Some(value)) = (value["key"].as_str(), value.get("value")) else {
        return Err(ApiError::field("filters", format!("`{kind}` needs `key` and `value`")));
    };
    let is_list = matches!(test, Test::In | Test::NotIn);
    if value.is_object() || value.is_null() || value.is_array() != is_list {
        let wanted = if is_list { "a list" } else { "a text, a number or true or false" };
        return Err(ApiError::field(
            "filters",
            format!("the `value` of `{kind}` must be {wanted}"),
        ));
    }
    Ok(Filter::One { key: key.to_owned(), test, value: value.clone() })
}
