//! Uploads: streamed to the disk, acknowledged when they are durable, read afterwards.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::KnowledgeBase;

use super::access::{ReadKb, WriteKb};
use super::documents::{Document, Progress};
use super::extract::{Path, Query};
use super::page::limit;
use super::tagged::tagged;
use crate::service::{ApiError, Code, KbId, Service, documents, now, rfc3339};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    let upload = OpenApiRouter::new().routes(routes!(upload)).layer(DefaultBodyLimit::disable());
    upload.routes(routes!(queue)).routes(routes!(again))
}

/// So many pieces of an upload wait for the disk.
const PIECES: usize = 16;
/// A piece may take so long to come.
const SLOWEST: Duration = Duration::from_secs(30);

/// What was accepted.
#[derive(Debug, Serialize, ToSchema)]
struct Accepted {
    /// The documents, which are read next.
    documents: Vec<Document>,
}

/// How an upload is called.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Named {
    /// The path of the document, folders separated by slashes [default: the time]; of a form the
    /// folder that its files go to
    #[param(
        max_length = 1024,
        pattern = "^[^/\\\\\\x00-\\x1f\\x7f-\\x9f]*[^/\\\\\\x00-\\x1f\\x7f-\\x9f.\\s][^/\\\\\\x00-\\x1f\\x7f-\\x9f]*([/\\\\][^/\\\\\\x00-\\x1f\\x7f-\\x9f]*[^/\\\\\\x00-\\x1f\\x7f-\\x9f.\\s][^/\\\\\\x00-\\x1f\\x7f-\\x9f]*)*$",
        example = "2023/年度报告.pdf"
    )]
    name: Option<String>,
}

/// Upload files
///
/// The file is the body, and `name` says what it is called; or the body is a form
/// (`multipart/form-data`) of any number of files. Each becomes a document, or the next version of
/// the document of that path. This is answered when they are on the disk for good; then they are
/// read one after the other, and `state` says how far each has come. Archives are unpacked.
#[utoipa::path(
    post,
    path = "/kbs/{kb}/documents",
    tag = "documents",
    params(("kb" = String, Path, description = "The knowledge base"), Named),
    request_body(description = "The file, or a form of files", content(
        (Vec<u8> = "application/octet-stream"),
        (Form = "multipart/form-data"),
    )),
    responses((status = 202, description = "They are accepted", body = Accepted)),
)]
async fn upload(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    Query(Named { name }): Query<Named>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    if request.body().size_hint().exact() == Some(0) {
        return Err(Code::EmptyBody.into());
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let documents = match kind.starts_with("multipart/form-data") {
        true => form(&service, &kb, name.as_deref(), request).await?,
        false => {
            let name = name.unwrap_or_else(|| format!("upload {}", rfc3339(now())));
            vec![whole(&service, &kb, name, request.into_body()).await?]
        }
    };
    service.waker.wake();
    Ok((StatusCode::ACCEPTED, axum::Json(Accepted { documents })).into_response())
}

/// A form of files.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it describes what is read piece by piece")]
struct Form {
    /// The files.
    #[schema(min_items = 1)]
    file: Vec<FormFile>,
}

/// A file of a form, with its name.
#[derive(Deserialize, ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code, reason = "it describes what is read piece by piece")]
struct FormFile(String);

/// Takes the body as one file.
async fn whole(
    service: &Arc<Service>,
    kb: &KbId,
    name: String,
    mut body: Body,
) -> Result<Document, ApiError> {
    let (pieces, incoming) = channel(PIECES);
    let send = async move {
        while let Some(frame) = next(body.frame(), &pieces).await? {
            let Ok(frame) = frame.map_err(io::Error::other)?.into_data() else { continue };
            if !frame.is_empty() && pieces.send(Ok(frame)).await.is_err() {
                break;
            }
        }
        end(&pieces).await;
        io::Result::Ok(())
    };
    accept(service, kb, name, incoming, send).await
}

/// Takes each file of a form.
async fn form(
    service: &Arc<Service>,
    kb: &KbId,
    folder: Option<&str>,
    request: Request,
) -> Result<Vec<Document>, ApiError> {
    let wrong = |reason: String| ApiError::new(Code::InvalidForm).with("reason", reason);
    let form = Multipart::from_request(request, service).await;
    let mut form = form.map_err(|rejection| wrong(rejection.body_text()))?;
    let mut documents = Vec::new();
    loop {
        let field = timeout(SLOWEST, form.next_field()).await;
        let field = field.map_err(|_| ApiError::new(Code::RequestTimeout))?;
        let Some(field) = field.map_err(|error| wrong(error.body_text()))? else { break };
        let Some(file) = field.file_name().filter(|name| !name.is_empty()) else { continue };
        let name = match folder.filter(|folder| !folder.is_empty()) {
            Some(folder) => format!("{}/{file}", folder.trim_end_matches('/')),
            None => file.to_owned(),
        };
        documents.push(part(service, kb, name, field).await?);
    }
    match documents.is_empty() {
        true => Err(wrong("it has no file".to_owned())),
        false => Ok(documents),
    }
}

async fn part(
    service: &Arc<Service>,
    kb: &KbId,
    name: String,
    mut field: Field<'_>,
) -> Result<Document, ApiError> {
    let (pieces, incoming) = channel(PIECES);
    let send = async move {
        while let Some(piece) = next(field.chunk(), &pieces).await?.transpose() {
            let piece = piece.map_err(io::Error::other)?;
            if !piece.is_empty() && pieces.send(Ok(piece)).await.is_err() {
                break;
            }
        }
        end(&pieces).await;
        io::Result::Ok(())
    };
    accept(service, kb, name, incoming, send).await
}

/// What comes next, if it comes in time; if not, the file that it would belong to is given up.
async fn next<T>(
    piece: impl Future<Output = T>,
    pieces: &Sender<io::Result<Bytes>>,
) -> io::Result<T> {
    match timeout(SLOWEST, piece).await {
        Ok(piece) => Ok(piece),
        Err(_) => {
            let _ = pieces.send(Err(io::ErrorKind::TimedOut.into())).await;
            Err(io::ErrorKind::TimedOut.into())
        }
    }
}

/// Says that all pieces have come, by an empty one. Without it whoever reads them could not tell an
/// upload that is complete from one whose connection broke or that somebody has cancelled.
async fn end(pieces: &Sender<io::Result<Bytes>>) {
    let _ = pieces.send(Ok(Bytes::new())).await;
}

/// Lets the engine take a file while its pieces come.
async fn accept(
    service: &Arc<Service>,
    kb: &KbId,
    name: String,
    incoming: Receiver<io::Result<Bytes>>,
    send: impl Future<Output = io::Result<()>>,
) -> Result<Document, ApiError> {
    let most = service.settings.upload_limit;
    let accept = move |kb: &KnowledgeBase| {
        let mut content = Incoming { pieces: incoming, piece: Bytes::new(), ended: false };
        let job = kb.accept(&name, &mut content, most)?;
        Ok(Document::of(&kb.document(job.document)?))
    };
    let (accepted, sent) = tokio::join!(service.change_kb(kb, accept), send);
    match sent {
        Err(error) if error.kind() == io::ErrorKind::TimedOut => Err(Code::RequestTimeout.into()),
        Err(_) => Err(Code::BodyCutOff.into()),
        Ok(()) => accepted,
    }
}

/// The pieces of an upload as a file that is read.
struct Incoming {
    pieces: Receiver<io::Result<Bytes>>,
    piece: Bytes,
    /// Whether the last piece has come.
    ended: bool,
}

impl io::Read for Incoming {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() && !self.ended {
            match self.pieces.blocking_recv() {
                Some(piece) => self.piece = piece?,
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
            self.ended = self.piece.is_empty();
        }
        let taken = self.piece.split_to(to.len().min(self.piece.len()));
        to[..taken.len()].copy_from_slice(&taken);
        Ok(taken.len())
    }
}

/// A page of the queue.
#[derive(Debug, Serialize, ToSchema)]
struct Queue {
    /// How many files wait or are being read.
    waiting: usize,
    /// The jobs, the latest first; those that are done are listed for a week.
    jobs: Vec<Job>,
}

/// A file that was accepted.
#[derive(Debug, Serialize, ToSchema)]
struct Job {
    /// Its number.
    id: String,
    /// The document that it becomes or changes.
    document: String,
    /// The document's path.
    path: String,
    /// The size of the file.
    bytes: u64,
    /// How far it has come.
    state: Progress,
    /// Why it could not be read, or what of it.
    problem: Option<String>,
    /// How many times reading it was begun.
    attempts: u32,
    /// When it was accepted.
    #[schema(format = DateTime)]
    accepted: String,
    /// When it was read or given up.
    #[schema(format = DateTime)]
    finished: Option<String>,
}

impl Job {
    fn of(job: yuanwen_engine::store::Job) -> Self {
        Self {
            id: job.job.to_string(),
            document: job.document.to_string(),
            state: Progress::of(job.state),
            accepted: rfc3339(job.accepted),
            finished: job.finished.map(rfc3339),
            path: job.path,
            bytes: job.size,
            problem: job.problem,
            attempts: job.attempts,
        }
    }
}

/// How much of the queue.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Listed {
    /// How many jobs to give at most [default: 50]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// Show what waits to be read
#[utoipa::path(
    get,
    path = "/kbs/{kb}/queue",
    tag = "documents",
    params(("kb" = String, Path, description = "The knowledge base"), Listed),
    responses((status = 200, description = "The queue", body = Queue)),
)]
async fn queue(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Query(listed): Query<Listed>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let most = limit(listed.limit)?;
    let read = move |kb: &KnowledgeBase| {
        let jobs = kb.jobs(most)?.into_iter().map(Job::of).collect();
        Ok(Queue { waiting: kb.waiting()?, jobs })
    };
    tagged(&headers, &service.with_kb(&kb, read).await?)
}

/// Read a document again
///
/// For one that could not be read, or was read by an earlier version of this program.
#[utoipa::path(
    post,
    path = "/kbs/{kb}/documents/{document}/read",
    tag = "documents",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("document" = String, Path, description = "The document's id"),
    ),
    responses((status = 202, description = "It waits to be read", body = Document)),
)]
async fn again(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let again = move |kb: &KnowledgeBase| {
        let document = documents::status(kb, &id)?.known.document;
        kb.read_again(document)?;
        Ok(Document::of(&kb.document(document)?))
    };
    let document = service.change_kb(&kb, again).await?;
    service.waker.wake();
    Ok((StatusCode::ACCEPTED, axum::Json(document)).into_response())
}
