//! Reads text documents of Word (DOCX, DOCM, DOTX; ISO/IEC 29500-1, part WordprocessingML).
//!
//! Read, in order: paragraphs, headings (outline levels and the names of styles, through what
//! styles are based on), numbering as Word shows it, tables with their spans, captions, text
//! boxes behind the paragraph they are anchored in, charts as tables of their values, SmartArt as
//! paragraphs, formulas on one line, footnotes and endnotes behind the block that refers to them.
//! A line or page break ends a paragraph, but for headings and cells, where it joins.
//!
//! A document with a paragraph of style Title has that as its only heading of level 1: the levels
//! of the others count from 2, as below the title of a page or a presentation.
//!
//! Kept as furniture: tables of contents, headers and footers (once each, at the end), page
//! numbers, labels in groups of shapes. Dropped: hidden text, deleted text (changes count as
//! accepted), comments (a warning), the readings above characters, pictures.
//!
//! Limits: pages are not known, since Word computes them; list levels from typed spaces; numbering
//! that restarts with a section.

mod body;
mod extras;
mod field;
mod inline;
mod notes;
mod numbering;
mod styles;
mod table;

use std::collections::BTreeSet;

use crate::builder::Given;
use crate::document::{Block, BlockKind, Document, Format, Furniture};
use crate::error::ParseError;
use crate::ooxml::{Element, Ns, Office, Part, embedded, properties};
use body::Reader;
use notes::Notes;
use numbering::Numbering;
use styles::Styles;

/// Reads a text document of Word.
///
/// # Errors
/// If it is no such document or has nothing to read.
pub(crate) fn parse(_name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let mut office = Office::open("Word document", bytes)?;
    let document = office.main("word/document.xml")?;
    let styles = office.related(&document, "styles");
    let styles = styles.map(|part| Styles::read(&part.tree)).unwrap_or_default();
    let numbering = office.related(&document, "numbering");
    let numbering = numbering.map(|part| Numbering::read(&part.tree)).unwrap_or_default();
    let settings = office.related(&document, "settings");
    let footnotes = office.related(&document, "footnotes");
    let endnotes = office.related(&document, "endnotes");
    let comments = office.related(&document, "comments");
    let margins = margins(&mut office, &document);
    let properties = office.properties();

    let notes = Notes::read(footnotes.as_ref(), endnotes.as_ref(), settings.as_ref(), &document);
    let mut reader = Reader::new(&mut office, &document, &styles, numbering, notes);
    if let Some(body) = document.tree.root().and_then(|root| root.child("body")) {
        reader.blocks(body);
    }
    reader.finish_contents();
    nest_under_title(&mut reader.builder.blocks, &reader.titles);
    let mut said = BTreeSet::new();
    for (part, furniture) in &margins {
        reader.margin(part, *furniture, &mut said);
    }
    let (mut builder, pictures, symbols) =
        (std::mem::take(&mut reader.builder), reader.pictures, reader.unknown_symbols);
    embedded::take(&mut office, &document, &mut builder);
    let left_out = comments.as_ref().map_or(0, count_comments);
    if left_out > 0 {
        builder.warn(format!("{left_out} comments were left out"));
    }
    if symbols > 0 {
        builder.warn(format!("{symbols} characters of symbol fonts are not known"));
    }
    if pictures > 0 && builder.blocks.iter().all(|block| block.furniture.is_some()) {
        builder.warn("the document is pictures without text; it needs OCR");
    }
    for warning in std::mem::take(&mut office.warnings) {
        builder.warn(warning);
    }
    let title = properties::title(properties.as_ref(), &builder.blocks);
    builder.finish(Format::Docx, Given { title, ..Given::default() })
}

/// The headers and footers that the sections of a document show, each once.
fn margins(office: &mut Office<'_>, document: &Part) -> Vec<(Part, Furniture)> {
    let mut seen = Vec::new();
    let mut margins = Vec::new();
    for each in document.tree.root().into_iter().flat_map(Element::descendants) {
        let furniture = match each.kind() {
            (Ns::Word, "headerReference") => Furniture::Header,
            (Ns::Word, "footerReference") => Furniture::Footer,
            _ => continue,
        };
        let Some(id) = each.prefixed("id") else { continue };
        let target = document.relationship(&id).map(|each| each.target.clone());
        if target.is_some() && seen.contains(&target) || margins.len() >= 200 {
            continue;
        }
        seen.push(target);
        margins.extend(office.follow(document, &id).map(|part| (part, furniture)));
    }
    margins
}

/// Where the document has a title, its headings stand below it.
fn nest_under_title(blocks: &mut [Block], titles: &[usize]) {
    let Some(first) = titles.first() else { return };
    let others = |at: &usize| at > first && !titles.contains(at);
    let heads = blocks.iter().enumerate().filter(|(_, block)| block.kind == BlockKind::Heading(1));
    if !heads.map(|(at, _)| at).any(|at| others(&at)) {
        return;
    }
    for (at, block) in blocks.iter_mut().enumerate() {
        if let BlockKind::Heading(level) = &mut block.kind
            && others(&at)
        {
            *level = (*level + 1).min(9);
        }
    }
}

fn count_comments(part: &Part) -> usize {
    part.tree.root().map_or(0, |root| root.all("comment").count())
}

impl<'t> Reader<'t, '_> {
    /// Adds a header or footer, what was not said before.
    fn margin(&mut self, part: &'t Part, furniture: Furniture, said: &mut BTreeSet<String>) {
        let Some(root) = part.tree.root() else { return };
        self.part = part;
        for block in self.aside(|reader| reader.blocks(root)) {
            let furniture = match block.furniture {
                Some(Furniture::PageNumber) => Furniture::PageNumber,
                _ => furniture,
            };
            if said.insert(format!("{furniture:?} {}", block.text)) {
                self.builder.furniture(furniture, &block.text.replace(['\t', '\n'], " "));
            }
        }
    }
}
