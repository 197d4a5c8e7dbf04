//! Settings of a knowledge base.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::Error;
use yuanwen_engine::kb::{KnowledgeBase, Retention};

use super::access::{AdminKb, ReadKb};
use super::extract::{Json, whole};
use super::tagged::tagged;
use crate::service::{ApiError, KbId, Service, models};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(show, change))
}

/// The settings of a knowledge base.
#[derive(Debug, Serialize, ToSchema)]
struct KbSettings {
    /// How many past versions of each document are kept.
    versions: u32,
    /// For how many days a document that was removed but kept can be restored.
    removed_days: u32,
    /// What compares meanings.
    embedder: String,
    /// What is to compare them, while its vectors are made.
    changing: Option<ChangingEmbedder>,
    /// What orders the best passages once more.
    reranker: Option<String>,
}

/// A change of the embedder that is under way, or that failed.
#[derive(Debug, Serialize, ToSchema)]
struct ChangingEmbedder {
    /// The new one.
    embedder: String,
    /// How many passages have got its vectors.
    passages: usize,
    /// Of how many; 0 before that is known.
    expected: usize,
    /// Why it failed.
    problem: Option<String>,
}

/// What is to change of the settings.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangedSettings {
    /// How many past versions of each document are kept.
    #[serde(default, deserialize_with = "whole")]
    #[schema(maximum = 1000)]
    versions: Option<usize>,
    /// For how many days a document that was removed but kept can be restored.
    #[serde(default, deserialize_with = "whole")]
    #[schema(maximum = 36500)]
    removed_days: Option<usize>,
    /// What is to compare meanings: the name of a model that was added, or of one on a server as
    /// `yuanwen index --model` takes it; `builtin` for the one inside the program. Its vectors are
    /// made while the old ones serve.
    #[schema(max_length = 2000, min_length = 1)]
    embedder: Option<String>,
    /// What is to order the best passages once more, named in the same way; `none` for nothing. A
    /// model on a server is asked once before it is set.
    #[schema(max_length = 2000, min_length = 1)]
    reranker: Option<String>,
}

/// Lets another model order the best passages.
fn set_reranker(kb: &KnowledgeBase, name: &str) -> Result<(), ApiError> {
    kb.change_reranker(name).map_err(|error| match error {
        Error::Model(_) | Error::Remote(_) => {
            ApiError::field("reranker", format!("{:#}", anyhow::Error::from(error)))
        }
        error => error.into(),
    })
}

fn settings(service: &Service, id: &KbId, kb: &KnowledgeBase) -> Result<KbSettings, ApiError> {
    let Retention { versions, removed_days } = kb.retention()?;
    let (embedder, reranker) = kb.models();
    let changing = service.changes.of(id).map(|change| ChangingEmbedder {
        embedder: change.model,
        passages: change.passages,
        expected: change.expected,
        problem: change.problem,
    });
    Ok(KbSettings { versions, removed_days, embedder, changing, reranker })
}

/// Show the settings of a knowledge base
#[utoipa::path(
    get,
    path = "/kbs/{kb}/settings",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "The knowledge base")),
    responses((status = 200, description = "The settings", body = KbSettings)),
)]
async fn show(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (own, id) = (Arc::clone(&service), kb.clone());
    let read = move |kb: &KnowledgeBase| settings(&own, &id, kb);
    tagged(&headers, &service.with_kb(&kb, read).await?)
}

/// Change the settings of a knowledge base
#[utoipa::path(
    patch,
    path = "/kbs/{kb}/settings",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body = ChangedSettings,
    responses((status = 200, description = "As they are now", body = KbSettings)),
)]
async fn change(
    State(service): State<Arc<Service>>,
    AdminKb(kb): AdminKb,
    Json(changed): Json<ChangedSettings>,
) -> Result<Response, ApiError> {
    let wrong = |field: &str, most: usize| {
        Err(ApiError::field(field, format!("give a number from 0 to {most}")))
    };
    if changed.versions.is_some_and(|versions| versions > 1000) {
        return wrong("versions", 1000);
    }
    if changed.removed_days.is_some_and(|days| days > 36_500) {
        return wrong("removed_days", 36_500);
    }
    let (own, id) = (Arc::clone(&service), kb.clone());
    let change = move |kb: &KnowledgeBase| {
        // First what may fail, so that then nothing has changed.
        if let Some(name) = &changed.reranker {
            set_reranker(kb, name)?;
        }
        let before = kb.retention()?;
        kb.set_retention(Retention {
            versions: changed.versions.map_or(before.versions, |versions| versions as u32),
            removed_days: changed.removed_days.map_or(before.removed_days, |days| days as u32),
        })?;
        if let Some(model) = changed.embedder.filter(|model| *model != kb.models().0) {
            models::begin(&own, &id, own.kb(&id)?, model)?;
        }
        settings(&own, &id, kb)
    };
    tagged(&HeaderMap::new(), &service.change_kb(&kb, change).await?)
}
