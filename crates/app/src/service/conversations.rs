//! Conversations: questions that leave out what was said before.
//!
//! They are kept for some days after the last question, for whoever holds the key that began them.

use rusqlite::{OptionalExtension, Row, params};
use serde_json::Value;

use super::caller::{Caller, Scope};
use super::database::Database;
use super::error::{ApiError, Code};
use super::kb_id::KbId;
use super::random;
use super::time::{DAY, now};

/// More questions before a question are not looked at.
const LOOKED_AT: usize = 8;
/// A conversation has at most so many questions.
const MOST: i64 = 1000;

/// A conversation without its turns.
#[derive(Debug, Clone)]
pub(crate) struct Conversation {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) created: i64,
    pub(crate) changed: i64,
    owner: Option<String>,
}

/// A question of a conversation and its answer.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    pub(crate) question: String,
    /// The question completed with what it leaves out.
    pub(crate) asked: String,
    pub(crate) answer: Value,
    pub(crate) at: i64,
}

/// Begins a conversation.
pub(crate) fn begin(
    database: &Database,
    kb: &KbId,
    caller: &Caller,
    title: &str,
) -> Result<Conversation, ApiError> {
    let (id, at, owner) = (random::id("conv")?, now(), caller.key().map(str::to_owned));
    database.write(|change| {
        let sql = "INSERT INTO conversations VALUES (?1, ?2, ?3, ?4, ?5, ?5)";
        change.execute(sql, params![id, kb.as_str(), owner, title, at])
    })?;
    Ok(Conversation { id, title: title.to_owned(), created: at, changed: at, owner })
}

/// A conversation that the caller may see.
pub(crate) fn find(
    database: &Database,
    kb: &KbId,
    caller: &Caller,
    id: &str,
) -> Result<Conversation, ApiError> {
    let found = database.read(|connection| {
        let sql = "SELECT id, title, created, changed, owner FROM conversations
                   WHERE id = ?1 AND kb = ?2";
        connection.prepare_cached(sql)?.query_row(params![id, kb.as_str()], conversation).optional()
    })?;
    let may_see = |found: &Conversation| {
        found.owner.as_deref() == caller.key() || caller.may(Scope::Admin, Some(kb))
    };
    found.filter(may_see).ok_or_else(|| Code::ConversationNotFound.into())
}

fn conversation(row: &Row<'_>) -> rusqlite::Result<Conversation> {
    Ok(Conversation {
        id: row.get(0)?,
        title: row.get(1)?,
        created: row.get(2)?,
        changed: row.get(3)?,
        owner: row.get(4)?,
    })
}

/// All turns, in order.
pub(crate) fn turns(database: &Database, id: &str) -> Result<Vec<Turn>, ApiError> {
    database.read(|connection| {
        let sql = "SELECT question, asked, answer, at FROM turns WHERE conversation = ?1
                   ORDER BY nth";
        let mut statement = connection.prepare_cached(sql)?;
        statement.query_map([id], turn)?.collect()
    })
}

fn turn(row: &Row<'_>) -> rusqlite::Result<Turn> {
    Ok(Turn {
        question: row.get(0)?,
        asked: row.get(1)?,
        answer: serde_json::from_str(&row.get::<_, String>(2)?).unwrap_or_default(),
        at: row.get(3)?,
    })
}

/// The questions that the next one may leave something out of, as they were completed.
pub(crate) fn before(database: &Database, id: &str) -> Result<Vec<String>, ApiError> {
    let mut asked: Vec<String> = database.read(|connection| {
        let sql = "SELECT asked FROM turns WHERE conversation = ?1 ORDER BY nth DESC LIMIT ?2";
        let mut statement = connection.prepare_cached(sql)?;
        statement.query_map(params![id, LOOKED_AT as i64], |row| row.get(0))?.collect()
    })?;
    asked.reverse();
    Ok(asked)
}

/// Adds a turn. Of a conversation that was deleted meanwhile nothing is kept.
pub(crate) fn add(database: &Database, id: &str, turn: &Turn) -> Result<(), ApiError> {
    let Turn { question, asked, answer, at } = turn;
    let answer = answer.to_string();
    let added = database.write(|change| {
        let sql = "UPDATE conversations SET changed = ?2 WHERE id = ?1";
        if change.execute(sql, params![id, at])? == 0 {
            return Ok(true);
        }
        let sql = "SELECT coalesce(max(nth) + 1, 0) FROM turns WHERE conversation = ?1";
        let nth: i64 = change.query_row(sql, [id], |row| row.get(0))?;
        if nth >= MOST {
            return Ok(false);
        }
        let sql = "INSERT INTO turns VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        change.execute(sql, params![id, nth, question, asked, answer, at])?;
        Ok(true)
    })?;
    if added { Ok(()) } else { Err(Code::ConversationFull.into()) }
}

/// Deletes a conversation.
pub(crate) fn delete(database: &Database, id: &str) -> Result<(), ApiError> {
    database.write(|change| change.execute("DELETE FROM conversations WHERE id = ?1", [id]))?;
    Ok(())
}

/// Deletes the conversations of a knowledge base.
pub(crate) fn delete_all(database: &Database, kb: &KbId) -> Result<(), ApiError> {
    let sql = "DELETE FROM conversations WHERE kb = ?1";
    database.write(|change| change.execute(sql, [kb.as_str()]))?;
    Ok(())
}

/// Deletes conversations in which nothing was asked for so many days.
pub(crate) fn expire(database: &Database, days: u32) -> Result<(), ApiError> {
    let sql = "DELETE FROM conversations WHERE changed < ?1";
    database.write(|change| change.execute(sql, [now() - i64::from(days) * DAY]))?;
    Ok(())
}
