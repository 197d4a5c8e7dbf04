//! Three-line tables of untagged files: horizontal rulings of one width without vertical ones,
//! columns found from the gaps that run down through all rows.

use super::glyphs::{Glyph, Ruling};
use super::grid::{Grid, GridCell, drop_empty, joined};
use super::lines::{Line, lines};
use super::spread;

/// Gaps between columns are at least this many times the font size.
const COLUMN_GAP: f32 = 0.9;
/// The ends of a table's rulings differ by less than this.
const SAME_EXTENT: f32 = 6.0;

/// The three-line tables among glyphs that no other table took, with their glyphs' indices.
pub(crate) fn tables(
    page: u32,
    rulings: &[Ruling],
    glyphs: &[Glyph],
    free: &[bool],
) -> Vec<(Grid, Vec<usize>)> {
    let mut out: Vec<(Grid, Vec<usize>)> = Vec::new();
    for group in groups(rulings) {
        // The rule under a running header is often as long as those of the table below it.
        let below = group.get(1..).filter(|below| below.len() >= 3);
        let below = below.and_then(|below| table(page, below, glyphs, free));
        let whole = table(page, &group, glyphs, free);
        let columns =
            |table: &Option<(Grid, _)>| table.as_ref().map_or(0, |(grid, _)| grid.columns);
        out.extend(if columns(&below) > columns(&whole) { below } else { whole });
    }
    out
}

/// The table between the first and the last of a group of rulings.
fn table(
    page: u32,
    group: &[Ruling],
    glyphs: &[Glyph],
    free: &[bool],
) -> Option<(Grid, Vec<usize>)> {
    let (first, last) = (group.first()?, group.last()?);
    let inside: Vec<usize> = (0..glyphs.len())
        .filter(|&i| {
            let (x, y) = glyphs[i].centre();
            free[i] && first.from - 4.0 <= x && x <= first.to + 4.0 && first.at < y && y < last.at
        })
        .collect();
    let header_end = group.get(1).filter(|_| group.len() >= 3).map(|ruling| ruling.at);
    let grid = grid(page, glyphs, &inside, header_end)?;
    Some((grid, inside))
}

/// Horizontal rulings of the same extent, from the top down, at least three.
fn groups(rulings: &[Ruling]) -> Vec<Vec<Ruling>> {
    let vertical = joined(rulings, false);
    let crossed = |h: &Ruling| {
        vertical.iter().any(|v| {
            h.from - 3.0 <= v.at && v.at <= h.to + 3.0 && v.from - 3.0 <= h.at && h.at <= v.to + 3.0
        })
    };
    let mut groups: Vec<Vec<Ruling>> = Vec::new();
    for ruling in joined(rulings, true) {
        if ruling.to - ruling.from < 100.0 || crossed(&ruling) {
            continue;
        }
        let same = groups.iter_mut().find(|group| {
            (group[0].from - ruling.from).abs() < SAME_EXTENT
                && (group[0].to - ruling.to).abs() < SAME_EXTENT
        });
        match same {
            Some(group) => group.push(ruling),
            None => groups.push(vec![ruling]),
        }
    }
    groups.retain(|group| group.len() >= 3);
    groups
}

fn grid(page: u32, glyphs: &[Glyph], inside: &[usize], header_end: Option<f32>) -> Option<Grid> {
    let rows = rows(page, glyphs, inside);
    let columns = columns(&rows)?;
    let mut grid =
        Grid { page, last_page: page, columns: columns.len() as u32 + 1, ..Grid::default() };
    let mut header_rows = 0;
    for row in &rows {
        let cells = cut(row, &columns);
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        // A wrapped label: a row without its own values, close under the row above.
        let wraps = grid.rows > 0 && filled == 1 && continues(&grid, row);
        if !wraps {
            grid.rows += 1;
        }
        if header_end.is_some_and(|end| row.baseline < end) {
            header_rows = grid.rows;
        }
        for (column, text) in cells.into_iter().enumerate() {
            push_cell(&mut grid, column as u32, lines(page, text));
        }
    }
    grid.header_rows = header_end.map(|_| header_rows);
    drop_empty(&mut grid);
    spread::headers(&mut grid);
    let filled = grid.cells.iter().filter(|cell| !cell.lines.is_empty()).count() as u32;
    (grid.columns >= 2 && grid.rows >= 2 && filled * 2 >= grid.rows * grid.columns).then_some(grid)
}

fn push_cell(grid: &mut Grid, column: u32, text: Vec<Line>) {
    let row = grid.rows - 1;
    match grid.cells.iter_mut().find(|cell| (cell.row, cell.column) == (row, column)) {
        Some(cell) => cell.lines.extend(text),
        None => grid.cells.push(GridCell { row, column, row_span: 1, column_span: 1, lines: text }),
    }
}

/// Whether a row with one filled cell goes on with the last row of the grid.
fn continues(grid: &Grid, row: &Line) -> bool {
    let last = grid.cells.iter().filter(|cell| cell.row + 1 == grid.rows);
    let baseline =
        last.flat_map(|cell| &cell.lines).map(|line| line.baseline).fold(f32::MIN, f32::max);
    row.baseline - baseline < 1.35 * row.size
}

/// The glyphs inside as rows: one line for each baseline, from left to right.
fn rows(page: u32, glyphs: &[Glyph], inside: &[usize]) -> Vec<Line> {
    let mut sorted: Vec<Glyph> =
        inside.iter().map(|&i| glyphs[i]).filter(|g| g.ch != ' ').collect();
    sorted.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    let mut rows: Vec<Vec<Glyph>> = Vec::new();
    for glyph in sorted {
        match rows.last_mut() {
            Some(row) if glyph.baseline - row[0].baseline < 0.5 * glyph.size => row.push(glyph),
            _ => rows.push(vec![glyph]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    rows.into_iter().filter_map(|row| Line::new(page, row)).collect()
}

/// The x of each column boundary: gaps that no row but a full-width one bridges.
fn columns(rows: &[Line]) -> Option<Vec<f32>> {
    let size = rows.iter().map(|row| row.size).fold(0.0, f32::max);
    let left = rows.iter().map(|row| row.x0).fold(f32::MAX, f32::min);
    let right = rows.iter().map(|row| row.x1).fold(f32::MIN, f32::max);
    let steps = ((right - left).ceil() as usize).clamp(1, 5000);
    let mut covered = vec![0usize; steps + 1];
    for row in rows {
        let mut own = vec![false; steps + 1];
        for glyph in &row.glyphs {
            let from = (glyph.x0 - left).floor().max(0.0) as usize;
            let to = ((glyph.x1 - left).ceil().max(0.0) as usize).min(steps);
            own[from.min(to)..=to].fill(true);
        }
        for (count, own) in covered.iter_mut().zip(own) {
            *count += usize::from(own);
        }
    }
    // Up to a tenth of the rows may run across a gap: titles and notes inside the table.
    let bridge = rows.len() / 10;
    let mut boundaries = Vec::new();
    let mut gap_from = None;
    for (x, count) in covered.iter().enumerate() {
        match (*count <= bridge, gap_from) {
            (true, None) => gap_from = Some(x),
            (false, Some(from)) => {
                if (x - from) as f32 >= COLUMN_GAP * size && from > 0 {
                    boundaries.push(left + (from + x) as f32 / 2.0);
                }
                gap_from = None;
            }
            _ => {}
        }
    }
    (!boundaries.is_empty()).then_some(boundaries)
}

/// The glyphs of a row by their columns. A text that runs over a boundary stays whole, in the
/// column where it begins.
fn cut(row: &Line, boundaries: &[f32]) -> Vec<Vec<Glyph>> {
    let mut cells = vec![Vec::new(); boundaries.len() + 1];
    let (mut column, mut end) = (0, f32::MIN);
    for glyph in &row.glyphs {
        if glyph.x0 - end >= COLUMN_GAP / 2.0 * glyph.size {
            column = boundaries.partition_point(|x| *x < glyph.centre().0);
        }
        end = glyph.x1;
        cells[column].push(*glyph);
    }
    cells
}
