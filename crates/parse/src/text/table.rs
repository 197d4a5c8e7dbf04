//! Tables in plain text: cells between tabs, or between the bars of a drawn box.

use crate::builder::is_space;
use crate::table::{DraftCell, TableDraft};

/// Lines with more cells than this are no rows.
const MOST_COLUMNS: usize = 500;

/// The table that begins at the first line, and how many lines it takes.
pub(super) fn table_at(lines: &[&str]) -> Option<(TableDraft, usize)> {
    let first = lines.first()?;
    if is_bar_row(first) || is_rule(first) && lines.get(1).is_some_and(|line| is_bar_row(line)) {
        return barred(lines);
    }
    first.contains('\t').then(|| tabbed(lines))?
}

/// Two or more lines with as many tabs.
fn tabbed(lines: &[&str]) -> Option<(TableDraft, usize)> {
    let cells = |line: &str| line.trim_end_matches(['\r', '\n']).split('\t').count();
    let columns = cells(lines[0]);
    let indented = |line: &str| line.starts_with('\t') && line.trim().split('\t').count() < 2;
    let count = lines
        .iter()
        .take_while(|line| !line.trim().is_empty() && cells(line) == columns && !indented(line))
        .count();
    if count < 2 || columns > MOST_COLUMNS {
        return None;
    }
    let rows: Vec<Vec<&str>> =
        lines[..count].iter().map(|line| line.split('\t').collect()).collect();
    // A single tab in front of every line is an indent.
    let filled = |row: &Vec<&str>| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    if rows.iter().filter(|row| filled(row) >= 2).count() * 2 <= rows.len() {
        return None;
    }
    Some((draft(&rows), count))
}

/// A box: rows between bars, lines of dashes between them.
fn barred(lines: &[&str]) -> Option<(TableDraft, usize)> {
    let inside = |at: usize, line: &str| {
        is_bar_row(line) || is_rule(line) && (at == 0 || !line.trim_start().starts_with(TOPS))
    };
    let count = lines.iter().enumerate().take_while(|(at, line)| inside(*at, line)).count();
    let rows: Vec<Vec<&str>> = lines[..count]
        .iter()
        .filter(|line| !is_rule(line))
        .map(|line| line.trim_matches(is_space).trim_matches(is_bar).split(is_bar).collect())
        .collect();
    let columns = rows.iter().map(Vec::len).max()?;
    (rows.len() >= 2 && (2..=MOST_COLUMNS).contains(&columns)).then(|| (draft(&rows), count))
}

/// What the first line of a box begins with.
const TOPS: [char; 3] = ['┌', '┏', '╔'];

fn is_bar(ch: char) -> bool {
    matches!(ch, '|' | '│' | '┃' | '║')
}

fn is_bar_row(line: &str) -> bool {
    let line = line.trim_matches(is_space);
    line.len() > 2 && line.starts_with(is_bar) && line.ends_with(is_bar) && !is_rule(line)
}

/// A line of a box between two rows.
fn is_rule(line: &str) -> bool {
    let line = line.trim_matches(is_space);
    line.chars().count() >= 3
        && line.starts_with([
            '+', '┌', '├', '└', '┏', '┣', '┗', '╔', '╠', '╚', '|', '│', '─', '━', '╟',
        ])
        && line.chars().all(|ch| {
            matches!(ch, '+' | '-' | '=' | ':' | ' ' | '\u{2500}'..='\u{257F}') || is_bar(ch)
        })
}

fn draft(rows: &[Vec<&str>]) -> TableDraft {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cells = rows.iter().enumerate().flat_map(|(row, cells)| {
        cells.iter().enumerate().map(move |(column, text)| DraftCell {
            row: row as u32,
            column: column as u32,
            row_span: 1,
            column_span: 1,
            text: text.trim_matches(is_space).to_owned(),
        })
    });
    let cells = cells.filter(|cell| !cell.text.is_empty()).collect();
    TableDraft { rows: rows.len() as u32, columns: columns as u32, cells, ..TableDraft::default() }
}
