//! A picture of a page to lines and rulings, as they stand in the picture set straight.

use std::f32::consts::FRAC_PI_2;

use image::GrayImage;

use super::crop::straightened;
use super::engine::{Engine, Line, OcrError};
use super::geometry::{Point, Quad, Turn};
use super::measure::{size, strokes};
use super::rulings::{Mark, rulings};
use super::upright;
use super::whole::whole_lines;

/// Lines read with less confidence than this are left out.
const CLEAR: f32 = 0.5;
/// Pages turned by less than this, in radians, are straight.
const STRAIGHT: f32 = 0.0015;
/// Text turned further than this, in radians, is no line of a slanted page.
const STEEPEST: f32 = 0.3;
/// No more text than this is read from a page, as the length of its lines in multiples of their
/// height: some 12,000 ideographs, five times a densely printed page.
const MOST_TEXT: f32 = 15_000.0;

/// What a picture of a page says.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) lines: Vec<Line>,
    pub(crate) marks: Vec<Mark>,
    pub(crate) turn: Turn,
    /// How many lines were too unclear to read.
    pub(crate) unclear: usize,
    /// How many were left unread because there were too many.
    pub(crate) unread: usize,
    /// The mean confidence over all characters, 0 to 1.
    pub(crate) confidence: f32,
}

/// Reads a picture of a page of so many dots an inch.
pub(crate) fn read(engine: &Engine, picture: &GrayImage, dpi: f32) -> Result<Sheet, OcrError> {
    let quads = engine.detect(picture)?;
    let quarters = upright::quarters(engine, picture, &quads)?;
    let Some(upright) = upright::turned_back(picture, quarters) else {
        return read_upright(engine, picture, quads, dpi);
    };
    let quads = engine.detect(&upright)?;
    let mut sheet = read_upright(engine, &upright, quads, dpi)?;
    sheet.turn = Turn {
        middle: middle(picture),
        straight_middle: middle(&upright),
        angle: sheet.turn.angle + f32::from(quarters) * FRAC_PI_2,
    };
    Ok(sheet)
}

fn middle(picture: &GrayImage) -> Point {
    Point { x: picture.width() as f32 / 2.0, y: picture.height() as f32 / 2.0 }
}

/// Reads a picture that is the right way up, or nearly.
fn read_upright(
    engine: &Engine,
    picture: &GrayImage,
    mut quads: Vec<Quad>,
    dpi: f32,
) -> Result<Sheet, OcrError> {
    let slant = slant(&quads);
    let turn =
        if slant.abs() < STRAIGHT { Turn::NONE } else { Turn::about(middle(picture), slant) };
    let straight = (turn != Turn::NONE).then(|| straightened(picture, turn));
    let picture = straight.as_ref().unwrap_or(picture);
    for quad in &mut quads {
        quad.centre = turn.straight(quad.centre);
        quad.angle -= turn.angle;
    }
    let quads = whole_lines(quads);
    let mut lines = Vec::new();
    let mut unclear = 0;
    let mut unread = 0;
    let mut length = 0.0;
    for quad in quads {
        length += quad.width.max(quad.height) / quad.width.min(quad.height).max(1.0);
        if length > MOST_TEXT {
            unread += 1;
            continue;
        }
        let line = engine.read(picture, quad)?;
        if line.characters.iter().all(|character| character.ch.is_whitespace()) {
            continue;
        }
        if line.confidence < CLEAR {
            unclear += 1;
        } else {
            lines.push(line);
        }
    }
    let count: usize = lines.iter().map(|line| line.characters.len()).sum();
    let sum: f32 = lines.iter().map(|line| line.confidence * line.characters.len() as f32).sum();
    let confidence = if count == 0 { 1.0 } else { sum / count as f32 };
    let marks = rulings(picture, dpi, usual_size(&lines));
    Ok(Sheet { lines, marks, turn, unclear, unread, confidence })
}

/// The size that most text has.
pub(crate) fn usual_size(lines: &[Line]) -> f32 {
    let weighted = lines.iter().map(|line| (size(line), line.characters.len() as f32));
    median(weighted.collect()).unwrap_or(12.0)
}

/// How thick the strokes of most text are, as a share of its size.
pub(crate) fn usual_strokes(lines: &[Line]) -> f32 {
    let weighted = lines
        .iter()
        .filter_map(|line| strokes(line).map(|strokes| (strokes, line.characters.len() as f32)));
    median(weighted.collect()).unwrap_or(f32::MAX)
}

/// By how much the text of a page is turned: the median over its lines, the long ones above all.
fn slant(quads: &[Quad]) -> f32 {
    let long = quads.iter().filter(|quad| quad.width > 5.0 * quad.height);
    let near = long.filter(|quad| quad.angle.abs() < STEEPEST);
    median(near.map(|quad| (quad.angle, quad.width)).collect()).unwrap_or(0.0)
}

/// The weighted median.
fn median(mut values: Vec<(f32, f32)>) -> Option<f32> {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = values.iter().map(|(_, weight)| weight).sum::<f32>() / 2.0;
    let mut sum = 0.0;
    let found = values.iter().find(|(_, weight)| {
        sum += weight;
        sum >= half
    });
    found.map(|(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_say_how_a_page_is_turned() {
        let quad = |width: f32, angle: f32| Quad {
            centre: Point { x: 0.0, y: 0.0 },
            width,
            height: 20.0,
            angle,
        };
        let quads = [quad(900.0, 0.011), quad(800.0, 0.012), quad(60.0, 0.2), quad(700.0, 0.7)];
        assert!((slant(&quads) - 0.0115).abs() < 0.001);
        assert_eq!(slant(&[]), 0.0);
    }
}
