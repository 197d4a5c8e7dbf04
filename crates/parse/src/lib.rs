//! Reads a file into a [`Document`]: blocks of the source's own text, with a place for every
//! character. No network, no async runtime, no knowledge of search.

pub mod document;
mod error;
pub mod meta;
pub mod pdf;

pub use document::*;
pub use error::ParseError;
