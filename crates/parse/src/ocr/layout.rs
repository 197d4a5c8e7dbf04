//! What was read from pictures, as the content of pages: the same glyphs and rulings that the
//! content stream of a PDF gives, so that blocks, tables and furniture are found in the same way.
//!
//! Sizes measured from pictures scatter by some per cent. Those near each other, over all pages
//! of a document, become one: paragraphs and headings are told apart by size later.

use crate::pdf::glyphs::{Content, Glyph, Ruling};

use super::geometry::Point;
use super::leaders;
use super::measure::{baseline, extents, size, strokes};
use super::order::order;
use super::sheet::{Sheet, usual_size, usual_strokes};

/// Sizes this close are one, as a share of the size.
const SAME_SIZE: f32 = 0.07;
/// Text turned further than this, in radians, does not stand in lines.
const UPRIGHT: f32 = 0.15;
/// Baselines of a row this close are one, as a share of the size.
const SAME_ROW: f32 = 0.3;
/// Where the middle of a character is above its baseline.
const MIDDLE: f32 = 0.38;
/// Strokes this many times as thick as those of most text are bold.
const BOLD: f32 = 1.4;

/// The content of a page; `scale` is points a pixel.
pub(crate) fn content(sheet: &Sheet, scale: f32) -> Content {
    let lines = &sheet.lines;
    let boxes: Vec<_> = lines.iter().map(|line| line.quad.edges()).collect();
    let mut content = Content::default();
    let usual_strokes = usual_strokes(lines);
    let mut last: Option<(f32, f32)> = None;
    for i in order(&boxes, usual_size(lines)) {
        let line = &lines[i];
        if is_part_of_leader(i, sheet) {
            continue;
        }
        let size = size(line);
        let upright = line.quad.angle.abs() < UPRIGHT;
        let bold = strokes(line).is_some_and(|strokes| strokes > BOLD * usual_strokes);
        let down = baseline(line, size);
        let mut level = line.quad.centre.y + down;
        if let Some((before, x)) = last
            && (before - level).abs() < SAME_ROW * size
            && boxes[i][0] > x - size
        {
            level = before;
        }
        last = upright.then_some((level, boxes[i][2]));
        for (character, (from, to)) in line.characters.iter().zip(extents(line, size)) {
            let Point { x, y } = line.quad.part(from, to).centre;
            let half = (to - from) / 2.0;
            content.glyphs.push(Glyph {
                ch: character.ch,
                x0: (x - half) * scale,
                x1: (x + half) * scale,
                baseline: if upright { level } else { y + MIDDLE * size } * scale,
                size: size * scale,
                bold,
                upright,
                mcid: None,
                artifact: false,
            });
        }
    }
    content.glyphs = leaders::fill(content.glyphs);
    content.rulings.extend(sheet.marks.iter().map(|mark| Ruling {
        horizontal: mark.horizontal,
        at: mark.at * scale,
        from: mark.from * scale,
        to: mark.to * scale,
    }));
    content
}

/// Whether a line is nothing but dots beside other text: a piece of a leader.
fn is_part_of_leader(index: usize, sheet: &Sheet) -> bool {
    let line = &sheet.lines[index];
    let dots = line.characters.iter().all(|character| leaders::is_dot(character.ch));
    dots && sheet.lines.iter().enumerate().any(|(i, other)| {
        let [_, top, _, bottom] = other.quad.edges();
        i != index && (top..bottom).contains(&line.quad.centre.y)
    })
}

/// Makes sizes that are near each other one, over several pages.
pub(crate) fn settle_sizes(pages: &mut [&mut Content]) {
    let mut counts = std::collections::BTreeMap::new();
    for glyph in pages.iter().flat_map(|page| &page.glyphs) {
        *counts.entry((glyph.size * 10.0).round() as i32).or_insert(0usize) += 1;
    }
    let mut settled: Vec<(i32, f32)> = Vec::new();
    while let Some(centre) = commonest(&counts) {
        let near = |size: &i32| (*size as f32 - centre).abs() <= SAME_SIZE * centre;
        let own: Vec<i32> = counts.keys().copied().filter(near).collect();
        for size in &own {
            counts.remove(size);
            settled.push((*size, centre.round() / 10.0));
        }
        if own.is_empty() {
            break;
        }
    }
    settled.sort_by_key(|(size, _)| *size);
    for glyph in pages.iter_mut().flat_map(|page| &mut page.glyphs) {
        let key = (glyph.size * 10.0).round() as i32;
        if let Ok(at) = settled.binary_search_by_key(&key, |(size, _)| *size) {
            let size = settled[at].1;
            // Its middle stays where it is.
            glyph.baseline += MIDDLE * (size - glyph.size);
            glyph.size = size;
        }
    }
}

/// The middle of the stretch of sizes that holds the most characters, in tenths of a point.
fn commonest(counts: &std::collections::BTreeMap<i32, usize>) -> Option<f32> {
    let around = |size: i32| {
        let reach = (SAME_SIZE / 2.0 * size as f32) as i32;
        counts.range(size - reach..=size + reach)
    };
    let weight = |size: i32| around(size).map(|(_, count)| count).sum::<usize>();
    let best = counts.keys().copied().max_by_key(|size| weight(*size))?;
    let sum: f32 = around(best).map(|(size, count)| *size as f32 * *count as f32).sum();
    Some(sum / weight(best).max(1) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_near_each_other_become_one() {
        let glyph = |size: f32| Glyph {
            ch: '海',
            x0: 0.0,
            x1: 10.0,
            baseline: 100.0,
            size,
            bold: false,
            upright: true,
            mcid: None,
            artifact: false,
        };
        let page = |sizes: &[f32]| Content {
            glyphs: sizes.iter().map(|size| glyph(*size)).collect(),
            ..Content::default()
        };
        let mut first = page(&[10.5, 10.4, 10.6, 10.3, 15.8, 16.1]);
        let mut second = page(&[10.5, 10.8, 9.0]);
        settle_sizes(&mut [&mut first, &mut second]);
        let sizes = |page: &Content| page.glyphs.iter().map(|g| g.size).collect::<Vec<_>>();
        assert_eq!(sizes(&first)[..4], [10.5; 4]);
        assert_eq!(sizes(&first)[4], sizes(&first)[5]);
        assert_eq!(sizes(&second)[..2], [10.5; 2]);
        assert_eq!(sizes(&second)[2], 9.0);
    }
}
