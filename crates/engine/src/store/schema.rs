//! The catalogue's layout.
//!
//! Blocks and passages are rows of their own, found by one number made of the version and the
//! ordinal: an answer loads the passages and blocks that it cites, never a whole document.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::StoreError;
use crate::error::{Error, Result};

/// The layout that this program reads and writes. Rises with every change of a table or of a
/// stored value's shape.
pub(crate) const LAYOUT: u32 = 1;

/// How many bits of a row's id hold the ordinal of a passage or block.
const ORDINAL_BITS: u32 = 24;

const TABLES: &str = "
CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    generation INTEGER NOT NULL,  -- rises with each change of the documents
    forgotten INTEGER NOT NULL    -- changes up to this generation are no longer listed
);
INSERT INTO state VALUES (1, 0, 0);
CREATE TABLE documents (
    version INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice
    path TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    blocks INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    warnings INTEGER NOT NULL,
    format TEXT NOT NULL,
    meta TEXT NOT NULL
);
CREATE INDEX documents_hash ON documents (hash);
CREATE TABLE frames (version INTEGER PRIMARY KEY, frame BLOB NOT NULL);
CREATE TABLE blocks (id INTEGER PRIMARY KEY, block BLOB NOT NULL);
CREATE TABLE passages (id INTEGER PRIMARY KEY, passage BLOB NOT NULL);
CREATE TABLE changes (
    generation INTEGER NOT NULL,
    version INTEGER NOT NULL,
    live INTEGER NOT NULL
);
CREATE INDEX changes_generation ON changes (generation);
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
    settle(&mut connection, path, create).map_err(failed)??;
    Ok(connection)
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
    if found == 0 && create {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        if layout(&transaction)? == 0 {
            transaction.execute_batch(TABLES)?;
            transaction.pragma_update(None, "user_version", LAYOUT)?;
        }
        transaction.commit()?;
    } else if found < LAYOUT {
        return Ok(Err(StoreError::Older { path: path.to_owned(), found }));
    }
    Ok(Ok(()))
}

fn layout(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
