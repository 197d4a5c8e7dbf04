//! Reads a workbook: Excel (`.xlsx`, `.xlsm`, `.xlsb`, `.xls`) and OpenDocument (`.ods`).
//!
//! A reader of a format hands over the filled cells of a sheet as they are displayed; `regions`
//! finds the rectangles that belong together, and `layout` makes blocks of them. Sheets, rows and
//! columns that are hidden are read too, since a filter hides them as well as a person does, and a
//! warning names such sheets. A formula stands as the result that the file keeps, an error as it is
//! displayed (`#N/A`). Text boxes are paragraphs and notes on cells notes, both behind the cells of
//! their sheet. Charts show what stands in cells, and are dropped with the pictures; a warning names
//! sheets with nothing else. Documents embedded in a workbook are its members. A sheet's name is a
//! heading of level 1, and the titles over its tables are of level 2; where the name says nothing
//! (`Sheet1`), the titles take its place.
//!
//! Limits: [`sheet::MOST_CELLS`] filled cells and [`sheet::MOST_TEXT`] bytes of text a file, then it
//! is cut off with a warning; what a file unpacks to is bounded by [`crate::package`].

mod compound;
mod extras;
mod join;
pub(crate) mod layout;
mod number;
mod ods;
mod parts;
mod regions;
mod shared;
pub(crate) mod sheet;
mod strings;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

use crate::builder::{Builder, Given};
use crate::document::{Block, BlockKind, Document, Format, SheetPlace};
use crate::error::ParseError;
use crate::package::Package;
use layout::lay_out;
use sheet::{Budget, MOST_CELLS, MOST_TEXT, Sheet};

/// At most this many sheets are named in a warning.
const MOST_NAMED: usize = 20;

/// A workbook on its way to a document.
#[derive(Default)]
struct Book {
    builder: Builder,
    budget: Budget,
    /// How many sheets have something on them.
    filled: usize,
    hidden: Vec<String>,
    /// Sheets of a chart, or with drawings alone.
    charts: Vec<String>,
    /// Sheets of macros and dialogs.
    programs: Vec<String>,
    missing: Vec<String>,
    damaged: Vec<String>,
    /// Cells that a merged area hides.
    covered: usize,
    uncalculated: usize,
    /// Merged areas that were left out of account.
    unmerged: usize,
    /// Sheets beyond the last one that is read.
    unlisted: usize,
    /// Embedded objects that are not read.
    embedded: usize,
    /// Parts that could not be read.
    unread: Vec<String>,
}

/// Reads a workbook.
///
/// # Errors
/// If it is damaged, protected, or has nothing in it.
pub(crate) fn parse(_name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let mut book = Book::default();
    if bytes.starts_with(b"PK") {
        let mut package = Package::open("workbook", bytes)?;
        if package.names().iter().any(|name| name == "content.xml") {
            ods::read(&mut package, &mut book)?;
        } else {
            xlsx::read(&mut package, &mut book)?;
        }
    } else {
        xls::read(bytes, &mut book)?;
    }
    book.finish()
}

impl Book {
    /// What was read of a part; damage to one is noted and costs that part alone.
    fn part<T: Default>(&mut self, part: Result<T, ParseError>) -> Result<T, ParseError> {
        match part {
            Err(error @ ParseError::Damaged { .. }) => {
                self.unread.push(error.to_string());
                Ok(T::default())
            }
            part => part,
        }
    }

    /// Adds a sheet.
    fn lay_out(&mut self, sheet: Sheet) {
        let name = sheet.name.trim().to_owned();
        if sheet.hidden && !sheet.cells.is_empty() {
            self.hidden.push(name.clone());
        }
        if sheet.cells.is_empty() && sheet.boxes.is_empty() && sheet.drawings {
            self.charts.push(name.clone());
        }
        self.uncalculated += sheet.uncalculated;
        self.unmerged += sheet.unmerged;
        let mut own = Builder::default();
        let plain = is_default_name(&name);
        if !plain {
            own.heading(1, &name);
        }
        self.covered += lay_out(&mut own, sheet, if plain { 1 } else { 2 });
        let mut blocks = own.blocks;
        if blocks.len() <= usize::from(!plain) {
            return;
        }
        let place = SheetPlace { name: name.clone(), row: 0, column: 0 };
        if !plain {
            blocks[0].sheet = Some(place.clone());
            if blocks[1].text == name && matches!(blocks[1].kind, BlockKind::Heading(_)) {
                blocks[1].kind = BlockKind::Heading(1);
                blocks.remove(0);
            }
        } else if self.filled > 0 && !matches!(blocks[0].kind, BlockKind::Heading(_)) {
            let kind = BlockKind::Heading(1);
            blocks.insert(0, Block { kind, text: name, sheet: Some(place), ..Block::default() });
        }
        self.filled += 1;
        self.builder.blocks.append(&mut blocks);
    }

    fn finish(mut self) -> Result<Document, ParseError> {
        for (names, what) in [
            (&self.hidden, "read although hidden: the sheet"),
            (&self.charts, "not read, as there are only charts or pictures on it: the sheet"),
            (&self.programs, "not read, as it holds macros or a dialog: the sheet"),
            (&self.missing, "listed but missing in the file: the sheet"),
            (&self.damaged, "damaged or cut off, and read up to there: the sheet"),
        ] {
            if let Some(list) = listed(names) {
                self.builder.warnings.push(warning(format!("{what} {list}")));
            }
        }
        for message in self.unread.iter().take(MOST_NAMED) {
            self.builder.warnings.push(warning(format!("a part was not read: {message}")));
        }
        let counts = [
            (
                self.uncalculated,
                "formulas have no stored result; save the file in Excel or WPS once",
            ),
            (
                self.covered,
                "cells lie under a merged cell and were left out, as they are not shown",
            ),
            (
                self.embedded,
                "embedded objects were left out; only their pictures are on the sheets",
            ),
            (self.unmerged, "merged areas were left out of account, as there are too many"),
            (self.unlisted, "sheets were not read, as there are too many; split the file"),
            (self.budget.outside, "cells lie outside the largest possible sheet and were left out"),
        ];
        for (count, what) in counts {
            if count > 0 {
                self.builder.warn(format!("{count} {what}"));
            }
        }
        if self.budget.spent {
            self.builder.warn(format!(
                "the workbook has more than {MOST_CELLS} filled cells or {} MB of text; the rest was \
                 not read: split the file",
                MOST_TEXT >> 20
            ));
        }
        let mut document = self.builder.finish(Format::Workbook, Given::default())?;
        document.meta.title.take_if(|title| is_default_name(title));
        Ok(document)
    }
}

fn warning(message: String) -> crate::document::Warning {
    crate::document::Warning { page: None, message }
}

/// Names in a sentence; `None` if there are none.
fn listed(names: &[String]) -> Option<String> {
    let shown: Vec<String> =
        names.iter().take(MOST_NAMED).map(|name| format!("“{name}”")).collect();
    let more = names.len().saturating_sub(MOST_NAMED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| format!("{}{rest}", shown.join(", ")))
}

/// Whether a sheet's name is one that a program gave it.
fn is_default_name(name: &str) -> bool {
    let name = name.trim();
    let stem = name.trim_end_matches(|ch: char| ch.is_ascii_digit() || ch == ' ').to_lowercase();
    let count = stem.len() < name.len();
    matches!(
        stem.as_str(),
        "sheet" | "工作表" | "worksheet" | "feuil" | "feuille" | "tabelle" | "table"
    ) && (count || stem.len() == name.len())
        || name.is_empty()
}
