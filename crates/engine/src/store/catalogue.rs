//! The catalogue: which documents exist. Changes are made here; see `reader` for what is read.
//!
//! A document is known by the path that it came from. Each content that is read at a path gets a
//! new version number; the rows of the old one go in the same transaction.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use yuanwen_parse::{Block, Document, Format, Metadata, Page, Warning};

use super::blob::encode;
use super::originals::ContentHash;
use super::reader::Listing;
use super::schema::{connect, row_id, row_ids};
use super::{StoreError, blob};
use crate::error::{Error, Result};
use crate::passage::Passage;

/// The SQLite catalogue of a knowledge base.
pub struct Catalogue {
    pub(super) path: PathBuf,
    writer: Mutex<Connection>,
    /// Connections that no reader uses at the moment.
    pub(super) idle: Mutex<Vec<Connection>>,
    pub(super) listing: Mutex<Option<Arc<Listing>>>,
}

/// A document without its blocks.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Frame {
    pub(crate) format: Format,
    pub(crate) meta: Metadata,
    pub(crate) pages: Vec<Page>,
    pub(crate) warnings: Vec<Warning>,
}

/// A file that was read, as the catalogue takes it: encoded by the thread that read it.
pub(crate) struct NewDocument {
    pub(crate) path: String,
    pub(crate) name: String,
    pub(crate) hash: ContentHash,
    pub(crate) size: u64,
    pub(crate) modified: i64,
    pub(crate) revision: u32,
    pub(crate) frame: Frame,
    pub(crate) blocks: Vec<Vec<u8>>,
    pub(crate) passages: Vec<Vec<u8>>,
}

impl NewDocument {
    /// Puts a document and its passages into the shape that the catalogue keeps.
    pub(crate) fn set(&mut self, document: Document, passages: &[Passage]) {
        let Document { format, meta, pages, blocks, warnings, members: _ } = document;
        self.frame = Frame { format, meta, pages, warnings };
        self.blocks = blocks.iter().map(encode::<Block>).collect();
        self.passages = passages.iter().map(encode::<Passage>).collect();
    }

    /// How much memory it takes, roughly.
    pub(crate) fn bytes(&self) -> usize {
        self.blocks.iter().chain(&self.passages).map(Vec::len).sum()
    }
}

/// A version that came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) version: u64,
    pub(crate) live: bool,
}

impl Catalogue {
    /// Opens the catalogue of a folder, or lays one out if `create` is set.
    pub(crate) fn open(dir: &Path, create: bool) -> Result<Self> {
        let path = dir.join("catalogue.db");
        if create {
            fs::create_dir_all(dir).map_err(|source| Error::io(dir, source))?;
        } else if !path.is_file() {
            return Err(StoreError::Missing { dir: dir.to_owned() }.into());
        }
        let writer = Mutex::new(connect(&path, create)?);
        Ok(Self { path, writer, idle: Mutex::default(), listing: Mutex::default() })
    }

    /// Adds documents, each in place of what was read at its path before. One transaction.
    pub(crate) fn put(&self, documents: &[NewDocument]) -> Result<()> {
        self.change(|change| documents.iter().try_for_each(|document| change.put(document)))
    }

    /// Removes versions. One transaction.
    pub(crate) fn remove(&self, versions: &[u64]) -> Result<()> {
        self.change(|change| versions.iter().try_for_each(|version| change.remove(*version)))
    }

    /// Notes that a file whose time has changed has the same content as before.
    pub(crate) fn touch(&self, version: u64, modified: i64) -> Result<()> {
        let sql = "UPDATE documents SET modified = ?2 WHERE version = ?1";
        let done = self.lock().execute(sql, params![version as i64, modified]);
        self.forget_listing();
        done.map(drop).map_err(|source| self.failed(source))
    }

    /// The versions that came and went after a generation, with the generation that this leads
    /// to; `None` if that is no longer known.
    pub(crate) fn changes_since(&self, generation: u64) -> Result<Option<(Vec<Change>, u64)>> {
        self.read(|connection| {
            let (now, forgotten) =
                connection.query_row("SELECT generation, forgotten FROM state", [], |row| {
                    Ok((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)? as u64))
                })?;
            if generation < forgotten || generation > now {
                return Ok(None);
            }
            let mut statement = connection.prepare_cached(
                "SELECT version, live FROM changes WHERE generation > ?1 AND generation <= ?2
                 ORDER BY generation, rowid",
            )?;
            let change = |row: &rusqlite::Row<'_>| {
                Ok(Change { version: row.get::<_, i64>(0)? as u64, live: row.get(1)? })
            };
            let changes = statement.query_map(params![generation as i64, now as i64], change)?;
            Ok(Some((changes.collect::<rusqlite::Result<_>>()?, now)))
        })
    }

    /// Drops the list of changes up to a generation that the index has reached for good.
    pub(crate) fn forget_changes(&self, generation: u64) -> Result<()> {
        self.transaction(|transaction| {
            let generation = generation as i64;
            transaction.execute("DELETE FROM changes WHERE generation <= ?1", [generation])?;
            transaction
                .execute("UPDATE state SET forgotten = max(forgotten, ?1)", [generation])
                .map(drop)
        })
    }

    /// What SQLite says about the integrity of its file; empty if it is well.
    pub(crate) fn integrity(&self) -> Result<Vec<String>> {
        self.read(|connection| {
            let mut statement = connection.prepare("PRAGMA integrity_check")?;
            let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
            let lines: Vec<String> = lines.collect::<rusqlite::Result<_>>()?;
            Ok(lines.into_iter().filter(|line| line != "ok").collect())
        })
    }

    fn change(&self, body: impl FnOnce(&Changing<'_>) -> rusqlite::Result<()>) -> Result<()> {
        self.transaction(|transaction| {
            let sql = "UPDATE state SET generation = generation + 1 RETURNING generation";
            let generation = transaction.query_row(sql, [], |row| row.get(0))?;
            body(&Changing { transaction, generation })
        })
    }

    pub(super) fn transaction(
        &self,
        body: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<()> {
        let mut writer = self.lock();
        let run = || {
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            body(&transaction)?;
            transaction.commit()
        };
        run().map_err(|source| self.failed(source))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn failed(&self, source: rusqlite::Error) -> Error {
        StoreError::Sqlite { path: self.path.clone(), source }.into()
    }
}

/// A transaction that leads to a generation.
struct Changing<'a> {
    transaction: &'a Transaction<'a>,
    generation: i64,
}

impl Changing<'_> {
    fn put(&self, document: &NewDocument) -> rusqlite::Result<()> {
        let find = "SELECT version FROM documents WHERE path = ?1";
        let before = self
            .transaction
            .prepare_cached(find)?
            .query_row([&document.path], |row| row.get::<_, i64>(0))
            .optional()?;
        if let Some(version) = before {
            self.remove(version as u64)?;
        }
        let version = self.insert(document)?;
        self.rows(version, "INSERT INTO blocks VALUES (?1, ?2)", &document.blocks)?;
        self.rows(version, "INSERT INTO passages VALUES (?1, ?2)", &document.passages)?;
        let frame = blob::encode(&document.frame);
        let sql = "INSERT INTO frames VALUES (?1, ?2)";
        self.transaction.prepare_cached(sql)?.execute(params![version as i64, frame])?;
        self.note(version, true)
    }

    fn insert(&self, document: &NewDocument) -> rusqlite::Result<u64> {
        let Frame { format, meta, pages, warnings } = &document.frame;
        // Plain data: serialising it to JSON cannot fail.
        let json = |value: serde_json::Result<String>| value.unwrap_or_default();
        self.transaction
            .prepare_cached(
                "INSERT INTO documents (path, name, hash, size, modified, revision, pages, blocks,
                 passages, warnings, format, meta) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)",
            )?
            .execute(params![
                document.path,
                document.name,
                document.hash,
                document.size as i64,
                document.modified,
                document.revision,
                pages.len() as i64,
                document.blocks.len() as i64,
                document.passages.len() as i64,
                warnings.len() as i64,
                json(serde_json::to_string(format)),
                json(serde_json::to_string(meta)),
            ])?;
        Ok(self.transaction.last_insert_rowid() as u64)
    }

    fn rows(&self, version: u64, sql: &str, blobs: &[Vec<u8>]) -> rusqlite::Result<()> {
        let mut statement = self.transaction.prepare_cached(sql)?;
        for (ordinal, blob) in blobs.iter().enumerate() {
            statement.execute(params![row_id(version, ordinal as u32), blob])?;
        }
        Ok(())
    }

    fn remove(&self, version: u64) -> rusqlite::Result<()> {
        let range = row_ids(version);
        for sql in [
            "DELETE FROM blocks WHERE id >= ?1 AND id < ?2",
            "DELETE FROM passages WHERE id >= ?1 AND id < ?2",
        ] {
            self.transaction.prepare_cached(sql)?.execute(range)?;
        }
        for sql in
            ["DELETE FROM frames WHERE version = ?1", "DELETE FROM documents WHERE version = ?1"]
        {
            self.transaction.prepare_cached(sql)?.execute([version as i64])?;
        }
        self.note(version, false)
    }

    fn note(&self, version: u64, live: bool) -> rusqlite::Result<()> {
        let sql = "INSERT INTO changes VALUES (?1, ?2, ?3)";
        let mut statement = self.transaction.prepare_cached(sql)?;
        statement.execute(params![self.generation, version as i64, live]).map(drop)
    }
}
