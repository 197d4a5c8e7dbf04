//! The markers of lists as a page shows them.

use super::tree::Node;

/// How items are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Bullet,
    None,
    Decimal,
    Letter { upper: bool },
    Roman { upper: bool },
    Chinese,
}

/// A list that is being read.
#[derive(Debug)]
pub(super) struct List {
    style: Style,
    number: i64,
}

impl List {
    pub(super) fn of(node: &Node<'_>) -> Self {
        let ordered = node.name == "ol";
        let start = node.attribute("start").and_then(|start| start.trim().parse().ok());
        Self { style: style(node, ordered), number: start.unwrap_or(1_i64) }
    }

    /// The marker of the next item, the space behind it included.
    pub(super) fn next(&mut self, item: &Node<'_>) -> Option<String> {
        if let Some(value) = item.attribute("value").and_then(|value| value.trim().parse().ok()) {
            self.number = value;
        }
        let number = self.number;
        self.number = number.saturating_add(1);
        Some(match self.style {
            Style::None => return None,
            Style::Bullet => "• ".to_owned(),
            Style::Decimal => format!("{number}. "),
            Style::Letter { upper } => format!("{}. ", cased(letters(number), upper)),
            Style::Roman { upper } => format!("{}. ", cased(roman(number), upper)),
            Style::Chinese => format!("{}、", chinese(number)),
        })
    }
}

fn style(node: &Node<'_>, ordered: bool) -> Style {
    let css = node.attribute("style").unwrap_or_default().to_ascii_lowercase();
    let css = css.split(';').find_map(|rule| {
        let (name, value) = rule.split_once(':')?;
        matches!(name.trim(), "list-style" | "list-style-type").then(|| value.trim().to_owned())
    });
    let kind = css.or_else(|| node.attribute("type").map(|kind| kind.trim().to_owned()));
    let kind = kind.unwrap_or_default();
    let has = |name: &str| kind.split_ascii_whitespace().any(|word| word == name);
    match kind.as_str() {
        "a" => Style::Letter { upper: false },
        "A" => Style::Letter { upper: true },
        "i" => Style::Roman { upper: false },
        "I" => Style::Roman { upper: true },
        _ if has("none") => Style::None,
        _ if kind.contains("chinese") || has("cjk-ideographic") => Style::Chinese,
        _ if has("lower-alpha") || has("lower-latin") => Style::Letter { upper: false },
        _ if has("upper-alpha") || has("upper-latin") => Style::Letter { upper: true },
        _ if has("lower-roman") => Style::Roman { upper: false },
        _ if has("upper-roman") => Style::Roman { upper: true },
        _ if has("decimal") || ordered => Style::Decimal,
        _ => Style::Bullet,
    }
}

fn cased(text: String, upper: bool) -> String {
    if upper { text.to_ascii_uppercase() } else { text }
}

/// 1 is a, 26 is z, 27 is aa; a number without letters stays one.
fn letters(number: i64) -> String {
    if number < 1 {
        return number.to_string();
    }
    let mut letters = Vec::new();
    let mut rest = number;
    while rest > 0 {
        letters.push(char::from(b'a' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

fn roman(number: i64) -> String {
    const STEPS: [(i64, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if !(1..4000).contains(&number) {
        return number.to_string();
    }
    let mut rest = number;
    let mut out = String::new();
    for (value, letters) in STEPS {
        while rest >= value {
            out.push_str(letters);
            rest -= value;
        }
    }
    out
}

/// 1 is 一, 20 is 二十, 21 is 二十一; a number over 99 stays one.
fn chinese(number: i64) -> String {
    let digit = |digit: i64| "一二三四五六七八九".chars().nth((digit - 1).max(0) as usize);
    if !(1..100).contains(&number) {
        return number.to_string();
    }
    let (tens, ones) = (number / 10, number % 10);
    let mut out = String::new();
    out.extend((tens > 1).then(|| digit(tens)).flatten());
    out.extend((tens > 0).then_some('十'));
    out.extend((ones > 0).then(|| digit(ones)).flatten());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_letters_roman_and_chinese() {
        assert_eq!([1, 26, 27, 703].map(letters), ["a", "z", "aa", "aaa"]);
        assert_eq!([1, 4, 1999, 0].map(roman), ["i", "iv", "mcmxcix", "0"]);
        assert_eq!(
            [1, 10, 12, 20, 99, 100].map(chinese),
            ["一", "十", "十二", "二十", "九十九", "100"]
        );
    }
}
