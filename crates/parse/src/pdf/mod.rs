//! PDF to [`Document`]: glyphs → lines and tables → blocks → headings, furniture, metadata.
//!
//! | step | module |
//! |---|---|
//! | content stream to glyphs, rulings, images | `glyphs` |
//! | structure tree and outline | `tags` |
//! | glyphs to lines, lines to text | `lines` |
//! | tables: ruled, tagged, three-line | `grid`, `tagged`, `open`, `spread`, `table`, `continued` |
//! | a page's items in reading order | `page` |
//! | headers, footers, contents | `furniture` |
//! | lines to blocks | `flow`, with `body` (measures), `draft` |
//! | headings and levels | `headings` |
//! | labels inside figures | `figure` |
//! | pages that are only an image | `scan` |
//! | title, date, period, publisher | `title` |
//! | pictures of pages, and of how they were read | `draw` |
//!
//! A page that cannot be read gives a warning; the others go on. hayro reads the file format.

mod body;
mod continued;
mod draft;
mod draw;
mod figure;
mod flow;
mod furniture;
pub(crate) mod glyphs;
mod grid;
mod headings;
mod lines;
mod open;
mod page;
mod scan;
mod spread;
mod table;
mod tagged;
mod tags;
mod title;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, TransformExt, interpret_page,
};
use hayro_syntax::page::{Page as PdfPage, Rotation};
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use kurbo::Rect;

use crate::document::{Block, Document, Format, Furniture, Metadata, Page, Warning};
use crate::error::ParseError;
use crate::meta::is_notice;

use glyphs::{Collector, Content, MOST_GLYPHS};
pub(crate) use tags::Structure;

pub use draw::{draw_boxes, draw_page};

/// How many blocks at the beginning and the end are looked at for notices.
const NOTICE_DEPTH: usize = 6;

/// Reads a PDF.
///
/// # Errors
/// If the file is no readable PDF or asks for a password. Broken pages are warnings.
pub fn parse(bytes: Vec<u8>) -> Result<Document, ParseError> {
    let pdf = open(bytes)?;
    let structure = Structure::read(&pdf);
    let mut warnings = Vec::new();
    let (pages, mut contents) = read_pages(&pdf, &mut warnings);
    let scans = scan::read(&pdf, &mut contents, &mut warnings);
    let (meta, mut blocks) = assemble(&scans.straight(&pages), contents, &structure, Some(&pdf));
    scans.turn_back(&mut blocks);
    Ok(Document { format: Format::Pdf, meta, pages, blocks, warnings, members: Vec::new() })
}

/// Makes blocks of the content of pages, and reads what they say about the whole.
pub(crate) fn assemble(
    pages: &[Page],
    contents: Vec<Content>,
    structure: &Structure,
    pdf: Option<&Pdf>,
) -> (Metadata, Vec<Block>) {
    let mut items: Vec<_> = contents
        .iter()
        .enumerate()
        .map(|(i, content)| page::items(i as u32 + 1, content, structure))
        .collect();
    drop(contents);
    furniture::mark(pages, &mut items);
    let (mut drafts, body) = flow::blocks(items);
    headings::mark(&mut drafts, body, structure);
    figure::mark(&mut drafts, body);
    mark_notices(&mut drafts);
    let meta = title::read(pdf, &drafts, body);
    (meta, drafts.into_iter().map(|draft| draft.block).collect())
}

/// Opens a PDF, with an empty password if it is encrypted.
pub(crate) fn open(bytes: Vec<u8>) -> Result<Pdf, ParseError> {
    let complete = bytes.len() > 32
        && bytes[bytes.len().saturating_sub(2048)..].windows(5).any(|tail| tail == b"%%EOF");
    let opened = catch_unwind(AssertUnwindSafe(|| Pdf::new(bytes)));
    let damaged = |reason: &str| ParseError::DamagedPdf(reason.to_owned());
    let pdf = match opened {
        Ok(Ok(pdf)) => pdf,
        Ok(Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected))) => {
            return Err(ParseError::PasswordProtected);
        }
        Ok(Err(LoadPdfError::Decryption(error))) => {
            return Err(ParseError::UnsupportedEncryption(format!("{error:?}")));
        }
        Ok(Err(LoadPdfError::Invalid)) if complete => {
            return Err(damaged("its cross-reference table or page tree is broken"));
        }
        Ok(Err(LoadPdfError::Invalid)) => {
            return Err(damaged("its end is missing; copy or download it again"));
        }
        Err(_) => return Err(damaged("the reader failed on its structure")),
    };
    if pdf.pages().is_empty() {
        return Err(damaged(if complete {
            "it has no pages"
        } else {
            "its end is missing; copy or download it again"
        }));
    }
    Ok(pdf)
}

fn read_pages(pdf: &Pdf, warnings: &mut Vec<Warning>) -> (Vec<Page>, Vec<Content>) {
    let cache = InterpreterCache::new();
    let mut pages = Vec::new();
    let mut contents = Vec::new();
    for (i, page) in pdf.pages().iter().enumerate() {
        let number = i as u32 + 1;
        let mut warn = |message: String| warnings.push(Warning { page: Some(number), message });
        let read = catch_unwind(AssertUnwindSafe(|| read_page(page, &cache)));
        let content = read.unwrap_or_else(|_| {
            warn("the page could not be read".to_owned());
            Content::default()
        });
        if content.cut {
            warn(format!("only the first {MOST_GLYPHS} characters of the page were read"));
        }
        if content.unmapped > 0 {
            warn(format!("{} characters have no Unicode value in their font", content.unmapped));
        }
        let (width, height) = page.render_dimensions();
        let rotation = match page.rotation() {
            Rotation::None => 0,
            Rotation::Horizontal => 90,
            Rotation::Flipped => 180,
            Rotation::FlippedHorizontal => 270,
        };
        pages.push(Page { width, height, rotation, images: content.images.len() as u32 });
        contents.push(content);
    }
    (pages, contents)
}

fn read_page<'a>(page: &PdfPage<'a>, cache: &InterpreterCache<'a>) -> Content {
    let (width, height) = page.render_dimensions();
    let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let transform = page.initial_transform(true).to_kurbo();
    let mut context =
        Context::new(transform, bounds, cache, page.xref(), InterpreterSettings::default());
    let mut collector = Collector::default();
    interpret_page(page, &mut context, &mut collector);
    collector.finish()
}

/// Flags notices about the document itself near its beginning and end.
fn mark_notices(drafts: &mut [draft::Draft]) {
    let count = drafts.len();
    for (i, draft) in drafts.iter_mut().enumerate() {
        let near_end = i < NOTICE_DEPTH || i + NOTICE_DEPTH >= count || draft.style.page <= 2;
        if near_end
            && draft.block.furniture.is_none()
            && draft.block.table().is_none()
            && is_notice(&draft.block.text)
        {
            draft.block.furniture = Some(Furniture::Notice);
        }
    }
}
