//! Documents of a knowledge base, as they are and as they were read.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::store::Entry;

use super::access::{ReadKb, WriteKb};
use super::extract::{Path, Query};
use super::page::{Paging, page};
use super::tagged::tagged;
use crate::service::{ApiError, Service, documents, rfc3339};
use crate::shapes;

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show, remove))
}

/// A page of the list of documents.
#[derive(Debug, Serialize, ToSchema)]
struct Documents {
    documents: Vec<Document>,
    /// How many documents the whole list has.
    total: usize,
    /// Where the next page begins; null on the last.
    next_cursor: Option<String>,
}

/// How far a document has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Progress {
    /// Questions find it.
    Searchable,
}

/// A document.
#[derive(Debug, Serialize, ToSchema)]
struct Document {
    /// Its id.
    id: String,
    /// The name of its file without the extension, under which answers cite it.
    name: String,
    /// The name of its file.
    file: String,
    /// Where its file was read.
    path: String,
    /// How far it has come.
    state: Progress,
    #[schema(value_type = shapes::Format)]
    format: yuanwen_parse::Format,
    /// The BLAKE3 hash of its content.
    hash: String,
    /// The size of its file.
    bytes: u64,
    /// When its file was last changed.
    #[schema(format = DateTime)]
    modified: String,
    /// How many pages it has; 0 in formats without pages.
    pages: u32,
    /// How many blocks were read.
    blocks: u32,
    /// How many passages can be searched.
    passages: u32,
    /// How many warnings there are about it.
    warnings: u32,
    /// What it calls itself.
    title: Option<String>,
    /// When it was published: a year, a month or a day.
    #[schema(example = "2023-05-04")]
    published: Option<String>,
    /// The time that it reports on.
    #[schema(example = "2023 年第一季度")]
    period: Option<String>,
    /// Who published it.
    publisher: Option<String>,
    #[schema(value_type = shapes::Kind)]
    kind: yuanwen_parse::Kind,
}

impl Document {
    fn of(entry: &Entry) -> Self {
        let meta = &entry.meta;
        Self {
            id: documents::id(entry),
            name: entry.name.to_string(),
            file: documents::file(entry).to_owned(),
            path: entry.path.clone(),
            state: Progress::Searchable,
            format: entry.format,
            hash: documents::hash(entry),
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

/// Which documents.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// How many documents to give at most [default: 50]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before
    cursor: Option<String>,
    /// Only those with this in the name, the title or the publisher
    q: Option<String>,
    /// Only those that have come so far
    state: Option<Progress>,
}

impl Which {
    fn fits(&self, entry: &Entry) -> bool {
        if self.state.is_some_and(|state| state != Progress::Searchable) {
            return false;
        }
        let Some(wanted) = &self.q else { return true };
        let wanted = wanted.to_lowercase();
        let meta = &entry.meta;
        let said = [Some(&*entry.name), meta.title.as_deref(), meta.publisher.as_deref()];
        said.into_iter().flatten().any(|text| text.to_lowercase().contains(&wanted))
    }
}

/// List the documents of a knowledge base, by name
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
        let mut entries = kb.list()?;
        entries.retain(|entry| which.fits(entry));
        entries.sort_by_cached_key(key);
        let total = entries.len();
        let paging = Paging { limit: which.limit, cursor: which.cursor };
        let (entries, next_cursor) = page(entries, &paging, key)?;
        let documents = entries.iter().map(Document::of).collect();
        Ok(Documents { documents, total, next_cursor })
    };
    tagged(&headers, &service.with_kb(&kb, read).await?)
}

/// What documents are ordered by.
fn key(entry: &Entry) -> String {
    format!("{}\0{:020}", entry.name, entry.version)
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
    let read = move |kb: &KnowledgeBase| documents::entry(kb, &id);
    let entry = service.with_kb(&kb, read).await?;
    tagged(&headers, &Document::of(&entry))
}

/// Remove a document
///
/// Questions do not find it any more once this is answered. The file that it was read from stays.
#[utoipa::path(
    delete,
    path = "/kbs/{kb}/documents/{document}",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
    ),
    responses((status = 204, description = "It is gone")),
)]
async fn remove(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    Path((_, id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let remove = move |kb: &KnowledgeBase| {
        let entry = documents::entry(kb, &id)?;
        kb.remove(&entry.path)?;
        Ok(())
    };
    service.with_kb(&kb, remove).await?;
    Ok(StatusCode::NO_CONTENT)
}
