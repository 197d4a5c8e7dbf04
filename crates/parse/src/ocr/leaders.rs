//! Dot leaders, as between an entry of a table of contents and its page number.
//!
//! The networks take a row of dots for none, one or a few, wherever it begins or ends. A wide gap
//! beside such a dot, before a number that ends the row, is filled with as many dots as fit: so
//! the row is known for what it is.

use crate::pdf::glyphs::Glyph;

/// A gap that is filled is at least this wide, as a multiple of the size.
const WIDEST: f32 = 2.0;
/// The distance of filled-in dots, as a multiple of the size.
const STEP: f32 = 0.5;
/// No more dots than this are filled into a gap.
const MOST: usize = 300;
/// Glyphs stand on one row if their baselines differ by less than this multiple of the size.
const SAME_ROW: f32 = 0.3;

pub(crate) fn is_dot(ch: char) -> bool {
    matches!(ch, '.' | '…' | '·' | '‥' | '⋯' | '．')
}

/// Fills the leaders among glyphs in reading order.
pub(crate) fn fill(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let mut out: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    for (i, glyph) in glyphs.iter().enumerate() {
        if let Some(before) = i.checked_sub(1).and_then(|i| glyphs.get(i))
            && is_leader(before, glyph, &glyphs[i..])
        {
            let step = STEP * before.size;
            let count = (((glyph.x0 - before.x1) / step) as usize).min(MOST);
            out.extend((0..count).map(|i| {
                let x0 = before.x1 + i as f32 * step;
                Glyph { ch: '.', x0, x1: x0 + step, ..*before }
            }));
        }
        out.push(*glyph);
    }
    out
}

/// Whether the gap between two glyphs is part of a leader; `rest` is what follows it.
fn is_leader(before: &Glyph, after: &Glyph, rest: &[Glyph]) -> bool {
    let same_row = |a: &Glyph, b: &Glyph| {
        a.upright && b.upright && (a.baseline - b.baseline).abs() < SAME_ROW * a.size
    };
    if !same_row(before, after)
        || after.x0 - before.x1 < WIDEST * before.size
        || !(is_dot(before.ch) || is_dot(after.ch))
    {
        return false;
    }
    let row = rest.iter().take_while(|glyph| same_row(after, glyph) && glyph.x0 >= after.x0);
    let mut number = row.map(|glyph| glyph.ch).skip_while(|ch| is_dot(*ch) || *ch == ' ');
    let digits = number.clone().take(5).count();
    (1..=4).contains(&digits) && number.all(|ch| ch.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stretches of text of size 10 and where they begin.
    fn row(parts: &[(f32, &str)]) -> String {
        let glyphs = parts.iter().flat_map(|&(x, text)| {
            text.chars().enumerate().map(move |(i, ch)| Glyph {
                ch,
                x0: x + 5.0 * i as f32,
                x1: x + 5.0 * (i + 1) as f32,
                baseline: 100.0,
                size: 10.0,
                bold: false,
                upright: true,
                mcid: None,
                artifact: false,
            })
        });
        fill(glyphs.collect()).iter().map(|glyph| glyph.ch).collect()
    }

    #[test]
    fn a_gap_beside_a_dot_before_the_page_number_is_filled() {
        assert_eq!(row(&[(0.0, "概念."), (45.0, ".3")]), "概念........3");
        assert_eq!(row(&[(0.0, "概念"), (40.0, "..12")]), "概念........12");
        assert_eq!(row(&[(0.0, "概念"), (45.0, "3")]), "概念3");
        assert_eq!(row(&[(0.0, "3."), (45.0, "概念")]), "3.概念");
        assert_eq!(row(&[(0.0, "1."), (45.0, "12"), (80.0, "甲")]), "1.12甲");
    }
}
