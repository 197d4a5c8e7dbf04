//! Stretches of documents as a person reads them: running text with the question's words marked,
//! tables as tables, and where on its pages all of it stands.
//!
//! A stretch is what answers and passages are made of: parts of a document's blocks. Parts of one
//! table that follow each other become one table of the rows that are there (`table`); the rest is
//! text. Of blocks only those are read that are needed, each once.

mod marks;
mod table;

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use yuanwen_parse::Block;

use super::KnowledgeBase;
use crate::answer::AskOptions;
use crate::error::Result;
use crate::highlight::Highlighter;
use crate::passage::Part;
use crate::spelling::Correction;

pub use marks::{Mark, MarkKind};
pub use table::{LaidCell, LaidRow, LaidTable};

/// A piece of a stretch: running text, or rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Piece {
    /// Running text, headings and captions included.
    Text(LaidText),
    /// Rows of a table.
    Table(LaidTable),
}

/// Running text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LaidText {
    /// The text, its parts joined by line feeds.
    pub text: String,
    /// Which characters of it are words of the question: from the first to the one behind the last.
    pub highlight: Vec<[usize; 2]>,
}

/// Lays out stretches of documents. The blocks that it has read are kept for as long as it is.
pub struct Layouts<'a> {
    kb: &'a KnowledgeBase,
    words: Highlighter,
    blocks: HashMap<(u64, u32), Option<Arc<Block>>>,
    widths: HashMap<(u64, u32), Arc<marks::Widths>>,
}

impl KnowledgeBase {
    /// What finds the words of a question in texts, as the question was understood with these
    /// options and corrections.
    pub fn highlighter(
        &self,
        question: &str,
        options: &AskOptions,
        corrected: &[Correction],
    ) -> Result<Highlighter> {
        let mut query = self.understand(question, options)?;
        if !corrected.is_empty() {
            let replace = |text: String, one: &Correction| text.replacen(&one.from, &one.to, 1);
            query = self.understand(&corrected.iter().fold(query.text, replace), options)?;
        }
        Ok(Highlighter::new(&query))
    }

    /// Lays out stretches of documents, with these words marked.
    pub fn layouts(&self, words: Highlighter) -> Layouts<'_> {
        Layouts { kb: self, words, blocks: HashMap::new(), widths: HashMap::new() }
    }
}

impl Layouts<'_> {
    /// The pieces of a stretch: of the parts of a version and their texts, joined by line feeds.
    pub fn pieces(&mut self, version: u64, parts: &[Part], text: &str) -> Result<Vec<Piece>> {
        let Some(texts) = texts(parts, text) else { return Ok(vec![self.text(text.to_owned())]) };
        let mut pieces = Vec::new();
        let mut rest = parts.iter().zip(texts).peekable();
        let mut running: Vec<&str> = Vec::new();
        while let Some((part, own)) = rest.next() {
            let Some(block) = self.table(version, part, own)? else {
                running.push(own);
                continue;
            };
            let mut rows = vec![*part];
            let mut lines = vec![own];
            while let Some((next, line)) = rest.next_if(|(next, _)| next.block == part.block) {
                rows.push(*next);
                lines.push(line);
            }
            match table::laid(&block, &rows, &self.words) {
                Some(table) => {
                    self.finish(&mut running, &mut pieces);
                    pieces.push(Piece::Table(table));
                }
                None => running.append(&mut lines),
            }
        }
        self.finish(&mut running, &mut pieces);
        Ok(pieces)
    }

    fn finish(&self, running: &mut Vec<&str>, pieces: &mut Vec<Piece>) {
        if !running.is_empty() {
            pieces.push(self.text(std::mem::take(running).join("\n")));
        }
    }

    fn text(&self, text: String) -> Piece {
        Piece::Text(LaidText { highlight: highlighted(&self.words, &text), text })
    }

    /// The block of a part if it is a table; of one that cannot be, none is read. A part that a
    /// person pointed at does not say that it is of a table.
    fn table(&mut self, version: u64, part: &Part, own: &str) -> Result<Option<Arc<Block>>> {
        if !part.kind.is_of_table() && !own.contains('\t') {
            return Ok(None);
        }
        Ok(self.block(version, part.block)?.filter(|block| block.table().is_some()))
    }

    fn block(&mut self, version: u64, index: u32) -> Result<Option<Arc<Block>>> {
        if let Some(known) = self.blocks.get(&(version, index)) {
            return Ok(known.clone());
        }
        let block = self.kb.catalogue.block(version, index)?.map(Arc::new);
        self.blocks.insert((version, index), block.clone());
        Ok(block)
    }
}

/// The texts of parts out of what they make together; `None` if they do not make it.
fn texts<'a>(parts: &[Part], text: &'a str) -> Option<Vec<&'a str>> {
    let mut at = 0_usize;
    let mut out = Vec::with_capacity(parts.len());
    for part in parts {
        out.push(text.get(at..at.checked_add(part.len())?)?);
        at += part.len() + 1;
    }
    (at == text.len() + 1).then_some(out)
}

fn highlighted(words: &Highlighter, text: &str) -> Vec<[usize; 2]> {
    words.ranges(text).into_iter().map(|range| [range.start, range.end]).collect()
}
