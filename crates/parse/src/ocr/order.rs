//! The order in which the lines of a picture are read: rows from the top down, columns of text
//! one after the other.
//!
//! Columns are a run of lines, in the order of their tops, that leave a gutter free from the
//! first to the last, with several lines on both sides that fill their side. What is too short
//! for that, such as the cells of a table, stays in rows.

/// Left, top, right, bottom.
pub(crate) type Edges = [f32; 4];

/// Columns inside columns are looked for this deep.
const DEEPEST: usize = 4;
/// Each column has at least this many lines.
const FEWEST: usize = 4;
/// A gutter is at least this wide, as a multiple of the size of the text.
const GUTTER: f32 = 1.0;
/// Columns are at least this wide, as a multiple of the size of the text.
const NARROWEST: f32 = 8.0;
/// The lines of a column fill at least this share of its width, on average.
const FILL: f32 = 0.6;

/// The indices of boxes in reading order; `em` is the usual size of the text.
pub(crate) fn order(boxes: &[Edges], em: f32) -> Vec<usize> {
    let mut all: Vec<usize> = (0..boxes.len()).collect();
    all.sort_by(|&a, &b| boxes[a][1].total_cmp(&boxes[b][1]).then(a.cmp(&b)));
    let mut out = Vec::with_capacity(all.len());
    region(boxes, em, &all, DEEPEST, &mut out);
    out
}

/// Orders boxes that are sorted by their tops.
fn region(boxes: &[Edges], em: f32, sorted: &[usize], depth: usize, out: &mut Vec<usize>) {
    let best = if depth == 0 { None } else { columns(boxes, em, sorted) };
    let Some((start, end, gutter)) = best else {
        return rows(boxes, sorted, out);
    };
    region(boxes, em, &sorted[..start], depth - 1, out);
    let is_left = |i: &usize| boxes[*i][0] < gutter;
    let (left, right): (Vec<usize>, Vec<usize>) =
        sorted[start..end].iter().partition(|i| is_left(i));
    region(boxes, em, &left, depth - 1, out);
    region(boxes, em, &right, depth - 1, out);
    region(boxes, em, &sorted[end..], depth - 1, out);
}

/// The longest run that stands in two columns, and the middle of its gutter.
fn columns(boxes: &[Edges], em: f32, sorted: &[usize]) -> Option<(usize, usize, f32)> {
    let mut best: Option<(usize, usize, f32)> = None;
    for start in 0..sorted.len() {
        let longest = best.map_or(0, |(from, to, _)| to - from);
        if sorted.len() - start <= longest.max(2 * FEWEST - 1) {
            break;
        }
        let mut gaps = vec![(f32::MIN, f32::MAX)];
        let mut end = start;
        for &i in &sorted[start..] {
            let rest = without(&gaps, boxes[i], GUTTER * em);
            // What is left and right of everything is no gutter.
            let inner = |gap: &(f32, f32)| gap.0 > f32::MIN && gap.1 < f32::MAX;
            if end > start + 1 && gaps.iter().any(inner) && !rest.iter().any(inner) {
                break;
            }
            gaps = rest;
            end += 1;
        }
        let run = &sorted[start..end];
        let gutter = gaps
            .iter()
            .filter(|gap| gap.0 > f32::MIN && gap.1 < f32::MAX)
            .map(|gap| (gap.0 + gap.1) / 2.0)
            .find(|gutter| is_text(boxes, em, run, *gutter));
        if let Some(gutter) = gutter
            && end - start > longest
        {
            best = Some((start, end, gutter));
        }
    }
    best
}

/// Gaps without the stretch that a box covers, those that stay wide enough.
fn without(gaps: &[(f32, f32)], [x0, _, x1, _]: Edges, width: f32) -> Vec<(f32, f32)> {
    let parts = gaps.iter().flat_map(|&(from, to)| {
        if x1 <= from || to <= x0 {
            [Some((from, to)), None]
        } else {
            [(from < x0).then_some((from, x0)), (x1 < to).then_some((x1, to))]
        }
    });
    parts.flatten().filter(|(from, to)| to - from >= width).collect()
}

/// Whether the lines on both sides of a gutter are columns of running text.
fn is_text(boxes: &[Edges], em: f32, run: &[usize], gutter: f32) -> bool {
    let side = |left: bool| {
        let own = || run.iter().map(|&i| boxes[i]).filter(|edges| (edges[0] < gutter) == left);
        let count = own().count();
        let from = own().map(|edges| edges[0]).fold(f32::MAX, f32::min);
        let to = own().map(|edges| edges[2]).fold(f32::MIN, f32::max);
        let filled: f32 = own().map(|edges| edges[2] - edges[0]).sum();
        let top = own().map(|edges| edges[1]).fold(f32::MAX, f32::min);
        let bottom = own().map(|edges| edges[3]).fold(f32::MIN, f32::max);
        let is_text = count >= FEWEST
            && to - from >= NARROWEST * em
            && filled >= FILL * (to - from) * count as f32;
        is_text.then_some((top, bottom))
    };
    let (Some(left), Some(right)) = (side(true), side(false)) else { return false };
    let shared = left.1.min(right.1) - left.0.max(right.0);
    shared * 2.0 >= (left.1 - left.0).min(right.1 - right.0)
}

/// Rows from the top down, each from left to right.
fn rows(boxes: &[Edges], sorted: &[usize], out: &mut Vec<usize>) {
    let middle = |i: usize| (boxes[i][1] + boxes[i][3]) / 2.0;
    let mut rest: Vec<usize> = sorted.to_vec();
    rest.sort_by(|&a, &b| middle(a).total_cmp(&middle(b)).then(a.cmp(&b)));
    let mut row: Vec<usize> = Vec::new();
    let mut level = 0.0;
    let mut close = |row: &mut Vec<usize>| {
        row.sort_by(|&a, &b| boxes[a][0].total_cmp(&boxes[b][0]).then(a.cmp(&b)));
        out.append(row);
    };
    for i in rest {
        let height = boxes[i][3] - boxes[i][1];
        if !row.is_empty() && middle(i) - level > 0.4 * height {
            close(&mut row);
        }
        if row.is_empty() {
            level = middle(i);
        }
        row.push(i);
    }
    close(&mut row);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line of size 10 at a place.
    fn line(x0: f32, x1: f32, top: f32) -> Edges {
        [x0, top, x1, top + 12.0]
    }

    #[test]
    fn columns_are_read_one_after_the_other() {
        let mut boxes = vec![line(150.0, 350.0, 10.0)];
        for i in 0..6 {
            boxes.push(line(50.0, 240.0, 40.0 + 20.0 * i as f32));
            boxes.push(line(260.0, 450.0, 38.0 + 20.0 * i as f32));
        }
        boxes.push(line(50.0, 450.0, 170.0));
        assert_eq!(order(&boxes, 10.0), [0, 1, 3, 5, 7, 9, 11, 2, 4, 6, 8, 10, 12, 13]);
    }

    #[test]
    fn rows_of_short_cells_stay_rows() {
        let mut boxes = Vec::new();
        for i in 0..6 {
            boxes.push(line(300.0, 340.0, 39.0 + 20.0 * i as f32));
            boxes.push(line(50.0, 120.0, 40.0 + 20.0 * i as f32));
        }
        boxes[1] = line(50.0, 240.0, 40.0);
        assert_eq!(order(&boxes, 10.0), [1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10]);
    }

    #[test]
    fn one_column_is_read_from_the_top() {
        let boxes: Vec<Edges> = (0..30)
            .map(|i| line(50.0, 450.0 - (i % 3) as f32 * 80.0, 600.0 - 20.0 * i as f32))
            .collect();
        let expected: Vec<usize> = (0..30).rev().collect();
        assert_eq!(order(&boxes, 10.0), expected);
        assert!(order(&[], 10.0).is_empty());
    }
}
