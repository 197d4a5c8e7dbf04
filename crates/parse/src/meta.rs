//! Title, dates, period, publisher and kind, read from what a document says about itself.
//!
//! The functions take plain text, so that every format can use them.

use crate::document::{Date, Kind, Period, Span};

/// Text without white space, full-width digits made plain, for matching only.
pub(crate) fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|ch| !ch.is_whitespace())
        .map(|ch| match ch {
            '０'..='９' => char::from_u32(ch as u32 - '０' as u32 + '0' as u32).unwrap_or(ch),
            '（' => '(',
            '）' => ')',
            ch => ch,
        })
        .collect()
}

/// The value of a line like `发布时间：2023-05-04 发布人：某某`, up to the next space.
pub(crate) fn labelled<'a>(text: &'a str, labels: &[&str]) -> Option<&'a str> {
    labels.iter().find_map(|label| {
        let rest = text[text.find(label)? + label.len()..].trim_start();
        let rest = rest.strip_prefix(['：', ':'])?.trim_start();
        let end = rest.find([' ', '\u{3000}', '\n', '\t']).unwrap_or(rest.len());
        let value = rest[..end].trim();
        (!value.is_empty()).then_some(value)
    })
}

/// The labels under which news pages put their date.
pub(crate) const DATE_LABELS: [&str; 5] = ["发布时间", "发布日期", "发表时间", "时间", "日期"];
/// The labels under which news pages put who published them.
pub(crate) const PUBLISHER_LABELS: [&str; 4] = ["发布人", "发布者", "发布单位", "来源"];

/// The first date in a text: `2023-05-04`, `2023/5/4`, `2023年5月4日`, `2023年5月`, `二〇二三年五月`.
pub fn first_date(text: &str) -> Option<Date> {
    let text = squeeze(text);
    let chars: Vec<char> = text.chars().collect();
    (0..chars.len()).find_map(|at| date_at(&chars, at))
}

fn date_at(chars: &[char], at: usize) -> Option<Date> {
    if at > 0 && digit(chars[at - 1]).is_some() {
        return None;
    }
    let (year, at) = number(chars, at, 4)?;
    let separator = *chars.get(at)?;
    if !(1900..2100).contains(&year) || !matches!(separator, '年' | '-' | '/' | '.') {
        return None;
    }
    let (month, next) = number(chars, at + 1, 2)?;
    if !(1..=12).contains(&month) {
        return None;
    }
    let expected = if separator == '年' { '月' } else { separator };
    let mut date = Date { year, month: Some(month as u8), day: None };
    if chars.get(next) != Some(&expected) {
        return (separator == '-').then_some(date);
    }
    if let Some((day, _)) = number(chars, next + 1, 2).filter(|(day, _)| (1..=31).contains(day)) {
        date.day = Some(day as u8);
    }
    (separator == '年' || date.day.is_some()).then_some(date)
}

fn digit(ch: char) -> Option<u16> {
    ch.to_digit(10).map(|digit| digit as u16).or_else(|| {
        let at = "〇一二三四五六七八九".chars().position(|chinese| chinese == ch);
        at.map(|at| at as u16).or(matches!(ch, '○' | '零' | 'Ｏ').then_some(0))
    })
}

/// A number of at most `most` digits (exactly four for a year), 十 included: value and end.
fn number(chars: &[char], at: usize, most: usize) -> Option<(u16, usize)> {
    let run: Vec<char> = chars[at.min(chars.len())..]
        .iter()
        .copied()
        .take_while(|ch| digit(*ch).is_some() || *ch == '十')
        .take(most + 1)
        .collect();
    if run.contains(&'十') && most == 2 {
        let ten = run.iter().position(|ch| *ch == '十')?;
        let tens = if ten == 0 { 1 } else { digit(run[ten - 1])? };
        let ones = run.get(ten + 1).and_then(|ch| digit(*ch));
        return Some((tens * 10 + ones.unwrap_or(0), at + ten + 1 + usize::from(ones.is_some())));
    }
    let digits: Vec<u16> = run.iter().map_while(|ch| digit(*ch)).take(most).collect();
    if digits.is_empty() || (most == 4 && digits.len() != 4) {
        return None;
    }
    Some((digits.iter().fold(0, |value, digit| value * 10 + digit), at + digits.len()))
}

/// The first report period that a text names.
pub fn first_period(text: &str) -> Option<Period> {
    let text = squeeze(text);
    let chars: Vec<char> = text.chars().collect();
    (0..chars.len()).find_map(|at| {
        if at > 0 && digit(chars[at - 1]).is_some() {
            return None;
        }
        let (year, next) = number(&chars, at, 4).filter(|(year, _)| (1900..2100).contains(year))?;
        let rest: String = chars[next..].iter().take(8).collect();
        let span = span_of(rest.strip_prefix('年').unwrap_or(&rest))?;
        Some(Period { year, span })
    })
}

/// The part of the year that a text begins with: `第一季度`, `半年度`, `前三季度`, `年度`.
fn span_of(text: &str) -> Option<Span> {
    const SPANS: [(&str, Span); 22] = [
        ("第一季度", Span::Quarter(1)),
        ("第二季度", Span::Quarter(2)),
        ("第三季度", Span::Quarter(3)),
        ("第四季度", Span::Quarter(4)),
        ("前三季度", Span::ThreeQuarters),
        ("前三个季度", Span::ThreeQuarters),
        ("1-9月", Span::ThreeQuarters),
        ("一季度", Span::Quarter(1)),
        ("二季度", Span::Quarter(2)),
        ("三季度", Span::Quarter(3)),
        ("四季度", Span::Quarter(4)),
        ("1季度", Span::Quarter(1)),
        ("上半年", Span::FirstHalf),
        ("半年度", Span::FirstHalf),
        ("半年报", Span::FirstHalf),
        ("中期", Span::FirstHalf),
        ("下半年", Span::SecondHalf),
        ("年度", Span::Year),
        ("年报", Span::Year),
        ("全年", Span::Year),
        ("度报告", Span::Year),
        ("度", Span::Year),
    ];
    SPANS.iter().find(|(name, _)| text.starts_with(name)).map(|(_, span)| *span)
}

/// What sort of document a title names.
pub(crate) fn kind_of(title: &str, period: Option<Period>) -> Kind {
    let title = squeeze(title);
    if title.contains("白皮书")
        || title.contains("蓝皮书")
        || title.contains("研究报告")
        || title.contains("发展报告")
    {
        return Kind::WhitePaper;
    }
    if period.is_some()
        && (title.contains("报告") || title.contains("年报") || title.contains("季报"))
    {
        return Kind::Report;
    }
    Kind::Other
}

/// Whether a line looks like an organisation's name alone.
pub(crate) fn is_organisation(line: &str) -> bool {
    let line = squeeze(line);
    let length = line.chars().count();
    (4..=30).contains(&length)
        && !line.contains(['，', '。', '：', '《', '、'])
        && [
            "公司",
            "研究院",
            "委员会",
            "研究中心",
            "中心",
            "协会",
            "联盟",
            "集团",
            "研究所",
            "办公室",
            "大学",
            "实验室",
            "学会",
            "部",
            "局",
        ]
        .iter()
        .any(|suffix| line.ends_with(suffix))
}

/// Whether a paragraph is a notice about the document itself: rights, disclaimers, terms of use.
pub(crate) fn is_notice(text: &str) -> bool {
    let text = squeeze(text);
    let about = [
        "本文档",
        "本文件",
        "本资料",
        "本报告",
        "本白皮书",
        "本材料",
        "版权",
        "免责声明",
        "声明：",
    ]
    .iter()
    .any(|subject| text.chars().take(12).collect::<String>().contains(subject));
    let terms =
        ["版权", "仅允许", "仅供", "仅限", "不得", "转载", "不构成", "免责", "侵权", "未经"];
    about
        && terms.iter().filter(|term| text.contains(*term)).count() >= 1
        && text.chars().count() < 300
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_the_ways_they_are_written() {
        let cases = [
            ("发布时间：2023-05-04 发布人：新闻部", Some("2023-05-04")),
            ("2023 年 5 月 4 日", Some("2023-05-04")),
            ("二〇二三年十二月", Some("2023-12")),
            ("（2023 年 11 月）", Some("2023-11")),
            ("营业收入 2023.5 亿元", None),
            ("没有日期", None),
        ];
        for (text, expected) in cases {
            assert_eq!(
                first_date(text).map(|date| date.to_string()).as_deref(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn periods_in_the_ways_they_are_written() {
        let cases = [
            ("远山通信 2022 年第一季度报告", Some(Span::Quarter(1))),
            ("2022 年半年度报告", Some(Span::FirstHalf)),
            ("2022年前三季度", Some(Span::ThreeQuarters)),
            ("2022 年年度报告摘要", Some(Span::Year)),
            ("2022 年度报告", Some(Span::Year)),
            ("2022 年 5 月", None),
        ];
        for (text, expected) in cases {
            assert_eq!(first_period(text).map(|period| period.span), expected, "{text}");
        }
    }

    #[test]
    fn labels_and_values() {
        let line = "发布时间：2023-05-04 发布人：新闻宣传部";
        assert_eq!(labelled(line, &DATE_LABELS), Some("2023-05-04"));
        assert_eq!(labelled(line, &PUBLISHER_LABELS), Some("新闻宣传部"));
    }
}
