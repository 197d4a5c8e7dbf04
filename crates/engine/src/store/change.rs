//! How the documents change. Each change is one transaction that raises the generation and lists
//! the versions that came, went or were renamed.
//!
//! A document keeps its id when a new content is read at its path, when the file is moved, and when
//! it comes back after it was removed. A content that several documents have is kept and indexed
//! once; it is live as long as one of them is there.

use rusqlite::{OptionalExtension, Transaction, params};

use super::catalogue::{Catalogue, Frame, NewDocument};
use super::schema::{row_id, row_ids};
use super::{blob, json, now};
use crate::error::Result;

/// What happens to what a document was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Its versions stay, and it can be restored.
    Versions,
    /// Nothing of it stays.
    Nothing,
}

impl Catalogue {
    /// Adds documents, each as the next version of what is at its path. One transaction. Of what
    /// waited in the queue only jobs that are still there are written, so that a document that was
    /// removed meanwhile does not come back. `kept` is how many earlier versions stay.
    pub(crate) fn put(&self, documents: &[NewDocument], kept: u32) -> Result<()> {
        self.change(|change| documents.iter().try_for_each(|one| change.put_if_wanted(one, kept)))
    }

    /// Removes documents. One transaction.
    pub(crate) fn remove(&self, documents: &[u64], keep: Keep) -> Result<()> {
        self.change(|change| documents.iter().try_for_each(|one| change.remove(*one, keep)))
    }

    /// Gives documents other paths. One transaction.
    pub(crate) fn rename(&self, documents: &[(u64, String)]) -> Result<()> {
        self.change(|change| {
            documents.iter().try_for_each(|(document, path)| change.rename(*document, path))
        })
    }

    /// Makes a version that a document had its content again, also of one that was removed.
    pub(crate) fn restore(&self, document: u64, version: u64, kept: u32) -> Result<()> {
        self.change(|change| change.show(document, version, kept))
    }

    /// Notes that a file whose time has changed has the same content as before.
    pub(crate) fn touch(&self, document: u64, modified: i64) -> Result<()> {
        let sql = "UPDATE documents SET modified = ?2 WHERE id = ?1";
        let done = self.lock().execute(sql, params![document as i64, modified]);
        self.forget_listing();
        done.map(drop).map_err(|source| self.failed(source))
    }

    pub(super) fn change<T>(
        &self,
        body: impl FnOnce(&Changing<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        self.transaction(|transaction| {
            let sql = "UPDATE state SET generation = generation + 1 RETURNING generation";
            let generation = transaction.query_row(sql, [], |row| row.get(0))?;
            body(&Changing { transaction, generation, now: now() })
        })
    }
}

/// A transaction that leads to a generation.
pub(super) struct Changing<'a> {
    pub(super) transaction: &'a Transaction<'a>,
    pub(super) generation: i64,
    pub(super) now: i64,
}

impl Changing<'_> {
    fn put_if_wanted(&self, new: &NewDocument, kept: u32) -> rusqlite::Result<()> {
        if let Some(job) = new.job
            && !self.is_being_read(job)?
        {
            return Ok(());
        }
        let document = match new.document {
            Some(document) => document,
            None => self.document(new)?,
        };
        let version = match self.twin(new)? {
            Some(version) => version,
            None => self.insert(new)?,
        };
        let sql = "UPDATE documents SET modified = ?2 WHERE id = ?1";
        self.transaction.prepare_cached(sql)?.execute(params![document as i64, new.modified])?;
        self.show(document, version, kept)?;
        match new.job {
            Some(job) if new.document.is_some() => self.finish(job),
            _ => Ok(()),
        }
    }

    /// The document at a path: the one that is there, or was there last, or else a new one.
    fn document(&self, new: &NewDocument) -> rusqlite::Result<u64> {
        let id = match self.at(&new.path)? {
            Some(id) => id,
            None => self.create(&new.path, new.modified)?,
        };
        Ok(id as u64)
    }

    /// A new document, of which nothing was read yet.
    pub(super) fn create(&self, path: &str, modified: i64) -> rusqlite::Result<i64> {
        let sql = "INSERT INTO documents (path, name, modified, added)
            VALUES (?1, ?2, ?3, ?4) RETURNING id";
        let values = params![path, super::name_of(path), modified, self.now];
        self.transaction.prepare_cached(sql)?.query_row(values, |row| row.get(0))
    }

    /// The id of the document that is at a path or was there last.
    pub(super) fn at(&self, path: &str) -> rusqlite::Result<Option<i64>> {
        let sql = "SELECT id FROM documents WHERE path = ?1
            ORDER BY removed IS NOT NULL, removed DESC, id LIMIT 1";
        self.transaction.prepare_cached(sql)?.query_row([path], |row| row.get(0)).optional()
    }

    /// A version of the same content, read alike.
    fn twin(&self, new: &NewDocument) -> rusqlite::Result<Option<u64>> {
        let sql = "SELECT version, format, meta, passages FROM versions
            WHERE hash = ?1 AND revision = ?2 ORDER BY version";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let mut rows = statement.query(params![new.hash, new.revision])?;
        while let Some(row) = rows.next()? {
            let alike = row.get::<_, String>(1)? == json(&new.frame.format)
                && row.get::<_, String>(2)? == json(&new.frame.meta)
                && row.get::<_, i64>(3)? == new.passages.len() as i64;
            if alike {
                return row.get::<_, i64>(0).map(|version| Some(version as u64));
            }
        }
        Ok(None)
    }

    fn insert(&self, new: &NewDocument) -> rusqlite::Result<u64> {
        let Frame { format, meta, pages, warnings } = &new.frame;
        self.transaction
            .prepare_cached(
                "INSERT INTO versions (hash, size, revision, pages, blocks, passages, warnings,
                 format, meta) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                new.hash,
                new.size as i64,
                new.revision,
                pages.len() as i64,
                new.blocks.len() as i64,
                new.passages.len() as i64,
                warnings.len() as i64,
                json(format),
                json(meta),
            ])?;
        let version = self.transaction.last_insert_rowid() as u64;
        self.rows(version, "INSERT INTO blocks VALUES (?1, ?2)", &new.blocks)?;
        self.rows(version, "INSERT INTO passages VALUES (?1, ?2)", &new.passages)?;
        let frame = blob::encode(&new.frame);
        let sql = "INSERT INTO frames VALUES (?1, ?2)";
        self.transaction.prepare_cached(sql)?.execute(params![version as i64, frame])?;
        Ok(version)
    }

    fn rows(&self, version: u64, sql: &str, blobs: &[Vec<u8>]) -> rusqlite::Result<()> {
        let mut statement = self.transaction.prepare_cached(sql)?;
        for (ordinal, blob) in blobs.iter().enumerate() {
            statement.execute(params![row_id(version, ordinal as u32), blob])?;
        }
        Ok(())
    }

    /// Lets a document have a version from now on.
    fn show(&self, document: u64, version: u64, kept: u32) -> rusqlite::Result<()> {
        let (document, version) = (document as i64, version as i64);
        let sql = "SELECT version FROM documents WHERE id = ?1";
        let before: Option<i64> =
            self.transaction.prepare_cached(sql)?.query_row([document], |row| row.get(0))?;
        let sql = "UPDATE documents SET version = ?2, removed = NULL WHERE id = ?1";
        self.transaction.prepare_cached(sql)?.execute(params![document, version])?;
        match before {
            // Read again by another reader: not another content.
            Some(before) if before != version && self.same_content(before, version)? => {
                let sql = "UPDATE history SET version = ?3 WHERE document = ?1 AND version = ?2";
                let values = params![document, before, version];
                self.transaction.prepare_cached(sql)?.execute(values)?;
            }
            _ => {}
        }
        let sql = "SELECT 1 FROM history WHERE document = ?1 AND version = ?2 AND until IS NULL";
        if !self.transaction.prepare_cached(sql)?.exists(params![document, version])? {
            self.close(document)?;
            let sql = "INSERT INTO history VALUES (?1, ?2, ?3, NULL)";
            let values = params![document, version, self.now];
            self.transaction.prepare_cached(sql)?.execute(values)?;
        }
        self.note(version)?;
        if let Some(before) = before.filter(|before| *before != version) {
            self.note(before)?;
            self.forget_if_unused(before)?;
        }
        self.trim(document, kept)
    }

    fn same_content(&self, one: i64, other: i64) -> rusqlite::Result<bool> {
        let sql = "SELECT 1 FROM versions a JOIN versions b ON a.hash = b.hash
            WHERE a.version = ?1 AND b.version = ?2";
        self.transaction.prepare_cached(sql)?.exists([one, other])
    }

    /// What a document had until now is past.
    fn close(&self, document: i64) -> rusqlite::Result<()> {
        let sql = "UPDATE history SET until = ?2 WHERE document = ?1 AND until IS NULL";
        self.transaction.prepare_cached(sql)?.execute(params![document, self.now]).map(drop)
    }

    /// Forgets all but the latest so many past versions of a document.
    fn trim(&self, document: i64, kept: u32) -> rusqlite::Result<()> {
        let sql = "SELECT rowid, version FROM history WHERE document = ?1 AND until IS NOT NULL
            ORDER BY until DESC, rowid DESC LIMIT -1 OFFSET ?2";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let surplus = statement.query_map(params![document, kept], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        })?;
        for (row, version) in surplus.collect::<rusqlite::Result<Vec<_>>>()? {
            self.transaction.execute("DELETE FROM history WHERE rowid = ?1", [row])?;
            self.forget_if_unused(version)?;
        }
        Ok(())
    }

    fn remove(&self, document: u64, keep: Keep) -> rusqlite::Result<()> {
        let document = document as i64;
        let sql = "SELECT version FROM documents WHERE id = ?1";
        let version: Option<Option<i64>> = self
            .transaction
            .prepare_cached(sql)?
            .query_row([document], |row| row.get(0))
            .optional()?;
        let Some(version) = version else { return Ok(()) };
        self.transaction.execute("DELETE FROM queue WHERE document = ?1", [document])?;
        if keep == Keep::Versions && version.is_some() {
            let sql = "UPDATE documents SET removed = ?2 WHERE id = ?1 AND removed IS NULL";
            self.transaction.execute(sql, params![document, self.now])?;
            self.close(document)?;
        } else {
            self.transaction.execute("DELETE FROM documents WHERE id = ?1", [document])?;
            let had = "SELECT DISTINCT version FROM history WHERE document = ?1";
            let mut statement = self.transaction.prepare_cached(had)?;
            let had = statement.query_map([document], |row| row.get::<_, i64>(0))?;
            let had = had.collect::<rusqlite::Result<Vec<_>>>()?;
            self.transaction.execute("DELETE FROM history WHERE document = ?1", [document])?;
            had.into_iter().try_for_each(|version| self.forget_if_unused(version))?;
        }
        version.map_or(Ok(()), |version| self.note(version))
    }

    fn rename(&self, document: u64, path: &str) -> rusqlite::Result<()> {
        let sql = "UPDATE documents SET path = ?2, name = ?3 WHERE id = ?1 RETURNING version";
        let values = params![document as i64, path, super::name_of(path)];
        let version: Option<i64> =
            self.transaction.prepare_cached(sql)?.query_row(values, |row| row.get(0))?;
        version.map_or(Ok(()), |version| self.note(version))
    }

    /// Deletes a version that no document has or had.
    fn forget_if_unused(&self, version: i64) -> rusqlite::Result<()> {
        let sql = "SELECT 1 FROM documents WHERE version = ?1
            UNION ALL SELECT 1 FROM history WHERE version = ?1";
        if self.transaction.prepare_cached(sql)?.exists([version])? {
            return Ok(());
        }
        let range = row_ids(version as u64);
        for sql in [
            "DELETE FROM blocks WHERE id >= ?1 AND id < ?2",
            "DELETE FROM passages WHERE id >= ?1 AND id < ?2",
        ] {
            self.transaction.prepare_cached(sql)?.execute(range)?;
        }
        for sql in
            ["DELETE FROM frames WHERE version = ?1", "DELETE FROM versions WHERE version = ?1"]
        {
            self.transaction.prepare_cached(sql)?.execute([version])?;
        }
        Ok(())
    }

    /// Lists a version as changed, for the indexes to follow.
    fn note(&self, version: i64) -> rusqlite::Result<()> {
        let live = "SELECT 1 FROM documents WHERE version = ?1 AND removed IS NULL";
        let live = self.transaction.prepare_cached(live)?.exists([version])?;
        let sql = "INSERT INTO changes VALUES (?1, ?2, ?3)";
        let mut statement = self.transaction.prepare_cached(sql)?;
        statement.execute(params![self.generation, version, live]).map(drop)
    }
}
