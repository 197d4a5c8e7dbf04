//! What the service counts and measures, for Prometheus.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::From;
use crate::service::{ApiError, Scope, Service};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(metrics))
}

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Show what the service counts and measures
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "service",
    responses((status = 200, description = "In the text format of OpenMetrics", body = String,
        content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8")),
)]
async fn metrics(
    State(service): State<Arc<Service>>,
    From(caller): From,
) -> Result<Response, ApiError> {
    caller.must(Scope::Read, None)?;
    let own = Arc::clone(&service);
    let text = service.wait(move || own.metrics.text(&own)).await?;
    Ok(([(CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}
