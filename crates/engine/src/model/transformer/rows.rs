//! What is done with each row of numbers by itself: norm, softmax, activation.
//!
//! Loops over [`WIDE`] numbers at a time compile to the widest instructions of the processor.

use fearless_simd::{Level, Simd, dispatch};

/// So many sums run beside each other.
const WIDE: usize = 8;

/// Gain and bias of a norm (Ba et al., Layer Normalization, 2016).
#[derive(Debug)]
pub(super) struct Norm {
    pub(super) gain: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) epsilon: f32,
}

/// What stands between the two layers of a network's inner part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Activation {
    Gelu,
    Relu,
}

impl Norm {
    /// Brings each row to mean 0 and variance 1, then to the gain and bias.
    pub(super) fn apply(&self, rows: &mut [f32]) {
        dispatch!(Level::new(), simd => norm(simd, self, rows));
    }
}

#[inline(always)]
fn norm<S: Simd>(_: S, norm: &Norm, rows: &mut [f32]) {
    let width = norm.gain.len().max(1);
    for row in rows.chunks_exact_mut(width) {
        let mean = sum(row, |value| value) / width as f32;
        let variance = sum(row, |value| (value - mean) * (value - mean)) / width as f32;
        let scale = 1.0 / (variance + norm.epsilon).sqrt();
        for ((value, gain), bias) in row.iter_mut().zip(&norm.gain).zip(&norm.bias) {
            *value = (*value - mean) * scale * gain + bias;
        }
    }
}

impl Activation {
    /// Applies it to each number.
    pub(super) fn apply(self, values: &mut [f32]) {
        match self {
            Self::Gelu => dispatch!(Level::new(), simd => gelu(simd, values)),
            Self::Relu => values.iter_mut().for_each(|value| *value = value.max(0.0)),
        }
    }
}

/// x Φ(x), with Φ by way of the error function: Abramowitz and Stegun, Handbook of Mathematical
/// Functions, 7.1.26, whose error is below 1.5 · 10⁻⁷.
#[inline(always)]
fn gelu<S: Simd>(_: S, values: &mut [f32]) {
    for value in values {
        let x = value.abs() * std::f32::consts::FRAC_1_SQRT_2;
        let t = 1.0 / (1.0 + 0.327_591_1 * x);
        let tail = 1.061_405_4 * t - 1.453_152_1;
        let tail = (((tail * t + 1.421_413_8) * t - 0.284_496_72) * t + 0.254_829_6) * t;
        let erf = (1.0 - tail * exp(-x * x)).copysign(*value);
        *value *= 0.5 + 0.5 * erf;
    }
}

/// Each row as shares of 1.
pub(super) fn softmax(rows: &mut [f32], width: usize) {
    dispatch!(Level::new(), simd => shares(simd, rows, width));
}

#[inline(always)]
fn shares<S: Simd>(_: S, rows: &mut [f32], width: usize) {
    for row in rows.chunks_exact_mut(width.max(1)) {
        let most =
            row.iter().fold(f32::MIN, |most, value| if *value > most { *value } else { most });
        row.iter_mut().for_each(|value| *value = exp(*value - most));
        let share = 1.0 / sum(row, |value| value);
        row.iter_mut().for_each(|value| *value *= share);
    }
}

/// A sum, in an order that does not depend on the processor.
#[inline(always)]
fn sum(values: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut sums = [0.0; WIDE];
    let (wide, rest) = values.as_chunks::<WIDE>();
    for values in wide {
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += of(*value));
    }
    sums.iter_mut().zip(rest).for_each(|(sum, value)| *sum += of(*value));
    sums.iter().sum()
}

/// eˣ of numbers that are not above 88: 2ⁿ times a polynomial for the rest. The constant that is
/// added brings the nearest whole number into the lowest bits. The polynomial is Cephes' `expf`.
#[inline(always)]
fn exp(x: f32) -> f32 {
    const MAGIC: f32 = 12_582_912.0; // 1.5 · 2²³
    let x = if x > -87.0 { x } else { -87.0 };
    let whole = x * std::f32::consts::LOG2_E + MAGIC;
    let power = f32::from_bits((whole.to_bits() << 23).wrapping_add(1.0_f32.to_bits()));
    let whole = whole - MAGIC;
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let tail = 1.987_569_2e-4 * rest + 1.398_2e-3;
    let tail = (tail * rest + 8.333_452e-3) * rest + 4.166_579_6e-2;
    let tail = (tail * rest + 1.666_666_6e-1) * rest + 0.5;
    power * (tail * rest * rest + rest + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_agree_with_precise_ones() {
        for step in -2000..=200 {
            let x = f64::from(step) / 23.0;
            let (found, expected) = (f64::from(exp(x as f32)), f64::from(x as f32).exp());
            assert!((found - expected).abs() <= 3e-7 * expected + 1e-37, "{x}: {found}");
        }
        // Φ from tables of the normal distribution.
        for (x, phi) in [(0.0, 0.5), (1.0, 0.841_344_8), (-1.0, 0.158_655_25), (2.5, 0.993_790_3)] {
            let mut found = [x];
            Activation::Gelu.apply(&mut found);
            assert!((found[0] - x * phi).abs() < 1e-6, "{x}: {}", found[0]);
        }
    }

    #[test]
    fn rows_become_shares_and_norms() {
        let mut rows: Vec<f32> = (0..38).map(|at| (at as f32 * 1.7).sin() * 9.0).collect();
        softmax(&mut rows, 19);
        for row in rows.chunks(19) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6 && row.iter().all(|v| *v > 0.0));
        }
        let norm = Norm { gain: vec![2.0; 19], bias: vec![1.0; 19], epsilon: 0.0 };
        norm.apply(&mut rows);
        for row in rows.chunks(19) {
            let mean = row.iter().sum::<f32>() / 19.0;
            let variance = row.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / 19.0;
            assert!(
                (mean - 1.0).abs() < 1e-5 && (variance - 4.0).abs() < 1e-4,
                "{mean} {variance}"
            );
        }
    }
}
