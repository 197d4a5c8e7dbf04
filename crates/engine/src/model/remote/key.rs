//! The key for a server: read from an environment variable, kept out of every message.

use std::env;
use std::fmt;

use ureq::http::HeaderValue;

use super::RemoteError;

/// A key; it does not print.
#[derive(Clone)]
pub(super) struct Key {
    secret: String,
    header: HeaderValue,
}

impl Key {
    /// The key that an environment variable holds.
    pub(super) fn from_env(name: &str, url: &str) -> Result<Self, RemoteError> {
        let wrong = |why| RemoteError::Key { name: name.to_owned(), url: url.to_owned(), why };
        let secret = env::var(name).map_err(|_| wrong("is not set"))?;
        let secret = secret.trim();
        if secret.is_empty() {
            return Err(wrong("is empty"));
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {secret}"))
            .map_err(|_| wrong("holds characters that a key cannot have"))?;
        header.set_sensitive(true);
        Ok(Self { secret: secret.to_owned(), header })
    }

    /// The value of the `Authorization` header.
    pub(super) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// The text without the key, which some servers repeat when they refuse it.
    pub(super) fn hidden_in(&self, text: &str) -> String {
        text.replace(&self.secret, "***")
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(***)")
    }
}
