//! Reads the sheets of an Excel workbook, `.xlsx` and `.xlsm` (ECMA-376 part 1, 18); the parts of
//! `.xlsb` are read by [`xlsb`].
//!
//! Read: values and stored results of formulas under their number formats, shared and inline
//! strings, merged cells, tables and filters (for their header rows), notes. Dropped: phonetic
//! runs, formulas, links' targets, conditional formats, charts, pictures, pivot caches.

use super::Book;
use super::number::{Format, general};
use super::parts::{Relation, decoded, relations, text};
use super::sheet::{Budget, MOST_CELLS, MOST_EXTRAS, MOST_TEXT, Marked, Sheet, area, place};
use super::xlsb;
use super::xml::{Step, Walk, attribute, flag, name, number};
use crate::error::ParseError;
use crate::package::Package;

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

/// Reads all sheets.
///
/// # Errors
/// If the workbook's own part is missing or damaged.
pub(super) fn read(package: &mut Package<'_>, book: &mut Book) -> Result<(), ParseError> {
    let root = relations(package, "")?;
    let main = root.iter().find(|relation| relation.kind == "officeDocument");
    let main = main.map_or("xl/workbook.xml", |relation| &relation.target).to_owned();
    let Some(workbook) = package.read(&main)? else {
        return Err(ParseError::Damaged {
            format: "workbook",
            reason: "the list of its sheets is missing".to_owned(),
        });
    };
    let binary = main.to_ascii_lowercase().ends_with(".bin");
    let links = relations(package, &main)?;
    let mut part = |kind: &str, book: &mut Book| {
        let link = links.iter().find(|link| link.kind == kind);
        let part = link.map_or(Ok(None), |link| package.read(&link.target));
        book.part(part).map(Option::unwrap_or_default)
    };
    let styles_part = part("styles", book)?;
    let strings_part = part("sharedStrings", book)?;
    let (entries, shared) = if binary {
        let (entries, since_1904) = xlsb::entries(&workbook);
        let strings = xlsb::strings(&strings_part, &mut book.budget);
        (entries, Shared { strings, styles: xlsb::styles(&styles_part), since_1904 })
    } else {
        let (entries, since_1904) = entries(&decoded(workbook)?);
        let strings = strings(&decoded(strings_part)?, &mut book.budget);
        (entries, Shared { strings, styles: styles(&decoded(styles_part)?), since_1904 })
    };
    for entry in entries {
        let Some(link) = links.iter().find(|link| link.id == entry.id) else {
            book.missing.push(entry.name);
            continue;
        };
        if link.kind != "worksheet" {
            book.charts.push(entry.name);
            continue;
        }
        let read = if binary { xlsb::sheet } else { one };
        let sheet = read(package, book, &shared, &link.target, entry)?;
        book.lay_out(sheet);
    }
    Ok(())
}

/// A sheet as the workbook lists it.
pub(super) struct Entry {
    pub(super) name: String,
    /// The relationship that leads to it.
    pub(super) id: String,
    pub(super) hidden: bool,
}

/// The sheets, and whether dates count from 1904.
fn entries(workbook: &str) -> (Vec<Entry>, bool) {
    let mut walk = Walk::new(workbook);
    let (mut out, mut since_1904) = (Vec::new(), false);
    while let Some(step) = walk.step() {
        let Step::Open(tag) = step else { continue };
        match name(&tag) {
            "workbookPr" => since_1904 = flag(&tag, "date1904"),
            "sheet" if out.len() < MOST_EXTRAS => {
                let state = attribute(&tag, "state").unwrap_or_default();
                out.push(Entry {
                    name: attribute(&tag, "name").unwrap_or_default().into_owned(),
                    id: attribute(&tag, "id").unwrap_or_default().into_owned(),
                    hidden: state == "hidden" || state == "veryHidden",
                });
            }
            _ => {}
        }
    }
    (out, since_1904)
}

fn styles(text: &str) -> Styles {
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

fn strings(text: &str, budget: &mut Budget) -> Vec<Box<str>> {
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
fn rich_text(walk: &mut Walk<'_>) -> String {
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

/// Reads one sheet with its tables and notes.
fn one(
    package: &mut Package<'_>,
    book: &mut Book,
    shared: &Shared,
    part: &str,
    entry: Entry,
) -> Result<Sheet, ParseError> {
    let mut sheet = Sheet { name: entry.name, hidden: entry.hidden, ..Sheet::default() };
    let Some(xml) = book.part(text(package, part))? else {
        book.missing.push(sheet.name.clone());
        return Ok(sheet);
    };
    cells(&xml, shared, &mut sheet, book);
    drop(xml);
    for Relation { kind, target, .. } in book.part(relations(package, part))? {
        match kind.as_str() {
            "table" => {
                if let Some(xml) = book.part(text(package, &target))? {
                    sheet.marked.extend(marked(&xml));
                }
            }
            "comments" => {
                if let Some(xml) = book.part(text(package, &target))? {
                    notes(&xml, &mut sheet, &mut book.budget);
                }
            }
            "drawing" => sheet.drawings = true,
            _ => {}
        }
    }
    Ok(sheet)
}

/// Reads the cells and the merged areas.
fn cells(xml: &str, shared: &Shared, sheet: &mut Sheet, book: &mut Book) {
    let mut walk = Walk::new(xml);
    // Rows without a number follow one another.
    let mut row = 0_u32;
    while let Some(step) = walk.step() {
        let Step::Open(tag) = step else { continue };
        match name(&tag) {
            "row" => {
                row = number(&tag, "r").and_then(|row| row.checked_sub(1)).unwrap_or(row);
                row = walk_row(&mut walk, row, shared, sheet, book).saturating_add(1);
            }
            "mergeCell" if sheet.merged.len() < MOST_EXTRAS => {
                sheet.merged.extend(attribute(&tag, "ref").and_then(|name| area(&name)));
            }
            "autoFilter" if sheet.marked.len() < MOST_EXTRAS => {
                let area = attribute(&tag, "ref").and_then(|name| area(&name));
                sheet.marked.extend(area.map(|area| Marked { area, header_rows: 1 }));
            }
            "drawing" => sheet.drawings = true,
            _ => {}
        }
    }
    if walk.damaged {
        book.damaged.push(sheet.name.clone());
    }
}

/// Reads the cells of the row that was just opened; gives the row that they stand in.
fn walk_row(
    walk: &mut Walk<'_>,
    mut row: u32,
    shared: &Shared,
    sheet: &mut Sheet,
    book: &mut Book,
) -> u32 {
    let mut column = 0_u32;
    while let Some(step) = walk.step() {
        let tag = match step {
            Step::Open(tag) => tag,
            Step::Close(tag) if tag.local_name().into_inner() == "row" => break,
            _ => continue,
        };
        if name(&tag) != "c" {
            continue;
        }
        if let Some((at_row, at_column)) = attribute(&tag, "r").and_then(|name| place(&name)) {
            (row, column) = (at_row, at_column);
        }
        let style = number(&tag, "s").unwrap_or(0);
        let kind = attribute(&tag, "t").unwrap_or_default().into_owned();
        let (value, formula) = content(walk);
        match value {
            Some(value) => {
                let text = display(&value, &kind, style, shared);
                book.budget.add(sheet, row, column, &text);
            }
            None if formula => sheet.uncalculated += 1,
            None => {}
        }
        column = column.saturating_add(1);
        if book.budget.spent {
            break;
        }
    }
    row
}

/// The value of the cell that was just opened, and whether it has a formula.
fn content(walk: &mut Walk<'_>) -> (Option<String>, bool) {
    let (mut value, mut formula) = (None, false);
    let mut depth = 1_u32;
    while depth > 0 {
        match walk.step() {
            Some(Step::Open(tag)) => match name(&tag) {
                "v" => value = Some(walk.text()),
                "is" => value = Some(rich_text(walk)),
                "f" => {
                    formula = true;
                    walk.skip();
                }
                _ => depth += 1,
            },
            Some(Step::Close(_)) => depth -= 1,
            Some(Step::Text(_)) => {}
            None => break,
        }
    }
    (value, formula)
}

/// What a cell displays.
fn display(value: &str, kind: &str, style: u32, shared: &Shared) -> String {
    let as_text = |text: &str| shared.styles.text(style, text);
    match kind {
        "s" => {
            let at = value.trim().parse::<usize>().ok();
            as_text(at.and_then(|at| shared.strings.get(at)).map_or("", |text| text))
        }
        "str" => as_text(&unescape(value.to_owned())),
        "inlineStr" => as_text(value),
        "b" => boolean(matches!(value.trim(), "1" | "true")).to_owned(),
        "e" | "d" => value.trim().to_owned(),
        _ => match value.trim().parse::<f64>() {
            Ok(number) => shared.styles.show(style, number, shared.since_1904),
            Err(_) => value.to_owned(),
        },
    }
}

pub(super) fn boolean(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

/// The area of a table part.
fn marked(xml: &str) -> Option<Marked> {
    let mut walk = Walk::new(xml);
    while let Some(step) = walk.step() {
        if let Step::Open(tag) = step
            && name(&tag) == "table"
        {
            let header_rows = number(&tag, "headerRowCount").unwrap_or(1);
            return Some(Marked { area: area(&attribute(&tag, "ref")?)?, header_rows });
        }
    }
    None
}

/// Reads what is noted on cells.
fn notes(xml: &str, sheet: &mut Sheet, budget: &mut Budget) {
    let mut walk = Walk::new(xml);
    while let Some(step) = walk.step() {
        let Step::Open(tag) = step else { continue };
        if name(&tag) != "comment" {
            continue;
        }
        let Some((row, column)) = attribute(&tag, "ref").and_then(|name| place(&name)) else {
            continue;
        };
        let text = rich_text(&mut walk);
        budget.note(sheet, row, column, own_note(&text));
    }
}

/// What a person noted: newer versions keep a copy for older ones, behind a text of their own.
pub(super) fn own_note(text: &str) -> &str {
    match text.split_once("Comment:\n") {
        Some((before, own)) if before.starts_with("[Threaded comment]") => own,
        _ => text,
    }
}
