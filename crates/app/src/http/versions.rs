//! What a document was: its versions, what changed between two, restoring one.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::{Changed, KnowledgeBase};

use super::access::{ReadKb, WriteKb};
use super::documents::Document;
use super::extract::{Path, Query};
use super::tagged::tagged;
use crate::service::{ApiError, Code, Service, documents, rfc3339};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .routes(routes!(versions))
        .routes(routes!(restore))
        .routes(routes!(differences))
}

/// The versions of a document.
#[derive(Debug, Serialize, ToSchema)]
struct Versions {
    /// The latest first.
    versions: Vec<Version>,
}

/// A version that a document has or had.
#[derive(Debug, Serialize, ToSchema)]
struct Version {
    /// Its id.
    version: String,
    /// The BLAKE3 hash of the file.
    hash: String,
    /// The size of the file.
    bytes: u64,
    /// How many pages it has.
    pages: u32,
    /// How many passages.
    passages: u32,
    /// Since when the document had it.
    #[schema(format = DateTime)]
    since: String,
    /// Until when; null for what it has now.
    #[schema(format = DateTime)]
    until: Option<String>,
}

/// List the versions of a document
///
/// Also of one that was removed and kept. How many are kept is a setting.
#[utoipa::path(
    get,
    path = "/kbs/{kb}/documents/{document}/versions",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
    ),
    responses((status = 200, description = "The versions", body = Versions)),
)]
async fn versions(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let read = move |kb: &KnowledgeBase| {
        let document = documents::status(kb, &id)?.known.document;
        let versions = kb.versions(document)?.into_iter().map(|past| Version {
            version: past.version.to_string(),
            hash: documents::hex(&past.hash),
            bytes: past.size,
            pages: past.pages,
            passages: past.passages,
            since: rfc3339(past.since),
            until: past.until.map(rfc3339),
        });
        Ok(Versions { versions: versions.collect() })
    };
    tagged(&headers, &service.with_kb(&kb, read).await?)
}

/// Restore a version
///
/// The document has this content again; what it has now becomes a past version. A document that was
/// removed and kept comes back.
#[utoipa::path(
    post,
    path = "/kbs/{kb}/documents/{document}/versions/{version}/restore",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
        ("version" = String, Path, description = "The version's id"),
    ),
    responses((status = 200, description = "The document as it is now", body = Document)),
)]
async fn restore(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    Path((_, id, version)): Path<(String, String, String)>,
) -> Result<Response, ApiError> {
    let restore = move |kb: &KnowledgeBase| {
        let document = documents::status(kb, &id)?.known.document;
        Ok(kb.restore(document, number(&version)?)?)
    };
    let status = service.change_kb(&kb, restore).await?;
    tagged(&HeaderMap::new(), &Document::of(&status))
}

fn number(version: &str) -> Result<u64, ApiError> {
    documents::number(version).ok_or_else(|| Code::VersionNotFound.into())
}

/// Which versions to compare.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Compared {
    /// The id of the earlier version
    from: String,
    /// The id of the later version
    to: String,
}

/// What changed between two versions.
#[derive(Debug, Serialize, ToSchema)]
struct Differences {
    /// The passages of both, in order.
    passages: Vec<ComparedPassage>,
}

/// A passage of one version or of both.
#[derive(Debug, Serialize, ToSchema)]
struct ComparedPassage {
    /// What became of it.
    change: PassageFate,
    /// Its page, in the version that has it.
    page: Option<u32>,
    /// Its text.
    text: String,
}

/// What became of a passage.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PassageFate {
    /// It is in both.
    Same,
    /// It is in the later one alone.
    Added,
    /// It is in the earlier one alone.
    Removed,
}

/// Compare two versions of a document, passage by passage
#[utoipa::path(
    get,
    path = "/kbs/{kb}/documents/{document}/diff",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
        Compared,
    ),
    responses((status = 200, description = "What changed", body = Differences)),
)]
async fn differences(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id)): Path<(String, String)>,
    Query(Compared { from, to }): Query<Compared>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let read = move |kb: &KnowledgeBase| {
        let document = documents::status(kb, &id)?.known.document;
        let changes = kb.compare(document, number(&from)?, number(&to)?)?;
        let passages = changes.into_iter().map(|one| ComparedPassage {
            change: match one.change {
                Changed::Same => PassageFate::Same,
                Changed::Added => PassageFate::Added,
                Changed::Removed => PassageFate::Removed,
            },
            page: one.page,
            text: one.text,
        });
        Ok(Differences { passages: passages.collect() })
    };
    tagged(&headers, &service.with_kb(&kb, read).await?)
}
