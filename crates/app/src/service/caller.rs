//! Who asks, and what they may.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::{ApiError, Code};
use super::kb_id::KbId;

/// What a key allows. Each allows what those before it allow as well.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scope {
    /// Ask, search, and read documents
    Read,
    /// Add, change and remove documents
    Write,
    /// Make and delete knowledge bases, and manage keys
    Admin,
}

impl Scope {
    /// The scope as JSON and the command line name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// The scope of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Admin].into_iter().find(|scope| scope.name() == name)
    }
}

/// What a key may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    /// The key's public part.
    pub(crate) key: String,
    pub(crate) scope: Scope,
    /// The knowledge bases that it is for; empty for all.
    pub(crate) only: Vec<KbId>,
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The key; `None` where the service has no keys and everybody may do everything.
    pub(crate) grant: Option<Arc<Grant>>,
}

impl Caller {
    /// Whether the caller may do this to a knowledge base, or with `None` to the service.
    pub(crate) fn may(&self, scope: Scope, kb: Option<&KbId>) -> bool {
        let Some(grant) = &self.grant else { return true };
        let is_for = match kb {
            Some(kb) => grant.only.is_empty() || grant.only.contains(kb),
            None => grant.only.is_empty(),
        };
        grant.scope >= scope && is_for
    }

    /// Refuses a caller who may not.
    pub(crate) fn must(&self, scope: Scope, kb: Option<&KbId>) -> Result<(), ApiError> {
        if self.may(scope, kb) {
            return Ok(());
        }
        let error = ApiError::new(Code::Forbidden).with("scope", scope.name());
        Err(match kb {
            Some(kb) => error.with("kb", kb.as_str()),
            None => error,
        })
    }

    /// The key's public part.
    pub(crate) fn key(&self) -> Option<&str> {
        self.grant.as_deref().map(|grant| grant.key.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_include_those_below_and_keys_may_be_for_some() {
        let kb = |id: &str| KbId::new(id).unwrap();
        let caller = |scope, only: &[&str]| {
            let only = only.iter().map(|id| kb(id)).collect();
            let grant = Some(Arc::new(Grant { key: "k".to_owned(), scope, only }));
            Caller { grant }
        };
        let (reader, writer) = (caller(Scope::Read, &[]), caller(Scope::Write, &["news"]));
        let (admin, all) = (caller(Scope::Admin, &["news"]), caller(Scope::Admin, &[]));
        for (who, scope, of, expected) in [
            (&reader, Scope::Read, Some("news"), true),
            (&reader, Scope::Write, Some("news"), false),
            (&writer, Scope::Read, Some("news"), true),
            (&writer, Scope::Write, Some("news"), true),
            (&writer, Scope::Read, Some("reports"), false),
            (&writer, Scope::Read, None, false),
            (&admin, Scope::Admin, Some("news"), true),
            (&admin, Scope::Admin, None, false),
            (&all, Scope::Admin, None, true),
        ] {
            assert_eq!(who.may(scope, of.map(kb).as_ref()), expected, "{who:?} {scope:?} {of:?}");
        }
    }
}
