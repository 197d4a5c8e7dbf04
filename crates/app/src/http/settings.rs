//! Settings of a knowledge base, and its files of words.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::{KnowledgeBase, Retention};

use super::access::{AdminKb, ReadKb, WriteKb};
use super::extract::Json;
use super::tagged::{is_known, tagged};
use crate::service::{ApiError, Code, KbId, Service};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .routes(routes!(show, change))
        .routes(routes!(dictionary, set_dictionary))
        .routes(routes!(synonyms, set_synonyms))
}

/// The settings of a knowledge base.
#[derive(Debug, Serialize, ToSchema)]
struct KbSettings {
    /// How many past versions of each document are kept.
    versions: u32,
    /// For how many days a document that was removed but kept can be restored.
    removed_days: u32,
    /// What compares meanings.
    embedder: String,
    /// What orders the best passages once more.
    reranker: Option<String>,
}

/// What is to change of the settings. Models are set with `yuanwen index --model`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangedSettings {
    /// How many past versions of each document are kept.
    #[schema(maximum = 1000)]
    versions: Option<u32>,
    /// For how many days a document that was removed but kept can be restored.
    #[schema(maximum = 36500)]
    removed_days: Option<u32>,
}

fn settings(kb: &KnowledgeBase) -> Result<KbSettings, ApiError> {
    let Retention { versions, removed_days } = kb.retention()?;
    let (embedder, reranker) = kb.models();
    Ok(KbSettings { versions, removed_days, embedder, reranker: reranker.map(str::to_owned) })
}

/// Show the settings of a knowledge base
#[utoipa::path(
    get,
    path = "/kbs/{kb}/settings",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "The knowledge base")),
    responses((status = 200, description = "The settings", body = KbSettings)),
)]
async fn show(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    tagged(&headers, &service.with_kb(&kb, settings).await?)
}

/// Change the settings of a knowledge base
#[utoipa::path(
    patch,
    path = "/kbs/{kb}/settings",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body = ChangedSettings,
    responses((status = 200, description = "As they are now", body = KbSettings)),
)]
async fn change(
    State(service): State<Arc<Service>>,
    AdminKb(kb): AdminKb,
    Json(changed): Json<ChangedSettings>,
) -> Result<Response, ApiError> {
    let wrong = |field: &str, most: u32| {
        let reason = format!("give a number from 0 to {most}");
        Err(ApiError::new(Code::InvalidBody).with("field", field).with("reason", reason))
    };
    if changed.versions.is_some_and(|versions| versions > 1000) {
        return wrong("versions", 1000);
    }
    if changed.removed_days.is_some_and(|days| days > 36_500) {
        return wrong("removed_days", 36_500);
    }
    let change = move |kb: &KnowledgeBase| {
        let before = kb.retention()?;
        kb.set_retention(Retention {
            versions: changed.versions.unwrap_or(before.versions),
            removed_days: changed.removed_days.unwrap_or(before.removed_days),
        })?;
        settings(kb)
    };
    tagged(&HeaderMap::new(), &service.change_kb(&kb, change).await?)
}

/// What is wrong with a line of a file of words.
#[derive(Debug, Serialize, ToSchema)]
struct Words {
    /// The lines that cannot be used; the rest is.
    problems: Vec<String>,
}

const DICTIONARY: &str = "dictionary.txt";
const SYNONYMS: &str = "synonyms.txt";

fn file(service: &Service, kb: &KbId, name: &str) -> Result<PathBuf, ApiError> {
    Ok(service.registry.dir(kb)?.join(name))
}

async fn words(
    service: &Arc<Service>,
    kb: KbId,
    name: &'static str,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let path = file(service, &kb, name)?;
    let text = match service.wait(move || fs::read(path)).await? {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        text => text.map_err(ApiError::internal)?,
    };
    let tag = format!("\"{}\"", &blake3::hash(&text).to_hex()[..32]);
    let header = HeaderValue::try_from(tag.clone()).map_err(ApiError::internal)?;
    if is_known(headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, header)]).into_response());
    }
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    Ok(([(ETAG, header), (CONTENT_TYPE, kind)], text).into_response())
}

async fn set_words(
    service: &Arc<Service>,
    kb: &KbId,
    name: &'static str,
    text: Bytes,
) -> Result<Response, ApiError> {
    if std::str::from_utf8(&text).is_err() {
        return Err(ApiError::new(Code::InvalidBody).with("reason", "it is not UTF-8"));
    }
    let path = file(service, kb, name)?;
    let write = move |kb: &KnowledgeBase| {
        let draft = path.with_file_name(format!(".{name}"));
        let written = fs::write(&draft, &text).and_then(|()| fs::rename(&draft, &path));
        written.map_err(ApiError::internal)?;
        let problems = kb.lexicon()?.problems().iter().map(ToString::to_string).collect();
        Ok(Words { problems })
    };
    tagged(&HeaderMap::new(), &service.change_kb(kb, write).await?)
}

/// Show the dictionary: words that stay together, one a line
#[utoipa::path(
    get,
    path = "/kbs/{kb}/dictionary",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "The knowledge base")),
    responses((status = 200, description = "The file", body = String, content_type = "text/plain")),
)]
async fn dictionary(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    words(&service, kb, DICTIONARY, &headers).await
}

/// Replace the dictionary
///
/// It counts from the next question on.
#[utoipa::path(
    put,
    path = "/kbs/{kb}/dictionary",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, description = "It is kept", body = Words)),
)]
async fn set_dictionary(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    text: Bytes,
) -> Result<Response, ApiError> {
    set_words(&service, &kb, DICTIONARY, text).await
}

/// Show the synonyms: what stands for one another, a line each
#[utoipa::path(
    get,
    path = "/kbs/{kb}/synonyms",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "The knowledge base")),
    responses((status = 200, description = "The file", body = String, content_type = "text/plain")),
)]
async fn synonyms(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    words(&service, kb, SYNONYMS, &headers).await
}

/// Replace the synonyms
///
/// They count from the next question on.
#[utoipa::path(
    put,
    path = "/kbs/{kb}/synonyms",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, description = "They are kept", body = Words)),
)]
async fn set_synonyms(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    text: Bytes,
) -> Result<Response, ApiError> {
    set_words(&service, &kb, SYNONYMS, text).await
}
