//! Who has asked too often.

use std::net::IpAddr;
use std::time::Instant;

use super::error::{ApiError, Code};
use super::limit::RateLimit;

/// So many wrong keys an address may send at once, and how many more each second.
const WRONG_KEYS: f64 = 20.0;
const WRONG_KEYS_A_SECOND: f64 = 0.5;

/// Who is limited: a key, or an address where there are no keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    Key(String),
    Address(IpAddr),
}

/// The limits of a service.
pub(crate) struct RateLimits {
    requests: Option<RateLimit<Who>>,
    wrong_keys: RateLimit<IpAddr>,
}

impl RateLimits {
    /// At most so many requests a second for each; `None` for as many as they like.
    pub(crate) fn new(rate: Option<u32>) -> Self {
        let requests = rate.map(f64::from).map(|rate| RateLimit::new(rate, rate));
        Self { requests, wrong_keys: RateLimit::new(WRONG_KEYS_A_SECOND, WRONG_KEYS) }
    }

    /// Counts a request, or refuses it.
    pub(crate) fn take(&self, who: Who) -> Result<(), ApiError> {
        let Some(requests) = &self.requests else { return Ok(()) };
        let refused = |seconds| ApiError::new(Code::RateLimited).retry_after(seconds);
        requests.take(who, Instant::now()).map_err(refused)
    }

    /// Whether an address may try another key.
    pub(crate) fn may_try(&self, address: IpAddr, now: Instant) -> bool {
        self.wrong_keys.has(&address, now)
    }

    /// Counts a wrong key.
    pub(crate) fn failed(&self, address: IpAddr, now: Instant) {
        let _ = self.wrong_keys.take(address, now);
    }
}
