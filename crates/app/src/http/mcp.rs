//! MCP over Streamable HTTP (specification 2025-11-25, "Transports"), without sessions.
//!
//! The tools remember nothing from one call to the next, so each request is answered by itself, as
//! JSON: no state to keep for clients that do not come back, and a key is looked at each time.
//! `/mcp/{kb}` is one knowledge base; `/mcp` the only one that the caller may read, or all of them,
//! between which its tools choose by the argument `kb`.

use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::ACCEPT;
use axum::response::Response;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::{From, ReadKb};
use super::ask::Questioned;
use super::extract::MOST_JSON;
use crate::link;
use crate::mcp::{Agents, Bases, Served};
use crate::service::{ApiError, KbId, Scope, Service};

/// What the protocol wants clients to accept.
const ACCEPTED: &str = "application/json, text/event-stream";

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(all)).routes(routes!(one))
}

/// A message of a client (JSON-RPC 2.0): which methods there are, and with what, the specification
/// says. What is wrong with a method's parameters is told in the answer, with the status 200.
#[derive(ToSchema)]
#[schema(as = McpMessage)]
#[allow(dead_code, reason = "described here, read by the protocol's library")]
struct Message {
    #[schema(pattern = "^2\\.0$", example = "2.0")]
    jsonrpc: String,
    /// A number or a text; a message without is a notification.
    #[schema(schema_with = id, required = false)]
    id: Value,
    #[schema(example = "tools/list")]
    method: String,
    #[schema(value_type = Option<Object>)]
    params: Value,
}

fn id() -> Schema {
    let number = ObjectBuilder::new().schema_type(Type::Integer);
    let number = number.minimum(Some(i64::MIN)).maximum(Some(i64::MAX));
    let text = ObjectBuilder::new().schema_type(Type::String);
    OneOfBuilder::new().item(number).item(text).into()
}

/// Speak MCP with the knowledge bases of the service
///
/// Streamable HTTP without sessions: one JSON-RPC message a request. Tools: `search`, `fetch`,
/// `ask`. Where there are several knowledge bases, the tools take the argument `kb`.
#[utoipa::path(
    post,
    path = "/mcp",
    tag = "agents",
    request_body = Message,
    responses(
        (status = 200, description = "The answer to a request", body = Object),
        (status = 202, description = "A notification was taken"),
    ),
)]
async fn all(
    State(service): State<Arc<Service>>,
    From(caller): From,
    request: Request,
) -> Result<Response, ApiError> {
    let mut kbs = service.registry.ids()?;
    kbs.retain(|kb| caller.may(Scope::Read, Some(kb)));
    let is_one = kbs.len() == 1;
    Ok(answer(service, kbs, is_one, request).await)
}

/// Speak MCP with a knowledge base
///
/// As `/mcp`, with this knowledge base alone.
#[utoipa::path(
    post,
    path = "/mcp/{kb}",
    tag = "agents",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body = Message,
    responses(
        (status = 200, description = "The answer to a request", body = Object),
        (status = 202, description = "A notification was taken"),
    ),
)]
async fn one(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    request: Request,
) -> Result<Response, ApiError> {
    service.registry.dir(&kb)?;
    Ok(answer(service, vec![kb], true, request).await)
}

async fn answer(
    service: Arc<Service>,
    kbs: Vec<KbId>,
    is_one: bool,
    mut request: Request,
) -> Response {
    let root = link::root(request.headers(), service.settings.tls.is_some());
    // The answer is JSON always: a client need not say that it takes events too.
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
    let asked = Arc::new(OnceLock::new());
    let served = Served { service, kbs, is_one, root, asked: Arc::clone(&asked) };
    let agents = Agents::new(Bases::Served(served));
    // Who may come, by host and origin, the service decides for all routes alike.
    let config = StreamableHttpServerConfig::default()
        .disable_allowed_hosts()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(MOST_JSON);
    let sessions = Arc::new(NeverSessionManager::default());
    let mcp = StreamableHttpService::new(move || Ok(agents.clone()), sessions, config);
    let mut response = mcp.handle(request).await.map(Body::new);
    if let Some(asked) = asked.get() {
        response.extensions_mut().insert(Questioned(asked.clone()));
    }
    response
}
