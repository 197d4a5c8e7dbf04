//! Numbering of headings and lists (ISO/IEC 29500-1, 17.9): the marker of each paragraph as Word
//! shows it.
//!
//! Lists that share a definition share their counters, as in Word; a list that asks to start anew
//! does so where it is first used. Bullets of every kind become `•`.

use std::collections::{BTreeMap, BTreeSet};

use super::styles::Numbered;
use crate::ooxml::number::word;
use crate::ooxml::{Element, Tree};

/// Lists have nine levels.
const LEVELS: usize = 9;

#[derive(Debug, Clone, Default)]
struct Level {
    start: u32,
    format: String,
    /// What is shown, with `%1` for the number of the first level.
    text: String,
    /// Whether nothing stands between the marker and the text.
    tight: bool,
    /// Whether all numbers are shown in decimals.
    legal: bool,
    /// The level, from 1, after which this one starts again; 0 for none.
    restart: Option<u32>,
    style: Option<String>,
}

#[derive(Debug, Default)]
struct Definition {
    levels: [Option<Level>; LEVELS],
    /// The style under which the real definition is found.
    number_style: Option<String>,
}

#[derive(Debug, Default)]
struct List {
    definition: i64,
    starts: BTreeMap<usize, u32>,
    levels: BTreeMap<usize, Level>,
}

/// The marker of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Marker {
    /// What is shown, with the space after it if there is one.
    pub(crate) text: String,
    pub(crate) bullet: bool,
}

/// The lists of a document and how far each has counted.
#[derive(Debug, Default)]
pub(crate) struct Numbering {
    definitions: BTreeMap<i64, Definition>,
    /// Definitions by the style under which they can be found.
    linked: BTreeMap<String, i64>,
    lists: BTreeMap<i64, List>,
    counters: BTreeMap<i64, [Option<u32>; LEVELS]>,
    begun: BTreeSet<(i64, usize)>,
}

impl Numbering {
    /// Reads the part of the numbering.
    pub(crate) fn read(tree: &Tree) -> Self {
        let mut numbering = Self::default();
        for child in tree.root().into_iter().flat_map(Element::children) {
            match child.name() {
                "abstractNum" => {
                    if let Some(id) = child.number("abstractNumId") {
                        numbering.definitions.insert(id, read_definition(child));
                        if let Some(style) = child.child("styleLink").and_then(Element::val) {
                            numbering.linked.insert(style.into_owned(), id);
                        }
                    }
                }
                "num" => {
                    if let Some(id) = child.number("numId") {
                        numbering.lists.insert(id, read_list(child));
                    }
                }
                _ => {}
            }
        }
        numbering
    }

    /// The marker of the next paragraph of a list; `style` is the style that puts it there.
    pub(crate) fn next(&mut self, numbered: Numbered, style: Option<&str>) -> Option<Marker> {
        let list = self.lists.get(&numbered.list)?;
        let definition = self.definition(list.definition)?;
        let shown = &self.definitions.get(&definition)?.levels;
        let tied = || {
            let tied = |level: &Option<Level>| {
                level
                    .as_ref()
                    .is_some_and(|level| level.style.is_some() && level.style.as_deref() == style)
            };
            shown.iter().position(tied)
        };
        let at = numbered.level.and_then(|level| usize::try_from(level).ok());
        let at = at.or_else(tied).unwrap_or(0).min(LEVELS - 1);
        let level = |at: usize| list.levels.get(&at).or(shown[at].as_ref());
        let own = level(at)?;

        let counters = self.counters.entry(definition).or_default();
        if self.begun.insert((numbered.list, at))
            && let Some(start) = list.starts.get(&at)
        {
            counters[at] = Some(*start);
        } else {
            counters[at] = Some(counters[at].map_or(own.start, |number| number.saturating_add(1)));
        }
        for (deeper, counter) in counters.iter_mut().enumerate().skip(at + 1) {
            let restart = level(deeper).and_then(|level| level.restart);
            if restart.is_none_or(|after| (at as u32) < after) {
                *counter = None;
            }
        }
        if own.format == "bullet" {
            let text = if own.text.is_empty() { String::new() } else { "• ".to_owned() };
            return Some(Marker { text, bullet: true });
        }
        let number = |at: usize| {
            let level = level(at);
            let start = list.starts.get(&at).copied().or(level.map(|level| level.start));
            let number = counters[at].or(start).unwrap_or(1);
            let format = level.map_or("decimal", |level| level.format.as_str());
            word(if own.legal && format != "none" { "decimal" } else { format }, number)
        };
        let mut text = fill(&own.text, number);
        let closed = text.ends_with(|ch: char| {
            matches!(ch, '、' | '，' | '．' | '。' | '：' | '；')
                || matches!(ch, '）' | '】' | '〕' | '〉' | '》' | '」')
                || ('\u{2460}'..='\u{24FF}').contains(&ch)
        });
        if !text.is_empty() && !own.tight && !closed && !text.ends_with(' ') {
            text.push(' ');
        }
        Some(Marker { text, bullet: false })
    }

    /// The definition itself where one only names a style that leads to it.
    fn definition(&self, id: i64) -> Option<i64> {
        let definition = self.definitions.get(&id)?;
        let Some(style) = &definition.number_style else { return Some(id) };
        Some(self.linked.get(style).copied().unwrap_or(id))
    }
}

/// Puts numbers in the places of `%1` to `%9`.
fn fill(pattern: &str, number: impl Fn(usize) -> String) -> String {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(ch) = chars.next() {
        let level = chars.peek().and_then(|next| next.to_digit(10)).filter(|digit| *digit > 0);
        match level.filter(|_| ch == '%') {
            Some(level) => {
                chars.next();
                out.push_str(&number(level as usize - 1));
            }
            None => out.push(ch),
        }
    }
    out
}

fn read_definition(element: Element<'_>) -> Definition {
    let mut definition = Definition {
        number_style: element.child("numStyleLink").and_then(Element::val).map(Into::into),
        ..Definition::default()
    };
    for level in element.all("lvl") {
        if let Some(at) = level_index(level) {
            definition.levels[at] = Some(read_level(level));
        }
    }
    definition
}

fn read_list(element: Element<'_>) -> List {
    let number = |element: Element<'_>, name: &str| element.child(name)?.number("val");
    let mut list =
        List { definition: number(element, "abstractNumId").unwrap_or(-1), ..List::default() };
    for change in element.all("lvlOverride") {
        let Some(at) = level_index(change) else { continue };
        if let Some(start) = number(change, "startOverride") {
            list.starts.insert(at, bounded(start));
        }
        if let Some(level) = change.child("lvl") {
            list.levels.insert(at, read_level(level));
        }
    }
    list
}

fn level_index(element: Element<'_>) -> Option<usize> {
    usize::try_from(element.number("ilvl")?).ok().filter(|at| *at < LEVELS)
}

fn bounded(number: i64) -> u32 {
    u32::try_from(number.clamp(0, 1_000_000)).unwrap_or(0)
}

fn read_level(element: Element<'_>) -> Level {
    let val = |name: &str| element.child(name).and_then(Element::val);
    let number = |name: &str| element.child(name).and_then(|child| child.number("val"));
    Level {
        start: number("start").map_or(0, bounded),
        format: val("numFmt").map_or_else(|| "decimal".to_owned(), Into::into),
        text: val("lvlText").unwrap_or_default().chars().take(100).collect(),
        tight: val("suff").as_deref() == Some("nothing"),
        legal: element.switch("isLgl").unwrap_or(false),
        restart: number("lvlRestart").map(bounded),
        style: val("pStyle").map(Into::into),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(at: usize, format: &str, text: &str, more: &str) -> String {
        format!(
            "<lvl ilvl='{at}'><start val='1'/><numFmt val='{format}'/><lvlText val='{text}'/>{more}</lvl>"
        )
    }

    fn numbering(inner: &str) -> Numbering {
        let xml = format!(
            "<n xmlns='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>{inner}</n>"
        );
        Numbering::read(&Tree::parse(xml.as_bytes()).unwrap())
    }

    fn markers(numbering: &mut Numbering, items: &[(i64, i64)]) -> Vec<String> {
        let next = |(list, level): &(i64, i64)| {
            let numbered = Numbered { list: *list, level: Some(*level) };
            numbering.next(numbered, None).map_or_else(|| "none".to_owned(), |m| m.text)
        };
        items.iter().map(next).collect()
    }

    #[test]
    fn markers_as_word_shows_them() {
        let lists = "<num numId='1'><abstractNumId val='7'/></num>";
        let cases = [
            (level(0, "decimal", "%1.", ""), "1. "),
            (level(0, "decimal", "%1.", "<suff val='nothing'/>"), "1."),
            (level(0, "chineseCounting", "%1、", ""), "一、"),
            (level(0, "chineseCounting", "（%1）", "<suff val='space'/>"), "（一）"),
            (level(0, "chineseCountingThousand", "第%1章", "<suff val='space'/>"), "第一章 "),
            (level(0, "decimalEnclosedCircle", "%1", ""), "①"),
            (level(0, "bullet", "\u{F0B7}", ""), "• "),
            (level(0, "none", "", ""), ""),
        ];
        for (level, expected) in cases {
            let xml = format!("<abstractNum abstractNumId='7'>{level}</abstractNum>{lists}");
            assert_eq!(markers(&mut numbering(&xml), &[(1, 0)]), [expected]);
        }
    }

    #[test]
    fn levels_count_restart_and_start_anew() {
        let xml = format!(
            "<abstractNum abstractNumId='7'>{}{}{}</abstractNum>\
             <num numId='1'><abstractNumId val='7'/></num>\
             <num numId='2'><abstractNumId val='7'/><lvlOverride ilvl='0'><startOverride val='5'/>\
             </lvlOverride></num><num numId='3'><abstractNumId val='8'/></num>\
             <abstractNum abstractNumId='8'><numStyleLink val='S'/></abstractNum>\
             <abstractNum abstractNumId='9'><styleLink val='S'/>{}</abstractNum>",
            level(0, "chineseCounting", "第%1章", ""),
            level(1, "decimal", "%1.%2", "<isLgl/>"),
            level(2, "lowerLetter", "%3)", "<lvlRestart val='0'/>"),
            level(0, "upperRoman", "%1.", ""),
        );
        let mut numbering = numbering(&xml);
        let items = [
            (1, 0),
            (1, 1),
            (1, 2),
            (1, 1),
            (1, 2),
            (1, 0),
            (1, 1),
            (2, 0),
            (2, 0),
            (1, 0),
            (3, 0),
            (4, 0),
        ];
        let expected = [
            "第一章 ",
            "1.1 ",
            "a) ",
            "1.2 ",
            "b) ",
            "第二章 ",
            "2.1 ",
            "第五章 ",
            "第六章 ",
            "第七章 ",
            "I. ",
            "none",
        ];
        assert_eq!(markers(&mut numbering, &items), expected);
    }

    #[test]
    fn a_level_is_found_by_its_style() {
        let xml = format!(
            "<abstractNum abstractNumId='7'>{}{}</abstractNum>\
             <num numId='1'><abstractNumId val='7'/></num>",
            level(0, "decimal", "%1", "<pStyle val='H1'/>"),
            level(1, "decimal", "%1.%2", "<pStyle val='H2'/>"),
        );
        let mut numbering = numbering(&xml);
        let numbered = Numbered { list: 1, level: None };
        assert_eq!(numbering.next(numbered, Some("H1")).unwrap().text, "1 ");
        assert_eq!(numbering.next(numbered, Some("H2")).unwrap().text, "1.1 ");
    }
}
