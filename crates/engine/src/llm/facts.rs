//! What can be checked in a sentence: figures with their units, dates, Latin words, names in
//! quotation or book marks.
//!
//! A figure's unit is the first character of a measure (元, 小 of 小时), a sign, or the letters that
//! follow. A single Chinese numeral counts as a figure before a measure only, and 一 never does:
//! most of them are articles (一个) or parts of words.

use std::ops::Range;

use super::date::{Date, date_at};
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

/// The first characters of measures.
const MEASURES: &str = "元天日年月个家名人位次项条座台套种类米公吨倍成件起部艘辆张片所间期批届户级层\
                        岁页股美港欧兆瓦度站门支颗步章节句亩升克秒周季\
                        架块笔宗列幅根副双场例份本路款卷集";

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
