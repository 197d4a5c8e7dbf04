//! The thread that reads what was accepted, knowledge base after knowledge base.
//!
//! It sleeps until something is accepted. What fails for a reason of this machine (a full disk,
//! another process at work) is tried again a little later; the queue is on disk and loses nothing.

use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use yuanwen_engine::kb::{IngestOptions, Ingested, KnowledgeBase};

use super::{KbId, Service};

/// So long after something went wrong it is tried again.
const PAUSE: Duration = Duration::from_secs(2);
/// So often all knowledge bases are looked at even if nobody said that something waits: another
/// process may have accepted something.
const ROUND: Duration = Duration::from_secs(60);
/// So many files are taken at once: what is read is found when all of them are.
const MOST: usize = 16;

/// Wakes the thread.
#[derive(Default)]
pub(crate) struct Waker {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl Waker {
    /// Says that something waits.
    pub(crate) fn wake(&self) {
        *self.woken.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_one();
    }

    fn sleep(&self, most: Duration) {
        let woken = self.woken.lock().unwrap_or_else(PoisonError::into_inner);
        let slept = self.changed.wait_timeout_while(woken, most, |woken| !*woken);
        *slept.unwrap_or_else(PoisonError::into_inner).0 = false;
    }
}

/// Starts the thread. It ends when the service is gone.
pub(crate) fn start(service: &Arc<Service>) -> anyhow::Result<()> {
    let (service, waker) = (Arc::downgrade(service), Arc::clone(&service.waker));
    let run = move || run(&service, &waker);
    let thread = thread::Builder::new().name("ingest".to_owned());
    thread.spawn(run).context("no thread could be started").map(drop)
}

fn run(service: &Weak<Service>, waker: &Waker) {
    if let Some(service) = service.upgrade() {
        each(&service, read_again);
    }
    while let Some(service) = service.upgrade() {
        let begin = Instant::now();
        let done = each(&service, work);
        drop(service);
        waker.sleep(match done {
            true => ROUND,
            false => PAUSE.saturating_sub(begin.elapsed()),
        });
    }
}

/// Does something with each knowledge base. `false` if some of it has to be tried again.
fn each(
    service: &Service,
    work: impl Fn(&Service, &KnowledgeBase) -> yuanwen_engine::Result<()>,
) -> bool {
    let Ok(ids) = service.registry.ids() else { return false };
    let one = |id: &KbId| -> bool {
        let Ok(kb) = service.registry.get(id) else { return true };
        match work(service, &kb) {
            Ok(()) => true,
            Err(error) => {
                let error = format!("{:#}", anyhow::Error::from(error));
                tracing::warn!(kb = %id, error, "what waits to be read is tried again later");
                false
            }
        }
    };
    // All of them, also after one that failed.
    ids.iter().filter(|id| !one(id)).count() == 0
}

/// Reads all that waits.
fn work(service: &Service, kb: &KnowledgeBase) -> yuanwen_engine::Result<()> {
    let reading = service.settings.reading.clone();
    // One processor stays for those who ask.
    let threads = thread::available_parallelism().map_or(1, usize::from).saturating_sub(1).max(1);
    let options = IngestOptions { threads: Some(threads), reading, most: MOST };
    kb.purge_expired()?;
    while kb.ingest(&options)? != Ingested::default() {}
    Ok(())
}

/// Queues what an earlier version of this program has read of uploads.
fn read_again(_: &Service, kb: &KnowledgeBase) -> yuanwen_engine::Result<()> {
    let outdated = kb.outdated()?;
    if !outdated.is_empty() {
        tracing::info!(documents = outdated.len(), "read again, since this program reads better");
    }
    outdated.into_iter().try_for_each(|document| kb.read_again(document).map(drop))
}
