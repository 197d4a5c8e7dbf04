//! The queue of contents that were accepted and wait to be read.
//!
//! A job is durable once [`Catalogue::enqueue`] returns. It is taken by whoever holds the write
//! lock, so a job that is found "being read" was left by a process that ended; after a few such
//! ends it is given up, else a file that kills its reader would do so for ever. What a job gives is
//! written in the same transaction as its end.

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;

use super::change::Changing;
use super::originals::ContentHash;
use super::{Catalogue, now};
use crate::error::Result;

/// A job whose process ended so many times is given up.
const MOST_ATTEMPTS: u32 = 10;
/// One whose process ended so many times is read alone.
const SUSPECT: u32 = 2;
/// Jobs that are done are listed for so long, in milliseconds.
const LISTED: i64 = 7 * 24 * 3600 * 1000;

/// How far a job has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It waits for its turn.
    Waiting,
    /// It is being read.
    Reading,
    /// It was read, and comes into the indexes.
    Indexing,
    /// Its sentences are found.
    Searchable,
    /// It could not be read.
    Failed,
}

/// A content that was accepted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Job {
    /// Its number; lower ones are taken first.
    pub job: u64,
    /// The document whose content it becomes.
    pub document: u64,
    /// The document's path.
    pub path: String,
    /// The content's hash.
    #[serde(serialize_with = "super::reader::as_hex")]
    pub hash: ContentHash,
    /// Its size in bytes.
    pub size: u64,
    /// When the file was last changed, in nanoseconds since 1970.
    #[serde(skip)]
    pub modified: i64,
    /// How far it has come.
    pub state: JobState,
    /// How many times reading it was begun.
    pub attempts: u32,
    /// Why it could not be read.
    pub problem: Option<String>,
    /// When it was accepted, in milliseconds since 1970.
    pub accepted: i64,
    /// When it was read or given up.
    pub finished: Option<i64>,
    /// The generation that has what it gave.
    #[serde(skip)]
    pub(crate) generation: Option<u64>,
}

impl Catalogue {
    /// Accepts a content as the next one of the document at a path, which is made if there is
    /// none. What waited for that document before is replaced.
    pub(crate) fn enqueue(&self, new: &Offered<'_>) -> Result<u64> {
        self.transaction(|transaction| {
            // No document changes yet, so neither does the generation.
            let change = Changing { transaction, generation: 0, now: now() };
            let document = match change.at(new.path)? {
                Some(document) => document,
                None => change.create(new.path, new.modified)?,
            };
            change.enqueue(document, new)
        })
    }

    /// The jobs, the latest first; at most `limit`.
    pub(crate) fn jobs(&self, limit: usize) -> Result<Vec<Job>> {
        self.read(|connection| {
            let sql = format!("{JOBS} ORDER BY job DESC LIMIT ?1");
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_map([limit as i64], job)?.collect()
        })
    }

    /// One job.
    pub(crate) fn job(&self, number: u64) -> Result<Option<Job>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!("{JOBS} WHERE job = ?1"))?;
            statement.query_row([number as i64], job).optional()
        })
    }

    /// The latest job of a document.
    pub(crate) fn job_of(&self, document: u64) -> Result<Option<Job>> {
        self.read(|connection| {
            let sql = format!("{JOBS} WHERE document = ?1 ORDER BY job DESC LIMIT 1");
            connection.prepare_cached(&sql)?.query_row([document as i64], job).optional()
        })
    }

    /// How many jobs wait or are being read.
    pub(crate) fn waiting(&self) -> Result<usize> {
        self.read(|connection| {
            let sql = "SELECT count(*) FROM queue WHERE state IN ('waiting', 'reading')";
            connection.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0))
        })
        .map(|count| count as usize)
    }

    /// How many jobs have not come into an index of this generation.
    pub(crate) fn unfinished(&self, generation: u64) -> Result<usize> {
        self.read(|connection| {
            let sql = "SELECT count(*) FROM queue
                WHERE state IN ('waiting', 'reading') OR (state = 'read' AND generation > ?1)";
            connection
                .prepare_cached(sql)?
                .query_row([generation as i64], |row| row.get::<_, i64>(0))
        })
        .map(|count| count as usize)
    }

    /// Takes the next jobs. Needs the write lock, and that nobody else of this process reads.
    pub(crate) fn take_jobs(&self, most: usize) -> Result<Vec<Job>> {
        self.transaction(|transaction| {
            let problem = format!("the program ended {MOST_ATTEMPTS} times while it was read");
            transaction.execute(
                "UPDATE queue SET state = 'failed', problem = ?1, finished = ?2
                 WHERE state = 'reading' AND attempts >= ?3",
                params![problem, now(), MOST_ATTEMPTS],
            )?;
            let old = "DELETE FROM queue WHERE state = 'read' AND finished < ?1";
            transaction.execute(old, [now() - LISTED])?;
            let waiting = "state IN ('waiting', 'reading') ORDER BY attempts, job LIMIT ?1";
            let mut statement = transaction.prepare_cached(&format!("{JOBS} WHERE {waiting}"))?;
            let jobs = statement.query_map([most as i64], job)?;
            let mut jobs = jobs.collect::<rusqlite::Result<Vec<Job>>>()?;
            match jobs.first() {
                Some(first) if first.attempts >= SUSPECT => jobs.truncate(1),
                _ => jobs.retain(|job| job.attempts < SUSPECT),
            }
            let sql = "UPDATE queue SET state = 'reading', attempts = attempts + 1 WHERE job = ?1";
            let mut statement = transaction.prepare_cached(sql)?;
            jobs.iter().try_for_each(|job| statement.execute([job.job as i64]).map(drop))?;
            Ok(jobs)
        })
    }

    /// Notes why a job could not be done.
    pub(crate) fn fail_job(&self, number: u64, problem: &str) -> Result<()> {
        let sql = "UPDATE queue SET state = 'failed', problem = ?2, finished = ?3
            WHERE job = ?1 AND state = 'reading'";
        self.transaction(|transaction| {
            transaction.execute(sql, params![number as i64, problem, now()]).map(drop)
        })
    }

    /// Notes what to know about a job that is done otherwise.
    pub(crate) fn annotate_job(&self, number: u64, problem: &str) -> Result<()> {
        let sql = "UPDATE queue SET problem = ?2 WHERE job = ?1";
        self.transaction(|transaction| {
            transaction.execute(sql, params![number as i64, problem]).map(drop)
        })
    }

    /// Whether a content is kept for a version or a job.
    pub(crate) fn holds(&self, hash: &ContentHash) -> Result<bool> {
        self.read(|connection| {
            let sql = "SELECT 1 FROM versions WHERE hash = ?1
                UNION ALL SELECT 1 FROM queue WHERE hash = ?1 AND state <> 'read'";
            connection.prepare_cached(sql)?.exists([hash])
        })
    }
}

/// A content that is offered for the document at a path.
pub(crate) struct Offered<'a> {
    pub(crate) path: &'a str,
    pub(crate) hash: &'a ContentHash,
    pub(crate) size: u64,
    pub(crate) modified: i64,
}

impl Changing<'_> {
    fn enqueue(&self, document: i64, new: &Offered<'_>) -> rusqlite::Result<u64> {
        let sql = "DELETE FROM queue WHERE document = ?1";
        self.transaction.prepare_cached(sql)?.execute([document])?;
        let sql = "INSERT INTO queue (document, hash, size, modified, state, attempts, accepted)
            VALUES (?1, ?2, ?3, ?4, 'waiting', 0, ?5)";
        let values = params![document, new.hash, new.size as i64, new.modified, self.now];
        self.transaction.prepare_cached(sql)?.execute(values)?;
        Ok(self.transaction.last_insert_rowid() as u64)
    }

    pub(super) fn is_being_read(&self, job: u64) -> rusqlite::Result<bool> {
        let sql = "SELECT 1 FROM queue WHERE job = ?1 AND state = 'reading'";
        self.transaction.prepare_cached(sql)?.exists([job as i64])
    }

    /// Notes that what a job gave is written.
    pub(super) fn finish(&self, job: u64) -> rusqlite::Result<()> {
        let sql = "UPDATE queue SET state = 'read', generation = ?2, finished = ?3
            WHERE job = ?1";
        let values = params![job as i64, self.generation, self.now];
        self.transaction.prepare_cached(sql)?.execute(values).map(drop)
    }
}

/// The columns that [`job`] takes.
const JOBS: &str = "SELECT job, document, (SELECT path FROM documents WHERE id = document), hash,
    size, modified, state, attempts, problem, accepted, finished, generation FROM queue";

fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    let state = match row.get::<_, String>(6)?.as_str() {
        "waiting" => JobState::Waiting,
        "reading" => JobState::Reading,
        "failed" => JobState::Failed,
        _ => JobState::Indexing,
    };
    Ok(Job {
        job: row.get::<_, i64>(0)? as u64,
        document: row.get::<_, i64>(1)? as u64,
        path: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
        hash: row.get(3)?,
        size: row.get::<_, i64>(4)? as u64,
        modified: row.get(5)?,
        state,
        attempts: row.get(7)?,
        problem: row.get(8)?,
        accepted: row.get(9)?,
        finished: row.get(10)?,
        generation: row.get::<_, Option<i64>>(11)?.map(|generation| generation as u64),
    })
}
