//! The service over HTTP: one file a group of routes.
//!
//! Routes are collected with their descriptions, so that `/api/v1/openapi.json` lists what there
//! is. All share the state [`Service`].

mod error;
mod extract;
mod health;
mod server;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;

use crate::service::Service;

pub(crate) use server::serve;

/// All routes.
pub(crate) fn router(service: Arc<Service>) -> Router {
    let routes: OpenApiRouter<Arc<Service>> = OpenApiRouter::new().merge(health::routes());
    let (router, _api) = routes.split_for_parts();
    router
        .fallback(error::no_route)
        .method_not_allowed_fallback(error::no_method)
        .layer(DefaultBodyLimit::max(extract::MOST_JSON))
        .with_state(service)
}
