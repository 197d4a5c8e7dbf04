//! Two runs over the same questions, question by question.
//!
//! The interval is the percentile bootstrap's (Efron, Bootstrap Methods: Another Look at the
//! Jackknife, 1979) over pairs: questions are drawn with replacement, 2,000 times, and the middle
//! 95 % of the differences is given. The draws are the same each time.

use std::collections::HashMap;

use serde::Serialize;

use super::records::Id;
use super::report::{Report, Row};

const DRAWS: usize = 2000;
/// Scores that differ by less are a tie.
const SAME: f64 = 1e-6;

/// How a run differs from another one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The questions that both runs were scored on.
    pub questions: usize,
    /// The other run's score over these, 0 to 100, weighted by difficulty.
    pub before: f64,
    /// This run's.
    pub after: f64,
    /// The lower end of the difference's 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How many questions got better.
    pub wins: usize,
    /// How many got worse.
    pub losses: usize,
    /// The questions that changed, the greatest gain first and the greatest loss last.
    pub changes: Vec<Change>,
}

/// A question that is answered better or worse than before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Its number.
    pub id: Id,
    /// The question itself.
    pub question: String,
    /// Its score in the other run, 0 to 1.
    pub before: f64,
    /// Its score in this run.
    pub after: f64,
}

/// Compares a run with another one on the questions that both have.
#[must_use]
pub fn compare(run: &Report, other: &Report) -> Comparison {
    let known: HashMap<Id, &Row> = other.rows.iter().map(|row| (row.id, row)).collect();
    let pairs: Vec<(&Row, &Row)> =
        run.rows.iter().filter_map(|row| Some((row, *known.get(&row.id)?))).collect();
    let mut changes: Vec<Change> = pairs
        .iter()
        .filter(|(after, before)| (after.score - before.score).abs() > SAME)
        .map(|(after, before)| Change {
            id: after.id,
            question: after.question.clone(),
            before: before.score,
            after: after.score,
        })
        .collect();
    changes.sort_by(|a, b| (b.after - b.before).total_cmp(&(a.after - a.before)));
    let all: Vec<usize> = (0..pairs.len()).collect();
    let (low, high) = interval(&pairs);
    Comparison {
        questions: pairs.len(),
        before: mean(&pairs, &all, |(_, before)| before.score),
        after: mean(&pairs, &all, |(after, _)| after.score),
        low,
        high,
        wins: changes.iter().filter(|change| change.after > change.before).count(),
        losses: changes.iter().filter(|change| change.after < change.before).count(),
        changes,
    }
}

/// The mean of what is drawn, weighted by difficulty, times 100.
fn mean(pairs: &[(&Row, &Row)], drawn: &[usize], value: impl Fn((&Row, &Row)) -> f64) -> f64 {
    let weight: f64 = drawn.iter().map(|&at| pairs[at].0.difficulty).sum();
    let sum: f64 = drawn.iter().map(|&at| pairs[at].0.difficulty * value(pairs[at])).sum();
    100.0 * sum / weight
}

fn interval(pairs: &[(&Row, &Row)]) -> (f64, f64) {
    if pairs.is_empty() {
        return (f64::NAN, f64::NAN);
    }
    let mut state = 1;
    let mut differences: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let drawn: Vec<usize> = pairs.iter().map(|_| draw(&mut state, pairs.len())).collect();
            mean(pairs, &drawn, |(after, before)| after.score - before.score)
        })
        .collect();
    differences.sort_by(f64::total_cmp);
    (differences[DRAWS / 40], differences[DRAWS - 1 - DRAWS / 40])
}

/// A number below `of`, by `SplitMix64` (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
/// Generators, 2014).
fn draw(state: &mut u64, of: usize) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((u128::from(mixed ^ (mixed >> 31)) * of as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(scores: &[f64]) -> Report {
        let row = |(at, score): (usize, &f64)| Row {
            id: at as Id,
            score: *score,
            difficulty: 1.0,
            ..Row::default()
        };
        Report { rows: scores.iter().enumerate().map(row).collect(), ..Report::default() }
    }

    #[test]
    fn wins_losses_and_ties_are_counted() {
        let found = compare(&report(&[1.0, 0.5, 0.5, 0.0]), &report(&[0.0, 0.5, 0.75, 0.0]));
        assert_eq!((found.questions, found.wins, found.losses), (4, 1, 1));
        assert!((found.after - found.before - 18.75).abs() < 1e-9);
        assert!(found.low < 0.0 && found.high > 18.75, "{} {}", found.low, found.high);
        let order: Vec<Id> = found.changes.iter().map(|change| change.id).collect();
        assert_eq!(order, [0, 2]);
    }

    #[test]
    fn a_gain_on_every_question_has_an_interval_above_zero() {
        let (before, after) = ([0.2; 30], [0.5; 30]);
        let found = compare(&report(&after), &report(&before));
        assert!((found.low - 30.0).abs() < 1e-6 && (found.high - 30.0).abs() < 1e-6);
        assert_eq!(compare(&report(&after), &report(&after)).changes, []);
    }

    #[test]
    fn without_common_questions_there_is_nothing_to_say() {
        let found = compare(&report(&[]), &report(&[1.0]));
        assert!(found.questions == 0 && found.low.is_nan());
    }
}
