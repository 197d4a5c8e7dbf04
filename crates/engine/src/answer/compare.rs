//! Whether one answer tells what a comparison asks.

use super::Answer;
use crate::query::Query;
use crate::text::normalize::folded;
use crate::text::segment::{Atom, AtomKind, Segmented};

/// Whether an answer to the whole question says both times that are compared, and a figure.
pub(super) fn tells(query: &Query, whole: &Answer) -> bool {
    let text: Vec<&str> = whole.blocks.iter().map(|block| block.text.as_str()).collect();
    let text = folded(&text.join("\n"));
    let years = query.periods.iter().filter_map(|when| when.year);
    let asked = Segmented::new(&query.text);
    let known: Vec<&str> = asked.atoms().iter().map(|atom| asked.text(atom)).collect();
    let answer = Segmented::new(&text);
    let is_year = |text: &str| text.parse().is_ok_and(|number: u16| (1900..2100).contains(&number));
    let is_figure = |atom: &Atom| {
        let text = answer.text(atom);
        atom.kind == AtomKind::Number && !known.contains(&text) && !is_year(text)
    };
    whole.found
        && query.periods.iter().all(|when| when.span.is_none())
        && years.into_iter().all(|year| text.contains(&year.to_string()))
        && answer.atoms().iter().any(is_figure)
}
