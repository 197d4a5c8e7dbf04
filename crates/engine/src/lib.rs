//! Documents to a knowledge base, questions to original sentences.

pub mod answer;
mod error;
pub mod eval;
pub mod highlight;
pub mod index;
pub mod kb;
pub mod lexicon;
pub mod llm;
pub mod model;
pub mod passage;
pub mod query;
pub mod retrieve;
pub mod sandbox;
pub mod spelling;
pub mod store;
pub mod text;
pub mod vectors;

pub use error::{Error, Result};
