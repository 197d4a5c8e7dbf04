//! Tables of any format: cells as a format gives them to a block with its text and structure.

use crate::document::{Block, BlockKind, Cell, Table};

/// More header rows than this are none.
const MOST_HEADER_ROWS: u32 = 4;

/// A cell as a format gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DraftCell {
    /// The first row it covers, from 0.
    pub(crate) row: u32,
    /// The first column it covers, from 0.
    pub(crate) column: u32,
    /// How many rows it covers, at least 1.
    pub(crate) row_span: u32,
    /// How many columns it covers, at least 1.
    pub(crate) column_span: u32,
    /// Its text; tabs and line breaks in it become spaces.
    pub(crate) text: String,
}

/// A table as a format gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TableDraft {
    /// The number of rows.
    pub(crate) rows: u32,
    /// The number of columns.
    pub(crate) columns: u32,
    /// The cells in any order; they do not overlap. Empty cells may be left out.
    pub(crate) cells: Vec<DraftCell>,
    /// How many rows the format itself says are the header; `None` if it does not say.
    pub(crate) header_rows: Option<u32>,
    /// The caption, if the format itself gives one.
    pub(crate) caption: Option<String>,
    /// The unit line.
    pub(crate) unit: Option<String>,
}

impl TableDraft {
    /// The block of the table; `None` if no cell has text.
    pub(crate) fn into_block(mut self) -> Option<Block> {
        for cell in &mut self.cells {
            cell.text = one_line(&cell.text);
        }
        self.cells.sort_by_key(|cell| (cell.row, cell.column));
        if self.cells.iter().all(|cell| cell.text.is_empty()) {
            return None;
        }
        let cells: Vec<Shape<'_>> = self.cells.iter().map(Shape::of).collect();
        let header_rows = header_rows(&cells, self.rows, self.columns, self.header_rows);
        let header_columns = header_columns(&cells, self.columns, header_rows);
        let mut text = String::new();
        let mut row = None;
        let mut placed = Vec::with_capacity(self.cells.len());
        for cell in &self.cells {
            if row.is_some() {
                text.push(if row == Some(cell.row) { '\t' } else { '\n' });
            }
            row = Some(cell.row);
            let start = text.len() as u32;
            text.push_str(&cell.text);
            placed.push(Cell {
                row: cell.row,
                column: cell.column,
                row_span: cell.row_span,
                column_span: cell.column_span,
                start,
                end: text.len() as u32,
            });
        }
        let table = Table {
            rows: self.rows,
            columns: self.columns,
            header_rows,
            header_columns,
            caption: self.caption,
            unit: self.unit,
            cells: placed,
        };
        Some(Block { kind: BlockKind::Table(table), text, ..Block::default() })
    }
}

/// A cell's text on one line: lines of Chinese join without a space, others with one.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split(['\n', '\r', '\t']).map(str::trim).filter(|part| !part.is_empty()) {
        let latin = |ch: Option<char>| ch.is_some_and(|ch| ch.is_ascii_alphanumeric());
        if latin(out.chars().next_back()) && latin(part.chars().next()) {
            out.push(' ');
        }
        out.push_str(part);
    }
    out
}

/// Where a cell stands and what it says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape<'a> {
    pub(crate) row: u32,
    pub(crate) column: u32,
    pub(crate) row_span: u32,
    pub(crate) column_span: u32,
    pub(crate) text: &'a str,
}

impl<'a> Shape<'a> {
    fn of(cell: &'a DraftCell) -> Self {
        let DraftCell { row, column, row_span, column_span, ref text } = *cell;
        Self { row, column, row_span, column_span, text }
    }
}

/// Whether a cell's text is a figure: digits with signs and units.
pub(crate) fn is_figure(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let words = text.chars().filter(|ch| ch.is_alphabetic()).count();
    let dashes = !text.is_empty() && text.chars().all(|ch| matches!(ch, '-' | '—' | '–' | '/'));
    dashes || (digits > 0 && words <= 2 && !text.contains('年'))
}

/// Whether a cell's text begins with a year or is a date in digits.
fn is_time(bare: &str) -> bool {
    let digits = bare.chars().take_while(char::is_ascii_digit).count();
    (bare.starts_with("19") || bare.starts_with("20")) && matches!(digits, 4 | 8)
}

/// Whether a cell's text is a figure that only a row of data has: not the number of a column.
fn is_datum(text: &str) -> bool {
    let bare: String = text.chars().filter(|ch| !matches!(ch, ',' | '，' | ' ')).collect();
    let longest = bare.split(|ch: char| !ch.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    let is_long = longest > 4
        || bare.contains(['%', '％'])
        || digits > 2 && bare.contains('.')
        || bare.len() < text.trim().len();
    is_figure(text) && !is_time(&bare) && longest > 0 && is_long
}

/// The cells of a table by their rows.
struct Rows<'a> {
    cells: &'a [Shape<'a>],
    columns: u32,
}

impl Rows<'_> {
    fn filled(&self, row: u32) -> impl Iterator<Item = &Shape<'_>> {
        self.cells.iter().filter(move |cell| cell.row == row && !cell.text.is_empty())
    }

    fn figures(&self, row: u32) -> usize {
        self.filled(row).filter(|cell| is_figure(cell.text)).count()
    }

    /// Where the header ends by the spans of its cells: where those of the first row end, and
    /// behind the rows under a cell that spans columns.
    fn spanned(&self) -> u32 {
        let mut end = 1;
        let mut row = 0;
        while row < end && row < MOST_HEADER_ROWS {
            for cell in self.cells.iter().filter(|cell| cell.row == row) {
                if cell.column_span < self.columns || row == 0 {
                    end = end.max(cell.row + cell.row_span + u32::from(cell.column_span > 1));
                }
            }
            row += 1;
        }
        end
    }

    /// Whether a row names the parts of the columns that the row above groups: words without a
    /// label, more of them than above, over figures.
    fn parts_columns(&self, row: u32) -> bool {
        let words = self.filled(row).filter(|cell| cell.column > 0).count();
        let above = self.filled(row - 1).filter(|cell| cell.column > 0).count();
        let has_label = self
            .cells
            .iter()
            .any(|cell| cell.column == 0 && cell.row == row && !cell.text.is_empty());
        words > above && !has_label && self.figures(row) == 0 && self.figures(row + 1) > 0
    }
}

/// The header ends where the first row's spans end, and takes in the rows under a cell that
/// spans columns, and those that part the columns; a first row of figures is no header.
pub(crate) fn header_rows(cells: &[Shape<'_>], rows: u32, columns: u32, given: Option<u32>) -> u32 {
    let table = Rows { cells, columns };
    let mut end = match given.filter(|given| *given < rows) {
        Some(given) => given,
        None => {
            let has_data = table.filled(0).any(|cell| is_datum(cell.text));
            let figures =
                table.filled(0).filter(|cell| is_figure(cell.text) && !is_time(cell.text));
            if rows < 2 || has_data || figures.count() * 2 > table.filled(0).count() {
                return 0;
            }
            let mut end = table.spanned().min(rows - 1).min(MOST_HEADER_ROWS);
            while end > 1 && table.figures(end - 1) > 0 {
                end -= 1;
            }
            end
        }
    };
    while (1..MOST_HEADER_ROWS).contains(&end) && end + 1 < rows && table.parts_columns(end) {
        end += 1;
    }
    end
}

/// The first column is a header if it has words where the others have figures.
pub(crate) fn header_columns(cells: &[Shape<'_>], columns: u32, header_rows: u32) -> u32 {
    let first = || cells.iter().filter(|cell| cell.row >= header_rows && cell.column == 0);
    let figures = first().filter(|cell| is_figure(cell.text)).count();
    u32::from(columns > 1 && first().next().is_some() && figures * 2 <= first().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header_of(text: &str) -> u32 {
        let rows: Vec<Vec<&str>> = text.lines().map(|row| row.split('\t').collect()).collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0) as u32;
        let mut cells = Vec::new();
        for (texts, row) in rows.iter().zip(0..) {
            for (text, column) in texts.iter().zip(0..) {
                cells.push(Shape { row, column, row_span: 1, column_span: 1, text });
            }
        }
        header_rows(&cells, rows.len() as u32, columns, None)
    }

    #[test]
    fn a_header_is_told_from_rows_of_data() {
        for (text, expected) in [
            ("项目\t2022\t2021\n收入\t960\t880", 1),
            ("股东总数（户）\t553,063\n上月末\t566,735\n其他\t不适用", 0),
            ("利率\t3.5%\n期限\t三年", 0),
            ("项目\t2022.12.31\n收入\t960", 1),
            ("城市\t门店\n雪岭\t松涛", 1),
        ] {
            assert_eq!(header_of(text), expected, "{text}");
        }
    }

    #[test]
    fn a_row_that_parts_the_columns_belongs_to_the_header() {
        for (text, expected) in [
            ("业务\t2022年\t\t2021年\t\n\t收入\t占比\t收入\t占比\n语音\t12\t10%\t13\t11%", 2),
            ("业务\t收入\t说明\n\t甲\t乙\n语音\t12\t增长", 1),
        ] {
            assert_eq!(header_of(text), expected, "{text}");
        }
    }
}
