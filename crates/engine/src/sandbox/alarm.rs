//! Stops a child whose time is over.

use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// When a child is stopped.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    pub(super) at: Instant,
    /// Whether the child is then late with something; else it has only waited for long enough.
    pub(super) rings: bool,
}

/// A clock for one child, with a thread of its own that ends with it.
pub(super) struct Alarm {
    deadlines: Sender<Option<Deadline>>,
    rang: Arc<AtomicBool>,
}

impl Alarm {
    pub(super) fn of(child: Arc<Mutex<Child>>) -> std::io::Result<Self> {
        let (deadlines, changes) = channel::<Option<Deadline>>();
        let rang = Arc::new(AtomicBool::new(false));
        let ringing = rang.clone();
        thread::Builder::new().name("yuanwen-alarm".to_owned()).spawn(move || {
            let mut deadline: Option<Deadline> = None;
            loop {
                let next = match deadline {
                    None => changes.recv().map_err(|_| RecvTimeoutError::Disconnected),
                    Some(Deadline { at, .. }) => {
                        changes.recv_timeout(at.saturating_duration_since(Instant::now()))
                    }
                };
                match next {
                    Ok(next) => deadline = next,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        let rings = deadline.is_some_and(|deadline| deadline.rings);
                        ringing.store(rings, Ordering::Release);
                        let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
                        // It may have ended by itself.
                        let _ = child.kill();
                        let _ = child.wait();
                        deadline = None;
                    }
                }
            }
        })?;
        Ok(Self { deadlines, rang })
    }

    /// Sets the time at which the child is stopped, or takes it back.
    pub(super) fn set(&self, deadline: Option<Deadline>) {
        // The thread lives as long as the sender.
        let _ = self.deadlines.send(deadline);
    }

    /// Whether the child was stopped.
    pub(super) fn rang(&self) -> bool {
        self.rang.load(Ordering::Acquire)
    }
}
