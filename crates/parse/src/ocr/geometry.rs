//! Points and turned rectangles, in pixels, y downwards.

use std::f32::consts::{FRAC_PI_2, FRAC_PI_4};

/// A point of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f32,
    pub(crate) y: f32,
}

/// A rectangle around a line of text, turned with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Quad {
    pub(crate) centre: Point,
    /// Its extent along the text, or what is closest to the picture's horizontal.
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// How far its width is turned from the horizontal, clockwise as seen, within ±45°.
    pub(crate) angle: f32,
}

impl Quad {
    /// The smallest rectangle around points. One of its sides lies on a side of their convex hull
    /// (Freeman and Shapira, "Determining the minimum-area encasing rectangle", 1975).
    pub(crate) fn around(points: &mut [Point]) -> Option<Self> {
        let hull = hull(points);
        let mut best: Option<(f32, Self)> = None;
        for (i, from) in hull.iter().enumerate() {
            let to = hull[(i + 1) % hull.len()];
            let length = (to.x - from.x).hypot(to.y - from.y);
            if length < f32::EPSILON {
                continue;
            }
            let quad = along(&hull, (to.x - from.x) / length, (to.y - from.y) / length);
            let area = quad.width * quad.height;
            if best.is_none_or(|(least, _)| area < least) {
                best = Some((area, quad));
            }
        }
        best.map(|(_, quad)| quad.level())
    }

    /// The same rectangle, described so that it is turned by 45° at most.
    fn level(mut self) -> Self {
        let quarters = (self.angle / FRAC_PI_2).round();
        self.angle -= quarters * FRAC_PI_2;
        if quarters.rem_euclid(2.0) >= 0.5 {
            std::mem::swap(&mut self.width, &mut self.height);
        }
        self
    }

    /// Grown by so much on each side.
    pub(crate) fn grown(self, by: f32) -> Self {
        Self { width: self.width + 2.0 * by, height: self.height + 2.0 * by, ..self }
    }

    /// Its part from `from` to `to`, measured along its width from its start.
    pub(crate) fn part(self, from: f32, to: f32) -> Self {
        let along = (from + to) / 2.0 - self.width / 2.0;
        let (sin, cos) = self.angle.sin_cos();
        let centre = Point { x: self.centre.x + along * cos, y: self.centre.y + along * sin };
        Self { centre, width: to - from, ..self }
    }

    /// Turned by a quarter, so that what read upwards reads to the right.
    pub(crate) fn lying(self) -> Self {
        Self { width: self.height, height: self.width, angle: self.angle - FRAC_PI_2, ..self }
    }

    /// Scaled about the origin by two factors, close to each other.
    pub(crate) fn scaled(self, x: f32, y: f32) -> Self {
        let centre = Point { x: self.centre.x * x, y: self.centre.y * y };
        Self { centre, width: self.width * x, height: self.height * y, ..self }
    }

    /// Its left, top, right and bottom edge if it were not turned.
    pub(crate) fn edges(self) -> [f32; 4] {
        let (half_width, half_height) = (self.width / 2.0, self.height / 2.0);
        let Point { x, y } = self.centre;
        [x - half_width, y - half_height, x + half_width, y + half_height]
    }
}

/// The rectangle around points whose width runs along a direction.
fn along(points: &[Point], ux: f32, uy: f32) -> Quad {
    let (mut u0, mut u1, mut v0, mut v1) = (f32::MAX, f32::MIN, f32::MAX, f32::MIN);
    for point in points {
        let u = point.x * ux + point.y * uy;
        let v = point.y * ux - point.x * uy;
        (u0, u1, v0, v1) = (u0.min(u), u1.max(u), v0.min(v), v1.max(v));
    }
    let (u, v) = ((u0 + u1) / 2.0, (v0 + v1) / 2.0);
    let centre = Point { x: u * ux - v * uy, y: u * uy + v * ux };
    Quad { centre, width: u1 - u0, height: v1 - v0, angle: uy.atan2(ux) }
}

/// The convex hull, by Andrew's monotone chain.
fn hull(points: &mut [Point]) -> Vec<Point> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let mut hull: Vec<Point> = Vec::new();
    let mut half = |points: &mut dyn Iterator<Item = &Point>| {
        let start = hull.len();
        for point in points {
            while hull.len() >= start + 2
                && cross(hull[hull.len() - 2], hull[hull.len() - 1], *point) <= 0.0
            {
                hull.pop();
            }
            hull.push(*point);
        }
        hull.pop();
    };
    half(&mut points.iter());
    half(&mut points.iter().rev());
    hull
}

fn cross(origin: Point, a: Point, b: Point) -> f32 {
    (a.x - origin.x) * (b.y - origin.y) - (a.y - origin.y) * (b.x - origin.x)
}

/// A turn about the middle of a picture, from the picture as it is to the one set straight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Turn {
    /// The middle of the picture as it is.
    pub(crate) middle: Point,
    /// The middle of the straight picture: another one where width and height have changed places.
    pub(crate) straight_middle: Point,
    /// By how much the text in the picture is turned, clockwise as seen.
    pub(crate) angle: f32,
}

impl Turn {
    /// No turn at all.
    pub(crate) const NONE: Self = Self::about(Point { x: 0.0, y: 0.0 }, 0.0);

    /// A turn that leaves the frame as it is.
    pub(crate) const fn about(middle: Point, angle: f32) -> Self {
        Self { middle, straight_middle: middle, angle }
    }

    /// Whether what lies in the picture stands upright in the straight one.
    pub(crate) fn is_quarter(self) -> bool {
        self.angle.sin().abs() > FRAC_PI_4.sin()
    }

    /// Where a point of the straight picture stands in the picture as it is.
    pub(crate) fn back(self, point: Point) -> Point {
        turned(point, self.straight_middle, self.middle, self.angle)
    }

    /// Where a point of the picture as it is stands in the straight one.
    pub(crate) fn straight(self, point: Point) -> Point {
        turned(point, self.middle, self.straight_middle, -self.angle)
    }

    /// The same turn in another unit of length.
    pub(crate) fn scaled(self, by: f32) -> Self {
        let scaled = |point: Point| Point { x: point.x * by, y: point.y * by };
        Self {
            middle: scaled(self.middle),
            straight_middle: scaled(self.straight_middle),
            angle: self.angle,
        }
    }

    /// The box around a box of the straight picture, in the picture as it is.
    pub(crate) fn box_back(self, [x0, y0, x1, y1]: [f32; 4]) -> [f32; 4] {
        let centre = self.back(Point { x: (x0 + x1) / 2.0, y: (y0 + y1) / 2.0 });
        // A quarter turn swaps the sides; a slight one leaves them as they are.
        let (width, height) =
            if self.is_quarter() { (y1 - y0, x1 - x0) } else { (x1 - x0, y1 - y0) };
        let (half_width, half_height) = (width / 2.0, height / 2.0);
        [
            centre.x - half_width,
            centre.y - half_height,
            centre.x + half_width,
            centre.y + half_height,
        ]
    }
}

/// A point turned with the frame whose middle goes from one place to another.
fn turned(point: Point, from: Point, to: Point, angle: f32) -> Point {
    let (sin, cos) = angle.sin_cos();
    let (x, y) = (point.x - from.x, point.y - from.y);
    Point { x: to.x + x * cos - y * sin, y: to.y + x * sin + y * cos }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The corners of a rectangle 100 wide and 20 high about (200, 300), turned.
    fn corners(angle: f32) -> Vec<Point> {
        let turn = Turn::about(Point { x: 200.0, y: 300.0 }, angle);
        [(150.0, 290.0), (250.0, 290.0), (250.0, 310.0), (150.0, 310.0), (200.0, 300.0)]
            .map(|(x, y)| turn.back(Point { x, y }))
            .to_vec()
    }

    #[test]
    fn the_smallest_rectangle_is_turned_with_the_text() {
        for degrees in [-30.0_f32, -1.0, 0.0, 0.7, 20.0, 44.0] {
            let quad = Quad::around(&mut corners(degrees.to_radians())).unwrap();
            assert!((quad.width - 100.0).abs() < 0.1, "{degrees}: {quad:?}");
            assert!((quad.height - 20.0).abs() < 0.1, "{degrees}: {quad:?}");
            assert!((quad.angle.to_degrees() - degrees).abs() < 0.1, "{degrees}: {quad:?}");
        }
        let upright = Quad::around(&mut corners(85.0_f32.to_radians())).unwrap();
        assert!((upright.width - 20.0).abs() < 0.1 && (upright.angle.to_degrees() + 5.0) < 0.1);
        assert!(Quad::around(&mut []).is_none());
        assert!(Quad::around(&mut [Point { x: 1.0, y: 1.0 }; 3]).is_none());
    }

    #[test]
    fn a_part_of_a_turned_rectangle_lies_on_its_axis() {
        let quad = Quad::around(&mut corners(0.1)).unwrap();
        let whole = quad.part(0.0, quad.width);
        assert!((whole.centre.x - quad.centre.x).abs() < 0.01);
        let first = quad.part(0.0, 10.0);
        assert!(first.centre.x < quad.centre.x - 40.0 && first.centre.y < quad.centre.y - 4.0);
    }

    #[test]
    fn a_turn_and_its_way_back_cancel() {
        let turn = Turn::about(Point { x: 10.0, y: 20.0 }, 0.3);
        let point = turn.straight(turn.back(Point { x: 3.0, y: 4.0 }));
        assert!((point.x - 3.0).abs() < 1e-4 && (point.y - 4.0).abs() < 1e-4);
    }

    #[test]
    fn a_quarter_turn_swaps_the_sides_of_the_frame() {
        // A page 100 wide and 200 high, put down so that its top is at the right.
        let turn = Turn {
            middle: Point { x: 100.0, y: 50.0 },
            straight_middle: Point { x: 50.0, y: 100.0 },
            angle: FRAC_PI_2,
        };
        assert!(turn.is_quarter());
        let found = turn.box_back([10.0, 20.0, 40.0, 30.0]);
        for (edge, expected) in found.into_iter().zip([170.0, 10.0, 180.0, 40.0]) {
            assert!((edge - expected).abs() < 1e-3, "{found:?}");
        }
    }
}
