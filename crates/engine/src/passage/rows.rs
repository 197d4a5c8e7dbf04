//! A table's rows, each with the header rows that say what its columns mean.
//!
//! A header stands at the top of the table, and again inside it where the columns begin to mean
//! something else: after the figures at the end of the year, under a header of its own, those of
//! the year. Such an inner header has an empty first cell, or the one that the header above has,
//! and words where the rows around it have figures.

use yuanwen_parse::{Cell, Table};

use super::build::chars;

/// A cell longer than this that spans rows is no label of them, in characters.
const LONGEST_LABEL: usize = 40;

/// The first byte of a table row, and the one behind its last.
pub(super) type Row = (usize, usize);

/// The byte ranges of a table's rows, blank ones left out, parted where the header changes: the
/// header rows and the rows that they head.
pub(super) fn table_rows(table: &Table, text: &str) -> Vec<(Vec<Row>, Vec<Row>)> {
    let mut rows = Vec::new();
    let mut at = 0;
    let mut header_rows = 0;
    for (nth, line) in text.split('\n').enumerate() {
        if !line.trim().is_empty() {
            rows.push((at, at + line.len()));
            header_rows += usize::from(nth < table.header_rows as usize);
        }
        at += line.len() + 1;
    }
    if header_rows == rows.len() {
        header_rows = 0;
    }
    let (top, rows) = rows.split_at(header_rows);
    let mut out = vec![(top.to_vec(), Vec::new())];
    for (nth, row) in rows.iter().enumerate() {
        let around = (nth.checked_sub(1).map(|before| rows[before]), rows.get(nth + 1).copied());
        let is_header = is_inner_header(table, text, top, *row, around);
        match out.last_mut() {
            Some((header, below)) if is_header && below.is_empty() && nth > 0 => header.push(*row),
            _ if is_header => out.push((vec![*row], Vec::new())),
            Some((_, below)) => below.push(*row),
            None => {}
        }
    }
    out
}

/// Whether a row inside the table heads the rows below it.
fn is_inner_header(
    table: &Table,
    text: &str,
    top: &[Row],
    row: Row,
    (before, next): (Option<Row>, Option<Row>),
) -> bool {
    let Some(header) = top.last() else { return false };
    let own = cells(table, text, row);
    let label = |cells: &[(u32, &str)]| match cells.first() {
        Some((0, label)) => (*label).to_owned(),
        _ => String::new(),
    };
    let values = |cells: &[(u32, &str)]| -> Vec<String> {
        let values = cells.iter().filter(|(column, text)| *column > 0 && !text.is_empty());
        values.map(|(_, text)| (*text).to_owned()).collect()
    };
    let has_figures = |row: Option<Row>| {
        row.is_some_and(|row| values(&cells(table, text, row)).iter().any(|cell| is_figure(cell)))
    };
    let same = label(&own).is_empty() || label(&own) == label(&cells(table, text, *header));
    let own = values(&own);
    same && !own.is_empty()
        && own.iter().all(|cell| !is_figure(cell) && cell.chars().any(char::is_alphabetic))
        && has_figures(before)
        && has_figures(next)
        && first_column_is_free(table, row)
}

/// Whether no cell from a row above reaches down over the first column of a row.
fn first_column_is_free(table: &Table, row: Row) -> bool {
    let Some(first) = first_cell(table, row) else { return true };
    let covers = |cell: &Cell| cell.row < first.row && cell.covers_row(first.row);
    !table.cells.iter().any(|cell| cell.column == 0 && covers(cell))
}

/// The cells of a row: each one's column and text.
fn cells<'a>(table: &Table, text: &'a str, row: Row) -> Vec<(u32, &'a str)> {
    let first = first_cell(table, row).map_or(0, |cell| cell.column);
    let cells = text[row.0..row.1].split('\t').enumerate();
    cells.map(|(nth, cell)| (first + nth as u32, cell.trim())).collect()
}

fn first_cell(table: &Table, (start, end): Row) -> Option<&Cell> {
    table.cells.iter().find(|cell| (start..=end).contains(&cell.range().start))
}

/// Whether a cell holds a figure: digits with signs and at most two letters. A time is none.
fn is_figure(cell: &str) -> bool {
    let letters = cell.chars().filter(|ch| ch.is_alphabetic()).count();
    let is_time = cell.contains(['年', '月', '季']);
    cell.contains(|ch: char| ch.is_ascii_digit()) && letters <= 2 && !is_time
}

/// The cells at the left that began in earlier rows and cover this one: a later row does not
/// repeat them.
pub(super) fn labels(table: &Table, text: &str, row: &Row) -> Vec<Row> {
    let Some(first) = first_cell(table, *row) else { return Vec::new() };
    let row = first.row;
    let covers = |cell: &&Cell| {
        (table.header_rows..row).contains(&cell.row)
            && cell.covers_row(row)
            && cell.column < first.column
            && (1..=LONGEST_LABEL).contains(&chars(&text[cell.range()]))
    };
    let cells = table.cells.iter().filter(covers);
    cells.map(|cell| (cell.range().start, cell.range().end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_inside_the_table_heads_what_is_below_it() {
        let text =
            "项目\t本期末\t上年末\n资产\t900\t800\n\t本期\t上年同期\n收入\t70\t60\n利润\t7\t6";
        let table = Table { rows: 5, columns: 3, header_rows: 1, ..Table::default() };
        let read = |rows: &[Row]| -> Vec<&str> {
            rows.iter()
                .map(|(start, end)| text[*start..*end].split('\t').next_back().unwrap_or(""))
                .collect()
        };
        let found = table_rows(&table, text);
        let found: Vec<_> = found.iter().map(|(header, rows)| (read(header), read(rows))).collect();
        assert_eq!(found, [(vec!["上年末"], vec!["800"]), (vec!["上年同期"], vec!["60", "6"])]);
    }

    #[test]
    fn rows_of_words_are_no_headers() {
        for text in [
            "分类\t设备\t软件\n甲\t主机\t系统\n\t终端\t应用\n乙\t线路\t服务",
            "项目\t金额\n收入\t70\n其中：\t\n算力\t7",
            "项目\t金额\t说明\n收入\t70\t甲\n\t无\t6",
        ] {
            let table = Table { rows: 4, columns: 3, header_rows: 1, ..Table::default() };
            assert_eq!(table_rows(&table, text).len(), 1, "{text}");
        }
    }
}
