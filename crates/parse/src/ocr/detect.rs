//! Where text stands: the map of a detection network to rectangles around lines.
//!
//! The network is of the kind of Liao and others, "Real-time Scene Text Detection with
//! Differentiable Binarization" (arXiv 1911.08947): for each pixel the probability that it lies in
//! the core of a line of text. The cores were shrunk for training so that lines stay apart; each
//! connected group of likely pixels is a line, and its smallest rectangle is grown back by
//! `area × ratio / perimeter` (section 3.4 of the paper).
//!
//! A picture higher than wide, such as a long screenshot, is looked at in bands that overlap, so
//! that its text is never scaled down to nothing; a line belongs to the band whose middle part
//! holds its centre.

use image::{DynamicImage, GrayImage};

use super::geometry::{Point, Quad};

/// The longer side of what the network sees, in pixels. Memory grows with its square: about
/// 180 MB at this size.
const LONGEST_SIDE: f32 = 1280.0;
/// Sides are multiples of this: the network halves them five times.
const STEP: u32 = 32;
/// Pixels at least this likely are in the core of a line.
const LIKELY: f32 = 0.3;
/// Lines are at least this likely, over all their pixels.
const LIKELY_LINE: f32 = 0.5;
/// How far a core is grown: the ratio of the paper, as the published weights want it.
const GROWTH: f32 = 1.6;
/// Cores thinner than this many pixels are specks.
const THINNEST: f32 = 2.0;
/// More lines than this are not read.
pub(crate) const MOST_LINES: usize = 3000;
/// A band's height at most, as a multiple of its width.
const BAND: f32 = 1.6;
/// How much of a band it shares with the next.
const OVERLAP: f32 = 0.15;

/// A part of a picture from one height to another, and the heights within which lines are its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Band {
    pub(crate) top: u32,
    pub(crate) bottom: u32,
    pub(crate) own: (f32, f32),
}

/// The bands in which a picture of this size is looked at.
pub(crate) fn bands(width: u32, height: u32) -> Vec<Band> {
    let most = ((width as f32 * BAND) as u32).max(LONGEST_SIDE as u32);
    if height <= most {
        return vec![Band { top: 0, bottom: height, own: (f32::MIN, f32::MAX) }];
    }
    let shared = (most as f32 * OVERLAP) as u32;
    let step = (most - shared).max(1);
    let mut bands: Vec<Band> = Vec::new();
    let mut top = 0;
    loop {
        let bottom = (top + most).min(height);
        let from = bands.last().map_or(f32::MIN, |last| last.own.1);
        let to = if bottom == height { f32::MAX } else { (bottom - shared / 2) as f32 };
        bands.push(Band { top, bottom, own: (from, to) });
        if bottom == height {
            return bands;
        }
        top += step;
    }
}

/// What the network takes: three equal planes of values from -1 to 1.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) values: Vec<f32>,
}

/// Scales a picture, or a band of it, to what the network takes.
pub(crate) fn input(picture: &DynamicImage) -> Input {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let scale = (LONGEST_SIDE / width.max(height)).min(2.0);
    let side = |length: f32| (((length * scale) as u32).div_ceil(STEP) * STEP).max(STEP);
    let (width, height) = (side(width), side(height));
    let small = picture.resize_exact(width, height, image::imageops::FilterType::Triangle);
    let small: GrayImage = small.into_luma8();
    let plane: Vec<f32> = small.iter().map(|value| f32::from(*value) / 127.5 - 1.0).collect();
    Input { width: width as usize, height: height as usize, values: plane.repeat(3) }
}

/// The rectangles around the lines that a map of probabilities shows, grown to their full height.
pub(crate) fn lines(map: &[f32], width: usize, height: usize) -> Vec<Quad> {
    let mut seen = vec![false; map.len()];
    let mut out = Vec::new();
    for start in 0..map.len().min(width * height) {
        if seen[start] || map[start] < LIKELY {
            continue;
        }
        let pixels = group(map, width, height, start, &mut seen);
        let mean = pixels.iter().map(|&i| map[i as usize]).sum::<f32>() / pixels.len() as f32;
        if mean < LIKELY_LINE {
            continue;
        }
        let Some(core) = Quad::around(&mut outline(&pixels, width)) else { continue };
        if core.width.min(core.height) < THINNEST {
            continue;
        }
        let perimeter = 2.0 * (core.width + core.height);
        out.push(core.grown(core.width * core.height * GROWTH / perimeter));
        if out.len() >= MOST_LINES {
            break;
        }
    }
    out
}

/// The likely pixels connected with one, the eight around each being its neighbours.
fn group(map: &[f32], width: usize, height: usize, start: usize, seen: &mut [bool]) -> Vec<u32> {
    let mut found = vec![start as u32];
    seen[start] = true;
    let mut next = 0;
    while let Some(&at) = found.get(next) {
        next += 1;
        let (x, y) = (at as usize % width, at as usize / width);
        for ny in y.saturating_sub(1)..(y + 2).min(height) {
            for nx in x.saturating_sub(1)..(x + 2).min(width) {
                let i = ny * width + nx;
                if !seen[i] && map[i] >= LIKELY {
                    seen[i] = true;
                    found.push(i as u32);
                }
            }
        }
    }
    found
}

/// The corners of the first and the last pixel of each row.
fn outline(pixels: &[u32], width: usize) -> Vec<Point> {
    let rows = pixels.iter().map(|&i| i as usize / width);
    let (Some(top), Some(bottom)) = (rows.clone().min(), rows.max()) else { return Vec::new() };
    let mut extents = vec![(usize::MAX, 0); bottom - top + 1];
    for &i in pixels {
        let (x, y) = (i as usize % width, i as usize / width - top);
        let (from, to) = extents[y];
        extents[y] = (from.min(x), to.max(x + 1));
    }
    let corners = |(y, (from, to)): (usize, (usize, usize))| {
        let (y, from, to) = ((top + y) as f32, from as f32, to as f32);
        [(from, y), (to, y), (from, y + 1.0), (to, y + 1.0)].map(|(x, y)| Point { x, y })
    };
    extents.into_iter().enumerate().flat_map(corners).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A map with bars of probability `value`: x, y, width, height.
    fn map(bars: &[([usize; 4], f32)]) -> Vec<f32> {
        let mut map = vec![0.0; 200 * 100];
        for ([x, y, width, height], value) in bars {
            for row in *y..y + height {
                map[row * 200 + x..row * 200 + x + width].fill(*value);
            }
        }
        map
    }

    #[test]
    fn a_core_is_grown_to_the_height_of_its_line() {
        let found = lines(&map(&[([20, 30, 100, 8], 0.9)]), 200, 100);
        assert_eq!(found.len(), 1);
        // 100 × 8 × 1.6 / 216 on each side.
        let by = 100.0 * 8.0 * 1.6 / 216.0;
        assert!((found[0].width - 100.0 - 2.0 * by).abs() < 0.01, "{found:?}");
        assert!((found[0].height - 8.0 - 2.0 * by).abs() < 0.01, "{found:?}");
        assert_eq!(found[0].centre, Point { x: 70.0, y: 34.0 });
        assert_eq!(found[0].angle, 0.0);
    }

    #[test]
    fn specks_and_doubtful_lines_are_left_out_and_lines_stay_apart() {
        let bars = [
            ([20, 10, 100, 8], 0.9),
            ([20, 20, 100, 8], 0.8),
            ([20, 40, 100, 8], 0.4),
            ([20, 60, 30, 1], 0.9),
        ];
        assert_eq!(lines(&map(&bars), 200, 100).len(), 2);
        assert!(lines(&[], 0, 0).is_empty());
    }

    #[test]
    fn a_turned_core_gives_a_turned_rectangle() {
        let mut map = vec![0.0; 200 * 100];
        for x in 20..180 {
            let y = 30 + x / 20;
            for row in y..y + 8 {
                map[row * 200 + x] = 0.9;
            }
        }
        let found = lines(&map, 200, 100);
        assert_eq!(found.len(), 1);
        assert!((found[0].angle - 0.05).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn long_pictures_are_looked_at_in_bands_that_share_a_stretch() {
        assert_eq!(bands(1000, 1500).len(), 1);
        let bands = bands(1000, 8000);
        assert!(bands.len() > 4);
        for pair in bands.windows(2) {
            assert!(pair[1].top < pair[0].bottom);
            assert_eq!(pair[0].own.1, pair[1].own.0);
            assert!(pair[1].own.0 > pair[1].top as f32 + 80.0);
            assert!(pair[0].own.1 < pair[0].bottom as f32 - 80.0);
        }
        assert_eq!(bands.last().map(|band| band.bottom), Some(8000));
    }
}
