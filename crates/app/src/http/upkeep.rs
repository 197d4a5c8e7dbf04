//! Keeping a knowledge base: the same as a folder of the server, verified, backed up.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::thread;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::{AddOptions, KnowledgeBase, Report};

use super::access::{AdminKb, WriteKb};
use super::content::{disposition, streamed};
use super::extract::Json;
use super::tagged::tagged;
use crate::service::{ApiError, Code, Service, random_id};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(synchronise)).routes(routes!(check)).routes(routes!(backup))
}

/// What to synchronise with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Folder {
    /// The path of a folder on the server, one that `--allow-folder` names or below it.
    #[schema(example = "/srv/documents")]
    folder: String,
}

/// What a run did.
#[derive(Debug, Serialize, ToSchema)]
struct Synchronised {
    /// How many documents are new.
    added: usize,
    /// How many have a new content.
    updated: usize,
    /// How many are the same as before.
    unchanged: usize,
    /// The paths of documents whose files are gone; they can be restored for a time.
    removed: Vec<String>,
    /// Documents whose files were renamed or moved.
    moved: Vec<Moved>,
    /// What was not taken.
    skipped: Vec<NotTaken>,
    /// How long it took.
    seconds: f64,
}

/// A document whose file was renamed or moved.
#[derive(Debug, Serialize, ToSchema)]
struct Moved {
    from: String,
    to: String,
}

/// A file that was not taken.
#[derive(Debug, Serialize, ToSchema)]
struct NotTaken {
    path: String,
    /// Why.
    reason: String,
}

impl Synchronised {
    fn of(report: Report) -> Self {
        let moved = report.moved.into_iter().map(|(from, to)| Moved { from, to });
        let skipped = report.skipped.into_iter().map(|skipped| NotTaken {
            path: skipped.path.display().to_string(),
            reason: skipped.because.to_string(),
        });
        Self {
            added: report.added,
            updated: report.updated,
            unchanged: report.unchanged,
            removed: report.removed,
            moved: moved.collect(),
            skipped: skipped.collect(),
            seconds: report.seconds,
        }
    }
}

/// Make a knowledge base the same as a folder of the server
///
/// New and changed files are read, those that were moved stay the same documents, those that are
/// gone are removed. This is answered when all is done.
#[utoipa::path(
    post,
    path = "/kbs/{kb}/sync",
    tag = "documents",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body = Folder,
    responses((status = 200, description = "What was done", body = Synchronised)),
)]
async fn synchronise(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    Json(Folder { folder }): Json<Folder>,
) -> Result<Response, ApiError> {
    let own = Arc::clone(&service);
    let run = move |kb: &KnowledgeBase| {
        let folder = allowed(&own, FilePath::new(&folder))?;
        let threads = thread::available_parallelism().map_or(1, usize::from).saturating_sub(1);
        let options = AddOptions {
            threads: Some(threads.max(1)),
            prune: true,
            reading: own.settings.reading.clone(),
            ..AddOptions::default()
        };
        Ok(Synchronised::of(kb.add(&[folder], &options, &mut |_| {})?))
    };
    tagged(&HeaderMap::new(), &service.change_kb(&kb, run).await?)
}

/// A folder that may be read, with all links resolved: a link must not lead out of it. That one is
/// not there is not told to those who may not read it.
fn allowed(service: &Service, folder: &FilePath) -> Result<PathBuf, ApiError> {
    let found = fs::canonicalize(folder).ok().filter(|found| {
        let mut roots = service.settings.folders.iter();
        folder.is_absolute() && found.is_dir() && roots.any(|root| found.starts_with(root))
    });
    found.ok_or_else(|| Code::FolderNotAllowed.into())
}

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
struct Checked {
    /// How many documents there are.
    documents: usize,
    /// How many passages.
    passages: u64,
    /// What was wrong and has been put right.
    repaired: Vec<String>,
    /// What is wrong still.
    problems: Vec<String>,
}

/// Verify a knowledge base, and repair what can be repaired
///
/// The catalogue, the originals, the full-text index and the vectors are compared with each other.
#[utoipa::path(
    post,
    path = "/kbs/{kb}/check",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "The knowledge base")),
    responses((status = 200, description = "What was found", body = Checked)),
)]
async fn check(
    State(service): State<Arc<Service>>,
    AdminKb(kb): AdminKb,
) -> Result<Response, ApiError> {
    let check = |kb: &KnowledgeBase| {
        let report = kb.check()?;
        Ok(Checked {
            documents: report.documents,
            passages: report.passages,
            repaired: report.repaired,
            problems: report.problems,
        })
    };
    tagged(&HeaderMap::new(), &service.change_kb(&kb, check).await?)
}

/// Send a backup of a knowledge base
///
/// One file with the catalogue as it is at this moment, the originals, the words and the vectors;
/// `yuanwen restore` makes a knowledge base of it. Questions are answered meanwhile.
#[utoipa::path(
    get,
    path = "/kbs/{kb}/backup",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "The knowledge base")),
    responses((status = 200, description = "The backup", body = Vec<u8>,
        content_type = "application/zip")),
)]
async fn backup(
    State(service): State<Arc<Service>>,
    AdminKb(kb): AdminKb,
) -> Result<Response, ApiError> {
    let (dir, name) = (service.registry.dir(&kb)?, format!("{kb}.zip"));
    let made = move |kb: &KnowledgeBase| {
        let path = dir.join(format!(".{}.zip", random_id("backup")?));
        let made = kb.backup(&path);
        let opened = File::open(&path);
        // The open file is all that is needed of it, whatever becomes of the connection.
        let _ = fs::remove_file(&path);
        made?;
        opened.map_err(ApiError::internal)
    };
    let file = service.change_kb(&kb, made).await?;
    let length = file.metadata().map_err(ApiError::internal)?.len();
    let disposition = HeaderValue::try_from(disposition(&name)).map_err(ApiError::internal)?;
    let about: [(HeaderName, HeaderValue); 4] = [
        (CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (CONTENT_LENGTH, HeaderValue::from(length)),
        (CONTENT_DISPOSITION, disposition),
    ];
    Ok((about, streamed(file.take(length))).into_response())
}
