//! Cuts turned rectangles out of a picture, and sets pictures straight.

use image::GrayImage;

use super::geometry::{Point, Quad, Turn};

/// What lies outside a picture.
const PAPER: u8 = 255;
/// Where a picture is scaled down, at most this many samples are taken along each axis.
const MOST_SAMPLES: u32 = 4;

/// The value at a point, interpolated between the four pixels around it.
fn sample(picture: &GrayImage, x: f32, y: f32) -> f32 {
    let (x, y) = (x - 0.5, y - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    let (width, height) = (picture.width() as i32, picture.height() as i32);
    let (left, top) = (left as i32, top as i32);
    let pixels = picture.as_raw();
    let value = |x: i32, y: i32| {
        let inside = (0..width).contains(&x) && (0..height).contains(&y);
        let at = if inside { (y * width + x) as usize } else { usize::MAX };
        f32::from(pixels.get(at).copied().unwrap_or(PAPER))
    };
    let upper = value(left, top) * (1.0 - fx) + value(left + 1, top) * fx;
    let lower = value(left, top + 1) * (1.0 - fx) + value(left + 1, top + 1) * fx;
    upper * (1.0 - fy) + lower * fy
}

/// Differences up to this share of the contrast are the grain of the picture.
const NOISE: f32 = 0.1;

/// What the text of a strip looks like, in shares of the strip's height or width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ink {
    /// Where it begins, from the top.
    pub(crate) top: f32,
    /// Where it ends, from the top.
    pub(crate) bottom: f32,
    /// Where it begins, from the left.
    pub(crate) left: f32,
    /// Where it ends, from the left.
    pub(crate) right: f32,
    /// How thick its strokes are on average.
    pub(crate) strokes: f32,
}

/// A rectangle of a picture, set straight and scaled to a height: values from 0 to 255, by rows.
#[derive(Debug, Clone)]
pub(crate) struct Strip {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) values: Vec<f32>,
}

impl Strip {
    /// Cuts a rectangle out.
    pub(crate) fn cut(picture: &GrayImage, quad: Quad, height: usize) -> Self {
        let scale = quad.height / height as f32;
        let width = ((quad.width / scale).round() as usize).max(1);
        let samples = (scale.ceil() as u32).clamp(1, MOST_SAMPLES);
        let (sin, cos) = quad.angle.sin_cos();
        let mut values = Vec::with_capacity(width * height);
        for row in 0..height {
            for column in 0..width {
                let mut sum = 0.0;
                for i in 0..samples * samples {
                    let part = |i: u32| (i as f32 + 0.5) / samples as f32;
                    let u = (column as f32 + part(i % samples)) * quad.width / width as f32;
                    let v = (row as f32 + part(i / samples)) * scale;
                    let (u, v) = (u - quad.width / 2.0, v - quad.height / 2.0);
                    let (x, y) = (u * cos - v * sin, u * sin + v * cos);
                    sum += sample(picture, quad.centre.x + x, quad.centre.y + y);
                }
                values.push(sum / (samples * samples) as f32);
            }
        }
        Self { width, height, values }
    }

    /// Where it can be cut in two near a column with the least loss: where it is the most even.
    pub(crate) fn quiet_column(&self, near: usize) -> usize {
        let reach = self.height;
        let unrest = |column: usize| {
            let mut down = (0..self.height).map(|row| self.values[row * self.width + column]);
            let first = down.next().unwrap_or_default();
            down.fold((first, 0.0), |(last, sum), next| (next, sum + (next - last).abs())).1
        };
        let from = near.saturating_sub(reach);
        let to = (near + reach).min(self.width.saturating_sub(1));
        (from..=to).min_by(|a, b| unrest(*a).total_cmp(&unrest(*b))).unwrap_or(near)
    }

    /// What its text looks like; `None` where there is none.
    pub(crate) fn ink(&self) -> Option<Ink> {
        let mut sorted = self.values.clone();
        sorted.sort_by(f32::total_cmp);
        let at = |share: f32| sorted.get((sorted.len() as f32 * share) as usize).copied();
        let (dark, middle, light) = (at(0.02)?, at(0.5)?, at(0.98)?);
        if light - dark < 24.0 {
            return None;
        }
        let inked = |value: &&f32| (**value - middle).abs() > 0.4 * (light - dark);
        let counts: Vec<usize> =
            self.values.chunks(self.width).map(|row| row.iter().filter(inked).count()).collect();
        // A row that is inked all along is a ruling above or below the text.
        let text = |count: &usize| *count >= 2 && *count * 10 < self.width * 9;
        let top = counts.iter().position(text)?;
        let bottom = counts.iter().rposition(text)? + 1;
        let share = |rows: usize| rows as f32 / self.height as f32;
        let strokes = self.strokes(top, bottom, middle, light - dark) / self.height as f32;
        let column = |column: &usize| {
            let down = (top..bottom).map(|row| &self.values[row * self.width + column]);
            down.filter(inked).count() >= 2
        };
        let left = (0..self.width).find(column).unwrap_or_default();
        let right = (0..self.width).rfind(column).map_or(self.width, |last| last + 1);
        let along = |columns: usize| columns as f32 / self.width as f32;
        let (left, right) = (along(left), along(right));
        Some(Ink { top: share(top), bottom: share(bottom), left, right, strokes })
    }

    /// How thick the strokes between two rows are on average, in pixels: twice their area by their
    /// outline. The outline is the total variation, which blur leaves as it is.
    fn strokes(&self, top: usize, bottom: usize, paper: f32, contrast: f32) -> f32 {
        let ink = |row: usize, column: usize| {
            self.values
                .get(row * self.width + column)
                .map_or(0.0, |value| ((value - paper).abs() / contrast).min(1.0))
        };
        let (mut area, mut outline) = (0.0, 0.0);
        for row in top..bottom.min(self.height.saturating_sub(1)) {
            for column in 0..self.width.saturating_sub(1) {
                let here = ink(row, column);
                let step = (ink(row, column + 1) - here).hypot(ink(row + 1, column) - here);
                if here > NOISE {
                    area += here;
                }
                if step > NOISE {
                    outline += step;
                }
            }
        }
        2.0 * area / outline.max(1.0)
    }
}

/// Sets a picture straight, within the same frame.
pub(crate) fn straightened(picture: &GrayImage, turn: Turn) -> GrayImage {
    let (width, height) = picture.dimensions();
    let (sin, cos) = turn.angle.sin_cos();
    let mut out = Vec::with_capacity(picture.as_raw().len());
    for row in 0..height {
        let start = turn.back(Point { x: 0.5, y: row as f32 + 0.5 });
        for column in 0..width {
            let along = column as f32;
            out.push(sample(picture, start.x + along * cos, start.y + along * sin).round() as u8);
        }
    }
    GrayImage::from_raw(width, height, out).unwrap_or_else(|| picture.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// White with a black bar, 60 wide and 10 high, about (50, 50), turned.
    fn picture(angle: f32) -> GrayImage {
        let turn = Turn::about(Point { x: 50.0, y: 50.0 }, angle);
        GrayImage::from_fn(100, 100, |x, y| {
            let point = turn.straight(Point { x: x as f32 + 0.5, y: y as f32 + 0.5 });
            let inside = (point.x - 50.0).abs() < 30.0 && (point.y - 50.0).abs() < 5.0;
            image::Luma([if inside { 0 } else { 255 }])
        })
    }

    #[test]
    fn a_turned_rectangle_is_cut_out_straight() {
        let centre = Point { x: 50.0, y: 50.0 };
        let quad = Quad { centre, width: 80.0, height: 20.0, angle: 0.3 };
        let strip = Strip::cut(&picture(0.3), quad, 40);
        assert_eq!((strip.width, strip.height), (160, 40));
        let at = |x: usize, y: usize| strip.values[y * 160 + x];
        assert!(at(80, 20) < 10.0 && at(30, 20) < 10.0 && at(130, 20) < 10.0);
        assert!(at(5, 20) > 245.0 && at(80, 5) > 245.0 && at(155, 35) > 245.0);
        let ink = strip.ink().unwrap();
        assert!((ink.top - 0.25).abs() < 0.06 && (ink.bottom - 0.75).abs() < 0.06, "{ink:?}");
        assert!((ink.left - 0.125).abs() < 0.02 && (ink.right - 0.875).abs() < 0.02, "{ink:?}");
    }

    #[test]
    fn a_straightened_picture_has_its_text_along_the_rows() {
        let turn = Turn::about(Point { x: 50.0, y: 50.0 }, 0.3);
        let straight = straightened(&picture(0.3), turn);
        assert!(straight.get_pixel(25, 50).0[0] < 10 && straight.get_pixel(75, 50).0[0] < 10);
        assert!(straight.get_pixel(25, 40).0[0] > 245);
    }

    #[test]
    fn a_strip_is_cut_between_characters() {
        let mut values = vec![255.0; 100 * 10];
        for row in 0..10 {
            for column in (0..100).filter(|column| column % 20 < 15) {
                values[row * 100 + column] = if row % 2 == 0 { 0.0 } else { 255.0 };
            }
        }
        let strip = Strip { width: 100, height: 10, values };
        assert!(strip.quiet_column(50) % 20 >= 15);
    }

    #[test]
    fn strokes_are_measured_whatever_their_blur() {
        // Bars 4 and 8 pixels wide every 20 pixels, with soft edges.
        let strokes = |width: f32| {
            let bar = |column: usize| {
                let from_middle = ((column % 20) as f32 - 10.0).abs();
                255.0 * ((from_middle - width / 2.0) / 4.0 + 0.5).clamp(0.0, 1.0)
            };
            let values = (0..40 * 200).map(|i| bar(i % 200)).collect();
            Strip { width: 200, height: 40, values }.ink().unwrap().strokes * 40.0
        };
        assert!((strokes(4.0) - 4.0).abs() < 0.5, "{}", strokes(4.0));
        assert!((strokes(8.0) - 8.0).abs() < 0.8, "{}", strokes(8.0));
    }
}
