//! Whether a document is about the time that a question names.
//!
//! A report on a period answers for that period. A question with a year alone prefers that year's
//! annual report, a question without a time prefers annual reports to those on parts of a year.
//! These are preferences: nothing is excluded, since a later report repeats earlier figures.

use yuanwen_parse::{Metadata, Period, Span};

use crate::text::number::When;

/// From −1 (another year) to 1 (this very period); 0 where nothing speaks for or against.
pub(crate) fn agreement(wanted: &[When], meta: &Metadata) -> f64 {
    let Some(period) = meta.period else {
        return wanted.iter().map(|when| published(when, meta)).fold(0.0, f64::max);
    };
    if wanted.is_empty() {
        return if period.span == Span::Year { 0.35 } else { 0.0 };
    }
    wanted.iter().map(|when| with_report(when, period)).fold(f64::NEG_INFINITY, f64::max)
}

fn with_report(when: &When, period: Period) -> f64 {
    let same_year = when.year.is_none_or(|year| year == period.year);
    if !same_year {
        return -1.0;
    }
    let known = if when.year.is_some() { 1.0 } else { 0.5 };
    match when.span.or_else(|| when.month.and_then(span_ending)) {
        Some(span) if span == period.span => known,
        // The report on the third quarter tells the first three too.
        Some(Span::ThreeQuarters) if period.span == Span::Quarter(3) => known,
        // What has no report of its own stands in the one on the year, by quarters.
        Some(Span::SecondHalf | Span::Quarter(2 | 4)) if period.span == Span::Year => 0.6 * known,
        Some(Span::Quarter(_)) if period.span == Span::Year => 0.2 * known,
        Some(_) => -0.3,
        None if period.span == Span::Year => 0.8 * known,
        None => 0.2 * known,
    }
}

/// The report that is made up at the end of a month.
pub(crate) fn span_ending(month: u8) -> Option<Span> {
    match month {
        3 => Some(Span::Quarter(1)),
        6 => Some(Span::FirstHalf),
        9 => Some(Span::Quarter(3)),
        12 => Some(Span::Year),
        _ => None,
    }
}

fn published(when: &When, meta: &Metadata) -> f64 {
    let Some((date, year)) = meta.published.zip(when.year) else { return 0.0 };
    match (date.year == year, when.month, date.month) {
        (true, Some(wanted), Some(month)) if wanted == month => 0.5,
        (true, ..) => 0.3,
        (false, ..) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_that_is_named_wins() {
        let report =
            |year, span| Metadata { period: Some(Period { year, span }), ..Metadata::default() };
        let when = |year, span| When { year: Some(year), span, month: None };
        let annual = report(2021, Span::Year);
        let quarter = report(2021, Span::Quarter(1));
        let third = report(2021, Span::Quarter(3));
        for (wanted, better, worse) in [
            (vec![when(2021, Some(Span::Quarter(1)))], &quarter, &annual),
            (vec![when(2021, None)], &annual, &quarter),
            (vec![], &annual, &quarter),
            (vec![when(2021, Some(Span::Quarter(2)))], &annual, &quarter),
            (vec![when(2021, Some(Span::Quarter(3)))], &annual, &quarter),
            (vec![when(2021, Some(Span::ThreeQuarters))], &third, &annual),
            (vec![when(2021, Some(Span::Quarter(3)))], &annual, &report(2020, Span::Quarter(3))),
        ] {
            assert!(agreement(&wanted, better) > agreement(&wanted, worse), "{wanted:?}");
        }
    }
}
