//! Knowledge bases: listed, made, described, deleted.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::KnowledgeBase;

use super::access::{Admin, AdminKb, From, ReadKb};
use super::extract::{Json, Query};
use super::page::{Paging, page};
use super::tagged::{must_match, tagged};
use crate::service::{
    About, ApiError, Code, KbId, PATTERN, Scope, Service, conversations, evaluations,
};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(show, change, delete))
}

/// A page of the list of knowledge bases.
#[derive(Debug, Serialize, ToSchema)]
struct Kbs {
    kbs: Vec<ListedKb>,
    /// Where the next page begins; null on the last.
    next_cursor: Option<String>,
}

/// A knowledge base as it is listed.
#[derive(Debug, Serialize, ToSchema)]
struct ListedKb {
    /// The id, which is the name of its folder.
    #[schema(example = "reports")]
    id: String,
    /// What people call it.
    name: String,
    /// What people say about it.
    description: String,
}

impl ListedKb {
    fn new(id: &KbId, about: About) -> Self {
        Self { id: id.to_string(), name: about.name, description: about.description }
    }
}

/// A knowledge base.
#[derive(Debug, Serialize, ToSchema)]
struct Kb {
    #[serde(flatten)]
    listed: ListedKb,
    /// How many documents can be searched.
    documents: usize,
    /// How many pages they have.
    pages: u64,
    /// How many passages they have.
    passages: u64,
    /// The size of their files.
    bytes: u64,
    /// The model that compares meanings.
    embedder: String,
    /// The model that orders the best passages once more.
    reranker: Option<String>,
}

impl Kb {
    fn new(id: &KbId, about: About, kb: &KnowledgeBase) -> Result<Self, ApiError> {
        let entries = kb.list()?;
        let (embedder, reranker) = kb.models();
        Ok(Self {
            listed: ListedKb::new(id, about),
            documents: entries.len(),
            pages: entries.iter().map(|entry| u64::from(entry.pages)).sum(),
            passages: entries.iter().map(|entry| u64::from(entry.passages)).sum(),
            bytes: entries.iter().map(|entry| entry.size).sum(),
            embedder,
            reranker,
        })
    }
}

/// What a new knowledge base is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewKb {
    /// The id, which becomes the name of its folder.
    #[schema(pattern = "^[a-z0-9][a-z0-9_-]{0,63}$", example = "reports")]
    id: String,
    /// What people call it.
    #[serde(default)]
    #[schema(max_length = 200)]
    name: String,
    /// What people say about it.
    #[serde(default)]
    #[schema(max_length = 4000)]
    description: String,
}

/// What is to be different about a knowledge base.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangedKb {
    /// What people call it; left as it is without this.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// What people say about it; left as it is without this.
    #[schema(max_length = 4000)]
    description: Option<String>,
}

/// Checks what people say about a knowledge base.
fn checked(about: About) -> Result<About, ApiError> {
    for (field, text, most) in
        [("name", &about.name, 200), ("description", &about.description, 4000)]
    {
        ApiError::at_most(field, text, most)?;
    }
    Ok(about)
}

async fn described(service: &Arc<Service>, id: &KbId) -> Result<Kb, ApiError> {
    let (own, of) = (Arc::clone(service), id.clone());
    let read = move |kb: &KnowledgeBase| Kb::new(&of, own.about(&of)?, kb);
    service.with_kb(id, read).await
}

/// List the knowledge bases that the key may read
#[utoipa::path(
    get,
    path = "/kbs",
    tag = "knowledge bases",
    params(Paging),
    responses((status = 200, description = "A page of the list", body = Kbs)),
)]
async fn list(
    State(service): State<Arc<Service>>,
    From(caller): From,
    Query(paging): Query<Paging>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let own = Arc::clone(&service);
    let read = move || -> Result<Kbs, ApiError> {
        let mut ids = own.registry.ids()?;
        ids.retain(|id| caller.may(Scope::Read, Some(id)));
        let (ids, next_cursor) = page(ids, &paging, KbId::to_string)?;
        let listed = |id: &KbId| Ok(ListedKb::new(id, own.about(id)?));
        let kbs = ids.iter().map(listed).collect::<Result<_, ApiError>>()?;
        Ok(Kbs { kbs, next_cursor })
    };
    tagged(&headers, &service.wait(read).await??)
}

/// Make an empty knowledge base
#[utoipa::path(
    post,
    path = "/kbs",
    tag = "knowledge bases",
    request_body = NewKb,
    responses((status = 201, description = "It was made", body = Kb,
        headers(("Location" = String, description = "Its address")))),
)]
async fn create(
    State(service): State<Arc<Service>>,
    _: Admin,
    Json(new): Json<NewKb>,
) -> Result<Response, ApiError> {
    let NewKb { id, name, description } = new;
    let id = KbId::new(&id).ok_or_else(|| {
        ApiError::new(Code::InvalidBody).with("field", "id").with("pattern", PATTERN)
    })?;
    let about = checked(About { name, description })?;
    let (own, of) = (Arc::clone(&service), id.clone());
    service.wait(move || own.registry.create(&of, &about)).await??;
    let kb = described(&service, &id).await?;
    let location = [(header::LOCATION, format!("/api/v1/kbs/{id}"))];
    Ok((StatusCode::CREATED, location, axum::Json(kb)).into_response())
}

/// Show a knowledge base
#[utoipa::path(
    get,
    path = "/kbs/{kb}",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "Its id")),
    responses((status = 200, description = "The knowledge base", body = Kb)),
)]
async fn show(
    State(service): State<Arc<Service>>,
    ReadKb(id): ReadKb,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    tagged(&headers, &described(&service, &id).await?)
}

/// Change the name or the description of a knowledge base
#[utoipa::path(
    patch,
    path = "/kbs/{kb}",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "Its id")),
    request_body = ChangedKb,
    responses((status = 200, description = "As it is now", body = Kb)),
)]
async fn change(
    State(service): State<Arc<Service>>,
    AdminKb(id): AdminKb,
    headers: HeaderMap,
    Json(changed): Json<ChangedKb>,
) -> Result<Response, ApiError> {
    let before = described(&service, &id).await?;
    must_match(&headers, &before)?;
    let about = checked(About {
        name: changed.name.unwrap_or(before.listed.name),
        description: changed.description.unwrap_or(before.listed.description),
    })?;
    let (own, of) = (Arc::clone(&service), id.clone());
    service.wait(move || own.describe(&of, &about)).await??;
    tagged(&HeaderMap::new(), &described(&service, &id).await?)
}

/// Delete a knowledge base with everything in it
///
/// The files that its documents were read from stay where they are, unless they lie in it.
#[utoipa::path(
    delete,
    path = "/kbs/{kb}",
    tag = "knowledge bases",
    params(("kb" = String, Path, description = "Its id")),
    responses((status = 204, description = "It is gone")),
)]
async fn delete(
    State(service): State<Arc<Service>>,
    AdminKb(id): AdminKb,
) -> Result<StatusCode, ApiError> {
    let own = Arc::clone(&service);
    let delete = move || -> Result<(), ApiError> {
        own.registry.delete(&id)?;
        evaluations::delete_all(&own.database, &id)?;
        conversations::delete_all(&own.database, &id)
    };
    service.wait(delete).await??;
    Ok(StatusCode::NO_CONTENT)
}
