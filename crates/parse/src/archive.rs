//! Reads a ZIP archive.

use crate::document::Document;
use crate::error::ParseError;

/// Reads a ZIP archive.
///
/// # Errors
/// If it cannot be read.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let _ = bytes;
    Err(ParseError::UnknownFormat(format!("{name}: a ZIP archive is not read yet")))
}
