//! Errors in the shape that each interface's clients expect.
//!
//! Routes and middleware fail as everywhere, with a code of our table. This layer, outside all
//! others, writes the body anew for addresses of these interfaces: so a key that is refused or a
//! limit that is reached looks right too.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::service::Code;

/// Our own errors are smaller.
const MOST: usize = 64 * 1024;

/// Whose shape an error takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    OpenAi,
    Dify,
}

impl Shape {
    fn of(path: &str) -> Option<Self> {
        match path {
            "/retrieval" => Some(Self::Dify),
            "/rerank" => Some(Self::OpenAi),
            path if path == "/v1" || path.starts_with("/v1/") => Some(Self::OpenAi),
            _ => None,
        }
    }
}

/// Gives errors the shape of the interface that was called.
pub(crate) async fn shaped(request: Request, next: Next) -> Response {
    let Some(shape) = Shape::of(request.uri().path()) else { return next.run(request).await };
    let has_key = has_key(request.headers());
    let response = next.run(request).await;
    let Some(code) = response.extensions().get::<Code>().copied() else { return response };
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, MOST).await.unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let body = match shape {
        Shape::OpenAi => {
            if code == Code::InvalidBody {
                parts.status = StatusCode::BAD_REQUEST;
            }
            openai(code, parts.status, &body["error"])
        }
        Shape::Dify => dify(code, has_key, parts.status, &body["error"]),
    };
    parts.headers.remove(CONTENT_LENGTH);
    let mut response = (parts.status, Json(body)).into_response();
    for (name, value) in parts.headers {
        if let Some(name) = name {
            response.headers_mut().insert(name, value);
        }
    }
    *response.extensions_mut() = parts.extensions;
    response
}

fn has_key(headers: &HeaderMap) -> bool {
    let said = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = said.and_then(|said| said.split_once(' '));
    key.is_some_and(|(scheme, key)| scheme.eq_ignore_ascii_case("bearer") && !key.trim().is_empty())
}

/// What was wrong, with the reason where one is known.
fn message(error: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (message, reason) = (text(&error["message"]), text(&error["details"]["reason"]));
    let field = match text(&error["details"]["field"]) {
        field if field.is_empty() => String::new(),
        field => format!("{field}: "),
    };
    match reason.is_empty() {
        true => message,
        false => format!("{field}{reason} ({message})"),
    }
}

/// As OpenAI's API reference has it.
fn openai(code: Code, status: StatusCode, error: &Value) -> Value {
    let kind = match status.as_u16() {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        500.. => "server_error",
        _ => "invalid_request_error",
    };
    json!({ "error": {
        "message": message(error),
        "type": kind,
        "param": error["details"]["field"],
        "code": code.name(),
    }})
}

/// As Dify's documentation has it ("External knowledge API"): 1001 for a header that is no key, 1002
/// for a key that may not, 2001 for an unknown knowledge base; others have the HTTP status.
fn dify(code: Code, has_key: bool, status: StatusCode, error: &Value) -> Value {
    let number = match code {
        Code::Unauthorized if !has_key => 1001,
        Code::Unauthorized | Code::Forbidden => 1002,
        Code::KbNotFound => 2001,
        _ => status.as_u16(),
    };
    json!({ "error_code": number, "error_msg": message(error) })
}
