//! Reads a mail or a web page saved as MHTML.

use crate::document::Document;
use crate::error::ParseError;

/// Reads a mail or a web page saved as MHTML.
///
/// # Errors
/// If it cannot be read.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let _ = bytes;
    Err(ParseError::UnknownFormat(format!(
        "{name}: a mail or a web page saved as MHTML is not read yet"
    )))
}
