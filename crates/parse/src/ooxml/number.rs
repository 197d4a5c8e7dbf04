//! Numbers as lists, notes and pages show them: `ST_NumberFormat` of WordprocessingML (ISO/IEC
//! 29500-1, 17.18.59) and `ST_TextAutonumberScheme` of DrawingML (20.1.10.61).
//!
//! A format that is not known counts in decimals.

/// A number in a format of WordprocessingML.
pub(crate) fn word(format: &str, number: u32) -> String {
    match format {
        "none" => String::new(),
        "decimalZero" => format!("{number:02}"),
        "upperLetter" => letters(number, 'A'),
        "lowerLetter" => letters(number, 'a'),
        "upperRoman" => roman(number),
        "lowerRoman" => roman(number).to_ascii_lowercase(),
        "ordinal" => format!("{number}{}", ordinal_ending(number)),
        "chineseCounting" | "taiwaneseCounting" | "japaneseCounting" | "koreanCounting" => {
            counting(number)
        }
        "chineseCountingThousand" | "taiwaneseCountingThousand" | "japaneseDigitalTenThousand" => {
            chinese(number, &PLAIN)
        }
        "chineseLegalSimplified" => chinese(number, &LEGAL_SIMPLIFIED),
        "ideographLegalTraditional" | "japaneseLegal" => chinese(number, &LEGAL_TRADITIONAL),
        "ideographDigital" | "taiwaneseDigital" | "koreanDigital" => {
            number.to_string().bytes().map(|digit| DIGITAL[usize::from(digit - b'0')]).collect()
        }
        "ideographTraditional" => one_of("甲乙丙丁戊己庚辛壬癸", number),
        "ideographZodiac" => one_of("子丑寅卯辰巳午未申酉戌亥", number),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => circled(number),
        "ideographEnclosedCircle" => one_of("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉", number),
        "decimalEnclosedParen" => enclosed(number, 0x2474, 20),
        "decimalEnclosedFullstop" => enclosed(number, 0x2488, 20),
        "decimalFullWidth" | "decimalFullWidth2" => full_width(number),
        "numberInDash" => format!("- {number} -"),
        _ => number.to_string(),
    }
}

/// A number in a scheme of DrawingML, with what stands around it.
pub(crate) fn drawing(scheme: &str, number: u32) -> String {
    type Write = fn(u32) -> String;
    // The name of the number's kind and that of what is around it.
    let kinds: [(&str, Write); 15] = [
        ("alphaLc", |n| letters(n, 'a')),
        ("alphaUc", |n| letters(n, 'A')),
        ("arabicDb", full_width),
        ("arabic", |n| n.to_string()),
        ("romanLc", |n| roman(n).to_ascii_lowercase()),
        ("romanUc", roman),
        ("circleNumWdBlack", |n| enclosed(n, 0x2776, 10)),
        ("circleNum", circled),
        ("ea1ChsDb", counting),
        ("ea1JpnChsDb", counting),
        ("ea1Chs", counting),
        ("ea1Cht", counting),
        ("ea1JpnKor", counting),
        ("hindiNum", |n| n.to_string()),
        ("hindiAlpha", |n| n.to_string()),
    ];
    let known = kinds.iter().find_map(|(name, write)| Some((write, scheme.strip_prefix(name)?)));
    let (text, around) =
        known.map_or((number.to_string(), ""), |(write, rest)| (write(number), rest));
    match around {
        "ParenBoth" => format!("({text})"),
        "ParenR" => format!("{text})"),
        "Period" if scheme.starts_with("ea1") => format!("{text}、"),
        "Period" => format!("{text}."),
        "Minus" => format!("{text}-"),
        _ => text,
    }
}

/// A, B, … Z, AA, BB: Word repeats the letter.
fn letters(number: u32, first: char) -> String {
    let Some(at) = number.checked_sub(1) else { return String::new() };
    let letter = char::from(first as u8 + (at % 26) as u8);
    std::iter::repeat_n(letter, (at / 26 + 1).min(30) as usize).collect()
}

fn roman(number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number > 9999 {
        return number.to_string();
    }
    let mut rest = number;
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            out.push_str(sign);
            rest -= value;
        }
    }
    out
}

fn ordinal_ending(number: u32) -> &'static str {
    match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

/// Digits 0 to 9, then ten, hundred, thousand, ten thousand.
type Numerals = [char; 14];
const PLAIN: Numerals =
    ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '万'];
const LEGAL_SIMPLIFIED: Numerals =
    ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖', '拾', '佰', '仟', '万'];
const LEGAL_TRADITIONAL: Numerals =
    ['零', '壹', '貳', '參', '肆', '伍', '陸', '柒', '捌', '玖', '拾', '佰', '仟', '萬'];
const DIGITAL: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// 一, 十, 二十一; from a hundred on digit by digit, as Word does.
fn counting(number: u32) -> String {
    if number < 100 { chinese(number, &PLAIN) } else { word("ideographDigital", number) }
}

/// 一百零五, 一万二千.
fn chinese(number: u32, numerals: &Numerals) -> String {
    let sign = |at: usize| numerals.get(at).copied().unwrap_or_default();
    if number >= 100_000 {
        return number.to_string();
    }
    if number == 0 {
        return sign(0).to_string();
    }
    let mut out = String::new();
    let mut gap = false;
    for (unit, value) in [(13, 10_000), (12, 1000), (11, 100), (10, 10), (0, 1)] {
        let digit = (number / value % 10) as usize;
        if digit == 0 {
            gap = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push(sign(0));
        }
        // 十二, and not 一十二; amounts of money write the one.
        if !(digit == 1 && unit == 10 && out.is_empty() && numerals == &PLAIN) {
            out.push(sign(digit));
        }
        if unit > 0 {
            out.push(sign(unit));
        }
    }
    out
}

/// ① to ⑳, ㉑ to ㊿.
pub(crate) fn circled(number: u32) -> String {
    match number {
        0 => "⓪".to_owned(),
        21..=35 => enclosed(number - 20, 0x3251, 15),
        36..=50 => enclosed(number - 35, 0x32B1, 15),
        _ => enclosed(number, 0x2460, 20),
    }
}

/// A character of a run that begins at one; a plain number beyond its end.
fn enclosed(number: u32, first: u32, count: u32) -> String {
    let known = (1..=count).contains(&number).then(|| char::from_u32(first + number - 1)).flatten();
    known.map_or_else(|| number.to_string(), String::from)
}

fn full_width(number: u32) -> String {
    let wide = |digit: u8| char::from_u32(0xFF10 + u32::from(digit - b'0')).unwrap_or_default();
    number.to_string().bytes().map(wide).collect()
}

fn one_of(signs: &str, number: u32) -> String {
    let sign = number.checked_sub(1).and_then(|at| signs.chars().nth(at as usize));
    sign.map_or_else(|| number.to_string(), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_word() {
        let cases = [
            ("decimal", 12, "12"),
            ("decimalZero", 7, "07"),
            ("upperLetter", 2, "B"),
            ("lowerLetter", 28, "bb"),
            ("upperRoman", 1994, "MCMXCIV"),
            ("lowerRoman", 4, "iv"),
            ("ordinal", 112, "112th"),
            ("chineseCounting", 1, "一"),
            ("chineseCounting", 10, "十"),
            ("chineseCounting", 21, "二十一"),
            ("chineseCounting", 105, "一〇五"),
            ("chineseCountingThousand", 105, "一百零五"),
            ("chineseCountingThousand", 110, "一百一十"),
            ("chineseCountingThousand", 20_010, "二万零一十"),
            ("chineseLegalSimplified", 12, "壹拾贰"),
            ("ideographDigital", 2023, "二〇二三"),
            ("ideographTraditional", 3, "丙"),
            ("decimalEnclosedCircle", 3, "③"),
            ("decimalEnclosedCircle", 21, "㉑"),
            ("decimalEnclosedCircle", 99, "99"),
            ("decimalFullWidth", 10, "１０"),
            ("none", 3, ""),
            ("hebrew1", 3, "3"),
        ];
        for (format, number, expected) in cases {
            assert_eq!(word(format, number), expected, "{format} {number}");
        }
        for format in ["upperLetter", "upperRoman", "chineseCounting", "decimalEnclosedCircle"] {
            for number in [0, 1, 99_999, u32::MAX] {
                assert!(word(format, number).len() < 100, "{format}");
            }
        }
    }

    #[test]
    fn numbers_of_slides() {
        let cases = [
            ("arabicPeriod", 1, "1."),
            ("arabicParenR", 2, "2)"),
            ("arabicParenBoth", 2, "(2)"),
            ("arabicPlain", 2, "2"),
            ("alphaLcParenR", 2, "b)"),
            ("romanUcPeriod", 4, "IV."),
            ("circleNumDbPlain", 4, "④"),
            ("circleNumWdBlackPlain", 1, "❶"),
            ("ea1ChsPeriod", 2, "二、"),
            ("ea1JpnChsDbPeriod", 2, "二、"),
            ("ea1ChsPlain", 2, "二"),
            ("unheard", 2, "2"),
        ];
        for (scheme, number, expected) in cases {
            assert_eq!(drawing(scheme, number), expected, "{scheme} {number}");
        }
    }
}
