//! What confidences are worth.
//!
//! The expected calibration error sorts the answers by their confidence into ten bins of equal
//! width and takes the mean, weighted by the bins' sizes, of how far the mean confidence lies from
//! the share of right answers (Guo et al., On Calibration of Modern Neural Networks, 2017). An
//! answer is right unless it holds no keyword and resembles no label; to a question that the
//! documents do not answer none is.

use std::collections::HashMap;

use super::records::{Answered, Id, Question};
use super::report::{Bin, Calibration, Refused, Report};

const BINS: usize = 10;

/// Adds to a report what its confidences are worth, over its own questions and over
/// `unanswerable` ones with their answers. Without confidences it is left as it is.
pub fn calibrate(report: &mut Report, unanswerable: &[Question], answers: &HashMap<Id, Answered>) {
    let rows: Vec<Refused> = unanswerable
        .iter()
        .filter_map(|question| {
            let answer = answers.get(&question.id)?;
            Some(Refused {
                id: question.id,
                question: question.question.clone(),
                found: answer.found,
                confidence: answer.confidence?,
                evidence: answer.evidence.clone(),
            })
        })
        .collect();
    let own = report.rows.iter().filter_map(|row| Some((row.confidence?, !row.wrong)));
    let said: Vec<(f64, bool)> =
        own.chain(rows.iter().map(|row| (row.confidence, false))).collect();
    if said.is_empty() {
        return;
    }
    let answered = rows.iter().filter(|row| row.found).count();
    let bins = bins(&said);
    report.calibration = Some(Calibration {
        ece: expected_error(&bins),
        bins,
        unanswerable: rows.len(),
        false_answers: 100.0 * answered as f64 / rows.len() as f64,
        rows,
    });
}

/// The answers by their confidence; bins without any are left out.
fn bins(said: &[(f64, bool)]) -> Vec<Bin> {
    let mut bins = [Bin::default(); BINS];
    for &(confidence, right) in said {
        let bin = &mut bins[((confidence * BINS as f64) as usize).min(BINS - 1)];
        bin.answers += 1;
        bin.confidence += confidence;
        bin.right += f64::from(u8::from(right));
    }
    let mean = |sum: Bin| {
        let answers = sum.answers as f64;
        Bin { confidence: sum.confidence / answers, right: sum.right / answers, ..sum }
    };
    bins.into_iter().filter(|bin| bin.answers > 0).map(mean).collect()
}

fn expected_error(bins: &[Bin]) -> f64 {
    let all: usize = bins.iter().map(|bin| bin.answers).sum();
    let error = |bin: &Bin| bin.answers as f64 * (bin.confidence - bin.right).abs();
    bins.iter().map(error).sum::<f64>() / all as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honest_confidences_have_no_error() {
        let said = |confidence: f64, right: usize, all: usize| -> Vec<(f64, bool)> {
            (0..all).map(|at| (confidence, at < right)).collect()
        };
        for (said, expected) in [
            (said(0.75, 3, 4), 0.0),
            (said(1.0, 1, 1), 0.0),
            (said(0.95, 0, 2), 0.95),
            ([said(0.5, 1, 2), said(0.9, 0, 2)].concat(), 0.45),
        ] {
            assert!((expected_error(&bins(&said)) - expected).abs() < 1e-9, "{said:?}");
        }
    }
}
