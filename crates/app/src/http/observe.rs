//! Every request from outside: its id, how long it took, what is logged of it, and the headers that
//! every response has.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use super::ask::Questioned;
use super::server::Peer;
use crate::service::{Caller, Code, Line, Service, now, random_id};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// Longer ids are replaced by our own.
const LONGEST_ID: usize = 64;

/// What is known of a request before it is answered.
struct Seen {
    id: String,
    method: Method,
    /// The pattern of the address; `none` where there is no such address.
    route: String,
    path: String,
    address: String,
    begin: Instant,
}

/// Lets a request on, and tells of it.
pub(super) async fn observe(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response {
    let seen = Seen::new(&request);
    let span = seen.span(request.headers());
    let mut response = next.run(request).instrument(span.clone()).await;
    span.record("http.response.status_code", u64::from(response.status().as_u16()));
    seen.tell(&service, &response);
    always(response.headers_mut(), service.settings.tls.is_some());
    if let Ok(id) = HeaderValue::try_from(&seen.id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

impl Seen {
    fn new(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>();
        let peer = request.extensions().get::<Peer>();
        Self {
            id: id(request.headers()),
            method: request.method().clone(),
            route: route.map_or("none", MatchedPath::as_str).to_owned(),
            path: request.uri().path().to_owned(),
            address: peer.map_or_else(String::new, |peer| peer.0.ip().to_canonical().to_string()),
            begin: Instant::now(),
        }
    }

    /// The span of the request, by the semantic conventions of OpenTelemetry.
    fn span(&self, headers: &HeaderMap) -> Span {
        let Self { id, method, route, .. } = self;
        let traceparent = headers.get(TRACEPARENT).and_then(|value| value.to_str().ok());
        tracing::info_span!(
            "request",
            id,
            traceparent,
            http.request.method = method.as_str(),
            http.route = route,
            http.response.status_code = Empty,
        )
    }

    /// Counts the request, and writes both logs.
    fn tell(&self, service: &Service, response: &Response) {
        let Self { id, method, route, path, address, begin } = self;
        let (status, took) = (response.status().as_u16(), begin.elapsed());
        service.metrics.requested(known(method), route, status, took);
        let caller = response.extensions().get::<Caller>();
        let key = caller.and_then(Caller::key).filter(|key| !key.is_empty());
        let code = response.extensions().get::<Code>().map(|code| code.name());
        let ms = (took.as_secs_f64() * 100_000.0).round() / 100.0;
        tracing::info!(id, %method, route, status, ms, address, key, code, "answered");
        let question = response.extensions().get::<Questioned>().map(|asked| asked.0.clone());
        let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(method);
        let asks = question.is_some() || is_question(route);
        let line = Line {
            at: now(),
            request: id.clone(),
            key: key.map(str::to_owned),
            address: address.clone(),
            action: format!("{method} {route}"),
            path: path.clone(),
            status,
            question,
        };
        service.audit.log(!reads && !asks, line);
    }
}

/// Whether a route is for questions, which change nothing.
pub(super) fn is_question(route: &str) -> bool {
    let is_foreign = ["/mcp", "/v1/", "/v2/", "/rerank", "/retrieval"];
    route.ends_with("/ask")
        || route.ends_with("/search")
        || route.ends_with("/follow-ups")
        || route.ends_with("/explain")
        || is_foreign.iter().any(|begin| route.starts_with(begin))
}

/// Methods as they are counted: anybody can make up others.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// The id that a request came with, or a new one.
fn id(headers: &HeaderMap) -> String {
    let plain = |text: &&str| {
        (1..=LONGEST_ID).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(plain);
    given.map(str::to_owned).or_else(|| random_id("req").ok()).unwrap_or_default()
}

/// The headers that every response has: browsers are to guess nothing, frame nothing, keep nothing.
fn always(headers: &mut HeaderMap, has_tls: bool) {
    let policy = "default-src 'none'; frame-ancestors 'none'; sandbox";
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if has_tls {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.entry(STRICT_TRANSPORT_SECURITY).or_insert(year);
    }
}
