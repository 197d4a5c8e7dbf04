//! Reads a presentation of PowerPoint.

use crate::document::Document;
use crate::error::ParseError;

/// Reads a presentation of PowerPoint.
///
/// # Errors
/// If it cannot be read.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let _ = bytes;
    Err(ParseError::UnknownFormat(format!("{name}: a presentation of PowerPoint is not read yet")))
}
