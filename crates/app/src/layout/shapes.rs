//! How layouts look as JSON, for the service's description: the engine makes and serialises them and
//! knows nothing of OpenAPI.
#![allow(dead_code, reason = "described here, made in the engine")]

use utoipa::ToSchema;

/// A piece of a text: running text, or rows of a table.
#[derive(ToSchema)]
#[schema(as = Piece)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Piece {
    Text(TextPiece),
    Table(TablePiece),
}

/// Running text, headings and captions included.
#[derive(ToSchema)]
pub(crate) struct TextPiece {
    /// The text.
    text: String,
    /// Which characters of it are words of the question: of each stretch the first and the one
    /// behind the last.
    highlight: Vec<[usize; 2]>,
}

/// Rows of a table.
#[derive(ToSchema)]
pub(crate) struct TablePiece {
    /// The table's caption.
    caption: Option<String>,
    /// The unit of its figures.
    unit: Option<String>,
    /// How many columns it has.
    columns: u32,
    /// The rows that are shown.
    rows: Vec<TableRow>,
}

/// A row of a table.
#[derive(ToSchema)]
pub(crate) struct TableRow {
    /// Whether it says what the columns mean.
    header: bool,
    /// The cells that begin in it, from left to right. With those that reach into it from above
    /// they fill the width of the table.
    cells: Vec<TableCell>,
}

/// A cell of a table.
#[derive(ToSchema)]
pub(crate) struct TableCell {
    /// Its first column, from 0.
    column: u32,
    /// Over how many columns it goes.
    column_span: u32,
    /// Over how many of the rows that are shown it goes.
    row_span: u32,
    /// Its text.
    text: String,
    /// Which characters of it are words of the question.
    highlight: Vec<[usize; 2]>,
}

/// A rectangle over what is meant, in points (1/72 inch) from the top left of the displayed page:
/// one for each line of text, or each row of a table.
#[derive(ToSchema)]
pub(crate) struct Mark {
    kind: MarkKind,
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

/// What stands in a rectangle: a line of text, what says what columns or rows of a table mean, or a
/// row of it.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum MarkKind {
    Text,
    Header,
    Row,
}
