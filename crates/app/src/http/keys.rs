//! Keys: listed, made, revoked, by whom may administer the service.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::Admin;
use super::extract::{Json, Path};
use super::tagged::tagged;
use crate::service::{ApiError, KbId, Key, NewKey, PATTERN, Scope, Service, keys, rfc3339};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

/// All keys.
#[derive(Debug, Serialize, ToSchema)]
struct Keys {
    keys: Vec<KeyShape>,
}

/// A key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Key)]
struct KeyShape {
    /// Its id, which is a part of the key.
    id: String,
    /// What it is for.
    name: String,
    /// What it allows.
    scope: Scope,
    /// The knowledge bases that it is for; empty for all.
    only: Vec<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created: String,
    /// When it was revoked.
    #[schema(format = DateTime)]
    revoked: Option<String>,
}

impl KeyShape {
    fn of(key: Key) -> Self {
        Self {
            id: key.id,
            name: key.name,
            scope: key.scope,
            only: key.only.iter().map(KbId::to_string).collect(),
            created: rfc3339(key.created),
            revoked: key.revoked.map(rfc3339),
        }
    }
}

/// A key that was just made.
#[derive(Debug, Serialize, ToSchema)]
struct MadeKey {
    #[serde(flatten)]
    about: KeyShape,
    /// The key. It is shown this once; only its hash is kept.
    key: String,
}

/// What a new key is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WantedKey {
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 200)]
    name: String,
    /// What it allows; each scope includes those before it.
    scope: Scope,
    /// The knowledge bases that it is for; empty for all.
    #[serde(default)]
    #[schema(max_items = 100)]
    only: Vec<String>,
}

/// List all keys
#[utoipa::path(
    get,
    path = "/keys",
    tag = "administration",
    responses((status = 200, description = "The keys, the oldest first", body = Keys)),
)]
async fn list(
    State(service): State<Arc<Service>>,
    _: Admin,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let own = Arc::clone(&service);
    let keys = service.wait(move || keys::list(&own.database)).await??;
    tagged(&headers, &Keys { keys: keys.into_iter().map(KeyShape::of).collect() })
}

/// Make a key
///
/// Once there is a key, every request needs one.
#[utoipa::path(
    post,
    path = "/keys",
    tag = "administration",
    request_body = WantedKey,
    responses((status = 201, description = "The key, shown this once", body = MadeKey)),
)]
async fn create(
    State(service): State<Arc<Service>>,
    _: Admin,
    Json(wanted): Json<WantedKey>,
) -> Result<Response, ApiError> {
    let WantedKey { name, scope, only } = wanted;
    if name.chars().count() > 200 || only.len() > 100 {
        let reason = "at most 200 characters, and 100 knowledge bases";
        return Err(ApiError::field("name", reason));
    }
    let id = |id: &String| {
        let reason = || format!("{id:?} does not match {PATTERN}");
        KbId::new(id).ok_or_else(|| ApiError::field("only", reason()))
    };
    let new = NewKey { name, scope, only: only.iter().map(id).collect::<Result<_, _>>()? };
    let own = Arc::clone(&service);
    let (key, text) = service.compute(move || keys::create(&own.database, &new)).await??;
    let made = MadeKey { about: KeyShape::of(key), key: text };
    Ok((StatusCode::CREATED, axum::Json(made)).into_response())
}

/// Revoke a key
#[utoipa::path(
    delete,
    path = "/keys/{key}",
    tag = "administration",
    params(("key" = String, Path, description = "The key's id")),
    responses((status = 204, description = "It allows nothing any more")),
)]
async fn revoke(
    State(service): State<Arc<Service>>,
    _: Admin,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let own = Arc::clone(&service);
    service.wait(move || keys::revoke(&own.database, &id)).await??;
    Ok(StatusCode::NO_CONTENT)
}
