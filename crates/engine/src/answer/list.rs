//! Enumerations: what announces one, and what is an item of one.

/// What an item may begin with, besides numbers. Each row is one kind of marker.
const WORDS: &[&[&str]] = &[
    &["一是", "二是", "三是", "四是", "五是", "六是", "七是", "八是", "九是", "十是"],
    &["一要", "二要", "三要", "四要", "五要", "六要", "七要", "八要"],
    &["首先", "其次", "再次", "此外", "最后"],
    &["第一", "第二", "第三", "第四", "第五", "第六", "第七", "第八", "第九", "第十"],
    &["其一", "其二", "其三", "其四", "其五"],
    &["一方面", "另一方面"],
];
const BULLETS: &[char] = &[
    '•', '●', '■', '◆', '·', '▪', '○', '□', '✓', '➢', '\u{f06c}', '\u{f0b7}', '\u{f0d8}', '▶', '◇',
    '★', '—',
];
/// Words in a sentence that announces an enumeration.
const ANNOUNCERS: &[&str] = &[
    "包括",
    "如下",
    "以下",
    "下列",
    "分别是",
    "分别为",
    "分为",
    "主要有",
    "体现在",
    "表现在",
    "几个方面",
    "个方面",
    "大方面",
    "方面的",
    "个维度",
    "大特点",
    "个特点",
    "项措施",
    "大举措",
    "大趋势",
    "大类",
];

/// The kind of a marker and its number from 1 (0 for a bullet).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) kind: usize,
    pub(super) number: usize,
}

/// The marker that a sentence begins with.
pub(super) fn marker(text: &str) -> Option<Marker> {
    let text = text.trim_start();
    for (kind, words) in WORDS.iter().enumerate() {
        if let Some(at) = words.iter().position(|word| text.starts_with(word)) {
            return Some(Marker { kind, number: at + 1 });
        }
    }
    if text.starts_with(BULLETS) {
        return Some(Marker { kind: 20, number: 0 });
    }
    numbered(text)
}

/// 1. 2、 (3) （四） ⑤ 一、
fn numbered(text: &str) -> Option<Marker> {
    let mut chars = text.chars().peekable();
    let first = *chars.peek()?;
    if ('①'..='⑳').contains(&first) {
        return Some(Marker { kind: 21, number: first as usize - '①' as usize + 1 });
    }
    let bracketed = chars.next_if(|ch| matches!(ch, '(' | '（')).is_some();
    let digits: String =
        std::iter::from_fn(|| chars.next_if(char::is_ascii_digit)).take(3).collect();
    if !digits.is_empty() {
        let number = digits.parse().ok()?;
        let closed = chars.next_if(|ch| matches!(ch, '.' | '．' | '、' | ')' | '）')).is_some();
        let is_decimal = chars.peek().is_some_and(char::is_ascii_digit);
        return (closed && !is_decimal && number <= 30)
            .then_some(Marker { kind: 22 + usize::from(bracketed), number });
    }
    let spelled: String =
        std::iter::from_fn(|| chars.next_if(|ch| "一二三四五六七八九十".contains(*ch)))
            .take(3)
            .collect();
    let number = "一二三四五六七八九十".chars().position(|ch| spelled.starts_with(ch))? + 1;
    let closed = chars.next_if(|ch| matches!(ch, '、' | ')' | '）')).is_some();
    closed.then_some(Marker { kind: 24 + usize::from(bracketed), number })
}

/// How many different items of one enumeration stand inside a sentence: 一是…；二是….
pub(super) fn items_inside(text: &str) -> usize {
    let count = |words: &&[&str]| words.iter().take_while(|word| text.contains(**word)).count();
    let words = WORDS.iter().map(count).max().unwrap_or(0);
    let circled = ('①'..='⑳').take_while(|ch| text.contains(*ch)).count();
    let bracketed = (1..20)
        .take_while(|n| text.contains(&format!("（{n}）")) || text.contains(&format!("({n})")))
        .count();
    words.max(circled).max(bracketed)
}

/// Whether a sentence names several things after a word that announces them: 包括甲、乙和丙.
pub(super) fn lists_inline(text: &str) -> bool {
    let announced = ["包括", "包含", "分别", "分为", "涵盖", "组成", "如"]
        .iter()
        .filter_map(|word| text.find(word))
        .min();
    announced.is_some_and(|at| text[at..].matches(['、', '；', '和', '及', '与']).count() > 1)
}

/// Whether a sentence says that an enumeration follows.
pub(super) fn announces(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with(['：', ':']) || ANNOUNCERS.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_begin_with_markers() {
        for (text, expected) in [
            ("二是提升体验。", Some((0, 2))),
            ("首先，建网。", Some((2, 1))),
            ("3.推进共享", Some((22, 3))),
            ("（四）推进共享", Some((25, 4))),
            ("② 推进", Some((21, 2))),
            ("• 推进", Some((20, 0))),
            ("3.5 亿户", None),
            ("2022 年", None),
            ("一张网", None),
        ] {
            assert_eq!(marker(text).map(|marker| (marker.kind, marker.number)), expected, "{text}");
        }
    }

    #[test]
    fn enumerations_are_announced_or_inside() {
        assert!(announces("主要措施如下："));
        assert!(!announces("营收增长。"));
        assert_eq!(items_inside("有三点：一是快；二是稳；三是省。"), 3);
        assert_eq!(items_inside("营收增长。"), 0);
    }
}
