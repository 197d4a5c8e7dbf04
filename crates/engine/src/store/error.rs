//! What can go wrong with a knowledge base on disk.

use std::path::PathBuf;

/// An error of the catalogue or of what lies beside it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The folder holds no catalogue.
    #[error("{}: there is no knowledge base in this folder", dir.display())]
    Missing {
        /// The folder.
        dir: PathBuf,
    },
    /// A later version of this program wrote it.
    #[error(
        "{}: this knowledge base has layout {found}, this program knows up to {known}; \
         use the newer program that wrote it, or index into a new folder",
        path.display()
    )]
    Newer {
        /// The catalogue.
        path: PathBuf,
        /// Its layout.
        found: u32,
        /// The newest layout known here.
        known: u32,
    },
    /// It was never laid out.
    #[error("{}: this knowledge base was never finished; delete the folder and index again", path.display())]
    Unfinished {
        /// The catalogue.
        path: PathBuf,
    },
    /// Another process or thread writes to it.
    #[error("{}: another process is changing this knowledge base; try again when it is done", dir.display())]
    Busy {
        /// The folder.
        dir: PathBuf,
    },
    /// SQLite failed.
    #[error("{}: the catalogue {}", path.display(), ailment(source))]
    Sqlite {
        /// The catalogue.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// What the catalogue holds cannot be decoded.
    #[error("the stored {what} of version {version} cannot be decoded; index the file again")]
    Damaged {
        /// What it is.
        what: &'static str,
        /// The document version.
        version: u64,
    },
    /// A folder that should be new has something in it.
    #[error("{}: this folder is not empty; give one that does not exist", dir.display())]
    InUse {
        /// The folder.
        dir: PathBuf,
    },
    /// A file is not a backup, or not a whole one.
    #[error("{}: this cannot be restored: {why}", path.display())]
    NotABackup {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A content is larger than was allowed.
    #[error("larger than {} MB, which is the limit; split it", most >> 20)]
    TooLarge {
        /// The limit in bytes.
        most: u64,
    },
    /// A rating makes no sense.
    #[error("this cannot be rated: {0}")]
    NotRatable(&'static str),
    /// A text is not that of the document that it is said to be from.
    #[error("the text does not stand in document {document}; quote it as it stands there")]
    NotInDocument {
        /// The document.
        document: u64,
    },
    /// A document cannot be called so.
    #[error("\u{201C}{name}\u{201D} cannot be a document's name: {why}")]
    BadName {
        /// The name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Another document has the path already.
    #[error("another document is called \u{201C}{0}\u{201D}; rename or remove that one first")]
    Taken(String),
    /// The document is being read at this moment.
    #[error("{0} is being read at this moment; try again when that is done")]
    BeingRead(String),
    /// No document, or no version of it, has this number.
    #[error("there is no {what} {number}")]
    Unknown {
        /// What it would be.
        what: &'static str,
        /// The number.
        number: u64,
    },
    /// No document goes by this name.
    #[error("no document is called \u{201C}{0}\u{201D}; `list` shows their names")]
    UnknownDocument(String),
    /// Several documents go by this name.
    #[error("\u{201C}{name}\u{201D} may be any of these, give the path:\n  {}", paths.join("\n  "))]
    AmbiguousDocument {
        /// The name.
        name: String,
        /// The paths of the documents that have it.
        paths: Vec<String>,
    },
}

/// What ails a catalogue, and what to do. The chain of sources has SQLite's own words.
fn ailment(source: &rusqlite::Error) -> &'static str {
    use rusqlite::ErrorCode;
    match source.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => {
            "cannot be written, the disk is full; what was stored before is unharmed: \
             free some space and run the command again"
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            "is damaged; restore a backup (`yuanwen restore`), or delete the folder and index again"
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            "cannot be opened for writing; check the folder's permissions"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "is in use by another process; try again when it is done"
        }
        _ => "failed",
    }
}
