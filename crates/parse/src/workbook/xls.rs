//! Reads the sheets of an Excel workbook before 2007, `.xls` (\[MS-XLS\], BIFF8; of Excel 5 and 95
//! BIFF5, from the same records).
//!
//! Read: values and stored results of formulas under their number formats, merged cells, notes,
//! text boxes. Dropped: formulas, links, phonetic text, charts, pictures, pivot caches.

use std::collections::BTreeMap;

use encoding_rs::{Encoding, GBK};

use super::Book;
use super::compound::{Compound, error, f64_at, packed, u16_at, u32_at};
use super::shared::{Styles, boolean, formats};
use super::sheet::{Area, Budget, MOST_CELLS, MOST_EXTRAS, MOST_TEXT, Sheet};
use super::strings::{Pieces, code_page};
use crate::error::ParseError;

/// The kinds of records that are read (\[MS-XLS\] 2.3).
mod record {
    pub(super) const FORMULA: u16 = 0x06;
    pub(super) const END: u16 = 0x0A;
    pub(super) const NOTE: u16 = 0x1C;
    pub(super) const DATE_1904: u16 = 0x22;
    pub(super) const PROTECTED: u16 = 0x2F;
    pub(super) const CONTINUE: u16 = 0x3C;
    pub(super) const CODE_PAGE: u16 = 0x42;
    pub(super) const OBJECT: u16 = 0x5D;
    pub(super) const SHEET: u16 = 0x85;
    pub(super) const MANY_PACKED: u16 = 0xBD;
    pub(super) const RICH_TEXT: u16 = 0xD6;
    pub(super) const STYLE: u16 = 0xE0;
    pub(super) const MERGED: u16 = 0xE5;
    pub(super) const STRINGS: u16 = 0xFC;
    pub(super) const SHARED_TEXT: u16 = 0xFD;
    pub(super) const TEXT_OF_OBJECT: u16 = 0x1B6;
    pub(super) const NUMBER: u16 = 0x203;
    pub(super) const TEXT: u16 = 0x204;
    pub(super) const TRUE_OR_ERROR: u16 = 0x205;
    pub(super) const RESULT: u16 = 0x207;
    pub(super) const PACKED: u16 = 0x27E;
    pub(super) const FORMAT: u16 = 0x41E;
    pub(super) const BEGIN: u16 = 0x809;
}

/// Kinds of drawn objects (\[MS-XLS\] 2.5.143).
const CHART: u16 = 5;
const PICTURE: u16 = 8;

/// Reads all sheets.
///
/// # Errors
/// If the file is damaged or protected.
pub(super) fn read(bytes: &[u8], book: &mut Book) -> Result<(), ParseError> {
    let file = Compound::open(bytes)?;
    let (stream, old) = match file.stream("Workbook") {
        Some(stream) => (stream, false),
        None => (file.stream("Book").unwrap_or_default(), true),
    };
    let shared = globals(&stream, old, &mut book.budget)?;
    for entry in &shared.sheets {
        if entry.is_chart {
            book.charts.push(entry.name.clone());
        } else if entry.has_cells {
            let sheet = sheet(&stream, entry, &shared, book);
            book.lay_out(sheet);
        }
    }
    Ok(())
}

/// The records from a place of the stream on: kind, content, and where the next one begins.
fn records(stream: &[u8], mut at: usize) -> impl Iterator<Item = (u16, &[u8], usize)> {
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, at)?, u16_at(stream, at + 2)?);
        let start = at + 4;
        let end = start + usize::from(length);
        at = end;
        Some((kind, stream.get(start..end)?, end))
    })
}

/// A record's content with that of the records that continue it.
fn continued<'a>(stream: &'a [u8], first: &'a [u8], next: usize) -> Vec<&'a [u8]> {
    let more = records(stream, next).take_while(|(kind, ..)| *kind == record::CONTINUE);
    std::iter::once(first).chain(more.map(|(_, content, _)| content)).collect()
}

/// A sheet as the workbook lists it.
struct Entry {
    name: String,
    start: usize,
    hidden: bool,
    is_chart: bool,
    has_cells: bool,
}

/// What all sheets share.
struct Shared {
    sheets: Vec<Entry>,
    strings: Vec<Box<str>>,
    styles: Styles,
    since_1904: bool,
    /// The encoding of strings before Excel 97; `None` since then.
    old: Option<&'static Encoding>,
}

impl Shared {
    /// A string with its length before it, in one byte or two.
    fn string(&self, pieces: &[&[u8]], skip: usize, short: bool) -> Option<String> {
        let first = pieces.first()?.get(skip..)?;
        let count = if short { usize::from(*first.first()?) } else { u16_at(first, 0)?.into() };
        let skip = skip + if short { 1 } else { 2 };
        let mut all = Pieces::new(pieces);
        all.skip(skip);
        match self.old {
            None => all.characters(count),
            Some(encoding) => {
                let bytes = pieces.first()?.get(skip..)?;
                Some(encoding.decode(&bytes[..bytes.len().min(count)]).0.into_owned())
            }
        }
    }

    fn number(&self, style: u16, value: f64) -> String {
        self.styles.show(u32::from(style), value, self.since_1904)
    }

    fn text(&self, style: u16, text: &str) -> String {
        self.styles.text(u32::from(style), text)
    }
}

/// Reads what stands before the sheets.
fn globals(stream: &[u8], old: bool, budget: &mut Budget) -> Result<Shared, ParseError> {
    let mut shared = Shared {
        sheets: Vec::new(),
        strings: Vec::new(),
        styles: Styles::default(),
        since_1904: false,
        old: old.then_some(GBK),
    };
    let (mut codes, mut ids) = (Vec::new(), Vec::new());
    for (kind, content, next) in records(stream, 0) {
        match kind {
            record::PROTECTED => return Err(ParseError::Protected("workbook")),
            record::CODE_PAGE if old => shared.old = u16_at(content, 0).map(code_page),
            record::DATE_1904 => shared.since_1904 = u16_at(content, 0) == Some(1),
            record::FORMAT => {
                let code = shared.string(&[content], 2, old);
                codes.extend(u16_at(content, 0).map(u32::from).zip(code));
            }
            record::STYLE => ids.extend(u16_at(content, 2).map(u32::from)),
            record::SHEET => shared.sheets.extend(entry(content, &shared)),
            record::STRINGS => {
                shared.strings = strings(&continued(stream, content, next), budget);
            }
            record::END => break,
            _ => {}
        }
    }
    if shared.sheets.is_empty() {
        return Err(ParseError::Damaged {
            format: "workbook",
            reason: "the list of its sheets is missing".to_owned(),
        });
    }
    shared.styles.formats = formats(codes, &ids);
    Ok(shared)
}

fn entry(content: &[u8], shared: &Shared) -> Option<Entry> {
    let kind = *content.get(5)?;
    Some(Entry {
        name: shared.string(&[content], 6, true)?,
        start: u32_at(content, 0)? as usize,
        hidden: content.get(4)? & 3 != 0,
        is_chart: kind == 2,
        has_cells: kind == 0,
    })
}

fn strings(pieces: &[&[u8]], budget: &mut Budget) -> Vec<Box<str>> {
    let mut all = Pieces::new(pieces);
    all.skip(8);
    let mut left = MOST_TEXT;
    let mut out: Vec<Box<str>> = Vec::new();
    while let Some(text) = all.string() {
        if out.len() >= MOST_CELLS || text.len() > left {
            budget.spent = true;
            break;
        }
        left -= text.len();
        out.push(text.into());
    }
    out
}

/// Texts of drawn objects on a sheet, by the object's number.
#[derive(Default)]
struct Objects {
    current: u16,
    texts: BTreeMap<u16, String>,
}

/// Reads one sheet.
fn sheet(stream: &[u8], entry: &Entry, shared: &Shared, book: &mut Book) -> Sheet {
    let (name, hidden) = (entry.name.clone(), entry.hidden);
    let mut sheet = Sheet { name, hidden, ..Sheet::default() };
    let mut objects = Objects::default();
    // Charts on the sheet are inside it, each from its begin to its end.
    let mut depth = 0_u32;
    // Where the result of the last formula goes if it is a text.
    let mut pending = None;
    let mut ended = false;
    for (kind, content, next) in records(stream, entry.start) {
        match kind {
            record::BEGIN => depth += 1,
            record::END if depth <= 1 => {
                ended = true;
                break;
            }
            record::END => depth -= 1,
            _ if depth > 1 => {}
            record::FORMULA => pending = formula(content, shared, &mut sheet, &mut book.budget),
            record::RESULT => {
                let text = shared.string(&continued(stream, content, next), 0, false);
                if let Some(((row, column, style), text)) = pending.take().zip(text) {
                    let text = shared.text(style, &text);
                    book.budget.add(&mut sheet, row, column, &text);
                }
            }
            record::TEXT | record::RICH_TEXT => {
                let text = shared.string(&continued(stream, content, next), 6, false);
                if let Some(((row, column, style), text)) = place(content).zip(text) {
                    let text = shared.text(style, &text);
                    book.budget.add(&mut sheet, row, column, &text);
                }
            }
            record::MERGED => merged(content, &mut sheet),
            record::OBJECT => {
                objects.current = u16_at(content, 6).unwrap_or(0);
                sheet.drawings |= matches!(u16_at(content, 4), Some(CHART | PICTURE));
            }
            record::TEXT_OF_OBJECT => {
                let text = text_of_object(&continued(stream, content, next));
                if objects.texts.len() < MOST_EXTRAS {
                    objects.texts.entry(objects.current).or_default().push_str(&text);
                }
            }
            record::NOTE => note(content, &mut objects, shared, &mut sheet, &mut book.budget),
            _ => value(kind, content, shared, &mut sheet, &mut book.budget),
        }
        if book.budget.spent {
            break;
        }
    }
    for text in objects.texts.values() {
        book.budget.boxed(&mut sheet, 0, 0, text);
    }
    if !ended && !book.budget.spent {
        book.damaged.push(sheet.name.clone());
    }
    sheet
}

/// The row, column and style of a cell's record.
fn place(content: &[u8]) -> Option<(u32, u32, u16)> {
    Some((u16_at(content, 0)?.into(), u16_at(content, 2)?.into(), u16_at(content, 4)?))
}

/// Adds a cell with a value of its own.
fn value(kind: u16, content: &[u8], shared: &Shared, sheet: &mut Sheet, budget: &mut Budget) {
    let Some((row, column, style)) = place(content) else { return };
    let text = match kind {
        record::NUMBER => f64_at(content, 6).map(|value| shared.number(style, value)),
        record::PACKED => u32_at(content, 6).map(|bits| shared.number(style, packed(bits))),
        record::SHARED_TEXT => u32_at(content, 6).map(|at| {
            let text = shared.strings.get(at as usize).map_or("", |text| text);
            shared.text(style, text)
        }),
        record::TRUE_OR_ERROR => content.get(6).zip(content.get(7)).map(|(value, is_error)| {
            if *is_error == 1 { error(*value) } else { boolean(*value != 0) }.to_owned()
        }),
        record::MANY_PACKED => {
            let cells = content.get(4..content.len().saturating_sub(2)).unwrap_or_default();
            for (column, cell) in (column..).zip(cells.as_chunks::<6>().0) {
                if let Some((style, bits)) = u16_at(cell, 0).zip(u32_at(cell, 2)) {
                    budget.add(sheet, row, column, &shared.number(style, packed(bits)));
                }
            }
            return;
        }
        _ => return,
    };
    if let Some(text) = text {
        budget.add(sheet, row, column, &text);
    }
}

/// Adds the result of a formula; gives its place if the result is a text, which comes next.
fn formula(
    content: &[u8],
    shared: &Shared,
    sheet: &mut Sheet,
    budget: &mut Budget,
) -> Option<(u32, u32, u16)> {
    let (row, column, style) = place(content)?;
    let result = content.get(6..14)?;
    if result[6..] != [0xFF, 0xFF] {
        let value = f64_at(result, 0)?;
        budget.add(sheet, row, column, &shared.number(style, value));
        return None;
    }
    match result[0] {
        0 => return Some((row, column, style)),
        1 => budget.add(sheet, row, column, boolean(result[2] != 0)),
        2 => budget.add(sheet, row, column, error(result[2])),
        _ => {}
    }
    None
}

fn merged(content: &[u8], sheet: &mut Sheet) {
    for area in content.get(2..).unwrap_or_default().as_chunks::<8>().0 {
        let part = |at| u16_at(area, at).map_or(0, u32::from);
        sheet.merge(Area { top: part(0), bottom: part(2), left: part(4), right: part(6) });
    }
}

/// The text of a drawn object; it stands in the records that continue this one.
fn text_of_object(pieces: &[&[u8]]) -> String {
    let [first, rest @ ..] = pieces else { return String::new() };
    let count = u16_at(first, 10).map_or(0, usize::from);
    let Some(flags) = rest.first().and_then(|piece| piece.first()) else { return String::new() };
    let mut all = Pieces::new(rest);
    all.skip(1);
    all.units(count, flags & 1 != 0)
}

/// Adds a note on a cell: its text is that of an object, or before Excel 97 its own.
fn note(
    content: &[u8],
    objects: &mut Objects,
    shared: &Shared,
    sheet: &mut Sheet,
    budget: &mut Budget,
) {
    let Some((row, column, _)) = place(content) else { return };
    let text = match shared.old {
        None => u16_at(content, 6).and_then(|id| objects.texts.remove(&id)),
        Some(encoding) => content.get(6..).map(|text| encoding.decode(text).0.into_owned()),
    };
    if let Some(text) = text {
        budget.note(sheet, row, column, &text);
    }
}
