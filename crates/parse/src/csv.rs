//! Reads values separated by commas or tabs.

use crate::document::Document;
use crate::error::ParseError;

/// Reads values separated by commas or tabs.
///
/// # Errors
/// If it cannot be read.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let _ = bytes;
    Err(ParseError::UnknownFormat(format!(
        "{name}: values separated by commas or tabs is not read yet"
    )))
}
