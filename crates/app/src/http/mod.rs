//! The service over HTTP: one file a group of routes.
//!
//! Routes are collected with their descriptions, so that `/api/v1/openapi.json` lists what there
//! is. All share the state [`Service`].

mod access;
mod ask;
mod audit;
mod auth;
mod compat;
mod content;
mod conversations;
mod documents;
mod error;
mod evaluations;
mod events;
mod explain;
mod extract;
mod feedback;
mod follow_ups;
mod health;
mod kbs;
mod keys;
mod listing;
mod mcp;
mod me;
mod metrics;
mod observe;
mod openapi;
mod page;
mod pages;
mod range;
mod read;
mod repeats;
mod search;
mod server;
mod settings;
mod stall;
mod stream;
mod system;
mod tagged;
mod upkeep;
mod uploads;
mod versions;
mod web;
mod words;

use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{from_fn, from_fn_with_state};
use tower::util::option_layer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::CorsLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::service::Service;

pub(crate) use server::serve;

/// Under which the own interface stands.
const API: &str = "/api/v1";

/// All routes.
pub(crate) fn router(service: Arc<Service>) -> anyhow::Result<Router> {
    let api = OpenApiRouter::new()
        .merge(me::routes())
        .merge(kbs::routes())
        .merge(documents::routes())
        .merge(uploads::routes())
        .merge(upkeep::routes())
        .merge(versions::routes())
        .merge(content::routes())
        .merge(read::routes())
        .merge(pages::routes())
        .merge(ask::routes())
        .merge(search::routes())
        .merge(follow_ups::routes())
        .merge(explain::routes())
        .merge(feedback::routes())
        .merge(settings::routes())
        .merge(evaluations::routes())
        .merge(conversations::routes())
        .merge(words::routes())
        .merge(keys::routes())
        .merge(system::routes())
        .merge(audit::routes());
    let routes = OpenApiRouter::with_openapi(openapi::Common::openapi())
        .merge(health::routes())
        .merge(metrics::routes())
        .merge(mcp::routes())
        .merge(compat::routes())
        .nest(API, api);
    let (router, api) = routes.split_for_parts();
    let router = router.nest(API, openapi::routes(api)?).merge(web::routes());
    Ok(around(router, &service)?.with_state(service))
}

/// What is done with every request, the last first.
fn around(
    router: Router<Arc<Service>>,
    service: &Arc<Service>,
) -> anyhow::Result<Router<Arc<Service>>> {
    let state = || Arc::clone(service);
    Ok(router
        .fallback(error::no_route)
        .method_not_allowed_fallback(error::no_method)
        .layer(DefaultBodyLimit::max(extract::MOST_JSON))
        .layer(from_fn_with_state(state(), repeats::once))
        .layer(from_fn_with_state(state(), auth::admit))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(from_fn(compat::shaped))
        .layer(option_layer(cors(&service.settings.cors)?))
        .layer(from_fn_with_state(state(), observe::observe)))
}

/// Which web pages may use the service from a browser.
fn cors(origins: &[String]) -> anyhow::Result<Option<CorsLayer>> {
    if origins.is_empty() {
        return Ok(None);
    }
    let origin = |origin: &String| {
        HeaderValue::try_from(origin).with_context(|| format!("--cors {origin}: no such origin"))
    };
    let origins = origins.iter().map(origin).collect::<anyhow::Result<Vec<_>>>()?;
    let name = HeaderName::from_static;
    let sent = [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::RANGE,
        name("idempotency-key"),
        name("last-event-id"),
        name("mcp-protocol-version"),
        name("mcp-session-id"),
    ];
    let shown = [
        header::ETAG,
        header::LOCATION,
        header::RETRY_AFTER,
        name("mcp-session-id"),
        name("x-request-id"),
    ];
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let cors = CorsLayer::new().allow_origin(origins).allow_methods(methods);
    Ok(Some(cors.allow_headers(sent).expose_headers(shown)))
}
