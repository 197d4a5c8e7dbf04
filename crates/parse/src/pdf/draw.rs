//! Pictures of pages: as they are, or with a frame around each block that was read.
//!
//! Colours: headings red, paragraphs blue, list items green, tables orange with their cells,
//! captions violet, notes brown, furniture grey.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use crate::document::{Block, BlockKind, Document, PageBox};
use crate::error::ParseError;

use super::open;

/// Draws a page of a PDF as PNG. Nothing of the file is read but what the page needs.
///
/// `page` counts from 1, `scale` is pixels per point.
///
/// # Errors
/// If the file cannot be opened, has no such page, or the page is too large to draw.
pub fn draw_page(bytes: Vec<u8>, page: u32, scale: f32) -> Result<Vec<u8>, ParseError> {
    png(rendered(bytes, page, scale)?, page)
}

/// The same with the blocks of `document` framed.
///
/// # Errors
/// As [`draw_page`].
pub fn draw_boxes(
    bytes: Vec<u8>,
    document: &Document,
    page: u32,
    scale: f32,
) -> Result<Vec<u8>, ParseError> {
    let mut picture = rendered(bytes, page, scale)?;
    for block in &document.blocks {
        let colour = colour(block);
        for frame in frames(block, page) {
            outline(&mut picture, frame, scale, colour);
        }
    }
    png(picture, page)
}

fn failed(page: u32, reason: &str) -> ParseError {
    ParseError::Drawing { page, reason: reason.to_owned() }
}

fn png(picture: Pixmap, page: u32) -> Result<Vec<u8>, ParseError> {
    picture.into_png().map_err(|error| failed(page, &error.to_string()))
}

fn rendered(bytes: Vec<u8>, page: u32, scale: f32) -> Result<Pixmap, ParseError> {
    let pdf = open(bytes)?;
    let failed = |reason: &str| failed(page, reason);
    let index = (page as usize).checked_sub(1).ok_or_else(|| failed("pages count from 1"))?;
    let source = pdf.pages().get(index).ok_or_else(|| failed("the document has fewer pages"))?;
    let (width, height) = source.render_dimensions();
    if !(1.0..=16_000.0).contains(&(width * scale)) || !(1.0..=16_000.0).contains(&(height * scale))
    {
        return Err(failed("it would be larger than 16,000 pixels"));
    }
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    Ok(render(
        source,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    ))
}

fn colour(block: &Block) -> [u8; 3] {
    if block.furniture.is_some() {
        return [150, 150, 150];
    }
    match block.kind {
        BlockKind::Heading(_) => [220, 30, 30],
        BlockKind::Paragraph => [40, 90, 220],
        BlockKind::ListItem => [20, 150, 60],
        BlockKind::Table(_) => [240, 140, 0],
        BlockKind::Caption => [150, 50, 200],
        BlockKind::Note => [130, 80, 40],
    }
}

/// One frame around a block's part on the page; for a table also one for each cell.
fn frames(block: &Block, page: u32) -> Vec<PageBox> {
    let whole = std::iter::once(0..block.text.len());
    let cells = block.table().into_iter().flat_map(|table| &table.cells).map(|cell| cell.range());
    whole
        .chain(cells)
        .filter_map(|range| {
            let boxes = block.boxes(range).into_iter().filter(|place| place.page == page);
            boxes.reduce(|a, b| PageBox {
                page,
                x0: a.x0.min(b.x0),
                y0: a.y0.min(b.y0),
                x1: a.x1.max(b.x1),
                y1: a.y1.max(b.y1),
            })
        })
        .collect()
}

fn outline(picture: &mut Pixmap, frame: PageBox, scale: f32, colour: [u8; 3]) {
    let (width, height) = (usize::from(picture.width()), usize::from(picture.height()));
    let clamp =
        |at: f32, most: usize| ((at * scale).round().max(0.0) as usize).min(most.saturating_sub(1));
    let (x0, x1) = (clamp(frame.x0 - 1.0, width), clamp(frame.x1 + 1.0, width));
    let (y0, y1) = (clamp(frame.y0 - 1.0, height), clamp(frame.y1 + 1.0, height));
    let [r, g, b] = colour;
    let pixels = picture.data_as_u8_slice_mut();
    let mut set = |x: usize, y: usize| {
        if let Some(pixel) = pixels.get_mut((y * width + x) * 4..(y * width + x) * 4 + 4) {
            pixel.copy_from_slice(&[r, g, b, 255]);
        }
    };
    for x in x0..=x1 {
        set(x, y0);
        set(x, y1);
    }
    for y in y0..=y1 {
        set(x0, y);
        set(x1, y);
    }
}
