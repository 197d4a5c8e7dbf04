//! Reads the sheets of an OpenDocument workbook, `.ods` (OpenDocument 1.3 part 3, 9).
//!
//! The file holds what each cell displays beside its value, so that no number format is needed; a
//! cell of a writer that leaves it out shows its value. Read: cells with their repetitions, merged
//! cells, notes on cells, text boxes. Dropped: formulas, links' targets, charts, pictures, deleted
//! cells of tracked changes, phonetic guides.

use std::collections::BTreeSet;

use quick_xml::events::BytesStart;

use super::Book;
use super::number::{Format, general};
use super::parts::text;
use super::shared::boolean;
use super::sheet::{Area, MOST_COLUMNS, MOST_ROWS, Sheet};
use super::xml::{Step, Walk, attribute, name, number};
use crate::error::ParseError;
use crate::package::Package;

/// At most this many spaces stand for one element.
const MOST_SPACES: u32 = 100;

/// Reads all sheets.
///
/// # Errors
/// If the content is missing, damaged as a whole, or protected.
pub(super) fn read(package: &mut Package<'_>, book: &mut Book) -> Result<(), ParseError> {
    let manifest = book.part(text(package, "META-INF/manifest.xml"))?;
    if manifest.is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(ParseError::Protected("workbook"));
    }
    let Some(xml) = text(package, "content.xml")? else {
        return Err(ParseError::Damaged {
            format: "workbook",
            reason: "its content is missing".to_owned(),
        });
    };
    let mut walk = Walk::new(&xml);
    let mut hidden: BTreeSet<String> = BTreeSet::new();
    let (mut style, mut last) = (String::new(), String::new());
    while let Some(step) = walk.step() {
        let Step::Open(tag) = step else { continue };
        match name(&tag) {
            "style" => style = attribute(&tag, "name").unwrap_or_default().into_owned(),
            "table-properties" if attribute(&tag, "display").as_deref() == Some("false") => {
                hidden.insert(style.clone());
            }
            "tracked-changes" => walk.skip(),
            "table" => {
                let own = attribute(&tag, "style-name").unwrap_or_default();
                let name = attribute(&tag, "name").unwrap_or_default().into_owned();
                last.clone_from(&name);
                let sheet = Sheet { name, hidden: hidden.contains(&*own), ..Sheet::default() };
                let sheet = rows(&mut walk, sheet, book);
                book.lay_out(sheet);
            }
            _ => {}
        }
    }
    if walk.damaged {
        book.damaged.push(last);
    }
    Ok(())
}

/// Reads the rows of the table that was just opened.
fn rows(walk: &mut Walk<'_>, mut sheet: Sheet, book: &mut Book) -> Sheet {
    let (mut row, mut depth) = (0_u32, 1_u64);
    while depth > 0 {
        match walk.step() {
            Some(Step::Open(tag)) => match name(&tag) {
                "table-row" => {
                    let times = number(&tag, "number-rows-repeated").unwrap_or(1).max(1);
                    let cells = cells(walk, row, &mut sheet, book);
                    let end = row.saturating_add(times);
                    for row in row..end.min(MOST_ROWS) {
                        if cells.is_empty() || book.budget.spent {
                            break;
                        }
                        add(&cells, row, &mut sheet, book);
                    }
                    if end > MOST_ROWS {
                        book.budget.outside += cells.len();
                    }
                    row = end;
                }
                "shapes" => drawn(walk, (0, 0), &mut sheet, book),
                _ => depth += 1,
            },
            Some(Step::Close(_)) => depth -= 1,
            Some(Step::Text(_)) => {}
            None => break,
        }
    }
    sheet
}

/// A cell with something in it, as a row has it.
struct RowCell {
    column: u32,
    times: u32,
    text: String,
    /// How many rows and columns it covers.
    span: (u32, u32),
}

/// Adds the cells of a row.
fn add(cells: &[RowCell], row: u32, sheet: &mut Sheet, book: &mut Book) {
    for cell in cells {
        let end = cell.column.saturating_add(cell.times);
        if end > MOST_COLUMNS {
            book.budget.outside += 1;
        }
        for column in cell.column..end.min(MOST_COLUMNS) {
            book.budget.add(sheet, row, column, &cell.text);
            if book.budget.spent {
                return;
            }
            if cell.span != (1, 1) {
                sheet.merge(Area {
                    top: row,
                    left: column,
                    bottom: row.saturating_add(cell.span.0 - 1),
                    right: column.saturating_add(cell.span.1 - 1),
                });
            }
        }
    }
}

/// The cells with text of the row that was just opened.
fn cells(walk: &mut Walk<'_>, row: u32, sheet: &mut Sheet, book: &mut Book) -> Vec<RowCell> {
    let mut out = Vec::new();
    let (mut column, mut depth) = (0_u32, 1_u64);
    while depth > 0 {
        match walk.step() {
            Some(Step::Open(tag)) => match name(&tag) {
                "table-cell" => {
                    let times = number(&tag, "number-columns-repeated").unwrap_or(1).max(1);
                    let text = content(walk, (row, column), sheet, book);
                    let text = if text.is_empty() { value(&tag) } else { text };
                    sheet.uncalculated += usize::from(text.is_empty() && formula(&tag));
                    if !text.is_empty() {
                        let span = |name| number(&tag, name).unwrap_or(1).max(1);
                        let span = (span("number-rows-spanned"), span("number-columns-spanned"));
                        out.push(RowCell { column, times, text, span });
                    }
                    column = column.saturating_add(times);
                }
                "covered-table-cell" => {
                    let times = number(&tag, "number-columns-repeated").unwrap_or(1).max(1);
                    let text = content(walk, (row, column), sheet, book);
                    if !text.is_empty() {
                        out.push(RowCell { column, times, text, span: (1, 1) });
                    }
                    column = column.saturating_add(times);
                }
                _ => depth += 1,
            },
            Some(Step::Close(_)) => depth -= 1,
            Some(Step::Text(_)) => {}
            None => break,
        }
    }
    out
}

fn formula(tag: &BytesStart<'_>) -> bool {
    attribute(tag, "formula").is_some() && attribute(tag, "value-type").is_none()
}

/// The text of the cell that was just opened; what is noted and drawn on it goes to the sheet.
fn content(walk: &mut Walk<'_>, at: (u32, u32), sheet: &mut Sheet, book: &mut Book) -> String {
    let mut out = Paragraphs::default();
    while !out.ended {
        match walk.step() {
            Some(Step::Open(tag)) => match name(&tag) {
                "annotation" => {
                    let text = paragraphs(walk);
                    book.budget.note(sheet, at.0, at.1, &text);
                }
                "frame" | "custom-shape" | "rect" | "ellipse" | "line" | "path" | "g" => {
                    drawn(walk, at, sheet, book);
                }
                name => out.open(name, &tag, walk),
            },
            Some(Step::Close(tag)) => out.close(tag.local_name().into_inner()),
            Some(Step::Text(text)) => out.text(&text),
            None => break,
        }
    }
    out.out
}

/// Reads the text of a drawing, or of all drawings on a sheet.
fn drawn(walk: &mut Walk<'_>, at: (u32, u32), sheet: &mut Sheet, book: &mut Book) {
    sheet.drawings = true;
    let text = paragraphs(walk);
    book.budget.boxed(sheet, at.0, at.1, &text);
}

/// The paragraphs in the element that was just opened, one a line.
fn paragraphs(walk: &mut Walk<'_>) -> String {
    let mut out = Paragraphs::default();
    while !out.ended {
        match walk.step() {
            Some(Step::Open(tag)) => out.open(name(&tag), &tag, walk),
            Some(Step::Close(tag)) => out.close(tag.local_name().into_inner()),
            Some(Step::Text(text)) => out.text(&text),
            None => break,
        }
    }
    out.out
}

/// Collects the text of paragraphs, up to the end of the element around them.
#[derive(Default)]
struct Paragraphs {
    out: String,
    depth: u64,
    /// How many paragraphs are open.
    inside: u32,
    ended: bool,
}

impl Paragraphs {
    fn open(&mut self, name: &str, tag: &BytesStart<'_>, walk: &mut Walk<'_>) {
        match name {
            "p" | "h" => {
                if !self.out.is_empty() {
                    self.out.push('\n');
                }
                self.inside += 1;
            }
            "s" => {
                let count = number(tag, "c").unwrap_or(1).min(MOST_SPACES);
                self.out.extend((0..count).map(|_| ' '));
            }
            "tab" => self.out.push(' '),
            "line-break" => self.out.push('\n'),
            "ruby-text" => return walk.skip(),
            _ => {}
        }
        self.depth += 1;
    }

    fn close(&mut self, name: &str) {
        if matches!(name, "p" | "h") {
            self.inside = self.inside.saturating_sub(1);
        }
        self.ended = self.depth == 0;
        self.depth = self.depth.saturating_sub(1);
    }

    fn text(&mut self, text: &str) {
        if self.inside > 0 {
            self.out.push_str(text);
        }
    }
}

/// What a cell shows whose text is not in the file.
fn value(tag: &BytesStart<'_>) -> String {
    let own = |name: &str| attribute(tag, name).unwrap_or_default();
    let number = || own("value").trim().parse::<f64>().ok();
    match &*own("value-type") {
        "float" | "currency" => number().map_or_else(String::new, general),
        "percentage" => {
            number().map_or_else(String::new, |n| Format::built_in(10).number(n, false))
        }
        "date" => own("date-value").trim_end_matches("T00:00:00").replace('T', " "),
        "time" => time(&own("time-value")).unwrap_or_else(|| own("time-value").into_owned()),
        "boolean" => boolean(own("boolean-value") == "true").to_owned(),
        "string" => own("string-value").into_owned(),
        _ => String::new(),
    }
}

/// A duration such as `PT12H30M00S` as a time.
fn time(duration: &str) -> Option<String> {
    let (hours, rest) = duration.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?.split('.').next()?;
    let part = |text: &str| text.parse::<u32>().ok();
    Some(format!("{}:{:02}:{:02}", part(hours)?, part(minutes)?, part(seconds)?))
}
