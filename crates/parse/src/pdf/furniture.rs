//! Finds what is not running text: headers, footers, page numbers, contents pages.
//!
//! A header or footer is a line near the top or bottom edge whose text, digits masked, stands at
//! the same height on many pages, or one that the file marks as an artifact. A contents page has
//! several lines that end in dot leaders and a page number.

use std::collections::HashMap;

use crate::document::{Furniture, Page};

use super::lines::Line;
use super::page::Item;
use super::tags::Role;

/// The share of the page's height at each end in which headers and footers stand.
const ZONE: f32 = 0.13;
/// How many lines from each end are looked at.
const DEPTH: usize = 4;

/// Flags the furniture among the lines of all pages.
pub(crate) fn mark(pages: &[Page], items: &mut [Vec<Item>]) {
    mark_repeated(pages, items);
    for (page, items) in pages.iter().zip(items.iter_mut()) {
        mark_page_number(page, items);
        mark_artifacts(page, items);
        mark_contents(items);
    }
}

fn zone(page: &Page, line: &Line) -> Option<Furniture> {
    if line.baseline < page.height * ZONE {
        Some(Furniture::Header)
    } else if line.top() > page.height * (1.0 - ZONE) {
        Some(Furniture::Footer)
    } else {
        None
    }
}

/// The outermost lines of a page at its top and its bottom: indices into its items.
fn edge_lines(page: &Page, items: &[Item]) -> Vec<(usize, Furniture)> {
    let mut lines: Vec<(usize, &Line)> = items
        .iter()
        .enumerate()
        .filter_map(|(i, item)| match item {
            Item::Line(line) => Some((i, line)),
            Item::Table(_) => None,
        })
        .collect();
    lines.sort_by(|a, b| a.1.baseline.total_cmp(&b.1.baseline));
    let in_zone = |(i, line): &(usize, &Line), wanted: Furniture| {
        (zone(page, line) == Some(wanted)).then_some((*i, wanted))
    };
    let top = lines.iter().take(DEPTH).filter_map(|line| in_zone(line, Furniture::Header));
    let bottom = lines.iter().rev().take(DEPTH).filter_map(|line| in_zone(line, Furniture::Footer));
    top.chain(bottom).collect()
}

/// What stays the same of a running line: its text without digits and white space.
fn mask(text: &str) -> String {
    let mut out = String::new();
    for ch in text.chars().filter(|ch| !ch.is_whitespace()) {
        match ch.is_numeric() {
            true if out.ends_with('#') => {}
            true => out.push('#'),
            false => out.push(ch),
        }
    }
    out
}

fn mark_repeated(pages: &[Page], items: &mut [Vec<Item>]) {
    // Masked text to where it stands: page, item, baseline.
    type Places = Vec<(usize, usize, f32)>;
    let mut seen: HashMap<(String, Furniture), Places> = HashMap::new();
    for (p, (page, items)) in pages.iter().zip(items.iter()).enumerate() {
        for (i, place) in edge_lines(page, items) {
            if let Item::Line(line) = &items[i] {
                let places = seen.entry((mask(&line.text()), place)).or_default();
                places.push((p, i, line.baseline));
            }
        }
    }
    for ((_, furniture), places) in seen {
        let level: Vec<_> = places
            .iter()
            .filter(|(_, _, y)| {
                places.iter().filter(|(_, _, other)| (y - other).abs() < 8.0).count() > 1
            })
            .collect();
        let enough = if pages.len() <= 4 { 2 } else { 3.max(pages.len() / 8) };
        if level.len() < enough {
            continue;
        }
        for (p, i, _) in level {
            if let Item::Line(line) = &mut items[*p][*i] {
                let number = is_page_number(&line.text());
                line.furniture = Some(if number { Furniture::PageNumber } else { furniture });
            }
        }
    }
}

/// `12`, `- 12 -`, `12 / 30`, `第 12 页 共 30 页`, `xii`.
fn is_page_number(text: &str) -> bool {
    let text: String = text
        .chars()
        .filter(|ch| {
            !ch.is_whitespace() && !matches!(ch, '-' | '—' | '–' | '·' | '第' | '页' | '共')
        })
        .collect();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let roman = !text.is_empty()
        && text.len() <= 6
        && text.chars().all(|ch| "ivxIVXⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ".contains(ch));
    roman
        || ((1..=8).contains(&digits)
            && text.chars().all(|ch| ch.is_ascii_digit() || matches!(ch, '/' | '|'))
            && text.split(['/', '|']).all(|part| part.len() <= 4))
}

fn mark_page_number(page: &Page, items: &mut [Item]) {
    let mut edges = edge_lines(page, items);
    // Only the outermost line at each end can be the page number.
    edges.dedup_by_key(|(_, furniture)| *furniture);
    for (i, _) in edges {
        if let Item::Line(line) = &mut items[i]
            && line.furniture.is_none()
            && is_page_number(&line.text())
        {
            line.furniture = Some(Furniture::PageNumber);
        }
    }
}

fn mark_artifacts(page: &Page, items: &mut [Item]) {
    for item in items {
        if let Item::Line(line) = item
            && line.artifact
            && line.furniture.is_none()
        {
            // Inside the page: the header of a table repeated after a page break, a watermark.
            line.furniture = zone(page, line).or(Some(Furniture::Header));
        }
    }
}

fn mark_contents(items: &mut [Item]) {
    let leaders: Vec<usize> = items
        .iter()
        .enumerate()
        .filter(|(_, item)| matches!(item, Item::Line(line) if is_contents_line(line)))
        .map(|(i, _)| i)
        .collect();
    let (Some(first), Some(last)) = (leaders.first(), leaders.last()) else { return };
    if leaders.len() < 3 {
        return;
    }
    // Entries may wrap, and the heading stands above: all from there to the last leader.
    let title = items[..*first]
        .iter()
        .position(|item| matches!(item, Item::Line(line) if is_contents_title(&line.text())));
    for item in &mut items[title.unwrap_or(*first)..=*last] {
        if let Item::Line(line) = item
            && line.furniture.is_none()
        {
            line.furniture = Some(Furniture::Contents);
        }
    }
}

fn is_contents_line(line: &Line) -> bool {
    if line.tag.is_some_and(|tag| tag.role == Role::Contents) {
        return true;
    }
    let text: String =
        line.glyphs.iter().map(|glyph| glyph.ch).filter(|ch| !ch.is_whitespace()).collect();
    let entry =
        text.trim_end_matches(|ch: char| ch.is_ascii_digit() || "IVXivxⅠⅡⅢⅣⅤ-".contains(ch));
    let dots = |ch: &char| matches!(ch, '.' | '…' | '·' | '．' | '⋯' | '‥' | '_');
    let leader = entry.chars().rev().take_while(dots).count();
    entry.len() < text.len() && (leader >= 4 || entry.ends_with("……")) || leader >= 12
}

fn is_contents_title(text: &str) -> bool {
    let text: String = text.chars().filter(|ch| !ch.is_whitespace()).collect();
    let text = text.to_lowercase();
    matches!(
        text.as_str(),
        "目录"
            | "目次"
            | "图目录"
            | "表目录"
            | "图表目录"
            | "插图目录"
            | "附图目录"
            | "contents"
            | "tableofcontents"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_by_shape() {
        for text in ["1", "- 12 -", "12 / 30", "第 3 页 共 9 页", "xii", "— 7 —"] {
            assert!(is_page_number(text), "{text}");
        }
        for text in ["", "2023年", "1.2", "123456789", "甲"] {
            assert!(!is_page_number(text), "{text}");
        }
    }

    #[test]
    fn running_lines_are_the_same_but_for_digits() {
        assert_eq!(mask("远山通信 2023 年报告 1 / 30"), mask("远山通信2023年报告 12/30"));
    }
}
