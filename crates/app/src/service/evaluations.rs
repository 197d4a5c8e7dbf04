//! Runs of labelled questions, and what came out.

use rusqlite::{OptionalExtension, Row, params};
use serde_json::Value;

use super::database::Database;
use super::{ApiError, Code, KbId, now, random_id};

/// So many runs of a knowledge base are kept.
const KEPT: usize = 200;

/// A run.
#[derive(Debug, Clone)]
pub(crate) struct Evaluation {
    pub(crate) id: String,
    pub(crate) name: String,
    /// When it was run, in milliseconds since 1970.
    pub(crate) created: i64,
    /// All its figures.
    pub(crate) report: Value,
}

/// Keeps a run; the oldest go.
pub(crate) fn keep(
    database: &Database,
    kb: &KbId,
    name: &str,
    report: Value,
) -> Result<Evaluation, ApiError> {
    let id = random_id("eval")?;
    let run = Evaluation { id, name: name.to_owned(), created: now(), report };
    database.write(|transaction| {
        let sql = "INSERT INTO evaluations VALUES (?1, ?2, ?3, ?4, ?5)";
        let report = run.report.to_string();
        transaction.execute(sql, params![run.id, kb.as_str(), run.name, run.created, report])?;
        let sql = "DELETE FROM evaluations WHERE kb = ?1 AND id NOT IN
            (SELECT id FROM evaluations WHERE kb = ?1 ORDER BY created DESC, id LIMIT ?2)";
        transaction.execute(sql, params![kb.as_str(), KEPT as i64]).map(drop)
    })?;
    Ok(run)
}

/// The runs of a knowledge base, the latest first, without their questions.
pub(crate) fn list(database: &Database, kb: &KbId) -> Result<Vec<Evaluation>, ApiError> {
    database.read(|connection| {
        let sql = "SELECT id, name, created, json_remove(report, '$.rows') FROM evaluations
            WHERE kb = ?1 ORDER BY created DESC, id";
        connection.prepare_cached(sql)?.query_map([kb.as_str()], evaluation)?.collect()
    })
}

/// One run.
pub(crate) fn find(database: &Database, kb: &KbId, id: &str) -> Result<Evaluation, ApiError> {
    let found = database.read(|connection| {
        let sql = "SELECT id, name, created, report FROM evaluations WHERE kb = ?1 AND id = ?2";
        connection.prepare_cached(sql)?.query_row([kb.as_str(), id], evaluation).optional()
    })?;
    found.ok_or_else(|| Code::EvaluationNotFound.into())
}

/// Deletes a run.
pub(crate) fn delete(database: &Database, kb: &KbId, id: &str) -> Result<(), ApiError> {
    let sql = "DELETE FROM evaluations WHERE kb = ?1 AND id = ?2";
    match database.write(|change| change.execute(sql, params![kb.as_str(), id]))? {
        0 => Err(Code::EvaluationNotFound.into()),
        _ => Ok(()),
    }
}

/// Deletes the runs of a knowledge base that is deleted.
pub(crate) fn delete_all(database: &Database, kb: &KbId) -> Result<(), ApiError> {
    let sql = "DELETE FROM evaluations WHERE kb = ?1";
    database.write(|change| change.execute(sql, [kb.as_str()])).map(drop)
}

fn evaluation(row: &Row<'_>) -> rusqlite::Result<Evaluation> {
    Ok(Evaluation {
        id: row.get(0)?,
        name: row.get(1)?,
        created: row.get(2)?,
        report: serde_json::from_str(&row.get::<_, String>(3)?).unwrap_or_default(),
    })
}
