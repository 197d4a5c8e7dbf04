//! The table row that a question names, for where a sentence was chosen.
//!
//! A question after a figure is often answered by a sentence that says it in passing, and by a row
//! that says nothing else. A row whose label stands as a whole in the question is what a person
//! would point at, also when its table is not in the passage that ranks first: tables hold few of
//! the question's words. Checked by hand on look-ups in reports and white papers.

use super::list::marker;
use crate::passage::{Part, PartKind};
use crate::query::{Asks, Query};
use crate::retrieve::Ranked;
use crate::text::normalize::bare;

/// So many of the best passages are looked at,
const PASSAGES: usize = 6;
/// if they score at least this share of what the best one does.
const NEAR: f64 = 0.75;
/// What a label may be made of that says when, not what.
const TIMES: &str = "年月日季度末初第一二三四上下半本上期";

/// The row whose label is the longest to stand in the question, and its passage's place.
pub(super) fn named(query: &Query, ranked: &[Ranked]) -> Option<(usize, Part)> {
    if !matches!(query.asks, Asks::Number | Asks::Date) {
        return None;
    }
    let question = bare(&query.text);
    let least = ranked.first()?.score * NEAR;
    let near = ranked.iter().take(PASSAGES).enumerate().filter(|(_, one)| one.score >= least);
    let mut best: Option<(usize, usize, Part)> = None;
    for (place, one) in near {
        let passage = &one.stored.passage;
        let rows = passage.part_ranges().filter(|(part, _)| part.kind == PartKind::TableRow);
        for (part, range) in rows {
            let length = shared_label(&question, &passage.text[range]);
            if length > best.map_or(0, |(longest, ..)| longest) {
                best = Some((length, place, part));
            }
        }
    }
    best.map(|(_, place, part)| (place, part))
}

/// How long a row's label is, in characters, if it stands in the question and a figure behind it.
fn shared_label(question: &str, row: &str) -> usize {
    let Some((label, cells)) = row.split_once('\t') else { return 0 };
    let label = plain(label);
    let says = label.chars().filter(|ch| !ch.is_ascii_digit() && !TIMES.contains(*ch)).count();
    let is_named = says > 1 && question.contains(&label);
    let has_figure = cells.contains(|ch: char| ch.is_ascii_digit());
    if is_named && has_figure { label.chars().count() } else { 0 }
}

/// A label without its number, 其中：, and what stands in brackets.
fn plain(label: &str) -> String {
    let mut label = label.trim();
    if marker(label).is_some() {
        let numbered = label.split_once(['、', '.', '．', ')', '）']);
        label = numbered.map_or(label, |(_, behind)| behind);
    }
    let label = bare(label);
    let label = label.rsplit_once(':').map_or(label.as_str(), |(_, behind)| behind);
    label.split('(').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_named_by_its_whole_label() {
        let question = bare("远山通信2022年末的应收账款有多少？");
        for (row, length) in [
            ("应收账款\t960\t880", 4),
            ("其中：应收账款（万元）\t960", 4),
            ("3、应收账款\t960", 4),
            ("应收账款周转率\t12", 0),
            ("应收账款\t回款放缓", 0),
            ("2022年末\t960", 0),
            ("应收账款", 0),
        ] {
            assert_eq!(shared_label(&question, row), length, "{row}");
        }
    }
}
