//! Pictures of pages: drawn in child processes, the latest kept in memory.
//!
//! Whoever reads on wants the next page at once and often the last one again. A picture depends on
//! the content of the file alone, so it is kept under its tag, which names that content; who may
//! see the document is settled before.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tracing::Instrument;
use yuanwen_engine::sandbox::{Drawing, Picture, Reading};
use yuanwen_engine::store::Entry;

use super::{ApiError, Code, PATIENCE, Service, documents};

/// So long a child that has drawn waits for the next page.
const WAITS: Duration = Duration::from_secs(60);
/// How much memory pictures that were drawn lately may take, in bytes.
const KEPT: u64 = 64 << 20;
/// What a picture of text takes usually.
const USUAL: u64 = 256 << 10;

/// What a picture takes of the memory.
#[derive(Clone)]
struct Weigh;

impl Weighter<String, Bytes> for Weigh {
    fn weight(&self, tag: &String, picture: &Bytes) -> u64 {
        (tag.len() + picture.len()) as u64
    }
}

/// What draws pages for a service, and what it drew lately.
pub(super) struct Pictures {
    at_once: Arc<Semaphore>,
    drawing: Arc<Drawing>,
    latest: Cache<String, Bytes, Weigh>,
}

impl Pictures {
    /// Draws so many pages at once.
    pub(super) fn new(reading: Reading, at_once: usize) -> Self {
        Self {
            at_once: Arc::new(Semaphore::new(at_once)),
            drawing: Arc::new(Drawing::new(reading, WAITS)),
            latest: Cache::with_weighter((KEPT / USUAL) as usize, KEPT, Weigh),
        }
    }
}

/// What a picture is called: it changes with whatever may change the picture.
pub(crate) fn tag(entry: &Entry, picture: Picture) -> String {
    let Picture { page, scale, frames } = picture;
    let (hash, version) = (documents::hex(&entry.hash), env!("CARGO_PKG_VERSION"));
    let kind = if frames { "frames" } else { "plain" };
    format!("{hash}-{page}-{scale}-{kind}-{version}")
}

impl Service {
    /// A page of a PDF as PNG; drawn in a child process unless it was lately. Who wants the same
    /// picture at the same time waits for the same child.
    pub(crate) async fn draw(
        self: &Arc<Self>,
        entry: &Entry,
        path: PathBuf,
        picture: Picture,
    ) -> Result<Bytes, ApiError> {
        let drawn = self.drawn(entry.name.to_string(), path, picture);
        self.pictures.latest.get_or_insert_async(&tag(entry, picture), drawn).await
    }

    async fn drawn(
        self: &Arc<Self>,
        name: String,
        path: PathBuf,
        picture: Picture,
    ) -> Result<Bytes, ApiError> {
        let permit = timeout(PATIENCE, Arc::clone(&self.pictures.at_once).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else { return Err(Code::Overloaded.into()) };
        let drawing = Arc::clone(&self.pictures.drawing);
        let draw = move || {
            let _permit = permit;
            let bytes = fs::read(path).map_err(|_| ApiError::new(Code::OriginalNotFound))?;
            let drawn = drawing.draw(&name, bytes, picture);
            drawn.map_err(|reason| ApiError::new(Code::NotDrawable).with("reason", reason))
        };
        let begin = Instant::now();
        let span = tracing::info_span!("draw", page = picture.page);
        let drawn = self.wait(draw).instrument(span).await?;
        self.metrics.took("draw", begin.elapsed());
        Ok(drawn?.into())
    }
}
