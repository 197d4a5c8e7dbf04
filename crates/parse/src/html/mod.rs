//! Reads a web page.

use crate::document::Document;
use crate::error::ParseError;

/// Reads a web page.
///
/// # Errors
/// If it cannot be read.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let _ = bytes;
    Err(ParseError::UnknownFormat(format!("{name}: a web page is not read yet")))
}
