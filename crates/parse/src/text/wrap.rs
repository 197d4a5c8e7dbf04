//! Lines of a text file that a program wrapped: which of them belong together.
//!
//! A line goes on in the next one if it breaks off in mid-sentence where lines of this text break:
//! at its wrap width. Widths are columns of a terminal, where a Chinese character takes two.

use crate::builder::is_space;
use crate::marker::marker;

/// Wrapped lines are at least this wide; shorter ones are lines of their own: addresses, verses.
const NARROWEST: usize = 40;
/// Wrapped lines are at most this wide.
const WIDEST: usize = 130;
/// A wrapped line has room for fewer columns than this: a mark may not begin the next line.
const ROOM: usize = 6;

/// How two lines belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    /// They do not.
    Apart,
    /// With nothing between them.
    Tight,
    /// With a space.
    Spaced,
}

impl Join {
    /// What stands between the two lines, if they are joined.
    pub(crate) fn glue(self) -> Option<&'static str> {
        match self {
            Self::Apart => None,
            Self::Tight => Some(""),
            Self::Spaced => Some(" "),
        }
    }
}

/// How wide a text is, in columns; what is over [`WIDEST`] by far is not counted out.
pub(crate) fn width(text: &str) -> usize {
    text.chars().take(4 * WIDEST).map(|ch| if is_wide(ch) { 2 } else { 1 }).sum()
}

/// Whether a character takes two columns.
fn is_wide(ch: char) -> bool {
    matches!(ch, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}' | '\u{20000}'..='\u{3FFFD}')
        || matches!(ch, '“' | '”' | '‘' | '’' | '…' | '—')
}

/// Whether a text is written in Chinese: it has as many characters of it as Latin words.
pub(crate) fn is_chinese(text: &str) -> bool {
    let (mut han, mut letters) = (0, 0);
    for ch in text.chars() {
        han += usize::from(is_wide(ch));
        letters += usize::from(ch.is_ascii_alphabetic());
    }
    han * 4 > letters
}

/// The width at which lines of a text are wrapped, from pairs of lines that follow each other;
/// `None` if they are not.
pub(crate) fn wrap_width<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Option<usize> {
    let mut widths = Vec::new();
    for (line, next) in pairs {
        let columns = width(line);
        if columns >= NARROWEST && !ends_sentence(line) {
            // A line of any length below shows that this one was not wrapped.
            widths.push(if width(next) > WIDEST { 2 * WIDEST } else { columns });
        }
    }
    if widths.is_empty() {
        return None;
    }
    widths.sort_unstable();
    // One line that is too long does not decide.
    let widest = widths[(widths.len() - 1) * 9 / 10];
    let near = widths.iter().filter(|columns| **columns + 2 * ROOM >= widest).count();
    (widest <= WIDEST && near * 2 >= widths.len()).then_some(widest)
}

/// Whether `line` goes on in `next`, in a text that is wrapped at `wrap`.
pub(crate) fn join(line: &str, next: &str, wrap: Option<usize>) -> Join {
    let (Some(last), Some(first)) = (line.trim_end().chars().next_back(), next.chars().next())
    else {
        return Join::Apart;
    };
    let next_trimmed = next.trim_start_matches(is_space);
    if first == '\u{3000}' || ends_sentence(line) || marker(next_trimmed).is_some() {
        return Join::Apart;
    }
    let wrapped = is_full(line, next_trimmed, wrap);
    if wrapped || matches!(last, '，' | '、' | '（' | '《' | '“' | ',') {
        return together(last, next_trimmed.chars().next().unwrap_or(first));
    }
    Join::Apart
}

/// Whether a line of a text that is wrapped at `wrap` had no room for what begins the next one.
pub(crate) fn is_full(line: &str, next: &str, wrap: Option<usize>) -> bool {
    let end = next.find(|ch: char| is_space(ch) || is_wide(ch)).unwrap_or(next.len());
    let word = if end == 0 { 2 } else { width(&next[..end]) };
    wrap.is_some_and(|wrap| {
        width(line.trim_end()) + word.min(wrap / 2) + ROOM > wrap && width(next) <= wrap + ROOM
    })
}

/// How a line that ends in `last` and one that begins with `first` are joined.
pub(crate) fn together(last: char, first: char) -> Join {
    // Words of Latin script have a space between them; so have words of Korean.
    let hangul = |ch| matches!(ch, '\u{AC00}'..='\u{D7A3}');
    let spaced = |ch: char| !is_wide(ch) && !ch.is_whitespace() || hangul(ch);
    if spaced(last) && spaced(first) { Join::Spaced } else { Join::Tight }
}

/// Whether a line ends as a sentence or a lead-in does.
pub(crate) fn ends_sentence(line: &str) -> bool {
    let line = line.trim_end_matches(is_space);
    let inner = line.trim_end_matches(['”', '’', '」', '』', '）', ')', '》', '"', '*', '_']);
    let ends = |text: &str| text.ends_with(['。', '！', '？', '；', '：', '!', '?', ';', ':', '…']);
    ends(line) || ends(inner) || inner.ends_with('.') && !is_chinese(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_go_on_and_lines_that_end() {
        let long = "远山通信在雪岭新建基站一百二十座，覆盖率提高到百分之九十八，";
        let full = "松涛岛海底光缆修复以后客户服务全部恢复正常，公司随即开展";
        let cases = [
            (full, "巡检工作。", Some(56), Join::Tight),
            (long, "比上年提高两个百分点。", None, Join::Tight),
            ("短的一行", "另一行", Some(56), Join::Apart),
            ("远山通信今天完成雪岭基站改造。", "共十二座。", Some(56), Join::Apart),
            (full, "一、概况", Some(56), Join::Apart),
            (full, "　　新的一段", Some(56), Join::Apart),
            (
                "the base stations that were built in the year of",
                "the change",
                Some(50),
                Join::Spaced,
            ),
            (
                "采用的技术包括第五代移动通信和新一代云计算平台以及 Internet",
                "Protocol 第六版",
                Some(62),
                Join::Spaced,
            ),
        ];
        for (line, next, wrap, expected) in cases {
            assert_eq!(join(line, next, wrap), expected, "{line} / {next}");
        }
    }

    #[test]
    fn the_wrap_width_is_that_of_most_lines() {
        let full = "远山通信在雪岭新建基站一百二十座覆盖率提高到百分之九十八";
        assert_eq!(wrap_width([(full, full), (full, "短")].into_iter()), Some(56));
        assert_eq!(wrap_width([("短", "短")].into_iter()), None);
        assert_eq!(wrap_width([(full, full.repeat(4).as_str())].into_iter()), None);
    }
}
