//! Addresses of documents, for those who cite them.

use std::fmt::Write;
use std::path::Path;

use axum::http::HeaderMap;
use axum::http::header::HOST;
use yuanwen_engine::store::Entry;

use crate::service::{KbId, documents};

/// Where documents can be opened.
#[derive(Debug, Clone)]
pub(crate) enum Links {
    /// As files of this machine.
    Files,
    /// From the service, under its root as the client knows it.
    Service { root: String, kb: KbId },
}

impl Links {
    /// The address of a document, opened at a page where it has pages: PDF viewers and browsers
    /// understand `#page=` (RFC 8118, section 3).
    pub(crate) fn to(&self, entry: &Entry, page: Option<u32>) -> String {
        let address = match self {
            Self::Files => format!("file://{}", encoded(file_of(&entry.path))),
            Self::Service { root, kb } => {
                let id = documents::id(entry);
                format!("{root}/api/v1/kbs/{kb}/documents/{id}/content")
            }
        };
        match page {
            Some(page) => format!("{address}#page={page}"),
            None => address,
        }
    }
}

/// The root of the service as a client has addressed it, behind a proxy too; nothing where the
/// request does not say. It goes back to that client alone.
pub(crate) fn root(headers: &HeaderMap, encrypted: bool) -> String {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = said(HOST.as_str()) else { return String::new() };
    let forwarded = said("x-forwarded-proto") == Some("https");
    let scheme = if forwarded || encrypted { "https" } else { "http" };
    format!("{scheme}://{host}")
}

/// The file itself where a document was read from inside it, as from an archive.
fn file_of(path: &str) -> &str {
    let is_file = |path: &&Path| path.is_file();
    Path::new(path).ancestors().find(is_file).and_then(Path::to_str).unwrap_or(path)
}

/// A path as part of an address (RFC 3986, section 3.3).
fn encoded(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_parts_of_addresses() {
        for (path, expected) in [
            ("/a/b-1.pdf", "/a/b-1.pdf"),
            ("/报 告#1?.pdf", "/%E6%8A%A5%20%E5%91%8A%231%3F.pdf"),
            ("100%", "100%25"),
        ] {
            assert_eq!(encoded(path), expected);
        }
    }

    #[test]
    fn the_root_is_what_the_client_said() {
        let headers = |said: &[(&'static str, &str)]| {
            said.iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect()
        };
        for (said, encrypted, expected) in [
            (&[("host", "a:1")][..], false, "http://a:1"),
            (&[("host", "a:1")], true, "https://a:1"),
            (&[("host", "a"), ("x-forwarded-proto", "https")], false, "https://a"),
            (&[], false, ""),
        ] {
            assert_eq!(root(&headers(said), encrypted), expected);
        }
    }
}
