//! Times that a question tells relative to a date: 去年, 今年, 本季度, 上个月, 近三年.
//!
//! They are counted from the year that the question itself names before them (2022年…比上年: 2021),
//! else from a date that is given, `as_of`. What a passage says counts whether it has the word or
//! the year. With `as_of`:
//!
//! * 今年, 去年, 前年, 明年; 本季度, 上季度; 本月, 上月 are the calendar's;
//! * a part of a year without one (上半年, 第三季度) is the last one that has ended by then;
//! * 近三年 and the like are the last whole years that have ended by then.
//!
//! Limits: 年初, 近年来, 上世纪 and holidays are not read, and 同期 is left to the words beside it.

use std::ops::Range;

use yuanwen_parse::{Date, Span};

use crate::lexicon::{Phrase, Rule, Why};
use crate::text::number::{Mention, times};

/// A time told relative to a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relative {
    /// What the question says.
    pub word: String,
    /// What that means: 2022年.
    pub means: String,
    /// Whether it is counted from `as_of`, not from a year of the question itself.
    pub from_date: bool,
    pub(super) range: Range<usize>,
}

impl Relative {
    /// A passage that says the year counts as one that says 去年.
    pub(super) fn rule(&self) -> Option<Rule> {
        let (from, to) = (Phrase::new(&self.word)?, Phrase::new(&self.means)?);
        Some(Rule { from, to, why: Why::Time })
    }
}

/// What a word means.
#[derive(Debug, Clone, Copy)]
enum Means {
    /// So many years later.
    Year(i32),
    /// So many quarters later.
    Quarter(i32),
    /// So many months later.
    Month(i32),
}

/// Longer words come before what they begin with.
const WORDS: &[(&str, Means)] = &[
    ("今年", Means::Year(0)),
    ("本年度", Means::Year(0)),
    ("本年", Means::Year(0)),
    ("去年", Means::Year(-1)),
    ("上一年度", Means::Year(-1)),
    ("上一年", Means::Year(-1)),
    ("上年度", Means::Year(-1)),
    ("上年", Means::Year(-1)),
    ("前年", Means::Year(-2)),
    ("明年", Means::Year(1)),
    ("本季度", Means::Quarter(0)),
    ("这个季度", Means::Quarter(0)),
    ("这一季度", Means::Quarter(0)),
    ("上一季度", Means::Quarter(-1)),
    ("上个季度", Means::Quarter(-1)),
    ("上季度", Means::Quarter(-1)),
    ("本月", Means::Month(0)),
    ("这个月", Means::Month(0)),
    ("上个月", Means::Month(-1)),
    ("上月", Means::Month(-1)),
];
/// What stands before a number of years.
const LAST: &[&str] = &["最近", "过去", "近"];
/// What may stand before 年 in 近…年, with how many it is.
const COUNTS: &[(&str, u16)] = &[
    ("两", 2),
    ("二", 2),
    ("三", 3),
    ("四", 4),
    ("五", 5),
    ("2", 2),
    ("3", 3),
    ("4", 4),
    ("5", 5),
];
/// Characters before a word that make another one of it: 以前年度, 几年前年.
const NOT_BEFORE: &[char] = &['以', '此', '之', '日', '当', '基', '成'];

/// Whether a folded question tells a time that needs a date to be understood.
pub(crate) fn is_relative(text: &str) -> bool {
    let now = Date { year: 2000, month: Some(12), day: None };
    !relative(text, Some(now)).is_empty() || last_years(text, now).is_some() || bare_parts(text)
}

/// The relative times of a folded question, in order.
pub(super) fn relative(text: &str, as_of: Option<Date>) -> Vec<Relative> {
    let own = times(text);
    let mut out: Vec<Relative> = Vec::new();
    let mut at = 0;
    while let Some((from, word, means)) = next(text, at) {
        at = from + word.len();
        let before = own.iter().rfind(|mention| mention.range.end <= from);
        let year = before.and_then(|mention| mention.when.year);
        let base = match year {
            Some(year) => Some(Date { year, month: None, day: None }),
            None => as_of,
        };
        let Some(means) = base.and_then(|base| counted(base, means)) else { continue };
        let from_date = year.is_none();
        out.push(Relative { word: word.to_owned(), means, from_date, range: from..at });
    }
    out
}

fn next(text: &str, from: usize) -> Option<(usize, &'static str, Means)> {
    let found = |(word, means): &(&'static str, Means)| {
        let mut places = text[from..].match_indices(word).map(|(at, _)| from + at);
        let at = places.find(|at| !text[..*at].ends_with(NOT_BEFORE))?;
        Some((at, *word, *means))
    };
    WORDS.iter().filter_map(found).min_by_key(|(at, word, _)| (*at, std::cmp::Reverse(word.len())))
}

/// The calendar's year, quarter or month; `None` where the date is not known closely enough.
fn counted(base: Date, means: Means) -> Option<String> {
    let later = |units: i32, in_year: i32, by: i32| {
        let all = i32::from(base.year) * in_year + units - 1 + by;
        (all.div_euclid(in_year), all.rem_euclid(in_year) + 1)
    };
    let month = base.month.map(i32::from);
    Some(match means {
        Means::Year(by) => format!("{}年", i32::from(base.year) + by),
        Means::Quarter(by) => {
            let (year, quarter) = later((month? - 1) / 3 + 1, 4, by);
            let name = ["一", "二", "三", "四"].get(usize::try_from(quarter - 1).ok()?)?;
            format!("{year}年第{name}季度")
        }
        Means::Month(by) => {
            let (year, month) = later(month?, 12, by);
            format!("{year}年{month}月")
        }
    })
}

/// The text with what is counted from the date written out. What a single time is compared with
/// stays (比上年, 上年同期), and what is counted from a year of the question itself.
pub(super) fn resolved(text: &str, relative: &[Relative], as_of: Option<Date>) -> String {
    let mut out = text.to_owned();
    for (at, one) in relative.iter().enumerate().rev() {
        let compared = at == 0 && text[..one.range.start].ends_with(['比', '较', '于']);
        let of_same_time = text[one.range.end..].starts_with("同期");
        if one.from_date && !compared && !of_same_time {
            out.replace_range(one.range.clone(), &one.means);
        }
    }
    let Some(as_of) = as_of else { return out };
    if let Some((range, years)) = last_years(&out, as_of) {
        out.replace_range(range, &format!("{}年至{}年每年", years.start(), years.end()));
        return out;
    }
    for mention in times(&out).iter().rev().filter(|mention| mention.when.year.is_none()) {
        if let Some(year) = mention.when.span.and_then(|span| last_ended(span, as_of)) {
            out.insert_str(mention.range.start, &format!("{year}年"));
        }
    }
    out
}

/// Whether parts of a year stand there without one.
fn bare_parts(text: &str) -> bool {
    let is_part = |mention: &Mention| {
        mention.when.year.is_none() && mention.when.span.is_some_and(|span| span != Span::Year)
    };
    times(text).iter().any(is_part)
}

/// The year in which a part of a year last ended; `None` for whole years, of which 年度报告 names
/// no certain one.
fn last_ended(span: Span, as_of: Date) -> Option<u16> {
    let has_ended = as_of.month.unwrap_or(12) >= span.last_month();
    let year = if has_ended { as_of.year } else { as_of.year.saturating_sub(1) };
    (span != Span::Year).then_some(year)
}

/// 近三年: where it stands, and which years.
fn last_years(text: &str, as_of: Date) -> Option<(Range<usize>, std::ops::RangeInclusive<u16>)> {
    let (from, before) = LAST.iter().find_map(|word| Some((text.find(word)?, word)))?;
    let rest = &text[from + before.len()..];
    let (word, count) = COUNTS.iter().find(|(word, _)| rest.starts_with(word))?;
    let behind = rest[word.len()..].trim_start_matches('个');
    let end = text.len() - behind.strip_prefix('年')?.len();
    let last =
        if as_of.month.unwrap_or(12) == 12 { as_of.year } else { as_of.year.saturating_sub(1) };
    Some((from..end, last.saturating_sub(count - 1)..=last))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAY: Date = Date { year: 2023, month: Some(5), day: Some(4) };

    #[test]
    fn relative_times_are_counted() {
        for (text, expected) in [
            ("去年营收是多少", "2022年营收是多少"),
            ("今年和前年的营收", "2023年和2021年的营收"),
            ("本季度的营收", "2023年第二季度的营收"),
            ("上季度的营收", "2023年第一季度的营收"),
            ("上个月签约几家", "2023年4月签约几家"),
            ("上半年营收", "2022年上半年营收"),
            ("第一季度营收", "2023年第一季度营收"),
            ("近三年营收分别是多少", "2020年至2022年每年营收分别是多少"),
            ("2022年营收比上年增长多少", "2022年营收比上年增长多少"),
            ("营收比上年增长多少", "营收比上年增长多少"),
            ("今年营收比去年增长多少", "2023年营收比2022年增长多少"),
            ("营收与上年同期相比", "营收与上年同期相比"),
            ("以前年度损益", "以前年度损益"),
            ("年度报告中的营收", "年度报告中的营收"),
            ("公司简介", "公司简介"),
        ] {
            let found = relative(text, Some(MAY));
            assert_eq!(resolved(text, &found, Some(MAY)), expected, "{text}");
            let needs_date = expected != text;
            assert!(!needs_date || is_relative(text), "{text}");
        }
    }

    #[test]
    fn a_year_of_the_question_is_counted_from_first() {
        for (text, as_of, expected) in [
            ("2020年营收比上年增长多少", Some(MAY), Some(("2019年", false))),
            ("营收比上年增长多少", Some(MAY), Some(("2022年", true))),
            ("营收比上年增长多少", None, None),
        ] {
            let found = relative(text, as_of);
            let found = found.first().map(|one| (one.means.as_str(), one.from_date));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn quarters_and_months_turn_over_with_the_year() {
        let january = Date { year: 2023, month: Some(1), day: None };
        let year_alone = Date { year: 2023, month: None, day: None };
        for (text, as_of, expected) in [
            ("上季度", january, "2022年第四季度"),
            ("上月", january, "2022年12月"),
            ("上月", year_alone, "上月"),
            ("近两年", january, "2021年至2022年每年"),
        ] {
            let found = relative(text, Some(as_of));
            assert_eq!(resolved(text, &found, Some(as_of)), expected, "{text}");
        }
    }
}
