//! Reads an electronic book.

use crate::document::Document;
use crate::error::ParseError;

/// Reads an electronic book.
///
/// # Errors
/// If it cannot be read.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let _ = bytes;
    Err(ParseError::UnknownFormat(format!("{name}: an electronic book is not read yet")))
}
