//! Tables that run on over a page break: which grids go together, and how their rows and cells that
//! the break cut are joined.

use crate::document::{Block, BlockKind, Furniture};

use super::draft::{Draft, Style};
use super::grid::{Grid, GridCell};
use super::lines::{Line, join};
use super::table::{filled, header_rows, is_title_row};

/// Column edges closer than this (points) are the same.
const SAME_EDGE: f32 = 4.0;
/// A line that ends nearer to its cell's edge than this many times its size is full.
const EDGE: f32 = 1.7;
/// The table before, if this one goes on with it: it ended on the page before, only furniture
/// stands between, and the columns are the same. Returns this one in the columns of that one.
pub(crate) fn continued(drafts: &[Draft], grid: &Grid) -> Option<(usize, Grid)> {
    if is_title_row(grid, 0) {
        return None;
    }
    let at = drafts.iter().rposition(|draft| {
        draft.block.furniture.is_none() && draft.block.kind != BlockKind::Note
    })?;
    let before = drafts[at].grid.as_ref()?;
    if before.last_page + 1 != grid.page {
        return None;
    }
    if before.id.is_some() && before.id == grid.id {
        return Some((at, grid.clone()));
    }
    if before.xs.is_empty() || grid.xs.is_empty() {
        let goes_on = header_rows(grid) == 0 && stands_below(before, grid);
        return goes_on.then(|| (at, grid.clone()));
    }
    (before.id == grid.id).then(|| in_columns_of(before, grid)).flatten().map(|rest| (at, rest))
}

/// Whether the text of each column of a grid without known edges stands below that of the other.
fn stands_below(before: &Grid, grid: &Grid) -> bool {
    let extent = |grid: &Grid, column: u32| {
        let own = grid.cells.iter().filter(|cell| (cell.column, cell.column_span) == (column, 1));
        own.flat_map(|cell| &cell.lines)
            .fold((f32::MAX, f32::MIN), |(x0, x1), line| (x0.min(line.x0), x1.max(line.x1)))
    };
    before.columns == grid.columns
        && (0..grid.columns).all(|column| {
            let (above, below) = (extent(before, column), extent(grid, column));
            above.0 < below.1 && below.0 < above.1
        })
}

/// A grid with its columns counted as in another one whose edges include its own; the outer
/// edges must be the same. (Rows with spans alone have fewer edges than the whole table.)
fn in_columns_of(before: &Grid, grid: &Grid) -> Option<Grid> {
    let edge = |x: f32| before.xs.iter().position(|own| (own - x).abs() < SAME_EDGE);
    let edges: Vec<usize> = grid.xs.iter().map(|x| edge(*x)).collect::<Option<_>>()?;
    if edges.first() != Some(&0) || edges.last().map(|last| last + 1) != Some(before.xs.len()) {
        return None;
    }
    let mut out = grid.clone();
    for cell in &mut out.cells {
        let from = *edges.get(cell.column as usize)?;
        let to = *edges.get((cell.column + cell.column_span) as usize)?;
        (cell.column, cell.column_span) = (from as u32, (to - from) as u32);
    }
    out.columns = before.columns;
    Some(out)
}

/// Appends the rows of a continuation. A header that it repeats is returned as furniture; a row
/// that the page break cut in two is put together again.
pub(crate) fn append(before: &mut Grid, next: Grid) -> Option<Draft> {
    let text = |grid: &Grid, row: u32| -> Vec<String> {
        filled(grid, row).map(|cell| join(&cell.lines).text).collect()
    };
    let header = header_rows(before).min(next.rows);
    let repeats = header > 0 && (0..header).all(|row| text(before, row) == text(&next, row));
    let skip = if repeats { header } else { 0 };
    let cut = is_cut_row(before, &next, skip);
    let base = before.rows - u32::from(cut);
    let mut dropped = Vec::new();
    for cell in next.cells {
        if cell.row < skip {
            dropped.extend(cell.lines);
            continue;
        }
        let row = cell.row - skip + base;
        let column = cell.column;
        if row == base && join_spanning(before, &cell, row) {
            continue;
        }
        let old = before.cells.iter_mut().find(|old| cut && (old.row, old.column) == (row, column));
        match old {
            Some(old) => old.lines.extend(cell.lines),
            None => before.cells.push(GridCell { row, ..cell }),
        }
    }
    before.rows = base + next.rows - skip;
    before.last_page = next.page;
    (!dropped.is_empty()).then(|| repeated_header(&dropped))
}

/// Whether the first row of a continuation is the rest of the last row before: a label alone
/// under a row that has values, or a row that lacks cells of that one and goes on with lines that
/// reach their cells' edges and do not end a sentence.
fn is_cut_row(before: &Grid, next: &Grid, row: u32) -> bool {
    let rest: Vec<&GridCell> = filled(next, row).collect();
    let last: Vec<&GridCell> = filled(before, before.rows - 1).collect();
    let above = |cell: &GridCell| last.iter().copied().find(|own| own.column == cell.column);
    if next.rows <= row + 1 || rest.is_empty() {
        return false;
    }
    if let [label] = rest[..]
        && label.column_span == 1
        && last.len() >= 2
    {
        // 流动负债： opens a section.
        let opens = join(&label.lines).text.ends_with(['：', ':']);
        return !opens && above(label).is_some();
    }
    let lacks = |own: &&&GridCell| {
        let mut lower = next.cells.iter().filter(|cell| cell.row == row);
        lower.any(|cell| cell.column == own.column && cell.lines.is_empty() && cell.row_span == 1)
    };
    last.iter().any(|own| lacks(&own))
        && rest.iter().all(|cell| above(cell).is_some_and(|own| is_unfinished(before, own)))
}

/// Whether the last line of a cell reaches the cell's right edge, and no sentence ends with it.
fn is_unfinished(grid: &Grid, cell: &GridCell) -> bool {
    let Some(right) = grid.xs.get((cell.column + cell.column_span) as usize) else { return false };
    cell.lines.last().is_some_and(|line| {
        line.x1 > right - EDGE * line.size && !line.text().ends_with(['。', '！', '？', '；'])
    })
}

/// Joins a cell that a page break cut: the part on one page is empty and spans rows, the other
/// has the text. `row` is where the lower part begins. Returns whether there is such an upper part.
fn join_spanning(before: &mut Grid, lower: &GridCell, row: u32) -> bool {
    let rows = before.rows;
    let upper = before.cells.iter_mut().find(|upper| {
        (upper.column, upper.column_span) == (lower.column, lower.column_span)
            && upper.row + upper.row_span == rows
    });
    let Some(upper) = upper else { return false };
    let spans = |cell: &GridCell| cell.row_span > 1;
    let goes_on = lower.lines.is_empty() && (spans(lower) || spans(upper));
    let comes_later = upper.lines.is_empty() && spans(upper);
    if goes_on || comes_later {
        upper.row_span = row + lower.row_span - upper.row;
        upper.lines.extend(lower.lines.iter().cloned());
    }
    goes_on || comes_later
}

fn repeated_header(lines: &[Line]) -> Draft {
    let text = join(lines);
    let furniture = Some(Furniture::Header);
    let block = Block { furniture, text: text.text, places: text.places, ..Block::default() };
    Draft { block, style: Style::of(lines), grid: None }
}

#[cfg(test)]
mod tests {
    use super::super::glyphs::Glyph;
    use super::super::lines::Line;
    use super::super::table::write;
    use super::*;
    use crate::document::Table;

    /// A cell with a line that begins at the left edge of its column, which is 100 points wide.
    fn cell(row: u32, column: u32, row_span: u32, text: &str) -> GridCell {
        let left = column as f32 * 100.0;
        let glyph = |(at, ch): (usize, char)| Glyph {
            ch,
            x0: left + at as f32 * 10.0,
            x1: left + at as f32 * 10.0 + 10.0,
            baseline: 10.0,
            size: 10.0,
            bold: false,
            upright: true,
            mcid: None,
            artifact: false,
        };
        let line = Line::new(1, text.chars().enumerate().map(glyph).collect());
        GridCell { row, column, row_span, column_span: 1, lines: line.into_iter().collect() }
    }

    fn grid(rows: u32, cells: Vec<GridCell>) -> Grid {
        let xs = vec![0.0, 100.0, 200.0, 300.0];
        Grid { xs, rows, columns: 3, cells, page: 1, last_page: 1, ..Grid::default() }
    }

    fn written(grid: &Grid) -> String {
        write(grid, &mut Table::default()).0
    }

    #[test]
    fn a_row_that_a_page_break_cuts_is_put_together() {
        let head = [cell(0, 0, 1, "部门"), cell(0, 1, 1, "时间"), cell(0, 2, 1, "文件")];
        let full =
            [cell(1, 0, 1, "甲部"), cell(1, 1, 1, "三月"), cell(1, 2, 1, "关于算力网络建设的指导")];
        let mut before = grid(2, head.into_iter().chain(full).collect());
        let rest = [cell(0, 0, 1, ""), cell(0, 1, 1, ""), cell(0, 2, 1, "意见")];
        let row = [cell(1, 0, 1, "乙部"), cell(1, 1, 1, "四月"), cell(1, 2, 1, "办法")];
        append(&mut before, grid(2, rest.into_iter().chain(row).collect()));
        assert_eq!(
            written(&before),
            "部门\t时间\t文件\n甲部\t三月\t关于算力网络建设的指导意见\n乙部\t四月\t办法"
        );
    }

    #[test]
    fn a_label_alone_goes_on_with_the_one_above_unless_it_opens_a_section() {
        for (label, expected) in [("账款", "应收账款\t960"), ("负债：", "应收\t960\n负债：\t")]
        {
            let head = [cell(0, 0, 1, "项目"), cell(0, 1, 1, "金额")];
            let row = [cell(1, 0, 1, "应收"), cell(1, 1, 1, "960")];
            let mut before = grid(2, head.into_iter().chain(row).collect());
            let rest = [cell(0, 0, 1, label), cell(0, 1, 1, "")];
            let row = [cell(1, 0, 1, "存货"), cell(1, 1, 1, "9")];
            append(&mut before, grid(2, rest.into_iter().chain(row).collect()));
            assert_eq!(written(&before), format!("项目\t金额\n{expected}\n存货\t9"));
        }
    }

    #[test]
    fn a_label_spans_its_rows_over_a_page_break() {
        let head = [cell(0, 0, 1, "城市"), cell(0, 1, 1, "线路"), cell(0, 2, 1, "评分")];
        let first = [cell(1, 0, 1, "雪岭"), cell(1, 1, 1, "1号线"), cell(1, 2, 1, "4.1")];
        let mut before = grid(2, head.into_iter().chain(first).collect());
        let second = [cell(0, 0, 2, ""), cell(0, 1, 1, "2号线"), cell(0, 2, 1, "4.2")];
        let third = [cell(1, 1, 1, "3号线"), cell(1, 2, 1, "4.3")];
        append(&mut before, grid(2, second.into_iter().chain(third).collect()));
        let label = before.cells.iter().find(|cell| (cell.row, cell.column) == (1, 0));
        assert_eq!(label.map(|cell| cell.row_span), Some(3));
        assert!(written(&before).ends_with("雪岭\t1号线\t4.1\n2号线\t4.2\n3号线\t4.3"));
    }
}
