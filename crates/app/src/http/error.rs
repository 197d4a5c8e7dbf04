//! Errors as HTTP: `{"error": {"code": …, "message": …, "details": {…}}}`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::service::{ApiError, Code};

/// What every error looks like.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct ErrorBody {
    error: ErrorShape,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ErrorDetail)]
struct ErrorShape {
    /// A stable code.
    #[schema(example = "document_not_found")]
    code: &'static str,
    /// What to do, in English; it may change.
    message: String,
    /// What the error is about; which fields it has depends on the code.
    #[schema(value_type = Object)]
    details: Map<String, Value>,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Self { code, message, details, retry_after, .. } = self;
        let status =
            StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = ErrorBody { error: ErrorShape { code: code.name(), message, details } };
        let mut response = (status, axum::Json(body)).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if code == Code::Unauthorized {
            let challenge = HeaderValue::from_static("Bearer realm=\"yuanwen\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response.extensions_mut().insert(code);
        response
    }
}

/// What an address that is not there gives.
pub(super) async fn no_route() -> ApiError {
    Code::RouteNotFound.into()
}

/// What a method that an address does not know gives.
pub(super) async fn no_method() -> ApiError {
    Code::MethodNotAllowed.into()
}

/// What a panic outside of the pool gives. The panic hook has logged it.
pub(super) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    ApiError::new(Code::Internal).into_response()
}
