//! Vectors as bytes, and their products.

use super::Near;

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

    fn row(&self, at: usize) -> &[i8] {
        &self.values[at * self.dimensions..(at + 1) * self.dimensions]
    }

    /// The cosine of each passage.
    pub(super) fn similarities(&self, vector: &[f32]) -> Vec<Near> {
        let (scale, wanted) = question(vector);
        let rows = self.values.chunks_exact(self.dimensions.max(1));
        let each = self.keys.iter().zip(&self.scales).zip(rows);
        each.map(|((&(version, ordinal), own), row)| {
            let similarity = product(&wanted, row) as f32 * scale * own;
            Near { version, ordinal, similarity }
        })
        .collect()
    }

    /// The mean cosine of all passages, 0 if there are none.
    pub(super) fn mean_similarity(&self, vector: &[f32]) -> f32 {
        let all = self.similarities(vector);
        let sum: f64 = all.iter().map(|near| f64::from(near.similarity)).sum();
        (sum / all.len().max(1) as f64) as f32
    }

    /// The cosine of one passage.
    pub(super) fn similarity(&self, vector: &[f32], key: Key) -> Option<f32> {
        let at = self.keys.binary_search(&key).ok()?;
        let (scale, wanted) = question(vector);
        Some(product(&wanted, self.row(at)) as f32 * scale * self.scales[at])
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

/// The sum of products, in a form that compiles to SIMD instructions.
fn product(a: &[i8], b: &[i8]) -> i32 {
    let products = a.iter().zip(b).map(|(a, b)| i32::from(i16::from(*a).wrapping_mul((*b).into())));
    products.fold(0, i32::wrapping_add)
}
