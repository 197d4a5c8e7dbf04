//! Checksums of files as a hub names them.
//!
//! They are those of the Hugging Face hub, which others copy: `x-linked-etag` holds the SHA-256 of
//! a large file, and the `etag` of a small one, beside `x-repo-commit`, git's SHA-1 of it as a
//! blob. Other entity tags are opaque and no checksums.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use ureq::http::{HeaderMap, header};

const CHUNK: usize = 1 << 18;

/// What a server says the content of a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Checksum {
    Sha256(String),
    GitBlob(String),
}

impl Checksum {
    /// What the headers of a hub say.
    pub(super) fn named(headers: &HeaderMap) -> Option<Self> {
        let of_hub = headers.contains_key("x-repo-commit");
        let small = text(headers, &header::ETAG).filter(|_| of_hub);
        let tag = text(headers, &header::HeaderName::from_static("x-linked-etag")).or(small)?;
        let digits = tag.trim_start_matches("W/").trim_matches('"').to_ascii_lowercase();
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match digits.len() {
            64 if is_hex => Some(Self::Sha256(digits)),
            40 if is_hex => Some(Self::GitBlob(digits)),
            _ => None,
        }
    }

    /// The checksum of the same kind of a file.
    pub(super) fn of(&self, path: &Path, size: u64) -> io::Result<Self> {
        let mut context = match self {
            Self::Sha256(_) => Context::new(&SHA256),
            Self::GitBlob(_) => Context::new(&SHA1_FOR_LEGACY_USE_ONLY),
        };
        if matches!(self, Self::GitBlob(_)) {
            context.update(format!("blob {size}\0").as_bytes());
        }
        let mut file = File::open(path)?;
        let mut chunk = vec![0; CHUNK];
        loop {
            match file.read(&mut chunk)? {
                0 => break,
                length => context.update(&chunk[..length]),
            }
        }
        let digits = context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(match self {
            Self::Sha256(_) => Self::Sha256(digits),
            Self::GitBlob(_) => Self::GitBlob(digits),
        })
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sha256(digits) => write!(out, "sha256 {digits}"),
            Self::GitBlob(digits) => write!(out, "git {digits}"),
        }
    }
}

/// A header's value.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_hub_calls_a_checksum_is_one() {
        let (large, small) = ("0a".repeat(32), "0b".repeat(20));
        let sha = Some(Checksum::Sha256(large.clone()));
        let git = Some(Checksum::GitBlob(small.clone()));
        for (headers, expected) in [
            (vec![("x-linked-etag", format!("\"{large}\""))], sha.clone()),
            (vec![("x-linked-etag", large.to_uppercase()), ("etag", "\"other\"".into())], sha),
            (vec![("x-repo-commit", "main".into()), ("etag", format!("W/\"{small}\""))], git),
            (vec![("etag", format!("\"{small}\""))], None),
            (vec![("x-linked-etag", "\"5f-1\"".into())], None),
            (vec![], None),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(name, value.parse().expect("a value"));
            }
            assert_eq!(Checksum::named(&map), expected, "{map:?}");
        }
    }

    #[test]
    fn files_are_hashed_as_git_and_as_hubs_do() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("file");
        std::fs::write(&path, "abc").expect("written");
        for (kind, expected) in [
            (
                Checksum::Sha256(String::new()),
                "sha256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
            (Checksum::GitBlob(String::new()), "git f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f"),
        ] {
            assert_eq!(kind.of(&path, 3).expect("a checksum").to_string(), expected);
        }
    }
}
