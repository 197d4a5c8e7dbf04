//! What is read from the catalogue.
//!
//! Any number of threads read at once, each on a connection of its own. The list of documents is
//! kept between questions for as long as the generation stays the same.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock, PoisonError};

use rusqlite::{Connection, OptionalExtension, Row};
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use yuanwen_parse::{Block, Document, Format, Metadata};

use super::blob::decode;
use super::catalogue::{Catalogue, Frame};
use super::originals::ContentHash;
use super::schema::{connect, row_id, row_ids};
use super::{StoreError, hex};
use crate::error::Result;
use crate::passage::Passage;
use crate::retrieve::{Listed, Names, Passages, Prepared, Stored};

/// A document as the catalogue lists it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// The id of the document; it stays when the content or the path changes.
    pub document: u64,
    /// The id of its content as it was read; never used again for another.
    pub version: u64,
    /// Where the file was read, with all links resolved.
    pub path: String,
    /// The file's name without its extension.
    #[serde(serialize_with = "shared")]
    pub name: Arc<str>,
    /// The hash of its content.
    #[serde(serialize_with = "as_hex")]
    pub hash: ContentHash,
    /// Its size in bytes.
    pub size: u64,
    /// When the file was last changed, in nanoseconds since 1970.
    pub modified: i64,
    /// When it was added, in milliseconds since 1970.
    pub added: i64,
    /// Which revision of the reader read it.
    #[serde(skip)]
    pub revision: u32,
    /// Its format.
    pub format: Format,
    /// How many pages it has; 0 for formats without pages.
    pub pages: u32,
    /// How many blocks were read.
    pub blocks: u32,
    /// How many passages can be searched.
    pub passages: u32,
    /// How many warnings there are about it.
    pub warnings: u32,
    /// What it says about itself.
    #[serde(serialize_with = "shared")]
    pub meta: Arc<Metadata>,
}

pub(super) fn as_hex<S: Serializer>(
    hash: &ContentHash,
    to: S,
) -> std::result::Result<S::Ok, S::Error> {
    to.serialize_str(&hex(hash))
}

fn shared<T, S>(value: &Arc<T>, to: S) -> std::result::Result<S::Ok, S::Error>
where
    T: Serialize + ?Sized,
    S: Serializer,
{
    T::serialize(value, to)
}

/// All documents at one generation.
pub(super) struct Listing {
    generation: u64,
    entries: Vec<Entry>,
    /// Where each version is in `entries`; of several documents with it the first.
    at: HashMap<u64, usize>,
    /// What names each document, taken apart when it is first asked for.
    names: Vec<OnceLock<Arc<Names>>>,
}

impl Listing {
    /// What names a document.
    fn names(&self, at: usize) -> Arc<Names> {
        let entry = &self.entries[at];
        let names = || Arc::new(Names::new(&entry.meta, &entry.name));
        Arc::clone(self.names[at].get_or_init(names))
    }

    /// Each version once, with the first document that has it.
    fn live(&self) -> impl Iterator<Item = &Entry> {
        let first = |(at, entry): &(usize, &Entry)| self.at.get(&entry.version) == Some(at);
        self.entries.iter().enumerate().filter(first).map(|(_, entry)| entry)
    }
}

impl Catalogue {
    /// The generation: it rises with each change of the documents.
    pub fn generation(&self) -> Result<u64> {
        self.read(generation)
    }

    /// All documents, by path.
    pub fn entries(&self) -> Result<Vec<Entry>> {
        Ok(self.listing()?.entries.clone())
    }

    /// All versions that are searched, each with the first document that has it.
    pub(crate) fn live(&self) -> Result<Vec<Entry>> {
        let listing = self.listing()?;
        Ok(listing.live().cloned().collect())
    }

    /// The documents that have a version, by path.
    pub(crate) fn with_version(&self, version: u64) -> Result<Vec<Entry>> {
        let listing = self.listing()?;
        let Some(first) = listing.at.get(&version) else { return Ok(Vec::new()) };
        let rest = listing.entries[*first..].iter();
        Ok(rest.filter(|entry| entry.version == version).cloned().collect())
    }

    /// A document as it was read; `None` if it is no longer there.
    pub fn document(&self, version: u64) -> Result<Option<Document>> {
        let Some(frame) = self.frame(version)? else { return Ok(None) };
        let sql = "SELECT block FROM blocks WHERE id >= ?1 AND id < ?2 ORDER BY id";
        let blocks = self.read(|connection| blobs(connection, sql, version))?;
        let Frame { format, meta, pages, warnings } = frame;
        let blocks = blocks.iter().map(|blob| decoded(blob, "block", version));
        let blocks = blocks.collect::<Result<_>>()?;
        Ok(Some(Document { format, meta, pages, blocks, warnings, members: Vec::new() }))
    }

    /// A document without its blocks; `None` if it is no longer there.
    pub(crate) fn frame(&self, version: u64) -> Result<Option<Frame>> {
        let blob = self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT frame FROM frames WHERE version = ?1")?;
            statement.query_row([version as i64], |row| row.get::<_, Vec<u8>>(0)).optional()
        })?;
        blob.map(|blob| decoded(&blob, "document", version)).transpose()
    }

    /// One block of a document; `None` if it is no longer there.
    pub fn block(&self, version: u64, index: u32) -> Result<Option<Block>> {
        let blob = self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT block FROM blocks WHERE id = ?1")?;
            statement.query_row([row_id(version, index)], |row| row.get::<_, Vec<u8>>(0)).optional()
        })?;
        blob.map(|blob| decoded(&blob, "block", version)).transpose()
    }

    /// At which character of a document's text each of its blocks begins, a line feed between them.
    /// Kept for the documents that were cited lately: it takes reading all of one.
    pub(crate) fn begins(&self, version: u64) -> Result<Arc<Vec<usize>>> {
        if let Some(known) = self.begins.get(&version) {
            return Ok(known);
        }
        let sql = "SELECT block FROM blocks WHERE id >= ?1 AND id < ?2 ORDER BY id";
        let blobs = self.read(|connection| blobs(connection, sql, version))?;
        let mut begins = Vec::with_capacity(blobs.len());
        let mut at = 0;
        for blob in &blobs {
            begins.push(at);
            at += decoded::<Block>(blob, "block", version)?.text.chars().count() + 1;
        }
        let begins = Arc::new(begins);
        self.begins.insert(version, Arc::clone(&begins));
        Ok(begins)
    }

    /// A passage, taken apart; `None` if there is none. A version's passages never change.
    fn prepared(&self, version: u64, ordinal: u32) -> Result<Option<Arc<Prepared>>> {
        if let Some(known) = self.passages.get(&(version, ordinal)) {
            return Ok(Some(known));
        }
        let blob = self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT passage FROM passages WHERE id = ?1")?;
            let row = row_id(version, ordinal);
            statement.query_row([row], |row| row.get::<_, Vec<u8>>(0)).optional()
        })?;
        let Some(blob) = blob else { return Ok(None) };
        let prepared = Arc::new(Prepared::new(decoded(&blob, "passage", version)?));
        self.passages.insert((version, ordinal), Arc::clone(&prepared));
        Ok(Some(prepared))
    }

    /// All passages of a document, in order.
    pub(crate) fn passages(&self, version: u64) -> Result<Vec<Passage>> {
        let sql = "SELECT passage FROM passages WHERE id >= ?1 AND id < ?2 ORDER BY id";
        let blobs = self.read(|connection| blobs(connection, sql, version))?;
        blobs.iter().map(|blob| decoded(blob, "passage", version)).collect()
    }

    /// The first document that has a version; `None` if there is none any more.
    pub(crate) fn entry(&self, version: u64) -> Result<Option<Entry>> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached(&format!("{ENTRIES} AND version = ?1 ORDER BY path LIMIT 1"))?;
            statement.query_row([version as i64], entry).optional()
        })
    }

    /// The documents that go by a name: a path, a file name, or that without its extension. An
    /// exact path counts alone.
    pub fn resolve(&self, called: &str) -> Result<Vec<Entry>> {
        let listing = self.listing()?;
        let canonical = std::fs::canonicalize(called).ok();
        let entries = || listing.entries.iter();
        let by_path = |entry: &&Entry| {
            entry.path == called || canonical.as_deref() == Some(Path::new(&entry.path))
        };
        if let Some(entry) = entries().find(by_path) {
            return Ok(vec![entry.clone()]);
        }
        let by_name = |entry: &&Entry| {
            let file = Path::new(&entry.path).file_name().and_then(|name| name.to_str());
            &*entry.name == called || file == Some(called)
        };
        Ok(entries().filter(by_name).cloned().collect())
    }

    pub(super) fn read<T>(
        &self,
        body: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let spare = idle().pop();
        let connection = match spare {
            Some(connection) => connection,
            None => connect(&self.path, false)?,
        };
        let value = body(&connection).map_err(|source| self.failed(source))?;
        idle().push(connection);
        Ok(value)
    }

    fn listing(&self) -> Result<Arc<Listing>> {
        let now = self.generation()?;
        let mut kept = self.listing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listing) = kept.as_ref().filter(|listing| listing.generation == now) {
            return Ok(Arc::clone(listing));
        }
        let listing = Arc::new(self.read(read_listing)?);
        *kept = Some(Arc::clone(&listing));
        Ok(listing)
    }

    /// Forgets the kept list, after a change that no generation tells of.
    pub(super) fn forget_listing(&self) {
        *self.listing.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Passages for Catalogue {
    /// In the order of paths, whatever was asked for first: documents of the same name then stand
    /// in an order that does not depend on when they were added.
    fn load(&self, wanted: &[(u64, u32)]) -> Result<Vec<Stored>> {
        let listing = self.listing()?;
        let at = |&(version, ordinal): &(u64, u32)| Some((*listing.at.get(&version)?, ordinal));
        let mut wanted: Vec<(usize, u32)> = wanted.iter().filter_map(at).collect();
        wanted.sort_unstable();
        let mut stored = Vec::with_capacity(wanted.len());
        for (at, ordinal) in wanted {
            let entry = &listing.entries[at];
            if let Some(passage) = self.prepared(entry.version, ordinal)? {
                stored.push(Stored {
                    version: entry.version,
                    name: Arc::clone(&entry.name),
                    meta: Arc::clone(&entry.meta),
                    names: listing.names(at),
                    passage,
                });
            }
        }
        Ok(stored)
    }

    fn documents(&self) -> Result<Vec<Listed>> {
        let listed = |entry: &Entry| Listed {
            version: entry.version,
            name: Arc::clone(&entry.name),
            meta: Arc::clone(&entry.meta),
        };
        Ok(self.listing()?.live().map(listed).collect())
    }
}

fn generation(connection: &Connection) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached("SELECT generation FROM state")?;
    statement.query_row([], |row| row.get::<_, i64>(0)).map(|generation| generation as u64)
}

fn blobs(connection: &Connection, sql: &str, version: u64) -> rusqlite::Result<Vec<Vec<u8>>> {
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_map(row_ids(version), |row| row.get(0))?.collect()
}

fn decoded<T: DeserializeOwned>(blob: &[u8], what: &'static str, version: u64) -> Result<T> {
    decode(blob).ok_or_else(|| StoreError::Damaged { what, version }.into())
}

/// Reads the list and its generation from one snapshot.
fn read_listing(connection: &Connection) -> rusqlite::Result<Listing> {
    let snapshot = connection.unchecked_transaction()?;
    let generation = generation(&snapshot)?;
    let mut statement = snapshot.prepare_cached(&format!("{ENTRIES} ORDER BY path"))?;
    let entries: Vec<Entry> = statement.query_map([], entry)?.collect::<rusqlite::Result<_>>()?;
    let at = entries.iter().enumerate().rev().map(|(at, entry)| (entry.version, at)).collect();
    let names = entries.iter().map(|_| OnceLock::new()).collect();
    Ok(Listing { generation, entries, at, names })
}

/// The columns that [`entry`] takes.
const ENTRIES: &str = "SELECT id, version, path, name, hash, size, modified, added, revision,
    format, pages, blocks, passages, warnings, meta FROM documents JOIN versions USING (version)
    WHERE removed IS NULL";

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let json = |column: usize| row.get::<_, String>(column);
    Ok(Entry {
        document: row.get::<_, i64>(0)? as u64,
        version: row.get::<_, i64>(1)? as u64,
        path: row.get(2)?,
        name: row.get::<_, String>(3)?.into(),
        hash: row.get(4)?,
        size: row.get::<_, i64>(5)? as u64,
        modified: row.get(6)?,
        added: row.get(7)?,
        revision: row.get(8)?,
        format: serde_json::from_str(&json(9)?).unwrap_or_default(),
        pages: row.get(10)?,
        blocks: row.get(11)?,
        passages: row.get(12)?,
        warnings: row.get(13)?,
        meta: Arc::new(serde_json::from_str(&json(14)?).unwrap_or_default()),
    })
}
