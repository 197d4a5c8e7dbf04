//! Requests that are repeated with the same `Idempotency-Key`: done once, answered twice
//! (draft-ietf-httpapi-idempotency-key-header).
//!
//! An answer is kept for a day. One that says that the service failed is not: the request may be
//! tried again.

use rusqlite::{OptionalExtension, params};

use super::database::Database;
use super::error::{ApiError, Code};
use super::time::{DAY, now};

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) status: u16,
    /// Names and values, a pair a line.
    pub(crate) headers: String,
    pub(crate) body: Vec<u8>,
}

/// Notes that a request begins. Gives the answer if it was done before.
pub(crate) fn begin(
    database: &Database,
    id: &blake3::Hash,
    request: &blake3::Hash,
) -> Result<Option<Kept>, ApiError> {
    let found = database.write(|change| {
        let sql = "SELECT request, status, headers, body FROM repeats WHERE id = ?1";
        let found = change.prepare_cached(sql)?.query_row([id.as_bytes()], |row| {
            Ok((
                row.get::<_, Vec<u8>>(0)?,
                row.get::<_, Option<u16>>(1)?,
                row.get::<_, Option<String>>(2)?.unwrap_or_default(),
                row.get::<_, Option<Vec<u8>>>(3)?.unwrap_or_default(),
            ))
        });
        let found = found.optional()?;
        if found.is_none() {
            let sql = "INSERT INTO repeats (id, request, at) VALUES (?1, ?2, ?3)";
            change.execute(sql, params![id.as_bytes(), request.as_bytes(), now()])?;
        }
        Ok(found)
    })?;
    match found {
        None => Ok(None),
        Some((first, ..)) if first != request.as_bytes() => Err(Code::IdempotencyMismatch.into()),
        Some((_, Some(status), headers, body)) => Ok(Some(Kept { status, headers, body })),
        Some((_, None, ..)) => Err(Code::IdempotencyRunning.into()),
    }
}

/// Keeps the answer of a request that has begun.
pub(crate) fn finish(database: &Database, id: &blake3::Hash, kept: &Kept) -> Result<(), ApiError> {
    let Kept { status, headers, body } = kept;
    let sql = "UPDATE repeats SET status = ?2, headers = ?3, body = ?4 WHERE id = ?1";
    database.write(|change| change.execute(sql, params![id.as_bytes(), status, headers, body]))?;
    Ok(())
}

/// Forgets a request, which may then be tried again.
pub(crate) fn forget(database: &Database, id: &blake3::Hash) -> Result<(), ApiError> {
    database
        .write(|change| change.execute("DELETE FROM repeats WHERE id = ?1", [id.as_bytes()]))?;
    Ok(())
}

/// Forgets the requests that a server which ended did not finish.
pub(crate) fn forget_unfinished(database: &Database) -> Result<(), ApiError> {
    database.write(|change| change.execute("DELETE FROM repeats WHERE status IS NULL", []))?;
    Ok(())
}

/// Forgets the requests of more than a day ago.
pub(crate) fn expire(database: &Database) -> Result<(), ApiError> {
    database.write(|change| change.execute("DELETE FROM repeats WHERE at < ?1", [now() - DAY]))?;
    Ok(())
}
