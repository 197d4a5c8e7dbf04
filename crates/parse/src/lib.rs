//! Reads a file into a [`Document`]: blocks of the source's own text, with a place for every
//! character. No network, no async runtime, no knowledge of search.

pub mod document;

pub use document::*;
