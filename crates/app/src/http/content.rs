//! A document's file as it was read, whole or in part, and pictures of its pages.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Take};
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::sync::mpsc::{Sender, channel};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::sandbox::Picture;
use yuanwen_engine::store::Entry;
use yuanwen_parse::Format;

use super::access::ReadKb;
use super::extract::{Path, Query};
use super::range::{Asked, range};
use super::stream::Receiving;
use super::tagged::is_known;
use crate::service::{ApiError, Code, KbId, Service, documents, drawing};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(content)).routes(routes!(page))
}

/// How much of a file is sent at once, and how many such pieces wait.
const PIECE: usize = 64 * 1024;
const PIECES: usize = 4;

/// A document and where its file is kept.
async fn original(
    service: &Arc<Service>,
    kb: &KbId,
    id: String,
) -> Result<(Entry, PathBuf), ApiError> {
    let read = move |kb: &yuanwen_engine::kb::KnowledgeBase| {
        let entry = documents::entry(kb, &id)?;
        let path = kb.original(&entry.hash);
        Ok((entry, path))
    };
    service.with_kb(kb, read).await
}

/// A PDF that is shown: nothing is loaded into it, nobody may frame it, and it is nobody's page, so
/// that nothing in it acts in our name. What browsers draw it with is their own, styles included.
const SHOWN: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; \
    frame-ancestors 'none'; sandbox";

/// How a file is sent.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Sent {
    /// Whether a browser is to show a PDF rather than save it. Other formats are saved whatever is
    /// wanted
    #[serde(default)]
    #[param(required = false)]
    inline: bool,
}

/// Send a document's file as it was read
///
/// A `Range` of bytes is honoured. The type is that of the format; browsers are told to save it.
#[utoipa::path(
    get,
    path = "/kbs/{kb}/documents/{document}/content",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
        Sent,
    ),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "*/*"),
        (status = 206, description = "The part that was asked for", body = Vec<u8>, content_type = "*/*"),
        (status = 304, description = "It is the one that the ETag names"),
    ),
)]
async fn content(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id)): Path<(String, String)>,
    Query(Sent { inline }): Query<Sent>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (entry, path) = original(&service, &kb, id).await?;
    let tag = format!("\"{}\"", documents::hex(&entry.hash));
    let mut about = HeaderMap::new();
    put(&mut about, ETAG, &tag)?;
    put(&mut about, CACHE_CONTROL, "private, no-cache")?;
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let opened = service.wait(move || File::open(path)).await?;
    let mut file = opened.map_err(|_| ApiError::new(Code::OriginalNotFound))?;
    let length = file.metadata().map_err(ApiError::internal)?.len();
    put(&mut about, ACCEPT_RANGES, "bytes")?;
    put(&mut about, CONTENT_TYPE, media_type(&entry))?;
    let called = documents::file(&entry.path);
    match inline && entry.format == Format::Pdf {
        true => {
            put(&mut about, CONTENT_DISPOSITION, &named("inline", called))?;
            put(&mut about, CONTENT_SECURITY_POLICY, SHOWN)?;
        }
        false => put(&mut about, CONTENT_DISPOSITION, &disposition(called))?,
    }
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let asked = match text(IF_RANGE).is_none_or(|known| known == tag) {
        true => range(text(RANGE), length),
        false => Asked::All,
    };
    let (status, from, to) = match asked {
        Asked::All => (StatusCode::OK, 0, length),
        Asked::Part { from, to } => {
            put(&mut about, CONTENT_RANGE, &format!("bytes {from}-{}/{length}", to - 1))?;
            (StatusCode::PARTIAL_CONTENT, from, to)
        }
        Asked::Beyond => {
            let mut refused = ApiError::new(Code::RangeNotSatisfiable).into_response();
            put(refused.headers_mut(), CONTENT_RANGE, &format!("bytes */{length}"))?;
            return Ok(refused);
        }
    };
    put(&mut about, CONTENT_LENGTH, &(to - from).to_string())?;
    file.seek(SeekFrom::Start(from)).map_err(ApiError::internal)?;
    Ok((status, about, streamed(file.take(to - from))).into_response())
}

/// A file as a body that is sent piece by piece.
pub(super) fn streamed(file: Take<File>) -> Body {
    let (pieces, body) = channel(PIECES);
    tokio::spawn(send(file, pieces));
    Body::from_stream(Receiving(body))
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) -> Result<(), ApiError> {
    headers.insert(name, HeaderValue::try_from(value).map_err(ApiError::internal)?);
    Ok(())
}

/// Sends a range of a file. What cannot be read ends it early, which the client sees by the length.
/// Only reading takes a thread, not waiting for a client that is slow.
async fn send(mut rest: Take<File>, pieces: Sender<Bytes>) {
    loop {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            let read = rest.read(&mut piece).unwrap_or(0);
            piece.truncate(read);
            (rest, piece)
        });
        let Ok((file, piece)) = read.await else { return };
        if piece.is_empty() || pieces.send(piece.into()).await.is_err() {
            return;
        }
        rest = file;
    }
}

/// To be saved under its name (RFC 6266, RFC 8187): shown, an HTML file could act in our name.
pub(super) fn disposition(file: &str) -> String {
    named("attachment", file)
}

/// What a browser is to do with a file, and under which name.
fn named(what: &str, file: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encoded = file.bytes().map(|byte| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    format!("{what}; filename*=UTF-8''{}", encoded.collect::<String>())
}

fn media_type(entry: &Entry) -> &'static str {
    let extension =
        documents::file(&entry.path).rsplit('.').next().unwrap_or_default().to_lowercase();
    match (entry.format, extension.as_str()) {
        (Format::Pdf, _) => "application/pdf",
        (Format::Text, _) => "text/plain",
        (Format::Markdown, _) => "text/markdown",
        (Format::Html, _) => "text/html",
        (Format::Csv, _) => "text/csv",
        (Format::Json, _) => "application/json",
        (Format::Epub, _) => "application/epub+zip",
        (Format::Email, _) => "message/rfc822",
        (Format::Docx, _) => {
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        }
        (Format::Pptx, _) => {
            "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        }
        (Format::Workbook, "xlsx") => {
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        }
        (Format::Workbook, "ods") => "application/vnd.oasis.opendocument.spreadsheet",
        (Format::Archive, "zip") => "application/zip",
        (Format::Image, "png") => "image/png",
        (Format::Image, "jpg" | "jpeg") => "image/jpeg",
        _ => "application/octet-stream",
    }
}

/// How a page is drawn.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Drawn {
    /// Pixels per point [default: 1.5]
    #[param(minimum = 0.2, maximum = 4)]
    scale: Option<f32>,
    /// Whether each block that was read gets a frame [default: true]. The page alone is drawn much
    /// faster
    frames: Option<bool>,
}

/// Draw a page of a PDF
///
/// With a frame around each block that was read, unless the page alone is wanted.
#[utoipa::path(
    get,
    path = "/kbs/{kb}/documents/{document}/pages/{page}",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
        ("page" = u32, Path, description = "The page, from 1", minimum = 1),
        Drawn,
    ),
    responses(
        (status = 200, description = "The page", body = Vec<u8>, content_type = "image/png"),
        (status = 304, description = "It is the one that the ETag names"),
    ),
)]
async fn page(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id, number)): Path<(String, String, u32)>,
    Query(drawn): Query<Drawn>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let scale = drawn.scale.unwrap_or(1.5);
    if !(0.2..=4.0).contains(&scale) {
        let error = ApiError::new(Code::InvalidParameter).with("parameter", "scale");
        return Err(error.with("reason", "give a number from 0.2 to 4"));
    }
    let (entry, path) = original(&service, &kb, id).await?;
    if entry.format != Format::Pdf {
        return Err(Code::NotDrawable.into());
    }
    if !(1..=entry.pages).contains(&number) {
        return Err(ApiError::new(Code::PageNotFound).with("pages", entry.pages));
    }
    let picture = Picture { page: number, scale, frames: drawn.frames.unwrap_or(true) };
    let tag = format!("\"{}\"", drawing::tag(&entry, picture));
    let mut about = HeaderMap::new();
    put(&mut about, ETAG, &tag)?;
    put(&mut about, CACHE_CONTROL, "private, no-cache")?;
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    put(&mut about, CONTENT_TYPE, "image/png")?;
    let picture = service.draw(&entry, path, picture).await?;
    Ok((about, picture).into_response())
}
