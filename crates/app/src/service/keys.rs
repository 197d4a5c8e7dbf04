//! API keys: `yw_<id>_<secret>`.
//!
//! The id finds the key; of the secret only a hash is kept (Argon2id, RFC 9106, with OWASP's
//! parameters). Hashing takes some 20 ms, so a key that was verified is remembered by a fast hash
//! of the whole key: hashing makes a stolen database useless, it need not slow down every request.
//! The row is read with every request, so that a key that was revoked ends at once.
//!
//! Once a key was made, keys are needed, also when all are revoked: who revokes keys does not want
//! to open the service to everybody.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use argon2::Argon2;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::caller::{Grant, Scope};
use super::database::Database;
use super::error::{ApiError, Code};
use super::kb_id::KbId;
use super::random;
use super::time::now;

/// In front of every key, so that people and scanners of source code know one.
const PREFIX: &str = "yw";
/// So many keys are remembered as verified.
const REMEMBERED: usize = 1024;

/// A key without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) scope: Scope,
    pub(crate) only: Vec<KbId>,
    pub(crate) created: i64,
    pub(crate) revoked: Option<i64>,
}

/// What a new key is to be.
#[derive(Debug, Clone)]
pub(crate) struct NewKey {
    pub(crate) name: String,
    pub(crate) scope: Scope,
    pub(crate) only: Vec<KbId>,
}

/// Makes a key; the text is shown once and not kept. Costs processor time.
pub(crate) fn create(database: &Database, new: &NewKey) -> Result<(Key, String), ApiError> {
    let id = random::hex(&random::bytes::<8>()?);
    let secret = random::hex(&random::bytes::<24>()?);
    let salt = random::bytes::<16>()?;
    let hash = hashed(&secret, &salt)?;
    let NewKey { name, scope, only } = new.clone();
    let key = Key { id, name, scope, only, created: now(), revoked: None };
    let only: Vec<&str> = key.only.iter().map(KbId::as_str).collect();
    database.write(|change| {
        let sql = "INSERT INTO keys VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL)";
        let scope = key.scope.name();
        let values = params![key.id, key.name, scope, only.join("\n"), salt, hash, key.created];
        change.execute(sql, values)
    })?;
    let text = format!("{PREFIX}_{}_{secret}", key.id);
    Ok((key, text))
}

/// All keys, the oldest first.
pub(crate) fn list(database: &Database) -> Result<Vec<Key>, ApiError> {
    database.read(|connection| {
        let sql = "SELECT id, name, scope, only_kbs, created, revoked FROM keys
                   ORDER BY created, id";
        connection.prepare_cached(sql)?.query_map([], key)?.collect()
    })
}

/// What a key is called.
pub(crate) fn name(database: &Database, id: &str) -> Result<Option<String>, ApiError> {
    database.read(|connection| {
        let mut statement = connection.prepare_cached("SELECT name FROM keys WHERE id = ?1")?;
        statement.query_row([id], |row| row.get(0)).optional()
    })
}

/// Revokes a key, from now on and for good.
pub(crate) fn revoke(database: &Database, id: &str) -> Result<(), ApiError> {
    let sql = "UPDATE keys SET revoked = coalesce(revoked, ?2) WHERE id = ?1";
    match database.write(|change| change.execute(sql, params![id, now()]))? {
        0 => Err(Code::KeyNotFound.into()),
        _ => Ok(()),
    }
}

/// Whether a key was ever made: then requests need one.
pub(crate) fn are_needed(database: &Database) -> Result<bool, ApiError> {
    database.read(|connection| {
        connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM keys)")?
            .query_row([], |row| row.get(0))
    })
}

fn key(row: &Row<'_>) -> rusqlite::Result<Key> {
    let only: String = row.get(3)?;
    Ok(Key {
        id: row.get(0)?,
        name: row.get(1)?,
        // A scope that is not known gives the least.
        scope: Scope::named(&row.get::<_, String>(2)?).unwrap_or(Scope::Read),
        only: only.lines().filter_map(KbId::new).collect(),
        created: row.get(4)?,
        revoked: row.get(5)?,
    })
}

fn hashed(secret: &str, salt: &[u8]) -> Result<[u8; 32], ApiError> {
    let mut hash = [0; 32];
    let done = Argon2::default().hash_password_into(secret.as_bytes(), salt, &mut hash);
    done.map_err(|error| ApiError::internal(anyhow::anyhow!("a key cannot be hashed: {error}")))?;
    Ok(hash)
}

/// A key as it came with a request.
pub(crate) struct Presented {
    id: String,
    secret: String,
    /// Of the whole key.
    digest: blake3::Hash,
}

impl Presented {
    /// The parts of a key, if it has the form of one.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let mut parts = text.split('_');
        let (prefix, id, secret) = (parts.next()?, parts.next()?, parts.next()?);
        let is_well = prefix == PREFIX && id.len() == 16 && secret.len() == 48;
        let is_well = is_well && parts.next().is_none();
        is_well.then(|| Self {
            id: id.to_owned(),
            secret: secret.to_owned(),
            digest: blake3::hash(text.as_bytes()),
        })
    }
}

/// What is known of a key that was presented.
pub(crate) enum Known {
    /// It is good.
    Good(Arc<Grant>),
    /// It is not.
    Bad,
    /// Its secret has to be compared, which costs processor time.
    Unverified,
}

/// The keys that were verified.
#[derive(Default)]
pub(crate) struct Verified {
    digests: Mutex<HashMap<String, blake3::Hash>>,
}

impl Verified {
    /// What is known of a key without hashing its secret.
    pub(crate) fn look(
        &self,
        database: &Database,
        presented: &Presented,
    ) -> Result<Known, ApiError> {
        let Some(key) = database.read(|connection| live(connection, &presented.id))? else {
            return Ok(Known::Bad);
        };
        let digests = self.digests.lock().unwrap_or_else(PoisonError::into_inner);
        // Hashes of blake3 are compared in constant time.
        Ok(match digests.get(&presented.id).is_some_and(|digest| *digest == presented.digest) {
            true => Known::Good(grant(key)),
            false => Known::Unverified,
        })
    }

    /// Compares the secret of a key. Costs processor time.
    pub(crate) fn verify(
        &self,
        database: &Database,
        presented: &Presented,
    ) -> Result<Option<Arc<Grant>>, ApiError> {
        let stored = database.read(|connection| {
            let sql = "SELECT salt, hash FROM keys WHERE id = ?1";
            let row = |row: &Row<'_>| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?));
            let stored = connection.prepare_cached(sql)?.query_row([&presented.id], row);
            Ok(stored.optional()?.zip(live(connection, &presented.id)?))
        })?;
        let Some(((salt, hash), key)) = stored else { return Ok(None) };
        let found = blake3::hash(&hashed(&presented.secret, &salt)?);
        // Of hashes, so that the comparison takes the same time wherever they differ.
        if found != blake3::hash(&hash) {
            return Ok(None);
        }
        let mut digests = self.digests.lock().unwrap_or_else(PoisonError::into_inner);
        if digests.len() >= REMEMBERED {
            digests.clear();
        }
        digests.insert(presented.id.clone(), presented.digest);
        Ok(Some(grant(key)))
    }
}

fn live(connection: &Connection, id: &str) -> rusqlite::Result<Option<Key>> {
    let sql = "SELECT id, name, scope, only_kbs, created, revoked FROM keys
               WHERE id = ?1 AND revoked IS NULL";
    connection.prepare_cached(sql)?.query_row([id], key).optional()
}

fn grant(key: Key) -> Arc<Grant> {
    Arc::new(Grant { key: key.id, scope: key.scope, only: key.only })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_good_until_it_is_revoked() {
        let dir = tempfile::tempdir().unwrap();
        let database = Database::open(dir.path()).unwrap();
        assert!(!are_needed(&database).unwrap());
        let new = NewKey { name: "n".to_owned(), scope: Scope::Write, only: vec![] };
        let (key, text) = create(&database, &new).unwrap();
        let verified = Verified::default();
        let presented = Presented::new(&text).unwrap();
        let look = |presented| verified.look(&database, presented).unwrap();
        assert!(matches!(look(&presented), Known::Unverified));
        let grant = verified.verify(&database, &presented).unwrap().unwrap();
        assert_eq!((grant.key.as_str(), grant.scope), (key.id.as_str(), Scope::Write));
        assert!(matches!(look(&presented), Known::Good(_)));

        let last = if text.ends_with('0') { "1" } else { "0" };
        let wrong = Presented::new(&format!("{}{last}", &text[..text.len() - 1])).unwrap();
        assert!(matches!(look(&wrong), Known::Unverified));
        assert!(verified.verify(&database, &wrong).unwrap().is_none());
        assert!(matches!(look(&presented), Known::Good(_)));

        revoke(&database, &key.id).unwrap();
        assert!(matches!(look(&presented), Known::Bad));
        assert!(verified.verify(&database, &presented).unwrap().is_none());
        assert!(are_needed(&database).unwrap());
        for text in ["", "yw", "yw_a_b", "xx_0123456789abcdef_", &text[1..], &format!("{text}_")] {
            assert!(Presented::new(text).is_none(), "{text}");
        }
    }
}
