//! Which way up a page lies: a sheet is put into a scanner in four ways.
//!
//! Whether its lines run across or along the picture shows in their shape. In which of the two
//! directions left they are read is tried on a few of them: text upside down is read with little
//! confidence.

use std::f32::consts::PI;

use image::{GrayImage, imageops};

use super::engine::{Engine, OcrError, TALL};
use super::geometry::Quad;

/// So many lines are tried.
const TRIED: usize = 4;
/// The best length of a line to try, as a multiple of its height: it says enough, and soon.
const HANDY: f32 = 8.0;
/// Lines shorter than this are not tried.
const SHORTEST: f32 = 2.5;
/// Read with this confidence, a line is the right way up.
const SURE: f32 = 0.9;
/// How much better the other way must be read.
const BETTER: f32 = 0.1;
/// A page is not turned on less confidence: its text may run from the top down.
const ENOUGH: f32 = 0.75;

/// By how many quarters, clockwise as seen, the text of a picture is turned.
pub(crate) fn quarters(
    engine: &Engine,
    picture: &GrayImage,
    quads: &[Quad],
) -> Result<u8, OcrError> {
    let standing = is_standing(quads);
    let samples = samples(quads, standing);
    if samples.is_empty() {
        return Ok(0);
    }
    let confidence = |turn: f32| -> Result<f32, OcrError> {
        let mut sum = 0.0;
        for quad in &samples {
            let quad = Quad { angle: quad.angle + turn, ..*quad };
            sum += engine.read_lying(picture, quad)?.confidence;
        }
        Ok(sum / samples.len() as f32)
    };
    let first = confidence(0.0)?;
    if first >= SURE {
        return Ok(if standing { 3 } else { 0 });
    }
    let second = confidence(PI)?;
    let turned_over = second > first + BETTER;
    Ok(match (standing, turned_over) {
        _ if first.max(second) < ENOUGH => 0,
        (false, false) => 0,
        (true, true) => 1,
        (false, true) => 2,
        (true, false) => 3,
    })
}

/// A picture turned back by so many quarters.
pub(crate) fn turned_back(picture: &GrayImage, quarters: u8) -> Option<GrayImage> {
    match quarters {
        1 => Some(imageops::rotate270(picture)),
        2 => Some(imageops::rotate180(picture)),
        3 => Some(imageops::rotate90(picture)),
        _ => None,
    }
}

/// Whether most text runs up or down.
fn is_standing(quads: &[Quad]) -> bool {
    let lying = quads.iter().filter(|quad| quad.width > TALL * quad.height);
    let standing = quads.iter().filter(|quad| quad.height > TALL * quad.width);
    standing.map(|quad| quad.height).sum::<f32>() > lying.map(|quad| quad.width).sum()
}

/// The lines that are tried, lying; those that stand as if they were read upwards.
fn samples(quads: &[Quad], standing: bool) -> Vec<Quad> {
    let lying = quads.iter().map(|quad| if standing { quad.lying() } else { *quad });
    let far = |quad: &Quad| (quad.width / quad.height.max(1.0) - HANDY).abs();
    let mut found: Vec<Quad> = lying.filter(|quad| quad.width > SHORTEST * quad.height).collect();
    found.sort_by(|a, b| far(a).total_cmp(&far(b)));
    found.truncate(TRIED);
    found
}

#[cfg(test)]
mod tests {
    use super::super::geometry::Point;
    use super::*;

    fn quad(width: f32, height: f32) -> Quad {
        Quad { centre: Point { x: 100.0, y: 100.0 }, width, height, angle: 0.0 }
    }

    #[test]
    fn lines_show_whether_a_page_lies_on_its_side() {
        let upright = [quad(300.0, 20.0), quad(20.0, 20.0), quad(20.0, 60.0)];
        let lying = [quad(20.0, 300.0), quad(20.0, 20.0), quad(60.0, 20.0)];
        assert!(!is_standing(&upright) && is_standing(&lying) && !is_standing(&[]));
    }

    #[test]
    fn lines_of_a_handy_length_are_tried() {
        let quads = [quad(600.0, 20.0), quad(150.0, 20.0), quad(30.0, 20.0), quad(200.0, 20.0)];
        let widths: Vec<f32> = samples(&quads, false).iter().map(|quad| quad.width).collect();
        assert_eq!(widths, [150.0, 200.0, 600.0]);
        assert_eq!(samples(&[quad(20.0, 160.0)], true)[0].width, 160.0);
    }

    #[test]
    fn a_picture_is_turned_back() {
        let picture = GrayImage::from_fn(3, 2, |x, y| image::Luma([(10 * y + x) as u8]));
        let corner = |quarters: u8| {
            let back = turned_back(&picture, quarters).unwrap();
            (back.dimensions(), back.get_pixel(0, 0).0[0])
        };
        assert_eq!(corner(1), ((2, 3), 2));
        assert_eq!(corner(2), ((3, 2), 12));
        assert_eq!(corner(3), ((2, 3), 10));
        assert!(turned_back(&picture, 0).is_none());
    }
}
