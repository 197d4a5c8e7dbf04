//! Pictures of pages: the top of a sample's first page, drawn from its PDF, is read again as a
//! picture in several forms, and compared with the text layer. Needs the models for OCR.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::OnceLock;

use image::{DynamicImage, GrayImage, ImageFormat, imageops};
use yuanwen_parse::{Block, Document, PageBox, ocr};

use super::{read, sample_pdfs};

/// What a picture that does not say its resolution is taken for.
const DPI: f32 = 150.0;
/// The part of the page that is read, from its top, in points.
const HEIGHT: f32 = 200.0;
/// Boxes are this close to those of the text layer, in points.
const NEAR: f32 = 4.0;

/// Whether there are models; says so if there are none.
fn ready() -> bool {
    match ocr::preload() {
        Ok(()) => true,
        Err(error) => {
            println!("skipped: no models for OCR, run scripts/get-ocr ({error})");
            false
        }
    }
}

/// The picture, and the blocks of the text layer that stand in it.
fn sample() -> &'static (GrayImage, Vec<Block>) {
    static SAMPLE: OnceLock<(GrayImage, Vec<Block>)> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let path = sample_pdfs().into_iter().next_back().expect("there are samples");
        let document = read(&path);
        let bytes = std::fs::read(&path).expect("it was read before");
        let bare = Document { blocks: Vec::new(), ..document.clone() };
        let drawn = yuanwen_parse::pdf::draw_boxes(bytes, &bare, 1, DPI / 72.0).expect("drawn");
        let drawn = image::load_from_memory(&drawn).expect("a picture").into_luma8();
        let height = (HEIGHT * DPI / 72.0) as u32;
        let top = imageops::crop_imm(&drawn, 0, 0, drawn.width(), height).to_image();
        let inside = |block: &Block| {
            block.boxes(0..block.text.len()).iter().all(|b| b.page == 1 && b.y1 < HEIGHT)
        };
        (top, document.blocks.into_iter().filter(inside).collect())
    })
}

fn encoded(picture: &GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(picture.clone()).write_to(&mut bytes, format).expect("encoded");
    bytes.into_inner()
}

fn parsed(name: &str, bytes: Vec<u8>) -> Document {
    let document = yuanwen_parse::parse(name, bytes).expect("it can be read");
    let told = |warning: &yuanwen_parse::Warning| warning.message.contains("read by OCR");
    assert!(document.warnings.iter().any(told), "{name}: {:?}", document.warnings);
    document
}

fn visible(text: &str) -> Vec<char> {
    text.chars().filter(|ch| !ch.is_whitespace()).collect()
}

fn text_of(blocks: &[&Block]) -> Vec<char> {
    blocks.iter().flat_map(|block| visible(&block.text)).collect()
}

/// The edit distance of two texts (Levenshtein).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = corner + usize::from(from != to);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// Characters in reading order, each with its box.
fn placed(blocks: &[&Block]) -> Vec<(char, PageBox)> {
    let of = |block: &Block| -> Vec<(char, PageBox)> {
        let found = block
            .text
            .char_indices()
            .filter_map(|(at, ch)| Some((ch, *block.boxes(at..at + ch.len_utf8()).first()?)));
        found.collect()
    };
    blocks.iter().flat_map(|block| of(block)).collect()
}

/// Stretches of characters that occur once, and where each begins.
fn stretches(characters: &[(char, PageBox)]) -> BTreeMap<String, Option<PageBox>> {
    let mut found = BTreeMap::new();
    for window in characters.windows(6) {
        let text: String = window.iter().map(|(ch, _)| ch).collect();
        let again = found.contains_key(&text);
        found.insert(text, (!again).then_some(window[0].1));
    }
    found
}

/// Compares a page with the text layer; `turned` says where a point of the upright page stands.
fn check(name: &str, document: &Document, page: u32, turned: impl Fn([f32; 4]) -> [f32; 4]) {
    let on_page = |block: &&Block| block.places.pages().is_some_and(|(first, _)| first == page);
    let own: Vec<&Block> = document.blocks.iter().filter(on_page).collect();
    let truth: Vec<&Block> = sample().1.iter().collect();
    let (expected, found) = (text_of(&truth), text_of(&own));
    let wrong = distance(&expected, &found);
    assert!(
        wrong as f32 <= 0.03 * expected.len() as f32,
        "{name}: {wrong} of {} characters are wrong: {}",
        expected.len(),
        found.iter().collect::<String>(),
    );
    let there = stretches(&placed(&own));
    let mut compared = 0;
    for (text, place) in stretches(&placed(&truth)) {
        let (Some(right), Some(Some(place_found))) = (place, there.get(&text)) else { continue };
        let right = turned([right.x0, right.y0, right.x1, right.y1]);
        let b = place_found;
        for (edge, expected) in [b.x0, b.y0, b.x1, b.y1].into_iter().zip(right) {
            assert!((edge - expected).abs() < NEAR, "{name}: {text} {b:?}, not {right:?}");
        }
        compared += 1;
    }
    assert!(compared * 2 > expected.len(), "{name}: only {compared} places compared");
}

#[test]
fn a_picture_says_what_the_text_layer_says_in_the_same_places() {
    if !ready() {
        return;
    }
    let document = parsed("page.png", encoded(&sample().0, ImageFormat::Png));
    check("png", &document, 1, |edges| edges);
}

#[test]
fn a_page_that_is_only_an_image_is_read_like_a_picture() {
    if !ready() {
        return;
    }
    let document = parsed("scan.pdf", pdf_of(&sample().0));
    check("pdf", &document, 1, |edges| edges);
}

#[test]
fn a_page_upside_down_or_on_its_side_is_read_and_placed_as_it_lies() {
    if !ready() {
        return;
    }
    let upright = &sample().0;
    let points = |pixels: u32| pixels as f32 * 72.0 / DPI;
    let (width, height) = (points(upright.width()), points(upright.height()));
    let over = parsed("over.png", encoded(&imageops::rotate180(upright), ImageFormat::Png));
    check("upside down", &over, 1, |[x0, y0, x1, y1]| {
        [width - x1, height - y1, width - x0, height - y0]
    });
    let side = parsed("side.pdf", pdf_of(&imageops::rotate90(upright)));
    check("on its side", &side, 1, |[x0, y0, x1, y1]| [height - y1, x0, height - y0, x1]);
}

#[test]
fn every_page_of_a_tiff_is_read() {
    if !ready() {
        return;
    }
    let blank = GrayImage::from_pixel(600, 300, image::Luma([255]));
    let document = parsed("pages.tiff", tiff(&[&blank, &sample().0]));
    assert_eq!(document.pages.len(), 2);
    assert!(document.warnings.iter().any(|warning| warning.page == Some(1)));
    check("tiff", &document, 2, |edges| edges);
}

/// A PDF of one page that shows a picture and nothing else.
fn pdf_of(picture: &GrayImage) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    let points = |pixels: u32| pixels as f32 * 72.0 / DPI;
    let (across, down) = (points(width), points(height));
    let jpeg = encoded(picture, ImageFormat::Jpeg);
    let draw = format!("{across} 0 0 {down} 0 0 cm /Scan Do");
    let stream = |dictionary: String, data: &[u8]| {
        let head = format!("<< {dictionary} /Length {} >>\nstream\n", data.len());
        [head.as_bytes(), data, b"\nendstream"].concat()
    };
    let image = format!(
        "/Type /XObject /Subtype /Image /Width {width} /Height {height} \
         /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode"
    );
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {across} {down}] /Contents 4 0 R \
         /Resources << /XObject << /Scan 5 0 R >> >> >>"
    );
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        page.into_bytes(),
        stream(String::new(), draw.as_bytes()),
        stream(image, &jpeg),
    ];
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (i, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend(format!("{} 0 obj\n", i + 1).into_bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let start = bytes.len();
    bytes.extend(table.into_bytes());
    let size = objects.len() + 1;
    bytes.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    bytes
}

/// A TIFF file of uncompressed grey pages.
fn tiff(pages: &[&GrayImage]) -> Vec<u8> {
    let mut bytes = b"II*\0\0\0\0\0".to_vec();
    let mut link = 4;
    for page in pages {
        let data = bytes.len() as u32;
        bytes.extend(page.as_raw());
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        let here = (bytes.len() as u32).to_le_bytes();
        bytes[link..link + 4].copy_from_slice(&here);
        let (width, height) = page.dimensions();
        let entries = [
            (256_u16, width),
            (257, height),
            (258, 8),
            (259, 1),
            (262, 1),
            (273, data),
            (277, 1),
            (278, height),
            (279, width * height),
        ];
        bytes.extend((entries.len() as u16).to_le_bytes());
        for (tag, value) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(4_u16.to_le_bytes());
            bytes.extend(1_u32.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        }
        link = bytes.len();
        bytes.extend([0; 4]);
    }
    bytes
}
