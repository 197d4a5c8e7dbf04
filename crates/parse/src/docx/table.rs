//! Tables of Word: rows and cells with their spans, the header rows that repeat.
//!
//! A table of one cell is a frame around what is in it, and is read as if it were not there. The
//! blocks of a cell become its text, those of a table inside it as well.

use super::body::Reader;
use crate::document::Block;
use crate::ooxml::{Element, Ns};
use crate::table::{DraftCell, TableDraft};

/// Columns beyond this one are left out; Word itself ends at 63.
const MOST_COLUMNS: u32 = 1000;

impl<'t> Reader<'t, '_> {
    /// Reads a table.
    pub(crate) fn table(&mut self, table: Element<'t>) {
        let mut rows = Vec::new();
        collect(table, "tr", &mut rows);
        rows.retain(|row| !row.path(&["trPr", "del"]).is_some_and(|e| e.is(Ns::Word, "del")));
        let mut cells = Vec::new();
        for row in &rows {
            let mut own = Vec::new();
            collect(*row, "tc", &mut own);
            cells.push(own);
        }
        if let [only] = cells.iter().flatten().collect::<Vec<_>>()[..] {
            return self.blocks(*only);
        }
        let mut draft = TableDraft { rows: rows.len() as u32, ..TableDraft::default() };
        let headed = rows.iter().take_while(|row| {
            row.child("trPr").is_some_and(|properties| properties.switch("tblHeader") == Some(true))
        });
        draft.header_rows = Some(headed.count() as u32).filter(|count| *count > 0);
        // The cell above in each column, by its position among the cells.
        let mut above: Vec<Option<usize>> = Vec::new();
        for (at, (row, own)) in rows.iter().zip(&cells).enumerate() {
            self.row(at as u32, *row, own, &mut draft, &mut above);
        }
        let cut = std::mem::take(&mut self.cut_table);
        if cut {
            self.builder
                .warn(format!("only the first {MOST_COLUMNS} columns of a table were read"));
        }
        self.builder.table(draft);
    }

    fn row(
        &mut self,
        at: u32,
        row: Element<'t>,
        cells: &[Element<'t>],
        draft: &mut TableDraft,
        above: &mut Vec<Option<usize>>,
    ) {
        let skipped = row.path(&["trPr", "gridBefore"]).and_then(|each| each.number("val"));
        let mut column = bounded(skipped.unwrap_or(0));
        let mut merging: Option<usize> = None;
        for cell in cells {
            let properties = cell.child("tcPr");
            let property = |name: &str| properties.and_then(|properties| properties.child(name));
            let width = property("gridSpan").and_then(|span| span.number("val")).unwrap_or(1);
            let width = bounded(width).max(1);
            if column + width > MOST_COLUMNS {
                self.cut_table = true;
                break;
            }
            let continues = |name| {
                property(name).is_some_and(|merge| merge.val().as_deref() != Some("restart"))
            };
            let (from, end) = (column, column + width);
            column = end;
            draft.columns = draft.columns.max(end);
            if continues("hMerge")
                && let Some(left) = merging
            {
                draft.cells[left].column_span = end - draft.cells[left].column;
                continue;
            }
            above.resize(above.len().max(end as usize), None);
            let over = above[from as usize].filter(|over| {
                let over = &draft.cells[*over];
                (over.column, over.column_span) == (from, width) && over.row + over.row_span == at
            });
            if continues("vMerge")
                && let Some(over) = over
            {
                draft.cells[over].row_span += 1;
                continue;
            }
            let text = match property("cellDel") {
                Some(_) => String::new(),
                None => self.cell(*cell),
            };
            merging = Some(draft.cells.len());
            for slot in &mut above[from as usize..end as usize] {
                *slot = merging;
            }
            draft.cells.push(DraftCell {
                row: at,
                column: from,
                row_span: 1,
                column_span: width,
                text,
            });
        }
    }

    /// The text of a cell, a line for each block in it.
    fn cell(&mut self, cell: Element<'t>) -> String {
        let blocks = self.aside(|reader| reader.blocks(cell));
        let texts: Vec<String> = blocks.iter().map(line).collect();
        texts.join("\n")
    }
}

fn line(block: &Block) -> String {
    block.text.replace('\t', " ")
}

fn bounded(number: i64) -> u32 {
    u32::try_from(number.clamp(0, i64::from(MOST_COLUMNS) + 1)).unwrap_or(0)
}

/// The rows of a table or the cells of a row, those in content controls included.
fn collect<'t>(element: Element<'t>, name: &str, out: &mut Vec<Element<'t>>) {
    for child in element.children() {
        match child.kind() {
            (Ns::Word, kind) if kind == name => out.push(child),
            (Ns::Word, "sdt" | "sdtContent" | "customXml" | "smartTag" | "ins" | "moveTo") => {
                collect(child, name, out);
            }
            _ => {}
        }
    }
}
