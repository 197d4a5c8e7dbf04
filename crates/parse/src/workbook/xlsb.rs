//! Reads the sheets of an Excel workbook in binary parts, `.xlsb` (\[MS-XLSB\]): the package is that
//! of `.xlsx`, its parts are records instead of XML. Read and dropped is the same.

use super::compound::{error, f64_at, packed, u16_at, u32_at};
use super::extras::own_note;
use super::parts::{Relation, relations};
use super::shared::{Shared, Styles, boolean, formats};
use super::sheet::{
    Area, Budget, MOST_CELLS, MOST_COLUMNS, MOST_EXTRAS, MOST_ROWS, MOST_TEXT, Marked, Sheet,
};
use super::xlsx::Entry;
use super::{Book, extras};
use crate::error::ParseError;
use crate::package::Package;

/// The kinds of records that are read (\[MS-XLSB\] 2.3.2).
mod record {
    pub(super) const ROW: u16 = 0;
    pub(super) const CELL_PACKED: u16 = 2;
    pub(super) const CELL_ERROR: u16 = 3;
    pub(super) const CELL_TRUE: u16 = 4;
    pub(super) const CELL_NUMBER: u16 = 5;
    pub(super) const CELL_TEXT: u16 = 6;
    pub(super) const CELL_SHARED_TEXT: u16 = 7;
    pub(super) const FORMULA_TEXT: u16 = 8;
    pub(super) const FORMULA_NUMBER: u16 = 9;
    pub(super) const FORMULA_TRUE: u16 = 10;
    pub(super) const FORMULA_ERROR: u16 = 11;
    pub(super) const STRING: u16 = 19;
    pub(super) const FORMAT: u16 = 44;
    pub(super) const STYLE: u16 = 47;
    pub(super) const CELL_RICH_TEXT: u16 = 62;
    pub(super) const WORKBOOK: u16 = 153;
    pub(super) const SHEET: u16 = 156;
    pub(super) const FILTER: u16 = 161;
    pub(super) const MERGED: u16 = 176;
    pub(super) const TABLE: u16 = 343;
    pub(super) const DRAWING: u16 = 550;
    pub(super) const STYLES_OF_CELLS: u16 = 617;
    pub(super) const END_OF_STYLES: u16 = 618;
    pub(super) const NOTE: u16 = 635;
    pub(super) const NOTE_TEXT: u16 = 637;
}

/// The records of a part: kind and content (\[MS-XLSB\] 2.1.4).
struct Records<'a> {
    rest: &'a [u8],
    /// Whether the part is cut off.
    damaged: bool,
}

impl<'a> Records<'a> {
    fn new(part: &'a [u8]) -> Self {
        Self { rest: part, damaged: false }
    }

    /// A number of at most so many bytes, seven bits in each, the low ones first.
    fn number(&mut self, most: u32) -> Option<u32> {
        let mut out = 0;
        for nth in 0..most {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            out |= u32::from(byte & 0x7F) << (7 * nth);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(out)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let head = self.number(2).zip(self.number(4));
        let found = head.and_then(|(kind, length)| {
            Some((kind as u16, self.rest.split_at_checked(length as usize)?))
        });
        let Some((kind, (content, rest))) = found else {
            self.damaged = true;
            self.rest = &[];
            return None;
        };
        self.rest = rest;
        Some((kind, content))
    }
}

/// A string with its length in four bytes before it, and where it ends.
fn string(content: &[u8], at: usize) -> Option<(String, usize)> {
    let count = u32_at(content, at)?;
    if count == u32::MAX {
        return Some((String::new(), at + 4));
    }
    let units = content.get(at + 4..)?.as_chunks::<2>().0;
    let units = units.get(..count as usize)?;
    let units: Vec<u16> = units.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    Some((String::from_utf16_lossy(&units), at + 4 + units.len() * 2))
}

/// The sheets, and whether dates count from 1904.
pub(super) fn entries(part: &[u8]) -> (Vec<Entry>, bool) {
    let (mut out, mut since_1904) = (Vec::new(), false);
    for (kind, content) in Records::new(part) {
        match kind {
            record::WORKBOOK => since_1904 = content.first().is_some_and(|flags| flags & 1 != 0),
            record::SHEET => {
                out.extend(string(content, 8).and_then(|(id, end)| {
                    let hidden = u32_at(content, 0)? != 0;
                    Some(Entry { name: string(content, end)?.0, id, hidden })
                }));
            }
            _ => {}
        }
    }
    (out, since_1904)
}

pub(super) fn styles(part: &[u8]) -> Styles {
    let (mut codes, mut ids, mut of_cells) = (Vec::new(), Vec::new(), false);
    for (kind, content) in Records::new(part) {
        match kind {
            record::FORMAT if codes.len() < MOST_EXTRAS => {
                let id = u16_at(content, 0).map(u32::from);
                codes.extend(id.zip(string(content, 2).map(|(code, _)| code)));
            }
            record::STYLES_OF_CELLS => of_cells = true,
            record::END_OF_STYLES => of_cells = false,
            record::STYLE if of_cells && ids.len() < MOST_EXTRAS => {
                ids.push(u16_at(content, 2).map_or(0, u32::from));
            }
            _ => {}
        }
    }
    Styles { formats: formats(codes, &ids) }
}

pub(super) fn strings(part: &[u8], budget: &mut Budget) -> Vec<Box<str>> {
    let mut left = MOST_TEXT;
    let mut out: Vec<Box<str>> = Vec::new();
    for (kind, content) in Records::new(part) {
        if kind != record::STRING {
            continue;
        }
        let text = string(content, 1).map_or_else(String::new, |(text, _)| text);
        if out.len() >= MOST_CELLS || left < text.len() {
            budget.spent = true;
            break;
        }
        left -= text.len();
        out.push(text.into());
    }
    out
}

/// Reads one sheet with its tables and notes.
///
/// # Errors
/// If it is protected or too large.
pub(super) fn sheet(
    package: &mut Package<'_>,
    book: &mut Book,
    shared: &Shared,
    part: &str,
    entry: Entry,
) -> Result<Sheet, ParseError> {
    let mut sheet = Sheet { name: entry.name, hidden: entry.hidden, ..Sheet::default() };
    let Some(content) = book.part(package.read(part))? else {
        book.missing.push(sheet.name.clone());
        return Ok(sheet);
    };
    if cells(&content, shared, &mut sheet, &mut book.budget) {
        book.damaged.push(sheet.name.clone());
    }
    drop(content);
    for Relation { kind, target, .. } in book.part(relations(package, part))? {
        match kind.as_str() {
            "table" => {
                let part = book.part(package.read(&target))?.unwrap_or_default();
                sheet.marked.extend(marked(&part));
            }
            "comments" => {
                let part = book.part(package.read(&target))?.unwrap_or_default();
                notes(&part, &mut sheet, &mut book.budget);
            }
            _ => extras::drawn(package, book, &kind, &target, &mut sheet)?,
        }
    }
    Ok(sheet)
}

/// Reads the cells and the merged areas; gives whether the part is cut off.
fn cells(part: &[u8], shared: &Shared, sheet: &mut Sheet, budget: &mut Budget) -> bool {
    let mut row = 0;
    let mut records = Records::new(part);
    for (kind, content) in records.by_ref() {
        match kind {
            record::ROW => row = u32_at(content, 0).unwrap_or(row),
            record::CELL_PACKED..=record::FORMULA_ERROR | record::CELL_RICH_TEXT
                if !budget.spent =>
            {
                let column = u32_at(content, 0).unwrap_or(MOST_COLUMNS);
                if let Some(text) = display(kind, content, shared) {
                    budget.add(sheet, row, column, &text);
                }
            }
            record::MERGED => area(content).into_iter().for_each(|area| sheet.merge(area)),
            record::FILTER if sheet.marked.len() < MOST_EXTRAS => {
                let area = area(content);
                sheet.marked.extend(area.map(|area| Marked { area, header_rows: 1 }));
            }
            record::DRAWING => sheet.drawings = true,
            _ => {}
        }
    }
    records.damaged
}

/// What a cell displays.
fn display(kind: u16, content: &[u8], shared: &Shared) -> Option<String> {
    let style = u32_at(content, 4)? & 0x00FF_FFFF;
    let number = |value| shared.styles.show(style, value, shared.since_1904);
    let text = |text: &str| shared.styles.text(style, text);
    Some(match kind {
        record::CELL_PACKED => number(packed(u32_at(content, 8)?)),
        record::CELL_NUMBER | record::FORMULA_NUMBER => number(f64_at(content, 8)?),
        record::CELL_TRUE | record::FORMULA_TRUE => boolean(*content.get(8)? != 0).to_owned(),
        record::CELL_ERROR | record::FORMULA_ERROR => error(*content.get(8)?).to_owned(),
        record::CELL_TEXT | record::FORMULA_TEXT => text(&string(content, 8)?.0),
        record::CELL_RICH_TEXT => text(&string(content, 9)?.0),
        record::CELL_SHARED_TEXT => text(shared.strings.get(u32_at(content, 8)? as usize)?),
        _ => return None,
    })
}

/// Rows and columns in the order first row, last row, first column, last column.
fn area(content: &[u8]) -> Option<Area> {
    let (top, bottom) = (u32_at(content, 0)?, u32_at(content, 4)?);
    let (left, right) = (u32_at(content, 8)?, u32_at(content, 12)?);
    let inside = top <= bottom && bottom < MOST_ROWS && left <= right && right < MOST_COLUMNS;
    inside.then_some(Area { top, left, bottom, right })
}

/// The area of a table part.
fn marked(part: &[u8]) -> Option<Marked> {
    let (_, table) = Records::new(part).find(|(kind, _)| *kind == record::TABLE)?;
    Some(Marked { area: area(table)?, header_rows: u32_at(table, 24)? })
}

/// Reads what is noted on cells.
fn notes(part: &[u8], sheet: &mut Sheet, budget: &mut Budget) {
    let mut at = None;
    for (kind, content) in Records::new(part) {
        match kind {
            record::NOTE => at = content.get(4..).and_then(area),
            record::NOTE_TEXT => {
                if let Some((at, (text, _))) = at.take().zip(string(content, 1)) {
                    budget.note(sheet, at.top, at.left, own_note(&text));
                }
            }
            _ => {}
        }
    }
}
