//! Evaluations: labelled questions are answered and scored, and the figures kept.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::answer::AskOptions;
use yuanwen_engine::eval::{self, Report, Row, calibrate, load_gold, score};
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::retrieve::Models;

use super::access::{ReadKb, WriteKb};
use super::extract::{Json, Path};
use super::feedback::labelled;
use super::tagged::tagged;
use crate::evaluated;
use crate::service::{ApiError, Evaluation, Service, evaluations, rfc3339};
use crate::shapes;

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    let run = OpenApiRouter::new().routes(routes!(run)).layer(DefaultBodyLimit::max(MOST_BYTES));
    run.routes(routes!(list)).routes(routes!(show, delete)).routes(routes!(compare))
}

/// More questions are not asked at once.
const MOST: usize = 5000;
/// So large they may be with their labels, in bytes.
const MOST_BYTES: usize = 16 << 20;

/// What is to be asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewEvaluation {
    /// What people call it.
    #[serde(default)]
    #[schema(max_length = 200)]
    name: String,
    /// The labelled questions, one JSON object a line, as `yuanwen eval --gold` takes them; left out
    /// for those that were made of confirmed answers.
    #[schema(
        example = "{\"id\": 1, \"question\": \"…\", \"blocks\": [{\"doc\": \"…\", \"text\": \"…\"}]}"
    )]
    questions: Option<String>,
    /// How they are to be answered.
    #[serde(default)]
    options: Options,
}

/// How labelled questions are answered.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = EvaluationOptions)]
struct Options {
    /// Whether what people said of earlier answers counts.
    #[schema(default = false)]
    rated: bool,
    /// Whether meanings are compared by vectors too.
    #[schema(default = true)]
    embedder: bool,
    /// Whether the reranker, where the knowledge base has one, takes part.
    #[schema(default = true)]
    reranker: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { rated: false, embedder: true, reranker: true }
    }
}

impl Options {
    fn asking(self) -> AskOptions {
        let models = Models { embedder: self.embedder, reranker: self.reranker };
        AskOptions { rated: self.rated, models, ..AskOptions::default() }
    }
}

/// Under which the options stand in a stored report.
const OPTIONS: &str = "options";

/// An evaluation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Evaluation)]
struct Shown {
    /// Its id.
    id: String,
    /// What people call it.
    name: String,
    /// When it was run.
    #[schema(format = DateTime)]
    created: String,
    /// How its questions were answered.
    options: Options,
    /// The figures of `yuanwen eval --json`: the mean scores, recall by depth, calibration, and in
    /// `rows` each question.
    #[schema(value_type = Object)]
    report: Value,
}

impl Shown {
    fn of(run: Evaluation) -> Self {
        let Evaluation { id, name, created, mut report } = run;
        // Those that were run before there were options were run with the usual ones.
        let options = report.as_object_mut().and_then(|report| report.remove(OPTIONS));
        let options = options.and_then(|options| serde_json::from_value(options).ok());
        let (created, options) = (rfc3339(created), options.unwrap_or_default());
        Self { id, name, created, options, report }
    }
}

/// The evaluations of a knowledge base.
#[derive(Debug, Serialize, ToSchema)]
struct Evaluations {
    /// The latest first, without their questions.
    evaluations: Vec<Shown>,
}

/// Run an evaluation
///
/// A question takes some milliseconds; this is answered when all are done.
#[utoipa::path(
    post,
    path = "/kbs/{kb}/evaluations",
    tag = "evaluations",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body = NewEvaluation,
    responses((status = 201, description = "The figures", body = Shown,
        headers(("Location" = String, description = "Its address")))),
)]
async fn run(
    State(service): State<Arc<Service>>,
    WriteKb(id): WriteKb,
    Json(new): Json<NewEvaluation, MOST_BYTES>,
) -> Result<Response, ApiError> {
    let (own, of) = (Arc::clone(&service), id.clone());
    let run = move |kb: &KnowledgeBase| {
        let wrong = |reason: String| ApiError::field("questions", reason);
        let questions = new.questions.map_or_else(|| labelled(kb), Ok)?;
        let gold = load_gold(questions.as_bytes()).map_err(|error| wrong(error.to_string()))?;
        let asked: Vec<_> = gold.iter().filter(|question| !question.blocks.is_empty()).collect();
        match asked.len() {
            0 => return Err(wrong("there are no labelled questions in it".to_owned())),
            1..=MOST => {}
            _ => return Err(wrong(format!("more than {MOST} questions"))),
        }
        // What took part is kept, not what would have if it were there.
        let reranker = new.options.reranker && kb.models().1.is_some();
        let options = Options { reranker, ..new.options };
        let answers = evaluated::ask(kb, asked, false, &options.asking());
        let answers = answers.map_err(ApiError::internal)?;
        let mut report = score(&gold, &answers);
        calibrate(&mut report, &[], &Default::default());
        let mut report = serde_json::to_value(&report).map_err(ApiError::internal)?;
        report[OPTIONS] = serde_json::to_value(options).map_err(ApiError::internal)?;
        evaluations::keep(&own.database, &of, &new.name, report)
    };
    let run = service.change_kb(&id, run).await?;
    let location = [(header::LOCATION, format!("/api/v1/kbs/{id}/evaluations/{}", run.id))];
    Ok((StatusCode::CREATED, location, axum::Json(Shown::of(run))).into_response())
}

/// List the evaluations of a knowledge base
#[utoipa::path(
    get,
    path = "/kbs/{kb}/evaluations",
    tag = "evaluations",
    params(("kb" = String, Path, description = "The knowledge base")),
    responses((status = 200, description = "The evaluations", body = Evaluations)),
)]
async fn list(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let own = Arc::clone(&service);
    let list = move || {
        own.registry.dir(&kb)?;
        evaluations::list(&own.database, &kb)
    };
    let runs = service.wait(list).await??;
    let evaluations = runs.into_iter().map(Shown::of).collect();
    tagged(&headers, &Evaluations { evaluations })
}

/// Show an evaluation
#[utoipa::path(
    get,
    path = "/kbs/{kb}/evaluations/{evaluation}",
    tag = "evaluations",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("evaluation" = String, Path, description = "Its id"),
    ),
    responses((status = 200, description = "The figures", body = Shown)),
)]
async fn show(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let own = Arc::clone(&service);
    let find = move || {
        own.registry.dir(&kb)?;
        evaluations::find(&own.database, &kb, &id)
    };
    let run = service.wait(find).await??;
    tagged(&headers, &Shown::of(run))
}

/// Delete an evaluation
#[utoipa::path(
    delete,
    path = "/kbs/{kb}/evaluations/{evaluation}",
    tag = "evaluations",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("evaluation" = String, Path, description = "Its id"),
    ),
    responses((status = 204, description = "It is gone")),
)]
async fn delete(
    State(service): State<Arc<Service>>,
    WriteKb(kb): WriteKb,
    Path((_, id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let own = Arc::clone(&service);
    let delete = move || {
        own.registry.dir(&kb)?;
        evaluations::delete(&own.database, &kb, &id)
    };
    service.wait(delete).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Compare an evaluation with another one, question by question
///
/// `before` are the figures of the other one. The interval is a bootstrap's.
#[utoipa::path(
    get,
    path = "/kbs/{kb}/evaluations/{evaluation}/compare/{other}",
    tag = "evaluations",
    params(
        ("kb" = String, Path, description = "The knowledge base"),
        ("evaluation" = String, Path, description = "Its id"),
        ("other" = String, Path, description = "The id of the one before"),
    ),
    responses((status = 200, description = "How they differ", body = shapes::Comparison)),
)]
async fn compare(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Path((_, id, other)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let own = Arc::clone(&service);
    let compare = move || -> Result<_, ApiError> {
        own.registry.dir(&kb)?;
        let run = evaluations::find(&own.database, &kb, &id)?;
        let other = evaluations::find(&own.database, &kb, &other)?;
        Ok(eval::compare(&scores(&run.report), &scores(&other.report)))
    };
    tagged(&headers, &service.wait(compare).await??)
}

/// What a comparison needs of a stored report.
fn scores(report: &Value) -> Report {
    let row = |row: &Value| {
        Some(Row {
            id: row["id"].as_i64()?,
            question: row["question"].as_str().unwrap_or_default().to_owned(),
            score: row["score"].as_f64()?,
            // Reports that were stored without it weigh all questions alike.
            difficulty: row["difficulty"].as_f64().unwrap_or(1.0),
            ..Row::default()
        })
    };
    let rows = report["rows"].as_array().into_iter().flatten().filter_map(row);
    Report { rows: rows.collect(), ..Report::default() }
}
