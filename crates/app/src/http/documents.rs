//! Documents of a knowledge base, as they are and as they were read.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::{KnowledgeBase, Status};
use yuanwen_engine::store::{Entry, JobState, Keep};

use super::access::{ReadKb, WriteKb};
use super::extract::{Json, Path, Query};
use super::listing::{Counts, Which};
use super::page::{Paging, page};
use super::tagged::{must_match, tagged};
use crate::service::{ApiError, Service, documents, rfc3339};
use crate::shapes;

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show, rename, remove))
}

/// A page of the list of documents.
#[derive(Debug, Serialize, ToSchema)]
struct Documents {
    documents: Vec<Document>,
    /// How many documents the whole list has.
    total: usize,
    /// How many there are of each sort.
    counts: Counts,
    /// Where the next page begins; null on the last.
    next_cursor: Option<String>,
}

/// How far a document has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Progress {
    /// It waits to be read.
    Waiting,
    /// It is being read.
    Reading,
    /// It was read, and comes into the indexes.
    Indexing,
    /// Questions find it.
    Searchable,
    /// It could not be read; `problem` says why. What it was before is still found.
    Failed,
    /// It was removed, and can be restored for a time.
    Removed,
}

impl Progress {
    pub(super) fn of(state: JobState) -> Self {
        match state {
            JobState::Waiting => Self::Waiting,
            JobState::Reading => Self::Reading,
            JobState::Indexing => Self::Indexing,
            JobState::Searchable => Self::Searchable,
            JobState::Failed => Self::Failed,
        }
    }
}

/// A document.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Document {
    /// Its id; it stays when the content or the path changes.
    pub(super) id: String,
    /// The name of its file without the extension, under which answers cite it.
    pub(super) name: String,
    /// The name of its file.
    file: String,
    /// Where its file was read, or what it was called when it was uploaded.
    pub(super) path: String,
    /// How far it has come.
    pub(super) state: Progress,
    /// Why it could not be read, or what of it.
    problem: Option<String>,
    /// When it was added.
    #[schema(format = DateTime)]
    pub(super) added: String,
    /// When it was removed.
    #[schema(format = DateTime)]
    removed: Option<String>,
    /// What is found of it; null before it is read and after it was removed.
    pub(super) content: Option<Content>,
}

/// The content of a document, as it was read.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Content {
    /// The id of the version.
    version: String,
    #[schema(value_type = shapes::Format)]
    pub(super) format: yuanwen_parse::Format,
    /// The BLAKE3 hash of the file.
    hash: String,
    /// The size of the file.
    pub(super) bytes: u64,
    /// When the file was last changed, or uploaded.
    #[schema(format = DateTime)]
    pub(super) modified: String,
    /// How many pages it has; 0 in formats without pages.
    pub(super) pages: u32,
    /// How many blocks were read.
    blocks: u32,
    /// How many passages can be searched.
    passages: u32,
    /// How many warnings there are about it.
    pub(super) warnings: u32,
    /// What it calls itself.
    pub(super) title: Option<String>,
    /// When it was published: a year, a month or a day.
    #[schema(example = "2023-05-04")]
    pub(super) published: Option<String>,
    /// The time that it reports on.
    #[schema(example = "2023 年第一季度")]
    pub(super) period: Option<String>,
    /// Who published it.
    pub(super) publisher: Option<String>,
    #[schema(value_type = shapes::Kind)]
    pub(super) kind: yuanwen_parse::Kind,
}

impl Document {
    pub(super) fn of(status: &Status) -> Self {
        let known = &status.known;
        let state = match known.removed {
            Some(_) => Progress::Removed,
            None => Progress::of(status.state()),
        };
        Self {
            id: known.document.to_string(),
            name: known.name.clone(),
            file: documents::file(&known.path).to_owned(),
            path: known.path.clone(),
            state,
            problem: status.job.as_ref().and_then(|job| job.problem.clone()),
            added: rfc3339(known.added),
            removed: known.removed.map(rfc3339),
            content: status.entry.as_ref().map(Content::of),
        }
    }
}

impl Content {
    fn of(entry: &Entry) -> Self {
        let meta = &entry.meta;
        Self {
            version: entry.version.to_string(),
            format: entry.format,
            hash: documents::hex(&entry.hash),
            bytes: entry.size,
            modified: rfc3339(entry.modified / 1_000_000),
            pages: entry.pages,
            blocks: entry.blocks,
            passages: entry.passages,
            warnings: entry.warnings,
            title: meta.title.clone(),
            published: meta.published.map(|date| date.to_string()),
            period: meta.period.map(|period| period.to_string()),
            publisher: meta.publisher.clone(),
            kind: meta.kind,
        }
    }
}

/// List the documents of a knowledge base
#[utoipa::path(
    get,
    path = "/kbs/{kb}/documents",
    tag = "documents",
    params(("kb" = String, Path, description = "The knowledge base"), Which),
    responses((status = 200, description = "A page of the list", body = Documents)),
)]
async fn list(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let read = move |kb: &KnowledgeBase| {
        which.check()?;
        let all: Vec<Document> = kb.documents()?.iter().map(Document::of).collect();
        let counts = Counts::of(&all, &which);
        let all = which.of(all);
        let total = all.len();
        let paging = Paging { limit: which.limit, cursor: which.cursor.clone() };
        let (documents, next_cursor) = page(all, &paging, |document| which.place(document))?;
        Ok(Documents { documents, total, counts, next_cursor })
    };
    tagged(&headers, &service.with_kb(&kb, read).await?)
}

/// Show a document
#[utoipa::path(
    get,
    path = "/kbs/{kb}/documents/{document}",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
    ),
    responses((status = 200, description = "The document", body = Document)),
)]
async fn show(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let read = move |kb: &KnowledgeBase| documents::status(kb, &id);
    let status = service.with_kb(&kb, read).await?;
    tagged(&headers, &Document::of(&status))
}

/// What is to change of a document.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangedDocument {
    /// Its new path, folders separated by slashes.
    #[schema(max_length = 1024, example = "2023/年度报告.pdf")]
    path: String,
}

/// Rename or move a document
///
/// It stays the same document, with its versions. That of a folder that is synchronised gets its
/// path from there.
#[utoipa::path(
    patch,
    path = "/kbs/{kb}/documents/{document}",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
    ),
    request_body = ChangedDocument,
    responses((status = 200, description = "As it is now", body = Document)),
)]
async fn rename(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    Json(changed): Json<ChangedDocument>,
) -> Result<Response, ApiError> {
    let rename = move |kb: &KnowledgeBase| {
        let before = documents::status(kb, &id)?;
        must_match(&headers, &Document::of(&before))?;
        Ok(kb.rename(before.known.document, &changed.path)?)
    };
    let status = service.change_kb(&kb, rename).await?;
    tagged(&HeaderMap::new(), &Document::of(&status))
}

/// How a document is removed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Removal {
    /// Keep its versions, so that it can be restored for as long as the settings say
    #[serde(default)]
    #[param(required = false)]
    keep: bool,
}

/// Remove a document
///
/// Questions do not find it any more once this is answered. The file that it was read from stays.
/// Without `keep` nothing of it stays here.
#[utoipa::path(
    delete,
    path = "/kbs/{kb}/documents/{document}",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
        Removal,
    ),
    responses((status = 204, description = "It is gone")),
)]
async fn remove(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    Path((_, id)): Path<(String, String)>,
    Query(Removal { keep }): Query<Removal>,
) -> Result<StatusCode, ApiError> {
    let keep = if keep { Keep::Versions } else { Keep::Nothing };
    let remove = move |kb: &KnowledgeBase| {
        let status = documents::status(kb, &id)?;
        kb.remove_document(status.known.document, keep)?;
        Ok(())
    };
    service.change_kb(&kb, remove).await?;
    Ok(StatusCode::NO_CONTENT)
}
