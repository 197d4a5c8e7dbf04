//! Grids to table blocks: the text of rows and cells, header rows, caption and unit line, and
//! tables that run on over a page break.

use crate::document::{Block, BlockKind, Cell, Furniture, PlaceMap, Table};

use super::flow::Draft;
use super::grid::{Grid, GridCell};
use super::headings::Style;
use super::lines::join;
use super::marker::{is_caption, is_unit};

/// Column edges closer than this (points) are the same.
const SAME_EDGE: f32 = 4.0;
/// How many blocks above a table are looked at for its caption and unit line.
const LOOK_BACK: usize = 3;

/// What tells whether a table goes on with another.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edges {
    xs: Vec<f32>,
    id: Option<u32>,
}

impl Edges {
    fn same(&self, other: &Self) -> bool {
        if self.id.is_some() || other.id.is_some() {
            return self.id == other.id;
        }
        let near = |(a, b): (&f32, &f32)| (a - b).abs() < SAME_EDGE;
        !self.xs.is_empty()
            && self.xs.len() == other.xs.len()
            && self.xs.iter().zip(&other.xs).all(near)
    }
}

/// A table as a block, with its first row to tell whether a continuation repeats the header.
pub(crate) struct TableDraft {
    draft: Draft,
    first_row: Vec<String>,
    /// The first row is a title over the full width.
    titled: bool,
}

/// Makes the blocks of a grid: one, or several where tables are stacked in one frame.
pub(crate) fn drafts(grid: &Grid) -> Vec<TableDraft> {
    let mut starts = vec![0];
    starts.extend((1..grid.rows).filter(|&row| begins_stacked(grid, row)));
    starts.push(grid.rows);
    starts.windows(2).map(|part| draft(&rows(grid, part[0], part[1]))).collect()
}

/// Whether a row begins another table in the same frame: a title over the full width, under which
/// a header (several cells, no figures) stands.
fn begins_stacked(grid: &Grid, row: u32) -> bool {
    if !is_title_row(grid, row) {
        return false;
    }
    let header: Vec<String> = grid
        .cells
        .iter()
        .filter(|cell| cell.row == row + 1 && !cell.lines.is_empty())
        .map(|cell| join(&cell.lines).text)
        .collect();
    header.len() >= 2 && !header.iter().any(|text| is_figure(text))
}

/// Whether one short cell fills the row.
fn is_title_row(grid: &Grid, row: u32) -> bool {
    let title = grid.cells.iter().find(|cell| cell.row == row && cell.column_span == grid.columns);
    title.is_some_and(|cell| cell.row_span == 1 && (1..=2).contains(&cell.lines.len()))
}

/// Some rows of a grid as a grid of their own.
fn rows(grid: &Grid, from: u32, to: u32) -> Grid {
    let own = grid.cells.iter().filter(|cell| (from..to).contains(&cell.row)).cloned();
    let cells = own.map(|cell| GridCell {
        row: cell.row - from,
        row_span: cell.row_span.min(to - cell.row),
        ..cell
    });
    Grid {
        cells: cells.collect(),
        rows: to - from,
        header_rows: grid.header_rows.filter(|_| from == 0).map(|rows| rows.min(to)),
        ..grid.clone()
    }
}

/// Makes the block of a grid.
fn draft(grid: &Grid) -> TableDraft {
    let mut cells: Vec<&GridCell> = grid.cells.iter().collect();
    cells.sort_by_key(|cell| (cell.row, cell.column));
    let mut text = String::new();
    let mut places = PlaceMap::default();
    let mut out = Vec::with_capacity(cells.len());
    let mut row = None;
    let mut first_row = Vec::new();
    for cell in cells {
        if row.is_some() {
            text.push(if row == Some(cell.row) { '\t' } else { '\n' });
        }
        row = Some(cell.row);
        let joined = join(&cell.lines);
        let start = text.len();
        places.append(start, &joined.places);
        text.push_str(&joined.text);
        if cell.row == 0 {
            first_row.push(joined.text);
        }
        out.push(Cell {
            row: cell.row,
            column: cell.column,
            row_span: cell.row_span,
            column_span: cell.column_span,
            start: start as u32,
            end: text.len() as u32,
        });
    }
    let mut table =
        Table { rows: grid.rows, columns: grid.columns, cells: out, ..Table::default() };
    table.header_rows = grid.header_rows.unwrap_or_else(|| header_rows(&table, &text));
    table.header_columns = header_columns(&table, &text);
    let style = Style { page: grid.page, top: grid.top, ..Style::default() };
    let block = Block { kind: BlockKind::Table(table), furniture: None, text, places };
    let edges = Edges { xs: grid.xs.clone(), id: grid.id };
    let titled = is_title_row(grid, 0) && grid.rows > 1;
    TableDraft { draft: Draft { block, style, edges }, first_row, titled }
}

/// Whether a cell's text is a figure: digits with signs and units.
fn is_figure(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let words = text.chars().filter(|ch| ch.is_alphabetic()).count();
    let dashes = !text.is_empty() && text.chars().all(|ch| matches!(ch, '-' | '—' | '–' | '/'));
    dashes || (digits > 0 && words <= 2 && !text.contains('年'))
}

/// The header ends where the first row's spans end, and takes in the rows under a cell that
/// spans columns; a first row of figures is no header.
fn header_rows(table: &Table, text: &str) -> u32 {
    let row_of = |row: u32| table.cells.iter().filter(move |cell| cell.row == row);
    let figures = |row: u32| row_of(row).filter(|cell| is_figure(&text[cell.range()])).count();
    if table.rows < 2 || figures(0) * 2 > row_of(0).count() {
        return 0;
    }
    let mut end = 1;
    let mut row = 0;
    while row < end && row < 4 {
        for cell in row_of(row) {
            let whole = cell.column_span >= table.columns;
            let reach =
                cell.row + cell.row_span + u32::from(cell.column_span > 1 && (!whole || row == 0));
            if cell.column_span < table.columns || row == 0 {
                end = end.max(reach);
            }
        }
        row += 1;
    }
    let mut end = end.min(table.rows - 1).min(4);
    while end > 1 && figures(end - 1) > 0 {
        end -= 1;
    }
    end
}

/// The first column is a header if it has words where the others have figures.
fn header_columns(table: &Table, text: &str) -> u32 {
    let body = || table.cells.iter().filter(|cell| cell.row >= table.header_rows);
    let first: Vec<_> = body().filter(|cell| cell.column == 0).collect();
    let figures = first.iter().filter(|cell| is_figure(&text[cell.range()])).count();
    u32::from(table.columns > 1 && !first.is_empty() && figures * 2 <= first.len())
}

/// Appends a table to the blocks: as a continuation of the one before, or with its caption.
pub(crate) fn push(drafts: &mut Vec<Draft>, table: TableDraft) {
    if let Some(at) = continued(drafts, &table) {
        let repeated = append(&mut drafts[at], table);
        drafts.extend(repeated);
        return;
    }
    let TableDraft { mut draft, titled, first_row } = table;
    if let BlockKind::Table(table) = &mut draft.block.kind
        && titled
    {
        table.caption = first_row.into_iter().next();
    }
    if let BlockKind::Table(table) = &mut draft.block.kind {
        attach(drafts, table, draft.style.page);
    }
    drafts.push(draft);
}

/// Takes the caption and the unit line from the blocks just above.
fn attach(drafts: &mut [Draft], table: &mut Table, page: u32) {
    let mut seen = 0;
    for draft in drafts.iter_mut().rev() {
        if draft.block.furniture.is_some() {
            continue;
        }
        let text = &draft.block.text;
        seen += 1;
        if seen > LOOK_BACK || draft.style.page != page {
            break;
        }
        // The next part of a frame of stacked tables has the unit of the part above.
        if let Some(above) = draft.block.table() {
            if table.unit.is_none() {
                table.unit = above.unit.clone();
            }
            break;
        }
        if is_unit(text) {
            table.unit.get_or_insert_with(|| text.clone());
            draft.block.kind = BlockKind::Caption;
        } else if is_caption(text) {
            table.caption.get_or_insert_with(|| text.clone());
            break;
        } else {
            let short = text.chars().count() <= 40 && !text.ends_with(['。', '；', '，']);
            if short {
                table.caption.get_or_insert_with(|| text.clone());
            }
            break;
        }
    }
}

/// The table before, if this one goes on with it: on the page before or the same one, only
/// furniture between, and the same column edges.
fn continued(drafts: &[Draft], table: &TableDraft) -> Option<usize> {
    if table.titled {
        return None;
    }
    let at = drafts.iter().rposition(|draft| draft.block.furniture.is_none())?;
    let before = &drafts[at];
    let last_page = before.block.places.pages()?.1;
    let same = before.edges.same(&table.draft.edges);
    (before.block.table().is_some() && last_page + 1 == table.draft.style.page && same)
        .then_some(at)
}

/// Appends the rows of a continuation. A header that it repeats is returned as furniture.
fn append(before: &mut Draft, next: TableDraft) -> Option<Draft> {
    let BlockKind::Table(more) = &next.draft.block.kind else { return None };
    let block = &mut before.block;
    let BlockKind::Table(table) = &mut block.kind else { return None };
    let header = table.cells.iter().filter(|cell| cell.row == 0);
    let repeated = table.header_rows > 0
        && header
            .map(|cell| &block.text[cell.range()])
            .eq(next.first_row.iter().map(String::as_str));
    let skip = if repeated { table.header_rows.min(more.rows) } else { 0 };
    let next_block = &next.draft.block;
    let from = more.cells.iter().find(|cell| cell.row >= skip).map(|cell| cell.start)?;
    block.text.push('\n');
    let base = block.text.len() as u32;
    let rows = table.rows;
    table.cells.extend(more.cells.iter().filter(|cell| cell.row >= skip).map(|cell| Cell {
        row: cell.row - skip + rows,
        start: cell.start - from + base,
        end: cell.end - from + base,
        ..*cell
    }));
    table.rows += more.rows - skip;
    block.text.push_str(&next_block.text[from as usize..]);
    block
        .places
        .append(base as usize, &next_block.places.part(from as usize..next_block.text.len()));
    (from > 0).then(|| {
        let text = next_block.text[..from as usize].trim_end().to_owned();
        let places = next_block.places.part(0..from as usize);
        let block =
            Block { kind: BlockKind::Paragraph, furniture: Some(Furniture::Header), text, places };
        Draft { block, style: next.draft.style, edges: Edges::default() }
    })
}
