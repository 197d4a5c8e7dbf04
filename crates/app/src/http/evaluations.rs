//! Evaluations: labelled questions are answered and scored, and the figures kept.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::eval::{calibrate, load_gold, score};
use yuanwen_engine::kb::KnowledgeBase;

use super::access::{ReadKb, WriteKb};
use super::extract::{Json, Path};
use super::feedback::labelled;
use super::tagged::tagged;
use crate::evaluated;
use crate::service::{ApiError, Evaluation, Service, evaluations, rfc3339};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(run, list)).routes(routes!(show))
}

/// More questions are not asked at once.
const MOST: usize = 5000;

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
}

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
    /// The figures of `yuanwen eval --json`: the mean scores, recall by depth, calibration, and in
    /// `rows` each question.
    #[schema(value_type = Object)]
    report: Value,
}

impl Shown {
    fn of(run: Evaluation) -> Self {
        Self { id: run.id, name: run.name, created: rfc3339(run.created), report: run.report }
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
/// What people said of earlier answers does not count in it. A question takes some milliseconds;
/// this is answered when all are done.
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
    Json(new): Json<NewEvaluation>,
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
        let answers = evaluated::ask(kb, asked, false).map_err(ApiError::internal)?;
        let mut report = score(&gold, &answers);
        calibrate(&mut report, &[], &Default::default());
        let report = serde_json::to_value(&report).map_err(ApiError::internal)?;
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
    let evaluations = runs.into_iter().map(|mut run| {
        if let Some(report) = run.report.as_object_mut() {
            report.remove("rows");
        }
        Shown::of(run)
    });
    tagged(&headers, &Evaluations { evaluations: evaluations.collect() })
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
