//! What the service itself keeps: keys, conversations, the audit log, answers to repeated writes.
//!
//! One SQLite file, `service.db`, in the folder that is served. The documents are not in it: it can
//! be deleted, and what is lost is what this module lists. Several processes may use it at once,
//! so that `yuanwen key` works while a server runs.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail};
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use super::error::{ApiError, Code};

/// The layout that this program reads and writes.
const LAYOUT: u32 = 1;

const TABLES: &str = "
CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    only_kbs TEXT NOT NULL,      -- ids of knowledge bases, one a line; empty for all
    salt BLOB NOT NULL,
    hash BLOB NOT NULL,          -- Argon2id of the secret
    created INTEGER NOT NULL,    -- times are milliseconds since 1970
    revoked INTEGER
);
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    kb TEXT NOT NULL,
    owner TEXT,                  -- the id of the key that began it
    title TEXT NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL
);
CREATE INDEX conversations_changed ON conversations (changed);
CREATE TABLE turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    nth INTEGER NOT NULL,
    question TEXT NOT NULL,
    asked TEXT NOT NULL,         -- completed with what the question leaves out
    answer TEXT NOT NULL,        -- JSON
    at INTEGER NOT NULL,
    PRIMARY KEY (conversation, nth)
);
CREATE TABLE audit (
    nth INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    request TEXT NOT NULL,
    key TEXT,
    address TEXT NOT NULL,
    action TEXT NOT NULL,        -- method and route
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    question TEXT
);
CREATE INDEX audit_at ON audit (at);
CREATE TABLE evaluations (
    id TEXT PRIMARY KEY,
    kb TEXT NOT NULL,
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    report TEXT NOT NULL         -- JSON
);
CREATE INDEX evaluations_kb ON evaluations (kb, created);
CREATE TABLE repeats (
    id BLOB PRIMARY KEY,         -- of caller, method, path and Idempotency-Key
    request BLOB NOT NULL,       -- hash of the body
    at INTEGER NOT NULL,
    status INTEGER,              -- null while the first request is at work
    headers TEXT,
    body BLOB
);
CREATE INDEX repeats_at ON repeats (at);
";

/// The service's database.
pub(crate) struct Database {
    path: PathBuf,
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
}

impl Database {
    /// Opens the database of a folder, and lays one out if there is none.
    pub(crate) fn open(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join("service.db");
        let open = || connect(&path).with_context(|| path.display().to_string());
        let (writer, reader) = (Mutex::new(open()?), Mutex::new(open()?));
        Ok(Self { path, writer, reader })
    }

    /// Reads. Fast enough for any thread: one row by its key, or a page of a list.
    pub(crate) fn read<T>(
        &self,
        body: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, ApiError> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        body(&reader).map_err(|error| self.failed(error))
    }

    /// Changes something, in one transaction. This waits for the disk.
    pub(crate) fn write<T>(
        &self,
        body: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, ApiError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let run = || {
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = body(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        run().map_err(|error| self.failed(error))
    }

    fn failed(&self, error: rusqlite::Error) -> ApiError {
        if error.sqlite_error_code() == Some(ErrorCode::DiskFull) {
            return Code::DiskFull.into();
        }
        ApiError::internal(anyhow::Error::from(error).context(self.path.display().to_string()))
    }
}

fn connect(path: &Path) -> anyhow::Result<Connection> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match found {
        0 => {
            transaction.execute_batch(TABLES)?;
            transaction.pragma_update(None, "user_version", LAYOUT)?;
            transaction.commit()?;
        }
        LAYOUT => transaction.commit()?,
        _ => bail!(
            "it has layout {found}, this program knows up to {LAYOUT}; use the newer program that \
             wrote it, or delete the file: keys, conversations and the audit log are then lost"
        ),
    }
    Ok(connection)
}
