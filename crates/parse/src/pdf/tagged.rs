//! Tables of tagged files without full rulings: rows and cells as the structure tree has them.

use std::collections::BTreeMap;

use super::glyphs::Glyph;
use super::grid::{Grid, GridCell, drop_empty};
use super::lines::lines;
use super::spread;
use super::tags::{CellTag, Structure};

/// The tables that the tags of these glyphs make, with the indices of their glyphs.
pub(crate) fn tables(
    structure: &Structure,
    page: u32,
    glyphs: &[Glyph],
) -> Vec<(Grid, Vec<usize>)> {
    let mut by_table: BTreeMap<u32, Vec<(CellTag, usize)>> = BTreeMap::new();
    for (i, glyph) in glyphs.iter().enumerate() {
        if let Some(cell) = structure.tag(page, glyph.mcid).and_then(|tag| tag.cell) {
            by_table.entry(cell.table).or_default().push((cell, i));
        }
    }
    by_table.into_values().filter_map(|cells| table(page, glyphs, &cells)).collect()
}

fn table(page: u32, glyphs: &[Glyph], tagged: &[(CellTag, usize)]) -> Option<(Grid, Vec<usize>)> {
    let mut by_cell: BTreeMap<(u32, u32), (CellTag, Vec<Glyph>)> = BTreeMap::new();
    for (tag, i) in tagged {
        by_cell.entry((tag.row, tag.index)).or_insert((*tag, Vec::new())).1.push(glyphs[*i]);
    }
    let taken: Vec<usize> = tagged.iter().map(|(_, i)| *i).collect();
    let mut grid = place(page, by_cell.values());
    let headers = by_cell.values().filter(|(tag, _)| tag.header).map(|(tag, _)| tag.row);
    let first = by_cell.keys().next()?.0;
    grid.id = tagged.first().map(|(tag, _)| tag.table);
    grid.header_rows = headers.max().map(|last| last + 1 - first);
    drop_empty(&mut grid);
    spread::headers(&mut grid);
    (grid.columns >= 2 && grid.rows >= 2).then_some((grid, taken))
}

/// Gives each cell its column: cells that reach down from rows above push it to the right.
fn place<'a>(page: u32, cells: impl Iterator<Item = &'a (CellTag, Vec<Glyph>)>) -> Grid {
    let mut grid = Grid { page, last_page: page, ..Grid::default() };
    let mut first = None;
    // How many more rows each column is taken from above; how many empty cells were skipped.
    let mut taken: Vec<u32> = Vec::new();
    let mut current = None;
    let (mut column, mut index) = (0usize, 0u32);
    for (tag, text) in cells {
        let row = tag.row - *first.get_or_insert(tag.row);
        if current != Some(row) {
            let passed = row - current.unwrap_or(row);
            taken.iter_mut().for_each(|rows| *rows = rows.saturating_sub(passed));
            (current, column, index) = (Some(row), 0, 0);
        }
        // Empty cells carry no content and so are missing here: one column each.
        column += (tag.index - index) as usize;
        index = tag.index + 1;
        while taken.get(column).is_some_and(|rows| *rows > 0) {
            column += 1;
        }
        let end = column + tag.column_span as usize;
        if taken.len() < end {
            taken.resize(end, 0);
        }
        taken[column..end].fill(tag.row_span);
        grid.cells.push(GridCell {
            row,
            column: column as u32,
            row_span: tag.row_span,
            column_span: tag.column_span,
            lines: lines(page, text.iter().copied()),
        });
        column = end;
        grid.rows = grid.rows.max(row + tag.row_span);
        grid.columns = grid.columns.max(end as u32);
    }
    grid
}
