//! What documents were: their past versions, and those that were removed.

use rusqlite::{OptionalExtension, Row};
use serde::Serialize;

use super::originals::ContentHash;
use super::{Catalogue, now};
use crate::error::Result;

/// A version that a document has or had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastVersion {
    /// Its id.
    pub version: u64,
    /// The hash of its content.
    #[serde(serialize_with = "super::reader::as_hex")]
    pub hash: ContentHash,
    /// Its size in bytes.
    pub size: u64,
    /// How many pages it has.
    pub pages: u32,
    /// How many passages.
    pub passages: u32,
    /// Since when the document had it, in milliseconds since 1970.
    pub since: i64,
    /// Until when; `None` for what it has now.
    pub until: Option<i64>,
}

/// A document with or without a content: also one that waits for its first, could not be read, or
/// was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Known {
    /// Its id.
    pub document: u64,
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// What it has or had last.
    pub version: Option<u64>,
    /// When it came, in milliseconds since 1970.
    pub added: i64,
    /// When it was removed.
    pub removed: Option<i64>,
}

impl Catalogue {
    /// The versions of a document, the latest first.
    pub(crate) fn history(&self, document: u64) -> Result<Vec<PastVersion>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT version, hash, size, pages, passages, since, until
                 FROM history JOIN versions USING (version) WHERE document = ?1
                 ORDER BY until IS NOT NULL, until DESC, history.rowid DESC",
            )?;
            statement.query_map([document as i64], past)?.collect()
        })
    }

    /// All documents, also those without a content and those that were removed, by path.
    pub(crate) fn known(&self) -> Result<Vec<Known>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!("{KNOWN} ORDER BY path, id"))?;
            statement.query_map([], known)?.collect()
        })
    }

    /// The documents that were read of files inside that of a path, by path.
    pub(crate) fn inside(&self, path: &str) -> Result<Vec<Known>> {
        // All that begins with the path and a slash: what follows the slash in Unicode is a 0.
        self.read(|connection| {
            let sql = format!(
                "{KNOWN} WHERE removed IS NULL AND path > ?1 || '/' AND path < ?1 || '0'
                 ORDER BY path"
            );
            connection.prepare_cached(&sql)?.query_map([path], known)?.collect()
        })
    }

    /// The document that is at a path.
    pub(crate) fn at(&self, path: &str) -> Result<Option<Known>> {
        self.read(|connection| {
            let sql = format!("{KNOWN} WHERE removed IS NULL AND path = ?1");
            connection.prepare_cached(&sql)?.query_row([path], known).optional()
        })
    }

    /// One document, whatever became of it.
    pub(crate) fn known_as(&self, document: u64) -> Result<Option<Known>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!("{KNOWN} WHERE id = ?1"))?;
            statement.query_row([document as i64], known).optional()
        })
    }

    /// The documents that were removed longer than so many days ago.
    pub(crate) fn removed_before(&self, days: u32) -> Result<Vec<u64>> {
        let day = 24 * 3600 * 1000;
        let before = now() - i64::from(days) * day;
        self.read(|connection| {
            let sql = "SELECT id FROM documents WHERE removed <= ?1 ORDER BY id";
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_map([before], |row| row.get::<_, i64>(0).map(|id| id as u64))?.collect()
        })
    }

    /// The contents of all versions, past ones too.
    pub(crate) fn hashes(&self) -> Result<Vec<ContentHash>> {
        self.read(|connection| {
            let sql = "SELECT hash FROM versions UNION SELECT hash FROM queue
                WHERE state <> 'read' ORDER BY hash";
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_map([], |row| row.get(0))?.collect()
        })
    }
}

fn past(row: &Row<'_>) -> rusqlite::Result<PastVersion> {
    Ok(PastVersion {
        version: row.get::<_, i64>(0)? as u64,
        hash: row.get(1)?,
        size: row.get::<_, i64>(2)? as u64,
        pages: row.get(3)?,
        passages: row.get(4)?,
        since: row.get(5)?,
        until: row.get(6)?,
    })
}

/// The columns that [`known`] takes.
const KNOWN: &str = "SELECT id, path, name, version, added, removed FROM documents";

fn known(row: &Row<'_>) -> rusqlite::Result<Known> {
    Ok(Known {
        document: row.get::<_, i64>(0)? as u64,
        path: row.get(1)?,
        name: row.get(2)?,
        version: row.get::<_, Option<i64>>(3)?.map(|version| version as u64),
        added: row.get(4)?,
        removed: row.get(5)?,
    })
}
