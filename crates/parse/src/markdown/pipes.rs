//! Tables of Markdown as they are found, made into tables as GitHub's Markdown wants them.
//!
//! Cells that are more than the header has would be dropped, and a table without the line under
//! its header would be no table. So a header gets as many cells as the widest row, and a table
//! without one an empty header (which `render` leaves out). A table that a page break cuts in two
//! becomes one again if the second part has as many columns and begins with figures, or repeats
//! the header.

use super::prepare::Line;
use crate::table::is_figure;

/// Tables with more columns than this keep their header as it is.
const MOST_COLUMNS: usize = 1000;

/// A stretch of Markdown; `note` says that it is a footnote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) note: bool,
    pub(super) text: String,
}

/// Puts the lines together again, tables as they should be.
pub(super) fn parts(lines: &[Line]) -> Vec<Part> {
    let mut parts = vec![Part::default()];
    let mut table: Option<Table> = None;
    let mut paged = false;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rows = table_rows(&lines[at..]);
        if rows > 0 {
            let next = Table::read(&lines[at..at + rows], paged);
            let last = table.take();
            table = Some(match last {
                Some(last) if paged && last.goes_on(&next) => last.with(next),
                last => {
                    flush(last, &mut parts);
                    next
                }
            });
            (paged, at) = (false, at + rows);
            continue;
        }
        at += 1;
        match line {
            Line::Page => paged = true,
            Line::Text(text) if text.trim().is_empty() => {
                if table.is_none() {
                    push(&mut parts, "");
                }
            }
            Line::Text(text) | Line::Code(text) => {
                flush(table.take(), &mut parts);
                paged = false;
                push(&mut parts, text);
            }
            Line::Footnote => {
                flush(table.take(), &mut parts);
                let note = parts.last().is_some_and(|part| part.note);
                parts.push(Part { note: !note, text: String::new() });
            }
        }
    }
    flush(table, &mut parts);
    parts
}

fn push(parts: &mut [Part], line: &str) {
    if let Some(part) = parts.last_mut() {
        part.text.push_str(line);
        part.text.push('\n');
    }
}

/// How many lines a table takes that begins at the first one; 0 if none does.
fn table_rows(lines: &[Line]) -> usize {
    let text = |at: usize| match lines.get(at) {
        Some(Line::Text(text)) => Some(text.trim()),
        _ => None,
    };
    let Some(first) = text(0).filter(|line| line.contains('|')) else { return 0 };
    let piped = first.starts_with('|');
    let underlined = text(1).is_some_and(is_underline);
    let row = |at: usize| {
        text(at).is_some_and(|line| if piped { line.starts_with('|') } else { line.contains('|') })
    };
    if !(underlined || piped && first.len() > 1 && row(1)) || is_underline(first) && !row(1) {
        return 0;
    }
    (0..).take_while(|at| row(*at) || *at == 1 && underlined).count()
}

/// Whether a line is the one under a header: `| --- | :-: |`.
fn is_underline(line: &str) -> bool {
    line.contains('-')
        && line.contains('|')
        && line.chars().all(|ch| matches!(ch, '-' | ':' | '|' | ' ' | '\t'))
}

/// How many cells a row has.
fn columns(row: &str) -> usize {
    cells(row).len()
}

/// The cells of a row as they are written.
fn cells(row: &str) -> Vec<&str> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let mut cells = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (at, byte) in row.bytes().enumerate() {
        if byte == b'|' && !escaped {
            cells.push(row[start..at].trim());
            start = at + 1;
        }
        escaped = byte == b'\\' && !escaped;
    }
    // What follows the last bar is a cell, unless the bar closes the row.
    if !row[start..].trim().is_empty() {
        cells.push(row[start..].trim());
    }
    cells
}

/// A table's rows as they are written, without the line under the header.
struct Table {
    header: Option<String>,
    rows: Vec<String>,
    columns: usize,
}

impl Table {
    /// Reads the lines of a table; `paged` says that a page begins with it.
    fn read(lines: &[Line], paged: bool) -> Self {
        let text = |line: &Line| match line {
            Line::Text(text) => Some(text.trim().to_owned()),
            _ => None,
        };
        let mut rows: Vec<String> = lines.iter().filter_map(text).collect();
        let underline = rows.iter().position(|row| is_underline(row)).filter(|at| *at <= 1);
        let mut header = None;
        if let Some(at) = underline {
            rows.remove(at);
            header = (at == 1).then(|| rows.remove(0));
        }
        // What converters put first on a page is often a row like any other.
        if paged && let Some(row) = header.take_if(|row| is_data(row)) {
            rows.insert(0, row);
        }
        let widest = rows.iter().map(|row| columns(row)).max().unwrap_or(0);
        let columns = widest.max(header.as_deref().map_or(0, columns)).max(1);
        Self { header, rows, columns }
    }

    /// Whether another table on the next page is the rest of this one.
    fn goes_on(&self, next: &Self) -> bool {
        self.columns == next.columns && next.header.as_ref().is_none_or(|header| self.has(header))
    }

    /// Whether this is the header, or the first row where there is none.
    fn has(&self, header: &str) -> bool {
        let own = self.header.as_deref().or(self.rows.first().map(String::as_str));
        own.is_some_and(|own| cells(own) == cells(header))
    }

    fn with(mut self, next: Self) -> Self {
        self.rows.extend(next.rows);
        self
    }

    fn lines(&self) -> Vec<String> {
        let mut header = self.header.clone().unwrap_or_else(|| "|".to_owned());
        let missing = self.columns.min(MOST_COLUMNS).saturating_sub(columns(&header));
        if missing > 0 {
            if !header.ends_with('|') {
                header.push('|');
            }
            header.push_str(&" |".repeat(missing));
        }
        let underline = format!("|{}", "-|".repeat(columns_of_header(&header)));
        let rows = self.rows.iter().cloned();
        [header, underline].into_iter().chain(rows).collect()
    }
}

/// The cells of a header that may be empty.
fn columns_of_header(header: &str) -> usize {
    cells(header).len()
}

/// Whether a row is one of figures, or a label that stands for a group of rows.
fn is_data(row: &str) -> bool {
    let cells: Vec<&str> = cells(row).into_iter().filter(|cell| !cell.is_empty()).collect();
    let figures = cells.iter().filter(|cell| is_figure(cell)).count();
    cells.len() <= 1 || figures * 2 >= cells.len()
}

fn flush(table: Option<Table>, parts: &mut [Part]) {
    let Some(table) = table else { return };
    push(parts, "");
    for line in table.lines() {
        push(parts, &line);
    }
    push(parts, "");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::prepare::prepare;

    fn text(source: &str) -> String {
        let parts = parts(&prepare(source, false));
        parts.into_iter().map(|part| part.text).collect::<String>().trim().to_owned()
    }

    #[test]
    fn tables_get_as_many_columns_as_their_widest_row() {
        let cases = [
            ("|甲|乙|\n|--|--|\n|1|2|", "|甲|乙|\n|-|-|\n|1|2|"),
            ("|甲|\n|-|\n|1|2|3|", "|甲| | |\n|-|-|-|\n|1|2|3|"),
            ("|甲|乙|\n|丙|丁|", "| | |\n|-|-|\n|甲|乙|\n|丙|丁|"),
            ("单位：元\n|甲|乙|\n|-|-|\n|1|2|\n正文", "单位：元\n\n|甲|乙|\n|-|-|\n|1|2|\n\n正文"),
            ("甲 | 乙\n-- | --\n1 | 2 | 3", "甲 | 乙| |\n|-|-|-|\n1 | 2 | 3"),
            ("|a\\|b|乙|\n|-|-|\n|1|2|", "|a\\|b|乙|\n|-|-|\n|1|2|"),
            ("|x| ≤ 1", "|x| ≤ 1"),
        ];
        for (source, expected) in cases {
            assert_eq!(text(source), expected, "{source}");
        }
    }

    #[test]
    fn a_table_goes_on_over_a_page_break() {
        let head = "|项目|本期|上期|\n|-|-|-|\n|收入|1|2|\n\n<PAGE_DIV> ";
        let whole = "|项目|本期|上期|\n|-|-|-|\n|收入|1|2|\n";
        assert_eq!(
            text(&format!("{head}|成本|3|4|\n|-|-|-|\n|利润|5|6|")),
            format!("{whole}|成本|3|4|\n|利润|5|6|")
        );
        assert_eq!(
            text(&format!("{head}|其他：|\n|-|\n|利润|5|6|")),
            format!("{whole}|其他：|\n|利润|5|6|")
        );
        assert_eq!(
            text(&format!("{head}|项目|本期|上期|\n|-|-|-|\n|利润|5|6|")),
            format!("{whole}|利润|5|6|")
        );
        assert!(
            text(&format!("{head}|股东|性质|数量|\n|-|-|-|\n|甲|乙|6|"))
                .contains("|股东|性质|数量|\n|-|-|-|")
        );
        assert!(text(&format!("{head}\n正文\n|成本|3|4|\n|-|-|-|\n|利润|5|6|")).contains("正文"));
    }
}
