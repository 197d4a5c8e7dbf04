//! Files to documents, on several threads, handed on in the order of the files.
//!
//! Each thread takes the next file, reads it and encodes what came out; the thread that called
//! writes. How far reading may run ahead of writing is bounded, and with it the memory. Handing
//! on in order makes the knowledge base the same for any number of threads.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use yuanwen_parse::Warning;

use super::scan::Found;
use crate::error::{Error, Result, with_reasons};
use crate::passage::passages;
use crate::store::{ContentHash, NewDocument, Originals};

/// Reading runs ahead of writing by at most this many files.
const AHEAD: usize = 32;
/// Deeply nested files need a deep stack; pages of it that are not used cost nothing.
const STACK: usize = 32 * 1024 * 1024;
/// Larger files are not read, in bytes: several at once have to fit into memory.
const LARGEST: u64 = 1 << 30;
/// The names of the threads that read files begin with this: a panic in them costs one file and
/// is reported with it.
pub const THREAD_NAME: &str = "yuanwen-read";

/// A file to be read, with what the catalogue has of it.
pub(super) struct Job {
    pub(super) file: Found,
    /// The hash that was read with today's reader at this path, if any.
    pub(super) known: Option<ContentHash>,
}

/// What came of a file.
pub(super) enum Outcome {
    /// Its content is the one that is known.
    Same,
    /// It was read; with its warnings.
    Read(Box<NewDocument>, Vec<Warning>),
    /// It could not be read; with the hash of its content if that was kept.
    Failed(String, Option<ContentHash>),
}

/// Which code is at work that decides what is kept of a file: a hash of its sources.
pub(super) fn revision() -> u32 {
    env!("YUANWEN_REVISION").parse().unwrap_or_default()
}

/// Reads the files and gives each outcome to `take`, in the order of `jobs`.
pub(super) fn read_all(
    jobs: &[Job],
    threads: usize,
    originals: &Originals,
    mut take: impl FnMut(&Job, Outcome) -> Result<()>,
) -> Result<()> {
    let gate = Gate::default();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel(AHEAD);
        // Lets the threads end if `take` fails: they find the channel closed.
        let _open = Opened(&gate);
        for number in 0..threads.clamp(1, jobs.len().max(1)) {
            let sender = sender.clone();
            let (gate, next) = (&gate, &next);
            let work = move || work(jobs, next, gate, originals, &sender);
            let named = thread::Builder::new().name(format!("{THREAD_NAME}-{number}"));
            let spawned = named.stack_size(STACK).spawn_scoped(scope, work);
            spawned.map_err(|source| Error::io("a thread to read files", source))?;
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut turn = 0;
        for (at, outcome) in receiver {
            waiting.insert(at, outcome);
            while let Some(outcome) = waiting.remove(&turn) {
                take(&jobs[turn], outcome)?;
                turn += 1;
                gate.advance(turn);
            }
        }
        Ok(())
    })
}

fn work(
    jobs: &[Job],
    next: &AtomicUsize,
    gate: &Gate,
    originals: &Originals,
    sender: &SyncSender<(usize, Outcome)>,
) {
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(job) = jobs.get(at) else { return };
        gate.wait(at);
        let outcome = catch_unwind(AssertUnwindSafe(|| read(job, originals)));
        let outcome = outcome.unwrap_or_else(|_| {
            Outcome::Failed("the reader crashed on it; please report this".to_owned(), None)
        });
        if sender.send((at, outcome)).is_err() {
            return;
        }
    }
}

fn read(job: &Job, originals: &Originals) -> Outcome {
    let Found { path, size, modified } = &job.file;
    if *size > LARGEST {
        let reason = format!("larger than {} MB; split it", LARGEST >> 20);
        return Outcome::Failed(reason, None);
    }
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return Outcome::Failed(error.to_string(), None),
    };
    let hash = *blake3::hash(&bytes).as_bytes();
    if job.known == Some(hash) {
        return Outcome::Same;
    }
    let size = bytes.len() as u64;
    let path_name = Path::new(path);
    let file_name = path_name.file_name().and_then(|name| name.to_str()).unwrap_or(path);
    let stem = path_name.file_stem().and_then(|stem| stem.to_str()).unwrap_or(file_name);
    if let Err(error) = originals.keep(&hash, &bytes) {
        let reason = format!("its copy could not be written: {}", with_reasons(&error));
        return Outcome::Failed(reason, None);
    }
    let document = match yuanwen_parse::parse(file_name, bytes) {
        Ok(document) => document,
        Err(error) => return Outcome::Failed(error.to_string(), Some(hash)),
    };
    let warnings = document.warnings.clone();
    let mut new = NewDocument {
        path: path.clone(),
        name: stem.to_owned(),
        hash,
        size,
        modified: *modified,
        revision: revision(),
        frame: Default::default(),
        blocks: Vec::new(),
        passages: Vec::new(),
    };
    let passages = passages(&document);
    new.set(document, &passages);
    Outcome::Read(Box::new(new), warnings)
}

/// Holds back the threads that are too far ahead of the writer.
#[derive(Default)]
struct Gate {
    /// How many files were written; all once there is no need to wait any more.
    written: Mutex<usize>,
    changed: Condvar,
}

impl Gate {
    fn wait(&self, at: usize) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        while at >= written.saturating_add(AHEAD) {
            written = self.changed.wait(written).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn advance(&self, to: usize) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = to;
        self.changed.notify_all();
    }
}

/// Opens the gate for good when dropped.
struct Opened<'a>(&'a Gate);

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        self.0.advance(usize::MAX);
    }
}

/// How many threads to use where nobody said.
pub(super) fn default_threads() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}
