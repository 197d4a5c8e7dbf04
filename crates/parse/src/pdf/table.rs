//! Grids to table blocks: stacked tables parted, those that run on over a page break joined
//! (`continued`), header rows, caption and unit line, and at last the text of rows and cells.

use crate::document::{Block, BlockKind, Cell, PlaceMap, Table};
use crate::meta::first_date;
use crate::table::{self, Shape, is_figure};

use super::continued::{append, continued};
use super::draft::{Draft, Style};
use super::grid::{Grid, GridCell};
use super::lines::join;
use crate::marker::{is_caption, is_unit};

/// How many blocks above a table are looked at for its caption and unit line.
const LOOK_BACK: usize = 4;

/// The tables in a grid: one, or several where tables are stacked in one frame.
pub(crate) fn part(grid: &Grid) -> Vec<Grid> {
    let mut starts = vec![0];
    starts.extend((1..grid.rows).filter(|&row| begins_stacked(grid, row)));
    starts.push(grid.rows);
    starts.windows(2).map(|ends| rows(grid, ends[0], ends[1])).collect()
}

/// Whether a row begins another table in the same frame: a title over the full width, under which
/// a header (several cells, no figures) stands.
fn begins_stacked(grid: &Grid, row: u32) -> bool {
    if !is_title_row(grid, row) {
        return false;
    }
    let header: Vec<String> = filled(grid, row + 1).map(|cell| join(&cell.lines).text).collect();
    header.len() >= 2 && !header.iter().any(|text| is_figure(text))
}

pub(crate) fn filled(grid: &Grid, row: u32) -> impl Iterator<Item = &GridCell> {
    grid.cells.iter().filter(move |cell| cell.row == row && !cell.lines.is_empty())
}

/// Whether one short cell fills the row.
pub(crate) fn is_title_row(grid: &Grid, row: u32) -> bool {
    let title = grid.cells.iter().find(|cell| cell.row == row && cell.column_span == grid.columns);
    title.is_some_and(|cell| cell.row_span == 1 && (1..=2).contains(&cell.lines.len()))
}

/// Some rows of a grid as a grid of their own.
fn rows(grid: &Grid, from: u32, to: u32) -> Grid {
    let own = grid.cells.iter().filter(|cell| (from..to).contains(&cell.row)).cloned();
    let shift = |cell: GridCell| GridCell {
        row: cell.row - from,
        row_span: cell.row_span.min(to - cell.row),
        ..cell
    };
    Grid {
        cells: own.map(shift).collect(),
        rows: to - from,
        header_rows: grid.header_rows.filter(|_| from == 0).map(|rows| rows.min(to)),
        ..grid.clone()
    }
}

/// Appends a table to the blocks: as a continuation of the one before, or on its own with the
/// caption and unit line above it.
pub(crate) fn push(drafts: &mut Vec<Draft>, grid: Grid) {
    if let Some((at, rest)) = continued(drafts, &grid) {
        let repeated = drafts[at].grid.as_mut().and_then(|before| append(before, rest));
        drafts.extend(repeated);
        return;
    }
    let mut table = Table::default();
    attach(drafts, &mut table, grid.page);
    if is_title_row(&grid, 0) && grid.rows > 1 {
        table.caption = filled(&grid, 0).next().map(|cell| join(&cell.lines).text);
    }
    let style = Style { page: grid.page, ..Style::default() };
    let block = Block { kind: BlockKind::Table(table), ..Block::default() };
    drafts.push(Draft { block, style, grid: Some(grid) });
}

/// Takes the caption and the unit line from the blocks just above.
fn attach(drafts: &mut [Draft], table: &mut Table, page: u32) {
    let above = drafts.iter_mut().rev().filter(|draft| draft.block.furniture.is_none());
    for (nth, draft) in above.take(LOOK_BACK).enumerate() {
        let text = &draft.block.text;
        if draft.style.page != page {
            break;
        }
        // The next part of a frame of stacked tables has the unit of the part above.
        if let Some(above) = draft.block.table() {
            if nth == 0 {
                table.unit.clone_from(&above.unit);
            }
            break;
        }
        if is_unit(text) {
            table.unit.get_or_insert_with(|| text.clone());
            draft.block.kind = BlockKind::Caption;
            continue;
        }
        let short = text.chars().count() <= 40 && !text.ends_with(['。', '；', '，']);
        // Tick boxes, who made the table and its date stand between a table and its caption.
        let aside = text.contains(['□', '√', '☑'])
            || short && (text.contains(['：', ':']) || first_date(text).is_some())
            || is_period(text);
        if is_caption(text) || short && !aside {
            table.caption.get_or_insert_with(|| text.clone());
        }
        if !aside {
            break;
        }
    }
}

/// Whether a text is nothing but a time: 2022年1—9月, 2022年度.
fn is_period(text: &str) -> bool {
    let of_time =
        |ch: char| ch.is_ascii_digit() || " 年度月日季第一二三四上下半前至-—–－~～".contains(ch);
    text.contains('年') && text.chars().all(of_time)
}

/// Writes the text of every table into its block.
pub(crate) fn finish(drafts: &mut [Draft]) {
    for draft in drafts {
        if let (Some(grid), BlockKind::Table(table)) = (&draft.grid, &mut draft.block.kind) {
            (draft.block.text, draft.block.places) = write(grid, table);
        }
    }
}

/// Fills in a table's cells; returns its text and places.
pub(crate) fn write(grid: &Grid, table: &mut Table) -> (String, PlaceMap) {
    let mut cells: Vec<&GridCell> = grid.cells.iter().collect();
    cells.sort_by_key(|cell| (cell.row, cell.column));
    let mut text = String::new();
    let mut places = PlaceMap::default();
    let mut row = None;
    for cell in cells {
        if row.is_some() {
            text.push(if row == Some(cell.row) { '\t' } else { '\n' });
        }
        row = Some(cell.row);
        let joined = join(&cell.lines);
        let start = text.len();
        places.append(start, &joined.places);
        text.push_str(&joined.text);
        table.cells.push(Cell {
            row: cell.row,
            column: cell.column,
            row_span: cell.row_span,
            column_span: cell.column_span,
            start: start as u32,
            end: text.len() as u32,
        });
    }
    (table.rows, table.columns) = (grid.rows, grid.columns);
    table.header_rows = header_rows(grid);
    table.header_columns = header_columns(grid, table.header_rows);
    (text, places)
}

/// The texts of a grid's cells.
fn texts(grid: &Grid) -> Vec<String> {
    grid.cells.iter().map(|cell| join(&cell.lines).text).collect()
}

fn shapes<'a>(grid: &Grid, texts: &'a [String]) -> Vec<Shape<'a>> {
    let cells = grid.cells.iter().zip(texts);
    cells
        .map(|(cell, text)| Shape {
            row: cell.row,
            column: cell.column,
            row_span: cell.row_span,
            column_span: cell.column_span,
            text,
        })
        .collect()
}

pub(crate) fn header_rows(grid: &Grid) -> u32 {
    let texts = texts(grid);
    table::header_rows(&shapes(grid, &texts), grid.rows, grid.columns, grid.header_rows)
}

fn header_columns(grid: &Grid, header_rows: u32) -> u32 {
    let texts = texts(grid);
    table::header_columns(&shapes(grid, &texts), grid.columns, header_rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_no_captions() {
        for (text, expected) in [
            ("2022年1—9月", true),
            ("2022 年度", true),
            ("2022年收入", false),
            ("合并利润表", false),
        ] {
            assert_eq!(is_period(text), expected, "{text}");
        }
    }
}
