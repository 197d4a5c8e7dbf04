//! Files to documents, on several threads, handed on in the order of the files.
//!
//! Each thread takes the next file, reads it and encodes what came out; the thread that called
//! writes. How far reading may run ahead of writing is bounded, and with it the memory. Handing
//! on in order makes the knowledge base the same for any number of threads.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use yuanwen_parse::{Member, Warning};

use super::scan::Found;
use crate::error::{Error, Result, with_reasons};
use crate::passage::passages;
use crate::sandbox::{Reader, Reading};
use crate::store::{ContentHash, NewDocument, Originals};

/// Reading runs ahead of writing by at most this many files.
const AHEAD: usize = 32;
/// Deeply nested files need a deep stack; pages of it that are not used cost nothing.
const STACK: usize = 32 * 1024 * 1024;
/// Archives in archives are opened to this depth.
const DEEPEST: usize = 4;
/// At most so many files are read of one archive, those of archives inside it included.
const MOST_MEMBERS: usize = 20_000;
/// Larger files are not read, in bytes: several at once have to fit into memory.
const LARGEST: u64 = 1 << 30;
/// The names of the threads that read files begin with this: a panic in them costs one file and
/// is reported with it.
pub const THREAD_NAME: &str = "yuanwen-read";

/// A file to be read, with what the catalogue has of it.
pub(super) struct Job {
    pub(super) file: Found,
    /// What it is in the queue; `None` for a file that is read where it lies.
    pub(super) queued: Option<Queued>,
    /// The hash that was read with today's reader at this path, if any.
    pub(super) known: Option<ContentHash>,
}

/// A content of the queue, kept as an original already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Queued {
    pub(super) job: u64,
    pub(super) document: u64,
    pub(super) hash: ContentHash,
}

/// What came of a file.
pub(super) enum Outcome {
    /// Its content is the one that is known.
    Same,
    /// It was read.
    Read(Vec<Read>),
    /// It could not be read; with the hash of its content if that was kept.
    Failed(String, Option<ContentHash>),
}

/// A file that was read, or one inside it. A file comes behind those that it holds.
pub(super) enum Read {
    /// With its warnings.
    Document(Box<NewDocument>, Vec<Warning>),
    /// A file inside that could not be read: its path, why, and the hash of its content if that
    /// was kept.
    Failed(String, String, Option<ContentHash>),
}

/// Which code is at work that decides what is kept of a file: a hash of its sources.
pub(super) fn revision() -> u32 {
    env!("YUANWEN_REVISION").parse().unwrap_or_default()
}

/// What files are read with.
pub(super) struct With<'a> {
    pub(super) originals: &'a Originals,
    pub(super) reading: &'a Reading,
}

/// Reads the files and gives each outcome to `take`, in the order of `jobs`.
pub(super) fn read_all(
    jobs: &[Job],
    threads: usize,
    with: &With<'_>,
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
            let work = move || work(jobs, next, gate, with, &sender);
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
    with: &With<'_>,
    sender: &SyncSender<(usize, Outcome)>,
) {
    let mut reader = Reader::new(with.reading);
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(job) = jobs.get(at) else { return };
        gate.wait(at);
        let outcome = catch_unwind(AssertUnwindSafe(|| read(job, with.originals, &mut reader)));
        let outcome = outcome.unwrap_or_else(|_| {
            Outcome::Failed("the reader crashed on it; please report this".to_owned(), None)
        });
        if sender.send((at, outcome)).is_err() {
            return;
        }
    }
}

fn read(job: &Job, originals: &Originals, reader: &mut Reader<'_>) -> Outcome {
    let Found { path, size, modified } = &job.file;
    if *size > LARGEST {
        let reason = format!("larger than {} MB; split it", LARGEST >> 20);
        return Outcome::Failed(reason, None);
    }
    let content = job.queued.map(|queued| originals.path(&queued.hash));
    let bytes = match fs::read(content.as_deref().unwrap_or(path.as_ref())) {
        Ok(bytes) => bytes,
        Err(error) => return Outcome::Failed(error.to_string(), None),
    };
    let hash = *blake3::hash(&bytes).as_bytes();
    match job.queued {
        None if job.known == Some(hash) => return Outcome::Same,
        Some(queued) if queued.hash != hash => {
            let reason = "its stored copy is damaged; upload it again".to_owned();
            return Outcome::Failed(reason, None);
        }
        _ => {}
    }
    let (modified, queued) = (*modified, job.queued);
    let mut unpacking = Unpacking { originals, reader, modified, queued, read: Vec::new() };
    match unpacking.read(path.clone(), hash, bytes, 0) {
        Ok(()) => Outcome::Read(unpacking.read),
        Err(NotRead { reason, kept }) => Outcome::Failed(reason, kept),
    }
}

/// Why a file was not read, and the hash of its content if that was kept.
struct NotRead {
    reason: String,
    kept: Option<ContentHash>,
}

/// A file and those inside it, on their way to documents.
struct Unpacking<'a, 'r> {
    originals: &'a Originals,
    reader: &'a mut Reader<'r>,
    modified: i64,
    queued: Option<Queued>,
    read: Vec<Read>,
}

impl Unpacking<'_, '_> {
    /// Reads a file and those inside it.
    fn read(
        &mut self,
        path: String,
        hash: ContentHash,
        bytes: Vec<u8>,
        depth: usize,
    ) -> std::result::Result<(), NotRead> {
        let file_name = path.rsplit('/').next().unwrap_or(&path).to_owned();
        let size = bytes.len() as u64;
        if let Err(error) = self.originals.keep(&hash, &bytes) {
            let reason = format!("its copy could not be written: {}", with_reasons(&error));
            return Err(NotRead { reason, kept: None });
        }
        let parsed = self.reader.parse(&file_name, bytes);
        let mut document =
            parsed.map_err(|failure| NotRead { reason: failure.to_string(), kept: Some(hash) })?;
        let members = std::mem::take(&mut document.members);
        let warnings = std::mem::take(&mut document.warnings);
        document.warnings.clone_from(&warnings);
        let (modified, revision) = (self.modified, revision());
        let mut new = NewDocument {
            path: path.clone(),
            document: self.queued.filter(|_| depth == 0).map(|queued| queued.document),
            job: self.queued.map(|queued| queued.job),
            hash,
            size,
            modified,
            revision,
            frame: Default::default(),
            blocks: Vec::new(),
            passages: Vec::new(),
        };
        let passages = passages(&document);
        new.set(document, &passages);
        for member in members {
            self.member(&path, member, depth + 1);
        }
        // Behind its members: once it is written they are, and it need not be read again.
        self.read.push(Read::Document(Box::new(new), warnings));
        Ok(())
    }

    fn member(&mut self, inside: &str, member: Member, depth: usize) {
        let path = format!("{inside}/{}", member.name);
        if depth > DEEPEST || self.read.len() >= MOST_MEMBERS {
            let reason = match depth > DEEPEST {
                true => format!("more than {DEEPEST} files inside one another; unpack it"),
                false => format!("more than {MOST_MEMBERS} files inside one; unpack it"),
            };
            self.read.push(Read::Failed(path, reason, None));
            return;
        }
        let hash = *blake3::hash(&member.bytes).as_bytes();
        let read = self.read(path.clone(), hash, member.bytes, depth);
        if let Err(NotRead { reason, kept }) = read {
            self.read.push(Read::Failed(path, reason, kept));
        }
    }
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
