//! Why a file could not be read at all.

/// A file that yields no document. What goes wrong inside a readable file is a
/// [`Warning`](crate::Warning) instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// There is nothing to read in the file.
    #[error("there is no text in it")]
    NoText,
    /// The content is of no known format.
    #[error("not a document that can be read: {0}")]
    UnknownFormat(String),
    /// The file's structure cannot be read.
    #[error("the {format} is damaged or cut off: {reason}")]
    Damaged {
        /// What it is, as a person says it: `Word document`, `ZIP archive`.
        format: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The file asks for a password; what it is.
    #[error("the {0} is protected by a password; remove the password and try again")]
    Protected(&'static str),
    /// The file goes over a limit; a sentence that says which, and what to do.
    #[error("{0}")]
    Limit(String),
    /// The PDF's structure cannot be read.
    #[error("the PDF is damaged or cut off: {0}")]
    DamagedPdf(String),
    /// The PDF asks for a password.
    #[error("the PDF is protected by a password; remove the password and try again")]
    PasswordProtected,
    /// The PDF's encryption is not supported.
    #[error("the PDF is encrypted in a way that cannot be read: {0}")]
    UnsupportedEncryption(String),
    /// A picture of a page could not be made.
    #[error("page {page} cannot be drawn: {reason}")]
    Drawing {
        /// The page, from 1.
        page: u32,
        /// What went wrong.
        reason: String,
    },
}
