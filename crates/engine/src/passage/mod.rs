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

mod build;
mod lead;
mod rows;
#[cfg(test)]
mod tests;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use build::passages;

/// What is retrieved: whole sentences of one section, or table rows with their header.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Its number in the document, from 0.
    pub ordinal: u32,
    /// The headings above its first text, outermost first.
    pub headings: Vec<String>,
    /// Where short sections that follow are gathered in the same passage: the byte offset into
    /// `text` and the headings from there on. Rising.
    pub sections: Vec<(u32, Vec<String>)>,
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
    /// A cell that spans rows, in front of each later row that it covers.
    RowLabel,
}

impl PartKind {
    /// Whether it is a piece of a table, that never runs together with the next one.
    pub fn is_of_table(self) -> bool {
        matches!(self, Self::TableHeader | Self::TableRow | Self::RowLabel)
    }
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
    pub fn part_ranges(&self) -> impl Iterator<Item = (Part, Range<usize>)> + '_ {
        self.parts.iter().scan(0, |at, part| {
            let start = *at;
            *at = start + part.len() + 1;
            Some((*part, start..start + part.len()))
        })
    }

    /// The headings above the byte at `offset` of the text, outermost first.
    pub fn headings_at(&self, offset: usize) -> &[String] {
        let later = self.sections.iter().rev().find(|(at, _)| *at as usize <= offset);
        later.map_or(&self.headings, |(_, headings)| headings)
    }

    /// The page on which the byte at `offset` of the text stands.
    pub fn page_at(&self, offset: usize) -> Option<u32> {
        let turned = self.turns.iter().rev().find(|(at, _)| *at as usize <= offset);
        turned.map(|(_, page)| *page).or(self.page)
    }
}
