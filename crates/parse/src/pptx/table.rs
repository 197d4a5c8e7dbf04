//! Tables of slides (ISO/IEC 29500-1, 21.1.3), each cell with its box.

use super::geometry::Rect;
use super::text::paragraphs;
use crate::ooxml::{Element, Ns};
use crate::table::{DraftCell, TableDraft};

/// Rows and columns beyond this many are left out; PowerPoint itself ends at 75.
const MOST: usize = 1000;

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
        let widths: Vec<f32> = widths.take(MOST).map(|each| length(each, "w")).collect();
        let mut rows: Vec<Element<'_>> = table.all("tr").collect();
        out.cut = rows.len() > MOST;
        rows.truncate(MOST);
        let heights: Vec<f32> = rows.iter().map(|row| length(*row, "h")).collect();
        out.columns = edges(&widths, rect.x0, rect.x1);
        out.rows = edges(&heights, rect.y0, rect.y1);
        let mut grid = Vec::new();
        for row in rows {
            let mut cells: Vec<Slot<'_>> =
                row.children().filter(|each| each.is(Ns::Drawing, "tc")).map(Slot::of).collect();
            out.cut |= cells.len() > MOST;
            cells.truncate(MOST);
            grid.push(cells);
        }
        out.draft.rows = grid.len() as u32;
        for (row, cells) in grid.iter().enumerate() {
            out.draft.columns = out.draft.columns.max(cells.len() as u32);
            for (column, slot) in cells.iter().enumerate() {
                if !slot.left && !slot.up {
                    out.draft.cells.push(slot.cell(row, column, &grid));
                }
            }
        }
        let headed = table.child("tblPr").is_some_and(|properties| properties.flag("firstRow"));
        // Where cells of the first row span others, what belongs to the header shows in the cells.
        let mut first = out.draft.cells.iter().filter(|cell| cell.row == 0);
        let spans = first.any(|cell| cell.row_span > 1 || cell.column_span > 1);
        out.draft.header_rows = (headed && !spans).then_some(1);
        out
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

/// A place of the grid.
#[derive(Debug, Clone, Copy)]
struct Slot<'t> {
    cell: Element<'t>,
    /// Whether the cell to the left, or the one above, covers it.
    left: bool,
    up: bool,
}

impl<'t> Slot<'t> {
    fn of(cell: Element<'t>) -> Self {
        Self { cell, left: cell.flag("hMerge"), up: cell.flag("vMerge") }
    }

    /// The cell that begins here. It covers as many places as it says, of those that say that
    /// they are covered.
    fn cell(&self, row: usize, column: usize, grid: &[Vec<Slot<'t>>]) -> DraftCell {
        let span = |name: &str| {
            usize::try_from(self.cell.number(name).unwrap_or(1).clamp(1, MOST as i64)).unwrap_or(1)
        };
        let right = grid[row][column + 1..].iter().take_while(|slot| slot.left);
        let below = grid[row + 1..]
            .iter()
            .take_while(|cells| cells.get(column).is_some_and(|slot| slot.up));
        DraftCell {
            row: row as u32,
            column: column as u32,
            row_span: (1 + below.take(span("rowSpan") - 1).count()) as u32,
            column_span: (1 + right.take(span("gridSpan") - 1).count()) as u32,
            text: self.cell.child("txBody").map(cell_text).unwrap_or_default(),
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
