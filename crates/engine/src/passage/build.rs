//! Walks a document's blocks and gathers them into passages.

use yuanwen_parse::{Block, BlockKind, Document, Table};

use super::lead::{Lead, lead, unit_above};
use super::rows::{Row, labels, table_rows};
use super::{Part, PartKind, Passage};
use crate::text::sentence::sentences;

/// A passage is closed before a sentence that would make it longer than this, in characters.
pub(super) const LONGEST: usize = 500;
/// A section shorter than this does not stand alone: its sibling or child goes on in the passage.
const SHORTEST: usize = 180;
/// A passage with this much is closed before a paragraph that does not fit as a whole.
const FILLED: usize = 280;

/// The passages of a document, in reading order. Furniture is left out.
pub fn passages(document: &Document) -> Vec<Passage> {
    let mut builder =
        Builder { document, path: Vec::new(), draft: Draft::default(), done: Vec::new() };
    let live: Vec<usize> =
        (0..document.blocks.len()).filter(|&at| document.blocks[at].furniture.is_none()).collect();
    let mut leads = vec![Lead::None; live.len()];
    for nth in (0..live.len()).filter(|&nth| document.blocks[live[nth]].table().is_some()) {
        lead(document, &live[..nth], &mut leads);
    }
    for (&at, lead) in live.iter().zip(leads) {
        let block = &document.blocks[at];
        match (&block.kind, lead) {
            (BlockKind::Heading(level), _) => builder.heading(at, *level),
            (BlockKind::Table(table), _) => builder.table(at, table),
            (_, Lead::None) => builder.running_text(at, block.text.len()),
            (_, Lead::From(start)) => {
                if start > 0 {
                    builder.running_text(at, start);
                }
                builder.lead_of_table(at, start);
            }
        }
    }
    builder.flush();
    builder.done
}

/// The parts gathered so far for the next passage.
#[derive(Default)]
struct Draft {
    headings: Vec<String>,
    /// Later headings, with the number of the part from which on they hold.
    sections: Vec<(usize, Vec<String>)>,
    /// The level of the outermost heading among the parts.
    level: Option<u8>,
    parts: Vec<Part>,
    chars: usize,
    /// Whether there is more than headings and the caption of a table to come.
    has_body: bool,
}

struct Builder<'a> {
    document: &'a Document,
    path: Vec<(u8, String)>,
    draft: Draft,
    done: Vec<Passage>,
}

impl Builder<'_> {
    fn heading(&mut self, at: usize, level: u8) {
        let goes_up = self.draft.level.is_some_and(|open| level < open)
            || self.path.iter().any(|(open, _)| level < *open);
        if self.draft.has_body && (goes_up || self.draft.chars >= SHORTEST) {
            self.flush();
        }
        self.path.retain(|(outer, _)| *outer < level);
        self.path.push((level, self.document.blocks[at].text.trim().to_owned()));
        self.draft.level = Some(self.draft.level.map_or(level, |open| open.min(level)));
        self.push_block(at, 0, PartKind::Heading);
    }

    /// The sentences of a block that end before the byte `until`.
    fn running_text(&mut self, at: usize, until: usize) {
        let block = &self.document.blocks[at];
        let kind = part_kind(block);
        let mut found = sentences(&block.text);
        found.retain(|range| range.end <= until);
        let lengths: Vec<usize> =
            found.iter().map(|range| chars(&block.text[range.clone()])).collect();
        let total: usize = lengths.iter().sum();
        if self.draft.has_body && self.draft.chars + total > LONGEST && self.draft.chars >= FILLED {
            self.flush();
        }
        let limit = even_limit(self.draft.chars + total);
        for (range, length) in found.into_iter().zip(lengths) {
            if self.draft.has_body && self.draft.chars + length / 2 > limit {
                self.flush();
            }
            self.push(
                Part { block: at as u32, start: range.start as u32, end: range.end as u32, kind },
                length,
            );
            self.draft.has_body = true;
        }
    }

    /// What of a block introduces the table that comes next, from the byte `start` on.
    fn lead_of_table(&mut self, at: usize, start: usize) {
        self.flush_before_table();
        self.push_block(at, start, PartKind::Caption);
    }

    /// A table's rows, in as many passages as they need, each with the header.
    fn table(&mut self, at: usize, table: &Table) {
        self.flush_before_table();
        if let Some(unit) = unit_above(self.document, at, table) {
            self.push_block(unit, 0, PartKind::Caption);
        }
        let text = &self.document.blocks[at].text;
        let part = |&(start, end): &Row, kind| Part {
            block: at as u32,
            start: start as u32,
            end: end as u32,
            kind,
        };
        let length = |&(start, end): &Row| chars(&text[start..end]);
        let begins: Vec<Part> = self
            .draft
            .parts
            .iter()
            .copied()
            .filter(|part| part.kind == PartKind::Caption)
            .collect();
        for (header, rows) in table_rows(table, text) {
            let repeated: usize = header.iter().map(length).sum();
            let mut is_new = true;
            for row in &rows {
                let needed = length(row) + if is_new { repeated } else { 0 };
                if self.draft.has_body && self.draft.chars + needed > LONGEST {
                    self.flush();
                    self.draft.parts.clone_from(&begins);
                    is_new = true;
                }
                if std::mem::take(&mut is_new) {
                    self.push_header(&header, &part, repeated);
                }
                for label in labels(table, text, row) {
                    self.push(part(&label, PartKind::RowLabel), length(&label));
                }
                self.push(part(row, PartKind::TableRow), length(row));
                self.draft.has_body = true;
            }
        }
        self.flush();
    }

    /// Closes the passage before a table; the headings at its end go with the table.
    fn flush_before_table(&mut self) {
        if !self.draft.has_body {
            return;
        }
        let is_body = |part: &Part| part.kind != PartKind::Heading;
        let kept = self.draft.parts.iter().rposition(is_body).map_or(0, |last| last + 1);
        let headings = self.draft.parts.split_off(kept);
        self.draft.sections.retain(|(from, _)| *from < kept);
        self.flush();
        for part in headings {
            self.push_block(part.block as usize, 0, PartKind::Heading);
        }
    }

    fn push_header(&mut self, header: &[Row], part: &dyn Fn(&Row, PartKind) -> Part, chars: usize) {
        for row in header {
            self.push(part(row, PartKind::TableHeader), 0);
        }
        self.draft.chars += chars;
    }

    fn push_block(&mut self, at: usize, from: usize, kind: PartKind) {
        let text = &self.document.blocks[at].text;
        let start = text.len() - text[from..].trim_start().len();
        let end = text.trim_end().len();
        if start < end {
            self.push(
                Part { block: at as u32, start: start as u32, end: end as u32, kind },
                chars(&text[start..end]),
            );
        }
    }

    /// Adds a part; one that goes on where the last one ends makes it longer.
    fn push(&mut self, part: Part, chars: usize) {
        if self.draft.headings.is_empty() || !self.draft.has_body {
            self.draft.headings = self.path.iter().map(|(_, text)| text.clone()).collect();
        } else if part.kind == PartKind::Heading {
            let path = self.path.iter().map(|(_, text)| text.clone()).collect();
            self.draft.sections.push((self.draft.parts.len(), path));
        }
        self.draft.chars += chars;
        match self.draft.parts.last_mut() {
            Some(last) if last.block == part.block && !part.kind.is_of_table() => {
                last.end = part.end;
            }
            _ => self.draft.parts.push(part),
        }
    }

    fn flush(&mut self) {
        let draft = std::mem::take(&mut self.draft);
        if draft.parts.is_empty() {
            return;
        }
        let ordinal = self.done.len() as u32;
        self.done.push(passage(self.document, ordinal, draft));
    }
}

fn passage(document: &Document, ordinal: u32, draft: Draft) -> Passage {
    let mut out = Passage { ordinal, headings: draft.headings, ..Passage::default() };
    let mut last = None;
    let mut sections = draft.sections.into_iter().peekable();
    for (nth, part) in draft.parts.iter().enumerate() {
        let block = &document.blocks[part.block as usize];
        if !out.text.is_empty() {
            out.text.push('\n');
        }
        let at = out.text.len();
        if let Some((_, headings)) = sections.next_if(|(from, _)| *from == nth) {
            out.sections.push((at as u32, headings));
        }
        for (offset, page) in pages(block, *part) {
            if out.page.is_none() {
                out.page = Some(page);
            } else if last != Some(page) {
                out.turns.push(((at + offset) as u32, page));
            }
            last = Some(page);
        }
        out.text.push_str(&block.text[part.start as usize..part.end as usize]);
    }
    out.parts = draft.parts;
    out
}

/// The pages that a part stands on, each with the offset in the part at which it begins.
fn pages(block: &Block, part: Part) -> Vec<(usize, u32)> {
    let (start, end) = (part.start as usize, part.end as usize);
    let Some(first) = block.places.page_at(start) else { return Vec::new() };
    let mut out = vec![(0, first)];
    if block.places.page_at(end - 1) == Some(first) {
        return out;
    }
    for (offset, _) in block.text[start..end].char_indices() {
        let page = block.places.page_at(start + offset);
        if let (Some(page), Some((_, last))) = (page, out.last())
            && page != *last
        {
            out.push((offset, page));
        }
    }
    out
}

/// How long the passages of a text should get so that the last one is not a scrap.
fn even_limit(total: usize) -> usize {
    if total <= LONGEST { LONGEST } else { total.div_ceil(total.div_ceil(LONGEST)) }
}

pub(super) fn chars(text: &str) -> usize {
    text.chars().filter(|ch| !ch.is_whitespace()).count()
}

fn part_kind(block: &Block) -> PartKind {
    match block.kind {
        BlockKind::Heading(_) => PartKind::Heading,
        BlockKind::Paragraph => PartKind::Text,
        BlockKind::ListItem => PartKind::Item,
        BlockKind::Caption => PartKind::Caption,
        BlockKind::Note => PartKind::Note,
        BlockKind::Table(_) => PartKind::TableRow,
    }
}
