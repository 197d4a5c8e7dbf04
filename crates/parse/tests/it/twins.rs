//! One document in every format (`samples/formats`, written from `source.json` by its `build`)
//! gives the same blocks and tables.
//!
//! Compared are, in order, every block that is not furniture: its kind, its text, of headings the
//! level, of tables the rows, columns, header rows, caption, unit line and each cell's place, spans
//! and text. Three things are made equal first, since formats write them differently:
//! - levels of headings count from the first one below the title;
//! - a bullet is `• ` and a number `1. `, whatever sign or stop the format shows;
//! - notes are compared on their own, without their mark, since formats put them in other places.
//!
//! What a format cannot carry stands in [`FORMATS`].

use std::collections::BTreeSet;

use serde_json::Value;
use yuanwen_parse::{Block, BlockKind, Document, ParseError};

/// What a format carries of the source.
struct Carries {
    extension: &'static str,
    /// How the mark of a note is shown in the running text.
    mark: &'static str,
    headings: Headings,
    /// Whether items of lists are known as such; otherwise they are paragraphs.
    items: bool,
    tables: Tables,
    notes: bool,
    /// Whether the byline, the date and the publisher come out as metadata.
    described: bool,
}

#[derive(PartialEq)]
enum Headings {
    /// With their levels.
    Levelled,
    /// All below the title on one level.
    Flat,
}

#[derive(PartialEq)]
enum Tables {
    Whole,
    /// Every cell for itself: spans are lost.
    Unspanned,
}

const WEB: Carries = Carries {
    extension: "html",
    mark: "[1]",
    headings: Headings::Levelled,
    items: true,
    tables: Tables::Whole,
    notes: true,
    described: true,
};

/// The formats that carry running text. Slides have titles of one level; the notes of a slide hold
/// the footnote, and nothing in the text refers to it. The tables of a plain text have no spans.
const FORMATS: [Carries; 8] = [
    WEB,
    Carries { extension: "pdf", mark: "1", ..WEB },
    Carries { extension: "docx", mark: "1", ..WEB },
    Carries { extension: "md", ..WEB },
    Carries { extension: "epub", ..WEB },
    Carries { extension: "mht", ..WEB },
    Carries { extension: "pptx", mark: "", headings: Headings::Flat, ..WEB },
    Carries { extension: "txt", tables: Tables::Unspanned, ..WEB },
];

/// A block as it is compared: its kind and its text.
type Piece = (String, String);

fn source() -> Value {
    let path = super::root().join("samples/formats/source.json");
    let text = std::fs::read_to_string(&path).expect("the source of the twins");
    serde_json::from_str(&text).expect("JSON")
}

/// Reads one of the twins.
fn read(name: &str) -> Result<Document, ParseError> {
    let bytes = std::fs::read(super::root().join("samples/formats").join(name));
    yuanwen_parse::parse(name, bytes.unwrap_or_else(|error| panic!("{name}: {error}")))
}

fn twin(name: &str) -> Document {
    read(name).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

/// The text of a paragraph's runs; `mark` stands where a note is referred to.
fn runs(paragraph: &Value, mark: &str) -> String {
    let run = |run: &Value| {
        let words = ["bold", "link", "text"].iter().find_map(|key| run.get(key)).unwrap_or(run);
        let mark = if run.get("note").is_some() { mark } else { "" };
        format!("{}{mark}", text(words))
    };
    paragraph.as_array().expect("runs").iter().map(run).collect()
}

/// A cell of the source with its place.
struct SourceCell {
    row: usize,
    column: usize,
    rows: usize,
    columns: usize,
    text: String,
}

/// The cells of a table of the source, and its numbers of rows and columns.
fn cells(table: &Value) -> (Vec<SourceCell>, usize, usize) {
    let mut taken = BTreeSet::new();
    let mut cells = Vec::new();
    for (row, line) in table["rows"].as_array().expect("rows").iter().enumerate() {
        let mut column = 0;
        for cell in line.as_array().expect("cells") {
            while taken.contains(&(row, column)) {
                column += 1;
            }
            let span = |key: &str| cell.get(key).and_then(Value::as_u64).unwrap_or(1) as usize;
            let (rows, columns) = (span("rows"), span("columns"));
            taken.extend(
                (row..row + rows).flat_map(|y| (column..column + columns).map(move |x| (y, x))),
            );
            cells.push(SourceCell { row, column, rows, columns, text: shown(cell) });
            column += columns;
        }
    }
    let height = taken.iter().map(|(row, _)| row + 1).max().expect("a row");
    let width = taken.iter().map(|(_, column)| column + 1).max().expect("a column");
    (cells, height, width)
}

/// What a person reads in a cell.
fn shown(cell: &Value) -> String {
    let Some(number) = cell.get("number").and_then(Value::as_f64) else {
        let words = ["date", "text"].iter().find_map(|key| cell.get(key)).unwrap_or(cell);
        return text(words).to_owned();
    };
    match text(&cell["format"]) {
        "0.00%" => format!("{:.2}%", number * 100.0),
        "#,##0.0" => grouped(&format!("{number:.1}")),
        _ => grouped(&format!("{number:.0}")),
    }
}

fn grouped(digits: &str) -> String {
    let whole = digits.find('.').unwrap_or(digits.len());
    let comma = |at: usize| at > 0 && at < whole && (whole - at).is_multiple_of(3);
    let digit = |(at, ch)| if comma(at) { format!(",{ch}") } else { format!("{ch}") };
    digits.chars().enumerate().map(digit).collect()
}

/// How a table is compared.
fn table_piece(table: &Value, carried: &Tables) -> Piece {
    let (mut cells, rows, columns) = cells(table);
    if *carried == Tables::Unspanned {
        for cell in &mut cells {
            (cell.rows, cell.columns) = (1, 1);
        }
    }
    let mut text = format!(
        "{rows} rows, {columns} columns, {} header rows, caption {:?}, unit {:?}",
        table["header_rows"],
        Some(text(&table["caption"])),
        Some(text(&table["unit"])),
    );
    for cell in &cells {
        let SourceCell { row, column, rows, columns, text: words } = cell;
        text += &format!("\n  {row},{column} {rows}x{columns} {words}");
    }
    ("table".to_owned(), text)
}

/// The pieces of the source as a format carries them.
fn expected(source: &Value, format: &Carries) -> Vec<Piece> {
    let piece = |kind: &str, text: &str| (kind.to_owned(), text.to_owned());
    let mut pieces =
        vec![piece("title", text(&source["title"])), piece("paragraph", text(&source["byline"]))];
    let item = if format.items { "item" } else { "paragraph" };
    for block in source["blocks"].as_array().expect("blocks") {
        if let Some(level) = block.get("heading").and_then(Value::as_u64) {
            let level = if format.headings == Headings::Levelled { level - 1 } else { 1 };
            pieces.push(piece(&format!("heading {level}"), text(&block["text"])));
        } else if let Some(paragraph) = block.get("p") {
            pieces.push(piece("paragraph", &runs(paragraph, format.mark)));
        } else if let Some(items) = block.get("bullets") {
            let items = items.as_array().expect("items").iter();
            pieces.extend(items.map(|words| piece(item, &format!("• {}", text(words)))));
        } else if let Some(items) = block.get("numbers") {
            let items = items.as_array().expect("items").iter().zip(1..);
            pieces.extend(items.map(|(words, n)| piece(item, &format!("{n}. {}", text(words)))));
        } else {
            let table = &block["table"];
            pieces.push(piece("caption", text(&table["caption"])));
            pieces.push(piece("caption", text(&table["unit"])));
            pieces.push(table_piece(table, &format.tables));
        }
    }
    pieces
}

/// The pieces and the notes of a document.
fn found(document: &Document) -> (Vec<Piece>, Vec<String>) {
    let blocks = || document.blocks.iter().filter(|block| block.furniture.is_none());
    let levels: BTreeSet<u8> = blocks().filter_map(level).skip(1).collect();
    let mut title = true;
    let mut pieces = Vec::new();
    let mut notes = Vec::new();
    for block in blocks() {
        let kind = match &block.kind {
            BlockKind::Heading(_) if std::mem::take(&mut title) => "title".to_owned(),
            BlockKind::Heading(level) => {
                format!(
                    "heading {}",
                    levels.iter().position(|known| known == level).map_or(0, |at| at + 1)
                )
            }
            BlockKind::Paragraph => "paragraph".to_owned(),
            BlockKind::ListItem => "item".to_owned(),
            BlockKind::Caption => "caption".to_owned(),
            BlockKind::Table(_) => {
                pieces.push(found_table(block));
                continue;
            }
            BlockKind::Note => {
                let mark = |ch: char| ch.is_ascii_digit() || "[]. ①".contains(ch);
                notes.push(block.text.trim_start_matches(mark).to_owned());
                continue;
            }
        };
        pieces.push((kind, one_marker(&block.text)));
    }
    (pieces, notes)
}

fn level(block: &Block) -> Option<u8> {
    match block.kind {
        BlockKind::Heading(level) => Some(level),
        _ => None,
    }
}

/// `• ` for every bullet, `1. ` for every number.
fn one_marker(text: &str) -> String {
    let bullets = ['•', '●', '◦', '·', '▪', '-', '*', '\u{F0B7}'];
    if let Some(rest) = text.strip_prefix(bullets) {
        return format!("• {}", rest.trim_start());
    }
    let rest = text.trim_start_matches(|ch: char| ch.is_ascii_digit());
    let number = &text[..text.len() - rest.len()];
    match rest.strip_prefix(['.', '、', ')']) {
        Some(rest) if (1..=2).contains(&number.len()) => format!("{number}. {}", rest.trim_start()),
        _ => text.to_owned(),
    }
}

fn found_table(block: &Block) -> Piece {
    let table = block.table().expect("a table");
    let mut text = format!(
        "{} rows, {} columns, {} header rows, caption {:?}, unit {:?}",
        table.rows, table.columns, table.header_rows, table.caption, table.unit
    );
    for cell in table.cells.iter().filter(|cell| cell.start < cell.end) {
        let (row, column, rows, columns) = (cell.row, cell.column, cell.row_span, cell.column_span);
        text += &format!("\n  {row},{column} {rows}x{columns} {}", &block.text[cell.range()]);
    }
    ("table".to_owned(), text)
}

/// The lines that only one of two lists has, in order: `-` the first, `+` the second.
fn difference(expected: &[Piece], found: &[Piece]) -> String {
    let lines = |pieces: &[Piece]| -> Vec<String> {
        let text = pieces.iter().map(|(kind, text)| format!("{kind}: {text}"));
        text.collect::<Vec<_>>().join("\n").lines().map(str::to_owned).collect()
    };
    let (a, b) = (lines(expected), lines(found));
    let mut common = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] = if a[i] == b[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, String::new());
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || i < a.len() && common[i + 1][j] >= common[i][j + 1] {
            out += &format!("- {}\n", a[i]);
            i += 1;
        } else {
            out += &format!("+ {}\n", b[j]);
            j += 1;
        }
    }
    out
}

/// What is wrong with a twin; empty if nothing is.
fn faults(source: &Value, format: &Carries, document: &Document) -> String {
    let (pieces, notes) = found(document);
    let mut faults = difference(&expected(source, format), &pieces);
    let own: Vec<&str> = source["notes"].as_array().expect("notes").iter().map(text).collect();
    if format.notes && notes != own {
        faults += &format!("notes: {notes:?} for {own:?}\n");
    }
    let meta = &document.meta;
    if meta.title.as_deref() != source["title"].as_str() {
        faults += &format!("title: {:?}\n", meta.title);
    }
    let published = meta.published.map(|date| date.to_string());
    if format.described && published.as_deref() != source["published"].as_str() {
        faults += &format!("published: {published:?}\n");
    }
    if format.described && meta.publisher.as_deref() != source["publisher"].as_str() {
        faults += &format!("publisher: {:?}\n", meta.publisher);
    }
    if !document.warnings.is_empty() {
        faults += &format!("warnings: {:?}\n", document.warnings);
    }
    faults
}

#[test]
fn every_format_gives_the_same_blocks() {
    let source = source();
    let mut report = String::new();
    for format in &FORMATS {
        let name = format!("网络运行简报.{}", format.extension);
        let faults = match read(&name) {
            Ok(document) => faults(&source, format, &document),
            Err(error) => format!("{error}\n"),
        };
        if !faults.is_empty() {
            report += &format!("{name}: - expected, + found\n{faults}\n");
        }
    }
    assert!(report.is_empty(), "{report}");
}

/// The lines of the sheet that holds the prose: all of the source but its tables.
fn prose(source: &Value) -> Vec<String> {
    let format = Carries { mark: "", ..WEB };
    let pieces = expected(source, &format).into_iter();
    let running = pieces.filter(|(kind, _)| !matches!(kind.as_str(), "table" | "caption"));
    let notes = source["notes"].as_array().expect("notes").iter();
    running.map(|(_, text)| text).chain(notes.map(|note| format!("注：{}", text(note)))).collect()
}

/// Workbooks have no headings: the prose is a sheet of text cells, one a row, compared by its
/// lines; each table is a sheet with its caption and unit line above it. A sheet's name is its heading.
#[test]
fn workbooks_give_the_same_lines_and_tables() {
    let source = source();
    let tables: Vec<&Value> = source["blocks"]
        .as_array()
        .expect("blocks")
        .iter()
        .filter_map(|block| block.get("table"))
        .collect();
    for extension in ["xlsx", "xls", "ods"] {
        let document = twin(&format!("网络运行简报.{extension}"));
        let on = |sheet: &str| -> Vec<&Block> {
            let here =
                |block: &&Block| block.sheet.as_ref().is_some_and(|place| place.name == sheet);
            document.blocks.iter().filter(here).collect()
        };
        let mut lines =
            on("简报正文").into_iter().flat_map(|block| block.text.lines()).map(one_marker);
        assert_eq!(lines.next().as_deref(), Some("简报正文"), "{extension}");
        assert_eq!(lines.collect::<Vec<_>>(), prose(&source), "{extension}");
        for table in &tables {
            let sheet = on(text(&table["id"]));
            let found: Vec<Piece> = sheet
                .into_iter()
                .filter(|block| block.table().is_some())
                .map(found_table)
                .collect();
            let faults = difference(&[table_piece(table, &Tables::Whole)], &found);
            assert!(faults.is_empty(), "{extension}: - expected, + found\n{faults}");
        }
        assert_eq!(document.warnings, [], "{extension}");
    }
}

/// Values separated by commas are the table alone.
#[test]
fn separated_values_give_the_same_table() {
    let source = source();
    let table =
        source["blocks"].as_array().expect("blocks").iter().find_map(|block| block.get("table"));
    let (_, expected) = table_piece(table.expect("a table"), &Tables::Whole);
    let (_, cells) = expected.split_once('\n').expect("cells");
    let document = twin("网络运行简报.csv");
    let [block] = document.blocks.as_slice() else { panic!("{:?}", document.blocks) };
    let (_, found) = found_table(block);
    assert_eq!(found.split_once('\n').expect("cells").1, cells);
    assert_eq!(block.table().expect("a table").header_rows, 1);
}
