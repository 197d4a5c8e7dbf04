//! Walks a document's blocks and gathers them into passages.

use yuanwen_parse::{Block, BlockKind, Document};

use super::{Part, PartKind, Passage};
use crate::text::sentence::sentences;

/// A passage is closed before a sentence that would make it longer than this, in characters.
const LONGEST: usize = 500;
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
    for (nth, &at) in live.iter().enumerate() {
        let block = &document.blocks[at];
        let before_table =
            live.get(nth + 1).is_some_and(|&next| document.blocks[next].table().is_some());
        match &block.kind {
            BlockKind::Heading(level) => builder.heading(at, *level),
            BlockKind::Table(table) => builder.table(at, table.header_rows as usize),
            BlockKind::Caption if before_table => builder.caption_of_table(at),
            _ => builder.running_text(at),
        }
    }
    builder.flush();
    builder.done
}

/// The parts gathered so far for the next passage.
#[derive(Default)]
struct Draft {
    headings: Vec<String>,
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
        self.push_block(at, PartKind::Heading);
    }

    fn running_text(&mut self, at: usize) {
        let block = &self.document.blocks[at];
        let kind = part_kind(block);
        let found = sentences(&block.text);
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

    fn caption_of_table(&mut self, at: usize) {
        if self.draft.has_body {
            self.flush();
        }
        self.push_block(at, PartKind::Caption);
    }

    /// A table's rows, in as many passages as they need, each with the header.
    fn table(&mut self, at: usize, header_rows: usize) {
        if self.draft.has_body {
            self.flush();
        }
        let text = &self.document.blocks[at].text;
        let (header, rows) = table_rows(text, header_rows);
        let part = |&(start, end): &(usize, usize), kind| Part {
            block: at as u32,
            start: start as u32,
            end: end as u32,
            kind,
        };
        let length = |&(start, end): &(usize, usize)| chars(&text[start..end]);
        let begins: Vec<Part> = self
            .draft
            .parts
            .iter()
            .copied()
            .filter(|part| part.kind == PartKind::Caption)
            .collect();
        let repeated: usize = header.iter().map(length).sum();
        self.push_header(&header, &part, repeated);
        for row in &rows {
            if self.draft.has_body && self.draft.chars + length(row) > LONGEST {
                self.flush();
                self.draft.parts.clone_from(&begins);
                self.push_header(&header, &part, repeated);
            }
            self.push(part(row, PartKind::TableRow), length(row));
            self.draft.has_body = true;
        }
        self.flush();
    }

    fn push_header(
        &mut self,
        header: &[(usize, usize)],
        part: &dyn Fn(&(usize, usize), PartKind) -> Part,
        chars: usize,
    ) {
        for row in header {
            self.push(part(row, PartKind::TableHeader), 0);
        }
        self.draft.chars += chars;
    }

    fn push_block(&mut self, at: usize, kind: PartKind) {
        let text = &self.document.blocks[at].text;
        let start = text.len() - text.trim_start().len();
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
        }
        self.draft.chars += chars;
        match self.draft.parts.last_mut() {
            Some(last)
                if last.block == part.block
                    && part.kind != PartKind::TableRow
                    && part.kind != PartKind::TableHeader =>
            {
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
    for part in &draft.parts {
        let block = &document.blocks[part.block as usize];
        if !out.text.is_empty() {
            out.text.push('\n');
        }
        let at = out.text.len();
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

/// The byte ranges of a table's header rows and data rows, blank ones left out.
fn table_rows(text: &str, header_rows: usize) -> (Vec<(usize, usize)>, Vec<(usize, usize)>) {
    let (mut header, mut rows) = (Vec::new(), Vec::new());
    let mut at = 0;
    for (row, line) in text.split('\n').enumerate() {
        let range = (at, at + line.len());
        at += line.len() + 1;
        if line.trim().is_empty() {
            continue;
        }
        if row < header_rows { header.push(range) } else { rows.push(range) }
    }
    if rows.is_empty() { (Vec::new(), header) } else { (header, rows) }
}

fn chars(text: &str) -> usize {
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
