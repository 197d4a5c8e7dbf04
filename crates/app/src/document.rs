//! A document as programs and people read it: outline, Markdown, plain text, JSON.

use std::fmt::Write as _;
use std::io::Write;

use serde::Serialize;
use utoipa::ToSchema;
use yuanwen_parse::{
    Block, BlockKind, Document, Format, Furniture, Metadata, Page, PageBox, Table, Warning,
};

use crate::cli::View;
use crate::output::{self, for_people, plain};
use crate::shapes;

/// Prints a document in the view that was asked for.
pub(crate) fn print(document: &Document, view: View) -> anyhow::Result<()> {
    if view.json {
        return output::json(&Shape::of(document));
    }
    let mut out = output::stdout();
    if view.text {
        for block in &document.blocks {
            writeln!(out, "{}", block.text)?;
        }
    } else if view.markdown {
        markdown(&mut out, document)?;
    } else {
        outline(&mut out, document)?;
    }
    Ok(out.flush()?)
}

/// A document as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Shape<'a> {
    format: Format,
    meta: &'a Metadata,
    pages: &'a [Page],
    blocks: Vec<BlockShape>,
    warnings: &'a [Warning],
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentBlock)]
pub(crate) struct BlockShape {
    /// `heading`, `paragraph`, `list_item`, `table`, `caption` or `note`.
    kind: &'static str,
    /// The level of a heading, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u8>,
    #[schema(value_type = Option<shapes::Furniture>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    furniture: Option<Furniture>,
    /// The page on which it begins, from 1.
    page: Option<u32>,
    /// Its text; cells of a table are separated by tabs and line feeds.
    text: String,
    #[schema(value_type = Option<shapes::Table>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<Table>,
    /// A box for each stretch on one line.
    #[schema(value_type = Vec<shapes::PageBox>)]
    boxes: Vec<PageBox>,
}

impl<'a> Shape<'a> {
    /// The JSON of a document.
    pub(crate) fn of(document: &'a Document) -> Self {
        let Document { format, meta, pages, blocks, warnings, .. } = document;
        let blocks = blocks.iter().map(BlockShape::of).collect();
        Self { format: *format, meta, pages, blocks, warnings }
    }
}

impl BlockShape {
    /// The JSON of a block.
    pub(crate) fn of(block: &Block) -> Self {
        let level = match block.kind {
            BlockKind::Heading(level) => Some(level),
            _ => None,
        };
        Self {
            kind: kind(&block.kind),
            level,
            furniture: block.furniture,
            page: block.places.page_at(0),
            text: block.text.clone(),
            table: block.table().cloned(),
            boxes: block.boxes(0..block.text.len()),
        }
    }
}

fn kind(kind: &BlockKind) -> &'static str {
    match kind {
        BlockKind::Heading(_) => "heading",
        BlockKind::Paragraph => "paragraph",
        BlockKind::ListItem => "list_item",
        BlockKind::Table(_) => "table",
        BlockKind::Caption => "caption",
        BlockKind::Note => "note",
    }
}

/// One line a block, and a line for each row of a table: page, kind, text.
fn outline(out: &mut impl Write, document: &Document) -> anyhow::Result<()> {
    writeln!(out, "{}", about(document))?;
    for warning in &document.warnings {
        let page = warning.page.map_or_else(String::new, |page| format!("page {page}: "));
        writeln!(out, "warning: {page}{}", warning.message)?;
    }
    for block in &document.blocks {
        let page = block.places.page_at(0).map_or_else(String::new, |page| page.to_string());
        let text = for_people(&plain(&block.text)).replace('\n', "\n                      ");
        writeln!(out, "{page:>4}  {:<14}  {text}", label(block))?;
    }
    Ok(())
}

fn about(document: &Document) -> String {
    let Metadata { title, published, period, publisher, .. } = &document.meta;
    let mut line = plain(title.as_deref().unwrap_or("(no title)"));
    let facts = [
        published.map(|date| date.to_string()),
        period.map(|period| period.to_string()),
        publisher.as_deref().map(plain),
        (!document.pages.is_empty()).then(|| format!("{} pages", document.pages.len())),
        Some(format!("{} blocks", document.blocks.len())),
    ];
    for fact in facts.into_iter().flatten() {
        let _ = write!(line, " · {fact}");
    }
    line
}

fn label(block: &Block) -> String {
    let kind = match (&block.furniture, &block.kind) {
        (Some(Furniture::Header), _) => return "(header)".to_owned(),
        (Some(Furniture::Footer), _) => return "(footer)".to_owned(),
        (Some(Furniture::PageNumber), _) => return "(page number)".to_owned(),
        (Some(Furniture::Contents), _) => return "(contents)".to_owned(),
        (Some(Furniture::Notice), _) => return "(notice)".to_owned(),
        (Some(Furniture::Figure), _) => return "(figure)".to_owned(),
        (None, BlockKind::Heading(level)) => return format!("heading {level}"),
        (None, BlockKind::Table(table)) => {
            return format!("table {}x{}", table.rows, table.columns);
        }
        (None, kind) => kind,
    };
    self::kind(kind).replace('_', " ")
}

fn markdown(out: &mut impl Write, document: &Document) -> anyhow::Result<()> {
    let mut in_list = false;
    for block in document.blocks.iter().filter(|block| block.furniture.is_none()) {
        let item = block.kind == BlockKind::ListItem;
        if in_list && !item {
            writeln!(out)?;
        }
        in_list = item;
        match &block.kind {
            BlockKind::Heading(level) => {
                writeln!(
                    out,
                    "{} {}\n",
                    "#".repeat(usize::from((*level).clamp(1, 6))),
                    block.text
                )?;
            }
            BlockKind::ListItem => writeln!(out, "- {}", block.text.trim_start_matches(BULLETS))?,
            BlockKind::Table(table) => writeln!(out, "{}", rows(table, &block.text))?,
            BlockKind::Note => writeln!(out, "> {}\n", block.text)?,
            BlockKind::Paragraph | BlockKind::Caption => writeln!(out, "{}\n", block.text)?,
        }
    }
    Ok(())
}

/// Bullets that Markdown's own replaces.
const BULLETS: [char; 10] = ['•', '●', '■', '◆', '·', '▪', '➢', '\u{F0B7}', '-', ' '];

/// A table in Markdown, which knows no spans and one header row: a spanning cell stands in the
/// first column that it covers, and the header rows are joined.
fn rows(table: &Table, text: &str) -> String {
    let columns = table.columns.max(1) as usize;
    let mut grid = vec![vec![String::new(); columns]; table.rows as usize];
    for cell in &table.cells {
        let place =
            grid.get_mut(cell.row as usize).and_then(|row| row.get_mut(cell.column as usize));
        if let Some(place) = place {
            *place =
                text.get(cell.range()).unwrap_or_default().replace('|', "\\|").replace('\n', " ");
        }
    }
    let body = grid.split_off((table.header_rows as usize).min(grid.len()));
    let mut header = vec![String::new(); columns];
    for row in grid {
        for (joined, cell) in header.iter_mut().zip(row).filter(|(_, cell)| !cell.is_empty()) {
            let between = if joined.is_empty() { "" } else { " / " };
            let _ = write!(joined, "{between}{cell}");
        }
    }
    let mut out = format!("| {} |\n|{}\n", header.join(" | "), " --- |".repeat(columns));
    for row in body {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use yuanwen_parse::Cell;

    #[test]
    fn a_table_with_two_header_rows_and_a_span() {
        let text = "项目\t金额\n2022\t2023\n收入\t1|2\t3";
        let at = |needle: &str| text.find(needle).unwrap() as u32;
        let cell = |row, column, column_span, needle: &str| Cell {
            row,
            column,
            row_span: 1,
            column_span,
            start: at(needle),
            end: at(needle) + needle.len() as u32,
        };
        let cells = vec![
            cell(0, 0, 1, "项目"),
            cell(0, 1, 2, "金额"),
            cell(1, 1, 1, "2022"),
            cell(1, 2, 1, "2023"),
            cell(2, 0, 1, "收入"),
            cell(2, 1, 1, "1|2"),
            cell(2, 2, 1, "3"),
        ];
        let table = Table { rows: 3, columns: 3, header_rows: 2, cells, ..Table::default() };
        let expected = "| 项目 | 金额 / 2022 | 2023 |\n| --- | --- | --- |\n| 收入 | 1\\|2 | 3 |\n";
        assert_eq!(rows(&table, text), expected);
    }
}
