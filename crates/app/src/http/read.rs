//! A document as it was read: its blocks, and the passages that are searched.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::passage::{self, Passage};

use super::access::ReadKb;
use super::extract::{Path, Query};
use super::page::{Paging, page};
use super::tagged::tagged;
use crate::document::BlockShape;
use crate::service::{ApiError, Service, documents};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(passages)).routes(routes!(blocks))
}

/// A page of the passages of a document.
#[derive(Debug, Serialize, ToSchema)]
struct Passages {
    passages: Vec<PassageShape>,
    /// How many passages the document has.
    total: usize,
    /// Where the next page begins; null on the last.
    next_cursor: Option<String>,
}

/// What is searched: whole sentences of one section, or rows of a table with their header.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Passage)]
struct PassageShape {
    /// Its number in the document, from 0.
    ordinal: u32,
    /// The page on which it begins, from 1.
    page: Option<u32>,
    /// The headings above it, outermost first.
    headings: Vec<String>,
    /// Its text, as it stands in the document.
    text: String,
    /// The numbers of the blocks that it takes its text from.
    blocks: Vec<u32>,
}

impl PassageShape {
    fn of(passage: Passage) -> Self {
        let Passage { ordinal, headings, text, parts, page, .. } = passage;
        let mut blocks: Vec<u32> = parts.iter().map(|part| part.block).collect();
        blocks.dedup();
        Self { ordinal, page, headings, text, blocks }
    }
}

/// A page of the blocks of a document.
#[derive(Debug, Serialize, ToSchema)]
struct Blocks {
    blocks: Vec<NumberedBlock>,
    /// How many blocks the document has.
    total: usize,
    /// Where the next page begins; null on the last.
    next_cursor: Option<String>,
}

/// A block of a document.
#[derive(Debug, Serialize, ToSchema)]
struct NumberedBlock {
    /// Its number in the document, from 0.
    ordinal: usize,
    #[serde(flatten)]
    block: BlockShape,
}

/// What numbered items are ordered by.
fn key(ordinal: usize) -> String {
    format!("{ordinal:010}")
}

/// List the passages of a document, in order
#[utoipa::path(
    get,
    path = "/kbs/{kb}/documents/{document}/passages",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
        Paging,
    ),
    responses((status = 200, description = "A page of the passages", body = Passages)),
)]
async fn passages(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id)): Path<(String, String)>,
    Query(paging): Query<Paging>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let read = move |kb: &KnowledgeBase| {
        let (_, document) = documents::document(kb, &id)?;
        let all = passage::passages(&document);
        let total = all.len();
        let (some, next_cursor) = page(all, &paging, |one| key(one.ordinal as usize))?;
        let passages = some.into_iter().map(PassageShape::of).collect();
        Ok(Passages { passages, total, next_cursor })
    };
    tagged(&headers, &service.with_kb(&kb, read).await?)
}

/// List the blocks of a document, in reading order
#[utoipa::path(
    get,
    path = "/kbs/{kb}/documents/{document}/blocks",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
        Paging,
    ),
    responses((status = 200, description = "A page of the blocks", body = Blocks)),
)]
async fn blocks(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id)): Path<(String, String)>,
    Query(paging): Query<Paging>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let read = move |kb: &KnowledgeBase| {
        let (_, document) = documents::document(kb, &id)?;
        let total = document.blocks.len();
        let all = document.blocks.iter().enumerate();
        let (some, next_cursor) = page(all, &paging, |(ordinal, _)| key(*ordinal))?;
        let numbered = |(ordinal, block)| NumberedBlock { ordinal, block: BlockShape::of(block) };
        Ok(Blocks { blocks: some.into_iter().map(numbered).collect(), total, next_cursor })
    };
    tagged(&headers, &service.with_kb(&kb, read).await?)
}
