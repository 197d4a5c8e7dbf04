//! Reads plain text.
//!
//! A paragraph is what empty lines or an indent set off, or else a line, since Chinese text files
//! wrap on screen and not in the file. Where a program has wrapped the lines (see `wrap`) they are
//! joined. Headings are lines numbered like ones, short lines set off by empty lines above running
//! text (`outline`), and the title: the first line, if it is short and no sentence. Lines of dashes
//! and the like are dropped, tables drawn with tabs, bars or columns of spaces become tables (their
//! spans are lost), lines such as `[1] …` and `注：…` at the end or below a table notes, tables of
//! contents are marked. Text with tags of HTML in it goes through `html`, with a line still a line; what only
//! looks like a tag stays. Source code and logs are text like any other, a line a paragraph.

pub(crate) mod contents;
pub(crate) mod outline;
mod table;
pub(crate) mod wrap;

use crate::builder::{Builder, Given, is_space};
use crate::document::{BlockKind, Date, Document, Format};
use crate::encoding::decode_counted;
use crate::error::ParseError;
use crate::html;
use crate::markdown::{is_element, tag_name};
use crate::meta::{DATE_LABELS, first_date};
use contents::mark_contents;
use outline::{Piece, is_item, kinds};
use wrap::{Join, is_full, join, together, width, wrap_width};

/// The lines at the top among which a date without a label is looked for.
const OPENING: usize = 5;
/// Such a line is at most this wide, in columns.
const WIDEST_DATE_LINE: usize = 70;

/// Reads a text.
///
/// # Errors
/// If the bytes are no text or hold nothing to read.
pub fn parse(bytes: &[u8]) -> Result<Document, ParseError> {
    let read = decode_counted(bytes, None)?;
    let mut builder = Builder::default();
    read.warn(&mut builder);
    blocks_of(&read.text, &mut builder);
    mark_contents(&mut builder.blocks);
    let published = date_line(&builder);
    builder.finish(Format::Text, Given { published, ..Given::default() })
}

/// Adds the blocks of a plain text.
pub(crate) fn blocks_of(text: &str, builder: &mut Builder) {
    if holds_html(text) {
        return html::blocks_of(&as_page(text), builder);
    }
    let lines: Vec<&str> = text.split(is_line_end).filter(|line| !is_decoration(line)).collect();
    let wrap = wrap_width(lines.windows(2).map(|pair| (pair[0], pair[1])));
    let layout = Layout { wrap, indented: is_indented(&lines) };
    let mut pieces: Vec<Piece> = Vec::new();
    let mut gap = true;
    let mut at = 0;
    // Up to here, lines were looked at and are no table.
    let mut tried = 0;
    while let Some(line) = lines.get(at) {
        if at >= tried {
            let (draft, taken) = table::table_at(&lines[at..]);
            if let Some(table) = draft {
                pieces.push(Piece { gap, table: Some(table), ..Piece::default() });
                (at, gap) = (at + taken, true);
                continue;
            }
            tried = at + taken;
        }
        at += 1;
        let trimmed = line.trim_matches(is_space);
        if trimmed.is_empty() {
            gap = true;
            continue;
        }
        let above = at.checked_sub(2).and_then(|above| lines.get(above)).filter(|_| !gap);
        let glue = above.and_then(|above| layout.join(above, line).glue());
        match (glue, pieces.last_mut()) {
            (Some(glue), Some(piece)) => {
                piece.text.push_str(glue);
                piece.text.push_str(trimmed);
                piece.single = false;
            }
            _ => {
                let text = trimmed.to_owned();
                pieces.push(Piece { text, gap, single: true, table: None });
            }
        }
        gap = false;
    }
    for (kind, piece) in kinds(&pieces).into_iter().zip(pieces) {
        match piece.table {
            Some(table) => {
                builder.table(table);
            }
            None => builder.push(kind, &piece.text),
        }
    }
}

/// Line ends of every system; a form feed begins a page.
fn is_line_end(ch: char) -> bool {
    matches!(ch, '\n' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}') || ch == '\r'
}

/// How a text is laid out.
struct Layout {
    wrap: Option<usize>,
    /// Whether paragraphs begin with an indent.
    indented: bool,
}

impl Layout {
    /// Whether a line goes on in the next one.
    fn join(&self, line: &str, next: &str) -> Join {
        let joined = join(line, next, self.wrap);
        let (text, next_text) = (line.trim_end_matches(is_space), next.trim_matches(is_space));
        if joined != Join::Apart || is_item(next_text) {
            return joined;
        }
        // A sentence that happens to end where the line does, inside a paragraph.
        let set_off = self.indented && !next.starts_with([' ', '\u{3000}', '\t']);
        match (text.chars().next_back(), next_text.chars().next()) {
            (Some(last), Some(first)) if set_off && is_full(text, next_text, self.wrap) => {
                together(last, first)
            }
            _ => Join::Apart,
        }
    }
}

/// Whether paragraphs begin with an indent and go on without.
fn is_indented(lines: &[&str]) -> bool {
    let filled = || lines.iter().filter(|line| !line.trim_matches(is_space).is_empty());
    let indents = filled().filter(|line| line.starts_with('\u{3000}') || line.starts_with("  "));
    let indents = indents.count();
    indents >= 2 && indents * 3 < filled().count() * 2
}

/// A line drawn from signs.
fn is_decoration(line: &str) -> bool {
    let line = line.trim_matches(is_space);
    line.chars().count() >= 3
        && line.chars().all(|ch| {
            is_space(ch)
                || matches!(
                    ch,
                    '-' | '*'
                        | '='
                        | '_'
                        | '~'
                        | '#'
                        | '—'
                        | '─'
                        | '━'
                        | '＊'
                        | '☆'
                        | '★'
                        | '…'
                        | '·'
                )
        })
}

/// A date in the opening lines that stands there without a label, as under a pasted headline.
fn date_line(builder: &Builder) -> Option<Date> {
    let opening = || builder.blocks.iter().take(OPENING).filter(|block| block.table().is_none());
    if opening().any(|block| DATE_LABELS.iter().any(|label| block.text.contains(label))) {
        return None;
    }

    opening().skip(1).find_map(|block| {
        let text = block.text.as_str();
        let begins = text.starts_with(|ch: char| ch.is_ascii_digit());
        let names = ["来源", "作者", "记者", "编辑", "阅读", "浏览"];
        let line = width(text) <= WIDEST_DATE_LINE
            && !matches!(block.kind, BlockKind::Heading(_))
            && !text.contains(['。', '，'])
            && (begins && width(text) <= 20 || names.iter().any(|name| text.contains(name)));
        first_date(text).filter(|_| line)
    })
}

/// Whether tags of HTML stand in a text: those of blocks, twice at least.
fn holds_html(text: &str) -> bool {
    const BLOCKS: [&str; 14] = [
        "p", "br", "div", "table", "tr", "td", "li", "ul", "ol", "h1", "h2", "h3", "span",
        "section",
    ];
    let tags = text.match_indices('<').filter_map(|(at, _)| {
        let name = tag_name(&text[at..])?.to_ascii_lowercase();
        BLOCKS.contains(&name.as_str()).then_some(())
    });
    tags.take(2).count() == 2
}

/// A text with tags as a page: a line without a tag at its end is a line, `<` that begins no tag is
/// a character.
fn as_page(text: &str) -> String {
    let mut page = String::with_capacity(text.len() * 2);
    for line in text.split(is_line_end) {
        let mut rest = line;
        while let Some(at) = rest.find('<') {
            page.push_str(&rest[..at]);
            let tag = &rest[at..];
            let known = tag_name(tag).is_some_and(is_element) || tag.starts_with("<!");
            page.push_str(if known { "<" } else { "&lt;" });
            rest = &tag[1..];
        }
        page.push_str(rest);
        page.push_str(if line.trim_end().ends_with('>') { "\n" } else { "<br>\n" });
    }
    page
}

#[cfg(test)]
mod tests;
