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

/// A rectangle on a page, in points from the top left of the displayed page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PageBox {
    /// The page, from 1.
    pub page: u32,
    /// Left edge.
    pub x0: f32,
    /// Top edge.
    pub y0: f32,
    /// Right edge.
    pub x1: f32,
    /// Bottom edge.
    pub y1: f32,
}

/// Where the characters of a text stand on pages.
///
/// One run for each stretch of characters on one line. Characters that a join put in
/// (a space between Latin words, the tab between cells) belong to no run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaceMap {
    runs: Vec<PlacedRun>,
}

/// Characters that stand on one line of one page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct PlacedRun {
    /// Byte offset of the first character.
    start: u32,
    /// Byte offset behind the last character.
    end: u32,
    page: u32,
    /// Top and bottom in tenths of a point.
    top: u16,
    bottom: u16,
    /// Left and right edge of each character, in tenths of a point.
    edges: Vec<(u16, u16)>,
}

/// The place of one character, as [`PlaceMap::push`] takes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CharPlace {
    /// The page, from 1.
    pub page: u32,
    /// Left edge in points.
    pub x0: f32,
    /// Right edge in points.
    pub x1: f32,
    /// Top of the line in points.
    pub top: f32,
    /// Bottom of the line in points.
    pub bottom: f32,
}

/// Tenths of a point, clamped to what fits: 0 to 6,553.5 points.
fn tenths(points: f32) -> u16 {
    (points * 10.0).round().clamp(0.0, f32::from(u16::MAX)) as u16
}

fn points(tenths: u16) -> f32 {
    f32::from(tenths) / 10.0
}

impl PlaceMap {
    /// Whether no character has a place.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Adds the place of the character of `len` bytes at byte `offset`. Offsets must rise.
    pub fn push(&mut self, offset: usize, len: usize, place: CharPlace) {
        let (top, bottom) = (tenths(place.top), tenths(place.bottom));
        let edges = (tenths(place.x0), tenths(place.x1));
        if let Some(run) = self.runs.last_mut()
            && run.end as usize == offset
            && (run.page, run.top, run.bottom) == (place.page, top, bottom)
            && run.edges.last().is_some_and(|last| last.0 <= edges.0)
        {
            run.end += len as u32;
            run.edges.push(edges);
            return;
        }
        self.runs.push(PlacedRun {
            start: offset as u32,
            end: (offset + len) as u32,
            page: place.page,
            top,
            bottom,
            edges: vec![edges],
        });
    }

    /// Forgets the places of all that begins at or behind byte `len`: the text was cut there.
    pub fn truncate(&mut self, len: usize, text: &str) {
        while self.runs.last().is_some_and(|run| run.start as usize >= len) {
            self.runs.pop();
        }
        if let Some(run) = self.runs.last_mut()
            && run.end as usize > len
        {
            let kept = text.get(run.start as usize..len).map_or(0, |own| own.chars().count());
            run.edges.truncate(kept);
            run.end = len as u32;
        }
    }

    /// Appends another map whose text was put at byte `offset` of this one's.
    pub fn append(&mut self, offset: usize, other: &PlaceMap) {
        self.runs.extend(other.runs.iter().cloned().map(|mut run| {
            run.start += offset as u32;
            run.end += offset as u32;
            run
        }));
    }

    /// Moves what stands on pages for which `slope` gives a value: each box goes through `to`, cut
    /// into stretches so short that the slope does not lift them off their line. `text` is the
    /// text of this map.
    pub(crate) fn turn(
        &mut self,
        text: &str,
        slope: impl Fn(u32) -> Option<f32>,
        to: impl Fn(u32, [f32; 4]) -> [f32; 4],
    ) {
        let mut runs = Vec::with_capacity(self.runs.len());
        for run in self.runs.drain(..) {
            match slope(run.page) {
                Some(slope) => run.turn(text, slope, |edges| to(run.page, edges), &mut runs),
                None => runs.push(run),
            }
        }
        self.runs = runs;
    }

    /// The page on which the byte at `offset`, or the next one that has a place, stands.
    pub fn page_at(&self, offset: usize) -> Option<u32> {
        let next = self.runs.partition_point(|run| run.end as usize <= offset);
        self.runs.get(next).or(self.runs.last()).map(|run| run.page)
    }

    /// The pages on which it begins and ends.
    pub fn pages(&self) -> Option<(u32, u32)> {
        let first = self.runs.iter().map(|run| run.page).min()?;
        let last = self.runs.iter().map(|run| run.page).max()?;
        Some((first, last))
    }

    /// The boxes that cover a byte range of `text`, one for each stretch on one line.
    pub fn boxes(&self, text: &str, range: Range<usize>) -> Vec<PageBox> {
        let first = self.runs.partition_point(|run| run.end as usize <= range.start);
        let within = self.runs[first..].iter();
        within
            .take_while(|run| (run.start as usize) < range.end)
            .filter_map(|run| run.cover(text, &range))
            .collect()
    }
}

impl PlacedRun {
    fn turn(&self, text: &str, slope: f32, to: impl Fn([f32; 4]) -> [f32; 4], out: &mut Vec<Self>) {
        let (top, bottom) = (points(self.top), points(self.bottom));
        let longest = (0.3 * (bottom - top) / slope.abs().max(f32::MIN_POSITIVE)).max(1.0);
        let mut starts: Vec<usize> = match text.get(self.start as usize..self.end as usize) {
            Some(own) => own.char_indices().map(|(at, _)| self.start as usize + at).collect(),
            None => return out.push(self.clone()),
        };
        starts.truncate(self.edges.len());
        let mut from = 0;
        while from < starts.len() {
            let left = points(self.edges[from].0);
            let near = |edges: &&(u16, u16)| points(edges.1) - left <= longest;
            let count = self.edges[from..].iter().take_while(near).count().max(1);
            let next = (from + count).min(starts.len());
            let edges = &self.edges[from..next];
            let right = points(edges[edges.len() - 1].1);
            let [x0, y0, x1, y1] = to([left, top, right, bottom]);
            let stretch = (x1 - x0) / (right - left).max(0.1);
            let place = |edge: u16| tenths(x0 + (points(edge) - left) * stretch);
            out.push(Self {
                start: starts[from] as u32,
                end: starts.get(next).map_or(self.end, |at| *at as u32),
                page: self.page,
                top: tenths(y0),
                bottom: tenths(y1),
                edges: edges.iter().map(|(from, to)| (place(*from), place(*to))).collect(),
            });
            from = next;
        }
    }

    /// The box over those characters of the run that lie in `range`.
    fn cover(&self, text: &str, range: &Range<usize>) -> Option<PageBox> {
        let own = text.get(self.start as usize..self.end as usize)?;
        let mut edges = own
            .char_indices()
            .zip(&self.edges)
            .filter(|((at, _), _)| range.contains(&(self.start as usize + at)))
            .map(|(_, edges)| *edges);
        let (left, mut right) = edges.next()?;
        for (_, x1) in edges {
            right = right.max(x1);
        }
        Some(PageBox {
            page: self.page,
            x0: points(left),
            y0: points(self.top),
            x1: points(right),
            y1: points(self.bottom),
        })
    }
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
        cells && sheet && self.places.runs.iter().all(|run| inside(run.start, run.end))
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

    fn place(page: u32, x0: f32, top: f32) -> CharPlace {
        CharPlace { page, x0, x1: x0 + 10.0, top, bottom: top + 12.0 }
    }

    #[test]
    fn a_range_over_a_line_wrap_and_a_page_break_has_a_box_on_each() {
        let text = "甲乙丙丁";
        let mut places = PlaceMap::default();
        places.push(0, 3, place(1, 100.0, 700.0));
        places.push(3, 3, place(1, 110.0, 700.0));
        places.push(6, 3, place(1, 50.0, 720.0));
        places.push(9, 3, place(2, 50.0, 60.0));
        let boxes = places.boxes(text, 3..12);
        assert_eq!(
            boxes.iter().map(|b| (b.page, b.x0)).collect::<Vec<_>>(),
            [(1, 110.0), (1, 50.0), (2, 50.0)]
        );
        assert_eq!(places.page_at(9), Some(2));
        assert_eq!(places.pages(), Some((1, 2)));
    }

    #[test]
    fn what_is_turned_stays_on_its_slanted_line() {
        let text = "一二三四五六七八";
        let mut places = PlaceMap::default();
        for i in 0..8 {
            places.push(3 * i, 3, place(1, 10.0 * i as f32, 100.0));
        }
        places.turn(
            text,
            |page| (page > 1).then_some(0.1),
            |_, edges| edges.map(|edge| edge + 9.0),
        );
        assert_eq!(places.boxes(text, 0..24).len(), 1);
        places.turn(
            text,
            |_| Some(0.1),
            |_, [x0, y0, x1, y1]| {
                let down = 0.1 * (x0 + x1) / 2.0;
                [x0, y0 + down, x1, y1 + down]
            },
        );
        for i in 0..8 {
            let found = places.boxes(text, 3 * i..3 * i + 3)[0];
            assert!((found.x0 - 10.0 * i as f32).abs() < 0.2, "{i}: {found:?}");
            assert!((found.y0 - 100.0 - (i as f32 + 0.5)).abs() < 2.0, "{i}: {found:?}");
        }
    }

    #[test]
    fn cells_are_named_as_a_spreadsheet_names_them() {
        let place = SheetPlace { name: "收入".into(), row: 2, column: 25 };
        assert_eq!(place.range(0, 0, 1, 1), "Z3");
        assert_eq!(place.range(1, 1, 2, 2), "AA4:AB5");
        assert_eq!(SheetPlace::default().range(0, 701, 1, 2), "ZZ1:AAA1");
    }

    #[test]
    fn a_joined_space_has_no_place_of_its_own() {
        let text = "a b";
        let mut places = PlaceMap::default();
        places.push(0, 1, place(1, 10.0, 10.0));
        places.push(2, 1, place(3, 10.0, 10.0));
        assert_eq!(places.boxes(text, 1..2), []);
        assert_eq!(places.page_at(1), Some(3));
    }
}
