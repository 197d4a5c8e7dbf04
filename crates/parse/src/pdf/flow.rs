//! Lines to blocks: paragraphs joined over line wraps and page breaks, headings, list items,
//! captions, footnotes; tables in their place.
//!
//! A paragraph goes on where the line above is full and the next one is neither indented, nor of
//! another size, nor marked by a number or bullet; tags, where the file has them, decide.

use crate::document::{Block, BlockKind, Furniture};

use super::body::{Body, running};
use super::draft::{Draft, Style};
use super::lines::{Line, Text, join};
use super::page::Item;
use super::table;
use super::tags::Role;
use crate::marker::{is_caption, is_note_mark, marker};

/// Lines of a paragraph are at most this far apart, as a multiple of the size.
const WIDEST_PITCH: f32 = 3.2;

/// Builds the blocks of a document from the items of its pages.
pub(crate) fn blocks(mut pages: Vec<Vec<Item>>) -> (Vec<Draft>, Body) {
    let body = Body::measure(pages.iter().flatten().filter_map(running));
    for items in &mut pages {
        mark_notes(items, body);
    }
    let mut flow = Flow { body, drafts: Vec::new(), open: Vec::new(), aside: Vec::new() };
    for items in pages {
        flow.body = body.on_page(&items);
        for item in items {
            flow.push(item);
        }
        flow.end_page();
    }
    flow.close();
    flow.flush_aside();
    table::finish(&mut flow.drafts);
    (flow.drafts, body)
}

/// Marks the footnotes of a page: its last lines, smaller than the text, from a mark on.
fn mark_notes(items: &mut [Item], body: Body) {
    let mut first = None;
    for (i, item) in items.iter().enumerate().rev() {
        let Item::Line(line) = item else { break };
        if line.furniture.is_some() {
            continue;
        }
        if line.size > body.size * 0.92 {
            break;
        }
        if is_note_mark(&line.text()) {
            first = Some(i);
        }
    }
    let Some(first) = first else { return };
    for item in &mut items[first..] {
        if let Item::Line(line) = item
            && line.furniture.is_none()
        {
            line.note = true;
        }
    }
}

struct Flow {
    body: Body,
    drafts: Vec<Draft>,
    /// The lines of the paragraph that is being read.
    open: Vec<Line>,
    /// Furniture and notes met while a paragraph is open over a page break.
    aside: Vec<Draft>,
}

impl Flow {
    fn push(&mut self, item: Item) {
        match item {
            Item::Table(grid) => {
                self.close();
                self.flush_aside();
                for part in table::part(&grid) {
                    table::push(&mut self.drafts, part);
                }
            }
            Item::Line(line) if line.furniture.is_some() => {
                let block = furniture_block(&line);
                self.aside.push(Draft {
                    block,
                    style: Style::of(std::slice::from_ref(&line)),
                    grid: None,
                });
            }
            Item::Line(line) if line.note => self.push_note(line),
            Item::Line(line) => {
                if self.open.last().is_some_and(|last| breaks(&self.open, last, &line, self.body)) {
                    self.close();
                }
                if self.open.is_empty() {
                    self.flush_aside();
                }
                self.open.push(line);
            }
        }
    }

    fn push_note(&mut self, line: Line) {
        let text = line.text();
        if let Some(last) = self.aside.last_mut()
            && last.block.kind == BlockKind::Note
            && last.block.places.pages().is_some_and(|(_, page)| page == line.page)
            && !is_note_mark(&text)
        {
            let text = std::mem::take(&mut last.block.text);
            let mut joined = Text::new(text, std::mem::take(&mut last.block.places));
            joined.push_line(&line);
            (last.block.text, last.block.places) = (joined.text, joined.places);
            return;
        }
        let style = Style::of(std::slice::from_ref(&line));
        let text = join([&line]);
        let block = Block {
            kind: BlockKind::Note,
            furniture: None,
            text: text.text,
            places: text.places,
            sheet: None,
        };
        self.aside.push(Draft { block, style, grid: None });
    }

    /// At the end of a page an open paragraph stays open if its last line is full and unfinished.
    fn end_page(&mut self) {
        let stays = self.open.last().is_some_and(|last| {
            last.x1 > self.body.right - 2.6 * last.size && (last.size - self.body.size).abs() < 1.0
        });
        if !stays {
            self.close();
            self.flush_aside();
        }
    }

    /// Ends the open paragraph.
    fn close(&mut self) {
        let lines = std::mem::take(&mut self.open);
        if !lines.is_empty() {
            self.drafts.push(paragraph(&lines));
        }
    }

    fn flush_aside(&mut self) {
        self.drafts.append(&mut self.aside);
    }
}

fn furniture_block(line: &Line) -> Block {
    let text = join([line]);
    Block {
        kind: BlockKind::Paragraph,
        furniture: line.furniture.or(Some(Furniture::Header)),
        text: text.text,
        places: text.places,
        sheet: None,
    }
}

/// Whether `next` begins a new paragraph after the lines that end with `last`.
fn breaks(open: &[Line], last: &Line, next: &Line, body: Body) -> bool {
    let tags = last.tag.zip(next.tag).filter(|(a, b)| a.element != 0 && b.element != 0);
    if (last.size - next.size).abs() > 1.1 || last.page == next.page && last.boxed != next.boxed {
        return true;
    }
    if let Some((a, b)) = tags {
        if a.element == b.element && a.role != Role::Other {
            return false;
        }
        if matches!(a.role, Role::Heading(_)) || matches!(b.role, Role::Heading(_)) {
            return true;
        }
    }
    let size = last.size;
    let first = &open[0];
    let (first_text, last_text, next_text) = (first.text(), last.text(), next.text());
    let marked = marker(&next_text).is_some();
    let ended = last_text.ends_with(['。', '！', '？', '；']);
    if marked && (ended || last.bold != next.bold) {
        return true;
    }
    if marked && (next.x0 > body.left + 0.8 * size || !is_full(last, next, body)) {
        return true;
    }
    if is_caption(&next_text) || is_caption(&first_text) && !is_full(last, next, body) {
        return true;
    }
    if last.page == next.page {
        let fall = next.baseline - last.baseline;
        if fall < -0.5 * size || fall > farthest(open, next, body) {
            return true;
        }
    } else if last_text.ends_with(['。', '！', '？', '：', ':']) && next.x0 > body.left + 1.2 * size
    {
        return true;
    }
    let title = first.size > body.size * 1.12
        && (first.size - next.size).abs() < 0.3
        && first.bold == next.bold;
    if title && is_centred(next, body) && (is_centred(last, body) || is_full(last, next, body)) {
        // A title over several lines.
        return false;
    }
    if !is_full(last, next, body) {
        return true;
    }
    // An indented line begins a paragraph, unless the whole paragraph hangs from its marker.
    let hanging = open.len() == 1 && marker(&first_text).is_some();
    let from = open.iter().skip(1).map(|line| line.x0).fold(first.x0.max(body.left), f32::min);
    let indent = (body.left + 1.2 * size)..(body.left + 3.0 * size);
    let usual = next.x0 > indent.start && next.x0 < indent.end;
    !hanging && next.x0 > from + 1.2 * size && (last.page == next.page || open.len() > 1 && usual)
}

/// How far below the last line the next one of the same paragraph may stand.
fn farthest(open: &[Line], next: &Line, body: Body) -> f32 {
    let size = next.size;
    if let [.., above, last] = open
        && above.page == last.page
        && last.baseline > above.baseline
    {
        return 1.4 * (last.baseline - above.baseline);
    }
    let unfinished = open.last().is_some_and(|last| {
        is_full(last, next, body) && !last.text().ends_with(['。', '！', '？', '：', ':'])
    });
    let flush = next.x0 < body.left + 0.8 * size;
    let pitch = (body.pitch * 1.4).max(1.7);
    size * if unfinished && flush { pitch.max(WIDEST_PITCH) } else { pitch }
}

/// Whether a line reaches the right margin, or the next one's first word would not have fitted.
fn is_full(line: &Line, next: &Line, body: Body) -> bool {
    let right = body.right.max(line.x1.min(body.right + 3.0 * line.size));
    let word: f32 = next
        .glyphs
        .iter()
        .skip_while(|glyph| glyph.ch == ' ')
        .take_while(|glyph| glyph.ch.is_ascii_graphic())
        .map(|glyph| glyph.x1 - glyph.x0)
        .sum();
    line.x1 + word.min(right / 2.0) > right - 2.3 * line.size
}

fn is_centred(line: &Line, body: Body) -> bool {
    let (left, right) = (line.x0 - body.left, body.right - line.x1);
    left > 2.0 * line.size && right > 2.0 * line.size && (left - right).abs() < 2.5 * line.size
}

fn paragraph(lines: &[Line]) -> Draft {
    let text = join(lines);
    let style = Style::of(lines);
    let kind = match style.role {
        Role::Note => BlockKind::Note,
        Role::Caption => BlockKind::Caption,
        _ if is_caption(&text.text) => BlockKind::Caption,
        Role::ListItem => BlockKind::ListItem,
        _ if marker(&text.text).is_some() => BlockKind::ListItem,
        _ => BlockKind::Paragraph,
    };
    let furniture = (style.role == Role::Contents).then_some(Furniture::Contents);
    Draft {
        block: Block { kind, furniture, text: text.text, places: text.places, sheet: None },
        style,
        grid: None,
    }
}
