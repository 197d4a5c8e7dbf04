//! Who asks: looked up before anything else is done with a request.
//!
//! Without keys the service is for this machine: then a request must name it as its host, lest a
//! web page whose name was pointed at 127.0.0.1 reads it (DNS rebinding), and must not come from a
//! page of elsewhere if it would change something.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::server::Peer;
use super::web;
use crate::service::{ApiError, Caller, Code, Grant, Known, Presented, Service, Who, keys};

/// What needs no key, and is not limited: it tells nothing, or nothing that is not in the program.
const OPEN: [&str; 6] = [
    "/health",
    "/ready",
    "/api/v1/openapi.json",
    "/api/v1/docs",
    "/api/v1/docs.js",
    "/api/v1/docs.css",
];

/// Lets a request on with its [`Caller`], or refuses it.
pub(super) async fn admit(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_open = OPEN.contains(&path) || web::is_page(path);
    let (parts, body) = request.into_parts();
    let caller = caller(&service, &parts, is_open).await;
    let mut request = Request::from_parts(parts, body);
    match caller {
        Ok(caller) => {
            request.extensions_mut().insert(caller.clone());
            let mut response = next.run(request).await;
            response.extensions_mut().insert(caller);
            response
        }
        Err(error) => error.into_response(),
    }
}

async fn caller(
    service: &Arc<Service>,
    request: &Parts,
    is_open: bool,
) -> Result<Caller, ApiError> {
    let peer = request.extensions.get::<Peer>().map(|peer| peer.0.ip());
    let address = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical();
    if is_open {
        // Nobody in particular: such a route asks for no scope.
        let none = Grant { key: String::new(), scope: crate::service::Scope::Read, only: vec![] };
        return Ok(Caller { grant: Some(Arc::new(none)) });
    }
    let grant = match keys::are_needed(&service.database)? {
        true => Some(granted(service, address, &request.headers).await?),
        false => {
            from_here(service, request)?;
            None
        }
    };
    let who = match &grant {
        Some(grant) => Who::Key(grant.key.clone()),
        None => Who::Address(address),
    };
    service.limits.take(who)?;
    Ok(Caller { grant })
}

/// What the key of a request allows.
async fn granted(
    service: &Arc<Service>,
    address: IpAddr,
    headers: &HeaderMap,
) -> Result<Arc<Grant>, ApiError> {
    let sent = headers.get(AUTHORIZATION).and_then(|sent| sent.to_str().ok()).and_then(bearer);
    let Some(sent) = sent else { return Err(Code::Unauthorized.into()) };
    let Some(key) = Presented::new(sent) else { return Err(Code::Unauthorized.into()) };
    let known = service.verified.look(&service.database, &key)?;
    let grant = match known {
        Known::Good(grant) => Some(grant),
        // Guessing is limited, so that it costs this machine little.
        _ if !service.limits.may_try(address, Instant::now()) => {
            return Err(ApiError::new(Code::RateLimited).retry_after(10));
        }
        Known::Bad => None,
        Known::Unverified => service.verify(key).await?,
    };
    grant.ok_or_else(|| {
        service.limits.failed(address, Instant::now());
        Code::Unauthorized.into()
    })
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, key) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// Refuses what does not come from this machine, or from a web page of elsewhere.
fn from_here(service: &Service, request: &Parts) -> Result<(), ApiError> {
    let header = |name| {
        let value = request.headers.get(name);
        value.map(|value: &axum::http::HeaderValue| value.to_str().unwrap_or_default())
    };
    let host = request.uri.authority().map(|authority| authority.as_str()).or(header(HOST));
    if !host.is_some_and(is_here) {
        return Err(Code::HostNotAllowed.into());
    }
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&request.method);
    let is_known = |origin: &str| {
        let own = origin.split_once("://").is_some_and(|(_, host)| is_here(host));
        own || service.settings.cors.iter().any(|allowed| allowed == origin)
    };
    match header(ORIGIN) {
        Some(origin) if !reads && !is_known(origin) => Err(Code::OriginNotAllowed.into()),
        _ => Ok(()),
    }
}

/// Whether a host, with or without a port, is this machine.
fn is_here(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_loopback = name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    is_loopback || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_this_machine_are_known() {
        for host in ["localhost", "LOCALHOST:1", "127.0.0.1:8686", "127.1.2.3", "[::1]:80"] {
            assert!(is_here(host), "{host}");
        }
        for host in [
            "",
            "example.com",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "10.0.0.1",
            "[::2]",
        ] {
            assert!(!is_here(host), "{host}");
        }
    }
}
