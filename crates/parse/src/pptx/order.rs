//! The order in which the shapes of a slide are read.
//!
//! The tree of a slide holds its shapes in the order in which they are painted, which follows the
//! author's edits and not the reader's eye. So the slide is cut, again and again, along the widest
//! empty band that crosses it (a recursive XY cut, Nagy and Seth 1984): above before below, left
//! before right. Side by side wins over one above the other only where the band between columns
//! is clearly wider, so that a card's heading stays with its text and a grid is read by rows.

use super::geometry::Rect;

/// More shapes than this are ordered from top to bottom alone.
const MOST: usize = 400;
/// A band between columns is this much wider than one between rows, to be cut first.
const WIDER: f32 = 1.5;
/// Shapes may reach into a band by this much of their size, and this many points.
const OVERLAP: f32 = 0.15;
const MOST_OVERLAP: f32 = 6.0;

/// The positions of the boxes in reading order.
pub(crate) fn reading_order(rects: &[Rect]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rects.len()).collect();
    if rects.len() > MOST {
        by_rows(rects, &mut order);
    } else {
        cut(rects, &mut order, 0);
    }
    order
}

fn by_rows(rects: &[Rect], order: &mut [usize]) {
    order.sort_by(|a, b| {
        let (a, b) = (rects[*a], rects[*b]);
        let row = |rect: Rect| (rect.y0 / 12.0).floor();
        row(a).total_cmp(&row(b)).then(a.x0.total_cmp(&b.x0))
    });
}

fn cut(rects: &[Rect], order: &mut [usize], depth: usize) {
    if order.len() < 2 {
        return;
    }
    let down = widest(rects, order, |rect| (rect.y0, rect.y1));
    let across = widest(rects, order, |rect| (rect.x0, rect.x1));
    let sides = match (down, across) {
        (None, None) => return by_rows(rects, order),
        (Some((gap, _)), Some((wide, _))) => wide > gap * WIDER,
        (None, _) => true,
        (_, None) => false,
    };
    let middle = |rect: Rect| match sides {
        true => (rect.x0 + rect.x1) / 2.0,
        false => (rect.y0 + rect.y1) / 2.0,
    };
    let Some((_, at)) = (if sides { across } else { down }) else { return };
    // A stable partition: shapes that are alike keep the order of the tree.
    order.sort_by_key(|shape| middle(rects[*shape]) > at);
    let first = order.partition_point(|shape| middle(rects[*shape]) <= at);
    if first == 0 || first == order.len() || depth > MOST {
        return by_rows(rects, order);
    }
    let (before, after) = order.split_at_mut(first);
    cut(rects, before, depth + 1);
    cut(rects, after, depth + 1);
}

/// The widest band that no box crosses: its width and middle.
fn widest(
    rects: &[Rect],
    order: &[usize],
    side: impl Fn(Rect) -> (f32, f32),
) -> Option<(f32, f32)> {
    let mut spans: Vec<(f32, f32)> = order
        .iter()
        .map(|shape| {
            let (from, to) = side(rects[*shape]);
            let inset = ((to - from) * OVERLAP).clamp(0.0, MOST_OVERLAP);
            (from + inset, to - inset)
        })
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut end = spans.first()?.1;
    let mut best: Option<(f32, f32)> = None;
    for (from, to) in spans {
        let gap = from - end;
        if gap > 0.0 && best.is_none_or(|(widest, _)| gap > widest) {
            best = Some((gap, end + gap / 2.0));
        }
        end = end.max(to);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_columns_and_cards() {
        let rect = |x: f32, y: f32, width: f32, height: f32| Rect {
            x0: x,
            y0: y,
            x1: x + width,
            y1: y + height,
        };
        let cases: [(&str, Vec<Rect>, &[usize]); 5] = [
            (
                "one above the other",
                vec![rect(0.0, 100.0, 50.0, 20.0), rect(0.0, 0.0, 50.0, 20.0)],
                &[1, 0],
            ),
            (
                "a grid by rows",
                vec![
                    rect(200.0, 200.0, 150.0, 80.0),
                    rect(0.0, 200.0, 150.0, 80.0),
                    rect(200.0, 60.0, 150.0, 80.0),
                    rect(0.0, 60.0, 150.0, 80.0),
                ],
                &[3, 2, 1, 0],
            ),
            (
                "cards with a heading close to the text",
                vec![
                    rect(0.0, 100.0, 150.0, 30.0),
                    rect(200.0, 100.0, 150.0, 30.0),
                    rect(0.0, 132.0, 150.0, 100.0),
                    rect(200.0, 132.0, 150.0, 100.0),
                ],
                &[0, 2, 1, 3],
            ),
            (
                "boxes that overlap a little",
                vec![rect(0.0, 38.0, 300.0, 40.0), rect(0.0, 0.0, 300.0, 40.0)],
                &[1, 0],
            ),
            (
                "boxes on top of each other keep their rows",
                vec![rect(0.0, 0.0, 300.0, 300.0), rect(20.0, 20.0, 50.0, 20.0)],
                &[0, 1],
            ),
        ];
        for (what, rects, expected) in cases {
            assert_eq!(reading_order(&rects), expected, "{what}");
        }
    }
}
