//! A random rotation that costs next to nothing: signs drawn at random, then a Hadamard transform,
//! a few times over (Ailon, Chazelle: The Fast Johnson–Lindenstrauss Transform, SIAM J. Comput.
//! 2009). It spreads what a vector holds evenly over its numbers, so that the sign of each tells
//! as much as any other's.
//!
//! The transform wants a power of two; of other lengths it takes the first so many numbers and the
//! last in turn. The signs are always the same: no rotation is better than another.

use fearless_simd::{Simd, SimdBase, f32x8};

/// So many vectors are rotated side by side.
pub(super) const LANES: usize = 8;
/// The numbers at one place of [`LANES`] vectors.
pub(super) type Lanes = [f32; LANES];

const SEED: &[u8] = b"yuanwen: signs of the rotation of vectors";

/// An orthogonal map of vectors of one length.
#[derive(Debug)]
pub(super) struct Rotation {
    /// For each round the signs of its window, divided by what the transform lengthens.
    rounds: Vec<Vec<f32>>,
}

impl Rotation {
    /// For vectors of so many numbers.
    pub(super) fn new(dimensions: usize) -> Self {
        let window = 1 << dimensions.max(1).ilog2();
        let size = 1.0 / (window as f32).sqrt();
        // With three windows the numbers at both ends meet where one does not cover them.
        let rounds = match dimensions {
            0 => 0,
            _ if window == dimensions => 2,
            _ => 3,
        };
        let mut drawn = vec![0; rounds * window];
        blake3::Hasher::new().update(SEED).finalize_xof().fill(&mut drawn);
        let sign = |byte: &u8| if byte & 1 == 0 { size } else { -size };
        let rounds = drawn.chunks(window).map(|round| round.iter().map(sign).collect()).collect();
        Self { rounds }
    }

    /// Rotates vectors that lie side by side: each item has their numbers at one place.
    #[inline(always)]
    pub(super) fn apply<S: Simd>(&self, simd: S, vectors: &mut [Lanes]) {
        for (round, signs) in self.rounds.iter().enumerate() {
            let start = if round % 2 == 0 { 0 } else { vectors.len() - signs.len() };
            let window = &mut vectors[start..start + signs.len()];
            for (lanes, sign) in window.iter_mut().zip(signs) {
                *lanes = (f32x8::load_array_ref(simd, lanes) * *sign).to_array();
            }
            hadamard(simd, window);
        }
    }
}

/// The Hadamard transform, not normalised, of a power of two of numbers.
#[inline(always)]
fn hadamard<S: Simd>(simd: S, window: &mut [Lanes]) {
    let mut half = window.len() / 2;
    while half > 0 {
        for pair in window.chunks_exact_mut(2 * half) {
            let (left, right) = pair.split_at_mut(half);
            for (left, right) in left.iter_mut().zip(right) {
                let a = f32x8::load_array_ref(simd, left);
                let b = f32x8::load_array_ref(simd, right);
                *left = (a + b).to_array();
                *right = (a - b).to_array();
            }
        }
        half /= 2;
    }
}

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};

    use super::*;

    #[test]
    fn lengths_and_angles_stay() {
        for dimensions in [0, 1, 2, 3, 8, 100, 256, 384] {
            let number = |at: usize, lane: usize| ((at * 7 + lane * 3) % 11) as f32 - 5.0;
            let before: Vec<Lanes> =
                (0..dimensions).map(|at| std::array::from_fn(|lane| number(at, lane))).collect();
            let mut after = before.clone();
            let rotation = Rotation::new(dimensions);
            dispatch!(Level::new(), simd => rotation.apply(simd, &mut after));
            let product = |of: &[Lanes], a: usize, b: usize| {
                of.iter().map(|lanes| lanes[a] * lanes[b]).sum::<f32>()
            };
            for (a, b) in [(0, 0), (0, 1), (3, 7)] {
                let (was, is) = (product(&before, a, b), product(&after, a, b));
                assert!((was - is).abs() < 1e-3 * (1.0 + dimensions as f32), "{dimensions}");
            }
        }
    }

    #[test]
    fn one_number_is_spread_over_all() {
        for dimensions in [256, 384] {
            let mut vector = vec![[0.0; LANES]; dimensions];
            vector[5] = [1.0; LANES];
            let rotation = Rotation::new(dimensions);
            dispatch!(Level::new(), simd => rotation.apply(simd, &mut vector));
            let most = vector.iter().map(|lanes| lanes[0].abs()).fold(0.0, f32::max);
            assert!(most < 0.4, "{dimensions}: {most}");
        }
    }
}
