//! Vectors as bytes, and their products.

use fearless_simd::{Level, Simd, dispatch};
use rayon::prelude::*;

/// So many rows are searched by one thread at a time.
const SHARE: usize = 8192;
/// Fewer rows than this are not worth a thread of their own.
const FEW: usize = 512;

/// A passage: its document version and ordinal.
pub(super) type Key = (u64, u32);

/// The vectors of passages, in the order of their keys once sorted.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rows {
    /// The catalogue's generation that they stand for.
    pub(super) generation: u64,
    pub(super) dimensions: usize,
    pub(super) keys: Vec<Key>,
    pub(super) scales: Vec<f32>,
    pub(super) values: Vec<i8>,
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn push(&mut self, key: Key, vector: &[f32]) {
        self.dimensions = vector.len();
        self.keys.push(key);
        self.scales.push(quantise(vector, &mut self.values));
    }

    pub(super) fn retain(&mut self, keep: impl Fn(Key) -> bool) {
        if self.keys.iter().all(|key| keep(*key)) {
            return;
        }
        let kept: Vec<usize> = (0..self.len()).filter(|at| keep(self.keys[*at])).collect();
        self.take(&kept);
    }

    pub(super) fn sort(&mut self) {
        if !self.keys.is_sorted() {
            let mut order: Vec<usize> = (0..self.len()).collect();
            order.sort_by_key(|at| self.keys[*at]);
            self.take(&order);
        }
    }

    fn take(&mut self, order: &[usize]) {
        self.values = order.iter().flat_map(|at| self.row(*at)).copied().collect();
        self.keys = order.iter().map(|at| self.keys[*at]).collect();
        self.scales = order.iter().map(|at| self.scales[*at]).collect();
    }

    pub(super) fn row(&self, at: usize) -> &[i8] {
        &self.values[at * self.dimensions..(at + 1) * self.dimensions]
    }

    /// The cosine of each passage.
    pub(super) fn similarities(&self, vector: &[f32]) -> Vec<f32> {
        let (scale, wanted) = question(vector);
        let mut out = vec![0.0; self.len()];
        let length = self.dimensions.max(1);
        let level = Level::new();
        let each = |((out, own), rows): ((&mut [f32], &[f32]), &[i8])| {
            dispatch!(level, simd => products(simd, &wanted, rows, out));
            out.iter_mut().zip(own).for_each(|(out, own)| *out *= scale * own);
        };
        let all = out.par_chunks_mut(SHARE).zip(self.scales.par_chunks(SHARE));
        all.zip(self.values.par_chunks(SHARE * length)).for_each(each);
        out
    }

    /// The cosines of the passages at some places, the same as among those of all.
    pub(super) fn similarities_at(&self, vector: &[f32], places: &[usize]) -> Vec<f32> {
        let (scale, wanted) = question(vector);
        let level = Level::new();
        let each = |at: &usize| {
            let mut out = [0.0];
            dispatch!(level, simd => products(simd, &wanted, self.row(*at), &mut out));
            out[0] * (scale * self.scales[*at])
        };
        places.par_iter().with_min_len(FEW).map(each).collect()
    }

    /// Where a passage stands.
    pub(super) fn place(&self, key: Key) -> Option<usize> {
        self.keys.binary_search(&key).ok()
    }
}

fn question(vector: &[f32]) -> (f32, Vec<i8>) {
    let mut values = Vec::with_capacity(vector.len());
    (quantise(vector, &mut values), values)
}

/// Appends the vector as bytes, and gives what they are to be multiplied with.
fn quantise(vector: &[f32], out: &mut Vec<i8>) -> f32 {
    let most = vector.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    let scale = if most > 0.0 { most / 127.0 } else { 1.0 };
    out.extend(vector.iter().map(|value| (value / scale).round() as i8));
    scale
}

/// The sum of products with each row, in a form that compiles to the widest instructions of the
/// level that it is called at.
#[inline(always)]
fn products<S: Simd>(_: S, wanted: &[i8], rows: &[i8], out: &mut [f32]) {
    for (row, out) in rows.chunks_exact(wanted.len().max(1)).zip(out) {
        let products =
            wanted.iter().zip(row).map(|(a, b)| i32::from(i16::from(*a).wrapping_mul((*b).into())));
        *out = products.fold(0, i32::wrapping_add) as f32;
    }
}
