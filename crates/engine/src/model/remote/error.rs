//! What can go wrong between this program and a model behind an HTTP endpoint.
//!
//! A message names the URL and says what to do. None ever holds a key: addresses with user names,
//! passwords or query strings are refused before they are used, and what a server says is searched
//! for the key before it is shown.

use std::error::Error;

/// Why a model behind an HTTP endpoint gave nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteError {
    /// The address cannot be used; it is shown only if it holds no secret.
    #[error("{url}: {why}")]
    Address {
        /// The address, or what stands for it.
        url: String,
        /// What is wrong with it, and what to give instead.
        why: &'static str,
    },
    /// The settings ask for something that makes no sense.
    #[error("{url}: {why}")]
    Settings {
        /// The address.
        url: String,
        /// What is wrong, and what to do.
        why: String,
    },
    /// The environment variable that should hold the key does not, or its content is no key.
    #[error("the environment variable {name} {why}; put the key for {url} into it")]
    Key {
        /// The variable.
        name: String,
        /// The address.
        url: String,
        /// What is wrong with the variable.
        why: &'static str,
    },
    /// No connection, or one that broke off.
    #[error(
        "{url}: cannot be reached ({attempts} tried); is the server running, the address right?"
    )]
    Unreachable {
        /// The address.
        url: String,
        /// How often it was tried: `once`, `4 times`.
        attempts: String,
        /// What the connection said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The server's certificate was refused, or encryption failed.
    #[error(
        "{url}: no encrypted connection; the server's certificate must be one that this system \
         trusts (a file of further ones can be named in SSL_CERT_FILE)"
    )]
    Encryption {
        /// The address.
        url: String,
        /// What failed.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The answer took too long.
    #[error("{url}: no complete answer within {seconds} s; is the server overloaded?")]
    TimedOut {
        /// The address.
        url: String,
        /// The limit.
        seconds: f64,
    },
    /// The server refused.
    #[error("{url}: the server answered with status {status}{said}; {advice}")]
    Status {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
        /// The beginning of what it said, behind a colon; may be empty.
        said: String,
        /// What to do.
        advice: String,
    },
    /// The server sends the request elsewhere. It is not followed: a key would go along.
    #[error("{url}: the server redirects to {to}; if that is right, give that address instead")]
    Redirected {
        /// The address.
        url: String,
        /// Where it points.
        to: String,
    },
    /// The answer is too long.
    #[error("{url}: the answer has more than {limit} bytes; is this the address of a model?")]
    TooLong {
        /// The address.
        url: String,
        /// The limit.
        limit: u64,
    },
    /// A file came with another content than the server says it has.
    #[error(
        "{url}: what came has the checksum {found} where the server names {named}; it was \
         deleted, run the command again"
    )]
    Damaged {
        /// The address.
        url: String,
        /// The checksum that the server names.
        named: String,
        /// The checksum of what came.
        found: String,
    },
    /// The answer ended before it was complete.
    #[error("{url}: {why}")]
    Ended {
        /// The address.
        url: String,
        /// How it ended.
        why: String,
    },
    /// The answer is not what the interface promises.
    #[error("{url}: {what}; does the server offer this interface?")]
    Unexpected {
        /// The address.
        url: String,
        /// What is wrong with the answer.
        what: String,
    },
}
