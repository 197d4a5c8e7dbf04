//! Pages drawn one after the other, as somebody turns them: starting a child takes longer than
//! drawing most pages, so one that has drawn waits a while for the next page.
//!
//! A child that failed does not wait. One that nobody asks for long enough is stopped by its alarm.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::child::Child;
use super::{Reader, Reading};

/// Which page of a PDF is drawn, and how.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// The page, from 1.
    pub page: u32,
    /// Pixels per point.
    pub scale: f32,
    /// Whether each block that was read gets a frame. The whole file is then read for it.
    pub frames: bool,
}

/// Draws pages, from any number of threads. There are never more children than threads that have
/// drawn at once.
pub struct Drawing {
    reading: Reading,
    patience: Duration,
    waiting: Mutex<Vec<Waiting>>,
}

/// A child that has drawn.
struct Waiting {
    child: Child,
    until: Instant,
}

impl Drawing {
    /// Begins without a child: the first page starts one, which then waits so long for each next.
    pub fn new(reading: Reading, patience: Duration) -> Self {
        Self { reading, patience, waiting: Mutex::default() }
    }

    /// Draws a page of a PDF. Gives a PNG.
    ///
    /// # Errors
    /// A sentence that says why it cannot be drawn.
    pub fn draw(&self, name: &str, bytes: Vec<u8>, picture: Picture) -> Result<Vec<u8>, String> {
        let mut reader = Reader { reading: &self.reading, child: self.next() };
        let drawn = reader.draw(name, bytes, picture);
        if let (Ok(_), Some(child)) = (&drawn, reader.child.take()) {
            child.wait_for(self.patience);
            self.all().push(Waiting { child, until: Instant::now() + self.patience });
        }
        drawn.map_err(|failure| failure.to_string())
    }

    /// How many children wait.
    pub fn waiting(&self) -> usize {
        self.all().len()
    }

    /// A child that waits, the latest; those that have waited for long enough go.
    fn next(&self) -> Option<Child> {
        let now = Instant::now();
        let mut all = self.all();
        all.retain(|waiting| waiting.until > now);
        all.pop().map(|waiting| waiting.child)
    }

    fn all(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
