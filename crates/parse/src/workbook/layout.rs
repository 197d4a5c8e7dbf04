//! Puts the regions of a sheet into blocks: titles, unit lines, tables, notes, running text.
//!
//! The rows over a table that hold one cell are its title, its unit line and the like; the ones
//! under it that hold one cell with a sentence are notes. A region of one column is a table if its
//! cells are short, and running text otherwise. A long table is cut into blocks of at most
//! [`MOST_ROWS_A_BLOCK`] rows; each has the header rows on top, and its place is such that its other
//! rows stand where they stand in the sheet.

use std::collections::BTreeMap;

use crate::builder::Builder;
use crate::document::{BlockKind, SheetPlace};
use crate::marker::{Marker, is_caption, is_note_mark, is_unit, marker};
use crate::meta::first_date;
use crate::table::{DraftCell, Shape, TableDraft, header_rows, is_figure};
use crate::text::outline::promote_numbered;

use super::join::{is_period, join};
use super::regions::{Region, Spot, regions};
use super::sheet::{Area, Marked, Sheet};

/// A block of a table has at most this many rows, its header not counted.
pub(crate) const MOST_ROWS_A_BLOCK: u32 = 500;
/// A block of a table has about this many cells at most: wide tables have fewer rows a block.
const CELLS_A_BLOCK: u32 = 20_000;
/// A title is at most this long, in characters.
const LONGEST_TITLE: usize = 60;
/// The cells of a list are at most this long, in characters.
const LONGEST_ENTRY: usize = 30;
/// The header is looked for in this many rows.
const HEADER_DEPTH: u32 = 40;

/// What a region turns out to be made of, in order.
#[derive(Debug)]
enum Piece {
    /// A line of its own.
    Line(Spot),
    Table {
        area: Area,
        spots: Vec<Spot>,
        header_rows: Option<u32>,
    },
}

/// Adds a sheet's blocks. `level` is that of the titles over its tables. Gives the number of cells
/// that a merged area hides.
pub(crate) fn lay_out(builder: &mut Builder, mut sheet: Sheet, level: u8) -> usize {
    let (regions, covered) = regions(&mut sheet);
    let before = builder.blocks.len();
    let mut pieces = Vec::new();
    for region in join(regions) {
        take_apart(region, &sheet.marked, &mut pieces);
    }
    let mut pieces = pieces.into_iter().peekable();
    let mut under_table = false;
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Line(spot) => {
                let over_table = matches!(pieces.peek(), Some(Piece::Table { .. }));
                line(builder, &sheet.name, &spot, over_table.then_some(level), under_table);
                under_table &= is_note_mark(&spot.text);
            }
            Piece::Table { area, spots, header_rows } => {
                table(builder, &sheet.name, area, spots, header_rows);
                under_table = true;
            }
        }
    }
    promote_numbered(&mut builder.blocks[before..], level);
    let boxes = std::mem::take(&mut sheet.boxes).into_iter();
    let notes = std::mem::take(&mut sheet.notes).into_iter();
    let aside = boxes.map(|text| (text, BlockKind::Paragraph));
    for (cell, kind) in aside.chain(notes.map(|text| (text, BlockKind::Note))) {
        let spot = Spot { area: Area::cell(cell.row, cell.column), text: cell.text };
        push(builder, &sheet.name, &spot, kind);
    }
    covered
}

/// Adds a cell's text as blocks, one a line.
fn push(builder: &mut Builder, sheet: &str, spot: &Spot, kind: BlockKind) {
    let before = builder.blocks.len();
    for line in spot.text.split(['\n', '\r']) {
        let kind = match (&kind, marker(line.trim())) {
            (BlockKind::Paragraph, Some(Marker::Bullet)) => BlockKind::ListItem,
            _ => kind.clone(),
        };
        builder.push(kind, &line.replace('\t', " "));
    }
    let (row, column) = (spot.area.top, spot.area.left);
    for block in &mut builder.blocks[before..] {
        block.sheet = Some(SheetPlace { name: sheet.to_owned(), row, column });
    }
}

/// Adds a line; `title` is the level of the title that it may be of the table right under it.
fn line(builder: &mut Builder, sheet: &str, spot: &Spot, title: Option<u8>, under_table: bool) {
    let text = spot.text.trim();
    let kind = match title {
        _ if under_table && is_note_mark(text) => BlockKind::Note,
        Some(_) if is_caption(text) && !is_unit(text) => BlockKind::Caption,
        Some(level) if is_title(text) && !is_aside(text) => BlockKind::Heading(level),
        _ => BlockKind::Paragraph,
    };
    push(builder, sheet, spot, kind);
}

fn is_title(text: &str) -> bool {
    text.chars().count() <= LONGEST_TITLE
        && !text.contains(['\n', '\r'])
        && !text.ends_with(['。', '；', '，', '：', '、', ';', ',', ':', '.'])
        && !is_note_mark(text)
        && !is_figure(text)
}

/// Whether a text stands beside a title: a unit line, a label with its value, a date.
fn is_aside(text: &str) -> bool {
    is_unit(text)
        || text.contains(['：', ':'])
        || text.chars().count() <= 24 && first_date(text).is_some()
        || text.starts_with(['（', '(']) && text.ends_with(['）', ')'])
}

/// The rows of a region: the cells that begin in each.
fn rows(spots: Vec<Spot>) -> Vec<Vec<Spot>> {
    let mut out: Vec<Vec<Spot>> = Vec::new();
    for spot in spots {
        match out.last_mut() {
            Some(row) if row[0].area.top == spot.area.top => row.push(spot),
            _ => out.push(vec![spot]),
        }
    }
    out
}

/// Parts a region into lines and a table.
fn take_apart(region: Region, marked: &[Marked], out: &mut Vec<Piece>) {
    let own = marked.iter().take(1000).find(|marked| marked.area.overlaps(&region.area));
    let mut rows: std::collections::VecDeque<Vec<Spot>> = rows(region.spots).into();
    let columns = region.area.columns();
    let single = rows.iter().all(|row| row.len() == 1);
    if single && own.is_none() && !is_list(&rows, region.area) {
        out.extend(rows.into_iter().flatten().map(Piece::Line));
        return;
    }
    let first = own.map_or(u32::MAX, |own| own.area.top);
    while rows.len() > 1 && rows[0][0].area.top < first && columns > 1 {
        if !stands_over(&rows[0], &rows[1], region.area) {
            break;
        }
        out.extend(rows.pop_front().into_iter().flatten().map(Piece::Line));
    }
    let last = own.map_or(0, |own| own.area.bottom + 1);
    let mut under = Vec::new();
    while rows.len() > 1 && columns > 1 {
        let end = &rows[rows.len() - 1];
        if end[0].area.top < last || !stands_under(end, columns) {
            break;
        }
        under.extend(rows.pop_back());
    }
    let spots: Vec<Spot> = rows.into_iter().flatten().collect();
    let around = spots.iter().map(|spot| spot.area).reduce(|all, area| all.around(&area));
    if let Some(area) = around {
        let header_rows = own
            .filter(|own| own.area.top >= area.top)
            .map(|own| own.area.top - area.top + own.header_rows)
            .filter(|rows| *rows > 0 && *rows <= 4);
        out.push(Piece::Table { area, spots, header_rows });
    }
    out.extend(under.into_iter().rev().flatten().map(Piece::Line));
}

/// Whether a region with one cell a row is a list with short entries, all in one column.
fn is_list(rows: &std::collections::VecDeque<Vec<Spot>>, area: Area) -> bool {
    let short = |row: &Vec<Spot>| {
        let text = &row[0].text;
        row[0].area.left == area.left
            && text.chars().count() <= LONGEST_ENTRY
            && !text.contains(['。', '；', '：', '\n'])
            && marker(text.trim()).is_none()
            && !is_note_mark(text)
            && !is_unit(text)
    };
    rows.len() >= 3 && rows.iter().all(short)
}

/// Whether a row over a table is no part of it: one cell that is no header of a group, or labels
/// with their values.
fn stands_over(row: &[Spot], next: &[Spot], area: Area) -> bool {
    if let [only] = row {
        let at_left = only.area.left == area.left;
        let wide = only.area.columns() * 2 > area.columns();
        let spans = only.area.columns() > 1;
        return is_unit(&only.text)
            || at_left && (!is_figure(&only.text) || spans) && only.area.rows() <= 3
            || wide
            || !spans && only.text.chars().count() >= 6;
    }
    let all_aside = row.iter().all(|spot| is_aside(&spot.text));
    let united = row.iter().any(|spot| is_unit(&spot.text));
    let few = row.len() < next.len() || united && row.len() < area.columns() as usize;
    few && (all_aside || united)
}

/// Whether a row under a table is no part of it: a note, a sentence, or labels with their values.
fn stands_under(row: &[Spot], columns: u32) -> bool {
    if let [only] = row {
        let text = only.text.trim();
        let labelled = text
            .split_once(['：', ':'])
            .is_some_and(|(label, _)| (1..=6).contains(&label.chars().count()));
        return is_note_mark(text)
            || labelled
            || text.chars().count() > 40
            || text.ends_with(['。', '；']);
    }
    let labelled = |spot: &Spot| spot.text.contains(['：', ':']) && !is_figure(&spot.text);
    columns as usize > row.len() && row.iter().all(labelled)
}

/// Adds a table, in as many blocks as it needs.
fn table(builder: &mut Builder, name: &str, area: Area, spots: Vec<Spot>, given: Option<u32>) {
    let header = header(area, &spots, given);
    let rows_a_block = (CELLS_A_BLOCK / area.columns()).clamp(20, MOST_ROWS_A_BLOCK);
    let first = area.top + header;
    if area.bottom + 1 - first <= rows_a_block {
        block(builder, name, area, area.top, header, &spots);
        return;
    }
    let end = spots.partition_point(|spot| spot.area.top < first);
    let (above, mut rest) = spots.split_at(end);
    // Cells of earlier blocks that reach into the next one.
    let mut reaching: Vec<Spot> = Vec::new();
    let mut top = first;
    while top <= area.bottom {
        let bottom = area.bottom.min(top + rows_a_block - 1);
        let count = rest.partition_point(|spot| spot.area.top <= bottom);
        let (now, later) = rest.split_at(count);
        rest = later;
        let moved = |spot: &Spot, top: u32| Spot {
            area: Area { top: spot.area.top.max(top), ..spot.area },
            text: spot.text.clone(),
        };
        let mut own: Vec<Spot> = above
            .iter()
            .map(|spot| Spot {
                area: Area {
                    top: spot.area.top - area.top + (top - header),
                    bottom: spot.area.bottom.min(first - 1) - area.top + (top - header),
                    ..spot.area
                },
                text: spot.text.clone(),
            })
            .collect();
        let held: Vec<Spot> = std::mem::take(&mut reaching);
        reaching = held
            .iter()
            .chain(now)
            .filter(|s| s.area.bottom > bottom)
            .map(|s| moved(s, 0))
            .collect();
        own.extend(held.iter().chain(now).map(|spot| {
            let mut spot = moved(spot, top);
            spot.area.bottom = spot.area.bottom.min(bottom);
            spot
        }));
        let part = Area { top: top - header, bottom, ..area };
        block(builder, name, part, top - header, header, &own);
        top = bottom + 1;
    }
}

/// Adds one block of a table.
fn block(builder: &mut Builder, name: &str, area: Area, top: u32, header: u32, spots: &[Spot]) {
    let cells = spots.iter().map(|spot| DraftCell {
        row: spot.area.top - area.top,
        column: spot.area.left - area.left,
        row_span: spot.area.rows(),
        column_span: spot.area.columns(),
        text: spot.text.to_string(),
    });
    let draft = TableDraft {
        rows: area.rows(),
        columns: area.columns(),
        cells: cells.collect(),
        header_rows: Some(header),
        ..TableDraft::default()
    };
    if let Some(block) = builder.table(draft) {
        block.sheet = Some(SheetPlace { name: name.to_owned(), row: top, column: area.left });
    }
}

/// How many rows at the top are the header.
fn header(area: Area, spots: &[Spot], given: Option<u32>) -> u32 {
    let depth = area.rows().min(HEADER_DEPTH);
    let top = spots.iter().take_while(|spot| spot.area.top - area.top < depth);
    let shapes: Vec<Shape<'_>> = top
        .map(|spot| Shape {
            row: spot.area.top - area.top,
            column: spot.area.left - area.left,
            row_span: spot.area.rows(),
            column_span: spot.area.columns(),
            text: &spot.text,
        })
        .collect();
    let by_shape = header_rows(&shapes, depth, area.columns(), given.filter(|rows| *rows < depth));
    if by_shape > 0 || depth < 2 {
        return by_shape;
    }
    let lettered = |text: &str| text.chars().any(char::is_alphabetic);
    // Labels that look like figures over columns that are figures: `A1` over `1.5`.
    let over: BTreeMap<u32, bool> = shapes
        .iter()
        .filter(|shape| shape.row == 0 && shape.column_span == 1)
        .map(|shape| (shape.column, lettered(shape.text)))
        .collect();
    let plain = shapes.iter().filter(|shape| shape.row == 1 && shape.column_span == 1);
    let plain = plain.filter(|shape| !lettered(shape.text) && is_figure(shape.text));
    let named = plain.filter(|shape| over.get(&shape.column) == Some(&true)).count();
    if named > 1 && named * 2 > over.len() {
        return 1;
    }
    // Years and months over columns of figures.
    let row =
        |row: u32| shapes.iter().filter(move |shape| shape.row == row && !shape.text.is_empty());
    let periods = row(0).filter(|shape| is_period(shape.text)).count();
    let words = row(0).filter(|shape| !is_figure(shape.text)).count();
    let below = row(1).filter(|shape| is_period(shape.text)).count();
    u32::from(periods > 0 && periods + words == row(0).count() && below < periods)
}
