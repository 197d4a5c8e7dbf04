//! What is known of a document as it was read, besides its text: its pages, and the warnings.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::KnowledgeBase;

use super::access::ReadKb;
use super::extract::Path;
use super::tagged::tagged;
use crate::service::{ApiError, Service, documents};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(pages)).routes(routes!(warnings))
}

/// The pages of a document.
#[derive(Debug, Serialize, ToSchema)]
struct Pages {
    /// All of them, in order; none in formats without pages.
    pages: Vec<PageSize>,
}

/// The size of a page as it is displayed, in points (1/72 inch).
#[derive(Debug, Serialize, ToSchema)]
struct PageSize {
    /// Its number, from 1.
    page: usize,
    width: f32,
    height: f32,
}

/// What a reader of a document should know.
#[derive(Debug, Serialize, ToSchema)]
struct Warnings {
    warnings: Vec<Warning>,
}

/// Something that was skipped, cut or guessed when a document was read.
#[derive(Debug, Serialize, ToSchema)]
struct Warning {
    /// The page it is about, from 1; null if it is not about one.
    page: Option<u32>,
    /// What happened.
    message: String,
}

/// List the pages of a document, with their sizes
#[utoipa::path(
    get,
    path = "/kbs/{kb}/documents/{document}/pages",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
    ),
    responses((status = 200, description = "The pages", body = Pages)),
)]
async fn pages(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let read = move |kb: &KnowledgeBase| {
        let pages = kb.pages(documents::entry(kb, &id)?.version)?;
        let size = |(at, page): (usize, &yuanwen_parse::Page)| PageSize {
            page: at + 1,
            width: page.width,
            height: page.height,
        };
        Ok(Pages { pages: pages.iter().enumerate().map(size).collect() })
    };
    tagged(&headers, &service.with_kb(&kb, read).await?)
}

/// List what was skipped, cut or guessed when a document was read
#[utoipa::path(
    get,
    path = "/kbs/{kb}/documents/{document}/warnings",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
    ),
    responses((status = 200, description = "The warnings", body = Warnings)),
)]
async fn warnings(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let read = move |kb: &KnowledgeBase| {
        let warnings = kb.warnings(documents::entry(kb, &id)?.version)?;
        let warning =
            |one: yuanwen_parse::Warning| Warning { page: one.page, message: one.message };
        Ok(Warnings { warnings: warnings.into_iter().map(warning).collect() })
    };
    tagged(&headers, &service.with_kb(&kb, read).await?)
}
