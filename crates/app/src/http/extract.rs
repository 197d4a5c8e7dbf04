//! What a request brings, checked: body, parameters of the address, path.
//!
//! axum's own extractors do the same with messages of their own; these answer with the codes of
//! our table, and bodies that come too slowly are not waited for.

use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Number;
use serde_json::error::Category;
use tokio::time::timeout;

use crate::service::{ApiError, Code};

/// The largest body that is read at once.
pub(crate) const MOST_JSON: usize = 1 << 20;
/// So long such a body may take to come.
pub(super) const SLOWEST: Duration = Duration::from_secs(20);

/// A body of JSON of at most so many bytes. Where that is more than usual, the route also raises
/// the limit of its layer.
pub(crate) struct Json<T, const MOST: usize = MOST_JSON>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync, const MOST: usize> FromRequest<S> for Json<T, MOST> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        must_be(request.headers(), "application/json")?;
        parse(&body(request, state, MOST).await?).map(Self)
    }
}

/// A body of plain text in UTF-8.
pub(crate) struct Text(pub(crate) String);

impl<S: Send + Sync> FromRequest<S> for Text {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        // Some clients name no type for nothing.
        let is_empty = request.body().size_hint().exact() == Some(0);
        if is_empty && !request.headers().contains_key(CONTENT_TYPE) {
            return Ok(Self(String::new()));
        }
        must_be(request.headers(), "text/plain")?;
        let text = String::from_utf8(body(request, state, MOST_JSON).await?.into());
        let wrong = |_| ApiError::new(Code::InvalidBody).with("reason", "it is no UTF-8");
        text.map(Self).map_err(wrong)
    }
}

/// Refuses a body of another type.
fn must_be(headers: &HeaderMap, wanted: &str) -> Result<(), ApiError> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    match kind.eq_ignore_ascii_case(wanted) {
        true => Ok(()),
        false => Err(ApiError::new(Code::UnsupportedMediaType).with("type", wanted)),
    }
}

/// The bytes of a body that is not too large and comes soon enough.
async fn body<S: Send + Sync>(request: Request, state: &S, most: usize) -> Result<Bytes, ApiError> {
    if request.body().size_hint().lower() > most as u64 {
        return Err(too_large(most));
    }
    let bytes = timeout(SLOWEST, Bytes::from_request(request, state)).await;
    let bytes = bytes.map_err(|_| ApiError::new(Code::RequestTimeout))?;
    bytes.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(most),
        _ => Code::InvalidJson.into(),
    })
}

fn too_large(most: usize) -> ApiError {
    ApiError::new(Code::BodyTooLarge).with("bytes", most)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes).map_err(|error| {
        let code = match error.classify() {
            Category::Data => Code::InvalidBody,
            Category::Syntax | Category::Eof | Category::Io => Code::InvalidJson,
        };
        ApiError::new(code).with("reason", error.to_string())
    })
}

/// The parameters behind the `?` of an address.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = axum::extract::Query::try_from_uri(&parts.uri);
        let query = query.map_err(|rejection| {
            ApiError::new(Code::InvalidParameter).with("reason", rejection.body_text())
        })?;
        Ok(Self(query.0))
    }
}

/// The parameters within an address.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        let path = path.map_err(|rejection| {
            ApiError::new(Code::InvalidParameter).with("reason", rejection.body_text())
        })?;
        Ok(Self(path.0))
    }
}

/// A whole number that may be left out. JSON Schema counts 10.0 as one too, and so do clients whose
/// language has one kind of number.
pub(crate) fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<Option<usize>, D::Error> {
    let Some(number) = Option::<Number>::deserialize(from)? else { return Ok(None) };
    let of_float = || {
        let float = number.as_f64()?;
        (float.fract() == 0.0 && (0.0..1e15).contains(&float)).then_some(float as usize)
    };
    let whole = number.as_u64().and_then(|whole| usize::try_from(whole).ok()).or_else(of_float);
    whole.map(Some).ok_or_else(|| D::Error::custom(format!("{number} is no whole number from 0")))
}
