//! White space: text nodes to the text of one paragraph.
//!
//! White space in the source collapses as a browser shows it, with one difference: a line of the
//! source that ends between Chinese characters joins without a space. Soft hyphens and zero-width
//! characters are dropped, no-break spaces become spaces.

use crate::builder::is_space;

/// This many wide or no-break spaces behind the end of a sentence begin a paragraph.
const INDENT: (usize, usize) = (2, 4);

/// White space that shows only if text follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    /// The source's line ends here.
    Wrap,
    Space,
}

/// The text of a paragraph as it grows.
#[derive(Debug, Default)]
pub(super) struct Line {
    text: String,
    gap: Gap,
}

impl Line {
    pub(super) fn is_empty(&self) -> bool {
        self.text.chars().all(is_space)
    }

    /// Takes the text out, trimmed.
    pub(super) fn take(&mut self) -> String {
        self.gap = Gap::None;
        let text = std::mem::take(&mut self.text);
        text.trim_matches(is_space).to_owned()
    }

    /// Ends the source's line: joins Chinese, parts Latin words.
    pub(super) fn wrap(&mut self) {
        self.gap = self.gap.max(Gap::Wrap);
    }

    /// Ends a line that is seen: in a cell, a line break.
    pub(super) fn break_line(&mut self) {
        self.gap = Gap::None;
        if !self.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Adds text as it stands, for preformatted text.
    pub(super) fn push_verbatim(&mut self, text: &str) {
        self.text.extend(text.chars().filter(|ch| *ch != '\r' && !is_dropped(*ch)));
    }

    /// Adds text of one paragraph.
    pub(super) fn push(&mut self, text: &str) {
        self.add(text, &mut None);
    }

    /// Adds text; gives each paragraph that an indent in the middle of the text ends.
    pub(super) fn push_parted(&mut self, text: &str, ended: &mut dyn FnMut(&str)) {
        self.add(text, &mut Some(ended));
    }

    fn add(&mut self, text: &str, ended: &mut Option<&mut dyn FnMut(&str)>) {
        let mut rest = text;
        loop {
            let blank = rest.len() - rest.trim_start_matches(is_blank).len();
            if blank > 0 {
                let at_edge = rest.len() == text.len() || blank == rest.len();
                self.gap = self.gap.max(gap_of(&rest[..blank], at_edge));
                rest = &rest[blank..];
            }
            let end = rest.find(is_blank).unwrap_or(rest.len());
            if end == 0 {
                return;
            }
            for ch in rest[..end].chars().filter(|ch| !is_dropped(*ch)) {
                self.push_char(if ch == '\u{A0}' { ' ' } else { ch }, ended);
            }
            rest = &rest[end..];
        }
    }

    fn push_char(&mut self, ch: char, ended: &mut Option<&mut dyn FnMut(&str)>) {
        let gap = std::mem::take(&mut self.gap);
        if is_space(ch) {
            self.text.push(ch);
            return;
        }
        if let Some(ended) = ended
            && let Some(len) = self.before_indent()
        {
            ended(self.text[..len].trim_matches(is_space));
            self.text.clear();
        }
        if let Some(last) = self.text.chars().next_back()
            && !is_space(last)
            && (gap == Gap::Space || gap == Gap::Wrap && !is_wide(last) && !is_wide(ch))
        {
            self.text.push(' ');
        }
        self.text.push(ch);
    }

    /// Where the sentence ends behind which an indent stands.
    fn before_indent(&self) -> Option<usize> {
        let blank = |wanted: char| {
            self.text
                .chars()
                .rev()
                .take_while(|ch| is_space(*ch))
                .filter(|ch| *ch == wanted)
                .count()
        };
        if !self.text.ends_with(is_space) || blank('\u{3000}') < INDENT.0 && blank(' ') < INDENT.1 {
            return None;
        }
        let sentence = self.text.trim_end_matches(is_space);
        sentence
            .ends_with(['。', '！', '？', '；', '：', '”', '」', '）'])
            .then_some(sentence.len())
    }
}

/// White space that collapses.
fn is_blank(ch: char) -> bool {
    matches!(ch, ' ' | '\t' | '\n' | '\r' | '\u{C}')
}

/// What a run of white space is. At the edge of a text, that is beside a tag, an indented line is
/// the layout of the source between two pieces that stand apart.
fn gap_of(blank: &str, at_edge: bool) -> Gap {
    match blank.rfind('\n') {
        Some(at) if at_edge && at + 1 < blank.len() => Gap::Space,
        Some(_) => Gap::Wrap,
        None => Gap::Space,
    }
}

/// Characters that are not seen: soft hyphen, zero-width space and joiners, byte order mark.
fn is_dropped(ch: char) -> bool {
    matches!(ch, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Whether a character belongs to Chinese text, which has no spaces between words.
fn is_wide(ch: char) -> bool {
    ch >= '\u{2E80}' || matches!(ch, '“' | '”' | '‘' | '’' | '—' | '…')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_collapses_and_indents_part_paragraphs() {
        let cases: &[(&[&str], &[&str])] = &[
            (&["  甲 \n 乙  "], &["甲乙"]),
            (&["a\n  b", "\n", "c"], &["a b c"]),
            (&["甲\n      ", "乙"], &["甲 乙"]),
            (&["甲\n", "乙"], &["甲乙"]),
            (&["甲 乙\tc"], &["甲 乙 c"]),
            (&["\u{A0}\u{A0}甲\u{A0}乙\u{AD}丙\u{200B}"], &["甲 乙丙"]),
            (&["　　甲。　　乙。\n　　丙。"], &["甲。", "乙。", "丙。"]),
            (&["姓　　名：甲"], &["姓　　名：甲"]),
        ];
        for (texts, expected) in cases {
            let mut line = Line::default();
            let mut found = Vec::new();
            for text in *texts {
                line.push_parted(text, &mut |ended| found.push(ended.to_owned()));
            }
            found.push(line.take());
            assert_eq!(found, *expected, "{texts:?}");
        }
    }
}
