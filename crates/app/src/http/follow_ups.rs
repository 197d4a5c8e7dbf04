//! What may be asked next.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::answer::AskOptions;
use yuanwen_engine::kb::{FollowUp, KnowledgeBase};

use super::access::ReadKb;
use super::ask::checked;
use super::extract::Json;
use crate::service::{ApiError, Service};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(follow_ups))
}

/// A question that was asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AskedBefore {
    /// The question.
    #[schema(max_length = 2000, pattern = "[^\\s\\u0085]")]
    question: String,
    /// The questions before it, the latest last.
    #[serde(default)]
    #[schema(max_items = 100)]
    after: Vec<String>,
    /// The date that 去年, 本季度 and the like are counted from.
    #[schema(pattern = "^(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$")]
    as_of: Option<String>,
}

/// What may be asked next.
#[derive(Debug, Serialize, ToSchema)]
struct FollowUps {
    /// Each has an answer, and another one than the question itself.
    follow_ups: Vec<Suggested>,
}

/// A question that may be asked next.
#[derive(Debug, Serialize, ToSchema)]
struct Suggested {
    /// As one would ask it, leaving out what was said.
    #[schema(example = "2022年呢？")]
    question: String,
    /// The same completed.
    completed: String,
}

/// Suggest questions to ask next
///
/// Only such as the documents answer: the same a year earlier or later, the reason of a figure.
#[utoipa::path(
    post,
    path = "/kbs/{kb}/follow-ups",
    tag = "questions",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body = AskedBefore,
    responses((status = 200, description = "The questions", body = FollowUps)),
)]
async fn follow_ups(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Json(AskedBefore { question, after, as_of }): Json<AskedBefore>,
) -> Result<Response, ApiError> {
    let as_of = checked(&question, &after, as_of.as_deref())?;
    let suggest = move |kb: &KnowledgeBase| {
        let before: Vec<&str> = after.iter().map(String::as_str).collect();
        let options = AskOptions { top: 1, as_of, ..AskOptions::default() };
        let suggested = kb.follow_ups(&before, &question, &options)?;
        let suggested = suggested
            .into_iter()
            .map(|FollowUp { question, completed }| Suggested { question, completed });
        Ok(FollowUps { follow_ups: suggested.collect() })
    };
    Ok(axum::Json(service.with_kb(&kb, suggest).await?).into_response())
}
