//! What is set for a knowledge base as a whole: names with values.

use rusqlite::{OptionalExtension, params};

use super::Catalogue;
use crate::error::Result;

impl Catalogue {
    /// The value of a setting.
    pub(crate) fn setting(&self, name: &str) -> Result<Option<String>> {
        self.read(|connection| {
            let sql = "SELECT value FROM settings WHERE name = ?1";
            connection.query_row(sql, [name], |row| row.get(0)).optional()
        })
    }

    /// Sets a value, or takes it back.
    pub(crate) fn set(&self, name: &str, value: Option<&str>) -> Result<()> {
        self.transaction(|transaction| {
            let done = match value {
                Some(value) => transaction.execute(
                    "INSERT OR REPLACE INTO settings VALUES (?1, ?2)",
                    params![name, value],
                ),
                None => transaction.execute("DELETE FROM settings WHERE name = ?1", [name]),
            };
            done.map(drop)
        })
    }
}
