//! Ruled tables: rulings to grids, glyphs to cells.
//!
//! Rulings are snapped and joined, connected components of crossing rulings are tables, and grid
//! cells that lack a ruling between them are one cell with a span. Where horizontal rulings reach
//! beyond the outermost vertical one, the table has an open side and is closed there.
//!
//! What is only a frame around text (one column), or a chart's grid lines (mostly empty), is no
//! table.

use super::glyphs::{Glyph, Ruling};
use super::lines::{Line, lines};

/// Coordinates closer than this are one.
const SNAP: f32 = 1.5;
/// Rulings along one line with a smaller gap are one.
const JOIN: f32 = 3.0;
/// Columns narrower than this, in points, are not kept without text.
const NARROWEST_COLUMN: f32 = 10.0;
/// Boxes around text are at least this wide, in points.
const NARROWEST_BOX: f32 = 150.0;
/// More frames than this on a page are a drawing.
const MOST_FRAMES: usize = 200;
/// More grid positions than this are a drawing.
const MOST_CELLS: usize = 20_000;

/// A table on one page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grid {
    pub(crate) page: u32,
    /// The page on which it ends.
    pub(crate) last_page: u32,
    /// The column edges, left to right; empty if not known.
    pub(crate) xs: Vec<f32>,
    pub(crate) rows: u32,
    pub(crate) columns: u32,
    pub(crate) cells: Vec<GridCell>,
    /// The table's element in the structure tree, if it was read from there.
    pub(crate) id: Option<u32>,
    /// The number of header rows, where the file itself says so.
    pub(crate) header_rows: Option<u32>,
}

/// A cell of a [`Grid`].
#[derive(Debug, Clone, Default)]
pub(crate) struct GridCell {
    pub(crate) row: u32,
    pub(crate) column: u32,
    pub(crate) row_span: u32,
    pub(crate) column_span: u32,
    pub(crate) lines: Vec<Line>,
}

/// A grid's geometry, before text is in it.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) xs: Vec<f32>,
    pub(crate) ys: Vec<f32>,
    /// The cell that covers each grid position, row by row.
    owner: Vec<usize>,
    cells: Vec<GridCell>,
}

impl Frame {
    pub(crate) fn columns(&self) -> usize {
        self.xs.len() - 1
    }

    fn contains(&self, (x, y): (f32, f32)) -> bool {
        let inside = |edges: &[f32], at: f32| {
            edges.first().is_some_and(|first| *first <= at)
                && edges.last().is_some_and(|last| at <= *last)
        };
        inside(&self.xs, x) && inside(&self.ys, y)
    }

    /// Whether it is a box around text: one column, wide enough for sentences.
    pub(crate) fn is_box(&self) -> bool {
        self.columns() == 1 && self.xs[1] - self.xs[0] >= NARROWEST_BOX
    }

    /// The cell at a point of the page.
    pub(crate) fn find(&self, point: (f32, f32)) -> Option<usize> {
        self.contains(point).then(|| self.cell_at(point)).flatten()
    }

    fn cell_at(&self, (x, y): (f32, f32)) -> Option<usize> {
        let column = self.xs.partition_point(|edge| *edge <= x).checked_sub(1)?;
        let row = self.ys.partition_point(|edge| *edge <= y).checked_sub(1)?;
        let column = column.min(self.columns() - 1);
        let row = row.min(self.ys.len() - 2);
        self.owner.get(row * self.columns() + column).copied()
    }
}

/// The frames that rulings make, outermost first down the page.
pub(crate) fn frames(rulings: &[Ruling]) -> Vec<Frame> {
    let horizontal = joined(rulings, true);
    let vertical = joined(rulings, false);
    let mut frames: Vec<Frame> = components(&horizontal, &vertical)
        .into_iter()
        .filter_map(|(hs, vs)| frame(&hs, &vs))
        .collect();
    frames.truncate(MOST_FRAMES);
    frames.sort_by(|a, b| a.ys[0].total_cmp(&b.ys[0]).then(a.xs[0].total_cmp(&b.xs[0])));
    frames
}

/// Rulings of one direction, snapped to common coordinates and joined end to end.
pub(crate) fn joined(rulings: &[Ruling], horizontal: bool) -> Vec<Ruling> {
    let mut own: Vec<Ruling> =
        rulings.iter().copied().filter(|ruling| ruling.horizontal == horizontal).collect();
    own.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let mut anchor = f32::MIN;
    for ruling in &mut own {
        if ruling.at - anchor > SNAP {
            anchor = ruling.at;
        }
        ruling.at = anchor;
    }
    own.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let mut out: Vec<Ruling> = Vec::with_capacity(own.len());
    for ruling in own {
        match out.last_mut() {
            Some(last) if last.at == ruling.at && ruling.from <= last.to + JOIN => {
                last.to = last.to.max(ruling.to);
            }
            _ => out.push(ruling),
        }
    }
    out
}

fn cross(h: &Ruling, v: &Ruling) -> bool {
    h.from - JOIN <= v.at && v.at <= h.to + JOIN && v.from - JOIN <= h.at && h.at <= v.to + JOIN
}

/// Groups of rulings that cross each other.
fn components(hs: &[Ruling], vs: &[Ruling]) -> Vec<(Vec<Ruling>, Vec<Ruling>)> {
    let mut group_of_h: Vec<Option<usize>> = vec![None; hs.len()];
    let mut group_of_v: Vec<Option<usize>> = vec![None; vs.len()];
    let mut groups = 0;
    for start in 0..hs.len() {
        if group_of_h[start].is_some() {
            continue;
        }
        let mut open = vec![start];
        group_of_h[start] = Some(groups);
        while let Some(h) = open.pop() {
            for v in 0..vs.len() {
                if group_of_v[v].is_some() || !cross(&hs[h], &vs[v]) {
                    continue;
                }
                group_of_v[v] = Some(groups);
                for (other, group) in group_of_h.iter_mut().enumerate() {
                    if group.is_none() && cross(&hs[other], &vs[v]) {
                        *group = Some(groups);
                        open.push(other);
                    }
                }
            }
        }
        groups += 1;
    }
    let mut out = vec![(Vec::new(), Vec::new()); groups];
    for (ruling, group) in hs.iter().zip(&group_of_h) {
        out[group.unwrap_or(0)].0.push(*ruling);
    }
    for (ruling, group) in vs.iter().zip(&group_of_v) {
        if let Some(group) = group {
            out[*group].1.push(*ruling);
        }
    }
    out
}

fn distinct(values: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values.dedup_by(|next, kept| *next - *kept <= SNAP * 2.0);
    values
}

fn frame(hs: &[Ruling], vs: &[Ruling]) -> Option<Frame> {
    let mut ys = distinct(hs.iter().map(|h| h.at));
    let mut xs = distinct(vs.iter().map(|v| v.at));
    let top = vs.iter().map(|v| v.from).fold(f32::MAX, f32::min);
    let bottom = vs.iter().map(|v| v.to).fold(f32::MIN, f32::max);
    // Open sides: rulings that reach beyond the outermost one of the other direction.
    let (open_left, open_right) = open_sides(hs, &xs)?;
    xs.splice(0..0, open_left);
    xs.extend(open_right);
    let open_top = ys.first().is_some_and(|first| first - top > 8.0);
    let open_bottom = ys.last().is_some_and(|last| bottom - last > 8.0);
    if open_top {
        ys.insert(0, top);
    }
    if open_bottom {
        ys.push(bottom);
    }
    if xs.len() < 2 || ys.len() < 2 || (xs.len() - 1) * (ys.len() - 1) > MOST_CELLS {
        return None;
    }
    // The boxes of a diagram are joined by lines too, but no ruling closes them above and below.
    let closed = |y: f32| {
        let along = hs.iter().filter(|h| (h.at - y).abs() <= 2.0 * SNAP);
        let length: f32 = along.map(|h| h.to - h.from).sum();
        length >= 0.6 * (xs[xs.len() - 1] - xs[0])
    };
    if !(open_top || closed(ys[0])) || !(open_bottom || closed(ys[ys.len() - 1])) {
        return None;
    }
    let (owner, cells) = spans(hs, vs, &xs, &ys);
    Some(Frame { xs, ys, owner, cells })
}

/// Where most horizontal rulings reach beyond the outermost vertical ones.
fn open_sides(hs: &[Ruling], xs: &[f32]) -> Option<(Option<f32>, Option<f32>)> {
    let (first, last) = (*xs.first()?, *xs.last()?);
    let left = hs.iter().map(|h| h.from).fold(f32::MAX, f32::min);
    let right = hs.iter().map(|h| h.to).fold(f32::MIN, f32::max);
    let share = |reaches: &dyn Fn(&Ruling) -> bool| {
        hs.iter().filter(|h| reaches(h)).count() * 2 >= hs.len()
    };
    let open_left = (first - left > 12.0 && share(&|h| first - h.from > 12.0)).then_some(left);
    let open_right = (right - last > 12.0 && share(&|h| h.to - last > 12.0)).then_some(right);
    Some((open_left, open_right))
}

/// Merges grid positions without a ruling between them.
fn spans(hs: &[Ruling], vs: &[Ruling], xs: &[f32], ys: &[f32]) -> (Vec<usize>, Vec<GridCell>) {
    let (columns, rows) = (xs.len() - 1, ys.len() - 1);
    let parted = |rulings: &[Ruling], at: f32, along: f32| {
        rulings.iter().any(|r| {
            (r.at - at).abs() <= 2.0 * SNAP && r.from - JOIN <= along && along <= r.to + JOIN
        })
    };
    let mid = |edges: &[f32], i: usize| (edges[i] + edges[i + 1]) / 2.0;
    let mut owner = vec![usize::MAX; rows * columns];
    let mut cells = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            if owner[row * columns + column] != usize::MAX {
                continue;
            }
            let free = |r: usize, c: usize, owner: &[usize]| owner[r * columns + c] == usize::MAX;
            let mut right = column + 1;
            while right < columns
                && free(row, right, &owner)
                && !parted(vs, xs[right], mid(ys, row))
            {
                right += 1;
            }
            let mut down = row + 1;
            while down < rows
                && (column..right)
                    .all(|c| free(down, c, &owner) && !parted(hs, ys[down], mid(xs, c)))
                && (column + 1..right).all(|c| !parted(vs, xs[c], mid(ys, down)))
            {
                down += 1;
            }
            for r in row..down {
                for c in column..right {
                    owner[r * columns + c] = cells.len();
                }
            }
            cells.push(GridCell {
                row: row as u32,
                column: column as u32,
                row_span: (down - row) as u32,
                column_span: (right - column) as u32,
                lines: Vec::new(),
            });
        }
    }
    (owner, cells)
}

/// Puts glyphs into a frame: the table, or `None` if it is a mere frame or a chart's grid.
/// Returns the indices of the glyphs it took.
pub(crate) fn fill(frame: &Frame, page: u32, glyphs: &[Glyph]) -> Option<(Grid, Vec<usize>)> {
    let mut taken = Vec::new();
    let mut texts: Vec<Vec<Glyph>> = vec![Vec::new(); frame.cells.len()];
    for (i, glyph) in glyphs.iter().enumerate() {
        if !frame.contains(glyph.centre()) {
            continue;
        }
        if let Some(cell) = frame.cell_at(glyph.centre()) {
            texts[cell].push(*glyph);
            taken.push(i);
        }
    }
    let mut cells = frame.cells.clone();
    for (cell, text) in cells.iter_mut().zip(texts) {
        cell.lines = lines(page, text);
    }
    let mut grid = Grid {
        page,
        last_page: page,
        xs: frame.xs.clone(),
        rows: frame.ys.len() as u32 - 1,
        columns: frame.columns() as u32,
        cells,
        id: None,
        header_rows: None,
    };
    drop_empty(&mut grid);
    is_table(&grid).then_some((grid, taken))
}

/// Drops rows and columns without any text of their own (double rulings, margins).
pub(crate) fn drop_empty(grid: &mut Grid) {
    let used_rows: Vec<bool> = (0..grid.rows)
        .map(|row| grid.cells.iter().any(|cell| cell.row == row && !cell.lines.is_empty()))
        .collect();
    // A ruled column without text is a column still, unless it is a double ruling or a margin.
    let wide = |column: u32| {
        let edges = grid.xs.get(column as usize).zip(grid.xs.get(column as usize + 1));
        edges.is_some_and(|(left, right)| right - left >= NARROWEST_COLUMN)
    };
    let used_columns: Vec<bool> = (0..grid.columns)
        .map(|column| {
            wide(column)
                || grid.cells.iter().any(|cell| cell.column == column && !cell.lines.is_empty())
        })
        .collect();
    let kept = |used: &[bool], from: u32, span: u32| {
        used[from as usize..(from + span) as usize].iter().filter(|used| **used).count() as u32
    };
    grid.cells.retain_mut(|cell| {
        let (row, column) = (cell.row, cell.column);
        cell.row_span = kept(&used_rows, row, cell.row_span);
        cell.column_span = kept(&used_columns, column, cell.column_span);
        cell.row = kept(&used_rows, 0, row);
        cell.column = kept(&used_columns, 0, column);
        cell.row_span > 0 && cell.column_span > 0
    });
    if !grid.xs.is_empty() {
        let mut xs: Vec<f32> =
            used_columns.iter().zip(&grid.xs).filter_map(|(used, x)| used.then_some(*x)).collect();
        xs.extend(grid.xs.last());
        grid.xs = xs;
    }
    grid.rows = used_rows.iter().filter(|used| **used).count() as u32;
    grid.columns = used_columns.iter().filter(|used| **used).count() as u32;
}

fn is_table(grid: &Grid) -> bool {
    let filled = grid.cells.iter().filter(|cell| !cell.lines.is_empty()).count();
    grid.columns >= 2
        && filled >= 2
        && filled * 10 >= grid.cells.len() * 3
        && (grid.rows >= 2 || filled >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn h(at: f32, from: f32, to: f32) -> Ruling {
        Ruling { horizontal: true, at, from, to }
    }

    fn v(at: f32, from: f32, to: f32) -> Ruling {
        Ruling { horizontal: false, at, from, to }
    }

    fn shape(rulings: &[Ruling]) -> Vec<(usize, usize, usize)> {
        let shape = |frame: &Frame| (frame.ys.len() - 1, frame.columns(), frame.cells.len());
        frames(rulings).iter().map(shape).collect()
    }

    #[test]
    fn a_missing_ruling_makes_a_span() {
        let rulings = [
            h(0.0, 0.0, 200.0),
            h(20.0, 0.0, 200.0),
            h(40.0, 0.0, 200.0),
            v(0.0, 0.0, 40.0),
            v(100.0, 20.0, 40.0),
            v(200.0, 0.0, 40.0),
        ];
        assert_eq!(shape(&rulings), [(2, 2, 3)]);
        let first = &frames(&rulings)[0].cells[0];
        assert_eq!((first.column_span, first.row_span), (2, 1));
    }

    #[test]
    fn open_sides_are_closed_where_the_rulings_end() {
        let rulings =
            [h(0.0, 0.0, 300.0), h(20.0, 0.0, 300.0), h(60.0, 0.0, 300.0), v(100.0, 0.0, 60.0)];
        assert_eq!(shape(&rulings), [(2, 2, 4)]);
    }

    #[test]
    fn the_boxes_of_a_diagram_are_no_table() {
        let rulings = [
            h(0.0, 100.0, 140.0),
            h(20.0, 100.0, 140.0),
            v(100.0, 0.0, 20.0),
            v(140.0, 0.0, 20.0),
            v(120.0, 20.0, 40.0),
            h(40.0, 0.0, 240.0),
            v(0.0, 40.0, 60.0),
            v(240.0, 40.0, 60.0),
            h(60.0, 0.0, 40.0),
            v(40.0, 40.0, 60.0),
        ];
        assert_eq!(shape(&rulings), []);
    }

    #[test]
    fn rulings_drawn_in_pieces_are_one() {
        let pieces = [h(10.0, 0.0, 50.0), h(10.4, 51.0, 100.0), h(30.0, 0.0, 100.0)];
        assert_eq!(joined(&pieces, true).len(), 2);
    }
}
