//! Reads pictures of pages: PNG, JPEG, and TIFF with all its pages.
//!
//! A picture is turned upright as its Exif orientation says, set on white where it is transparent,
//! and read by [`ocr`](crate::ocr). Its page is as large as its resolution makes it. A resolution
//! that would make it smaller than a card or larger than a poster is a default that a program put
//! in, and not heeded: then what has the shape of A4 is A4, and anything else has 150 dots an inch.
//!
//! Pictures beyond 50 million pixels (A4 at 600 dots an inch has 35) are refused before they are
//! decoded. Colours, layers, embedded texts and titles are not read.

mod header;

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageDecoder, ImageError, ImageReader, ImageResult, Limits};

use crate::document::{Document, Format, Page, Warning};
use crate::error::ParseError;
use crate::ocr::{DPI, Scans, settle_sizes};
use crate::pdf::glyphs::Content;
use crate::pdf::{Structure, assemble};

/// Pictures have at most this many pixels.
const MOST_PIXELS: u64 = 50_000_000;
/// And take at most this much memory, decoded.
const MOST_BYTES: u64 = 150 << 20;
/// The resolution of pictures that do not say theirs.
const USUAL_DPI: f32 = 150.0;
/// The longer side of a page in inches, from a card to A2.
const SIDE: std::ops::RangeInclusive<f32> = 3.0..=24.0;
/// The longer side of A4 in inches, and how often it is the shorter one.
const A4: (f32, f32) = (11.69, 1.414);
/// Pages are at most this long in inches, which is what places can tell.
const LONGEST: f32 = 90.0;

/// Reads a picture.
///
/// # Errors
/// If it is damaged or too large. A picture that cannot be read for want of OCR is a page without
/// blocks and with a warning.
pub(crate) fn parse(_: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let directories = header::directories(bytes);
    let mut warnings = Vec::new();
    let mut pages = Vec::new();
    let mut contents = Vec::new();
    let mut scans = Scans::default();
    let mut owned = bytes.to_vec();
    for (i, directory) in leaves(&directories, &mut warnings).into_iter().enumerate() {
        if let Some(directory) = directory {
            header::lead_with(&mut owned, directory);
        }
        let number = i as u32 + 1;
        let dpi = header::resolution(bytes, directory);
        let mut content = Content::default();
        match Leaf::open(&owned, dpi) {
            Ok(leaf) => {
                pages.push(leaf.page());
                if let Some(read) = scans.read(number, || leaf.picture(), &mut warnings) {
                    content = read;
                }
            }
            Err(error) if i == 0 => return Err(error),
            Err(error) => {
                warnings.push(Warning { page: Some(number), message: error.to_string() });
                pages.push(Page::default());
            }
        }
        contents.push(content);
    }
    settle_sizes(&mut contents.iter_mut().collect::<Vec<_>>());
    warnings.extend(scans.warning());
    let (meta, mut blocks) =
        assemble(&scans.straight(&pages), contents, &Structure::default(), None);
    scans.turn_back(&mut blocks);
    Ok(Document { format: Format::Image, meta, pages, blocks, warnings, members: Vec::new() })
}

/// The directory of each page that is read, or `None` for the only one of a file without.
fn leaves(directories: &[u32], warnings: &mut Vec<Warning>) -> Vec<Option<u32>> {
    if directories.is_empty() {
        return vec![None];
    }
    if directories.len() > header::MOST_PAGES {
        let message = format!("only the first {} pages were read", header::MOST_PAGES);
        warnings.push(Warning { page: None, message });
    }
    directories.iter().copied().take(header::MOST_PAGES).map(Some).collect()
}

/// A picture whose header was read.
struct Leaf<'a> {
    bytes: &'a [u8],
    orientation: Orientation,
    /// As displayed, in pixels.
    width: u32,
    height: u32,
    dpi: f32,
}

impl<'a> Leaf<'a> {
    fn open(bytes: &'a [u8], dpi: Option<f32>) -> Result<Self, ParseError> {
        let mut decoder = decoder(bytes).map_err(damaged)?;
        let (width, height) = decoder.dimensions();
        let pixels = u64::from(width) * u64::from(height);
        if pixels > MOST_PIXELS || decoder.total_bytes() > MOST_BYTES {
            return Err(ParseError::Limit(format!(
                "the picture has {width} × {height} pixels; scale it down to at most {} million, \
                 fewer in deep colours",
                MOST_PIXELS / 1_000_000
            )));
        }
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let (width, height) = match orientation {
            Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH => (height, width),
            _ => (width, height),
        };
        let dpi = resolution(width as f32, height as f32, dpi);
        Ok(Self { bytes, orientation, width, height, dpi })
    }

    fn page(&self) -> Page {
        let points = |pixels: u32| pixels as f32 * 72.0 / self.dpi;
        Page { width: points(self.width), height: points(self.height), rotation: 0, images: 1 }
    }

    /// The picture upright, in shades of grey, at the resolution at which it is read.
    fn picture(&self) -> Result<(GrayImage, f32), String> {
        let decoded = decoder(self.bytes).and_then(DynamicImage::from_decoder);
        let grey = on_white(decoded.map_err(|error| wrong(&error))?);
        // Grey first: a copy in full colour would take three times the memory.
        let mut upright = DynamicImage::ImageLuma8(grey);
        upright.apply_orientation(self.orientation);
        let grey = upright.into_luma8();
        let scale = DPI / self.dpi;
        // A little more than enough costs less than scaling.
        if scale > 0.87 {
            return Ok((grey, self.dpi));
        }
        let side = |length: u32| ((length as f32 * scale).round() as u32).max(1);
        let (width, height) = (side(grey.width()), side(grey.height()));
        let small = DynamicImage::ImageLuma8(grey).thumbnail_exact(width, height).into_luma8();
        Ok((small, self.dpi * width as f32 / self.width as f32))
    }
}

fn decoder(bytes: &[u8]) -> ImageResult<impl ImageDecoder> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    reader.into_decoder()
}

fn damaged(error: ImageError) -> ParseError {
    match error {
        ImageError::Limits(_) => ParseError::Limit(
            "the picture takes too much memory to decode; scale it down".to_owned(),
        ),
        error => ParseError::Damaged { format: "picture", reason: wrong(&error) },
    }
}

/// What is wrong, in words: the decoders' own are about their insides.
fn wrong(error: &ImageError) -> String {
    match error {
        ImageError::Unsupported(_) => {
            "it is of a kind that is not read; save it as a plain PNG or JPEG".to_owned()
        }
        ImageError::IoError(_) => "it ends too early; copy it again".to_owned(),
        _ => "its data are broken; open it in an image viewer and save it again".to_owned(),
    }
}

/// In shades of grey, on white where it is transparent.
fn on_white(picture: DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let picture = picture.to_luma_alpha8();
    let (width, height) = picture.dimensions();
    let blended = picture.as_raw().chunks_exact(2).map(|pixel| {
        let (grey, alpha) = (u32::from(pixel[0]), u32::from(pixel[1]));
        ((grey * alpha + 255 * (255 - alpha)) / 255) as u8
    });
    GrayImage::from_raw(width, height, blended.collect()).unwrap_or_default()
}

/// The resolution of a picture of this size that claims one, or none.
fn resolution(width: f32, height: f32, claimed: Option<f32>) -> f32 {
    let (long, short) = (width.max(height).max(1.0), width.min(height).max(1.0));
    let least = long / LONGEST;
    if let Some(dpi) = claimed.filter(|dpi| SIDE.contains(&(long / dpi))) {
        return dpi;
    }
    let (side, ratio) = A4;
    let is_a4 = (long / short / ratio - 1.0).abs() < 0.04;
    if is_a4 { long / side } else { USUAL_DPI.max(least) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_resolution_counts_where_it_makes_a_page() {
        let cases = [
            (1654.0, 2339.0, Some(200.0), 200.0),
            // The default of a program: the page would be as large as a door.
            (2480.0, 3508.0, Some(72.0), 300.0),
            (1240.0, 1754.0, None, 150.0),
            (1000.0, 800.0, None, 150.0),
            (1080.0, 19_800.0, None, 220.0),
        ];
        for (width, height, claimed, expected) in cases {
            let dpi = resolution(width, height, claimed);
            assert!((dpi - expected).abs() < 1.0, "{width} × {height}, {claimed:?}: {dpi}");
        }
    }

    #[test]
    fn what_is_transparent_is_white() {
        let picture = image::RgbaImage::from_fn(2, 1, |x, _| image::Rgba([0, 0, 0, 255 * x as u8]));
        assert_eq!(on_white(picture.into()).as_raw(), &[255, 0]);
    }

    /// A small picture with some structure, in a format.
    fn encoded(picture: impl Into<DynamicImage>, format: image::ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.into().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn small() -> GrayImage {
        GrayImage::from_fn(9, 5, |x, y| image::Luma([(x * 20 + y * 7) as u8]))
    }

    fn decode(bytes: &[u8]) -> Option<GrayImage> {
        for directory in header::directories(bytes) {
            let mut owned = bytes.to_vec();
            header::lead_with(&mut owned, directory);
            let _ = Leaf::open(&owned, header::resolution(bytes, Some(directory)));
        }
        Leaf::open(bytes, header::resolution(bytes, None)).ok()?.picture().ok().map(|read| read.0)
    }

    #[test]
    fn odd_shapes_and_depths_are_decoded() {
        use image::ImageFormat::{Jpeg, Png, Tiff};
        let deep = image::ImageBuffer::from_fn(9, 5, |x, _| image::Luma([x as u16 * 7000]));
        let clear = image::RgbaImage::from_pixel(9, 5, image::Rgba([9, 9, 9, 0]));
        for format in [Jpeg, Png, Tiff] {
            assert_eq!(decode(&encoded(small(), format)).unwrap().dimensions(), (9, 5));
        }
        assert_eq!(decode(&encoded(deep, Png)).unwrap().dimensions(), (9, 5));
        assert!(decode(&encoded(clear, Png)).unwrap().iter().all(|grey| *grey == 255));
        for (width, height) in [(1, 1), (1, 60_000), (60_000, 1)] {
            let thin = GrayImage::from_pixel(width, height, image::Luma([200]));
            let found = decode(&encoded(thin, Png)).unwrap();
            assert!(found.width() >= 1 && found.height() >= 1);
        }
    }

    #[test]
    fn damage_anywhere_is_an_error_or_a_picture() {
        use image::ImageFormat::{Jpeg, Png, Tiff};
        for format in [Jpeg, Png, Tiff] {
            let whole = encoded(small(), format);
            for at in 0..whole.len() {
                let _ = decode(&whole[..at]);
                for value in [0x00, 0x7F, 0xFF] {
                    let mut broken = whole.clone();
                    broken[at] = value;
                    let _ = decode(&broken);
                }
            }
        }
    }

    #[test]
    fn a_header_that_promises_too_much_is_refused() {
        let mut png = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR".to_vec();
        png.extend([60_000_u32.to_be_bytes(), 60_000_u32.to_be_bytes()].concat());
        png.extend(b"\x08\x00\x00\x00\x00\x5D\xD1\x9B\x7B\0\0\0\0IDAT");
        assert!(parse("", &png).is_err());
        assert!(matches!(parse("", b"\x89PNG\r\n\x1A\n"), Err(ParseError::Damaged { .. })));
    }
}
