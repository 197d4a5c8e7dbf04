//! Stops a child whose time is over.

use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// A clock for one child, with a thread of its own that ends with it.
pub(super) struct Alarm {
    deadlines: Sender<Option<Instant>>,
    rang: Arc<AtomicBool>,
}

impl Alarm {
    pub(super) fn of(child: Arc<Mutex<Child>>) -> std::io::Result<Self> {
        let (deadlines, changes) = channel::<Option<Instant>>();
        let rang = Arc::new(AtomicBool::new(false));
        let ringing = rang.clone();
        thread::Builder::new().name("yuanwen-alarm".to_owned()).spawn(move || {
            let mut deadline: Option<Instant> = None;
            loop {
                let next = match deadline {
                    None => changes.recv().map_err(|_| RecvTimeoutError::Disconnected),
                    Some(at) => changes.recv_timeout(at.saturating_duration_since(Instant::now())),
                };
                match next {
                    Ok(next) => deadline = next,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        ringing.store(true, Ordering::Release);
                        let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
                        // It may have ended by itself.
                        let _ = child.kill();
                        deadline = None;
                    }
                }
            }
        })?;
        Ok(Self { deadlines, rang })
    }

    /// Sets the time at which the child is stopped, or takes it back.
    pub(super) fn set(&self, deadline: Option<Instant>) {
        // The thread lives as long as the sender.
        let _ = self.deadlines.send(deadline);
    }

    /// Whether the child was stopped.
    pub(super) fn rang(&self) -> bool {
        self.rang.load(Ordering::Acquire)
    }
}
