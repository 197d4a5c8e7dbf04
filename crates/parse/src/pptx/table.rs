//! Tables of slides (ISO/IEC 29500-1, 21.1.3), each cell with its box.

use super::geometry::Rect;
use super::text::paragraphs;
use crate::ooxml::{Element, Ns};
use crate::table::{DraftCell, TableDraft};

/// Rows and columns beyond this many are left out; PowerPoint itself ends at 75.
const MOST: u32 = 1000;

/// A table and where its rows and columns stand.
#[derive(Debug, Default)]
pub(crate) struct SlideTable {
    pub(crate) draft: TableDraft,
    /// The edges of the columns, from the left, in points.
    columns: Vec<f32>,
    /// The edges of the rows, from the top, in points.
    rows: Vec<f32>,
    /// Whether rows or columns were left out.
    pub(crate) cut: bool,
}

impl SlideTable {
    /// Reads a table that fills a box.
    pub(crate) fn read(table: Element<'_>, rect: Rect) -> Self {
        let mut out = Self::default();
        let widths = table.path(&["tblGrid"]).into_iter().flat_map(|grid| grid.all("gridCol"));
        let widths: Vec<f32> = widths.take(MOST as usize).map(|each| length(each, "w")).collect();
        let rows: Vec<Element<'_>> = table.all("tr").collect();
        let heights: Vec<f32> = rows.iter().map(|row| length(*row, "h")).collect();
        out.columns = edges(&widths, rect.x0, rect.x1);
        out.rows = edges(&heights, rect.y0, rect.y1);
        out.cut = rows.len() > MOST as usize;
        for (row, at) in rows.into_iter().zip(0..MOST) {
            out.row(row, at);
            out.draft.rows = at + 1;
        }
        let headed = table.child("tblPr").is_some_and(|properties| properties.flag("firstRow"));
        out.draft.header_rows = headed.then_some(1);
        let rows = out.draft.rows;
        for cell in &mut out.draft.cells {
            cell.row_span = cell.row_span.min(rows - cell.row);
        }
        out
    }

    fn row(&mut self, row: Element<'_>, at: u32) {
        for (cell, column) in row.children().filter(|each| each.is(Ns::Drawing, "tc")).zip(0..) {
            if column >= MOST {
                self.cut = true;
                break;
            }
            self.draft.columns = self.draft.columns.max(column + 1);
            if cell.flag("hMerge") || cell.flag("vMerge") {
                continue;
            }
            let span = |name: &str, most: u32| {
                let span = cell.number(name).unwrap_or(1).clamp(1, i64::from(most));
                u32::try_from(span).unwrap_or(1)
            };
            let column_span = span("gridSpan", MOST - column);
            let row_span = span("rowSpan", MOST - at);
            self.draft.columns = self.draft.columns.max(column + column_span);
            let text = cell.child("txBody").map(cell_text).unwrap_or_default();
            self.draft.cells.push(DraftCell { row: at, column, row_span, column_span, text });
        }
    }

    /// The box of cells.
    pub(crate) fn rect(&self, row: u32, column: u32, rows: u32, columns: u32, whole: Rect) -> Rect {
        let edge =
            |edges: &[f32], at: u32, usual: f32| edges.get(at as usize).copied().unwrap_or(usual);
        Rect {
            x0: edge(&self.columns, column, whole.x0),
            y0: edge(&self.rows, row, whole.y0),
            x1: edge(&self.columns, column.saturating_add(columns), whole.x1),
            y1: edge(&self.rows, row.saturating_add(rows), whole.y1),
        }
    }
}

fn cell_text(body: Element<'_>) -> String {
    let styles: Vec<Element<'_>> = body.child("lstStyle").into_iter().collect();
    let lines = paragraphs(body, &styles).into_iter().map(|each| each.marker + &each.text);
    lines.collect::<Vec<_>>().join("\n")
}

fn length(element: Element<'_>, name: &str) -> f32 {
    element.number(name).unwrap_or(0).max(0) as f32
}

/// Edges from sizes, so that all together fill the space.
fn edges(sizes: &[f32], from: f32, to: f32) -> Vec<f32> {
    let total: f32 = sizes.iter().sum();
    let scale = if total > 0.0 { (to - from) / total } else { 0.0 };
    let mut at = from;
    let mut edges = vec![from];
    for size in sizes {
        at += size * scale;
        edges.push(at);
    }
    edges
}
