//! Threads for what costs processor time: as many as there are processors, behind a queue that
//! has an end.
//!
//! A queue without an end answers nobody in time once it is long; this one says so at once, and
//! whoever asks tries again. What nobody waits for any more is not begun. A panic costs the
//! request that it happened in.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::Context;
use tokio::sync::oneshot;
use tracing::Span;

use super::error::{ApiError, Code};
use super::metrics::Metrics;

/// How many pieces of work may wait.
const QUEUE: usize = 1024;
/// How the threads are called in debuggers.
const NAME: &str = "compute";

type Job = Box<dyn FnOnce() + Send>;

/// The threads and their queue.
pub(crate) struct Pool {
    queue: SyncSender<Job>,
    waiting: Arc<AtomicUsize>,
    threads: usize,
    metrics: Arc<Metrics>,
}

impl Pool {
    /// Starts the threads.
    pub(crate) fn new(threads: usize, metrics: Arc<Metrics>) -> anyhow::Result<Self> {
        let (queue, jobs) = sync_channel::<Job>(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        let waiting = Arc::new(AtomicUsize::new(0));
        let threads = threads.max(1);
        for _ in 0..threads {
            let (jobs, waiting) = (Arc::clone(&jobs), Arc::clone(&waiting));
            let thread = thread::Builder::new().name(NAME.to_owned());
            thread.spawn(move || work(&jobs, &waiting)).context("no thread could be started")?;
        }
        Ok(Self { queue, waiting, threads, metrics })
    }

    /// How many threads there are.
    pub(crate) fn threads(&self) -> usize {
        self.threads
    }

    /// How many pieces of work wait for a thread.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Runs something on one of the threads.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let (reply, answer) = oneshot::channel();
        let (span, metrics, begin) = (Span::current(), Arc::clone(&self.metrics), Instant::now());
        let job = Box::new(move || {
            if !reply.is_closed() {
                metrics.took("queue", begin.elapsed());
                let _ = reply.send(span.in_scope(|| catch_unwind(AssertUnwindSafe(work))));
            }
        });
        self.waiting.fetch_add(1, Ordering::Relaxed);
        if let Err(error) = self.queue.try_send(job) {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(match error {
                TrySendError::Full(_) => Code::Overloaded.into(),
                TrySendError::Disconnected(_) => Code::ShuttingDown.into(),
            });
        }
        match answer.await {
            Ok(Ok(value)) => Ok(value),
            // The panic hook has logged it.
            Ok(Err(_)) => Err(Code::Internal.into()),
            Err(_) => Err(Code::ShuttingDown.into()),
        }
    }
}

fn work(jobs: &Mutex<Receiver<Job>>, waiting: &AtomicUsize) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        waiting.fetch_sub(1, Ordering::Relaxed);
        job();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_panic_costs_one_piece_of_work_and_a_full_queue_says_so() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let pool = Arc::new(Pool::new(1, Arc::new(Metrics::new())).unwrap());
        runtime.block_on(async {
            assert_eq!(pool.run(|| 1).await.unwrap(), 1);
            let crash = || {
                if QUEUE > 0 {
                    panic!("as planned")
                }
            };
            assert_eq!(pool.run(crash).await.unwrap_err().code, Code::Internal);
            assert_eq!(pool.run(|| 2).await.unwrap(), 2);

            let (go, wait) = channel::<()>();
            let (begun, has_begun) = channel::<()>();
            let first = Arc::clone(&pool);
            let blocking = tokio::spawn(async move {
                let block = move || {
                    begun.send(()).unwrap();
                    wait.recv().unwrap();
                };
                first.run(block).await
            });
            tokio::task::yield_now().await;
            has_begun.recv().unwrap();
            let queued = |_| {
                let pool = Arc::clone(&pool);
                tokio::spawn(async move { pool.run(|| 3).await })
            };
            let queued: Vec<_> = (0..QUEUE).map(queued).collect();
            while pool.waiting() < QUEUE {
                tokio::task::yield_now().await;
            }
            let error = pool.run(|| 4).await.unwrap_err();
            assert_eq!((error.code, error.retry_after), (Code::Overloaded, Some(1)));
            assert_eq!(pool.waiting(), QUEUE);
            go.send(()).unwrap();
            blocking.await.unwrap().unwrap();
            for one in queued {
                assert_eq!(one.await.unwrap().unwrap(), 3);
            }
        });
    }
}
