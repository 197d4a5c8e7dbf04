//! Where an answer stands in its document, in the terms of the document's format.

use std::ops::Range;

use serde::Serialize;
use yuanwen_parse::{Block, PageBox};

use super::KnowledgeBase;
use crate::answer::AnswerBlock;
use crate::error::Result;
use crate::passage::Part;

/// Where an answer's block stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Place {
    /// On pages (or slides): a box for each stretch on one line.
    pub boxes: Vec<PageBox>,
    /// In a workbook: the cells of each stretch.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<Cells>,
    /// In a document without pages: from which character of its text to which. The text is that
    /// of all blocks, each followed by a line feed, as `yuanwen parse --text` prints it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub characters: Option<Range<usize>>,
}

/// Cells of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cells {
    /// The name of the sheet; empty where the format has none.
    pub sheet: String,
    /// The range as a spreadsheet shows it, for example `B3:D3`.
    pub range: String,
}

impl KnowledgeBase {
    /// Where the text of an answer's block stands in its document.
    pub fn place(&self, block: &AnswerBlock) -> Result<Place> {
        let mut place = Place::default();
        for part in &block.parts {
            if let Some(source) = self.catalogue.block(block.version, part.block)? {
                let range = part.start as usize..part.end as usize;
                place.cells.extend(cells(&source, &range));
                place.boxes.extend(source.boxes(range));
            }
        }
        if place.boxes.is_empty() && place.cells.is_empty() {
            place.characters = self.characters(block)?;
        }
        Ok(place)
    }

    fn characters(&self, block: &AnswerBlock) -> Result<Option<Range<usize>>> {
        let begins = self.catalogue.begins(block.version)?;
        let mut found: Option<Range<usize>> = None;
        for Part { block: index, start, end, .. } in &block.parts {
            let source = self.catalogue.block(block.version, *index)?;
            let (Some(source), Some(begin)) = (source, begins.get(*index as usize)) else {
                continue;
            };
            let to = |end: &u32| Some(begin + source.text.get(..*end as usize)?.chars().count());
            if let (Some(start), Some(end)) = (to(start), to(end)) {
                let known = found.unwrap_or(start..end);
                found = Some(known.start.min(start)..known.end.max(end));
            }
        }
        Ok(found)
    }
}

/// The cells of a workbook in which a range of a block's text stands.
fn cells(block: &Block, range: &Range<usize>) -> Option<Cells> {
    let place = block.sheet.as_ref()?;
    let sheet = place.name.clone();
    let Some(table) = block.table() else {
        return Some(Cells { sheet, range: place.range(0, 0, 1, 1) });
    };
    let within = |cell: &&yuanwen_parse::Cell| {
        (cell.start as usize) < range.end && range.start < cell.end as usize
    };
    let covered: Vec<_> = table.cells.iter().filter(within).collect();
    let row = covered.iter().map(|cell| cell.row).min()?;
    let column = covered.iter().map(|cell| cell.column).min()?;
    let rows = covered.iter().map(|cell| cell.row + cell.row_span).max()? - row;
    let columns = covered.iter().map(|cell| cell.column + cell.column_span).max()? - column;
    Some(Cells { sheet, range: place.range(row, column, rows, columns) })
}

#[cfg(test)]
mod tests {
    use yuanwen_parse::{BlockKind, Cell, SheetPlace, Table};

    use super::*;

    #[test]
    fn a_row_of_a_sheet_has_its_cells() {
        let text = "项目\t金额\n收入\t12";
        let cell =
            |row, column, start, end| Cell { row, column, row_span: 1, column_span: 1, start, end };
        let cells_of =
            vec![cell(0, 0, 0, 6), cell(0, 1, 7, 13), cell(1, 0, 14, 20), cell(1, 1, 21, 23)];
        let table = Table { rows: 2, columns: 2, cells: cells_of, ..Table::default() };
        let sheet = Some(SheetPlace { name: "表一".into(), row: 3, column: 1 });
        let block =
            Block { kind: BlockKind::Table(table), text: text.into(), sheet, ..Block::default() };
        let found = cells(&block, &(14..23)).unwrap();
        assert_eq!((found.sheet.as_str(), found.range.as_str()), ("表一", "B5:C5"));
        assert_eq!(cells(&block, &(21..23)).unwrap().range, "C5");
    }
}
