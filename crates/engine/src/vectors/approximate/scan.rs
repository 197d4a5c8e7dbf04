//! Products of a question with codes, by tables: for each four signs the 16 sums that they can
//! make with the question's numbers are laid down beforehand, in bytes, and one instruction looks
//! up those of many passages (André, Kermarrec, Le Scouarnec: Cache locality is not enough, VLDB
//! 2015).

use fearless_simd::{Simd, SimdBase, u8x32, u16x16};

/// So many passages are looked up at once: their codes lie side by side, byte by byte.
pub(super) const BLOCK: usize = 32;
/// The sums that four signs can make.
const SUMS: usize = 16;
/// Two sums must fit into a byte.
const MOST: usize = 127;

/// A question's sums.
pub(super) struct Tables {
    /// For each byte of a code the sums of its lower and its upper four signs, twice over.
    sums: Vec<[[u8; BLOCK]; 2]>,
    /// What one of a sum stands for.
    step: f32,
    /// What to take away from what all sums stand for.
    shift: f32,
}

impl Tables {
    /// For a question that was rotated.
    pub(super) fn new(question: &[f32]) -> Self {
        let bytes = question.len().div_ceil(8).max(1);
        let fours: Vec<[f32; SUMS]> = (0..bytes * 2)
            .map(|four| {
                let number = |at: usize| question.get(four * 4 + at).copied().unwrap_or_default();
                let signed = |signs: usize, at: usize| match signs >> at & 1 {
                    0 => -number(at),
                    _ => number(at),
                };
                std::array::from_fn(|signs| (0..4).map(|at| signed(signs, at)).sum())
            })
            .collect();
        let widths: Vec<f32> =
            fours.iter().map(|sums| sums.iter().copied().fold(0.0, f32::max)).collect();
        let most = MOST.min(usize::from(u16::MAX) / (2 * bytes)).max(1) as f32;
        let widest = widths.iter().copied().fold(0.0, f32::max);
        let step = if widest > 0.0 { 2.0 * widest / most } else { 1.0 };
        let table = |four: usize| {
            let byte = |at: usize| ((fours[four][at % SUMS] + widths[four]) / step).round() as u8;
            std::array::from_fn(byte)
        };
        let sums = (0..bytes).map(|byte| [table(2 * byte), table(2 * byte + 1)]).collect();
        Self { sums, step, shift: widths.iter().sum() }
    }

    /// The sum of the question's numbers, each with the sign that a code has there, for a block of
    /// passages.
    #[inline(always)]
    pub(super) fn products<S: Simd>(&self, simd: S, block: &[u8]) -> [f32; BLOCK] {
        let lower_half = u8x32::splat(simd, 15);
        let mut left = u16x16::splat(simd, 0);
        let mut right = left;
        for ([lower, upper], codes) in self.sums.iter().zip(block.chunks_exact(BLOCK)) {
            let codes = u8x32::from_slice(simd, codes);
            let lower = u8x32::load_array_ref(simd, lower);
            let upper = u8x32::load_array_ref(simd, upper);
            let lower = simd.swizzle_dyn_within_blocks_u8x32(lower, codes & lower_half);
            let upper = simd.swizzle_dyn_within_blocks_u8x32(upper, codes >> 4);
            let (a, b) = simd.widen_u8x32(lower + upper);
            left += a;
            right += b;
        }
        let mut sums = [0; BLOCK];
        left.store_slice(&mut sums[..BLOCK / 2]);
        right.store_slice(&mut sums[BLOCK / 2..]);
        sums.map(|sum| self.step * f32::from(sum) - self.shift)
    }
}

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};

    use super::*;

    #[test]
    fn products_are_those_of_the_signs() {
        for dimensions in [3, 8, 20, 256, 1024] {
            let question: Vec<f32> =
                (0..dimensions).map(|at| ((at * 37 % 23) as f32 - 11.0) / 40.0).collect();
            let bytes = usize::div_ceil(dimensions, 8);
            let codes: Vec<u8> = (0..bytes * BLOCK).map(|at| (at * 101 % 251) as u8).collect();
            let tables = Tables::new(&question);
            let found = dispatch!(Level::new(), simd => tables.products(simd, &codes));
            for (row, found) in found.iter().enumerate() {
                let sign = |at: usize| codes[at / 8 * BLOCK + row] >> (at % 8) & 1;
                let exact: f32 = (0..dimensions)
                    .map(|at| if sign(at) == 1 { question[at] } else { -question[at] })
                    .sum();
                let error = (found - exact).abs();
                assert!(error < 0.01 * dimensions as f32, "{dimensions}: {found} for {exact}");
            }
        }
    }
}
