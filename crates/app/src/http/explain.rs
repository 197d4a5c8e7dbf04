//! How a question is read, also with words that are not saved yet.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::answer::AskOptions;
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::lexicon::{Problem, Unsaved};

use super::access::ReadKb;
use super::ask::{Questioned, checked};
use super::extract::Json;
use crate::service::{ApiError, Service};
use crate::understood::{Understood, understood};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(explain))
}

/// A question that is to be explained.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ToExplain {
    /// The question.
    #[schema(
        max_length = 2000,
        pattern = "[^\\s\\u0085]",
        example = "雪岭基站改造后的下行速率是多少？"
    )]
    question: String,
    /// The questions before this one, of which it leaves something out, the latest last.
    #[serde(default)]
    #[schema(max_items = 100)]
    after: Vec<String>,
    /// The date that 去年, 本季度 and the like are counted from: a year, a month or a day
    /// [default: that of the newest document].
    #[schema(
        example = "2023-05-04",
        pattern = "^(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
    )]
    as_of: Option<String>,
    /// Text in place of the synonyms that are saved. Nothing is written.
    synonyms: Option<String>,
    /// Text in place of the dictionary that is saved. Nothing is written.
    dictionary: Option<String>,
}

/// A question as it is read, and what of the words cannot be used.
#[derive(Debug, Serialize, ToSchema)]
struct ExplainedQuestion {
    #[serde(flatten)]
    understood: Understood,
    /// The lines of the words that cannot be used; all others are.
    problems: Vec<LineProblem>,
}

/// A line of the words that cannot be used.
#[derive(Debug, Serialize, ToSchema)]
struct LineProblem {
    /// `synonyms` or `dictionary`.
    file: String,
    /// Its number, from 1; 0 for the text as a whole.
    line: usize,
    /// What is wrong, and what to do.
    message: String,
}

impl LineProblem {
    fn of(problem: &Problem) -> Self {
        let stem = problem.path.file_stem().and_then(|stem| stem.to_str());
        Self {
            file: stem.unwrap_or_default().to_owned(),
            line: problem.line,
            message: problem.what.clone(),
        }
    }
}

/// Explain how a question is read
///
/// As `yuanwen explain`: what counts for what in it, and what each of its terms is worth here. With
/// `synonyms` or `dictionary` as it would be read if they were saved.
#[utoipa::path(
    post,
    path = "/kbs/{kb}/explain",
    tag = "questions",
    params(("kb" = String, Path, description = "The knowledge base")),
    request_body = ToExplain,
    responses((status = 200, description = "The question as it is read", body = ExplainedQuestion)),
)]
async fn explain(
    State(service): State<Arc<Service>>,
    ReadKb(kb): ReadKb,
    Json(wanted): Json<ToExplain>,
) -> Result<Response, ApiError> {
    let as_of = checked(&wanted.question, &wanted.after, wanted.as_of.as_deref())?;
    let asked = Questioned(wanted.question.clone());
    let read = move |kb: &KnowledgeBase| {
        let unsaved = Unsaved {
            synonyms: wanted.synonyms.as_deref(),
            dictionary: wanted.dictionary.as_deref(),
        };
        let lexicon = match unsaved == Unsaved::default() {
            true => kb.lexicon()?,
            false => Arc::new(kb.lexicon_with(unsaved)?),
        };
        let before: Vec<&str> = wanted.after.iter().map(String::as_str).collect();
        let options = AskOptions { as_of, ..AskOptions::default() };
        Ok(ExplainedQuestion {
            understood: understood(kb, &lexicon, &before, &wanted.question, &options)?,
            problems: lexicon.problems().iter().map(LineProblem::of).collect(),
        })
    };
    let explained = service.with_kb(&kb, read).await?;
    let mut response = axum::Json(explained).into_response();
    response.extensions_mut().insert(asked);
    Ok(response)
}
