//! Reads Markdown.

use crate::document::Document;
use crate::error::ParseError;

/// Reads Markdown.
///
/// # Errors
/// If it cannot be read.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let _ = bytes;
    Err(ParseError::UnknownFormat(format!("{name}: Markdown is not read yet")))
}
