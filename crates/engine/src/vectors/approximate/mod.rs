//! The approximate index, for more passages than are searched exactly.
//!
//! Of each vector, less the mean of all and rotated at random ([`rotation`]), the signs alone are
//! kept, a bit a number, with two factors that turn a product with the signs into an unbiased
//! estimate of the cosine (Gao, Long: RaBitQ, SIGMOD 2024). All estimates of a question are made
//! in one pass ([`scan`]) over an eighth of the bytes; the passages with the best of them are the
//! candidates, whose cosines are then taken exactly, from their rows.
//!
//! Nothing is learned from the rows but their mean, summed in whole numbers. So the index is a
//! function of the set of vectors: whatever came first, and whatever was removed again, the same
//! passages give the same candidates; those whose estimates are equal are taken or left together.
//! It is made in a fraction of a second for a million, so it is not kept in a file but made anew
//! when rows are opened or committed, and never holds a passage that is gone.
//!
//! Lists of cluster centres (an inverted file) and graphs of neighbours were measured too: see
//! `benches/README.md`.

mod rotation;
mod scan;

use fearless_simd::{Level, Simd, dispatch};
use rayon::prelude::*;

use super::rows::Rows;
use rotation::{LANES, Lanes, Rotation};
use scan::{BLOCK, Tables};

/// So many blocks are coded or searched by one thread at a time.
const SHARE: usize = 256;
/// Estimates are sorted into so many classes, from a cosine of -1 to 1.
const CLASSES: usize = 4096;
/// How many classes one stands for in a first guess.
const SAMPLED: usize = 64;
/// Means are taken of the vectors' numbers in units of 2 to the power of minus this.
const UNIT: i32 = 24;
/// The largest factor, in those units, with which [`SUMMED`] products of bytes fit into 32 bits.
const LARGEST: f32 = (1 << 18) as f32;
/// So many vectors are summed in 32 bits.
const SUMMED: usize = 64;

/// The signs of all rows, in blocks of [`BLOCK`] rows.
#[derive(Debug)]
pub(super) struct Codes {
    rotation: Rotation,
    mean: Vec<f32>,
    /// For each block the first byte of the code of each of its rows, then the second of each, …
    signs: Vec<u8>,
    factors: Vec<Factors>,
}

/// How the products of a question, less the mean, with the signs of a block's rows become cosines:
/// multiply, then add; and add the question's product with the mean.
#[derive(Debug, Clone, Copy)]
struct Factors {
    times: [f32; BLOCK],
    plus: [f32; BLOCK],
}

impl Codes {
    /// Of rows in any order.
    pub(super) fn of(rows: &Rows) -> Self {
        let mean = mean(rows);
        let rotation = Rotation::new(rows.dimensions);
        let blocks = rows.len().div_ceil(BLOCK);
        let size = rows.dimensions.div_ceil(8).max(1) * BLOCK;
        let mut signs = vec![0; blocks * size];
        let mut factors = vec![Factors { times: [0.0; BLOCK], plus: [0.0; BLOCK] }; blocks];
        let level = Level::new();
        let shares = signs.par_chunks_mut(SHARE * size).zip(factors.par_chunks_mut(SHARE));
        shares.enumerate().for_each(|(share, (signs, factors))| {
            let coder = Coder { rows, mean: &mean, rotation: &rotation };
            let first = share * SHARE * BLOCK;
            dispatch!(level, simd => coder.code(simd, first, signs, factors));
        });
        Self { rotation, mean, signs, factors }
    }

    /// The product of a question with the mean of the rows, which is the mean of its products.
    pub(super) fn ground(&self, question: &[f32]) -> f32 {
        question.iter().zip(&self.mean).map(|(a, b)| a * b).sum()
    }

    /// The places of the rows with the best estimates, in order: `wanted` (one at least) of `count`, and those
    /// whose estimates are in the same class as the last of them.
    pub(super) fn candidates(&self, question: &[f32], count: usize, wanted: usize) -> Vec<usize> {
        let mut classes = vec![0; self.factors.len() * BLOCK];
        self.classify(question, &mut classes);
        classes.truncate(count);
        let mut found = at_least(&classes, roughly(&classes, wanted));
        if found.len() < wanted {
            found = at_least(&classes, 0);
        }
        if let Some(last) = wanted.min(found.len()).checked_sub(1) {
            let mut own: Vec<u16> = found.iter().map(|at| classes[*at]).collect();
            let least = *own.select_nth_unstable_by(last, |a, b| b.cmp(a)).1;
            found.retain(|at| classes[*at] >= least);
        }
        found
    }

    /// The class of each row's estimate; what lies behind the last row gets any.
    fn classify(&self, question: &[f32], classes: &mut [u16]) {
        let ground = self.ground(question);
        let lanes = |(at, mean): (usize, &f32)| {
            [question.get(at).copied().unwrap_or_default() - mean; LANES]
        };
        let mut rotated: Vec<Lanes> = self.mean.iter().enumerate().map(lanes).collect();
        let level = Level::new();
        dispatch!(level, simd => self.rotation.apply(simd, &mut rotated));
        let rotated: Vec<f32> = rotated.iter().map(|lanes| lanes[0]).collect();
        let tables = Tables::new(&rotated);
        let size = self.mean.len().div_ceil(8).max(1) * BLOCK;
        let shares = classes.par_chunks_mut(SHARE * BLOCK);
        let shares = shares.zip(self.signs.par_chunks(SHARE * size));
        shares.zip(self.factors.par_chunks(SHARE)).for_each(|((classes, signs), factors)| {
            dispatch!(level, simd => estimates(simd, &tables, ground, signs, factors, classes));
        });
    }
}

/// The classes of the estimates of whole blocks, in a form that compiles to the widest
/// instructions of the level that it is called at.
#[inline(always)]
fn estimates<S: Simd>(
    simd: S,
    tables: &Tables,
    ground: f32,
    signs: &[u8],
    factors: &[Factors],
    classes: &mut [u16],
) {
    let size = signs.len() / factors.len().max(1);
    let (classes, _) = classes.as_chunks_mut::<BLOCK>();
    for ((signs, factors), classes) in signs.chunks_exact(size).zip(factors).zip(classes) {
        let products = tables.products(simd, signs);
        for row in 0..BLOCK {
            let cosine = ground + factors.plus[row] + factors.times[row] * products[row];
            classes[row] = class(cosine);
        }
    }
}

/// The class of a cosine; the first for what is none. A float of this size has the whole part of
/// its value in its lowest bits: a conversion would check each by itself.
#[inline(always)]
fn class(cosine: f32) -> u16 {
    const WHOLE: f32 = (1_u32 << 23) as f32;
    let place = (cosine + 1.0) * (CLASSES as f32 / 2.0);
    let place = if place > 0.0 { place.min(CLASSES as f32 - 1.0) } else { 0.0 };
    (place + WHOLE).to_bits() as u16
}

/// A class that about twice as many as are wanted are in or above, judged by every so many-th.
fn roughly(classes: &[u16], wanted: usize) -> u16 {
    let mut some: Vec<u16> = classes.iter().step_by(SAMPLED).copied().collect();
    let place = 2 * wanted.div_ceil(SAMPLED);
    if place >= some.len() {
        return 0;
    }
    *some.select_nth_unstable_by(place, |a, b| b.cmp(a)).1
}

/// The places of this class and those above it.
fn at_least(classes: &[u16], least: u16) -> Vec<usize> {
    let mut found = Vec::new();
    for (block, classes) in classes.chunks(BLOCK).enumerate() {
        // Most blocks hold none, which comparing all at once tells sooner.
        if classes.iter().fold(false, |any, class| any | (*class >= least)) {
            let near = classes.iter().enumerate().filter(|(_, class)| **class >= least);
            found.extend(near.map(|(at, _)| block * BLOCK + at));
        }
    }
    found
}

/// The mean of all rows, the same for any order of them.
fn mean(rows: &Rows) -> Vec<f32> {
    let dimensions = rows.dimensions.max(1);
    let unit = (1_u32 << UNIT) as f32;
    let sum = |(values, scales): (&[i8], &[f32])| {
        let mut sums = vec![0_i64; dimensions];
        let mut few = vec![0_i32; dimensions];
        for (values, scales) in values.chunks(SUMMED * dimensions).zip(scales.chunks(SUMMED)) {
            few.fill(0);
            for (row, scale) in values.chunks_exact(dimensions).zip(scales) {
                let scale = (scale * unit).round().clamp(0.0, LARGEST) as i32;
                few.iter_mut().zip(row).for_each(|(sum, value)| *sum += scale * i32::from(*value));
            }
            sums.iter_mut().zip(&few).for_each(|(sum, few)| *sum += i64::from(*few));
        }
        sums
    };
    let add = |mut one: Vec<i64>, other: Vec<i64>| {
        one.iter_mut().zip(other).for_each(|(a, b)| *a += b);
        one
    };
    let share = SHARE * BLOCK;
    let shares = rows.values.par_chunks(share * dimensions).zip(rows.scales.par_chunks(share));
    let sums = shares.map(sum).reduce(|| vec![0; dimensions], add);
    let whole = f64::from(unit) * rows.len().max(1) as f64;
    sums[..rows.dimensions].iter().map(|sum| (*sum as f64 / whole) as f32).collect()
}

/// Codes rows.
struct Coder<'a> {
    rows: &'a Rows,
    mean: &'a [f32],
    rotation: &'a Rotation,
}

impl Coder<'_> {
    /// Codes the blocks from a row on.
    #[inline(always)]
    fn code<S: Simd>(&self, simd: S, first: usize, signs: &mut [u8], factors: &mut [Factors]) {
        let size = signs.len() / factors.len().max(1);
        let mut lanes = vec![[0.0; LANES]; self.mean.len()];
        let blocks = signs.chunks_exact_mut(size).zip(factors);
        for (block, (signs, factors)) in blocks.enumerate() {
            for start in (0..BLOCK).step_by(LANES) {
                self.load(first + block * BLOCK + start, &mut lanes);
                let (plus, squares) = self.sums(&lanes);
                self.rotation.apply(simd, &mut lanes);
                let lengths = pack(&lanes, start, signs);
                for lane in 0..LANES {
                    let length = lengths[lane];
                    let times = if length > 0.0 { squares[lane] / length } else { 0.0 };
                    factors.times[start + lane] = times;
                    factors.plus[start + lane] = plus[lane];
                }
            }
        }
    }

    /// Lays rows, less the mean, side by side; zeros behind the last one.
    #[inline(always)]
    fn load(&self, first: usize, lanes: &mut [Lanes]) {
        for lane in 0..LANES {
            let at = first + lane;
            if at >= self.rows.len() {
                lanes.iter_mut().for_each(|lanes| lanes[lane] = 0.0);
                continue;
            }
            let scale = self.rows.scales[at];
            let numbers = self.rows.row(at).iter().zip(self.mean);
            for (lanes, (value, mean)) in lanes.iter_mut().zip(numbers) {
                lanes[lane] = f32::from(*value) * scale - mean;
            }
        }
    }

    /// The products of rows with the mean, and their squares.
    #[inline(always)]
    fn sums(&self, lanes: &[Lanes]) -> (Lanes, Lanes) {
        let (mut products, mut squares) = ([0.0; LANES], [0.0; LANES]);
        for (numbers, mean) in lanes.iter().zip(self.mean) {
            for lane in 0..LANES {
                products[lane] += numbers[lane] * mean;
                squares[lane] += numbers[lane] * numbers[lane];
            }
        }
        (products, squares)
    }
}

/// Writes the signs of rotated rows into their block, from a row of it on; gives the sums of their
/// numbers without signs.
#[inline(always)]
fn pack(lanes: &[Lanes], start: usize, signs: &mut [u8]) -> Lanes {
    let mut lengths = [0.0; LANES];
    for (eight, bytes) in lanes.chunks(8).zip(signs.chunks_exact_mut(BLOCK)) {
        let mut bits = [0_u32; LANES];
        for (place, numbers) in eight.iter().enumerate() {
            for lane in 0..LANES {
                lengths[lane] += numbers[lane].abs();
                bits[lane] |= u32::from(numbers[lane] >= 0.0) << place;
            }
        }
        for (byte, bits) in bytes[start..start + LANES].iter_mut().zip(bits) {
            *byte = bits as u8;
        }
    }
    lengths
}

#[cfg(test)]
mod tests;
