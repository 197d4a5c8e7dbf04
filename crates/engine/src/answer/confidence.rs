//! How likely the best passage answers the question.

use crate::retrieve::Ranked;

/// From here on it is called an answer.
pub(super) const ENOUGH: f64 = 0.5;

/// 0 to 1.
pub(super) fn of(ranked: &[Ranked]) -> f64 {
    ranked.first().map_or(0.0, |best| best.signals.coverage.clamp(0.0, 1.0))
}
