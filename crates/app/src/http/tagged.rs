//! JSON with an ETag, so that who has it need not be sent it again (RFC 9110, section 13).

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::service::{ApiError, Code};

/// The ETag of these bytes.
pub(super) fn tag(bytes: &[u8]) -> String {
    format!("\"{}\"", &blake3::hash(bytes).to_hex()[..32])
}

/// Whether one of the tags of a header is this one.
fn names(headers: &HeaderMap, header: HeaderName, tag: &str) -> Option<bool> {
    let mut values = headers.get_all(header).iter().peekable();
    values.peek()?;
    let all = values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let mut all = all.map(|one| one.trim().trim_start_matches("W/"));
    Some(all.any(|one| one == tag || one == "*"))
}

/// Whether whoever asks has what has this tag.
pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    names(headers, IF_NONE_MATCH, tag) == Some(true)
}

/// Refuses a change of what is not what whoever asks has seen.
pub(super) fn must_match<T: Serialize>(headers: &HeaderMap, now: &T) -> Result<(), ApiError> {
    must_match_bytes(headers, &serde_json::to_vec(now).map_err(ApiError::internal)?)
}

/// The same for what is sent as it is.
pub(super) fn must_match_bytes(headers: &HeaderMap, now: &[u8]) -> Result<(), ApiError> {
    match names(headers, IF_MATCH, &tag(now)) {
        Some(false) => Err(Code::PreconditionFailed.into()),
        _ => Ok(()),
    }
}

/// JSON with its ETag; no body for who has it.
pub(super) fn tagged<T: Serialize>(headers: &HeaderMap, value: &T) -> Result<Response, ApiError> {
    let mut response =
        tagged_bytes(headers, serde_json::to_vec(value).map_err(ApiError::internal)?)?;
    if response.status() == StatusCode::OK {
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
    }
    Ok(response)
}

/// Bytes with their ETag; no body for who has them.
pub(super) fn tagged_bytes(headers: &HeaderMap, body: Vec<u8>) -> Result<Response, ApiError> {
    let tag = tag(&body);
    let fresh = is_known(headers, &tag);
    let tag = HeaderValue::try_from(tag).map_err(ApiError::internal)?;
    let about = [(ETAG, tag), (CACHE_CONTROL, HeaderValue::from_static("private, no-cache"))];
    match fresh {
        true => Ok((StatusCode::NOT_MODIFIED, about).into_response()),
        false => Ok((about, body).into_response()),
    }
}
