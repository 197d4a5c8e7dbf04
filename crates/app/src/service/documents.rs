//! Documents as the service names them.

use std::path::Path;

use yuanwen_engine::kb::{KnowledgeBase, Status};
use yuanwen_engine::store::Entry;
pub(crate) use yuanwen_engine::store::hex;

use super::error::{ApiError, Code};

/// The id of a document in addresses.
pub(crate) fn id(entry: &Entry) -> String {
    entry.document.to_string()
}

/// The id of the first document that has a version; `None` if there is none any more.
pub(crate) fn id_of_version(kb: &KnowledgeBase, version: u64) -> Result<Option<String>, ApiError> {
    Ok(kb.entry(version)?.map(|entry| id(&entry)))
}

/// A number in an address, in the one way of writing it.
pub(crate) fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text && *number <= MOST)
}

/// SQLite has no larger numbers.
const MOST: u64 = i64::MAX as u64;

/// A document in whatever state.
pub(crate) fn status(kb: &KnowledgeBase, id: &str) -> Result<Status, ApiError> {
    let number = number(id).ok_or_else(|| ApiError::new(Code::DocumentNotFound))?;
    Ok(kb.document(number)?)
}

/// A document that questions find.
pub(crate) fn entry(kb: &KnowledgeBase, id: &str) -> Result<Entry, ApiError> {
    let status = status(kb, id)?;
    status.entry.ok_or_else(|| match status.known.removed {
        Some(_) => ApiError::new(Code::DocumentNotFound),
        None => ApiError::new(Code::DocumentNotRead),
    })
}

/// A document as it was read.
pub(crate) fn document(
    kb: &KnowledgeBase,
    id: &str,
) -> Result<(Entry, yuanwen_parse::Document), ApiError> {
    let entry = entry(kb, id)?;
    let (_, document) = kb.version(entry.document, entry.version)?;
    Ok((entry, document))
}

/// The name of the file of a path.
pub(crate) fn file(path: &str) -> &str {
    Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or(path)
}
