//! Tables in plain text: cells between tabs, between the bars of a drawn box, or in columns that
//! spaces keep apart.

use super::wrap::width;
use crate::builder::is_space;
use crate::table::{DraftCell, TableDraft, is_figure};

/// Lines with more cells than this are no rows.
const MOST_COLUMNS: usize = 500;
/// Columns of spaces are looked for in lines of at most so many columns of a terminal.
const WIDEST: usize = 400;
/// A table of spaces has at least so many rows and columns, and at most so many rows.
const FEWEST: usize = 3;
const MOST_SPACED: usize = 2000;

/// The table that begins at the first line, and how many lines were looked at: without a table,
/// none begins in these lines.
pub(super) fn table_at(lines: &[&str]) -> (Option<TableDraft>, usize) {
    let Some(first) = lines.first() else { return (None, 0) };
    if is_bar_row(first) || is_rule(first) && lines.get(1).is_some_and(|line| is_bar_row(line)) {
        return barred(lines);
    }
    if first.contains('\t') {
        return tabbed(lines);
    }
    spaced(lines)
}

/// Two or more lines with as many tabs; where most have, lines with fewer end with empty cells.
fn tabbed(lines: &[&str]) -> (Option<TableDraft>, usize) {
    let cells = |line: &str| line.split('\t').count();
    let indented = |line: &str| line.starts_with('\t') && line.trim().split('\t').count() < 2;
    let row = |line: &&&str| !line.trim().is_empty() && line.contains('\t') && !indented(line);
    let run = &lines[..lines.iter().take_while(row).count()];
    let widest = run.iter().map(|line| cells(line)).max().unwrap_or(0);
    let whole = run.iter().filter(|line| cells(line) == widest).count();
    let (columns, count) = if whole * 2 > run.len() {
        (widest, run.len())
    } else {
        let columns = cells(lines[0]);
        (columns, run.iter().take_while(|line| cells(line) == columns).count())
    };
    if count < 2 || columns > MOST_COLUMNS {
        return (None, count);
    }
    let rows: Vec<Vec<&str>> =
        lines[..count].iter().map(|line| line.split('\t').collect()).collect();
    // A single tab in front of every line is an indent.
    let filled = |row: &Vec<&str>| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    if rows.iter().filter(|row| filled(row) >= 2).count() * 2 <= rows.len() {
        return (None, count);
    }
    (Some(draft(&rows)), count)
}

/// Lines of cells with two spaces or more between them: each column has a stretch of the line for
/// itself, or every row as many cells. Figures must stand in most rows, for prose has gaps too.
fn spaced(lines: &[&str]) -> (Option<TableDraft>, usize) {
    let count = lines
        .iter()
        .take(MOST_SPACED)
        .take_while(|line| line.len() <= 4 * WIDEST && pieces(line).len() >= 2)
        .count();
    let split: Vec<Vec<Place<'_>>> = lines[..count].iter().map(|line| pieces(line)).collect();
    let figures = |row: &Vec<Place<'_>>| row[1..].iter().any(|place| is_figure(place.text));
    let sentence = |row: &Vec<Place<'_>>| row.iter().any(|place| place.text.contains('。'));
    if count < FEWEST
        || split.iter().filter(|row| figures(row)).count() * 2 < count
        || split.iter().any(sentence)
    {
        return (None, count);
    }
    let even = split.iter().all(|row| row.len() == split[0].len());
    let rows: Vec<Vec<&str>> = if even {
        split.iter().map(|row| row.iter().map(|place| place.text).collect()).collect()
    } else {
        let Some(rows) = by_columns(&split) else { return (None, count) };
        rows
    };
    if rows[0].len() < FEWEST {
        return (None, count);
    }
    (Some(draft(&rows)), count)
}

/// A piece of a line: its text, and where it begins and ends, in columns of a terminal.
struct Place<'a> {
    text: &'a str,
    from: usize,
    to: usize,
}

/// What stands between runs of two spaces or more; a wide space counts as two.
fn pieces(line: &str) -> Vec<Place<'_>> {
    let mut places = Vec::new();
    let (mut from, mut column, mut blank) = (None, 0, 0);
    let (mut end, mut to) = (0, 0);
    for (at, ch) in line.char_indices() {
        let wide = width(ch.encode_utf8(&mut [0; 4]));
        if is_space(ch) {
            blank += wide;
        } else {
            if let Some((begin, start)) = from.filter(|_| blank >= 2) {
                places.push(Place { text: &line[begin..end], from: start, to });
                from = None;
            }
            from.get_or_insert((at, column));
            (end, to, blank) = (at + ch.len_utf8(), column + wide, 0);
        }
        column += wide;
    }
    if let Some((begin, start)) = from {
        places.push(Place { text: &line[begin..end], from: start, to });
    }
    places
}

/// Rows by the columns that no piece of any row crosses; `None` if two pieces of a row share one.
fn by_columns<'a>(split: &[Vec<Place<'a>>]) -> Option<Vec<Vec<&'a str>>> {
    let widest = split.iter().flatten().map(|place| place.to).max()?;
    let mut taken = vec![false; widest];
    for place in split.iter().flatten() {
        taken[place.from..place.to].fill(true);
    }
    // The column that each place of a line belongs to.
    let mut column = 0;
    let columns: Vec<usize> = (0..widest)
        .map(|at| {
            column += usize::from(taken[at] && (at == 0 || !taken[at - 1]));
            column
        })
        .collect();
    let mut rows = Vec::with_capacity(split.len());
    for pieces in split {
        let mut row = vec![""; column];
        for place in pieces {
            let cell = &mut row[columns[place.from] - 1];
            if !cell.is_empty() {
                return None;
            }
            *cell = place.text;
        }
        rows.push(row);
    }
    Some(rows)
}

/// A box: rows between bars, lines of dashes between them.
fn barred(lines: &[&str]) -> (Option<TableDraft>, usize) {
    let inside = |at: usize, line: &str| {
        is_bar_row(line) || is_rule(line) && (at == 0 || !line.trim_start().starts_with(TOPS))
    };
    let count = lines.iter().enumerate().take_while(|(at, line)| inside(*at, line)).count();
    let rows: Vec<Vec<&str>> = lines[..count]
        .iter()
        .filter(|line| !is_rule(line))
        .map(|line| line.trim_matches(is_space).trim_matches(is_bar).split(is_bar).collect())
        .collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let table = rows.len() >= 2 && (2..=MOST_COLUMNS).contains(&columns);
    (table.then(|| draft(&rows)), count)
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

/// A second row that fills what the first leaves empty belongs to the header.
fn header_rows(rows: &[Vec<&str>]) -> Option<u32> {
    let [first, second, _, ..] = rows else { return None };
    let empty = |cell: &&str| cell.trim_matches(is_space).is_empty();
    let words = |row: &[&str]| row.iter().all(|cell| !is_figure(cell.trim_matches(is_space)));
    let above = |at: usize| first.get(at).is_none_or(&empty);
    let below = second.iter().enumerate().any(|(at, cell)| above(at) && !empty(cell));
    (below && second.iter().any(empty) && words(first) && words(second)).then_some(2)
}

fn draft(rows: &[Vec<&str>]) -> TableDraft {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let header_rows = header_rows(rows);
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
    let (rows, columns) = (rows.len() as u32, columns as u32);
    TableDraft { rows, columns, cells, header_rows, ..TableDraft::default() }
}
