//! How large a line is set and where its characters begin and end.
//!
//! The rectangle of a line is only about as high as its text. The ink in it tells more: ideographs
//! cover [`IDEOGRAPH`] of the size, digits and capitals [`CAPITAL`]. Ideographs next to each other
//! stand one size apart, which over a whole line is measured better still.

use super::engine::{Character, Line};

/// The share of the size that the ink of a line of ideographs covers.
const IDEOGRAPH: f32 = 0.93;
/// The same for capitals and digits.
const CAPITAL: f32 = 0.73;
/// The same for letters that reach above and below.
const LETTERS: f32 = 0.95;
/// How far below the baseline those reach.
const DESCENT: f32 = 0.21;
/// Where the middle of an ideograph is above the baseline.
const MIDDLE: f32 = 0.38;
/// This many neighbours give the size more exactly than the ink.
const ENOUGH: usize = 4;

fn is_ideograph(ch: char) -> bool {
    matches!(ch, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether a character takes a whole square.
fn is_wide(ch: char) -> bool {
    is_ideograph(ch)
        || matches!(ch, '\u{2E80}'..='\u{33FF}' | '\u{AC00}'..='\u{D7AF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF01}'..='\u{FF60}')
        || matches!(ch, '“' | '”' | '‘' | '’' | '—' | '…' | '●' | '■' | '①'..='⑳')
}

/// What the ink of a line belongs to.
enum Ink {
    Ideographs,
    Capitals,
    Letters,
    Flat,
}

fn ink_of(line: &Line) -> Ink {
    let any = |of: &dyn Fn(char) -> bool| line.characters.iter().any(|character| of(character.ch));
    if any(&|ch| is_ideograph(ch) && !matches!(ch, '一' | '二' | '三')) {
        Ink::Ideographs
    } else if any(&|ch| "gjpqyQ()（）[]|/,;，；《》【】「」".contains(ch)) {
        Ink::Letters
    } else if any(&|ch| ch.is_ascii_digit() || ch.is_ascii_uppercase() || "bdfhklt%".contains(ch)) {
        Ink::Capitals
    } else {
        Ink::Flat
    }
}

/// The size of a line's characters, in pixels.
pub(crate) fn size(line: &Line) -> f32 {
    let height = line.quad.height;
    let ink = line.ink.map_or(0.6, |(top, bottom)| bottom - top) * height;
    let size = match ink_of(line) {
        Ink::Ideographs => ink / IDEOGRAPH,
        Ink::Capitals => ink / CAPITAL,
        Ink::Letters => ink / LETTERS,
        Ink::Flat => 0.6 * height,
    };
    let steps: Vec<f32> = line
        .characters
        .windows(2)
        .filter(|pair| pair.iter().all(|character| is_ideograph(character.ch)))
        .map(|pair| pair[1].at - pair[0].at)
        .filter(|step| (0.6 * size..1.5 * size).contains(step))
        .collect();
    let pitch = steps.iter().sum::<f32>() / steps.len().max(1) as f32;
    if steps.len() >= ENOUGH && (pitch / size - 1.0).abs() < 0.12 { pitch } else { size }.max(1.0)
}

/// How far the baseline of a line of a size is from the middle of its rectangle, downwards.
pub(crate) fn baseline(line: &Line, size: f32) -> f32 {
    let Some((top, bottom)) = line.ink else { return MIDDLE * size };
    let from_middle = |share: f32| (share - 0.5) * line.quad.height;
    match ink_of(line) {
        Ink::Ideographs => from_middle((top + bottom) / 2.0) + MIDDLE * size,
        Ink::Capitals => from_middle(bottom),
        Ink::Letters => from_middle(bottom) - DESCENT * size,
        Ink::Flat => MIDDLE * size,
    }
}

/// From where to where each character of a line reaches, in pixels along it.
pub(crate) fn extents(line: &Line, size: f32) -> Vec<(f32, f32)> {
    let half = |character: &Character| size * if is_wide(character.ch) { 0.5 } else { 0.3 };
    let characters = &line.characters;
    // Where two touch, each has its share of what is between their centres.
    let border = |a: &Character, b: &Character| {
        a.at + (b.at - a.at) * half(a) / (half(a) + half(b)).max(f32::MIN_POSITIVE)
    };
    let extent = |(i, character): (usize, &Character)| {
        let mut from = (character.at - half(character)).max(0.0);
        let mut to = (character.at + half(character)).min(line.quad.width);
        if let Some(before) = i.checked_sub(1).and_then(|i| characters.get(i)) {
            from = from.max(border(before, character));
        }
        if let Some(after) = characters.get(i + 1) {
            to = to.min(border(character, after));
        }
        (from, to.max(from))
    };
    characters.iter().enumerate().map(extent).collect()
}

#[cfg(test)]
mod tests {
    use super::super::geometry::{Point, Quad};
    use super::*;

    /// A line in a rectangle 40 high whose characters stand so far apart.
    fn line(text: &str, step: f32, ink: (f32, f32)) -> Line {
        let characters: Vec<Character> = text
            .chars()
            .enumerate()
            .map(|(i, ch)| Character { ch, at: (i as f32 + 0.5) * step })
            .collect();
        let width = characters.len() as f32 * step;
        let quad = Quad { centre: Point { x: 0.0, y: 0.0 }, width, height: 40.0, angle: 0.0 };
        Line { characters, quad, ink: Some(ink), confidence: 1.0 }
    }

    #[test]
    fn the_size_is_the_step_of_ideographs_or_comes_from_their_ink() {
        assert!((size(&line("松涛岛海缆抢修", 28.0, (0.15, 0.8))) - 28.0).abs() < 0.01);
        // Spaced out: the ink alone.
        assert!((size(&line("目录", 80.0, (0.15, 0.8))) - 26.0 / 0.93).abs() < 0.01);
        assert!((size(&line("2023", 15.0, (0.25, 0.75))) - 20.0 / 0.73).abs() < 0.01);
        assert!(size(&line("一", 30.0, (0.45, 0.5))) > 20.0);
    }

    #[test]
    fn digits_and_ideographs_of_a_row_share_a_baseline() {
        let text = line("远山", 28.0, (0.15, 0.8));
        let number = line("12", 15.0, (0.22, 0.72));
        let (a, b) = (baseline(&text, 28.0), baseline(&number, 28.0));
        assert!((a - 9.64).abs() < 0.01 && (a - b).abs() < 1.0, "{a} {b}");
    }

    #[test]
    fn characters_touch_but_do_not_overlap() {
        let extents = extents(&line("海5G", 20.0, (0.2, 0.8)), 28.0);
        assert_eq!(extents[0].0, 0.0);
        assert!((extents[0].1 - extents[1].0).abs() < 0.01 && extents[1].1 <= extents[2].0 + 0.01);
        assert!(extents[0].1 > 20.0, "{extents:?}");
    }
}
