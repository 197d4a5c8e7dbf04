//! Citations in what a model writes: `[1]`, `[1][3]`, `[1, 3]`, `[2-4]`, `【1】`, `［1］`, `[^1]`,
//! `[资料1]`.

use std::ops::Range;

/// A citation and the numbers in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) range: Range<usize>,
    pub(super) numbers: Vec<usize>,
}

/// The longest mark in bytes, and the widest range in it.
const LONGEST: usize = 60;
const WIDEST: usize = 50;

/// Whether a citation may begin with it.
pub(super) fn opens(ch: char) -> bool {
    matches!(ch, '[' | '［' | '【')
}

/// The citations of a text.
pub(super) fn marks(text: &str) -> Vec<Mark> {
    let mut out: Vec<Mark> = Vec::new();
    for (at, _) in text.char_indices().filter(|(_, ch)| opens(*ch)) {
        if out.last().is_none_or(|last| last.range.end <= at)
            && let Some(mark) = mark_at(text, at)
        {
            out.push(mark);
        }
    }
    out
}

/// The length of the citations that a text begins with, white space between them included.
pub(super) fn leading(text: &str) -> usize {
    let mut end = 0;
    loop {
        let spaces = text[end..].len() - text[end..].trim_start().len();
        match mark_at(text, end + spaces) {
            Some(mark) => end = mark.range.end,
            None => return end,
        }
    }
}

/// The text without its citations.
pub(super) fn without(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for mark in marks(text) {
        out += &text[from..mark.range.start];
        from = mark.range.end;
    }
    out + &text[from..]
}

fn mark_at(text: &str, at: usize) -> Option<Mark> {
    let rest = &text[at..];
    let open = rest.chars().next().filter(|ch| opens(*ch))?;
    let close = match open {
        '[' => ']',
        '［' => '］',
        _ => '】',
    };
    let end = rest.find(close).filter(|end| *end < LONGEST)?;
    let inner = rest[open.len_utf8()..end].trim();
    let inner = ["资料", "来源", "引文", "^"]
        .iter()
        .find_map(|word| inner.strip_prefix(word))
        .unwrap_or(inner);
    let mut numbers = Vec::new();
    for part in inner.split([',', '，', '、', ';', '；']) {
        numbers.extend(range(part)?);
    }
    Some(Mark { range: at..at + end + close.len_utf8(), numbers })
}

/// `3`, `2-4`.
fn range(part: &str) -> Option<Range<usize>> {
    let number =
        |text: &str| text.trim().trim_start_matches('^').parse::<u16>().ok().map(usize::from);
    let mut ends = part.splitn(2, ['-', '–', '~', '至']);
    let first = number(ends.next()?)?;
    let last = ends.next().map_or(Some(first), number)?;
    (first <= last && last - first < WIDEST).then_some(first..last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_are_read() {
        for (text, numbers, rest) in [
            ("甲[1]。", vec![1], "甲。"),
            ("甲[1][3]，乙【2】。", vec![1, 3, 2], "甲，乙。"),
            ("甲［1，3］", vec![1, 3], "甲"),
            ("甲[2-4]", vec![2, 3, 4], "甲"),
            ("甲[^1, ^2][资料3]", vec![1, 2, 3], "甲"),
            ("甲[注]乙[", vec![], "甲[注]乙["),
            ("甲[1-9999]", vec![], "甲[1-9999]"),
        ] {
            let found: Vec<usize> = marks(text).into_iter().flat_map(|mark| mark.numbers).collect();
            assert_eq!((found, without(text).as_str()), (numbers, rest), "{text}");
        }
        assert_eq!(leading("[1] [2]甲[3]"), "[1] [2]".len());
        assert_eq!(leading("甲[3]"), 0);
    }
}
