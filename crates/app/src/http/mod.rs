//! The service over HTTP: one file a group of routes.
//!
//! Routes are collected with their descriptions, so that `/api/v1/openapi.json` lists what there
//! is. All share the state [`Service`].

mod access;
mod ask;
mod compat;
mod content;
mod conversations;
mod documents;
mod error;
mod events;
mod extract;
mod health;
mod kbs;
mod mcp;
mod openapi;
mod page;
mod range;
mod read;
mod search;
mod server;
mod stream;
mod tagged;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::service::Service;

pub(crate) use server::serve;

/// All routes.
pub(crate) fn router(service: Arc<Service>) -> anyhow::Result<Router> {
    let api = OpenApiRouter::new()
        .merge(kbs::routes())
        .merge(documents::routes())
        .merge(content::routes())
        .merge(read::routes())
        .merge(ask::routes())
        .merge(search::routes())
        .merge(conversations::routes());
    let common = openapi::Common::openapi();
    let routes = OpenApiRouter::with_openapi(common)
        .merge(health::routes())
        .merge(mcp::routes())
        .merge(compat::routes())
        .nest(API, api);
    let (router, api) = routes.split_for_parts();
    let router = router.nest(API, openapi::routes(api)?);
    Ok(router
        .layer(axum::middleware::from_fn(open_to_all))
        .fallback(error::no_route)
        .method_not_allowed_fallback(error::no_method)
        .layer(DefaultBodyLimit::max(extract::MOST_JSON))
        .layer(axum::middleware::from_fn(compat::shaped))
        .with_state(service))
}

/// Under which the own interface stands.
const API: &str = "/api/v1";

async fn open_to_all(
    mut request: axum::extract::Request,
    next: axum::middleware::Next,
) -> axum::response::Response {
    let address = std::net::IpAddr::from([127, 0, 0, 1]);
    request.extensions_mut().insert(crate::service::Caller { address, grant: None });
    next.run(request).await
}
