//! Reads values separated by commas, tabs, semicolons or bars (RFC 4180, and what programs make of
//! it).
//!
//! The separator is the one that parts the lines most evenly, unless a first line `sep=;` names
//! it. Lines may be of different lengths; an empty line ends a table as an empty row of a sheet
//! does, and lines over a table with one value are its title, its unit line and the like: see
//! [`crate::workbook`]. A block's place has no sheet name; rows are records, empty lines included.
//!
//! The records are parted here and not by the `csv` crate because that passes over empty lines,
//! knows no separators of more than one byte, and lets one stray quote swallow the rest of a file.

use crate::builder::{Builder, Given};
use crate::document::{Document, Format};
use crate::encoding::decode_counted;
use crate::error::ParseError;
use crate::workbook::layout::lay_out;
use crate::workbook::sheet::{Budget, MOST_CELLS, MOST_TEXT, Sheet, SheetCell};

/// The separators that are looked for, in order of preference.
const SEPARATORS: [char; 5] = [',', '\t', ';', '|', '，'];
/// The separator is found in this many records at the top.
const SAMPLE: usize = 200;
/// More values of a record than this are not read.
const MOST_FIELDS: u32 = 1 << 14;

/// Reads a file of values.
///
/// # Errors
/// If it is no text, or has no values.
pub(crate) fn parse(name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let decoded = decode_counted(bytes, None)?;
    let text = decoded.text.trim_start_matches('\u{FEFF}');
    let (separator, text, skipped) = match named_separator(text) {
        Some((separator, rest)) => (Some(separator), rest, 1),
        None => (separator(name, text), text, 0),
    };
    let mut builder = Builder::default();
    decoded.warn(&mut builder);
    let mut budget = Budget::default();
    let mut sheet = Sheet { banded: true, ..Sheet::default() };
    let mut records = Records::new(text, separator);
    let mut row = skipped;
    while let Some(end) = records.field() {
        if !records.value.trim().is_empty() {
            if records.column >= MOST_FIELDS {
                budget.outside += 1;
            } else if budget.take(records.value.len()) {
                let text = records.value.as_str().into();
                sheet.cells.push(SheetCell { row, column: records.column, text });
            } else {
                break;
            }
        }
        row += u32::from(end);
    }
    if records.stray {
        builder.warn("a quotation mark is never closed; it was read as part of the text");
    }
    if budget.outside > 0 {
        let outside = budget.outside;
        builder.warn(format!(
            "{outside} values beyond the {MOST_FIELDS}th of their line were left out"
        ));
    }
    if budget.spent {
        builder.warn(format!(
            "the file has more than {MOST_CELLS} values or {} MB of text; the rest was not read: \
             split the file",
            MOST_TEXT >> 20
        ));
    }
    lay_out(&mut builder, sheet, 1);
    builder.finish(Format::Csv, Given::default())
}

/// The separator that a first line `sep=;` names, and what is below that line.
fn named_separator(text: &str) -> Option<(char, &str)> {
    let line = text.split(['\n', '\r']).next()?;
    let mut named = line.strip_prefix("sep=").or(line.strip_prefix("SEP="))?.chars();
    let separator = named.next()?;
    if named.next().is_some() {
        return None;
    }
    let rest = &text[line.len()..];
    Some((separator, rest.strip_prefix("\r\n").unwrap_or(rest.get(1..).unwrap_or(""))))
}

/// The separator that parts the lines most evenly; `None` if there is one value a line.
fn separator(name: &str, text: &str) -> Option<char> {
    let tabs = name.rsplit_once('.').is_some_and(|(_, extension)| {
        matches!(extension.to_ascii_lowercase().as_str(), "tsv" | "tab")
    });
    if tabs && text.contains('\t') {
        return Some('\t');
    }
    let mut best = (0, 0, None);
    for separator in SEPARATORS {
        let mut counts = counts(text, separator);
        if counts.is_empty() {
            continue;
        }
        counts.sort_unstable();
        let parted = counts.iter().filter(|count| **count > 1).count();
        let (usual, often) = mode(&counts);
        // Commas of sentences part lines too, but not evenly.
        let even = often * 100 / counts.len();
        let fits = match separator {
            '，' => counts.len() > 1 && often == counts.len(),
            _ => parted * 2 >= counts.len() || often > 2,
        };
        if usual > 1 && fits && (even, usual) > (best.0, best.1) {
            best = (even, usual, Some(separator));
        }
    }
    best.2.or_else(|| {
        // Lines of all lengths: the separator that is there at all.
        let parts = |separator: &char| {
            let counts = counts(text, *separator);
            counts.iter().filter(|count| **count > 1).count() * 2 > counts.len()
        };
        SEPARATORS[..4].iter().copied().find(parts)
    })
}

/// How many values the first records have.
fn counts(text: &str, separator: char) -> Vec<u32> {
    let mut records = Records::new(text, Some(separator));
    let (mut out, mut filled) = (Vec::new(), false);
    while out.len() < SAMPLE
        && let Some(end) = records.field()
    {
        filled |= !records.value.trim().is_empty();
        if end {
            if filled {
                out.push(records.column + 1);
            }
            filled = false;
        }
    }
    out
}

/// The count above 1 that is there most often, the larger of two, and how often. The counts are
/// sorted.
fn mode(counts: &[u32]) -> (u32, usize) {
    let groups = counts.chunk_by(|a, b| a == b).filter(|group| group[0] > 1);
    groups.map(|group| (group[0], group.len())).max_by_key(|(_, often)| *often).unwrap_or((0, 0))
}

/// Parts a text into values, one by one.
struct Records<'a> {
    rest: &'a str,
    separator: Option<char>,
    /// The last value, and its place in its record, from 0.
    value: String,
    column: u32,
    next: u32,
    /// Whether there was a quotation mark that is never closed.
    stray: bool,
    done: bool,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, separator: Option<char>) -> Self {
        let done = text.is_empty();
        Self { rest: text, separator, value: String::new(), column: 0, next: 0, stray: false, done }
    }

    /// Reads the next value; gives whether it is the last one of its record.
    fn field(&mut self) -> Option<bool> {
        if self.done {
            return None;
        }
        self.value.clear();
        self.column = self.next;
        self.next = self.next.saturating_add(1);
        self.quoted();
        let separator = self.separator;
        let ends = |ch: char| Some(ch) == separator || matches!(ch, '\n' | '\r');
        let at = self.rest.find(ends).unwrap_or(self.rest.len());
        self.value.push_str(&self.rest[..at]);
        self.rest = &self.rest[at..];
        let mut chars = self.rest.chars();
        let Some(end) = chars.next() else {
            self.done = true;
            return Some(true);
        };
        self.rest = chars.as_str();
        if Some(end) == separator {
            return Some(false);
        }
        if end == '\r' {
            self.rest = self.rest.strip_prefix('\n').unwrap_or(self.rest);
        }
        self.next = 0;
        self.done = self.rest.is_empty();
        Some(true)
    }

    /// Takes what stands between quotation marks, if the value begins with one.
    fn quoted(&mut self) {
        let inner = self.rest.trim_start_matches(' ');
        let Some(mut inner) = inner.strip_prefix('"').filter(|_| !self.stray) else { return };
        let mut value = String::new();
        loop {
            let Some(at) = inner.find('"') else {
                self.stray = true;
                return;
            };
            value.push_str(&inner[..at]);
            inner = &inner[at + 1..];
            match inner.strip_prefix('"') {
                Some(rest) => {
                    value.push('"');
                    inner = rest;
                }
                None => break,
            }
        }
        self.value = value;
        self.rest = inner;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str, separator: char) -> Vec<Vec<String>> {
        let mut records = Records::new(text, Some(separator));
        let mut out = vec![Vec::new()];
        while let Some(end) = records.field() {
            let last = out.len() - 1;
            out[last].push(records.value.clone());
            if end {
                out.push(Vec::new());
            }
        }
        out.pop();
        out
    }

    #[test]
    fn values_between_separators_and_quotation_marks() {
        let cases: [(&str, &[&[&str]]); 9] = [
            ("a,b\r\nc,d\r\n", &[&["a", "b"], &["c", "d"]]),
            ("a,b\rc,d", &[&["a", "b"], &["c", "d"]]),
            ("a,\n\n,b\n", &[&["a", ""], &[""], &["", "b"]]),
            ("\"a,b\",\"c\"\"d\"\n", &[&["a,b", "c\"d"]]),
            ("\"a\nb\",c", &[&["a\nb", "c"]]),
            ("a\"b\",c", &[&["a\"b\"", "c"]]),
            (" \"a,b\" ,c", &[&["a,b ", "c"]]),
            ("\"a,b\nc,d", &[&["\"a", "b"], &["c", "d"]]),
            (",", &[&["", ""]]),
        ];
        for (text, expected) in cases {
            assert_eq!(records(text, ','), expected, "{text:?}");
        }
    }

    #[test]
    fn the_separator_is_the_one_that_parts_lines_evenly() {
        let cases = [
            ("a.csv", "甲,乙\n1,2\n", Some(',')),
            ("a.csv", "甲\t乙,丙\n1\t2\n3\t4", Some('\t')),
            ("a.csv", "甲;乙\n1,5;2,5\n3,5;4,5", Some(';')),
            ("a.csv", "甲|乙|丙\n1|2|3", Some('|')),
            ("a.csv", "甲，乙\n1，2\n", Some('，')),
            ("a.csv", "远山通信\n甲,乙,丙\n1,2,3\n4,5,6\n合计,5\n", Some(',')),
            ("a.csv", "城市\n甲市\n乙市\n", None),
            ("a.csv", "第一句，第二句。\n只有一句。\n", None),
            ("a.tsv", "甲,乙,丙\t丁\n", Some('\t')),
        ];
        for (name, text, expected) in cases {
            assert_eq!(separator(name, text), expected, "{text:?}");
        }
        assert_eq!(named_separator("sep=;\r\na;b"), Some((';', "a;b")));
        assert_eq!(named_separator("separate"), None);
    }
}
