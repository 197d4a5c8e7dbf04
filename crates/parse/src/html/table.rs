//! Tables: the grid of a table with its spans, and which tables are none.
//!
//! A table that only arranges the page (nested tables, headings or long text in its cells, one
//! column, `role=presentation`) is walked through. The grid is made as the HTML standard says
//! (section 4.9.12, Forming a table), with spans cut where they leave the table or overlap.

use super::tree::Tree;
use crate::table::{DraftCell, TableDraft};

/// Columns behind this one are not told apart.
const MOST_COLUMNS: usize = 1000;
/// A cell longer than this, in characters, is text that a table arranges, unless it has a header.
const LONGEST_CELL: usize = 600;
/// A cell of more paragraphs than this likewise.
const MOST_PARAGRAPHS: usize = 6;

/// A cell of so many links, each on its line, is a menu.
const MENU: usize = 5;

/// Whether a table only arranges the page.
pub(super) fn is_layout(tree: &Tree<'_>, table: usize) -> bool {
    let role = tree.nodes[table].attribute("role").unwrap_or_default();
    if matches!(role.trim(), "presentation" | "none") {
        return true;
    }
    let rows = rows(tree, table);
    if rows.iter().all(|row| row.cells.len() < 2) {
        return true;
    }
    let mut cells = rows.iter().flat_map(|row| row.cells.iter());
    let headed = rows.iter().any(|row| row.cells.iter().any(|cell| tree.nodes[*cell].name == "th"));
    if let [row] = rows.as_slice() {
        // One row of sentences is columns of text.
        return !headed
            && row.cells.iter().any(|cell| {
                let inner = &tree.nodes[*cell..tree.nodes[*cell].end];
                inner.iter().any(|node| node.text.contains('。'))
            });
    }
    cells.any(|cell| holds_blocks(tree, *cell, headed))
}

/// Whether a cell holds what no cell of data holds.
fn holds_blocks(tree: &Tree<'_>, cell: usize, headed: bool) -> bool {
    let inner = &tree.nodes[cell + 1..tree.nodes[cell].end];
    let mut paragraphs = 0;
    let mut chars = 0;
    for node in inner {
        if matches!(node.name.as_ref(), "table" | "article" | "form" | "nav") {
            return !headed;
        }
        if node.heading().is_some() {
            return !headed;
        }
        paragraphs += usize::from(matches!(node.name.as_ref(), "p" | "div" | "br" | "li"));
        chars += node.text.chars().filter(|ch| !ch.is_whitespace()).count();
    }
    let links = inner.iter().filter(|node| node.name == "a").count();
    let long = chars > LONGEST_CELL || paragraphs > MOST_PARAGRAPHS && chars > LONGEST_CELL / 3;
    !headed && (long || links >= MENU && paragraphs + 1 >= MENU)
}

/// A row of a table.
struct Row {
    cells: Vec<usize>,
    head: bool,
    foot: bool,
}

/// The rows of a table, not those of tables in it.
fn rows(tree: &Tree<'_>, table: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let end = tree.nodes[table].end;
    let mut at = table + 1;
    let (mut head_end, mut foot_end) = (0, 0);
    while at < end {
        let node = &tree.nodes[at];
        match node.name.as_ref() {
            "thead" => head_end = node.end,
            "tfoot" => foot_end = node.end,
            "tr" => rows.push(Row { cells: Vec::new(), head: at < head_end, foot: at < foot_end }),
            _ => {}
        }
        if matches!(node.name.as_ref(), "td" | "th") {
            if let Some(row) = rows.last_mut() {
                row.cells.push(at);
            }
            at = node.end;
        } else if matches!(node.name.as_ref(), "table" | "caption") {
            at = node.end;
        } else {
            at += 1;
        }
    }
    // The foot stands below, wherever it is written.
    rows.sort_by_key(|row| row.foot);
    rows
}

/// The table and its caption's node; `text` gives the text of a cell.
pub(super) fn read_table(
    tree: &Tree<'_>,
    table: usize,
    mut text: impl FnMut(usize) -> String,
) -> (TableDraft, Option<usize>) {
    let rows = rows(tree, table);
    let mut grid = Grid { busy: Vec::new(), cells: Vec::new() };
    for (row, own) in rows.iter().enumerate() {
        let mut column = 0;
        for cell in &own.cells {
            column = grid.place(tree, *cell, (row, column), rows.len(), &mut text);
        }
    }
    let columns = grid.busy.len() as u32;
    let headed = |row: &&Row| {
        row.head
            || !row.cells.is_empty() && row.cells.iter().all(|cell| tree.nodes[*cell].name == "th")
    };
    let header = rows.iter().take_while(headed).count();
    let header_rows = Some(header as u32).filter(|header| *header > 0);
    let caption = tree.children(table).find(|child| tree.nodes[*child].name == "caption");
    let cells = grid.cells.into_iter().filter(|cell| !cell.text.is_empty()).collect();
    let rows = rows.len() as u32;
    (TableDraft { rows, columns, cells, header_rows, ..TableDraft::default() }, caption)
}

struct Grid {
    /// The row from which each column is free.
    busy: Vec<usize>,
    cells: Vec<DraftCell>,
}

impl Grid {
    /// Puts a cell into the first free place of its row; gives the column behind it.
    fn place(
        &mut self,
        tree: &Tree<'_>,
        cell: usize,
        (row, mut column): (usize, usize),
        rows: usize,
        text: &mut impl FnMut(usize) -> String,
    ) -> usize {
        while self.busy.get(column).is_some_and(|free| *free > row) {
            column += 1;
        }
        if column >= MOST_COLUMNS {
            return self.overflow(cell, text);
        }
        let span = |name: &str| {
            let value = tree.nodes[cell].attribute(name);
            value.and_then(|value| value.trim().parse::<usize>().ok())
        };
        let wanted = span("colspan").unwrap_or(1).clamp(1, MOST_COLUMNS - column);
        let taken = |at: &usize| self.busy.get(*at).is_some_and(|free| *free > row);
        let end = (column + 1..column + wanted).find(taken).unwrap_or(column + wanted);
        // A span of 0 rows reaches to the end of the table.
        let down = match span("rowspan") {
            Some(0) => rows - row,
            down => down.unwrap_or(1).min(rows - row),
        };
        if self.busy.len() < end {
            self.busy.resize(end, 0);
        }
        self.busy[column..end].fill(row + down);
        self.cells.push(DraftCell {
            row: row as u32,
            column: column as u32,
            row_span: down as u32,
            column_span: (end - column) as u32,
            text: text(cell),
        });
        end
    }

    /// Adds what stands behind the last column to the cell there.
    fn overflow(&mut self, cell: usize, text: &mut impl FnMut(usize) -> String) -> usize {
        if let Some(last) = self.cells.last_mut() {
            last.text.push('\n');
            last.text.push_str(&text(cell));
        }
        MOST_COLUMNS
    }
}
