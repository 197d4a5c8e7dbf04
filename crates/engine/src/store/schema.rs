//! The catalogue's layout.
//!
//! Blocks and passages are rows of their own, found by one number made of the version and the
//! ordinal: an answer loads the passages and blocks that it cites, never a whole document.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::{StoreError, feedback};
use crate::error::{Error, Result};

/// The layout that this program reads and writes. Rises with every change of a table or of a
/// stored value's shape; knowledge bases of earlier layouts are taken over when they are opened.
pub(crate) const LAYOUT: u32 = 2;

/// How many bits of a row's id hold the ordinal of a passage or block.
const ORDINAL_BITS: u32 = 24;

/// The tables of this layout.
const TABLES: &str = "
CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    generation INTEGER NOT NULL,  -- rises with each change of the documents
    forgotten INTEGER NOT NULL    -- changes up to this generation are no longer listed
);
INSERT INTO state VALUES (1, 0, 0);
-- A content as it was read. Several documents may have the same.
CREATE TABLE versions (
    version INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice
    hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    blocks INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    warnings INTEGER NOT NULL,
    format TEXT NOT NULL,
    meta TEXT NOT NULL
);
CREATE INDEX versions_hash ON versions (hash);
-- What a user calls a document: it keeps its id when its content or its path changes. Times are
-- milliseconds since 1970, but for `modified`, which has nanoseconds.
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER,              -- null until it is read for the first time
    modified INTEGER NOT NULL,
    added INTEGER NOT NULL,
    removed INTEGER               -- null while it is there
);
CREATE UNIQUE INDEX documents_path ON documents (path) WHERE removed IS NULL;
CREATE INDEX documents_version ON documents (version);
-- Which versions a document had, and when.
CREATE TABLE history (
    document INTEGER NOT NULL,
    version INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER                 -- null: still
);
CREATE INDEX history_document ON history (document);
CREATE INDEX history_version ON history (version);
-- Contents that were accepted and wait to be read, or were read lately.
CREATE TABLE queue (
    job INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL,
    hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    state TEXT NOT NULL,          -- waiting, reading, read, failed
    attempts INTEGER NOT NULL,
    problem TEXT,                 -- why it failed
    generation INTEGER,           -- with which it was written
    accepted INTEGER NOT NULL,
    finished INTEGER
);
CREATE INDEX queue_state ON queue (state);
CREATE INDEX queue_document ON queue (document);
CREATE TABLE frames (version INTEGER PRIMARY KEY, frame BLOB NOT NULL);
CREATE TABLE blocks (id INTEGER PRIMARY KEY, block BLOB NOT NULL);
CREATE TABLE passages (id INTEGER PRIMARY KEY, passage BLOB NOT NULL);
CREATE TABLE changes (
    generation INTEGER NOT NULL,
    version INTEGER NOT NULL,
    live INTEGER NOT NULL
);
CREATE INDEX changes_generation ON changes (generation);
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
";

/// From layout 1, where a document was its path and one content. Blocks, passages, frames and
/// changes stay as they are. SQLite would use the number of a deleted version again, so the
/// counters go on from where they were.
const FROM_1: &str = "
ALTER TABLE documents RENAME TO old;
DROP INDEX documents_hash;
ALTER TABLE state RENAME TO old_state;
DROP INDEX changes_generation;
ALTER TABLE changes RENAME TO old_changes;
ALTER TABLE frames RENAME TO old_frames;
ALTER TABLE blocks RENAME TO old_blocks;
ALTER TABLE passages RENAME TO old_passages;
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
ALTER TABLE settings RENAME TO old_settings;
";
const FROM_1_ROWS: &str = "
DELETE FROM state;
INSERT INTO state SELECT one, generation, forgotten FROM old_state;
INSERT INTO changes SELECT generation, version, live FROM old_changes;
INSERT INTO settings SELECT name, value FROM old_settings;
INSERT INTO versions SELECT version, hash, size, revision, pages, blocks, passages, warnings,
    format, meta FROM old;
INSERT INTO documents SELECT version, path, name, version, modified, modified / 1000000, NULL
    FROM old;
INSERT INTO history SELECT version, version, modified / 1000000, NULL FROM old;
DELETE FROM sqlite_sequence WHERE name IN ('versions', 'documents');
INSERT INTO sqlite_sequence SELECT 'versions', seq FROM sqlite_sequence WHERE name = 'old';
INSERT INTO sqlite_sequence SELECT 'documents', seq FROM sqlite_sequence WHERE name = 'old';
DROP TABLE old;
DROP TABLE old_state;
DROP TABLE old_changes;
DROP TABLE old_settings;
DROP TABLE frames;
DROP TABLE blocks;
DROP TABLE passages;
ALTER TABLE old_frames RENAME TO frames;
ALTER TABLE old_blocks RENAME TO blocks;
ALTER TABLE old_passages RENAME TO passages;
";

/// The id of the row of a passage or block.
pub(crate) fn row_id(version: u64, ordinal: u32) -> i64 {
    ((version << ORDINAL_BITS) | u64::from(ordinal)) as i64
}

/// The ids of all rows that a version may have: from the first up to, not including, the second.
pub(crate) fn row_ids(version: u64) -> (i64, i64) {
    (row_id(version, 0), row_id(version + 1, 0))
}

/// Opens a connection, and lays out an empty file if `create` is set.
pub(crate) fn connect(path: &Path, create: bool) -> Result<Connection> {
    let failed = |source| Error::from(StoreError::Sqlite { path: path.to_owned(), source });
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags.set(OpenFlags::SQLITE_OPEN_CREATE, create);
    let mut connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    match settle(&mut connection, path, create) {
        Err(error) if !create && cannot_be_written(&error) => unchanging(path, failed(error)),
        done => done.map_err(failed)?.map(|()| connection).map_err(Error::from),
    }
}

/// Whether the folder does not let SQLite make the files that it needs beside the catalogue.
fn cannot_be_written(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, ReadOnly};
    matches!(error.sqlite_error_code(), Some(CannotOpen | ReadOnly))
}

/// Opens a catalogue on a medium that nobody can write to, to be read. Changes that never came into
/// the file itself, after a crash, cannot be read there.
fn unchanging(path: &Path, error: Error) -> Result<Connection> {
    let log = path.with_extension("db-wal");
    let has_log = std::fs::metadata(log).is_ok_and(|log| log.len() > 0);
    let encoded = path
        .to_str()
        .filter(|_| !has_log)
        .map(|path| path.replace('%', "%25").replace('?', "%3f").replace('#', "%23"));
    let Some(encoded) = encoded else { return Err(error) };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let opened = Connection::open_with_flags(format!("file:{encoded}?immutable=1"), flags);
    let connection = opened.ok().filter(|connection| layout(connection).ok() == Some(LAYOUT));
    connection.ok_or(error)
}

fn settle(
    connection: &mut Connection,
    path: &Path,
    create: bool,
) -> rusqlite::Result<std::result::Result<(), StoreError>> {
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    // A removal must hold once the call returns, even over a loss of power; a full sync costs a
    // fraction of a millisecond for each transaction, and there are few.
    connection.pragma_update(None, "synchronous", "FULL")?;
    let found = layout(connection)?;
    if found > LAYOUT {
        return Ok(Err(StoreError::Newer { path: path.to_owned(), found, known: LAYOUT }));
    }
    if found == LAYOUT {
        return Ok(Ok(()));
    }
    if found == 0 && !create {
        return Ok(Err(StoreError::Unfinished { path: path.to_owned() }));
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another process may have been quicker.
    match layout(&transaction)? {
        0 => transaction.execute_batch(&[TABLES, feedback::TABLE].concat())?,
        1 => transaction.execute_batch(&[FROM_1, TABLES, feedback::TABLE, FROM_1_ROWS].concat())?,
        _ => {}
    }
    transaction.pragma_update(None, "user_version", LAYOUT)?;
    transaction.commit()?;
    Ok(Ok(()))
}

fn layout(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
