//! What a knowledge base is made of on disk.
//!
//! ```text
//! DIR/catalogue.db         SQLite: which documents exist, their blocks and passages. The one truth
//! DIR/originals/ab/ab12…   the files as they were read, by the hash of their content
//! DIR/index/               the full-text index, derived from the catalogue
//! DIR/vectors…             the passages' vectors, derived from the catalogue
//! DIR/lock                 held by the process that changes something
//! ```
//!
//! Every change of the documents is one transaction, which raises the catalogue's *generation* and
//! lists the versions that came and went. An index commit carries the generation that it has
//! reached; whoever opens the knowledge base afterwards lets the index catch up from that list.
//! What the catalogue does not have is never returned, whatever an index still holds.

mod blob;
mod catalogue;
mod change;
mod error;
mod feedback;
mod history;
mod lock;
mod originals;
mod queue;
mod reader;
mod schema;
mod settings;

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

pub use catalogue::Catalogue;
pub(crate) use catalogue::NewDocument;
pub use change::Keep;
pub use error::StoreError;
pub use feedback::{RatedBlock, Rating, ReviewState, Verdict};
pub use history::{Known, PastVersion};
pub(crate) use lock::WriteLock;
pub(crate) use originals::Originals;
pub use originals::{ContentHash, hex};
pub(crate) use queue::Offered;
pub use queue::{Job, JobState};
pub use reader::Entry;
pub(crate) use schema::LAYOUT;

/// A document's name: that of its file, without the extension.
pub(crate) fn name_of(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap_or(file)
}

/// Plain data as JSON: serialising that cannot fail.
fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Milliseconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
