//! Who did what: a log of writes, and of questions where that is wanted.
//!
//! A thread of its own writes it, several lines a transaction, so that no request waits for the
//! disk. If it cannot keep up, lines are lost and the service's own log says so.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use rusqlite::{Row, params};

use super::database::Database;
use super::error::ApiError;
use super::time::{DAY, now};

/// So many lines wait to be written.
const WAITING: usize = 8192;
/// So many lines make one transaction at most.
const TOGETHER: usize = 256;

/// What is logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Audited {
    /// Nothing
    Off,
    /// What changes something, or tries to
    #[default]
    Writes,
    /// Also who asked what
    All,
}

/// A line of the log.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) at: i64,
    /// The id of the request.
    pub(crate) request: String,
    /// The id of the key.
    pub(crate) key: Option<String>,
    pub(crate) address: String,
    /// Method and route.
    pub(crate) action: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) question: Option<String>,
}

/// What the thread that writes is told.
enum Told {
    Write(Line),
    /// To say when all that came before is written.
    Finish(SyncSender<()>),
}

/// The log.
pub(crate) struct Audit {
    audited: Audited,
    lines: SyncSender<Told>,
}

impl Audit {
    /// Begins to log into a database.
    pub(crate) fn new(database: Arc<Database>, audited: Audited) -> anyhow::Result<Self> {
        let (lines, waiting) = sync_channel(WAITING);
        let thread = thread::Builder::new().name("audit".to_owned());
        thread.spawn(move || write(&database, &waiting)).context("no thread could be started")?;
        Ok(Self { audited, lines })
    }

    /// Logs a line, if it is of the kind that is logged.
    pub(crate) fn log(&self, is_write: bool, line: Line) {
        let wanted = match self.audited {
            Audited::Off => false,
            Audited::Writes => is_write,
            Audited::All => is_write || line.question.is_some(),
        };
        if wanted && self.lines.try_send(Told::Write(line)).is_err() {
            tracing::error!("a line of the audit log was lost: the disk is too slow");
        }
    }
}

impl Audit {
    /// Waits until all lines are written, but not for long.
    pub(crate) fn finish(&self) {
        let (reply, written) = sync_channel(1);
        if self.lines.try_send(Told::Finish(reply)).is_ok() {
            let _ = written.recv_timeout(Duration::from_secs(5));
        }
    }
}

fn write(database: &Database, waiting: &Receiver<Told>) {
    while let Ok(first) = waiting.recv() {
        let more = waiting.try_iter().take(TOGETHER - 1);
        let (mut lines, mut finished) = (Vec::new(), Vec::new());
        for told in std::iter::once(first).chain(more) {
            match told {
                Told::Write(line) => lines.push(line),
                Told::Finish(reply) => finished.push(reply),
            }
        }
        // What goes wrong is in the service's own log.
        let _ = insert(database, &lines);
        for reply in finished {
            let _ = reply.send(());
        }
    }
}

fn insert(database: &Database, lines: &[Line]) -> Result<(), ApiError> {
    let sql = "INSERT INTO audit (at, request, key, address, action, path, status, question)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    database.write(|change| {
        let mut statement = change.prepare_cached(sql)?;
        for Line { at, request, key, address, action, path, status, question } in lines {
            let values = params![at, request, key, address, action, path, status, question];
            statement.execute(values)?;
        }
        Ok(())
    })
}

/// Lines before the one of a number, the latest first, each with its number.
pub(crate) fn list(
    database: &Database,
    before: i64,
    most: usize,
) -> Result<Vec<(i64, Line)>, ApiError> {
    database.read(|connection| {
        let sql = "SELECT nth, at, request, key, address, action, path, status, question FROM audit
                   WHERE nth < ?1 ORDER BY nth DESC LIMIT ?2";
        let mut statement = connection.prepare_cached(sql)?;
        statement.query_map(params![before, most as i64], line)?.collect()
    })
}

fn line(row: &Row<'_>) -> rusqlite::Result<(i64, Line)> {
    let line = Line {
        at: row.get(1)?,
        request: row.get(2)?,
        key: row.get(3)?,
        address: row.get(4)?,
        action: row.get(5)?,
        path: row.get(6)?,
        status: row.get(7)?,
        question: row.get(8)?,
    };
    Ok((row.get(0)?, line))
}

/// Deletes lines that are older than so many days.
pub(crate) fn expire(database: &Database, days: u32) -> Result<(), ApiError> {
    let sql = "DELETE FROM audit WHERE at < ?1";
    database.write(|change| change.execute(sql, [now() - i64::from(days) * DAY]))?;
    Ok(())
}
