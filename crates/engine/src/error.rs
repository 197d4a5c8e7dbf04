//! What can go wrong in the engine, and who has to act.

use std::io;
use std::path::PathBuf;

use crate::store::StoreError;

/// An error of the engine. Sources are kept; a message names what was being done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The full-text index failed. It is derived from the catalogue, so it can be rebuilt.
    #[error("the full-text index failed: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// The catalogue, or what was asked of it, is at fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// The result of the engine's operations.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An [`Error::Io`] about a path.
    pub fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { path: path.into(), source }
    }
}
