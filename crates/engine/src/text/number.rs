//! The times that a text names: years, parts of years, months.
//!
//! Read are 2022年, 二〇二二年, 2022年度, 2022年第一季度, 2022年上半年, 半年度, 前三季度, 7至9月, 年报,
//! and a part of a year without one (第三季度), which takes the year of the mention before it. Ranges
//! (2019-2022年) give their last year alone; relative times (今年, 上年同期) are not read.

use std::fmt;
use std::ops::Range;

use yuanwen_parse::Span;

use super::normalize::{Folded, fold};

/// A time that a text names. The year is missing where it says 第一季度 alone, the span where it
/// says 2022年 alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct When {
    /// The year.
    pub year: Option<u16>,
    /// The part of the year, or the whole where the text says 年度 or 全年.
    pub span: Option<Span>,
    /// The month, where the text names one.
    pub month: Option<u8>,
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(year) = self.year {
            write!(f, "{year}年")?;
        }
        match self.span {
            Some(Span::Year) => f.write_str("全年")?,
            Some(Span::FirstHalf) => f.write_str("上半年")?,
            Some(Span::SecondHalf) => f.write_str("下半年")?,
            Some(Span::ThreeQuarters) => f.write_str("前三季度")?,
            Some(Span::Quarter(quarter)) => write!(f, "第{quarter}季度")?,
            None => {}
        }
        self.month.map_or(Ok(()), |month| write!(f, "{month}月"))
    }
}

/// A time and where the text names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The time.
    pub when: When,
    /// The bytes of the source that name it.
    pub range: Range<usize>,
}

/// Names of parts of a year. Longer ones come before what they begin with.
const SPANS: &[(&str, Span)] = &[
    ("前三季度", Span::ThreeQuarters),
    ("前三个季度", Span::ThreeQuarters),
    ("上半年", Span::FirstHalf),
    ("半年度", Span::FirstHalf),
    ("半年报", Span::FirstHalf),
    ("中期报告", Span::FirstHalf),
    ("下半年", Span::SecondHalf),
    ("一季度", Span::Quarter(1)),
    ("二季度", Span::Quarter(2)),
    ("三季度", Span::Quarter(3)),
    ("四季度", Span::Quarter(4)),
    ("1季度", Span::Quarter(1)),
    ("2季度", Span::Quarter(2)),
    ("3季度", Span::Quarter(3)),
    ("4季度", Span::Quarter(4)),
    ("一季报", Span::Quarter(1)),
    ("三季报", Span::Quarter(3)),
    ("全年", Span::Year),
    ("年度", Span::Year),
    ("年报", Span::Year),
];

/// The times that a text names, in order.
pub fn times(text: &str) -> Vec<Mention> {
    let chars: Vec<Folded> = fold(text).into_iter().filter(|c| c.ch != ' ').collect();
    let mut out: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let Some((mut when, len)) = time_at(&chars, at) else {
            at += 1;
            continue;
        };
        if when.year.is_none() {
            when.year = out.last().and_then(|before| before.when.year);
        }
        let range = chars[at].start as usize..chars[at + len - 1].end as usize;
        out.push(Mention { when, range });
        at += len;
    }
    out
}

/// The time at `at` and its length in characters.
fn time_at(chars: &[Folded], at: usize) -> Option<(When, usize)> {
    if let Some((year, mut len)) = year_at(chars, at) {
        let rest = &chars[at + len..];
        let skip = usize::from(rest.first().is_some_and(|c| c.ch == '的'));
        let (span, span_len) = match span_at(&rest[skip..]) {
            Some((span, span_len)) => (Some(span), span_len + skip),
            None => whole_year_at(rest).map_or((None, 0), |whole| (Some(Span::Year), whole)),
        };
        let month = month_at(rest).filter(|_| span_len == 0);
        len += span_len + month.map_or(0, |(_, len)| len);
        return Some((When { year: Some(year), span, month: month.map(|(month, _)| month) }, len));
    }
    // The 7-9月 in 17-9月 is none.
    let inside = at > 0 && [at - 1, at].iter().all(|&at| chars[at].ch.is_ascii_digit());
    let ordinal = usize::from(chars[at].ch == '第');
    let (span, len) = span_at(&chars[at + ordinal..]).filter(|_| !inside)?;
    Some((When { span: Some(span), ..When::default() }, len + ordinal))
}

/// A year: four digits before 年, or before another year of a list (2019、2020年).
fn year_at(chars: &[Folded], at: usize) -> Option<(u16, usize)> {
    let digits = chars.get(at..at + 4)?;
    let year = digits.iter().try_fold(0, |year, c| Some(year * 10 + digit(c.ch)?))?;
    let follows_digit = at > 0 && chars[at - 1].ch.is_ascii_digit();
    if follows_digit || !(1900..2100).contains(&year) {
        return None;
    }
    match chars.get(at + 4)?.ch {
        '年' => Some((year, 5)),
        '和' | '、' | '与' | '及' => year_at(chars, at + 5).map(|_| (year, 4)),
        _ => None,
    }
}

fn digit(ch: char) -> Option<u16> {
    let spelled = "〇一二三四五六七八九".chars().position(|digit| digit == ch);
    ch.to_digit(10).map(|value| value as u16).or(spelled.map(|value| value as u16))
}

fn span_at(chars: &[Folded]) -> Option<(Span, usize)> {
    if let Some(found) = months_at(chars) {
        return Some(found);
    }
    let ordinal = usize::from(chars.first().is_some_and(|c| c.ch == '第' || c.ch == '度'));
    SPANS
        .iter()
        .find(|(name, _)| begins_with(&chars[ordinal..], name))
        .map(|(name, span)| (*span, name.chars().count() + ordinal))
}

/// Behind 2022年: 度, 报.
fn whole_year_at(chars: &[Folded]) -> Option<usize> {
    matches!(chars.first()?.ch, '度' | '报').then_some(1)
}

/// Months that make a part of the year: 7至9月, 1-9月, 7月－9月.
fn months_at(chars: &[Folded]) -> Option<(Span, usize)> {
    let number = |at: usize| {
        let own = chars.get(at..)?;
        let len = own.iter().take(2).take_while(|c| c.ch.is_ascii_digit()).count();
        let value = own[..len].iter().fold(0, |value, c| value * 10 + digit(c.ch).unwrap_or(0));
        (len > 0).then_some((value, at + len))
    };
    let (from, mut at) = number(0)?;
    at += usize::from(chars.get(at).is_some_and(|c| c.ch == '月'));
    if !chars.get(at).is_some_and(|c| "-－—–~～至到".contains(c.ch)) {
        return None;
    }
    let (to, at) = number(at + 1)?;
    let span = match (from, to) {
        (1, 3) => Span::Quarter(1),
        (4, 6) => Span::Quarter(2),
        (7, 9) => Span::Quarter(3),
        (10, 12) => Span::Quarter(4),
        (1, 6) => Span::FirstHalf,
        (7, 12) => Span::SecondHalf,
        (1, 9) => Span::ThreeQuarters,
        (1, 12) => Span::Year,
        _ => return None,
    };
    (chars.get(at)?.ch == '月').then_some((span, at + 1))
}

fn month_at(chars: &[Folded]) -> Option<(u8, usize)> {
    let len = chars.iter().take(2).take_while(|c| c.ch.is_ascii_digit()).count();
    let month = chars[..len].iter().fold(0, |month, c| month * 10 + digit(c.ch).unwrap_or(0)) as u8;
    ((1..=12).contains(&month) && chars.get(len)?.ch == '月').then_some((month, len + 1))
}

fn begins_with(chars: &[Folded], name: &str) -> bool {
    let mut wanted = name.chars();
    let same = chars.iter().zip(wanted.by_ref()).all(|(c, wanted)| c.ch == wanted);
    same && chars.len() >= name.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        let when = |year, span, month| When { year, span, month };
        for (text, expected) in [
            ("2022 年营收", vec![when(Some(2022), None, None)]),
            ("二〇二二年度", vec![when(Some(2022), Some(Span::Year), None)]),
            (
                "2022年第一季度和第三季度",
                vec![
                    when(Some(2022), Some(Span::Quarter(1)), None),
                    when(Some(2022), Some(Span::Quarter(3)), None),
                ],
            ),
            ("2021年上半年", vec![when(Some(2021), Some(Span::FirstHalf), None)]),
            ("2021年半年度报告", vec![when(Some(2021), Some(Span::FirstHalf), None)]),
            ("2021年前三季度", vec![when(Some(2021), Some(Span::ThreeQuarters), None)]),
            ("2019和2020年", vec![when(Some(2019), None, None), when(Some(2020), None, None)]),
            ("2023年12月", vec![when(Some(2023), None, Some(12))]),
            ("年度报告", vec![when(None, Some(Span::Year), None)]),
            ("2022年7至9月", vec![when(Some(2022), Some(Span::Quarter(3)), None)]),
            ("2022 年 1－9 月", vec![when(Some(2022), Some(Span::ThreeQuarters), None)]),
            ("2022年10月-12月", vec![when(Some(2022), Some(Span::Quarter(4)), None)]),
            ("4-6月份", vec![when(None, Some(Span::Quarter(2)), None)]),
            ("2-5月", vec![]),
            ("12022年", vec![]),
            ("几年来", vec![]),
        ] {
            let found: Vec<_> = times(text).into_iter().map(|mention| mention.when).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_mention_knows_its_bytes() {
        let text = "在 2022 年第三季度，";
        let found = times(text).remove(0);
        assert_eq!(&text[found.range], "2022 年第三季度");
    }
}
