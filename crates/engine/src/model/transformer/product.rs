//! Products of matrices: rows of one with the columns of another, which lies packed.
//!
//! A tile of [`ROWS`] × [`COLUMNS`] sums stays in registers while a packed panel of as many columns
//! passes by, which the next rows find in the nearest cache (Goto and van de Geijn, Anatomy of
//! High-Performance Matrix Multiplication, 2008).
//!
//! Numbers are floats, or whole numbers of 16 bits whose sums take 32: an instruction multiplies
//! pairs of them and adds both products, on all processors at least as fast as floats are
//! multiplied, and on most twice as fast. Bytes would need the same number of instructions where
//! a processor cannot sum four products at once (AVX-VNNI), and say less.

use std::array::from_fn;

use fearless_simd::{Level, Simd, dispatch, f32x8, i16x16, i32x8, prelude::*};

/// So many rows are multiplied at once,
pub(super) const ROWS: usize = 4;
/// with so many columns.
const COLUMNS: usize = 16;

/// The columns of a matrix of floats, in panels: for each row the numbers of its columns.
#[derive(Debug, Default)]
pub(super) struct Floats {
    depth: usize,
    columns: usize,
    panels: Vec<[f32; COLUMNS]>,
    bias: Vec<[f32; COLUMNS]>,
}

impl Floats {
    /// Packs a matrix of a depth whose columns lie one behind the other.
    pub(super) fn of_columns<'a>(depth: usize, columns: impl Iterator<Item = &'a [f32]>) -> Self {
        let (mut panels, mut count) = (Vec::new(), 0);
        for column in columns {
            let place = count % COLUMNS;
            if place == 0 {
                panels.resize(panels.len() + depth, [0.0; COLUMNS]);
            }
            let first = panels.len() - depth;
            panels[first..].iter_mut().zip(column).for_each(|(line, value)| line[place] = *value);
            count += 1;
        }
        let bias = vec![[0.0; COLUMNS]; count.div_ceil(COLUMNS)];
        Self { depth, columns: count, panels, bias }
    }

    /// Adds a number for each column to what comes out.
    pub(super) fn with_bias(self, bias: &[f32]) -> Self {
        Self { bias: padded(bias), ..self }
    }

    /// Packs a matrix of so many columns whose rows lie one behind the other.
    pub(super) fn of_rows<'a>(
        columns: usize,
        rows: impl ExactSizeIterator<Item = &'a [f32]>,
    ) -> Self {
        let depth = rows.len();
        let bias = vec![[0.0; COLUMNS]; columns.div_ceil(COLUMNS)];
        let mut panels = vec![[0.0; COLUMNS]; depth * bias.len()];
        for (at, row) in rows.enumerate() {
            for (panel, values) in row.chunks(COLUMNS).enumerate() {
                panels[panel * depth + at][..values.len()].copy_from_slice(values);
            }
        }
        Self { depth, columns, panels, bias }
    }

    /// Multiplies rows with it.
    pub(super) fn multiply(&self, rows: &[f32], out: &mut [f32]) {
        dispatch!(Level::new(), simd => floats(simd, self, rows, out));
    }
}

#[inline(always)]
fn floats<S: Simd>(simd: S, columns: &Floats, rows: &[f32], out: &mut [f32]) {
    let mut out = Out { values: out, columns: columns.columns };
    tiles(rows, &columns.panels, columns.depth, |at, [a, b, c, d], panel| {
        let mut sums = [[f32x8::splat(simd, 0.0); 2]; ROWS];
        for at in 0..panel.len() {
            let (left, right) = panel[at].split_at(COLUMNS / 2);
            let (left, right) = (f32x8::from_slice(simd, left), f32x8::from_slice(simd, right));
            for (sums, value) in sums.iter_mut().zip([a[at], b[at], c[at], d[at]]) {
                let value = f32x8::splat(simd, value);
                sums[0] = value.mul_add(left, sums[0]);
                sums[1] = value.mul_add(right, sums[1]);
            }
        }
        for (row, [left, right]) in sums.into_iter().enumerate() {
            let mut line = [0.0; COLUMNS];
            left.store_slice(&mut line[..COLUMNS / 2]);
            right.store_slice(&mut line[COLUMNS / 2..]);
            let bias = &columns.bias[at.1];
            line.iter_mut().zip(bias).for_each(|(sum, bias)| *sum += bias);
            out.put(at, row, &line);
        }
    });
}

/// The columns of a matrix as whole numbers, in panels: for each pair of rows the pairs of numbers
/// of its columns. A column is what the whole numbers say times its scale; a number for each is
/// added to what comes out.
#[derive(Debug)]
pub(super) struct Whole {
    depth: usize,
    columns: usize,
    panels: Vec<[i16; 2 * COLUMNS]>,
    scales: Vec<[f32; COLUMNS]>,
    bias: Vec<[f32; COLUMNS]>,
}

impl Whole {
    /// Packs a matrix of a depth whose columns lie one behind the other.
    pub(super) fn of_columns(depth: usize, columns: &[f32], bias: &[f32]) -> Self {
        let most = most(depth);
        let scale = |column: &[f32]| scale(column, most);
        let scales: Vec<f32> = columns.chunks_exact(depth).map(scale).collect();
        let pairs = depth.div_ceil(2);
        let mut panels = vec![[0; 2 * COLUMNS]; pairs * scales.len().div_ceil(COLUMNS)];
        for ((at, column), scale) in columns.chunks_exact(depth).enumerate().zip(&scales) {
            let panel = &mut panels[at / COLUMNS * pairs..][..pairs];
            for (line, values) in panel.iter_mut().zip(column.chunks(2)) {
                let out = &mut line[at % COLUMNS * 2..];
                let whole = |value: &f32| (value / scale).round() as i16;
                out.iter_mut().zip(values).for_each(|(out, value)| *out = whole(value));
            }
        }
        Self { depth, columns: scales.len(), panels, scales: padded(&scales), bias: padded(bias) }
    }

    /// Multiplies rows with it, each turned into whole numbers as it comes.
    pub(super) fn multiply(&self, rows: &[f32], out: &mut [f32]) {
        dispatch!(Level::new(), simd => whole(simd, self, rows, out));
    }
}

#[inline(always)]
fn whole<S: Simd>(simd: S, columns: &Whole, rows: &[f32], out: &mut [f32]) {
    let Whole { depth, panels, .. } = columns;
    let (most, pairs) = (most(*depth), depth.div_ceil(2));
    let mut values = Vec::with_capacity(rows.len() / depth.max(&1) * pairs);
    let mut of_rows = Vec::with_capacity(rows.len() / depth.max(&1));
    for row in rows.chunks_exact(*depth) {
        of_rows.push(quantise(row, most, &mut values));
    }
    let mut out = Out { values: out, columns: columns.columns };
    tiles(&values, panels, pairs, |at, [a, b, c, d], panel| {
        let mut sums = [[i32x8::splat(simd, 0); 2]; ROWS];
        for at in 0..panel.len() {
            let (left, right) = panel[at].split_at(COLUMNS);
            let (left, right) = (i16x16::from_slice(simd, left), i16x16::from_slice(simd, right));
            for (sums, pair) in sums.iter_mut().zip([a[at], b[at], c[at], d[at]]) {
                let pair: i16x16<S> = i32x8::splat(simd, pair).bitcast();
                sums[0] += pair.pairwise_dot_product(left);
                sums[1] += pair.pairwise_dot_product(right);
            }
        }
        for (row, [left, right]) in sums.into_iter().enumerate() {
            let Some(scale) = of_rows.get(at.0 + row) else { break };
            let mut line = [0; COLUMNS];
            left.store_slice(&mut line[..COLUMNS / 2]);
            right.store_slice(&mut line[COLUMNS / 2..]);
            let (scales, bias) = (&columns.scales[at.1], &columns.bias[at.1]);
            let value = |at: usize| line[at] as f32 * (scale * scales[at]) + bias[at];
            out.put(at, row, &from_fn(value));
        }
    });
}

/// Values in groups, filled up with 0.
fn padded(values: &[f32]) -> Vec<[f32; COLUMNS]> {
    let group = |values: &[f32]| from_fn(|at| values.get(at).copied().unwrap_or_default());
    values.chunks(COLUMNS).map(group).collect()
}

/// The largest whole number of two that are multiplied and summed up so often: with it the sum
/// fits into 32 bits.
fn most(depth: usize) -> f32 {
    (i32::MAX as f32 / depth.max(1) as f32).sqrt().min(f32::from(i16::MAX)).floor() - 1.0
}

/// What the largest whole number is multiplied with to be the largest of these.
#[inline(always)]
fn scale(values: &[f32], most: f32) -> f32 {
    let larger =
        |largest: f32, value: &f32| if value.abs() > largest { value.abs() } else { largest };
    let (wide, rest) = values.as_chunks::<8>();
    let mut most_of = [0.0_f32; 8];
    for values in wide {
        most_of.iter_mut().zip(values).for_each(|(most, value)| *most = larger(*most, value));
    }
    let largest = most_of.iter().chain(rest).fold(0.0, larger);
    if largest > 0.0 { largest / most } else { 1.0 }
}

/// Appends a row as pairs of whole numbers, the first in the low half, and gives its scale.
#[inline(always)]
fn quantise(row: &[f32], most: f32, out: &mut Vec<i32>) -> f32 {
    let scale = scale(row, most);
    let inverse = 1.0 / scale;
    let (pairs, rest) = row.as_chunks::<2>();
    let from = out.len();
    out.resize(from + row.len().div_ceil(2), 0);
    let (whole, last) = out[from..].split_at_mut(pairs.len());
    for (out, [low, high]) in whole.iter_mut().zip(pairs) {
        *out = nearest(low * inverse) & 0xffff | nearest(high * inverse) << 16;
    }
    last.iter_mut().zip(rest).for_each(|(out, low)| *out = nearest(low * inverse) & 0xffff);
    scale
}

/// The lowest bits are those of the nearest whole number of 16 bits.
#[inline(always)]
fn nearest(value: f32) -> i32 {
    const MAGIC: f32 = 12_582_912.0; // 1.5 · 2²³: its last digit counts ones
    (value + MAGIC).to_bits().cast_signed()
}

/// Calls something for each tile: its first row and panel, the rows, and the panel's numbers.
/// Below the last rows the last one is repeated.
#[inline(always)]
fn tiles<A, B>(
    rows: &[A],
    panels: &[B],
    depth: usize,
    mut tile: impl FnMut((usize, usize), [&[A]; ROWS], &[B]),
) {
    let depth = depth.max(1);
    let count = rows.len() / depth;
    for (panel, columns) in panels.chunks_exact(depth).enumerate() {
        for first in (0..count).step_by(ROWS) {
            let row = |next: usize| {
                let from = (first + next).min(count - 1) * depth;
                &rows[from..][..columns.len()]
            };
            tile((first, panel), from_fn(row), columns);
        }
    }
}

/// The rows that a product is written into.
struct Out<'a> {
    values: &'a mut [f32],
    columns: usize,
}

impl Out<'_> {
    /// Writes the part of a tile's row that is there.
    #[inline(always)]
    fn put(&mut self, (first, panel): (usize, usize), row: usize, line: &[f32; COLUMNS]) {
        let from = (first + row) * self.columns;
        let until = (from + self.columns).min(from + (panel + 1) * COLUMNS);
        if let Some(out) = self.values.get_mut(from + panel * COLUMNS..until) {
            match <&mut [f32; COLUMNS]>::try_from(&mut *out) {
                Ok(whole) => *whole = *line,
                Err(_) => out.copy_from_slice(&line[..out.len()]),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers between −1 and 1 that repeat late.
    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|at| ((at * 7 + seed) as f32 * 12.9898).sin()).collect()
    }

    fn expected(rows: &[f32], columns: &[f32], bias: &[f32], depth: usize) -> Vec<f32> {
        let product =
            |row: &[f32], column: &[f32]| row.iter().zip(column).map(|(a, b)| a * b).sum::<f32>();
        let row =
            |row| columns.chunks(depth).zip(bias).map(move |(own, bias)| product(row, own) + bias);
        rows.chunks(depth).flat_map(row).collect()
    }

    #[test]
    fn products_of_any_shape_are_those_of_each_row_and_column() {
        for (count, depth, width) in [(1, 1, 1), (3, 2, 17), (4, 32, 16), (9, 33, 50), (6, 5, 33)] {
            let (rows, columns) = (numbers(count * depth, 1), numbers(width * depth, 2));
            let bias = numbers(width, 3);
            let expected = expected(&rows, &columns, &bias, depth);
            let mut found = vec![0.0; count * width];
            let check = |found: &[f32], most: f32| {
                for (found, expected) in found.iter().zip(&expected) {
                    assert!((found - expected).abs() < most, "{depth} {width}: {found} {expected}");
                }
            };
            Floats::of_columns(depth, columns.chunks(depth))
                .with_bias(&bias)
                .multiply(&rows, &mut found);
            check(&found, 1e-5);
            Whole::of_columns(depth, &columns, &bias).multiply(&rows, &mut found);
            check(&found, 1e-3);
        }
    }

    #[test]
    fn rows_are_packed_as_their_columns_would_be() {
        let (depth, width) = (7, 19);
        let columns = numbers(depth * width, 5);
        let row = |row: usize| (0..width).map(|column| columns[column * depth + row]).collect();
        let rows: Vec<Vec<f32>> = (0..depth).map(row).collect();
        let by_rows = Floats::of_rows(width, rows.iter().map(Vec::as_slice));
        let by_columns = Floats::of_columns(depth, columns.chunks(depth));
        assert_eq!((by_rows.panels, by_rows.columns), (by_columns.panels, by_columns.columns));
    }

    #[test]
    fn the_largest_sums_fit() {
        for depth in [1, 2, 384, 1536, 4096] {
            let rows = vec![-1.0; depth];
            let columns = Whole::of_columns(depth, &vec![1.0; depth], &[0.0]);
            let mut found = [0.0];
            columns.multiply(&rows, &mut found);
            assert!((found[0] / depth as f32 + 1.0).abs() < 1e-3, "{depth}: {}", found[0]);
        }
    }
}
