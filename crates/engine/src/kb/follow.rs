//! The index follows the catalogue.
//!
//! There is one road into the index: the catalogue's list of changes after the generation that
//! the index has reached. Adding files takes it while they are read, opening takes it after a
//! run that was cut short. Where the list does not reach back far enough (an index that was
//! emptied, deleted or written for another catalogue) the index is made anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::KnowledgeBase;
use crate::error::{Error, Result};
use crate::index::Lexical;
use crate::store::{Catalogue, StoreError, WriteLock};

/// Opens the index of a knowledge base, caught up with the catalogue.
///
/// While somebody else changes the knowledge base the index may be behind; what it lacks then is
/// found a little later, and what it has too much is left out by the catalogue.
pub(super) fn open(dir: &Path, catalogue: &Catalogue) -> Result<Lexical> {
    let folder = dir.join("index");
    let lexical = Lexical::open(&folder)?;
    if lexical.generation()? == catalogue.generation()? {
        return Ok(lexical);
    }
    let _lock = match WriteLock::take(dir) {
        Err(Error::Store(StoreError::Busy { .. })) => return Ok(lexical),
        lock => lock?,
    };
    catch_up(&folder, lexical, catalogue)
}

fn catch_up(folder: &Path, lexical: Lexical, catalogue: &Catalogue) -> Result<Lexical> {
    let reached = lexical.generation()?;
    match follow(&lexical, catalogue, reached)? {
        Some(reached) => {
            lexical.commit(reached)?;
            catalogue.forget_changes(reached)?;
            Ok(lexical)
        }
        None => rebuild(folder, lexical, catalogue),
    }
}

/// Makes the index anew from the catalogue.
pub(super) fn rebuild(folder: &Path, old: Lexical, catalogue: &Catalogue) -> Result<Lexical> {
    drop(old);
    fs::remove_dir_all(folder).map_err(|source| Error::io(folder, source))?;
    let lexical = Lexical::open(folder)?;
    let generation = catalogue.generation()?;
    for entry in catalogue.entries()? {
        lexical.add(
            entry.version,
            &entry.name,
            &entry.meta,
            &catalogue.passages(entry.version)?,
        )?;
    }
    lexical.commit(generation)?;
    catalogue.forget_changes(generation)?;
    Ok(lexical)
}

/// Takes over the changes after a generation, without a commit; gives the generation reached, or
/// `None` if the catalogue no longer knows the changes.
pub(super) fn follow(
    lexical: &Lexical,
    catalogue: &Catalogue,
    reached: u64,
) -> Result<Option<u64>> {
    let Some((changes, now)) = catalogue.changes_since(reached)? else { return Ok(None) };
    let last: BTreeMap<u64, bool> =
        changes.into_iter().map(|change| (change.version, change.live)).collect();
    for (version, live) in last {
        // Also before adding: an earlier attempt may have failed half-way.
        lexical.remove(version)?;
        if let Some(entry) = catalogue.entry(version)?.filter(|_| live) {
            lexical.add(version, &entry.name, &entry.meta, &catalogue.passages(version)?)?;
        }
    }
    Ok(Some(now))
}

impl KnowledgeBase {
    /// Brings the index to the catalogue's generation and makes that durable. Needs the lock.
    pub(super) fn follow_and_commit(&self) -> Result<()> {
        let reached = self.lexical.generation()?;
        if reached == self.catalogue.generation()? {
            return Ok(());
        }
        match follow(&self.lexical, &self.catalogue, reached)? {
            Some(reached) => {
                self.lexical.commit(reached)?;
                self.catalogue.forget_changes(reached)
            }
            // The next opening makes the index anew.
            None => Ok(()),
        }
    }
}
