//! The right to change a knowledge base, and the steps in which it changes.
//!
//! One process at a time has the right; its threads share it. Each step (a transaction and what
//! follows it into the indexes) is made by one thread at a time, so that a removal waits for a
//! step of a long run of adding and not for the run.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::KnowledgeBase;
use super::follow::follow;
use crate::error::Result;
use crate::store::{ContentHash, Keep, NewDocument, WriteLock};

/// A transaction takes at most this many documents, or this many bytes of them.
const MOST_DOCUMENTS: usize = 16;
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// What the threads that change a knowledge base share.
#[derive(Default)]
pub(super) struct Changes {
    lock: Mutex<Weak<WriteLock>>,
    /// The generation that the index has followed to without a commit; `None` for that of its
    /// last commit.
    step: Mutex<Option<u64>>,
    /// Contents that may be held no more, while nothing may be deleted.
    pub(super) spared: Mutex<Spared>,
    /// Held by the thread that reads what waits in the queue.
    pub(super) reading: Mutex<()>,
}

/// Originals stay while a backup copies them.
#[derive(Default)]
pub(super) struct Spared {
    pub(super) backups: usize,
    pub(super) hashes: Vec<ContentHash>,
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The right to change a knowledge base, with what is about to be written.
pub(super) struct Writing<'a> {
    pub(super) kb: &'a KnowledgeBase,
    _lock: Arc<WriteLock>,
    /// Documents that wait for the next transaction.
    batch: Vec<NewDocument>,
    /// Contents that documents may no longer have.
    pub(super) left: Vec<ContentHash>,
}

impl KnowledgeBase {
    /// Takes the right to change it.
    ///
    /// # Errors
    /// If another process has it.
    pub(super) fn writing(&self) -> Result<Writing<'_>> {
        let mut shared = locked(&self.changes.lock);
        let lock = match shared.upgrade() {
            Some(lock) => lock,
            None => {
                let lock = Arc::new(WriteLock::take(&self.dir)?);
                *shared = Arc::downgrade(&lock);
                lock
            }
        };
        Ok(Writing { kb: self, _lock: lock, batch: Vec::new(), left: Vec::new() })
    }

    /// How many past versions of a document stay.
    pub(super) fn kept(&self) -> Result<u32> {
        Ok(self.retention()?.versions)
    }
}

impl Writing<'_> {
    /// Writes a document, with others when there are enough.
    pub(super) fn put(&mut self, document: NewDocument) -> Result<()> {
        self.batch.push(document);
        let bytes: usize = self.batch.iter().map(NewDocument::bytes).sum();
        if self.batch.len() >= MOST_DOCUMENTS || bytes >= MOST_BYTES {
            self.write()?;
        }
        Ok(())
    }

    /// Writes what waits to the catalogue, and lets the indexes follow without a commit.
    pub(super) fn write(&mut self) -> Result<()> {
        let mut step = locked(&self.kb.changes.step);
        if !self.batch.is_empty() {
            let kept = self.kb.kept()?;
            let batch = std::mem::take(&mut self.batch);
            self.kb.catalogue.put(&batch, kept)?;
        }
        let done = self.follow(&mut step);
        self.or_undo(&mut step, done)
    }

    /// Removes a document and those that were read of files inside it. They are gone once this
    /// returns.
    pub(super) fn remove(self, path: &str, document: u64, keep: Keep) -> Result<()> {
        let inside = self.kb.catalogue.inside(path)?;
        let mut gone: Vec<u64> = inside.iter().map(|known| known.document).collect();
        gone.push(document);
        self.remove_all(&gone, keep)
    }

    /// Removes documents. They are gone once this returns.
    pub(super) fn remove_all(mut self, documents: &[u64], keep: Keep) -> Result<()> {
        let catalogue = &self.kb.catalogue;
        self.kb.in_a_step(|| {
            for document in documents {
                let had = catalogue.history(*document)?;
                self.left.extend(had.into_iter().map(|version| version.hash));
                self.left.extend(catalogue.job_of(*document)?.map(|job| job.hash));
            }
            catalogue.remove(documents, keep)
        })?;
        self.finish()
    }

    /// Gives documents other paths, with those that were read of files inside them; gives the ids.
    pub(super) fn rename(self, documents: &[(u64, &str, &str)]) -> Result<Vec<u64>> {
        let mut renamed = Vec::new();
        for (document, from, to) in documents {
            renamed.push((*document, (*to).to_owned()));
            for known in self.kb.catalogue.inside(from)? {
                renamed.push((known.document, format!("{to}{}", &known.path[from.len()..])));
            }
        }
        let ids = renamed.iter().map(|(document, _)| *document).collect();
        self.change(|kb| kb.catalogue.rename(&renamed)).map(|()| ids)
    }

    /// Makes a change of the catalogue alone, and lets the indexes follow it.
    pub(super) fn change(self, change: impl FnOnce(&KnowledgeBase) -> Result<()>) -> Result<()> {
        self.kb.in_a_step(|| change(self.kb))?;
        self.finish()
    }

    /// Commits the indexes, and deletes what nobody has any more.
    pub(super) fn finish(mut self) -> Result<()> {
        self.write()?;
        {
            let mut step = locked(&self.kb.changes.step);
            let done = self.follow(&mut step).and_then(|()| self.commit(*step));
            self.or_undo(&mut step, done)?;
            *step = None;
        }
        let left = std::mem::take(&mut self.left);
        self.kb.forget_originals(&left)
    }

    fn commit(&self, reached: Option<u64>) -> Result<()> {
        match reached {
            Some(reached) if reached != self.kb.index.generation()? => {
                self.kb.index.commit(reached)?;
                self.kb.catalogue.forget_changes(reached)
            }
            _ => Ok(()),
        }
    }

    /// After a failure the indexes begin again from their last commit: the catalogue knows what
    /// has changed since.
    fn or_undo(&self, step: &mut Option<u64>, done: Result<()>) -> Result<()> {
        if done.is_err() {
            *step = None;
            self.kb.index.undo();
        }
        done
    }

    /// Takes over what the catalogue has changed.
    fn follow(&self, step: &mut Option<u64>) -> Result<()> {
        let kb = self.kb;
        let reached = match *step {
            Some(reached) => reached,
            None => kb.index.generation()?,
        };
        if reached != kb.catalogue.generation()? {
            *step = Some(follow(&kb.index, &kb.catalogue, reached)?);
        }
        Ok(())
    }
}

impl KnowledgeBase {
    /// Deletes originals that no version and no job has any more.
    fn forget_originals(&self, hashes: &[ContentHash]) -> Result<()> {
        if hashes.is_empty() {
            return Ok(());
        }
        // Nothing is accepted meanwhile.
        let _step = locked(&self.changes.step);
        let mut spared = locked(&self.changes.spared);
        if spared.backups > 0 {
            spared.hashes.extend_from_slice(hashes);
            return Ok(());
        }
        let hashes: HashSet<&ContentHash> = hashes.iter().collect();
        for hash in hashes {
            if !self.catalogue.holds(hash)? {
                self.originals.forget(hash)?;
            }
        }
        Ok(())
    }

    /// Deletes what was spared, once nobody copies any more.
    pub(super) fn forget_spared(&self) -> Result<()> {
        let hashes = {
            let mut spared = locked(&self.changes.spared);
            spared.backups = spared.backups.saturating_sub(1);
            if spared.backups > 0 { Vec::new() } else { std::mem::take(&mut spared.hashes) }
        };
        self.forget_originals(&hashes)
    }

    /// Keeps changes out while something is done.
    pub(super) fn in_a_step<T>(&self, body: impl FnOnce() -> Result<T>) -> Result<T> {
        let _step = locked(&self.changes.step);
        body()
    }
}
