//! The table row that a question names.
//!
//! A question after a figure is often answered by a sentence that says it in passing, and by a row
//! that says nothing else. A row whose label stands as a whole in the question is what a person
//! would point at, also when its table is not in the passage that ranks first: tables hold few of
//! the question's words. A question after words (哪个部门, 什么时候) names a row by one of its cells
//! and a column by its header. Where several tables have the same row, the one that fits the
//! question best is taken (`fit`). Checked by hand on look-ups in reports and white papers.

use super::fit;
use super::named::{named, names, plain, shared_label};
use super::select::Chosen;
use crate::passage::{Part, PartKind};
use crate::query::Query;
use crate::retrieve::{Ranked, Stored};
use crate::text::normalize::bare;

/// So many of the best passages are looked at,
const PASSAGES: usize = 10;
/// if they score at least this share of what the best one does.
const NEAR: f64 = 0.75;
/// Labels that share this much of their pairs of characters are the same.
const SAME: f64 = 0.8;
/// A row of a table among the best passages.
pub(super) struct Row<'a> {
    /// Its passage's place among them.
    pub(super) place: usize,
    pub(super) part: Part,
    pub(super) ranked: &'a Ranked,
    /// Where it stands in the passage's text.
    start: usize,
    pub(super) cells: Vec<&'a str>,
    /// The cells of the header rows above it.
    pub(super) header: Vec<&'a str>,
}

impl Row<'_> {
    /// What it is about: the first cell without its number, 其中：, and brackets.
    pub(super) fn label(&self) -> String {
        plain(self.cells.first().copied().unwrap_or_default())
    }

    /// The headings above it, and the captions of its table.
    pub(super) fn about(&self) -> String {
        let passage = &self.ranked.stored.passage;
        let captions = passage.part_ranges().filter(|(part, _)| part.kind == PartKind::Caption);
        let captions = captions.map(|(_, range)| &passage.text[range]);
        let headings = passage.headings_at(self.start).iter().map(String::as_str);
        headings.chain(captions).collect::<Vec<_>>().join("\n")
    }
}

/// The row to answer with instead of what was chosen, and its passage's place.
pub(super) fn instead(query: &Query, ranked: &[Ranked], chosen: &Chosen) -> Option<(usize, Part)> {
    let rows = rows(ranked);
    let questions = wordings(query);
    let own = chosen_row(&rows, chosen);
    let named = named(query, &questions, &rows);
    let (known, of_chosen) = own.map_or((false, 0), |own| {
        let cells = own.cells.iter().map(|cell| plain(cell));
        let pairs = cells.flat_map(|cell| {
            questions.iter().map(move |question| fit::shared_pairs(question, &cell)).max()
        });
        (shared_label(&questions, own) > 0, pairs.max().unwrap_or(0))
    });
    let shared = own.and_then(|own| share_of(&questions[0], &rows, own));
    let picked = match (own, named) {
        (Some(own), None) => shared.unwrap_or(own),
        (Some(own), _) if known => own,
        (Some(own), Some(named)) if named.pairs < of_chosen => own,
        (_, Some(named)) => named.row,
        (None, None) => return None,
    };
    let label = picked.label();
    let same = rows.iter().filter(|row| {
        std::ptr::eq(*row, picked)
            || fit::likeness(&row.label(), &label) >= SAME
                && row.ranked.signals.organisation >= picked.ranked.signals.organisation
    });
    let best = fit::best(query, &questions[0], picked, &same.collect::<Vec<_>>());
    let is_other = own.is_none_or(|own| !std::ptr::eq(own, best));
    is_other.then_some((best.place, best.part))
}

/// Where the question asks for a share of what a row is about (语音占收入的百分之几): the row of its
/// table whose label shares most with the question.
fn share_of<'a, 'b>(question: &str, rows: &'a [Row<'b>], whole: &Row<'b>) -> Option<&'a Row<'b>> {
    let label = whole.label();
    if label.is_empty() || names(question, &label) || !question.contains(&label) {
        return None;
    }
    let rest = question.replace(&label, "");
    let same = |row: &&Row<'_>| (row.place, row.part.block) == (whole.place, whole.part.block);
    let shared = |row: &Row<'_>| fit::shared_pairs(&rest, &row.label());
    let others = rows.iter().rev().filter(same).filter(|row| row.label() != label);
    let best = others.max_by_key(|row| shared(row))?;
    (shared(best) > 0).then_some(best)
}

/// The question as it stands, and with what may stand for phrases of it; folded, no white space.
pub(super) fn wordings(query: &Query) -> Vec<String> {
    let question = bare(&query.text);
    let other = query.alternatives.iter().filter(|rule| question.contains(&rule.from.text));
    let other = other.map(|rule| question.replace(&rule.from.text, &rule.to.text));
    let other: Vec<String> = other.collect();
    std::iter::once(question).chain(other).collect()
}

/// The rows of the best passages.
pub(super) fn rows(ranked: &[Ranked]) -> Vec<Row<'_>> {
    let least = ranked.first().map_or(0.0, |best| best.score * NEAR);
    let near = ranked.iter().take(PASSAGES).enumerate().filter(|(_, one)| one.score >= least);
    near.flat_map(|(place, one)| rows_of(place, one)).collect()
}

fn rows_of(place: usize, ranked: &Ranked) -> Vec<Row<'_>> {
    let passage = &ranked.stored.passage;
    let mut out = Vec::new();
    let mut header: Vec<&str> = Vec::new();
    let mut before = None;
    for (part, range) in passage.part_ranges() {
        let cells = || passage.text[range.clone()].split('\t').map(str::trim);
        match part.kind {
            PartKind::TableHeader => {
                if before != Some(PartKind::TableHeader) {
                    header.clear();
                }
                header.extend(cells());
            }
            PartKind::TableRow => {
                let (cells, header) = (cells().collect(), header.clone());
                out.push(Row { place, part, ranked, start: range.start, cells, header });
            }
            _ => {}
        }
        before = Some(part.kind);
    }
    out
}

/// The row that was chosen, if it was one.
fn chosen_row<'a, 'b>(rows: &'a [Row<'b>], chosen: &Chosen) -> Option<&'a Row<'b>> {
    let (block, part) = (&chosen.block, chosen.row?);
    rows.iter().find(|row| {
        let Stored { version, passage, .. } = &row.ranked.stored;
        (*version, passage.ordinal, row.part) == (block.version, block.passage, part)
    })
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use yuanwen_parse::Metadata;

    use super::*;
    use crate::passage::Passage;
    use crate::retrieve::{Names, Prepared, Signals, Weights};

    /// A passage of a table: lines that begin with `#` are headers, with `!` captions.
    pub(crate) fn table(ordinal: u32, text: &str) -> Ranked {
        let mut passage = Passage { ordinal, ..Passage::default() };
        for line in text.lines() {
            let kind = match line.chars().next() {
                Some('#') => PartKind::TableHeader,
                Some('!') => PartKind::Caption,
                _ => PartKind::TableRow,
            };
            let line = line.trim_start_matches(['#', '!']);
            if !passage.text.is_empty() {
                passage.text.push('\n');
            }
            let start = passage.text.len() as u32;
            let end = start + line.len() as u32;
            passage.parts.push(Part { block: ordinal, start, end, kind });
            passage.text.push_str(line);
        }
        let stored = Stored {
            version: 1,
            name: Arc::from("report"),
            meta: Arc::default(),
            names: Arc::new(Names::new(&Metadata::default(), "report")),
            passage: Arc::new(Prepared::new(passage)),
        };
        let (signals, weights) = (Signals::default(), Weights::default());
        Ranked { stored, score: 1.0, signals, weights, held: Vec::new() }
    }

    #[test]
    fn a_share_is_asked_of_the_part_not_of_the_whole() {
        let ranked = [table(0, "#业务\t收入\t占比\n主营收入\t960\t100%\n语音业务\t96\t10%")];
        let rows = rows(&ranked);
        let share = |question| share_of(question, &rows, &rows[0]).map(Row::label);
        assert_eq!(share("语音收入占主营收入的百分之几"), Some("语音业务".to_owned()));
        assert_eq!(share("主营收入是多少"), None);
    }
}
