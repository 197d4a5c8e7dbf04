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
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

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
    /// The name of its schema.
    fn schema(self) -> &'static str {
        match self {
            Self::OpenAi => "OpenAiError",
            Self::Dify => "DifyError",
        }
    }

    fn of(path: &str) -> Option<Self> {
        match path {
            "/retrieval" => Some(Self::Dify),
            "/rerank" | "/v2/rerank" => Some(Self::OpenAi),
            path if path == "/v1" || path.starts_with("/v1/") => Some(Self::OpenAi),
            _ => None,
        }
    }
}

/// The name of the schema of errors at an address, where it is not that of our own.
pub(crate) fn schema(path: &str) -> Option<&'static str> {
    Shape::of(path).map(Shape::schema)
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
    let error = &body["error"];
    let body = match shape {
        Shape::OpenAi => {
            if code == Code::InvalidBody {
                parts.status = StatusCode::BAD_REQUEST;
            }
            Json(OpenAiError::new(code, parts.status, error)).into_response()
        }
        Shape::Dify => Json(DifyError::new(code, has_key, parts.status, error)).into_response(),
    };
    parts.headers.remove(CONTENT_LENGTH);
    let mut response = (parts.status, body).into_response();
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

/// An error as OpenAI's API reference has it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpenAiError {
    error: OpenAiErrorDetail,
}

#[derive(Debug, Serialize, ToSchema)]
struct OpenAiErrorDetail {
    /// What to do, in English; it may change.
    message: String,
    r#type: &'static str,
    /// The field that it is about.
    param: Option<String>,
    /// A stable code of this service.
    #[schema(example = "kb_not_found")]
    code: &'static str,
}

impl OpenAiError {
    fn new(code: Code, status: StatusCode, error: &Value) -> Self {
        let kind = match status.as_u16() {
            401 => "authentication_error",
            403 => "permission_error",
            429 => "rate_limit_error",
            500.. => "server_error",
            _ => "invalid_request_error",
        };
        let param = error["details"]["field"].as_str().map(str::to_owned);
        let error =
            OpenAiErrorDetail { message: message(error), r#type: kind, param, code: code.name() };
        Self { error }
    }
}

/// An error as Dify's documentation has it ("External knowledge API").
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DifyError {
    /// 1001 for a header that is no key, 1002 for a key that may not, 2001 for an unknown knowledge
    /// base; others have the HTTP status.
    error_code: u16,
    /// What to do, in English; it may change.
    error_msg: String,
}

impl DifyError {
    fn new(code: Code, has_key: bool, status: StatusCode, error: &Value) -> Self {
        let error_code = match code {
            Code::Unauthorized if !has_key => 1001,
            Code::Unauthorized | Code::Forbidden => 1002,
            Code::KbNotFound => 2001,
            _ => status.as_u16(),
        };
        Self { error_code, error_msg: message(error) }
    }
}
