//! The catalogue: which documents exist. Here it is opened and its transactions are made; `change`
//! says what they may do, `queue` what waits to be read, `reader` and `history` what is read.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use yuanwen_parse::{Block, Document, Format, Metadata, Page, Warning};

use super::StoreError;
use super::blob::encode;
use super::originals::ContentHash;
use super::reader::Listing;
use super::schema::connect;
use crate::error::{Error, Result};
use crate::passage::Passage;
use crate::retrieve::Prepared;

/// The SQLite catalogue of a knowledge base.
pub struct Catalogue {
    pub(super) path: PathBuf,
    writer: Mutex<Connection>,
    /// Connections that no reader uses at the moment.
    pub(super) idle: Mutex<Vec<Connection>>,
    pub(super) listing: Mutex<Option<Arc<Listing>>>,
    /// Passages that questions looked at lately.
    pub(super) passages: Cache<(u64, u32), Arc<Prepared>, Weigh>,
    /// Where the blocks of documents begin that were cited lately.
    pub(super) begins: Cache<u64, Arc<Vec<usize>>>,
}

/// So many of them are kept.
const CITED: usize = 64;

/// How much memory passages that were looked at lately may take, in bytes.
const KEPT: u64 = 96 << 20;

/// What a passage takes of that.
#[derive(Clone)]
pub(super) struct Weigh;

impl Weighter<(u64, u32), Arc<Prepared>> for Weigh {
    fn weight(&self, _: &(u64, u32), passage: &Arc<Prepared>) -> u64 {
        passage.bytes()
    }
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
    /// Which document it is; `None` for the one at the path.
    pub(crate) document: Option<u64>,
    /// The job of the queue that it comes from.
    pub(crate) job: Option<u64>,
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
        let writer = connect(&path, create)?;
        Ok(Self::with(path, writer))
    }

    fn with(path: PathBuf, writer: Connection) -> Self {
        // What a usual passage weighs tells how many there may be.
        let passages = Cache::with_weighter((KEPT / 16_384) as usize, KEPT, Weigh);
        let (writer, idle, listing) = (Mutex::new(writer), Mutex::default(), Mutex::default());
        Self { path, writer, idle, listing, passages, begins: Cache::new(CITED) }
    }

    /// Opens a copy of a catalogue.
    pub(crate) fn open_file(path: &Path) -> Result<Self> {
        Ok(Self::with(path.to_owned(), connect(path, false)?))
    }

    /// Writes a copy as it is at this moment to a new file.
    pub(crate) fn snapshot(&self, to: &Path) -> Result<()> {
        let name = to.to_string_lossy();
        self.read(|connection| connection.execute("VACUUM INTO ?1", [&*name]).map(drop))
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

    pub(super) fn transaction<T>(
        &self,
        body: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let mut writer = self.lock();
        let run = || {
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = body(&transaction)?;
            transaction.commit().map(|()| value)
        };
        run().map_err(|source| self.failed(source))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn failed(&self, source: rusqlite::Error) -> Error {
        StoreError::Sqlite { path: self.path.clone(), source }.into()
    }
}
