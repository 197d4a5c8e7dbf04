//! Lines made whole: a closing quotation mark, a bullet or a dash of a page number often stands
//! too far off for the detection network to count it to its line, and read on its own is mistaken
//! for a figure.

use super::geometry::{Point, Quad};

/// A mark is at most this large, as a multiple of the line's height: high and wide.
const MARK: (f32, f32) = (0.6, 1.2);
/// It stands at most this far from the line's end.
const GAP: f32 = 0.8;
/// And reaches this far above or below the line at most.
const ABOVE: f32 = 0.15;
/// A line is at least this many times as long as high.
const LONG: f32 = 1.5;

/// Lines grown over the marks at their ends.
pub(crate) fn whole_lines(mut quads: Vec<Quad>) -> Vec<Quad> {
    let mut taken = vec![false; quads.len()];
    for mark in 0..quads.len() {
        let Some(line) = (0..quads.len()).find(|&line| ends(quads[line], quads[mark])) else {
            continue;
        };
        let (from, to) = along(quads[line], quads[mark]);
        let whole = quads[line].width;
        quads[line] = quads[line].part(from.min(0.0), to.max(whole));
        taken[mark] = true;
    }
    quads.into_iter().zip(taken).filter(|(_, taken)| !taken).map(|(quad, _)| quad).collect()
}

/// Whether a mark stands at an end of a line.
fn ends(line: Quad, mark: Quad) -> bool {
    let height = line.height;
    let small = mark.height < MARK.0 * height && mark.width < MARK.1 * height;
    if !small || line.width < LONG * height {
        return false;
    }
    let (from, to) = along(line, mark);
    let down = seen_from(line, mark.centre).y;
    let inside = down.abs() + mark.height / 2.0 < (0.5 + ABOVE) * height;
    let near = |gap: f32| (-GAP..GAP).contains(&(gap / height));
    inside && (near(from - line.width) && to > line.width || near(-to) && from < 0.0)
}

/// From where to where a mark reaches along a line.
fn along(line: Quad, mark: Quad) -> (f32, f32) {
    let at = seen_from(line, mark.centre).x + line.width / 2.0;
    (at - mark.width / 2.0, at + mark.width / 2.0)
}

/// A point along and across a line, from its centre.
fn seen_from(line: Quad, point: Point) -> Point {
    let (x, y) = (point.x - line.centre.x, point.y - line.centre.y);
    let (sin, cos) = line.angle.sin_cos();
    Point { x: x * cos + y * sin, y: y * cos - x * sin }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quad(x: f32, y: f32, width: f32, height: f32) -> Quad {
        Quad { centre: Point { x, y }, width, height, angle: 0.0 }
    }

    #[test]
    fn a_mark_at_the_end_of_a_line_is_part_of_it() {
        let line = quad(100.0, 50.0, 200.0, 20.0);
        let cases = [
            // A closing quotation mark, a bullet, a mark far off, one of the line above, a cell.
            (quad(208.0, 45.0, 10.0, 8.0), Some((0.0, 213.0))),
            (quad(-10.0, 50.0, 6.0, 6.0), Some((-13.0, 200.0))),
            (quad(240.0, 50.0, 10.0, 8.0), None),
            (quad(205.0, 30.0, 10.0, 8.0), None),
            (quad(215.0, 50.0, 20.0, 18.0), None),
        ];
        for (mark, expected) in cases {
            let found = whole_lines(vec![line, mark]);
            let [left, _, right, _] = found[0].edges();
            match expected {
                Some(ends) => assert_eq!((found.len(), (left, right)), (1, ends), "{mark:?}"),
                None => assert_eq!((found.len(), right), (2, 200.0), "{mark:?}"),
            }
        }
    }
}
