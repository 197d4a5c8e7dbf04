//! Reads a text document of Word.

use crate::document::Document;
use crate::error::ParseError;

/// Reads a text document of Word.
///
/// # Errors
/// If it cannot be read.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let _ = bytes;
    Err(ParseError::UnknownFormat(format!("{name}: a text document of Word is not read yet")))
}
