//! Reads a workbook.

use crate::document::Document;
use crate::error::ParseError;

/// Reads a workbook.
///
/// # Errors
/// If it cannot be read.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let _ = bytes;
    Err(ParseError::UnknownFormat(format!("{name}: a workbook is not read yet")))
}
