//! The words of a knowledge base: which stand for one another, which stay together. Plain text, as
//! in the files `synonyms.txt` and `dictionary.txt` of its folder; questions follow at once.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::KnowledgeBase;

use super::access::{ReadKb, WriteKb};
use super::extract::Text;
use super::tagged::{must_match_bytes, tagged, tagged_bytes};
use crate::service::{ApiError, KbId, Service};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .routes(routes!(synonyms, set_synonyms))
        .routes(routes!(dictionary, set_dictionary))
}

const SYNONYMS: &str = "synonyms.txt";
const DICTIONARY: &str = "dictionary.txt";

/// What became of a file of words.
#[derive(Debug, Serialize, ToSchema)]
struct WordsSet {
    /// The lines that cannot be used; all others are.
    problems: Vec<Problem>,
}

/// A line that cannot be used.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WordsProblem)]
struct Problem {
    /// Its number, from 1; 0 for the text as a whole.
    line: usize,
    /// What is wrong, and what to do.
    message: String,
}

/// Show which words stand for one another
///
/// One group a line, or `a => b`; `#` begins a comment.
#[utoipa::path(
    get,
    path = "/kbs/{kb}/synonyms",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "The knowledge base")),
    responses((status = 200, description = "The text", body = String, content_type = "text/plain")),
)]
async fn synonyms(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    show(&service, &kb, SYNONYMS, &headers).await
}

/// Set which words stand for one another
#[utoipa::path(
    put,
    path = "/kbs/{kb}/synonyms",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, description = "It is set", body = WordsSet)),
)]
async fn set_synonyms(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    headers: HeaderMap,
    Text(text): Text,
) -> Result<Response, ApiError> {
    set(&service, &kb, SYNONYMS, &headers, text).await
}

/// Show which words stay together
///
/// One word a line, and after a space or tab how much it counts; `#` begins a comment.
#[utoipa::path(
    get,
    path = "/kbs/{kb}/dictionary",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "The knowledge base")),
    responses((status = 200, description = "The text", body = String, content_type = "text/plain")),
)]
async fn dictionary(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    show(&service, &kb, DICTIONARY, &headers).await
}

/// Set which words stay together
#[utoipa::path(
    put,
    path = "/kbs/{kb}/dictionary",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, description = "It is set", body = WordsSet)),
)]
async fn set_dictionary(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    headers: HeaderMap,
    Text(text): Text,
) -> Result<Response, ApiError> {
    set(&service, &kb, DICTIONARY, &headers, text).await
}

async fn show(
    service: &Arc<Service>,
    kb: &KbId,
    file: &'static str,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let path = service.registry.dir(kb)?.join(file);
    let text = service.wait(move || read(&path)).await??;
    let mut response = tagged_bytes(headers, text)?;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    Ok(response)
}

async fn set(
    service: &Arc<Service>,
    kb: &KbId,
    file: &'static str,
    headers: &HeaderMap,
    text: String,
) -> Result<Response, ApiError> {
    let path = service.registry.dir(kb)?.join(file);
    let (of, headers) = (path.clone(), headers.clone());
    let write = move || -> Result<(), ApiError> {
        must_match_bytes(&headers, &read(&of)?)?;
        write(&of, &text)
    };
    service.wait(write).await??;
    let problems = move |kb: &KnowledgeBase| {
        let lexicon = kb.lexicon()?;
        let own = lexicon.problems().iter().filter(|problem| problem.path == path);
        let shape = |problem: &yuanwen_engine::lexicon::Problem| Problem {
            line: problem.line,
            message: problem.what.clone(),
        };
        Ok(WordsSet { problems: own.map(shape).collect() })
    };
    tagged(&HeaderMap::new(), &service.with_kb(kb, problems).await?)
}

/// The text of a file; none where there is no file.
fn read(path: &Path) -> Result<Vec<u8>, ApiError> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(ApiError::internal),
    }
}

/// Writes a file, whole or not at all.
fn write(path: &Path, text: &str) -> Result<(), ApiError> {
    let draft: PathBuf = path.with_extension("txt.new");
    let written = fs::write(&draft, text).and_then(|()| fs::rename(&draft, path));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull => crate::service::Code::DiskFull.into(),
        _ => ApiError::internal(error),
    })
}
