//! A document as it was read: its blocks, and the passages that are searched.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::highlight::Highlighter;
use yuanwen_engine::kb::{KnowledgeBase, Layouts, Mark, Piece};
use yuanwen_engine::passage::{PartKind, Passage};
use yuanwen_parse::Block;

use super::access::ReadKb;
use super::extract::{Path, Query};
use super::page::{Paging, page};
use super::tagged::tagged;
use crate::document::BlockShape;
use crate::layout;
use crate::service::{ApiError, Code, Service, documents};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(passages)).routes(routes!(passage)).routes(routes!(blocks))
}

/// Which passages or blocks.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// How many items to give at most [default: 50]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before
    #[param(pattern = "^([0-9a-f]{2})*$")]
    cursor: Option<String>,
    /// Only those with something on this page of the document, from 1
    #[param(minimum = 1)]
    page: Option<u32>,
}

impl Which {
    /// The page of the document, and that of the list.
    fn read(self) -> Result<(Option<u32>, Paging), ApiError> {
        match self.page {
            Some(0) => Err(ApiError::new(Code::InvalidParameter)
                .with("parameter", "page")
                .with("reason", "pages are counted from 1")),
            page => Ok((page, Paging { limit: self.limit, cursor: self.cursor })),
        }
    }
}

/// A page of the passages of a document.
#[derive(Debug, Serialize, ToSchema)]
struct Passages {
    passages: Vec<PassageShape>,
    /// How many passages the document has, or the page that was asked for.
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
    /// Where it stands on its pages; empty in formats without pages.
    #[schema(value_type = Vec<layout::Mark>)]
    marks: Vec<Mark>,
    /// The text in pieces; only where one passage is asked for.
    #[schema(value_type = Option<Vec<layout::Piece>>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    layout: Option<Vec<Piece>>,
}

impl PassageShape {
    fn of(passage: Passage, version: u64, layouts: &mut Layouts<'_>) -> Result<Self, ApiError> {
        let marks = layouts.marks(version, &passage.parts)?;
        let Passage { ordinal, headings, text, parts, page, .. } = passage;
        let mut blocks: Vec<u32> = parts.iter().map(|part| part.block).collect();
        blocks.dedup();
        Ok(Self { ordinal, page, headings, text, blocks, marks, layout: None })
    }
}

/// The passages that have something of their own on a page: a table's header and captions, which
/// each of its passages repeats, count for the first alone.
fn on_page(passages: Vec<Passage>, page: u32) -> Vec<Passage> {
    let mut out = Vec::new();
    let mut before: Vec<u32> = Vec::new();
    for passage in passages {
        let is_there = passage.part_ranges().any(|(part, range)| {
            let repeats = part.kind == PartKind::RowLabel
                || matches!(part.kind, PartKind::TableHeader | PartKind::Caption)
                    && before.contains(&part.block);
            let turns = passage.turns.iter().filter(|(at, _)| range.contains(&(*at as usize)));
            let mut pages = turns.map(|(_, page)| *page).chain(passage.page_at(range.start));
            !repeats && pages.any(|own| own == page)
        });
        before = passage.parts.iter().map(|part| part.block).collect();
        if is_there {
            out.push(passage);
        }
    }
    out
}

/// Whether a block has something on a page.
fn is_on(block: &Block, page: u32) -> bool {
    let pages = block.places.pages();
    let may = pages.is_some_and(|(first, last)| (first..=last).contains(&page));
    may && block.boxes(0..block.text.len()).iter().any(|place| place.page == page)
}

/// A page of the blocks of a document.
#[derive(Debug, Serialize, ToSchema)]
struct Blocks {
    blocks: Vec<NumberedBlock>,
    /// How many blocks the document has, or the page that was asked for.
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
        Which,
    ),
    responses((status = 200, description = "A page of the passages", body = Passages)),
)]
async fn passages(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id)): Path<(String, String)>,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (wanted, paging) = which.read()?;
    let read = move |kb: &KnowledgeBase| {
        let version = documents::entry(kb, &id)?.version;
        let mut all = kb.passages(version)?;
        if let Some(wanted) = wanted {
            all = on_page(all, wanted);
        }
        let total = all.len();
        let (some, next_cursor) = page(all, &paging, |one| key(one.ordinal as usize))?;
        let mut layouts = kb.layouts(Highlighter::default());
        let shape = |passage| PassageShape::of(passage, version, &mut layouts);
        let passages = some.into_iter().map(shape).collect::<Result<_, ApiError>>()?;
        Ok(Passages { passages, total, next_cursor })
    };
    tagged(&headers, &service.with_kb(&kb, read).await?)
}

/// Show a passage
///
/// As in the list, and laid out for a page that shows it.
#[utoipa::path(
    get,
    path = "/kbs/{kb}/documents/{document}/passages/{ordinal}",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
        ("ordinal" = u32, Path, description = "The passage's number in the document, from 0"),
    ),
    responses((status = 200, description = "The passage", body = PassageShape)),
)]
async fn passage(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id, ordinal)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let read = move |kb: &KnowledgeBase| {
        let version = documents::entry(kb, &id)?.version;
        let number = documents::number(&ordinal).and_then(|ordinal| ordinal.try_into().ok());
        let found = number.map(|ordinal| kb.passage(version, ordinal)).transpose()?.flatten();
        let found = found.ok_or_else(|| ApiError::new(Code::PassageNotFound))?;
        let mut layouts = kb.layouts(Highlighter::default());
        let layout = layouts.pieces(version, &found.parts, &found.text)?;
        let shape = PassageShape::of(found, version, &mut layouts)?;
        Ok(PassageShape { layout: Some(layout), ..shape })
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
        Which,
    ),
    responses((status = 200, description = "A page of the blocks", body = Blocks)),
)]
async fn blocks(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id)): Path<(String, String)>,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (wanted, paging) = which.read()?;
    let read = move |kb: &KnowledgeBase| {
        let (_, document) = documents::document(kb, &id)?;
        let fits = |(_, block): &(usize, &Block)| wanted.is_none_or(|page| is_on(block, page));
        let all: Vec<_> = document.blocks.iter().enumerate().filter(fits).collect();
        let total = all.len();
        let (some, next_cursor) = page(all, &paging, |(ordinal, _)| key(*ordinal))?;
        let numbered = |(ordinal, block)| NumberedBlock { ordinal, block: BlockShape::of(block) };
        Ok(Blocks { blocks: some.into_iter().map(numbered).collect(), total, next_cursor })
    };
    tagged(&headers, &service.with_kb(&kb, read).await?)
}
