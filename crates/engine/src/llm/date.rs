//! Dates as a text writes them: in words (2023年5月4日, 二〇二三年五月), with signs (2023-05-04), and
//! parts of them (2023年, 5月4日). Kinds of parts that are not read: quarters, days alone.

use super::numeral::{Number, han};
use crate::text::normalize::Folded;

/// A date or a part of one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) year: Option<u16>,
    pub(super) month: Option<u8>,
    pub(super) day: Option<u8>,
}

/// A date: 2023年5月4日 and its parts, 2023-05-04, 2023/5/4, 2023.5.4.
pub(super) fn date_at(chars: &[Folded], at: usize) -> Option<(Date, usize)> {
    let follows_digit = at > 0 && chars[at - 1].ch.is_ascii_digit();
    if follows_digit {
        return None;
    }
    if let Some((year, len)) = year_at(chars, at) {
        if let Some((month, day, more)) = behind_separators(chars, at + len) {
            return Some((Date { year: Some(year), month: Some(month), day }, len + more));
        }
        let named = named(chars, at + len, "年")?;
        let year_len = len + named;
        let rest = month_and_day(chars, at + year_len);
        let (month, day, more) = rest.map_or((None, None, 0), |(m, d, len)| (Some(m), d, len));
        return Some((Date { year: Some(year), month, day }, year_len + more));
    }
    let (month, day, len) = month_and_day(chars, at)?;
    Some((Date { year: None, month: Some(month), day }, len))
}

/// Four digits of a year, and their number of characters.
fn year_at(chars: &[Folded], at: usize) -> Option<(u16, usize)> {
    let digits = chars.get(at..at + 4)?;
    let digit = |ch: char| {
        ch.to_digit(10)
            .or_else(|| "〇一二三四五六七八九".chars().position(|d| d == ch).map(|d| d as u32))
    };
    let year = digits.iter().try_fold(0, |year, c| Some(year * 10 + digit(c.ch)?))?;
    let year = u16::try_from(year).ok().filter(|year| (1000..2200).contains(year))?;
    let goes_on = chars.get(at + 4).is_some_and(|c| c.ch.is_ascii_digit());
    (!goes_on).then_some((year, 4))
}

/// -05-04, /5/4, .5.4; without a day behind - and /.
fn behind_separators(chars: &[Folded], at: usize) -> Option<(u8, Option<u8>, usize)> {
    let sign = chars.get(at).map(|c| c.ch).filter(|ch| matches!(ch, '-' | '/' | '.'))?;
    let (month, month_len) = small(chars, at + 1, 12)?;
    let end = at + 1 + month_len;
    let is_digit = |at: usize| chars.get(at).is_some_and(|c| c.ch.is_ascii_digit());
    if chars.get(end).is_some_and(|c| c.ch == sign) {
        let (day, day_len) = small(chars, end + 1, 31)?;
        let end = end + 1 + day_len;
        return (!is_digit(end)).then_some((month, Some(day), end - at));
    }
    (sign != '.' && !is_digit(end) && month_len == 2).then_some((month, None, end - at))
}

/// 5月4日, 5月.
fn month_and_day(chars: &[Folded], at: usize) -> Option<(u8, Option<u8>, usize)> {
    let start = at + spaces(chars, at);
    let (month, len) = small(chars, start, 12)?;
    let end = start + len + named(chars, start + len, "月")?;
    let from = end + spaces(chars, end);
    let day = small(chars, from, 31).and_then(|(day, len)| {
        let named = named(chars, from + len, "日号")?;
        Some((day, from + len + named))
    });
    let (day, end) = day.map_or((None, end), |(day, end)| (Some(day), end));
    Some((month, day, end - at))
}

/// A number from 1 to `most` in one or two digits or in Chinese numerals.
fn small(chars: &[Folded], at: usize, most: u8) -> Option<(u8, usize)> {
    let rest = chars.get(at..)?;
    let digits = rest.iter().take_while(|c| c.ch.is_ascii_digit()).count();
    let (value, len) = match digits {
        0 => {
            let (number, len) = han(chars, at)?;
            let value = (1..=most).find(|value| Number::new(&value.to_string(), 0) == number)?;
            (value, len)
        }
        1 | 2 => (rest[..digits].iter().map(|c| c.ch).collect::<String>().parse().ok()?, digits),
        _ => return None,
    };
    (1..=most).contains(&value).then_some((value, len))
}

/// The length of one of these characters, with a space before it.
fn named(chars: &[Folded], at: usize, one_of: &str) -> Option<usize> {
    let spaces = spaces(chars, at);
    let named = chars.get(at + spaces).is_some_and(|c| one_of.contains(c.ch));
    named.then_some(spaces + 1)
}

fn spaces(chars: &[Folded], at: usize) -> usize {
    usize::from(chars.get(at).is_some_and(|c| c.ch == ' '))
}
