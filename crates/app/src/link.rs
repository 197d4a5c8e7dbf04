//! Addresses of documents, for those who cite them.

use std::fmt::Write;
use std::path::Path;

use yuanwen_engine::store::Entry;

/// Where documents can be opened.
#[derive(Debug, Clone)]
pub(crate) enum Links {
    /// As files of this machine.
    Files,
}

impl Links {
    /// The address of a document, opened at a page where it has pages: PDF viewers and browsers
    /// understand `#page=` (RFC 8118, section 3).
    pub(crate) fn to(&self, entry: &Entry, page: Option<u32>) -> String {
        let Self::Files = self;
        let address = format!("file://{}", encoded(file_of(&entry.path)));
        match page {
            Some(page) => format!("{address}#page={page}"),
            None => address,
        }
    }
}

/// The file itself where a document was read from inside it, as from an archive.
fn file_of(path: &str) -> &str {
    let is_file = |path: &&Path| path.is_file();
    Path::new(path).ancestors().find(is_file).and_then(Path::to_str).unwrap_or(path)
}

/// A path as part of an address (RFC 3986, section 3.3).
pub(crate) fn encoded(path: &str) -> String {
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
}
