//! How texts are shared out among the processors: each goes through the network alone, on one
//! thread; only a single text gets all threads.
//!
//! Batches of several texts were left out on purpose. They would have to be padded to one length
//! and masked, and with bytes instead of floats what else is in a batch would change a text's
//! vector, since its numbers share a scale: the same documents would give other vectors when they
//! come in another order. A passage of some hundred tokens fills the matrix products well enough.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

use rten::ThreadPool;

/// Threads that networks run on.
pub(super) struct Lanes {
    together: Arc<ThreadPool>,
    alone: Vec<Arc<ThreadPool>>,
}

impl Lanes {
    /// Those of this process.
    pub(super) fn all() -> &'static Self {
        static LANES: OnceLock<Lanes> = OnceLock::new();
        LANES.get_or_init(|| {
            let count = thread::available_parallelism().map_or(1, usize::from);
            let pool = |threads| Arc::new(ThreadPool::with_num_threads(threads));
            Self { together: pool(count), alone: (0..count).map(|_| pool(1)).collect() }
        })
    }

    /// Does something with each text, and gives the results in their order. The longest come
    /// first, so that no thread is left with one at the end.
    pub(super) fn each<T: Send, E: Send>(
        &self,
        texts: &[&str],
        work: impl Fn(&str, &Arc<ThreadPool>) -> Result<T, E> + Sync,
    ) -> Result<Vec<T>, E> {
        if let [only] = texts {
            return Ok(vec![apart(|| work(only, &self.together))?]);
        }
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(texts[*at].len()));
        let next = AtomicUsize::new(0);
        let lane = |pool: &Arc<ThreadPool>| {
            let mut done = Vec::new();
            while let Some(at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                done.push((*at, work(texts[*at], pool)));
            }
            done
        };
        let mut done: Vec<(usize, Result<T, E>)> = thread::scope(|scope| {
            let running: Vec<_> =
                self.alone.iter().map(|pool| scope.spawn(|| lane(pool))).collect();
            running.into_iter().flat_map(joined).collect()
        });
        done.sort_by_key(|(at, _)| *at);
        done.into_iter().map(|(_, result)| result).collect()
    }
}

/// Does something on a thread of its own, and waits. The runtime's threads belong to pools of
/// rayon, and so may the one that asks: waiting for another pool it would take up other work of
/// its own pool meanwhile, which may want what it holds.
pub(in crate::model) fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| joined(scope.spawn(work)))
}

/// What a thread did; its panic goes on in the one that waits.
fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
