//! Reads JSON or JSON lines.

use crate::document::Document;
use crate::error::ParseError;

/// Reads JSON or JSON lines.
///
/// # Errors
/// If it cannot be read.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let _ = bytes;
    Err(ParseError::UnknownFormat(format!("{name}: JSON or JSON lines is not read yet")))
}
