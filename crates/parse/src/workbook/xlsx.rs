//! Reads the sheets of an Excel workbook, `.xlsx` and `.xlsm` (ECMA-376 part 1, 18); the parts of
//! `.xlsb` are read by [`xlsb`].
//!
//! Read: values and stored results of formulas under their number formats, shared and inline
//! strings, merged cells, tables and filters (for their header rows), notes, text boxes. Dropped: phonetic
//! runs, formulas, links' targets, conditional formats, charts, pictures, pivot caches. Documents that
//! are embedded become members.

use std::collections::BTreeMap;

use super::parts::{Relation, decoded, relations, text};
use super::shared::{Shared, boolean, rich_text, strings, styles, unescape};
use super::sheet::{MOST_EXTRAS, Marked, Sheet, area, place};
use super::xml::{Step, Walk, attribute, flag, name, number};
use super::{Book, extras, xlsb};
use crate::error::ParseError;
use crate::package::Package;

/// Sheets beyond this one are not read.
const MOST_SHEETS: usize = 10_000;

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
    let by_id: BTreeMap<&str, &Relation> =
        links.iter().map(|link| (link.id.as_str(), link)).collect();
    book.unlisted = entries.len().saturating_sub(MOST_SHEETS);
    for entry in entries.into_iter().take(MOST_SHEETS) {
        let Some(link) = by_id.get(entry.id.as_str()) else {
            book.missing.push(entry.name);
            continue;
        };
        match link.kind.as_str() {
            "worksheet" => {
                let read = if binary { xlsb::sheet } else { one };
                let sheet = read(package, book, &shared, &link.target, entry)?;
                book.lay_out(sheet);
            }
            "xlMacrosheet" | "xlIntlMacrosheet" | "dialogsheet" => book.programs.push(entry.name),
            _ => book.charts.push(entry.name),
        }
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
            "sheet" => {
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
    extras::read(package, book, part, &mut sheet)?;
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
                if book.budget.spent {
                    // The merged areas stand behind the rows that are not read.
                    let end = xml.rfind("sheetData>").map_or(xml.len(), |at| at + 10);
                    walk = Walk::new(&xml[end..]);
                }
            }
            "mergeCell" => {
                let area = attribute(&tag, "ref").and_then(|name| area(&name));
                area.into_iter().for_each(|area| sheet.merge(area));
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
