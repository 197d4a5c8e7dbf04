//! How the service is doing, for whoever administers it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::model::Library;
use yuanwen_engine::sandbox::Reading;

use super::access::Admin;
use crate::service::machine::{self, Sizes};
use crate::service::{ApiError, KbId, Service, rfc3339};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(system))
}

/// How the service is doing.
#[derive(Debug, Serialize, ToSchema)]
struct System {
    /// The version of the program.
    version: &'static str,
    /// When it began.
    #[schema(format = DateTime)]
    started: String,
    /// How many threads do what costs processor time.
    threads: usize,
    /// How many pieces of work wait for one.
    queued: usize,
    memory: MemoryShape,
    disk: Disk,
    models: Models,
    /// The knowledge bases.
    kbs: Vec<KbSystem>,
}

/// The memory of the service's process, without those that read files.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SystemMemory)]
struct MemoryShape {
    /// What it takes, in bytes; null where the system does not tell.
    resident: Option<u64>,
    /// The most that it has taken.
    peak: Option<u64>,
}

/// The disk that the knowledge bases lie on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SystemDisk)]
struct Disk {
    /// What is free, in bytes; null where the system does not tell.
    free: Option<u64>,
}

/// What there is of models.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SystemModels)]
struct Models {
    /// The language model that puts answers into words.
    llm: Option<LlmShape>,
    /// Whether pages that are pictures can be read.
    ocr: bool,
    /// The names of those that `yuanwen model add` has added.
    installed: Vec<String>,
}

/// A language model.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SystemLlm)]
struct LlmShape {
    /// What it is called.
    model: String,
    /// The address of its endpoint.
    url: String,
}

/// A knowledge base, and what it takes.
#[derive(Debug, Serialize, ToSchema)]
struct KbSystem {
    /// Its id.
    id: String,
    /// What people call it.
    name: String,
    /// Why it cannot be opened; what is to be had from inside is then null.
    problem: Option<String>,
    /// How many documents can be searched.
    documents: Option<usize>,
    /// How many pages they have.
    pages: Option<u64>,
    /// How many passages they have.
    passages: Option<u64>,
    /// How many uploads wait, are being read or come into the indexes.
    waiting: Option<usize>,
    /// The model that compares meanings.
    embedder: Option<String>,
    /// The model that orders the best passages once more.
    reranker: Option<String>,
    bytes: KbBytes,
}

/// What a knowledge base takes of the disk, in bytes.
#[derive(Debug, Serialize, ToSchema)]
struct KbBytes {
    /// Copies of the files that were read, with past versions.
    originals: u64,
    /// What is known of documents.
    catalogue: u64,
    /// The full-text index.
    index: u64,
    /// The vectors.
    vectors: u64,
}

/// Show how the service is doing
///
/// Opens every knowledge base, which takes a moment the first time.
#[utoipa::path(
    get,
    path = "/system",
    tag = "administration",
    responses((status = 200, description = "The service", body = System)),
)]
async fn system(State(service): State<Arc<Service>>, _: Admin) -> Result<Response, ApiError> {
    let own = Arc::clone(&service);
    let look = move || -> Result<System, ApiError> {
        let kbs = own.registry.ids()?.iter().map(|id| KbSystem::of(&own, id)).collect();
        let memory = machine::memory();
        Ok(System {
            version: env!("CARGO_PKG_VERSION"),
            started: rfc3339(own.started),
            threads: own.threads(),
            queued: own.queued(),
            memory: MemoryShape { resident: memory.resident, peak: memory.peak },
            disk: Disk { free: machine::free(own.registry.folder()) },
            models: Models::of(&own)?,
            kbs,
        })
    };
    Ok(axum::Json(service.wait(look).await??).into_response())
}

impl Models {
    fn of(service: &Service) -> Result<Self, ApiError> {
        let llm = service.settings.llm.as_ref();
        let ocr = match &service.settings.reading {
            Reading::Boxed(sandbox) => sandbox.models.clone(),
            Reading::Here => yuanwen_parse::ocr::folder(),
        };
        Ok(Self {
            llm: llm
                .map(|llm| LlmShape { model: llm.model().to_owned(), url: llm.url().to_owned() }),
            ocr: ocr.is_some_and(|folder| folder.is_dir()),
            installed: Library::of_user().list()?.into_iter().map(|model| model.name).collect(),
        })
    }
}

impl KbSystem {
    /// A knowledge base, which is opened if it is not; if that fails, why.
    fn of(service: &Service, id: &KbId) -> Self {
        let sizes = service.registry.dir(id).map(|dir| Sizes::of(&dir)).unwrap_or_default();
        let Sizes { originals, catalogue, index, vectors } = sizes;
        let mut own = Self {
            id: id.to_string(),
            name: service.about(id).map(|about| about.name).unwrap_or_default(),
            problem: None,
            documents: None,
            pages: None,
            passages: None,
            waiting: None,
            embedder: None,
            reranker: None,
            bytes: KbBytes { originals, catalogue, index, vectors },
        };
        if let Err(error) = service.kb(id).and_then(|kb| own.look_into(&kb)) {
            // Who administers the service may read its log too.
            own.problem = Some(error.logged.unwrap_or(error.message));
        }
        own
    }

    fn look_into(&mut self, kb: &KnowledgeBase) -> Result<(), ApiError> {
        let entries = kb.list()?;
        self.documents = Some(entries.len());
        self.pages = Some(entries.iter().map(|entry| u64::from(entry.pages)).sum());
        self.passages = Some(entries.iter().map(|entry| u64::from(entry.passages)).sum());
        self.waiting = Some(kb.waiting()?);
        let (embedder, reranker) = kb.models();
        self.embedder = Some(embedder);
        self.reranker = reranker;
        Ok(())
    }
}
