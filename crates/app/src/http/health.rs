//! Whether the service is alive, and whether it can answer. No key is needed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::service::{ApiError, Service};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(ready))
}

/// How the service is.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `ok`, always.
    status: &'static str,
    /// The version of the program.
    version: &'static str,
}

const WELL: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

/// Whether the service is alive
#[utoipa::path(
    get,
    path = "/health",
    tag = "service",
    responses((status = 200, description = "It is alive", body = Health)),
)]
async fn health() -> Json<Health> {
    Json(WELL)
}

/// Whether the service can answer
///
/// It looks for the knowledge bases, and waits for a free thread.
#[utoipa::path(
    get,
    path = "/ready",
    tag = "service",
    responses((status = 200, description = "It can answer", body = Health)),
)]
async fn ready(State(service): State<Arc<Service>>) -> Result<Json<Health>, ApiError> {
    let own = Arc::clone(&service);
    service.compute(move || own.registry.ids()).await??;
    Ok(Json(WELL))
}
