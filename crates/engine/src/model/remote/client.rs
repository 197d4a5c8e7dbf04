//! HTTP, one request at a time: timeouts, retries, a limit on what comes back.
//!
//! Tried again are connections that fail or break off, status 429 and the server's own errors
//! (5xx but 501). The delays double and have no jitter, so that a run can be repeated; a server's
//! `Retry-After` in seconds (RFC 9110, 10.2.3) replaces them, its form with a date does not. A wait
//! longer than the limit is an error at once. Redirects are not followed, since the key would go
//! along. Proxies that the environment names are used, but not for this machine. Encrypted
//! connections trust what the system trusts, so that a company's own authority works.

use std::io::{self, BufReader};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use ureq::http::{Response, header};
use ureq::{Agent, Body, BodyReader, Timeout};

use super::agent::agent;
use super::key::Key;
use super::{RemoteError, said};

/// What a request may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until the answer is there as a whole, for each attempt.
    pub total: Duration,
    /// How often a request is sent at most.
    pub attempts: u32,
    /// Before the second attempt; doubled before each further one.
    pub delay: Duration,
    /// No wait between attempts is longer.
    pub longest_delay: Duration,
    /// The bytes of an answer.
    pub body: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            total: Duration::from_secs(120),
            attempts: 4,
            delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(30),
            body: 32 << 20,
        }
    }
}

impl Limits {
    /// Tries as often as is allowed and worth it.
    pub(super) fn retried<T>(
        &self,
        mut once: impl FnMut() -> Result<T, Fault>,
    ) -> Result<T, RemoteError> {
        let mut attempt = 1;
        loop {
            let (error, asked) = match once() {
                Ok(value) => return Ok(value),
                Err(Fault::Final(error)) => return Err(error),
                Err(Fault::Passing(error, asked)) => (error, asked),
            };
            let wait = asked.unwrap_or_else(|| delay(self, attempt));
            if attempt >= self.attempts || wait > self.longest_delay {
                return Err(counted(error, attempt));
            }
            thread::sleep(wait);
            attempt += 1;
        }
    }
}

/// One endpoint. Its key and the system's certificates are read when it is first asked: a
/// knowledge base opens without them.
#[derive(Debug)]
pub(crate) struct Client {
    url: String,
    key_env: Option<String>,
    limits: Limits,
    agent: OnceLock<Agent>,
    key: OnceLock<Key>,
}

/// Why an attempt failed, and whether another is worth it.
pub(super) enum Fault {
    Final(RemoteError),
    /// With the wait that the server asks for.
    Passing(RemoteError, Option<Duration>),
}

impl Client {
    /// The client of an endpoint's address, with the key from an environment variable.
    pub(crate) fn new(url: String, key_env: Option<&str>, limits: Limits) -> Self {
        let key_env = key_env.map(str::to_owned);
        Self { url, key_env, limits, agent: OnceLock::new(), key: OnceLock::new() }
    }

    /// The endpoint's address, which holds no secret.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Sends JSON, gives the whole answer.
    pub(crate) fn post(&self, body: &Value) -> Result<Vec<u8>, RemoteError> {
        self.retried(body, |response| {
            let config = response.into_body().into_with_config().limit(self.limits.body);
            config.read_to_vec().map_err(|error| self.broken(error))
        })
    }

    /// Sends JSON, gives the answer as it comes.
    pub(crate) fn stream(
        &self,
        body: &Value,
    ) -> Result<BufReader<BodyReader<'static>>, RemoteError> {
        self.retried(body, |response| {
            let config = response.into_body().into_with_config().limit(self.limits.body);
            Ok(BufReader::new(config.reader()))
        })
    }

    /// The error of an answer that broke off while it was read.
    pub(crate) fn interrupted(&self, error: io::Error) -> RemoteError {
        match self.broken(error.into()) {
            Fault::Final(RemoteError::Unreachable { source, .. })
            | Fault::Passing(RemoteError::Unreachable { source, .. }, _) => {
                self.ended(format!("the answer broke off ({source})"))
            }
            Fault::Final(error) | Fault::Passing(error, _) => error,
        }
    }

    /// The error of an answer that ended before it was complete.
    pub(crate) fn ended(&self, why: impl Into<String>) -> RemoteError {
        RemoteError::Ended { url: self.url.clone(), why: why.into() }
    }

    /// The error of an answer that is not what the interface promises.
    pub(crate) fn unexpected(&self, what: impl Into<String>) -> RemoteError {
        RemoteError::Unexpected { url: self.url.clone(), what: what.into() }
    }

    /// What a server said, made fit for a message: one line, cut, without the key.
    pub(crate) fn quoted(&self, text: &str) -> String {
        let hidden = self.key.get().map_or_else(|| text.to_owned(), |key| key.hidden_in(text));
        said::line(&hidden)
    }

    fn retried<T>(
        &self,
        body: &Value,
        read: impl Fn(Response<Body>) -> Result<T, Fault>,
    ) -> Result<T, RemoteError> {
        let body = body.to_string();
        self.limits.retried(|| self.attempt(&body).and_then(&read))
    }

    /// Asks once, without the key, for a file that the endpoint is or leads to. Also redirects and
    /// the statuses 404 and 416 (a range that is not there) are given back.
    pub(super) fn get(
        &self,
        url: &str,
        headers: &[(header::HeaderName, String)],
    ) -> Result<Response<Body>, Fault> {
        let request = agent(url, &self.limits).get(url);
        let request =
            headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        let response = request.call().map_err(|error| self.broken(error))?;
        match response.status().as_u16() {
            200..=399 | 404 | 416 => Ok(response),
            _ => Err(self.refused(response)),
        }
    }

    fn attempt(&self, body: &str) -> Result<Response<Body>, Fault> {
        let agent = self.agent.get_or_init(|| agent(&self.url, &self.limits));
        let mut request = agent.post(&self.url).header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = self.key().map_err(Fault::Final)? {
            request = request.header(header::AUTHORIZATION, key.header());
        }
        let response = request.send(body).map_err(|error| self.broken(error))?;
        match response.status().as_u16() {
            200..=299 => Ok(response),
            300..=399 => Err(Fault::Final(self.redirected(&response))),
            _ => Err(self.refused(response)),
        }
    }

    fn key(&self) -> Result<Option<&Key>, RemoteError> {
        let Some(name) = &self.key_env else { return Ok(None) };
        if self.key.get().is_none() {
            // Another thread may have been quicker; the key is the same.
            let _ = self.key.set(Key::from_env(name, &self.url)?);
        }
        Ok(self.key.get())
    }

    pub(super) fn redirected(&self, response: &Response<Body>) -> RemoteError {
        let to = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
        let to = self.quoted(to.unwrap_or("another address"));
        RemoteError::Redirected { url: self.url.clone(), to }
    }

    fn refused(&self, response: Response<Body>) -> Fault {
        let status = response.status().as_u16();
        let after = response.headers().get(header::RETRY_AFTER).and_then(|at| at.to_str().ok());
        let after = after.and_then(|at| at.trim().parse().ok()).map(Duration::from_secs);
        let text = response.into_body().into_with_config().limit(64 << 10).lossy_utf8(true);
        let message = said::message(&text.read_to_string().unwrap_or_default());
        let said = match self.quoted(&message) {
            quoted if quoted.is_empty() => quoted,
            quoted => format!(": {quoted}"),
        };
        let advice = match after.filter(|after| *after > self.limits.longest_delay) {
            Some(after) => format!("it asks to wait {} s", after.as_secs()),
            None => advice(status, self.key_env.is_some()).to_owned(),
        };
        let error = RemoteError::Status { url: self.url.clone(), status, said, advice };
        match status {
            501 => Fault::Final(error),
            429 | 500.. => Fault::Passing(error, after),
            _ => Fault::Final(error),
        }
    }

    pub(super) fn broken(&self, error: ureq::Error) -> Fault {
        use std::io::ErrorKind::InvalidData;
        let url = self.url.clone();
        match error {
            ureq::Error::Timeout(kind) if !matches!(kind, Timeout::Connect | Timeout::Resolve) => {
                let seconds = self.limits.total.as_secs_f64();
                Fault::Final(RemoteError::TimedOut { url, seconds })
            }
            ureq::Error::BodyExceedsLimit(_) => {
                Fault::Final(RemoteError::TooLong { url, limit: self.limits.body })
            }
            ureq::Error::Rustls(_) | ureq::Error::Tls(_) => {
                Fault::Final(RemoteError::Encryption { url, source: error.into() })
            }
            ureq::Error::Io(ref cause) if cause.kind() == InvalidData => {
                Fault::Final(RemoteError::Encryption { url, source: error.into() })
            }
            ureq::Error::Io(_) | ureq::Error::ConnectionFailed | ureq::Error::Timeout(_) => {
                Fault::Passing(unreachable(url, error), None)
            }
            _ => Fault::Final(unreachable(url, error)),
        }
    }
}

fn unreachable(url: String, error: ureq::Error) -> RemoteError {
    RemoteError::Unreachable { url, attempts: "once".to_owned(), source: error.into() }
}

fn counted(mut error: RemoteError, times: u32) -> RemoteError {
    if let RemoteError::Unreachable { attempts, .. } = &mut error {
        *attempts = if times == 1 { "once".to_owned() } else { format!("{times} times") };
    }
    error
}

/// The wait behind an attempt, the first of which is 1.
fn delay(limits: &Limits, attempt: u32) -> Duration {
    let doubled = limits.delay.saturating_mul(1 << (attempt - 1).min(16));
    doubled.min(limits.longest_delay)
}

fn advice(status: u16, has_key: bool) -> &'static str {
    match (status, has_key) {
        (401 | 403, true) => "check the key, and what it is allowed to use",
        (401 | 403, false) => "name an environment variable that holds the key",
        (404 | 405 | 501, _) => "check the address, the model's name and what the server offers",
        (400 | 413 | 422, _) => "check the model's name and what the server takes",
        (429, _) => "it is asked too often; wait, or raise its limit",
        (500.., _) => "look into the server's log",
        _ => "check the address and the server's settings",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_a_limit() {
        let limits = Limits::default();
        let delays: Vec<u128> = [1, 2, 3, 9, 99].map(|n| delay(&limits, n).as_millis()).to_vec();
        assert_eq!(delays, [500, 1000, 2000, 30_000, 30_000]);
    }
}
