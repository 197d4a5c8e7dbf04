//! Reads a picture of a page.

use crate::document::Document;
use crate::error::ParseError;

/// Reads a picture of a page.
///
/// # Errors
/// If it cannot be read.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let _ = bytes;
    Err(ParseError::UnknownFormat(format!("{name}: a picture of a page is not read yet")))
}
