//! The model that every format yields: a [`Document`] of [`Block`]s in reading order.
//!
//! A block's text is the source's text after documented joins only (line wraps and page breaks);
//! nothing is corrected or reworded. A [`PlaceMap`] leads from each character of it to the page
//! and the box where it stands, so that any byte range of a block can be shown on the page.
//!
//! Coordinates are points (1/72 inch) from the **top left** of the page as it is displayed, that
//! is after its rotation. Pages count from 1. Byte offsets are offsets into [`Block::text`].

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use crate::place::{CharPlace, PageBox, PlaceMap};

/// One file as it was read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// What kind of file it was, found from its content.
    pub format: Format,
    /// What the first page, the front matter or the metadata say about the whole.
    pub meta: Metadata,
    /// The pages, in order. Empty for formats without pages.
    pub pages: Vec<Page>,
    /// The blocks, in reading order.
    pub blocks: Vec<Block>,
    /// Everything that was skipped, cut or guessed.
    pub warnings: Vec<Warning>,
    /// Files inside this one that are documents of their own: of an archive, attached to a mail.
    pub members: Vec<Member>,
}

impl Document {
    /// Whether all offsets lie inside the texts that they are about: not to be taken for granted
    /// of a document that comes from another process.
    pub fn is_sound(&self) -> bool {
        self.blocks.iter().all(Block::is_sound)
    }
}

/// A file inside another one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its name, with the folders inside the archive, separated by `/`.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The format of a file, detected by its content.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Portable Document Format.
    Pdf,
    /// Plain text.
    #[default]
    Text,
    /// Markdown, HTML inside it included.
    Markdown,
    /// A web page.
    Html,
    /// A text document of Word (Office Open XML).
    Docx,
    /// A presentation of PowerPoint (Office Open XML). Its pages are the slides.
    Pptx,
    /// A workbook: Excel (both kinds) or OpenDocument.
    Workbook,
    /// Values separated by commas or tabs.
    Csv,
    /// An electronic book.
    Epub,
    /// A mail, or a web page saved as one (MHTML).
    Email,
    /// An archive: what it holds are its [`Document::members`].
    Archive,
    /// JSON, or JSON lines.
    Json,
    /// A picture of a page.
    Image,
}

/// What a document says about itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// The title as a person would write it on a list.
    pub title: Option<String>,
    /// The date of publication.
    pub published: Option<Date>,
    /// The time that a report is about.
    pub period: Option<Period>,
    /// Who published it.
    pub publisher: Option<String>,
    /// What sort of document it is.
    pub kind: Kind,
}

/// What sort of document it is, as far as its first page says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A report on a period: annual, half-year, quarter.
    Report,
    /// A news article.
    News,
    /// A white paper or study.
    WhitePaper,
    /// Anything else.
    #[default]
    Other,
}

/// A calendar date of which the day, or the month and day, may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Date {
    /// The year, for example 2022.
    pub year: u16,
    /// The month, 1 to 12.
    pub month: Option<u8>,
    /// The day, 1 to 31.
    pub day: Option<u8>,
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
            if let Some(day) = self.day {
                write!(f, "-{day:02}")?;
            }
        }
        Ok(())
    }
}

/// The time that a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// The year, for example 2022.
    pub year: u16,
    /// Which part of the year.
    pub span: Span,
}

/// Which part of a year a [`Period`] covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// 年度: the whole year.
    Year,
    /// 半年度, 上半年: January to June.
    FirstHalf,
    /// 下半年: July to December.
    SecondHalf,
    /// 前三季度: January to September.
    ThreeQuarters,
    /// 第一季度 … 第四季度: the quarter 1 to 4.
    Quarter(u8),
}

impl Span {
    /// The month of the year in which it ends, 1 to 12.
    pub fn last_month(self) -> u8 {
        match self {
            Self::Quarter(quarter) => quarter.saturating_mul(3),
            Self::FirstHalf => 6,
            Self::ThreeQuarters => 9,
            Self::Year | Self::SecondHalf => 12,
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.year;
        match self.span {
            Span::Year => write!(f, "{year} 年度"),
            Span::FirstHalf => write!(f, "{year} 年半年度"),
            Span::SecondHalf => write!(f, "{year} 年下半年"),
            Span::ThreeQuarters => write!(f, "{year} 年前三季度"),
            Span::Quarter(quarter) => {
                let name = ["一", "二", "三", "四"].get(usize::from(quarter).wrapping_sub(1));
                write!(f, "{year} 年第{}季度", name.unwrap_or(&"?"))
            }
        }
    }
}

/// One page of a paged format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Width as displayed, in points.
    pub width: f32,
    /// Height as displayed, in points.
    pub height: f32,
    /// Clockwise rotation that the file asks for: 0, 90, 180 or 270 degrees.
    pub rotation: u16,
    /// How many images stand on the page.
    pub images: u32,
}

/// A piece of a document that belongs together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Set when the block is not part of the running text: it is kept, but never searched.
    pub furniture: Option<Furniture>,
    /// The source's text, line wraps and page breaks undone. A table has one line a row, its cells
    /// separated by a tab.
    pub text: String,
    /// Where each character stands. Empty for formats without pages.
    pub places: PlaceMap,
    /// Where the block stands in a workbook.
    pub sheet: Option<SheetPlace>,
}

/// Where a block begins in a workbook. A table's cell stands at this row and column plus its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetPlace {
    /// The name of the sheet.
    pub name: String,
    /// The first row, from 0.
    pub row: u32,
    /// The first column, from 0.
    pub column: u32,
}

impl SheetPlace {
    /// The name of a range as a spreadsheet shows it, for example `B3:D7`. Rows and columns are
    /// counted from this place; `rows` and `columns` are at least 1.
    pub fn range(&self, row: u32, column: u32, rows: u32, columns: u32) -> String {
        let (top, left) = (self.row + row, self.column + column);
        let first = cell_name(top, left);
        if (rows, columns) == (1, 1) {
            return first;
        }
        format!("{first}:{}", cell_name(top + rows.max(1) - 1, left + columns.max(1) - 1))
    }
}

/// The name of a cell as a spreadsheet shows it, for example `AB12` for row 11 and column 27.
fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    let letters: String = letters.iter().rev().collect();
    format!("{letters}{}", u64::from(row) + 1)
}

/// What a block is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A heading; level 1 is the outermost.
    Heading(u8),
    /// Running text.
    #[default]
    Paragraph,
    /// One item of a list, its marker included.
    ListItem,
    /// A table.
    Table(Table),
    /// The caption of a figure or a table, a unit line or a source line.
    Caption,
    /// A footnote or endnote.
    Note,
}

/// Why a block is not part of the running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Furniture {
    /// A running header.
    Header,
    /// A running footer.
    Footer,
    /// A page number.
    PageNumber,
    /// A line of a table of contents.
    Contents,
    /// A notice that repeats over documents, such as a disclaimer.
    Notice,
    /// Text inside a figure: axis labels, data labels, diagram boxes.
    Figure,
}

/// The structure of a table. The text of its cells is in [`Block::text`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// The number of rows, the header's included.
    pub rows: u32,
    /// The number of columns.
    pub columns: u32,
    /// How many rows at the top are the header.
    pub header_rows: u32,
    /// How many columns at the left are the header (usually 1, or 0).
    pub header_columns: u32,
    /// The caption above or below it, if there is one.
    pub caption: Option<String>,
    /// The unit line, for example `单位：元`.
    pub unit: Option<String>,
    /// The cells in the order of their text: by row, then by column.
    pub cells: Vec<Cell>,
}

/// One cell of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The first row it covers, from 0.
    pub row: u32,
    /// The first column it covers, from 0.
    pub column: u32,
    /// How many rows it covers, at least 1.
    pub row_span: u32,
    /// How many columns it covers, at least 1.
    pub column_span: u32,
    /// Where its text begins in the block's text, in bytes.
    pub start: u32,
    /// Where its text ends.
    pub end: u32,
}

impl Cell {
    /// The byte range of the cell's text.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether the cell covers this row.
    pub fn covers_row(&self, row: u32) -> bool {
        (self.row..self.row + self.row_span).contains(&row)
    }

    /// Whether the cell covers this column.
    pub fn covers_column(&self, column: u32) -> bool {
        (self.column..self.column + self.column_span).contains(&column)
    }
}

impl Table {
    /// The byte range of a row's line in the block's text; `None` if no cell begins in the row.
    pub fn row_range(&self, row: u32) -> Option<Range<usize>> {
        let mut cells = self.cells.iter().filter(|cell| cell.row == row);
        let first = cells.next()?;
        let last = cells.next_back().unwrap_or(first);
        Some(first.start as usize..last.end as usize)
    }
}

/// Something that a reader of the document should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The page it is about, if it is about one.
    pub page: Option<u32>,
    /// What happened, as a sentence without the file's name.
    pub message: String,
}

impl Block {
    fn is_sound(&self) -> bool {
        let inside = |start: u32, end: u32| self.text.get(start as usize..end as usize).is_some();
        let cells = self.table().is_none_or(|table| {
            table.cells.iter().all(|cell| {
                inside(cell.start, cell.end)
                    && cell.row.checked_add(cell.row_span).is_some()
                    && cell.column.checked_add(cell.column_span).is_some()
            })
        });
        let sheet =
            self.sheet.as_ref().is_none_or(|place| place.row.max(place.column) < u32::MAX / 2);
        cells && sheet && self.places.is_sound(&self.text)
    }

    /// The boxes that cover a byte range of the block's text.
    pub fn boxes(&self, range: Range<usize>) -> Vec<PageBox> {
        self.places.boxes(&self.text, range)
    }

    /// The table's structure, if the block is a table.
    pub fn table(&self) -> Option<&Table> {
        match &self.kind {
            BlockKind::Table(table) => Some(table),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_a_spreadsheet_names_them() {
        let place = SheetPlace { name: "收入".into(), row: 2, column: 25 };
        assert_eq!(place.range(0, 0, 1, 1), "Z3");
        assert_eq!(place.range(1, 1, 2, 2), "AA4:AB5");
        assert_eq!(SheetPlace::default().range(0, 701, 1, 2), "ZZ1:AAA1");
    }
}
