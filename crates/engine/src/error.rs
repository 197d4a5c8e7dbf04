//! What can go wrong in the engine, and who has to act.

use std::io;
use std::path::PathBuf;

use crate::model::ModelError;
use crate::model::remote::RemoteError;
use crate::store::StoreError;

/// An error of the engine. A message names what was being done; the reason is its source, so
/// print the whole chain.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The full-text index failed. It is derived from the catalogue, so it can be rebuilt.
    #[error("the full-text index failed; make sure that the disk has room, then run `check`")]
    Index(#[from] tantivy::TantivyError),
    /// The catalogue, or what was asked of it, is at fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A model cannot be used.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A model behind an HTTP endpoint gave nothing.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// A file or folder could not be read or written.
    #[error("{}", path.display())]
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

/// An error with all its reasons on one line.
pub(crate) fn with_reasons(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut reason = error.source();
    while let Some(next) = reason {
        line = format!("{line}: {next}");
        reason = next.source();
    }
    line
}
