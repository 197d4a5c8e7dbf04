//! Glyphs to lines, and lines to running text.
//!
//! A line is a stretch of glyphs in content order on one baseline. Text is joined as a typesetter
//! would undo it: nothing between Chinese characters, one space between Latin words, a hyphen at
//! the end of a line undone. Superscripts and subscripts stay in their line.

use crate::document::{CharPlace, Furniture, PlaceMap};

use super::glyphs::Glyph;
use super::tags::Tag;

/// A stretch of glyphs on one baseline.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) page: u32,
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) x0: f32,
    pub(crate) x1: f32,
    pub(crate) baseline: f32,
    /// The size that most of its characters have.
    pub(crate) size: f32,
    /// Most of its characters are bold.
    pub(crate) bold: bool,
    pub(crate) tag: Option<Tag>,
    pub(crate) artifact: bool,
    pub(crate) furniture: Option<Furniture>,
    /// Part of a footnote.
    pub(crate) note: bool,
    /// The box around text that it stands in, and the cell of that box.
    pub(crate) boxed: Option<(usize, usize)>,
}

impl Line {
    /// `None` if the glyphs are nothing but spaces.
    pub(crate) fn new(page: u32, glyphs: Vec<Glyph>) -> Option<Self> {
        let visible = || glyphs.iter().filter(|glyph| glyph.ch != ' ');
        let first = visible().next()?;
        let count = visible().count();
        let size = common_size(visible());
        let main = visible().find(|glyph| (glyph.size - size).abs() < 0.3).unwrap_or(first);
        Some(Self {
            page,
            x0: visible().map(|glyph| glyph.x0).fold(f32::MAX, f32::min),
            x1: visible().map(|glyph| glyph.x1).fold(f32::MIN, f32::max),
            baseline: main.baseline,
            size,
            bold: visible().filter(|glyph| glyph.bold).count() * 2 > count,
            tag: None,
            artifact: visible().filter(|glyph| glyph.artifact).count() * 2 > count,
            furniture: None,
            note: false,
            boxed: None,
            glyphs,
        })
    }

    pub(crate) fn top(&self) -> f32 {
        self.baseline - 0.88 * self.size
    }

    pub(crate) fn bottom(&self) -> f32 {
        self.baseline + 0.12 * self.size
    }

    /// The line's text, as [`Text`] joins it.
    pub(crate) fn text(&self) -> String {
        let mut text = Text::default();
        text.push_line(self);
        text.text
    }

    /// How many characters it has, without spaces.
    pub(crate) fn len(&self) -> usize {
        self.glyphs.iter().filter(|glyph| !glyph.ch.is_whitespace()).count()
    }
}

fn common_size<'a>(glyphs: impl Iterator<Item = &'a Glyph>) -> f32 {
    let mut counts: Vec<(i32, usize)> = Vec::new();
    for glyph in glyphs {
        let key = (glyph.size * 10.0).round() as i32;
        match counts.iter_mut().find(|(size, _)| *size == key) {
            Some((_, count)) => *count += 1,
            None => counts.push((key, 1)),
        }
    }
    let most = counts.into_iter().max_by_key(|(size, count)| (*count, *size));
    most.map_or(0.0, |(size, _)| size as f32 / 10.0)
}

/// Cuts glyphs in content order into lines.
pub(crate) fn lines(page: u32, glyphs: impl IntoIterator<Item = Glyph>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut run: Vec<Glyph> = Vec::new();
    for glyph in glyphs {
        if run.last().is_some_and(|_| starts_line(&run, &glyph)) {
            lines.extend(Line::new(page, std::mem::take(&mut run)));
        }
        run.push(glyph);
    }
    lines.extend(Line::new(page, run));
    join_same_baseline(page, lines)
}

/// Whether a glyph begins a new line after `run`.
fn starts_line(run: &[Glyph], next: &Glyph) -> bool {
    let Some(last) = run.last() else { return true };
    if last.upright != next.upright {
        return true;
    }
    if !next.upright {
        // Rotated text: a jump across its direction begins a new line.
        return (last.x0 - next.x0).abs() > 0.5 * next.size
            && (last.baseline - next.baseline).abs() > 1.6 * next.size;
    }
    let size = last.size.max(next.size);
    let script = last.size.min(next.size) < 0.8 * size;
    let drop = (last.baseline - next.baseline).abs();
    if drop > if script { 0.7 * size } else { 0.35 * size } {
        return true;
    }
    next.x0 < last.x0 - 0.5 * size
}

/// Lines that follow each other on the same baseline, left to right, are one line.
fn join_same_baseline(page: u32, lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        if let Some(last) = out.last_mut()
            && (last.baseline - line.baseline).abs() < 0.2 * line.size
            && line.x0 >= last.x1 - 0.2 * line.size
            && line.x0 - last.x1 < 3.0 * line.size
        {
            let mut glyphs = std::mem::take(&mut last.glyphs);
            glyphs.extend(line.glyphs);
            if let Some(joined) = Line::new(page, glyphs) {
                *last = joined;
            }
            continue;
        }
        out.push(line);
    }
    out
}

/// Text put together from lines, with the place of each character.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) places: PlaceMap,
    /// Set until the first character of a line is written.
    last_x1: Option<f32>,
}

impl Text {
    /// Goes on with a text that was put together before.
    pub(crate) fn new(text: String, places: PlaceMap) -> Self {
        Self { text, places, last_x1: None }
    }

    /// Appends a line; where the text is not empty, the wrap before it is undone.
    pub(crate) fn push_line(&mut self, line: &Line) {
        let start = self.text.len();
        let mut glyphs = line.glyphs.iter().skip_while(|glyph| glyph.ch.is_whitespace()).peekable();
        if let (Some(last), Some(first)) = (self.text.chars().last(), glyphs.peek()) {
            self.join(last, first.ch, start);
        }
        self.last_x1 = None;
        for glyph in glyphs {
            self.push_glyph(line, glyph);
        }
        self.text.truncate(self.text.trim_end().len());
    }

    /// Undoes the wrap between two lines.
    fn join(&mut self, last: char, first: char, end: usize) {
        let word = |ch: char| ch.is_ascii_alphanumeric();
        let hyphenated = last == '-'
            && first.is_ascii_lowercase()
            && self.text[..end - 1].chars().last().is_some_and(|ch| ch.is_ascii_lowercase());
        if hyphenated {
            self.text.pop();
            self.places.truncate(self.text.len(), &self.text);
        } else if (last.is_ascii_alphabetic() && word(first))
            || (word(last) && first.is_ascii_alphabetic())
            || (matches!(last, ',' | '.' | ';' | ':' | ')') && first.is_ascii_alphabetic())
        {
            self.text.push(' ');
        }
    }

    fn push_glyph(&mut self, line: &Line, glyph: &Glyph) {
        if glyph.ch.is_whitespace() {
            if !self.text.ends_with([' ', '\t', '\n']) && !self.text.is_empty() {
                self.text.push(' ');
            }
            return;
        }
        let gap = self.last_x1.map_or(0.0, |x1| glyph.x0 - x1);
        if self.text.chars().last().is_some_and(|last| needs_space(last, glyph, gap)) {
            self.text.push(' ');
        }
        self.last_x1 = Some(glyph.x1);
        let place = CharPlace {
            page: line.page,
            x0: glyph.x0,
            x1: glyph.x1,
            top: line.top(),
            bottom: line.bottom(),
        };
        self.places.push(self.text.len(), glyph.ch.len_utf8(), place);
        self.text.push(glyph.ch);
    }
}

/// Whether a gap without a space glyph stands for a space.
fn needs_space(last: char, next: &Glyph, gap: f32) -> bool {
    if last.is_whitespace() {
        return false;
    }
    let latin = last.is_ascii_graphic() && next.ch.is_ascii_graphic();
    let words = last.is_ascii_alphabetic() || next.ch.is_ascii_alphabetic();
    gap > if latin && words { 0.18 * next.size } else { 1.2 * next.size }
}

/// Several lines as one text.
pub(crate) fn join<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Text {
    let mut text = Text::default();
    for line in lines {
        text.push_line(line);
    }
    text
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A line of text as glyphs of size 10, half as wide where they are ASCII.
    pub(in crate::pdf) fn glyphs(text: &str, x: f32, baseline: f32) -> Vec<Glyph> {
        let mut x0 = x;
        text.chars()
            .map(|ch| {
                let width = if ch.is_ascii() { 5.0 } else { 10.0 };
                let glyph = Glyph {
                    ch,
                    x0,
                    x1: x0 + width,
                    baseline,
                    size: 10.0,
                    bold: false,
                    upright: true,
                    mcid: None,
                    artifact: false,
                };
                x0 += width;
                glyph
            })
            .collect()
    }

    fn joined(wrapped: &[&str]) -> String {
        let mut all = Vec::new();
        for (i, text) in wrapped.iter().enumerate() {
            all.extend(glyphs(text, 50.0, 100.0 + 20.0 * i as f32));
        }
        let lines = lines(1, all);
        assert_eq!(lines.len(), wrapped.len());
        join(&lines).text
    }

    #[test]
    fn line_wraps_are_undone() {
        let cases: [(&[&str], &str); 6] = [
            (&["网络覆盖", "全省"], "网络覆盖全省"),
            (&["content delivery", "network"], "content delivery network"),
            (&["a distri-", "buted system"], "a distributed system"),
            (&["采用 5G-", "A 技术"], "采用 5G-A 技术"),
            (&["接入 Cloud", "平台"], "接入 Cloud平台"),
            (&["共 12", "万户"], "共 12万户"),
        ];
        for (wrapped, expected) in cases {
            assert_eq!(joined(wrapped), expected);
        }
    }

    #[test]
    fn a_superscript_stays_in_its_line_and_a_far_column_does_not_touch() {
        let mut all = glyphs("算力", 50.0, 100.0);
        all.extend(glyphs("1", 70.0, 96.0).into_iter().map(|glyph| Glyph { size: 6.0, ..glyph }));
        all.extend(glyphs("规模", 75.0, 100.0));
        assert_eq!(lines(1, all).iter().map(Line::text).collect::<Vec<_>>(), ["算力1规模"]);

        let mut all = glyphs("甲方", 50.0, 100.0);
        all.extend(glyphs("乙方", 100.0, 100.0));
        assert_eq!(lines(1, all).iter().map(Line::text).collect::<Vec<_>>(), ["甲方 乙方"]);
    }

    #[test]
    fn characters_keep_their_places_over_a_join() {
        let mut all = glyphs("ab-", 50.0, 100.0);
        all.extend(glyphs("cd", 50.0, 120.0));
        let text = join(&lines(1, all));
        assert_eq!(text.text, "abcd");
        let boxes = text.places.boxes(&text.text, 1..3);
        assert_eq!(
            boxes.iter().map(|b| (b.x0, b.x1)).collect::<Vec<_>>(),
            [(55.0, 60.0), (50.0, 55.0)]
        );
    }
}
