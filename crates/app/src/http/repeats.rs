//! The header `Idempotency-Key`: a write that is repeated with the same one is done once.
//!
//! Bodies that are larger than JSON may be are not read here: of an upload only type and length
//! are compared.

use std::sync::Arc;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::extract::MOST_JSON;
use crate::service::{ApiError, Caller, Code, Kept, Service, repeats};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Tells an answer that was kept from one that was just made.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// What is kept of the headers of an answer.
const HEADERS: [HeaderName; 3] = [CONTENT_TYPE, ETAG, LOCATION];
/// The longest key.
const LONGEST: usize = 255;

/// Answers a repeated write with what it was answered with.
pub(super) async fn once(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response {
    let writes = ![Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    match request.headers().get(KEY).filter(|_| writes).cloned() {
        Some(key) => repeated(&service, &key, request, next)
            .await
            .unwrap_or_else(IntoResponse::into_response),
        None => next.run(request).await,
    }
}

async fn repeated(
    service: &Arc<Service>,
    key: &HeaderValue,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let key = key.as_bytes();
    if !(1..=LONGEST).contains(&key.len()) || !key.iter().all(u8::is_ascii_graphic) {
        let error = ApiError::new(Code::InvalidParameter).with("parameter", "Idempotency-Key");
        return Err(error.with("reason", "give 1 to 255 letters, digits and signs"));
    }
    let id = id(key, &request);
    let (request, digest) = digested(request).await?;
    let own = Arc::clone(service);
    if let Some(kept) = service.wait(move || repeats::begin(&own.database, &id, &digest)).await?? {
        return replayed(kept);
    }
    // On a task of its own: it ends, and its answer is kept, even if nobody waits any more.
    let done = tokio::spawn(run(Arc::clone(service), id, request, next)).await;
    done.map_err(ApiError::internal)?
}

async fn run(
    service: Arc<Service>,
    id: blake3::Hash,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let response = next.run(request).await;
    let own = Arc::clone(&service);
    match kept(response).await {
        Ok((response, kept)) => {
            service.wait(move || repeats::finish(&own.database, &id, &kept)).await??;
            Ok(response)
        }
        Err(response) => {
            service.wait(move || repeats::forget(&own.database, &id)).await??;
            Ok(response)
        }
    }
}

/// What makes a request the same: who, what, and the key.
fn id(key: &[u8], request: &Request) -> blake3::Hash {
    let who = request.extensions().get::<Caller>().and_then(Caller::key).unwrap_or_default();
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    let mut hasher = blake3::Hasher::new();
    for part in [who.as_bytes(), request.method().as_str().as_bytes(), target.as_bytes(), key] {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
    }
    hasher.finalize()
}

/// A request with the hash of its body, or of what is said about it.
async fn digested(request: Request) -> Result<(Request, blake3::Hash), ApiError> {
    let header = |name: HeaderName| request.headers().get(name).map(HeaderValue::as_bytes);
    let length = request.body().size_hint().exact();
    if length.is_none_or(|length| length > MOST_JSON as u64) {
        let about = [header(CONTENT_TYPE), header(CONTENT_LENGTH)];
        let about = about.map(Option::unwrap_or_default).join(&b'\n');
        return Ok((request, blake3::hash(&about)));
    }
    let (parts, body) = request.into_parts();
    let body = tokio::time::timeout(super::extract::SLOWEST, to_bytes(body, MOST_JSON)).await;
    let body = body.map_err(|_| ApiError::new(Code::RequestTimeout))?;
    let body: Bytes = body.map_err(|_| ApiError::new(Code::InvalidJson))?;
    let digest = blake3::hash(&body);
    Ok((Request::from_parts(parts, Body::from(body)), digest))
}

/// An answer with what is kept of it; the answer alone if it is not one to keep.
async fn kept(response: Response) -> Result<(Response, Kept), Response> {
    let status = response.status();
    let is_small = response.body().size_hint().exact().is_some_and(|size| size <= MOST_JSON as u64);
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS || !is_small {
        return Err(response);
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, MOST_JSON).await else {
        return Err(Response::from_parts(parts, Body::empty()));
    };
    let line = |name: &HeaderName| {
        let value = parts.headers.get(name)?.to_str().ok()?;
        Some(format!("{name}: {value}\n"))
    };
    let headers = HEADERS.iter().filter_map(line).collect();
    let kept = Kept { status: status.as_u16(), headers, body: body.to_vec() };
    Ok((Response::from_parts(parts, Body::from(body)), kept))
}

fn replayed(kept: Kept) -> Result<Response, ApiError> {
    let status = StatusCode::from_u16(kept.status).map_err(ApiError::internal)?;
    let mut headers = HeaderMap::new();
    for (name, value) in kept.headers.lines().filter_map(|line| line.split_once(": ")) {
        let name = HeaderName::try_from(name).map_err(ApiError::internal)?;
        headers.insert(name, HeaderValue::try_from(value).map_err(ApiError::internal)?);
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok((status, headers, kept.body).into_response())
}
