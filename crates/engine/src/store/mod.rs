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
mod error;
mod lock;
mod originals;
mod reader;
mod schema;
mod settings;

pub use catalogue::Catalogue;
pub(crate) use catalogue::NewDocument;
pub use error::StoreError;
pub(crate) use lock::WriteLock;
pub use originals::ContentHash;
pub(crate) use originals::{Originals, hex};
pub use reader::Entry;
