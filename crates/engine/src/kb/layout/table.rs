//! Rows of a table laid out as a table.
//!
//! Cells keep what they span, cut to the rows that are shown and to the rows of their sort: a
//! header cell does not reach down into the rows below. What was left out leaves an empty cell, so
//! that the cells of a row, with those that reach into it from above, always fill the table's width.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;
use yuanwen_parse::{Block, Cell, Table};

use super::highlighted;
use crate::highlight::Highlighter;
use crate::passage::{Part, PartKind};

/// Rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LaidTable {
    /// The table's caption.
    pub caption: Option<String>,
    /// The unit of its figures.
    pub unit: Option<String>,
    /// How many columns it has.
    pub columns: u32,
    /// The rows that are shown.
    pub rows: Vec<LaidRow>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LaidRow {
    /// Whether it says what the columns mean.
    pub header: bool,
    /// The cells that begin in it, from left to right.
    pub cells: Vec<LaidCell>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LaidCell {
    /// Its first column, from 0.
    pub column: u32,
    /// Over how many columns it goes.
    pub column_span: u32,
    /// Over how many of the rows that are shown it goes.
    pub row_span: u32,
    /// Its text.
    pub text: String,
    /// Which characters of it are words of the question.
    pub highlight: Vec<[usize; 2]>,
}

/// The parts of a table as rows of it; `None` if they are no cells of it.
pub(super) fn laid(block: &Block, parts: &[Part], words: &Highlighter) -> Option<LaidTable> {
    let table = block.table()?;
    // By row whether it is one of the header, and by place what is shown of a cell.
    let mut rows: BTreeMap<u32, bool> = BTreeMap::new();
    let mut shown: BTreeMap<(u32, u32), (&Cell, Range<usize>)> = BTreeMap::new();
    for part in parts {
        let cells = cells_of(table, part);
        if cells.is_empty() {
            return None;
        }
        for cell in cells {
            if part.kind != PartKind::RowLabel {
                rows.insert(cell.row, is_header(table, part, cell));
            }
            let range = cell.range();
            let range = range.start.max(part.start as usize)..range.end.min(part.end as usize);
            let known = shown.entry((cell.row, cell.column)).or_insert((cell, range.clone()));
            known.1 = known.1.start.min(range.start)..known.1.end.max(range.end);
        }
    }
    for (cell, _) in shown.values() {
        if !rows.range(cell.row..end(cell)).any(|_| true) {
            rows.insert(cell.row, false);
        }
    }
    let columns = shown.values().map(|(cell, _)| cell.column + cell.column_span.max(1)).max();
    let columns = table.columns.max(columns.unwrap_or(0));
    let order: Vec<(u32, bool)> = rows.iter().map(|(row, header)| (*row, *header)).collect();
    let mut laid: Vec<LaidRow> =
        order.iter().map(|(_, header)| LaidRow { header: *header, cells: Vec::new() }).collect();
    for (cell, range) in shown.values() {
        let first = order.partition_point(|(row, _)| *row < cell.row);
        let Some((_, header)) = order.get(first) else { continue };
        let same = |(row, own): &&(u32, bool)| *row < end(cell) && own == header;
        let row_span = order[first..].iter().take_while(same).count().max(1) as u32;
        let text = block.text.get(range.clone()).unwrap_or_default().to_owned();
        laid[first].cells.push(LaidCell {
            column: cell.column,
            column_span: cell.column_span.max(1),
            row_span,
            highlight: highlighted(words, &text),
            text,
        });
    }
    fill(&mut laid, columns);
    Some(LaidTable {
        caption: table.caption.clone(),
        unit: table.unit.clone(),
        columns,
        rows: laid,
    })
}

/// The row behind the last that a cell covers.
fn end(cell: &Cell) -> u32 {
    cell.row + cell.row_span.max(1)
}

/// Whether a cell of a part stands in a row that says what the columns mean.
pub(super) fn is_header(table: &Table, part: &Part, cell: &Cell) -> bool {
    part.kind == PartKind::TableHeader
        || part.kind != PartKind::TableRow && cell.row < table.header_rows
}

/// The cells that have something in a part. Cells stand in the order of their text.
pub(super) fn cells_of<'a>(table: &'a Table, part: &Part) -> &'a [Cell] {
    let first = table.cells.partition_point(|cell| cell.end < part.start);
    let last = table.cells.partition_point(|cell| cell.start <= part.end);
    table.cells.get(first..last).unwrap_or_default()
}

/// Puts empty cells where a row has none.
fn fill(rows: &mut [LaidRow], columns: u32) {
    // What reaches down from rows above: its columns, and how many more rows.
    let mut above: Vec<(Range<u32>, u32)> = Vec::new();
    for row in rows {
        row.cells.sort_by_key(|cell| cell.column);
        let own = row.cells.iter().map(|cell| cell.column..cell.column + cell.column_span);
        let mut taken: Vec<Range<u32>> =
            above.iter().map(|(columns, _)| columns.clone()).chain(own).collect();
        taken.sort_by_key(|columns| columns.start);
        above.retain_mut(|(_, left)| {
            *left -= 1;
            *left > 0
        });
        for cell in row.cells.iter().filter(|cell| cell.row_span > 1) {
            above.push((cell.column..cell.column + cell.column_span, cell.row_span - 1));
        }
        let mut at = 0;
        let end = std::iter::once(columns..columns);
        for columns in taken.into_iter().chain(end) {
            if columns.start > at {
                row.cells.push(LaidCell {
                    column: at,
                    column_span: columns.start - at,
                    row_span: 1,
                    text: String::new(),
                    highlight: Vec::new(),
                });
            }
            at = at.max(columns.end);
        }
        row.cells.sort_by_key(|cell| cell.column);
    }
}
