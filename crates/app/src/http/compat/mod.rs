//! Interfaces that other programs know already, over the same questions and documents.
//!
//! OpenAI's (`/v1`: models, embeddings, chat completions, search in a vector store), reranking as
//! Jina and Cohere have it, and Dify's external knowledge. What they call a model, a vector store or
//! a knowledge id is here a knowledge base: its id, or `yuanwen` for the only one. Fields that mean
//! nothing here (temperature, tools, …) are taken and ignored; what would change the result and
//! cannot be had is refused.

mod chat;
mod dify;
mod embeddings;
mod error;
mod filter;
mod models;
mod rerank;
mod said;
mod vector_stores;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

use crate::service::{ApiError, Caller, Code, KbId, LONGEST, Scope, Service};

pub(super) use error::{DifyError, OpenAiError, schema, shaped};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .merge(models::routes())
        .merge(embeddings::routes())
        .merge(chat::routes())
        .merge(vector_stores::routes())
        .merge(rerank::routes())
        .merge(dify::routes())
}

/// What the only knowledge base may be called.
const ONLY: &str = "yuanwen";

/// The knowledge bases that a caller may read.
fn readable(service: &Service, caller: &Caller) -> Result<Vec<KbId>, ApiError> {
    let mut kbs = service.registry.ids()?;
    kbs.retain(|kb| caller.may(Scope::Read, Some(kb)));
    Ok(kbs)
}

/// The knowledge base that a name means, for a caller who may read it. That one exists is not told
/// to those who may not.
fn named(
    service: &Service,
    caller: &Caller,
    field: &'static str,
    name: &str,
) -> Result<KbId, ApiError> {
    let mut kbs = readable(service, caller)?;
    let own = kbs.iter().position(|kb| kb.as_str() == name);
    if let Some(at) = own.or((name == ONLY && kbs.len() == 1).then_some(0)) {
        return Ok(kbs.swap_remove(at));
    }
    if let Some(id) = KbId::new(name).filter(|_| name != ONLY || kbs.is_empty()) {
        caller.must(Scope::Read, Some(&id))?;
    }
    let ids: Vec<&str> = kbs.iter().map(KbId::as_str).collect();
    let reason = format!("{name:?} is none of {}", ids.join(", "));
    Err(ApiError::new(Code::KbNotFound).with("field", field).with("reason", reason))
}

/// A question that can be asked.
fn question<'a>(field: &str, text: &'a str) -> Result<&'a str, ApiError> {
    if text.trim().is_empty() {
        return Err(ApiError::field(field, "it is empty"));
    }
    ApiError::at_most(field, text, LONGEST)?;
    Ok(text)
}

/// How much text that is: its characters. There are no tokens that all models here share.
fn amount<'a>(texts: impl IntoIterator<Item = &'a str>) -> usize {
    texts.into_iter().map(|text| text.chars().count()).sum()
}
