//! Blocks to passages, the unit that is retrieved.
//!
//! A passage is a run of whole sentences of one section, or rows of one table with their header,
//! caption and unit line. It keeps the ranges of the blocks that it was made from
//! ([`Part`]), so that an answer chosen from it is a range of the document, never a copy that
//! drifted. About 300 to 500 characters were measured best: shorter ones lose the subject that the
//! first sentence names, longer ones dilute the match.
//!
//! * A sentence is never cut, whatever its length; a table row never leaves its header.
//! * A heading stands in front of the text that it opens, and in the path of all that is below it.
//! * Furniture (running headers, contents pages, notices) makes no passages.

use serde::{Deserialize, Serialize};
use yuanwen_parse::{Block, BlockKind, Document, Table};

use crate::text::sentence::sentences;

/// What is retrieved: whole sentences of one section, or table rows with their header.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Its number in the document, from 0.
    pub ordinal: u32,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// The parts' texts, joined by a line feed.
    pub text: String,
    /// Where the text comes from, in order.
    pub parts: Vec<Part>,
    /// The page on which it begins.
    pub page: Option<u32>,
    /// Where a later page begins: the byte offset into `text` and the page. Rising.
    pub turns: Vec<(u32, u32)>,
}

/// A byte range of a block's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The index of the block in the document.
    pub block: u32,
    /// The first byte of the block's text.
    pub start: u32,
    /// Behind the last byte of the block's text.
    pub end: u32,
    /// What it is a part of.
    pub kind: PartKind,
}

/// What a [`Part`] was in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// A heading.
    Heading,
    /// Sentences of running text.
    Text,
    /// A list item, or sentences of it.
    Item,
    /// A caption or unit line.
    Caption,
    /// A footnote.
    Note,
    /// A header row of a table.
    TableHeader,
    /// A row of a table.
    TableRow,
}

impl Part {
    /// Its length in bytes.
    pub fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it has no text.
    pub fn is_empty(&self) -> bool {
        self.end <= self.start
    }
}

impl Passage {
    /// Where each part stands in `text`.
    pub fn part_ranges(&self) -> impl Iterator<Item = (Part, std::ops::Range<usize>)> + '_ {
        self.parts.iter().scan(0, |at, part| {
            let start = *at;
            *at = start + part.len() + 1;
            Some((*part, start..start + part.len()))
        })
    }

    /// The page on which the byte at `offset` of the text stands.
    pub fn page_at(&self, offset: usize) -> Option<u32> {
        let turned = self.turns.iter().rev().find(|(at, _)| *at as usize <= offset);
        turned.map(|(_, page)| *page).or(self.page)
    }
}

/// The passages of a document, in reading order.
pub fn passages(document: &Document) -> Vec<Passage> {
    let mut out = Vec::new();
    let mut headings: Vec<(u8, String)> = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        if block.furniture.is_some() {
            continue;
        }
        if let BlockKind::Heading(level) = block.kind {
            headings.retain(|(outer, _)| *outer < level);
            headings.push((level, block.text.clone()));
        }
        let kind = part_kind(block);
        let mut passage = Passage {
            headings: headings.iter().map(|(_, text)| text.clone()).collect(),
            ..Passage::default()
        };
        for range in sentences(&block.text) {
            if !passage.text.is_empty() {
                passage.text.push('\n');
            }
            passage.text.push_str(&block.text[range.clone()]);
            passage.page = passage.page.or(block.places.page_at(range.start));
            passage.parts.push(Part {
                block: index as u32,
                start: range.start as u32,
                end: range.end as u32,
                kind,
            });
        }
        if passage.parts.is_empty() {
            continue;
        }
        passage.ordinal = out.len() as u32;
        out.push(passage);
    }
    out
}

fn part_kind(block: &Block) -> PartKind {
    match &block.kind {
        BlockKind::Heading(_) => PartKind::Heading,
        BlockKind::Paragraph => PartKind::Text,
        BlockKind::ListItem => PartKind::Item,
        BlockKind::Caption => PartKind::Caption,
        BlockKind::Note => PartKind::Note,
        BlockKind::Table(Table { .. }) => PartKind::TableRow,
    }
}
