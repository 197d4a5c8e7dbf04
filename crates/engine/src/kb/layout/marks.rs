//! Where a stretch stands on its pages, as a reader would mark it: running text a rectangle for
//! each line, a table a rectangle for each row, as wide as the table.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use yuanwen_parse::{Block, Cell, PageBox, Table};

use super::Layouts;
use super::table::{cells_of, is_header};
use crate::error::Result;
use crate::passage::{Part, PartKind};

/// A rectangle on a page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Mark {
    /// What stands in it.
    pub kind: MarkKind,
    /// Where it is.
    #[serde(flatten)]
    pub place: PageBox,
}

/// What stands in a [`Mark`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// A line of running text.
    Text,
    /// A row that says what the columns of a table mean, or a cell that spans rows and says what
    /// they are.
    Header,
    /// A row of a table.
    Row,
}

/// From where to where a table reaches on each of its pages.
pub(super) type Widths = BTreeMap<u32, (f32, f32)>;

impl Layouts<'_> {
    /// The rectangles over the parts of a version, in their order; none where the format has no
    /// pages.
    pub fn marks(&mut self, version: u64, parts: &[Part]) -> Result<Vec<Mark>> {
        let mut out = Vec::new();
        let mut rows = HashSet::new();
        for part in parts {
            let Some(block) = self.block(version, part.block)? else { continue };
            if block.places.is_empty() {
                continue;
            }
            let Some(table) = block.table() else {
                out.extend(lines(&block, part).into_iter().map(text));
                continue;
            };
            let widths = self.widths(version, part.block, &block);
            if part.kind == PartKind::RowLabel {
                let label = lines(&block, part).into_iter();
                out.extend(label.map(|place| Mark { kind: MarkKind::Header, place }));
                continue;
            }
            for cell in cells_of(table, part) {
                if rows.insert((part.block, cell.row)) {
                    let kind = match is_header(table, part, cell) {
                        true => MarkKind::Header,
                        false => MarkKind::Row,
                    };
                    let row = row(&block, table, cell.row, &widths, kind);
                    out.extend(row.into_iter().map(|place| Mark { kind, place }));
                }
            }
        }
        join_header(&mut out);
        Ok(without_inner(out))
    }

    fn widths(&mut self, version: u64, index: u32, block: &Block) -> Arc<Widths> {
        let known = self.widths.entry((version, index));
        Arc::clone(known.or_insert_with(|| {
            let mut widths = Widths::new();
            for PageBox { page, x0, x1, .. } in block.boxes(0..block.text.len()) {
                let (left, right) = widths.entry(page).or_insert((x0, x1));
                (*left, *right) = (left.min(x0), right.max(x1));
            }
            Arc::new(widths)
        }))
    }
}

fn text(place: PageBox) -> Mark {
    Mark { kind: MarkKind::Text, place }
}

/// A rectangle for each line of a part: the stretches on one line run from left to right.
fn lines(block: &Block, part: &Part) -> Vec<PageBox> {
    let mut out: Vec<PageBox> = Vec::new();
    for next in block.boxes(part.start as usize..part.end as usize) {
        match out.last_mut() {
            Some(last) if goes_on(last, &next) => {
                last.x1 = last.x1.max(next.x1);
                (last.y0, last.y1) = (last.y0.min(next.y0), last.y1.max(next.y1));
            }
            _ => out.push(next),
        }
    }
    out
}

/// Whether a box stands on the line of the one before, behind it.
fn goes_on(last: &PageBox, next: &PageBox) -> bool {
    let height = (last.y1 - last.y0).min(next.y1 - next.y0);
    let shared = last.y1.min(next.y1) - last.y0.max(next.y0);
    last.page == next.page && shared >= 0.5 * height && next.x0 >= last.x1 - 0.5 * height
}

/// The rectangle of a row on each page that it stands on. A cell that spans rows says nothing about
/// where one of them is, unless there is no other; a header is marked with all of its cells.
fn row(block: &Block, table: &Table, row: u32, widths: &Widths, kind: MarkKind) -> Vec<PageBox> {
    let first = table.cells.partition_point(|cell| cell.row < row);
    let last = table.cells.partition_point(|cell| cell.row <= row);
    let cells = table.cells.get(first..last).unwrap_or_default();
    let heights = |of: &dyn Fn(&&Cell) -> bool| {
        let mut heights: BTreeMap<u32, Range<f32>> = BTreeMap::new();
        for cell in cells.iter().filter(of) {
            for PageBox { page, y0, y1, .. } in block.boxes(cell.range()) {
                let known = heights.entry(page).or_insert(y0..y1);
                *known = known.start.min(y0)..known.end.max(y1);
            }
        }
        heights
    };
    let mut found = heights(&|cell| cell.row_span <= 1 || kind == MarkKind::Header);
    if found.is_empty() {
        found = heights(&|_| true);
    }
    let place = |(page, height): (u32, Range<f32>)| {
        let (x0, x1) = *widths.get(&page)?;
        Some(PageBox { page, x0, y0: height.start, x1, y1: height.end })
    };
    found.into_iter().filter_map(place).collect()
}

/// Ends a row of a header where the next begins, as cells that span rows reach into it.
fn join_header(marks: &mut [Mark]) {
    for at in 1..marks.len() {
        let (before, after) = marks.split_at_mut(at);
        let (Some(above), Some(below)) = (before.last_mut(), after.first_mut()) else { continue };
        let is_header = above.kind == MarkKind::Header && below.kind == MarkKind::Header;
        let (above, below) = (&mut above.place, &mut below.place);
        let is_next = (above.page, above.x0, above.x1) == (below.page, below.x0, below.x1)
            && above.y0 < below.y0
            && above.y1 > below.y0;
        if is_header && is_next {
            below.y1 = below.y1.max(above.y1);
            above.y1 = below.y0;
        }
    }
}

/// Leaves out the labels that stand within a row that is marked.
fn without_inner(marks: Vec<Mark>) -> Vec<Mark> {
    let is_within = |inner: &PageBox, outer: &PageBox| {
        inner.page == outer.page
            && inner.x0 >= outer.x0
            && inner.x1 <= outer.x1
            && inner.y0 >= outer.y0
            && inner.y1 <= outer.y1
    };
    let mut out: Vec<Mark> = Vec::with_capacity(marks.len());
    for (at, mark) in marks.iter().enumerate() {
        let is_inner = mark.kind == MarkKind::Header
            && marks.iter().enumerate().any(|(other, outer)| {
                other != at && outer.kind == MarkKind::Row && is_within(&mark.place, &outer.place)
            });
        if !is_inner && !out.contains(mark) {
            out.push(*mark);
        }
    }
    out
}
