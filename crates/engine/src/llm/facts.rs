//! What can be checked in a sentence: figures with their units, dates, Latin words, names in
//! quotation or book marks.
//!
//! A figure's unit is the first character of a measure (元, 小 of 小时), a sign, or the letters that
//! follow. A single Chinese numeral counts as a figure before a measure only, and 一 never does:
//! most of them are articles (一个) or parts of words.

use std::ops::Range;

use super::numeral::{Number, arabic, han, han_run, power};
use crate::text::normalize::{Folded, fold, is_han};

/// A fact and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) fact: Fact,
    pub(super) range: Range<usize>,
}

/// What can be looked for in the cited text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fact {
    /// A figure.
    Figure(Figure),
    /// A date.
    Date(Date),
    /// A Latin word, folded.
    Word(String),
    /// A name in marks, folded, without white space.
    Name(String),
}

/// 3.5 亿元: the number 3.5, the power 8, the unit 元.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) number: Number,
    pub(super) power: i32,
    pub(super) unit: String,
    /// The power and the unit as they are written, folded, without white space.
    pub(super) measure: String,
}

/// A date or a part of one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) year: Option<u16>,
    pub(super) month: Option<u8>,
    pub(super) day: Option<u8>,
}

/// The first characters of measures.
const MEASURES: &str = "元天日年月个家名人位次项条座台套种类米公吨倍成件起部艘辆张片所间期批届户级层\
                        岁页股美港欧兆瓦度站门支颗步章节句亩升克秒周季";

/// The facts of a text, in the order of their ends.
pub(super) fn facts(text: &str) -> Vec<Found> {
    let chars = fold(text);
    let mut out = names(text, &chars);
    let mut at = 0;
    while at < chars.len() {
        let (fact, len) = fact_at(&chars, at);
        if let Some(fact) = fact {
            let range = chars[at].start as usize..chars[at + len - 1].end as usize;
            out.push(Found { fact, range });
        }
        at += len;
    }
    out
}

/// The fact at `at`, if there is one, and how far to go on.
fn fact_at(chars: &[Folded], at: usize) -> (Option<Fact>, usize) {
    let first = chars[at].ch;
    if let Some((date, len)) = date_at(chars, at) {
        return (Some(Fact::Date(date)), len);
    }
    if is_letter(first) {
        let len = chars[at..].iter().take_while(|c| is_word(c.ch)).count();
        return (Some(Fact::Word(text_of(&chars[at..at + len]))), len);
    }
    if let Some((number, len)) = arabic(chars, at) {
        let (figure, measure) = figure(chars, at + len, number);
        return (Some(Fact::Figure(figure)), len + measure);
    }
    if begins_with(chars, at, "百分之")
        && let Some((number, len)) = han(chars, at + 3).or_else(|| arabic(chars, at + 3))
    {
        let (power, unit, measure) = (0, "%".to_owned(), "%".to_owned());
        return (Some(Fact::Figure(Figure { number, power, unit, measure })), len + 3);
    }
    match han_run(chars, at) {
        0 => (None, 1),
        run => han_figure(chars, at, run),
    }
}

fn han_figure(chars: &[Folded], at: usize, run: usize) -> (Option<Fact>, usize) {
    let Some((number, len)) = han(chars, at) else { return (None, run) };
    let (figure, measure) = figure(chars, at + len, number);
    let counts = len > 1 || (chars[at].ch != '一' && !figure.unit.is_empty());
    (counts.then_some(Fact::Figure(figure)), len + if counts { measure } else { 0 })
}

/// The figure of a number whose measure begins at `at`, and the length of the measure.
fn figure(chars: &[Folded], at: usize, number: Number) -> (Figure, usize) {
    let mut end = at;
    let mut scale = 0;
    let after_space = |at: usize| at + usize::from(chars.get(at).is_some_and(|c| c.ch == ' '));
    while let Some(power) = chars.get(after_space(end)).and_then(|c| power(c.ch)) {
        scale += power;
        end = after_space(end) + 1;
    }
    let from = after_space(end);
    let unit = match chars.get(from).map(|c| c.ch) {
        Some(sign @ ('%' | '‰')) => sign.to_string(),
        Some(ch) if is_letter(ch) => {
            let letters = chars[from..].iter().take_while(|c| is_word(c.ch)).count();
            text_of(&chars[from..from + letters])
        }
        Some(ch) if is_measure(chars, from) => ch.to_string(),
        _ => String::new(),
    };
    let end = if unit.is_empty() { end } else { from + unit.chars().count() };
    let measure = text_of(&chars[at..end]).replace(' ', "");
    (Figure { number, power: scale, unit, measure }, end - at)
}

fn is_measure(chars: &[Folded], at: usize) -> bool {
    let next = chars.get(at + 1).map(|c| c.ch);
    match chars[at].ch {
        '小' => next == Some('时'),
        '分' => next == Some('钟'),
        ch => MEASURES.contains(ch),
    }
}

/// A date: 2023年5月4日 and its parts, 2023-05-04, 2023/5/4, 2023.5.4.
fn date_at(chars: &[Folded], at: usize) -> Option<(Date, usize)> {
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
        1 | 2 => (text_of(&rest[..digits]).parse().ok()?, digits),
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

/// What stands in quotation or book marks.
fn names(text: &str, chars: &[Folded]) -> Vec<Found> {
    const MARKS: [(char, char); 6] =
        [('“', '”'), ('‘', '’'), ('《', '》'), ('「', '」'), ('『', '』'), ('"', '"')];
    let mut out = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, ch) in text.char_indices() {
        if let Some((start, _)) = open.filter(|(_, close)| *close == ch) {
            let inside = |c: &&Folded| (start..at).contains(&(c.start as usize));
            let name: String =
                chars.iter().filter(inside).map(|c| c.ch).filter(|ch| *ch != ' ').collect();
            if !name.is_empty() {
                out.push(Found { fact: Fact::Name(name), range: start..at });
            }
            open = None;
        } else if let Some((_, close)) = MARKS.iter().find(|(mark, _)| *mark == ch) {
            open = Some((at + ch.len_utf8(), *close));
        }
    }
    out
}

fn is_letter(ch: char) -> bool {
    ch.is_alphabetic() && !is_han(ch) && !matches!(ch, '\u{3040}'..='\u{30ff}')
}

fn is_word(ch: char) -> bool {
    is_letter(ch) || ch.is_ascii_digit()
}

fn begins_with(chars: &[Folded], at: usize, what: &str) -> bool {
    let found = chars[at..].iter().map(|c| c.ch).take(what.chars().count());
    found.eq(what.chars())
}

fn text_of(chars: &[Folded]) -> String {
    chars.iter().map(|c| c.ch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let show = |found: Found| match found.fact {
            Fact::Figure(figure) => format!("{}|{}", &text[found.range], figure.unit),
            Fact::Date(Date { year, month, day }) => {
                let part = |part: Option<u16>| part.map_or("-".to_owned(), |part| part.to_string());
                format!(
                    "{} {} {}",
                    part(year),
                    part(month.map(u16::from)),
                    part(day.map(u16::from))
                )
            }
            Fact::Word(word) => word,
            Fact::Name(name) => format!("<{name}>"),
        };
        facts(text).into_iter().map(show).collect()
    }

    #[test]
    fn facts_are_found() {
        let cases: [(&str, &[&str]); 17] = [
            ("营收3.5 亿元，增长８％。", &["3.5 亿元|元", "８％|%"]),
            ("下行速率每秒八百兆比特", &["八百兆|兆"]),
            ("历时四十二天，三十六小时", &["四十二天|天", "三十六小|小"]),
            ("三座基站，一座铁塔", &["三座|座"]),
            ("增长百分之三十", &["百分之三十|%"]),
            ("20Gbps 与 5G、NB-IoT", &["20Gbps|gbps", "5G|g", "nb", "iot"]),
            ("2023 年 5 月 4 日", &["2023 5 4"]),
            ("2023-05-04和2023/5/4", &["2023 5 4", "2023 5 4"]),
            ("二〇二三年五月四日", &["2023 5 4"]),
            ("5月4日至6日", &["- 5 4", "6日|日"]),
            ("2019-2022年", &["2019|", "2022 - -"]),
            ("2022.5万元", &["2022.5万元|元"]),
            ("12个月", &["12个|个"]),
            ("《青溪 方案》和“听涛号”", &["<青溪方案>", "<听涛号>"]),
            ("统一部署十分万一，四周", &["四周|周"]),
            ("百分之", &[]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
