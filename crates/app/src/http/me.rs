//! Who asks, and what the service offers them: what a page has to know before it shows anything.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::From;
use super::tagged::tagged;
use crate::service::{ApiError, KbId, Scope, Service, keys};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(me))
}

/// Who asks, and what the service offers.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    /// The version of the program.
    version: &'static str,
    /// Whether the service wants keys. Without them everybody on this machine may do everything.
    keys: bool,
    /// What the key is called, or its id where it has no name; null without keys.
    key: Option<String>,
    /// What the caller may do.
    scope: Scope,
    /// The knowledge bases that the key is for; empty for all.
    only: Vec<String>,
    /// Whether the service has a data directory, so that knowledge bases can be made and deleted.
    many: bool,
    /// The language model that puts answers into words.
    llm: Option<String>,
    /// The largest file that is taken, in bytes.
    upload_limit: u64,
    /// Whether folders of the server may be read.
    folders: bool,
}

/// Show who asks, and what the service offers them
#[utoipa::path(
    get,
    path = "/me",
    tag = "service",
    responses((status = 200, description = "The caller", body = Me)),
)]
async fn me(
    State(service): State<Arc<Service>>,
    From(caller): From,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let settings = &service.settings;
    let (key, scope, only) = match caller.grant.as_deref() {
        Some(grant) => {
            let name = keys::name(&service.database, &grant.key)?;
            let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| grant.key.clone());
            (Some(name), grant.scope, grant.only.iter().map(KbId::to_string).collect())
        }
        None => (None, Scope::Admin, Vec::new()),
    };
    let me = Me {
        version: env!("CARGO_PKG_VERSION"),
        keys: caller.grant.is_some(),
        key,
        scope,
        only,
        many: service.registry.is_many(),
        llm: settings.llm.as_ref().map(|llm| llm.model().to_owned()),
        upload_limit: settings.upload_limit,
        folders: !settings.folders.is_empty(),
    };
    tagged(&headers, &me)
}
