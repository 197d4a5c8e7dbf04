//! The description of the interface (OpenAPI 3.1), and a page to read it and try it with.
//!
//! Routes describe themselves; what all have in common, the key and the errors, is added here. The
//! page is part of the program: it needs no network but this server.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Map, Value, json};
use utoipa::{OpenApi, ToSchema};

use super::compat::{self, DifyError, OpenAiError};
use super::error::ErrorBody;
use super::observe::is_question;
use super::tagged::tagged;
use crate::service::Code;

/// Nothing but what this server sends, and nobody may frame it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What no route says.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yuanwen",
        description = "Ask a folder of Chinese documents; get back the original sentences that answer."
    ),
    components(schemas(ErrorBody, OpenAiError, DifyError)),
    tags(
        (name = "questions", description = "Ask, and search"),
        (name = "conversations", description = "Questions that leave out what was said before"),
        (name = "feedback", description = "What people say about answers, and what comes of it"),
        (name = "evaluations", description = "Labelled questions, answered and scored"),
        (name = "knowledge bases"),
        (name = "documents", description = "Documents, as they are and as they were read"),
        (name = "agents", description = "The Model Context Protocol"),
        (name = "openai", description = "OpenAI's interface, for its clients"),
        (name = "rerank", description = "Ordering texts, as Jina and Cohere have it"),
        (name = "dify", description = "Dify's external knowledge"),
        (name = "administration", description = "Keys and the audit log"),
        (name = "service", description = "How the service is"),
    )
)]
pub(super) struct Common;

/// The description, and the page that shows it.
pub(super) fn routes<S>(api: utoipa::openapi::OpenApi) -> anyhow::Result<Router<S>> {
    let document = Arc::new(document(api)?);
    let show = get(|State(document): State<Arc<Value>>, headers: HeaderMap| async move {
        tagged(&headers, &*document)
    });
    Ok(Router::new()
        .route("/openapi.json", show)
        .route(
            "/docs",
            get(async || page("text/html; charset=utf-8", include_str!("../web/docs/docs.html"))),
        )
        .route(
            "/docs.js",
            get(async || page("text/javascript", include_str!("../web/docs/docs.js"))),
        )
        .route("/docs.css", get(async || page("text/css", include_str!("../web/docs/docs.css"))))
        .with_state(document))
}

fn page(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (headers, text).into_response()
}

/// The description, with what all routes have in common.
fn document(api: utoipa::openapi::OpenApi) -> anyhow::Result<Value> {
    let mut document = serde_json::to_value(&api)?;
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            common(path, method, operation);
        }
    }
    let key = json!({"type": "http", "scheme": "bearer", "description":
        "A key that `yuanwen key create` made. A service without keys on this machine needs none."});
    document["components"]["securitySchemes"] = json!({"key": key});
    document["components"]["responses"] = Value::Object(responses());
    Ok(document)
}

/// Adds to an operation the errors that it may give, and that it needs a key.
fn common(path: &str, method: &str, operation: &mut Value) {
    if let Some(error) = foreign(path) {
        operation["responses"]["default"] = error;
        operation["security"] = json!([{"key": []}, {}]);
        return;
    }
    for status in statuses(path, method, operation.get("requestBody").is_some()) {
        let reference = json!({"$ref": format!("#/components/responses/{}", name(status))});
        let own = &mut operation["responses"];
        if own.get(status.to_string()).is_none() {
            own[status.to_string()] = reference;
        }
    }
    // No text is a text too.
    if operation.pointer("/requestBody/content/text~1plain").is_some() {
        operation["requestBody"]["required"] = json!(false);
    }
    if !path.ends_with("/health") && !path.ends_with("/ready") {
        operation["security"] = json!([{"key": []}, {}]);
    }
    if method != "get" && !is_question(path) {
        let parameters = &mut operation["parameters"];
        if !parameters.is_array() {
            *parameters = json!([]);
        }
        if let Some(parameters) = parameters.as_array_mut() {
            parameters.push(json!({
                "name": "Idempotency-Key", "in": "header", "required": false,
                "description": "A request that is repeated with the same key is done once",
                "schema": {"type": "string", "minLength": 1, "maxLength": 255,
                    "pattern": "^[!-~]+$"},
            }));
        }
    }
}

/// The errors of interfaces that are not our own.
fn foreign(path: &str) -> Option<Value> {
    let mut error = json!({"description": "What is wrong"});
    if let Some(schema) = compat::schema(path) {
        let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
        error["content"] = json!({"application/json": {"schema": schema}});
        return Some(error);
    }
    path.starts_with("/mcp").then_some(error)
}

/// The statuses of the errors that an operation may give.
fn statuses(path: &str, method: &str, has_body: bool) -> Vec<u16> {
    let mut all = vec![429, 500, 503];
    if path.starts_with(super::API) {
        all.extend([400, 401, 403]);
    }
    if path.contains('{') {
        all.push(404);
    }
    if has_body {
        all.extend([408, 413, 415, 422]);
    }
    if method != "get" {
        all.extend([409, 412, 422, 507]);
    }
    if is_question(path) {
        all.extend([422, 502]);
    }
    if path.ends_with("/content") {
        all.push(416);
    }
    if path.contains("/pages/") {
        all.push(409);
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// What a response of errors of this status is called.
fn name(status: u16) -> String {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    reason.unwrap_or_default().replace(' ', "")
}

/// The errors by status, each with its codes.
fn responses() -> Map<String, Value> {
    let mut all: Map<String, Value> = Map::new();
    for code in Code::ALL {
        let line = format!("- `{}`: {}", code.name(), code.message());
        let response = all.entry(name(code.status())).or_insert_with(|| {
            let schema = json!({"$ref": format!("#/components/schemas/{}", ErrorBody::name())});
            json!({"description": "", "content": {"application/json": {"schema": schema}}})
        });
        let before = response["description"].as_str().unwrap_or_default();
        let lines = [before, line.as_str()].join("\n");
        response["description"] = json!(lines.trim_start());
    }
    all
}
