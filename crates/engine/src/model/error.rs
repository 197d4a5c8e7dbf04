//! What can go wrong with a model.

use std::fmt::Display;
use std::path::{Path, PathBuf};

/// An error of a model.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A file of a model is missing, damaged, or of a kind that is not supported.
    #[error("{} cannot be used: {reason}", path.display())]
    Unusable {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A model of this name is not installed.
    #[error(
        "the model \u{201C}{name}\u{201D} is not in {}; add it with `yuanwen model add`, or set \
         another one with `yuanwen index --kb DIR --model NAME` (`builtin` needs no files)",
        folder.display()
    )]
    Missing {
        /// Its name.
        name: String,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// What was asked for cannot be done with these names.
    #[error("{0}")]
    Wrong(String),
    /// The network failed on a text.
    #[error("the model {name} failed: {reason}")]
    Failed {
        /// The model.
        name: String,
        /// What its runtime said.
        reason: String,
    },
}

impl ModelError {
    /// A [`ModelError::Unusable`].
    pub(super) fn unusable(path: &Path, reason: impl Display) -> Self {
        Self::Unusable { path: path.to_owned(), reason: reason.to_string() }
    }
}
