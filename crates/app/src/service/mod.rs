//! What the server does, without HTTP: knowledge bases, threads, keys, what it keeps.
//!
//! [`Service`] is the state that every route shares. A route asks it for what it needs, and does
//! work that costs processor time in [`Service::compute`], work that waits (for a disk, a child
//! process, another server) in [`Service::wait`]: the threads that speak HTTP never do either.

mod about;
mod answers;
pub(crate) mod audit;
mod caller;
pub(crate) mod conversations;
mod database;
pub(crate) mod documents;
pub(crate) mod drawing;
mod error;
pub(crate) mod evaluations;
pub(crate) mod ingest;
mod kb_id;
pub(crate) mod keys;
mod limit;
mod limits;
mod lock;
pub(crate) mod machine;
mod metrics;
pub(crate) mod models;
mod pool;
pub(crate) mod random;
mod registry;
pub(crate) mod repeats;
mod time;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::llm::Llm;
use yuanwen_engine::sandbox::Reading;

use drawing::Pictures;
use lock::ServingLock;
use metrics::Metrics;
use pool::Pool;
use registry::Registry;

pub(crate) use about::About;
pub(crate) use answers::{LONGEST, check_texts};
pub(crate) use audit::{Audit, Audited, Line};
pub(crate) use caller::{Caller, Grant, Scope};
pub(crate) use conversations::{Conversation, Turn};
pub(crate) use database::Database;
pub(crate) use error::{ApiError, Code};
pub(crate) use evaluations::Evaluation;
pub(crate) use kb_id::{KbId, PATTERN};
pub(crate) use keys::{Key, Known, NewKey, Presented, Verified};
pub(crate) use limits::{RateLimits, Who};
pub(crate) use random::id as random_id;
pub(crate) use repeats::Kept;
pub(crate) use time::{now, rfc3339};

/// At most so many pieces of work wait for a disk, a child process or another server at once.
const WAITING: usize = 64;
/// So long another one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a server serves.
#[derive(Debug)]
pub(crate) enum Served {
    /// The one knowledge base of this folder.
    One(PathBuf),
    /// Those of a data directory.
    Many(PathBuf),
}

impl Served {
    /// The folder that is served.
    pub(crate) fn dir(&self) -> &Path {
        match self {
            Self::One(dir) | Self::Many(dir) => dir,
        }
    }
}

/// How a server serves.
pub(crate) struct Settings {
    /// A language model that answers are put into words by.
    pub(crate) llm: Option<Llm>,
    /// How files are read.
    pub(crate) reading: Reading,
    /// Certificates and key of the server, for TLS.
    pub(crate) tls: Option<Arc<rustls::ServerConfig>>,
    /// Origins of web pages that may use the service.
    pub(crate) cors: Vec<String>,
    /// How many requests a second a key or an address may make.
    pub(crate) rate_limit: Option<u32>,
    /// What the audit log has.
    pub(crate) audited: Audited,
    /// For how many days the audit log is kept.
    pub(crate) audit_days: u32,
    /// For how many days conversations are kept.
    pub(crate) conversation_days: u32,
    /// Folders of this machine that may be read for whoever may write, with links resolved.
    pub(crate) folders: Vec<PathBuf>,
    /// The largest file that is taken, in bytes.
    pub(crate) upload_limit: u64,
}

/// What every route shares.
pub(crate) struct Service {
    pub(crate) registry: Registry,
    pub(crate) database: Arc<Database>,
    pub(crate) verified: Verified,
    pub(crate) limits: RateLimits,
    pub(crate) audit: Audit,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) settings: Settings,
    /// When it began, in milliseconds since 1970.
    pub(crate) started: i64,
    /// Changes of models that are under way.
    pub(crate) changes: models::Changes,
    /// Wakes who reads what was accepted.
    pub(crate) waker: Arc<ingest::Waker>,
    pool: Pool,
    waiting: Arc<Semaphore>,
    pictures: Pictures,
    hashing: Semaphore,
    _lock: ServingLock,
}

impl Service {
    /// Takes a folder to serve. Nobody else may serve it until this is dropped.
    pub(crate) fn open(served: &Served, settings: Settings) -> anyhow::Result<Self> {
        let registry = match served {
            Served::One(dir) => Registry::one(dir)?,
            Served::Many(dir) => Registry::many(dir)?,
        };
        let lock = ServingLock::take(served.dir())?;
        let database = Arc::new(Database::open(served.dir())?);
        let metrics = Arc::new(Metrics::new());
        let threads = thread::available_parallelism().map_or(2, usize::from);
        Ok(Self {
            registry,
            verified: Verified::default(),
            limits: RateLimits::new(settings.rate_limit),
            audit: Audit::new(Arc::clone(&database), settings.audited)?,
            database,
            pictures: Pictures::new(settings.reading.clone(), threads),
            settings,
            pool: Pool::new(threads, Arc::clone(&metrics))?,
            metrics,
            started: now(),
            changes: models::Changes::default(),
            waker: Arc::default(),
            waiting: Arc::new(Semaphore::new(WAITING)),
            hashing: Semaphore::new(1),
            _lock: lock,
        })
    }

    /// Deletes what has been kept for long enough.
    pub(crate) fn expire(&self) -> Result<(), ApiError> {
        conversations::expire(&self.database, self.settings.conversation_days)?;
        audit::expire(&self.database, self.settings.audit_days)?;
        repeats::expire(&self.database)
    }

    /// A knowledge base. Opening it may take seconds: call this in [`Service::compute`].
    pub(crate) fn kb(&self, id: &KbId) -> Result<Arc<KnowledgeBase>, ApiError> {
        self.registry.get(id)
    }

    /// Runs what costs processor time.
    ///
    /// # Errors
    /// [`Code::Overloaded`] where too much waits already, [`Code::Internal`] after a panic.
    pub(crate) async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        self.pool.run(work).await
    }

    /// Does something with a knowledge base on a thread of [`Service::compute`].
    pub(crate) async fn with_kb<T: Send + 'static>(
        self: &Arc<Self>,
        id: &KbId,
        work: impl FnOnce(&KnowledgeBase) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let (service, own) = (Arc::clone(self), id.clone());
        let done = self.compute(move || work(&*service.kb(&own)?)).await?;
        // What fails in a knowledge base that was deleted meanwhile fails for that reason.
        done.map_err(|error| self.registry.dir(id).err().unwrap_or(error))
    }

    /// Changes something in a knowledge base, which waits for the disk and for other changes.
    pub(crate) async fn change_kb<T: Send + 'static>(
        self: &Arc<Self>,
        id: &KbId,
        work: impl FnOnce(&KnowledgeBase) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let (service, own) = (Arc::clone(self), id.clone());
        let done = self.wait(move || work(&*service.kb(&own)?)).await?;
        done.map_err(|error| self.registry.dir(id).err().unwrap_or(error))
    }

    /// Runs what waits, on a thread of its own.
    ///
    /// # Errors
    /// As [`Service::compute`].
    pub(crate) async fn wait<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let permit = timeout(PATIENCE, Arc::clone(&self.waiting).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else { return Err(Code::Overloaded.into()) };
        let run = move || {
            let done = work();
            drop(permit);
            done
        };
        tokio::task::spawn_blocking(run).await.map_err(|_| Code::Internal.into())
    }

    /// What people say about a knowledge base.
    pub(crate) fn about(&self, id: &KbId) -> Result<About, ApiError> {
        About::read(&self.registry.dir(id)?).map_err(ApiError::internal)
    }

    /// Changes what people say about a knowledge base.
    pub(crate) fn describe(&self, id: &KbId, about: &About) -> Result<(), ApiError> {
        about.write(&self.registry.dir(id)?).map_err(ApiError::internal)
    }

    /// Compares the secret of a key. One at a time: whoever guesses gets one processor at most.
    pub(crate) async fn verify(
        self: &Arc<Self>,
        key: Presented,
    ) -> Result<Option<Arc<Grant>>, ApiError> {
        let permit = timeout(PATIENCE, self.hashing.acquire()).await;
        let Ok(Ok(_permit)) = permit else { return Err(Code::Overloaded.into()) };
        // Many requests may have come with the same new key.
        if let Known::Good(grant) = self.verified.look(&self.database, &key)? {
            return Ok(Some(grant));
        }
        let own = Arc::clone(self);
        self.wait(move || own.verified.verify(&own.database, &key)).await?
    }

    /// How many threads do what costs processor time.
    pub(crate) fn threads(&self) -> usize {
        self.pool.threads()
    }

    /// How many pieces of work wait for a processor.
    pub(crate) fn queued(&self) -> usize {
        self.pool.waiting()
    }
}
