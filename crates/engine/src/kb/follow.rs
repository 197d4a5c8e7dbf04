//! The indexes follow the catalogue.
//!
//! There is one road into the indexes: the catalogue's list of changes after the generation that
//! they have reached. Adding files takes it while they are read, opening takes it after a
//! run that was cut short. Where the list does not reach back far enough (an index that was
//! emptied, deleted or written for another catalogue) both are made anew. Vectors that are not as
//! far as the full-text index (missing, damaged, of another model) are completed by what the
//! catalogue has: a version's number is never used twice, so its vectors are right wherever they
//! are found.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::models;
use crate::error::{Error, Result};
use crate::index::Index;
use crate::store::{Catalogue, Entry, StoreError, WriteLock};
use crate::vectors::{Made, Vectors};

/// After so many passages the vectors made are kept.
const KEPT: usize = 4096;

/// Opens the indexes of a knowledge base, caught up with the catalogue.
///
/// While somebody else changes the knowledge base they may be behind; what they lack then is
/// found a little later, and what they have too much is left out by the catalogue.
pub(super) fn open(dir: &Path, catalogue: &Catalogue) -> Result<Index> {
    let index = opened(dir, catalogue)?;
    let now = catalogue.generation()?;
    if now == 0 {
        // What lies there is of another catalogue.
        index.vectors.clear();
        index.vectors.forget_others();
    }
    let has_words = index.generation()? == now;
    if has_words && index.vectors.generation() == now {
        return Ok(index);
    }
    let _lock = match WriteLock::take(dir) {
        Err(Error::Store(StoreError::Busy { .. })) => return Ok(index),
        // A folder that cannot be written is searched by words alone.
        Err(_) if has_words => return Ok(index),
        lock => lock?,
    };
    match catch_up(&index, catalogue) {
        // Derived data that cannot be brought up to date is made anew.
        Err(Error::Index(_)) => {
            drop(index);
            let folder = dir.join("index");
            fs::remove_dir_all(&folder).map_err(|source| Error::io(&folder, source))?;
            let index = opened(dir, catalogue)?;
            catch_up(&index, catalogue)?;
            Ok(index)
        }
        done => done.map(|()| index),
    }
}

fn opened(dir: &Path, catalogue: &Catalogue) -> Result<Index> {
    let (embedder, reranker) = models::chosen(catalogue)?;
    Index::open(dir, embedder, reranker)
}

fn catch_up(index: &Index, catalogue: &Catalogue) -> Result<()> {
    let reached = follow(index, catalogue, index.generation()?)?;
    index.commit(reached)?;
    catalogue.forget_changes(reached)
}

/// Makes the indexes anew from the catalogue, without a commit; gives the generation reached.
pub(super) fn rebuild(index: &Index, catalogue: &Catalogue) -> Result<u64> {
    let generation = catalogue.generation()?;
    let all = catalogue.live()?;
    index.clear()?;
    index.vectors.expect(all.iter().map(|entry| entry.passages as usize).sum());
    for entry in all {
        index.add(entry.version, &entry.name, &entry.meta, &catalogue.passages(entry.version)?)?;
    }
    index.vectors.reach(generation);
    Ok(generation)
}

/// Takes over the changes after a generation, without a commit; gives the generation reached.
/// Where the catalogue no longer knows the changes everything is made anew.
pub(super) fn follow(index: &Index, catalogue: &Catalogue, reached: u64) -> Result<u64> {
    // Another process may have changed the model.
    index.vectors.adopt_model(models::chosen_embedder(catalogue)?);
    let Some((changes, now)) = catalogue.changes_since(reached)? else {
        return rebuild(index, catalogue);
    };
    if !index.vectors.is_at(reached) {
        let changed: BTreeSet<u64> = changes.iter().map(|change| change.version).collect();
        let mut entries = catalogue.live()?;
        entries.retain(|entry| !changed.contains(&entry.version));
        complete(&index.vectors, &entries, catalogue, &|_| true)?;
    }
    let last: BTreeMap<u64, bool> =
        changes.into_iter().map(|change| (change.version, change.live)).collect();
    for (version, live) in last {
        // Also before adding: an earlier attempt may have failed half-way.
        index.remove(version)?;
        if let Some(entry) = catalogue.entry(version)?.filter(|_| live) {
            index.add(version, &entry.name, &entry.meta, &catalogue.passages(version)?)?;
        }
    }
    index.vectors.reach(now);
    Ok(now)
}

/// Gives vectors to all passages of these documents and to no others; says after each document how
/// far it has come, and asks whether to go on. `false` if not.
///
/// They are kept now and then, at generation 0, for the next attempt.
pub(super) fn complete(
    vectors: &Vectors,
    entries: &[Entry],
    catalogue: &Catalogue,
    go_on: &dyn Fn(Made<'_>) -> bool,
) -> Result<bool> {
    let mut there = vectors.versions();
    let (mut missing, mut expected) = (Vec::new(), 0);
    for entry in entries {
        let passages = entry.passages as usize;
        if there.remove(&entry.version).unwrap_or_default() != passages {
            vectors.remove(entry.version);
            missing.push(entry);
            expected += passages;
        }
    }
    there.into_keys().for_each(|gone| vectors.remove(gone));
    if missing.is_empty() {
        return Ok(true);
    }
    vectors.expect(expected);
    let model = vectors.model();
    let (mut passages, mut kept) = (0, 0);
    for entry in missing {
        if !go_on(Made { model: &model, passages, expected }) {
            vectors.commit(0)?;
            return Ok(false);
        }
        let added = catalogue.passages(entry.version)?;
        vectors.add(entry.version, &entry.meta, &added)?;
        passages += added.len();
        if passages - kept >= KEPT {
            vectors.commit(0)?;
            vectors.expect(expected - passages);
            kept = passages;
        }
    }
    vectors.finish()?;
    Ok(true)
}
