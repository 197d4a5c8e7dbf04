//! `GET /v1/models`: knowledge bases as models (OpenAI API reference, "Models").

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{ONLY, named, readable};
use crate::http::access::From;
use crate::http::extract::Path;
use crate::service::{ApiError, KbId, Service};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenAiModels)]
struct Models {
    /// `list`.
    object: &'static str,
    data: Vec<Model>,
}

/// A knowledge base that answers as a model does.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenAiModel)]
struct Model {
    id: String,
    /// `model`.
    object: &'static str,
    /// 0: nobody asks when a knowledge base was made.
    created: u64,
    owned_by: &'static str,
}

impl Model {
    fn new(id: &str) -> Self {
        Self { id: id.to_owned(), object: "model", created: 0, owned_by: ONLY }
    }
}

/// List the knowledge bases as models
///
/// `yuanwen` is among them where there is but one.
#[utoipa::path(
    get,
    path = "/v1/models",
    tag = "openai",
    responses((status = 200, description = "The models", body = Models)),
)]
async fn list(
    State(service): State<Arc<Service>>,
    From(caller): From,
) -> Result<Json<Models>, ApiError> {
    let kbs = readable(&service, &caller)?;
    let mut ids: Vec<&str> = kbs.iter().map(KbId::as_str).collect();
    if ids.len() == 1 && ids[0] != ONLY {
        ids.push(ONLY);
    }
    let data = ids.into_iter().map(Model::new).collect();
    Ok(Json(Models { object: "list", data }))
}

/// Show a knowledge base as a model
#[utoipa::path(
    get,
    path = "/v1/models/{model}",
    tag = "openai",
    params(("model" = String, Path, description = "The id of a knowledge base, or `yuanwen`")),
    responses((status = 200, description = "The model", body = Model)),
)]
async fn show(
    State(service): State<Arc<Service>>,
    From(caller): From,
    Path(model): Path<String>,
) -> Result<Json<Model>, ApiError> {
    named(&service, &caller, "model", &model)?;
    Ok(Json(Model::new(&model)))
}
