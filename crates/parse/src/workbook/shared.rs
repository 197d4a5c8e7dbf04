//! What the sheets of an Excel workbook share: strings and number formats, and how a string item
//! is written in XML (ECMA-376 part 1, 18.4 and 18.8).

use super::number::{Format, general};
use super::sheet::{Budget, MOST_CELLS, MOST_EXTRAS, MOST_TEXT};
use super::xml::{Step, Walk, attribute, name, number};

/// The parts that all sheets share.
pub(super) struct Shared {
    pub(super) strings: Vec<Box<str>>,
    pub(super) styles: Styles,
    pub(super) since_1904: bool,
}

/// The number formats, by the number of a cell's style.
#[derive(Default)]
pub(super) struct Styles {
    pub(super) formats: Vec<Format>,
}

impl Styles {
    /// What is displayed for a number in a cell of a style.
    pub(super) fn show(&self, style: u32, value: f64, since_1904: bool) -> String {
        match self.formats.get(style as usize) {
            Some(format) => format.number(value, since_1904),
            None => general(value),
        }
    }

    /// What is displayed for a text in a cell of a style.
    pub(super) fn text(&self, style: u32, text: &str) -> String {
        match self.formats.get(style as usize) {
            Some(format) => format.text(text).into_owned(),
            None => text.to_owned(),
        }
    }
}

pub(super) fn styles(text: &str) -> Styles {
    let mut walk = Walk::new(text);
    let mut codes: Vec<(u32, String)> = Vec::new();
    let mut ids = Vec::new();
    let mut of_cells = false;
    while let Some(step) = walk.step() {
        match step {
            Step::Open(tag) => match name(&tag) {
                "numFmt" if codes.len() < MOST_EXTRAS => {
                    if let (Some(id), Some(code)) =
                        (number(&tag, "numFmtId"), attribute(&tag, "formatCode"))
                    {
                        codes.push((id, code.into_owned()));
                    }
                }
                "cellXfs" => of_cells = true,
                "xf" if of_cells && ids.len() < MOST_EXTRAS => {
                    ids.push(number(&tag, "numFmtId").unwrap_or(0));
                }
                _ => {}
            },
            Step::Close(tag) if tag.local_name().into_inner() == "cellXfs" => of_cells = false,
            _ => {}
        }
    }
    Styles { formats: formats(codes, &ids) }
}

/// The format of each style: by the file's own codes, or one of those that all files share.
pub(super) fn formats(mut codes: Vec<(u32, String)>, ids: &[u32]) -> Vec<Format> {
    codes.sort_by_key(|(id, _)| *id);
    let own = |id: u32| {
        let at = codes.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(Format::new(&codes[at].1))
    };
    ids.iter().map(|&id| own(id).unwrap_or_else(|| Format::built_in(id))).collect()
}

pub(super) fn strings(text: &str, budget: &mut Budget) -> Vec<Box<str>> {
    let mut walk = Walk::new(text);
    let mut out: Vec<Box<str>> = Vec::new();
    let mut left = MOST_TEXT;
    while let Some(step) = walk.step() {
        let Step::Open(tag) = step else { continue };
        if name(&tag) != "si" {
            continue;
        }
        let text = rich_text(&mut walk);
        if out.len() >= MOST_CELLS || left < text.len() {
            budget.spent = true;
            break;
        }
        left -= text.len();
        out.push(text.into());
    }
    out
}

/// The text of the string item that was just opened, phonetic runs left out.
pub(super) fn rich_text(walk: &mut Walk<'_>) -> String {
    let mut out = String::new();
    let mut depth = 1_u32;
    while depth > 0 {
        match walk.step() {
            Some(Step::Open(tag)) => match name(&tag) {
                "t" => out.push_str(&walk.text()),
                "rPh" => walk.skip(),
                _ => depth += 1,
            },
            Some(Step::Close(_)) => depth -= 1,
            Some(Step::Text(_)) => {}
            None => break,
        }
    }
    unescape(out)
}

/// Resolves `_x000D_` and the like (ECMA-376 part 1, 22.9.2.19).
pub(super) fn unescape(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = &text[..];
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(ch) => {
                // Control characters other than line breaks show nothing.
                if !ch.is_control() || matches!(ch, '\n' | '\r' | '\t') {
                    out.push(ch);
                }
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    out
}

pub(super) fn boolean(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}
