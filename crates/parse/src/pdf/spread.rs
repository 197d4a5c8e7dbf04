//! Header cells over the columns that they head, where neither rulings nor tags say so.
//!
//! A heading over several columns (2022年 over 收入 and 占比) stands above their middle. The cells
//! of a header row that has fewer than the table has columns are therefore given the groups of
//! columns whose middles are nearest to theirs.

use crate::table::is_figure;

use super::grid::{Grid, GridCell};
use super::lines::join;

/// Wider tables are left as they are.
const MOST_COLUMNS: usize = 40;
/// A longer group of columns must be nearer by this much, in points, for each column.
const WIDER: f32 = 1.0;
/// What it costs to leave a column without a heading, that of the labels excepted.
const LEFT_OUT: f32 = 5.0;

/// Gives the cells of short header rows their columns.
pub(crate) fn headers(grid: &mut Grid) {
    let Some(extents) = extents(grid) else { return };
    let first_data = (0..grid.rows).find(|&row| {
        filled(grid, row).any(|cell| cell.column > 0 && is_figure(&join(&cell.lines).text))
    });
    for row in 0..first_data.unwrap_or(0) {
        let cells: Vec<GridCell> = filled(grid, row).cloned().collect();
        let is_plain = cells.iter().all(|cell| cell.column_span == 1 && cell.row_span == 1);
        if !is_plain || cells.len() < 2 || cells.len() >= extents.len() {
            continue;
        }
        let middles: Vec<f32> = cells.iter().map(|cell| middle(cell_extent(cell))).collect();
        let groups = groups(&middles, &extents);
        grid.cells.retain(|cell| cell.row != row);
        grid.cells.extend(cells.into_iter().zip(groups).map(|(cell, (from, to))| GridCell {
            column: from as u32,
            column_span: (to - from) as u32,
            ..cell
        }));
    }
    grid.cells.sort_by_key(|cell| (cell.row, cell.column));
}

fn filled(grid: &Grid, row: u32) -> impl Iterator<Item = &GridCell> {
    grid.cells.iter().filter(move |cell| cell.row == row && !cell.lines.is_empty())
}

fn cell_extent(cell: &GridCell) -> (f32, f32) {
    let left = cell.lines.iter().map(|line| line.x0).fold(f32::MAX, f32::min);
    let right = cell.lines.iter().map(|line| line.x1).fold(f32::MIN, f32::max);
    (left, right)
}

fn middle((left, right): (f32, f32)) -> f32 {
    (left + right) / 2.0
}

/// From where to where the text of each column reaches in the rows that fill all columns.
fn extents(grid: &Grid) -> Option<Vec<(f32, f32)>> {
    let columns = grid.columns as usize;
    if !(3..=MOST_COLUMNS).contains(&columns) {
        return None;
    }
    let mut out = vec![(f32::MAX, f32::MIN); columns];
    for row in 0..grid.rows {
        if filled(grid, row).count() < columns {
            continue;
        }
        for cell in filled(grid, row) {
            let (left, right) = cell_extent(cell);
            let own = out.get_mut(cell.column as usize)?;
            *own = (own.0.min(left), own.1.max(right));
        }
    }
    out.iter().all(|(left, right)| left <= right).then_some(out)
}

/// Groups of columns, in order, whose middles are nearest to those given. `best[i][j]` is the least sum of distances of the first `i` over the first `j` columns.
fn groups(middles: &[f32], extents: &[(f32, f32)]) -> Vec<(usize, usize)> {
    let columns = extents.len();
    let mut best = vec![vec![(f32::INFINITY, None); columns + 1]; middles.len() + 1];
    let left_out = |column: usize| if column == 0 { 0.0 } else { LEFT_OUT };
    for (j, first) in best[0].iter_mut().enumerate() {
        *first = ((0..j).map(left_out).sum(), None);
    }
    for i in 1..=middles.len() {
        for j in 1..=columns {
            let mut own = (best[i][j - 1].0 + left_out(j - 1), None);
            // A heading that spans columns does not span the one of the labels.
            for from in (0..j).filter(|from| *from > 0 || j == 1) {
                let group = (extents[from].0, extents[j - 1].1);
                let wider = WIDER * (j - from - 1) as f32;
                let cost = best[i - 1][from].0 + (middle(group) - middles[i - 1]).abs() + wider;
                if cost < own.0 {
                    own = (cost, Some(from));
                }
            }
            best[i][j] = own;
        }
    }
    let (mut out, mut j) = (Vec::new(), columns);
    for i in (1..=middles.len()).rev() {
        while j > 0 && best[i][j].1.is_none() {
            j -= 1;
        }
        let from = best[i][j].1.unwrap_or(0);
        out.push((from, j));
        j = from;
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_over_the_middle_of_columns_heads_them() {
        let columns: Vec<(f32, f32)> =
            (0..5).map(|at| (at as f32 * 100.0, at as f32 * 100.0 + 40.0)).collect();
        for (middles, expected) in [
            (vec![20.0, 170.0, 370.0], vec![(0, 1), (1, 3), (3, 5)]),
            (vec![20.0, 120.0, 220.0, 320.0], vec![(0, 1), (1, 2), (2, 3), (3, 4)]),
            (vec![20.0, 270.0], vec![(0, 1), (1, 5)]),
            (vec![125.0, 418.0], vec![(1, 2), (4, 5)]),
        ] {
            assert_eq!(groups(&middles, &columns), expected, "{middles:?}");
        }
    }
}
