//! Pages that are only an image: drawn, and read as pictures.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use hayro_syntax::Pdf;
use image::GrayImage;

use crate::document::Warning;
use crate::ocr::{DPI, Scans, settle_sizes};

use super::glyphs::Content;

/// Pages are drawn with at most this many pixels.
const MOST_PIXELS: f32 = 12e6;

/// Whether a page shows images and no text.
fn is_scan(content: &Content) -> bool {
    content.glyphs.is_empty() && !content.images.is_empty()
}

/// Reads the pages that are only an image.
pub(crate) fn read(pdf: &Pdf, contents: &mut [Content], warnings: &mut Vec<Warning>) -> Scans {
    let mut scans = Scans::default();
    let mut read = Vec::new();
    for (i, content) in contents.iter_mut().enumerate().filter(|(_, content)| is_scan(content)) {
        let found = scans.read(i as u32 + 1, || picture(pdf, i), warnings);
        if let Some(found) = found {
            let images = std::mem::take(&mut content.images);
            *content = Content { images, ..found };
            read.push(content);
        }
    }
    settle_sizes(&mut read);
    warnings.extend(scans.warning());
    scans
}

/// A page as a picture in shades of grey, and its dots an inch.
fn picture(pdf: &Pdf, index: usize) -> Result<(GrayImage, f32), String> {
    let failed = || "the page is too large or too small to draw".to_owned();
    let page = pdf.pages().get(index).ok_or_else(failed)?;
    let (width, height) = page.render_dimensions();
    let scale = (DPI / 72.0).min((MOST_PIXELS / (width * height)).sqrt());
    let fits = |length: f32| (1.0..=16_000.0).contains(&(length * scale));
    if !fits(width) || !fits(height) {
        return Err(failed());
    }
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let drawn = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
    let grey = drawn.data_as_u8_slice().chunks_exact(4).map(|pixel| {
        // The weights of ITU-R BT.601.
        let [red, green, blue] = [0, 1, 2].map(|i| u32::from(pixel[i]));
        ((299 * red + 587 * green + 114 * blue) / 1000) as u8
    });
    let grey = GrayImage::from_raw(width, height, grey.collect()).ok_or_else(failed)?;
    Ok((grey, scale * 72.0))
}
