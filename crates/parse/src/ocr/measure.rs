//! How large a line is set and where its characters begin and end.
//!
//! The rectangle of a line is only about as high as its text. The ink in it tells more: ideographs
//! cover [`IDEOGRAPH`] of the size, digits and capitals [`CAPITAL`]. Ideographs next to each other
//! stand one size apart, which over a whole line is measured better still.

use super::crop::Ink;
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
enum Script {
    Ideographs,
    Capitals,
    Letters,
    Flat,
}

fn ink_of(line: &Line) -> Script {
    let any = |of: &dyn Fn(char) -> bool| line.characters.iter().any(|character| of(character.ch));
    if any(&|ch| is_ideograph(ch) && !matches!(ch, '一' | '二' | '三')) {
        Script::Ideographs
    } else if any(&|ch| "gjpqyQ()（）[]|/,;，；《》【】「」".contains(ch)) {
        Script::Letters
    } else if any(&|ch| ch.is_ascii_digit() || ch.is_ascii_uppercase() || "bdfhklt%".contains(ch)) {
        Script::Capitals
    } else {
        Script::Flat
    }
}

/// The size of a line's characters, in pixels.
pub(crate) fn size(line: &Line) -> f32 {
    let height = line.quad.height;
    let ink = line.ink.map_or(0.6, |ink| ink.bottom - ink.top) * height;
    let size = match ink_of(line) {
        Script::Ideographs => ink / IDEOGRAPH,
        Script::Capitals => ink / CAPITAL,
        Script::Letters => ink / LETTERS,
        Script::Flat => 0.6 * height,
    };
    let steps: Vec<f32> = line
        .characters
        .windows(2)
        .filter(|pair| pair.iter().all(|character| is_ideograph(character.ch)))
        .map(|pair| pair[1].at - pair[0].at)
        .filter(|step| (0.6 * size..1.5 * size).contains(step))
        .collect();
    let pitch = steps.iter().sum::<f32>() / steps.len().max(1) as f32;
    // Ink may be more than the line's own: a ruling, a note's number. Ideographs may be set apart.
    let trusted = steps.len() >= ENOUGH && (0.7..1.12).contains(&(pitch / size));
    if trusted { pitch } else { size }.max(1.0)
}

/// How thick the strokes of a line are, as a share of its size.
pub(crate) fn strokes(line: &Line) -> Option<f32> {
    let ideographs = line.characters.iter().filter(|character| is_ideograph(character.ch)).count();
    // Few characters may happen to have thick or thin strokes.
    let ink = line.ink.filter(|_| ideographs >= 2)?;
    Some(ink.strokes * line.quad.height / size(line))
}

/// How far the baseline of a line of a size is from the middle of its rectangle, downwards.
pub(crate) fn baseline(line: &Line, size: f32) -> f32 {
    let Some(Ink { top, bottom, .. }) = line.ink else { return MIDDLE * size };
    let from_middle = |share: f32| (share - 0.5) * line.quad.height;
    match ink_of(line) {
        Script::Ideographs => from_middle((top + bottom) / 2.0) + MIDDLE * size,
        Script::Capitals => from_middle(bottom),
        Script::Letters => from_middle(bottom) - DESCENT * size,
        Script::Flat => MIDDLE * size,
    }
}

/// From where to where each character of a line reaches, in pixels along it.
pub(crate) fn extents(line: &Line, size: f32) -> Vec<(f32, f32)> {
    let half = |character: &Character| size * if is_wide(character.ch) { 0.5 } else { 0.3 };
    let characters = &line.characters;
    // Where two touch, each has its share of what is between their centres. Letters of a word and
    // figures of a number do, however wide they are: a space would have been read as one.
    let border = |a: &Character, b: &Character| {
        let own = half(a) / (half(a) + half(b)).max(f32::MIN_POSITIVE);
        let narrow = !is_wide(a.ch) && !is_wide(b.ch) && b.at - a.at < size;
        let touch = narrow || b.at - a.at <= half(a) + half(b);
        let border = a.at + (b.at - a.at) * own;
        if touch { (border, border) } else { (a.at + half(a), b.at - half(b)) }
    };
    // At the ends of the line its ink says more than the usual width.
    let width = line.quad.width;
    let (left, right) = line.ink.map_or((0.0, width), |ink| (ink.left * width, ink.right * width));
    let first = |character: &Character| {
        let usual = character.at - half(character);
        left.clamp(usual, character.at).max(0.0)
    };
    let last = |character: &Character| {
        let usual = character.at + half(character);
        right.clamp(character.at, usual).min(width)
    };
    let extent = |(i, character): (usize, &Character)| {
        let before = i.checked_sub(1).and_then(|i| characters.get(i));
        let after = characters.get(i + 1);
        let from = before.map_or_else(|| first(character), |before| border(before, character).1);
        let to = after.map_or_else(|| last(character), |after| border(character, after).0);
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
        let ink = Some(Ink { top: ink.0, bottom: ink.1, left: 0.0, right: 1.0, strokes: 0.05 });
        Line { characters, quad, ink, confidence: 1.0 }
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

    #[test]
    fn there_is_no_gap_inside_a_word() {
        let mut word = line("ample", 20.0, (0.2, 0.8));
        word.characters[2].at += 4.0;
        let extents = extents(&word, 28.0);
        assert!(extents.windows(2).all(|pair| pair[0].1 == pair[1].0), "{extents:?}");
    }

    #[test]
    fn ink_of_another_line_does_not_make_the_text_larger() {
        assert_eq!(size(&line("松涛岛海缆抢修", 28.0, (0.0, 0.85))), 28.0);
    }
}
