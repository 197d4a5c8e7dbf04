//! The audit log, the latest first.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::Admin;
use super::extract::Query;
use super::page::{Paging, cursor, limit, place};
use crate::service::{ApiError, Code, Line, Service, audit, rfc3339};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A page of the audit log.
#[derive(Debug, Serialize, ToSchema)]
struct AuditLog {
    entries: Vec<Entry>,
    /// Where the next page begins; null on the last.
    next_cursor: Option<String>,
}

/// What somebody did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
struct Entry {
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// The request's id.
    request: String,
    /// The id of the key.
    key: Option<String>,
    /// From which address.
    address: String,
    /// Method and route.
    #[schema(example = "DELETE /api/v1/kbs/{kb}")]
    action: String,
    /// The address that was asked for.
    path: String,
    /// The status that was answered.
    status: u16,
    /// What was asked.
    question: Option<String>,
}

impl Entry {
    fn of(line: Line) -> Self {
        let Line { at, request, key, address, action, path, status, question } = line;
        Self { at: rfc3339(at), request, key, address, action, path, status, question }
    }
}

/// Show the audit log, the latest first
#[utoipa::path(
    get,
    path = "/audit",
    tag = "administration",
    params(Paging),
    responses((status = 200, description = "A page of the log", body = AuditLog)),
)]
async fn list(
    State(service): State<Arc<Service>>,
    _: Admin,
    Query(paging): Query<Paging>,
) -> Result<Json<AuditLog>, ApiError> {
    let most = limit(paging.limit)?;
    let before = match paging.cursor.as_deref().map(place).transpose()? {
        Some(place) => place.parse().map_err(|_| ApiError::new(Code::InvalidCursor))?,
        None => i64::MAX,
    };
    let own = Arc::clone(&service);
    let mut lines = service.wait(move || audit::list(&own.database, before, most + 1)).await??;
    let is_last = lines.len() <= most;
    lines.truncate(most);
    let next_cursor = match lines.last() {
        Some((nth, _)) if !is_last => Some(cursor(&nth.to_string())),
        _ => None,
    };
    let entries = lines.into_iter().map(|(_, line)| Entry::of(line)).collect();
    Ok(Json(AuditLog { entries, next_cursor }))
}
