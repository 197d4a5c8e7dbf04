//! What a line begins with: the numbering of headings and list items, footnote marks, captions.

/// Numbering styles from the outermost to the innermost, as Chinese documents nest them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Numbering {
    /// 第一章, 第二编, 第三部分
    Chapter,
    /// 第一节
    Section,
    /// 一、
    Chinese,
    /// （一）
    ChineseBracket,
    /// 1. or 1、 or 1.1 with its depth
    Decimal(u8),
    /// （1）, 1）
    DecimalBracket,
    /// ①
    Circled,
}

/// A marker at the beginning of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    Numbered(Numbering),
    Bullet,
}

/// The digits of numbers in Chinese.
pub(crate) const CHINESE_DIGITS: &str = "零〇一二三四五六七八九十百";

/// The marker that a text begins with.
pub(crate) fn marker(text: &str) -> Option<Marker> {
    let text = text.trim_start();
    let first = text.chars().next()?;
    if matches!(
        first,
        '•' | '●'
            | '■'
            | '◆'
            | '▪'
            | '○'
            | '◼'
            | '★'
            | '➢'
            | '✓'
            | '\u{F06C}'
            | '\u{F0B7}'
            | '\u{F0D8}'
            | '\u{F06E}'
    ) {
        return Some(Marker::Bullet);
    }
    numbering(text).map(Marker::Numbered)
}

/// The numbering that a text begins with.
pub(crate) fn numbering(text: &str) -> Option<Numbering> {
    let text = text.trim_start();
    let first = text.chars().next()?;
    match first {
        '第' => ordinal(text),
        '①'..='⑳' | '❶'..='❿' => Some(Numbering::Circled),
        '（' | '(' => bracketed(text),
        '0'..='9' => decimal(text),
        ch if CHINESE_DIGITS.contains(ch) => {
            let rest = text.trim_start_matches(|ch| CHINESE_DIGITS.contains(ch)).trim_start();
            rest.starts_with(['、', '．']).then_some(Numbering::Chinese)
        }
        _ => None,
    }
}

fn ordinal(text: &str) -> Option<Numbering> {
    let rest = text.strip_prefix('第')?.trim_start();
    let number: String =
        rest.chars().take_while(|ch| CHINESE_DIGITS.contains(*ch) || ch.is_ascii_digit()).collect();
    let rest = rest[number.len()..].trim_start();
    if number.is_empty() {
        return None;
    }
    if rest.starts_with(['章', '编', '篇']) || rest.starts_with("部分") {
        return Some(Numbering::Chapter);
    }
    rest.starts_with('节').then_some(Numbering::Section)
}

fn bracketed(text: &str) -> Option<Numbering> {
    let inner = &text[text.chars().next()?.len_utf8()..];
    let end = inner.find(['）', ')'])?;
    let inner = inner[..end].trim();
    if inner.is_empty() || inner.chars().count() > 3 {
        return None;
    }
    if inner.chars().all(|ch| CHINESE_DIGITS.contains(ch)) {
        return Some(Numbering::ChineseBracket);
    }
    inner.chars().all(|ch| ch.is_ascii_digit()).then_some(Numbering::DecimalBracket)
}

fn decimal(text: &str) -> Option<Numbering> {
    let end = text.find(|ch: char| !ch.is_ascii_digit() && ch != '.').unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let parts: Vec<&str> = number.trim_end_matches('.').split('.').collect();
    if parts.iter().any(|part| part.is_empty() || part.len() > 2) || parts.len() > 5 {
        return None;
    }
    let next = rest.chars().next();
    if parts.len() == 1 {
        if matches!(next, Some('）' | ')')) {
            return Some(Numbering::DecimalBracket);
        }
        // `1.` or `1、` before words; `1.5` and `3.` at the end of a line are numbers.
        let stopped = number.ends_with('.') || matches!(next, Some('、' | '．'));
        let rest = rest.trim_start_matches(['、', '．']).trim_start();
        let worded =
            rest.chars().next().is_some_and(|ch| !ch.is_ascii_digit() && !matches!(ch, '%' | '％'));
        return (stopped && worded).then_some(Numbering::Decimal(1));
    }
    // `1.1 标题`; `1.5 亿` is a number: a heading's number is followed by a space and no unit.
    let title = rest.trim_start();
    let unit = title
        .starts_with(['%', '％', '亿', '万', '倍', '个', '元', '户', '年', '～', '~', '-', '—']);
    let spaced = rest.starts_with([' ', '\u{3000}']) || parts.len() > 2 || number.ends_with('.');
    (spaced && !unit && title.chars().next().is_some_and(|ch| !ch.is_ascii_digit()))
        .then_some(Numbering::Decimal(parts.len() as u8))
}

/// Whether a text is a figure's or table's caption, a unit line or a source line.
pub(crate) fn is_caption(text: &str) -> bool {
    let text: String = text.chars().filter(|ch| !ch.is_whitespace()).take(80).collect();
    let count = text.chars().count();
    if count < 70
        && ["来源：", "来源:", "资料来源", "数据来源", "单位：", "单位:", "币种：", "图片来源"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
    {
        return true;
    }
    is_numbered_caption(&text) && count < 60 && !text.ends_with(['。', '；', '，'])
}

fn is_numbered_caption(text: &str) -> bool {
    let Some(rest) =
        ["图表", "图", "表", "附图", "附表"].iter().find_map(|word| text.strip_prefix(word))
    else {
        return false;
    };
    let number =
        rest.chars().take_while(|ch| ch.is_ascii_digit() || matches!(ch, '-' | '.' | '—')).count();
    let rest: String = rest.chars().skip(number).collect();
    // 图 3 显示… is a sentence.
    number > 0
        && !["显示", "所示", "中", "为", "是", "可", "展示了"]
            .iter()
            .any(|verb| rest.starts_with(verb))
}

/// Whether a text is a unit line: 单位：元 币种：人民币.
pub(crate) fn is_unit(text: &str) -> bool {
    let text: String = text.chars().filter(|ch| !ch.is_whitespace()).take(40).collect();
    text.chars().count() < 32
        && (text.starts_with("单位：")
            || text.starts_with("单位:")
            || text.starts_with("（单位")
            || text.starts_with("(单位"))
}

/// Whether a text begins with a footnote's mark.
pub(crate) fn is_note_mark(text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with(['①', '②', '③', '④', '⑤', '⑥', '⑦', '⑧', '⑨', '⑩', '*', '†', '※'])
        || text.starts_with("注：")
    {
        return true;
    }
    let digits = text.trim_start_matches(['[', '［']);
    let rest = digits.trim_start_matches(|ch: char| ch.is_ascii_digit());
    let count = digits.len() - rest.len();
    let next = rest.trim_start_matches([']', '］', ' ', '.', '、']).chars().next();
    (1..=3).contains(&count)
        && next.is_some_and(|ch| ch.is_alphabetic() || matches!(ch, '《' | '“' | '「'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbering_of_headings_and_numbers_that_are_none() {
        let cases = [
            ("第一章 总则", Some(Numbering::Chapter)),
            ("第二节 公司简介", Some(Numbering::Section)),
            ("一、主要数据", Some(Numbering::Chinese)),
            ("（二）网络", Some(Numbering::ChineseBracket)),
            ("3.客户", Some(Numbering::Decimal(1))),
            ("1.2 结构", Some(Numbering::Decimal(2))),
            ("（3）其他", Some(Numbering::DecimalBracket)),
            ("②再次", Some(Numbering::Circled)),
            ("1.5 亿户", None),
            ("2023 年", None),
            ("3.5%", None),
            ("一体化", None),
            ("第一季度", None),
        ];
        for (text, expected) in cases {
            assert_eq!(numbering(text), expected, "{text}");
        }
    }

    #[test]
    fn captions_and_sentences_about_figures() {
        assert!(is_caption("图 3 网络结构"));
        assert!(is_caption("资料来源：远山研究院"));
        assert!(is_caption("单位：元 币种：人民币"));
        assert!(!is_caption("图 3 显示，规模连续五年增长。"));
        assert!(!is_caption("表现良好"));
    }
}
