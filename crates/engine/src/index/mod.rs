//! Indexes over passages. They are derived from the catalogue, carry its generation, and can be
//! thrown away and rebuilt at any time.

mod analyser;
pub mod lexical;

pub use lexical::{Hit, Lexical};
