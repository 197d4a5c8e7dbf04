//! What people said about answers. It never changes a document.

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::{Catalogue, json, now};
use crate::error::Result;
use crate::passage::Part;

/// What somebody thinks of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is right.
    Confirmed,
    /// It is wrong, or something is missing.
    Rejected,
}

/// How far a rejected answer was looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// Nobody has yet.
    Open,
    /// It was put right.
    Fixed,
    /// The answer was right after all: the rating has no effect.
    Declined,
}

/// Original text of a document that was rated, or is the right answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatedBlock {
    /// The document.
    pub document: u64,
    /// Its version at that time.
    pub version: u64,
    /// Where the text stands in its blocks.
    pub parts: Vec<Part>,
    /// The text.
    pub text: String,
}

/// What somebody said about an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rating {
    /// Its id.
    pub id: u64,
    /// The question.
    pub question: String,
    /// What they think of the answer.
    pub verdict: Verdict,
    /// What was answered.
    pub blocks: Vec<RatedBlock>,
    /// The original text that answers, if they know it.
    pub correction: Vec<RatedBlock>,
    /// What they say in their own words.
    pub comment: String,
    /// Who they are.
    pub author: String,
    /// How far it was looked into; of rejected answers only.
    pub state: Option<ReviewState>,
    /// What whoever looked into it says.
    pub note: String,
    /// Who looked into it.
    pub reviewer: String,
    /// When it was said, in milliseconds since 1970.
    pub created: i64,
    /// When it was last changed.
    pub changed: i64,
}

/// The table; ids are never used twice.
pub(super) const TABLE: &str = "
CREATE TABLE feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    question TEXT NOT NULL,
    verdict TEXT NOT NULL,
    blocks TEXT NOT NULL,         -- JSON
    correction TEXT NOT NULL,     -- JSON
    comment TEXT NOT NULL,
    author TEXT NOT NULL,
    state TEXT,
    note TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL
);
";

impl Catalogue {
    /// Keeps a rating; its id and times are set here.
    pub(crate) fn rate(&self, new: &Rating) -> Result<u64> {
        self.transaction(|transaction| {
            let sql =
                "INSERT INTO feedback (question, verdict, blocks, correction, comment, author,
                state, note, reviewer, created, changed)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)";
            transaction.execute(
                sql,
                params![
                    new.question,
                    json(&new.verdict),
                    json(&new.blocks),
                    json(&new.correction),
                    new.comment,
                    new.author,
                    new.state.map(|state| json(&state)),
                    new.note,
                    new.reviewer,
                    now(),
                ],
            )?;
            Ok(transaction.last_insert_rowid() as u64)
        })
    }

    /// Sets the state, the note, the reviewer and the correction of a rating.
    pub(crate) fn review(&self, rating: &Rating) -> Result<()> {
        self.transaction(|transaction| {
            let sql = "UPDATE feedback SET state = ?2, note = ?3, reviewer = ?4, correction = ?5,
                changed = max(changed + 1, ?6) WHERE id = ?1";
            let state = rating.state.map(|state| json(&state));
            let (id, correction) = (rating.id as i64, json(&rating.correction));
            let values = params![id, state, rating.note, rating.reviewer, correction, now()];
            transaction.execute(sql, values).map(drop)
        })
    }

    /// Takes a rating back. Whether there was one.
    pub(crate) fn unrate(&self, id: u64) -> Result<bool> {
        self.transaction(|transaction| {
            transaction.execute("DELETE FROM feedback WHERE id = ?1", [id as i64])
        })
        .map(|gone| gone > 0)
    }

    /// All ratings, the latest first.
    pub(crate) fn ratings(&self) -> Result<Vec<Rating>> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached(&format!("{RATINGS} ORDER BY id DESC"))?;
            statement.query_map([], rating)?.collect()
        })
    }

    /// One rating.
    pub(crate) fn rating(&self, id: u64) -> Result<Option<Rating>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!("{RATINGS} WHERE id = ?1"))?;
            statement.query_row([id as i64], rating).optional()
        })
    }

    /// Tells one state of the ratings from another.
    pub(crate) fn ratings_mark(&self) -> Result<(i64, i64, i64)> {
        self.read(|connection| {
            let sql = "SELECT count(*), coalesce(max(id), 0), coalesce(max(changed), 0)
                FROM feedback";
            let mark = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            connection.prepare_cached(sql)?.query_row([], mark)
        })
    }
}

/// The columns that [`rating`] takes.
const RATINGS: &str = "SELECT id, question, verdict, blocks, correction, comment, author, state,
    note, reviewer, created, changed FROM feedback";

fn rating(row: &Row<'_>) -> rusqlite::Result<Rating> {
    let text = |column: usize| row.get::<_, String>(column);
    let blocks = |json: &str| serde_json::from_str(json).unwrap_or_default();
    let state: Option<String> = row.get(7)?;
    Ok(Rating {
        id: row.get::<_, i64>(0)? as u64,
        question: text(1)?,
        verdict: serde_json::from_str(&text(2)?).unwrap_or(Verdict::Rejected),
        blocks: blocks(&text(3)?),
        correction: blocks(&text(4)?),
        comment: text(5)?,
        author: text(6)?,
        state: state.and_then(|state| serde_json::from_str(&state).ok()),
        note: text(8)?,
        reviewer: text(9)?,
        created: row.get(10)?,
        changed: row.get(11)?,
    })
}
