//! How the types of the engine and the parser look as JSON, for the service's description.
//!
//! What is sent is what those crates serialise; they know nothing of OpenAPI. A test compares what
//! the service sends with what is described here.
#![allow(dead_code, reason = "described here, made elsewhere")]

use utoipa::ToSchema;

/// A rectangle on a page, in points (1/72 inch) from the top left of the displayed page.
#[derive(ToSchema)]
pub(crate) struct PageBox {
    /// The page, from 1.
    page: u32,
    /// Left edge.
    x0: f32,
    /// Top edge.
    y0: f32,
    /// Right edge.
    x1: f32,
    /// Bottom edge.
    y1: f32,
}

/// Where a text stands, in the terms of the document's format.
#[derive(ToSchema)]
pub(crate) struct Place {
    /// On pages or slides: a box for each stretch on one line.
    boxes: Vec<PageBox>,
    /// In a workbook: the cells of each stretch.
    #[schema(required = false)]
    cells: Vec<Cells>,
    /// In a document without pages: from which character of its text to which. The text is that of
    /// all blocks, each followed by a line feed.
    #[schema(required = false)]
    characters: Characters,
}

/// Cells of a workbook.
#[derive(ToSchema)]
pub(crate) struct Cells {
    /// The name of the sheet; empty where the format has none.
    sheet: String,
    /// The range as a spreadsheet shows it.
    #[schema(example = "B3:D3")]
    range: String,
}

/// A range of characters.
#[derive(ToSchema)]
pub(crate) struct Characters {
    /// The first.
    start: usize,
    /// Behind the last.
    end: usize,
}

/// A sentence that a language model wrote, with what was found out about it.
#[derive(ToSchema)]
pub(crate) struct Sentence {
    /// As it was written, citations included.
    text: String,
    /// The numbers of the sources that it cites, rising.
    citations: Vec<usize>,
    /// Whether what it says stands in what it cites, as far as figures, dates and names go.
    supported: bool,
    /// What it should have and has not.
    missing: Vec<Missing>,
    /// Whether a line begins with it.
    opens_line: bool,
}

/// What a sentence lacks.
#[derive(ToSchema)]
pub(crate) struct Missing {
    /// What sort of thing.
    kind: MissingKind,
    /// How the sentence has it; empty where it cites nothing.
    text: String,
}

/// What sort of thing a sentence lacks.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum MissingKind {
    Citation,
    Source,
    Figure,
    Date,
    Word,
    Name,
}

/// Original text under a number, as a language model gets to see it.
#[derive(ToSchema)]
pub(crate) struct Source {
    /// Its number, from 1.
    number: usize,
    /// Whether it is a block of the answer.
    is_answer: bool,
    /// The name of the document.
    doc: String,
    /// What the document is called.
    title: Option<String>,
    /// When it was published.
    #[schema(example = "2023-05-04")]
    published: Option<String>,
    /// The page on which it begins.
    page: Option<u32>,
    /// The headings above it, outermost first.
    headings: Vec<String>,
    /// The text, cut at a line where it is too long.
    text: String,
}

/// The format of a file.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Format {
    Pdf,
    Text,
    Markdown,
    Html,
    Docx,
    Pptx,
    Workbook,
    Csv,
    Epub,
    Email,
    Archive,
    Json,
    Image,
}

/// What sort of document it is.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Kind {
    Report,
    News,
    WhitePaper,
    Other,
}

/// The kind of answer that a question wants.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum Asks {
    Number,
    Date,
    Person,
    Name,
    List,
    Reason,
    How,
    Other,
}

/// What recurs on pages or is no text of its own.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Furniture {
    Header,
    Footer,
    PageNumber,
    Contents,
    Notice,
    Figure,
}

/// A table.
#[derive(ToSchema)]
pub(crate) struct Table {
    /// How many rows it has.
    rows: u32,
    /// How many columns it has.
    columns: u32,
    /// How many rows at the top are headings.
    header_rows: u32,
    /// How many columns at the left are headings.
    header_columns: u32,
    /// Its caption.
    caption: Option<String>,
    /// The unit of its figures.
    unit: Option<String>,
    /// Its cells, row by row.
    cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(ToSchema)]
pub(crate) struct Cell {
    /// The row, from 0.
    row: u32,
    /// The column, from 0.
    column: u32,
    /// Over how many rows it goes.
    row_span: u32,
    /// Over how many columns it goes.
    column_span: u32,
    /// Its first byte in the text of the block (UTF-8).
    start: u32,
    /// Behind its last byte.
    end: u32,
}

/// How an evaluation differs from the one before, over the questions that both have.
#[derive(ToSchema)]
pub(crate) struct Comparison {
    /// How many questions both have.
    questions: usize,
    /// The score of the one before, 0 to 100; null without common questions.
    before: Option<f64>,
    /// The score of this one.
    after: Option<f64>,
    /// The lower end of the difference's 95 % interval.
    low: Option<f64>,
    /// The upper end.
    high: Option<f64>,
    /// How many questions got better.
    wins: usize,
    /// How many got worse.
    losses: usize,
    /// The questions that changed, the greatest gain first and the greatest loss last.
    changes: Vec<Change>,
}

/// A question that is answered better or worse than before.
#[derive(ToSchema)]
pub(crate) struct Change {
    /// Its number.
    id: i64,
    /// The question itself.
    question: String,
    /// Its score in the one before, 0 to 1.
    before: f64,
    /// Its score in this one.
    after: f64,
}
