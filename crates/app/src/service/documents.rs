//! Documents as the service names them.

use std::path::{Path, PathBuf};

use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::store::Entry;

use super::error::{ApiError, Code};

/// The id of a document in addresses.
pub(crate) fn id(entry: &Entry) -> String {
    entry.version.to_string()
}

/// The id of the document that a version is of; `None` if that was removed.
pub(crate) fn id_of_version(kb: &KnowledgeBase, version: u64) -> Result<Option<String>, ApiError> {
    Ok(kb.source(version)?.map(|_| version.to_string()))
}

/// The document of an id.
pub(crate) fn entry(kb: &KnowledgeBase, id: &str) -> Result<Entry, ApiError> {
    let found = kb.list()?.into_iter().find(|entry| self::id(entry) == id);
    found.ok_or_else(|| ApiError::new(Code::DocumentNotFound))
}

/// A document as it was read.
pub(crate) fn document(
    kb: &KnowledgeBase,
    id: &str,
) -> Result<(Entry, yuanwen_parse::Document), ApiError> {
    let entry = entry(kb, id)?;
    Ok(kb.show(&entry.path)?)
}

/// The name of a document's file.
pub(crate) fn file(entry: &Entry) -> &str {
    let file = Path::new(&entry.path).file_name().and_then(|name| name.to_str());
    file.unwrap_or(&entry.name)
}

/// The hash of a document's content, in hexadecimal.
pub(crate) fn hash(entry: &Entry) -> String {
    blake3::Hash::from_bytes(entry.hash).to_hex().to_string()
}

/// Where the knowledge base of a folder keeps a document's file, as it was read.
pub(crate) fn original(dir: &Path, entry: &Entry) -> PathBuf {
    let hash = hash(entry);
    dir.join("originals").join(&hash[..2]).join(hash)
}
