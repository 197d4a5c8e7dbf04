//! Numbers as a text writes them: 1,234.5, 四十二, 二〇二三, 三点五亿.
//!
//! They are compared as decimals, so that no figure is lost in a floating point number. Not read
//! are numbers that say "about" (三四, 八百五) and those that are parts of words (万一, 千万).

use crate::text::normalize::Folded;

/// A number: its digits without zeros at either end, times a power of ten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    digits: String,
    exponent: i32,
}

impl Number {
    /// The digits of a number, times a power of ten.
    pub(super) fn new(digits: &str, exponent: i32) -> Self {
        let digits = digits.trim_start_matches('0');
        let kept = digits.trim_end_matches('0');
        let zeros = i32::try_from(digits.len() - kept.len()).unwrap_or(0);
        let exponent = if kept.is_empty() { 0 } else { exponent.saturating_add(zeros) };
        Self { digits: kept.to_owned(), exponent }
    }

    /// The number times a power of ten.
    pub(super) fn times(&self, power: i32) -> Self {
        Self::new(&self.digits, self.exponent.saturating_add(power))
    }

    /// The number, if it is a whole one that fits.
    pub(super) fn whole(&self) -> Option<u64> {
        let digits = if self.digits.is_empty() { 0 } else { self.digits.parse().ok()? };
        10_u64.checked_pow(u32::try_from(self.exponent).ok()?)?.checked_mul(digits)
    }
}

/// The number in digits at `at`, and its length. Commas count where they part groups of three.
pub(super) fn arabic(chars: &[Folded], at: usize) -> Option<(Number, usize)> {
    let run = |from: usize| chars[from..].iter().take_while(|c| c.ch.is_ascii_digit()).count();
    let is = |place: usize, ch: char| chars.get(place).is_some_and(|c| c.ch == ch);
    let mut end = at + run(at);
    if end == at {
        return None;
    }
    // A full-width comma folds to a comma, but parts clauses and not digits.
    let parts = |end: usize| is(end, ',') && chars[end].end - chars[end].start == 1;
    while end - at >= 1 && parts(end) && run(end + 1) == 3 {
        end += 4;
    }
    let decimals = if is(end, '.') { run(end + 1) } else { 0 };
    let end = if decimals > 0 { end + 1 + decimals } else { end };
    let digits: String = chars[at..end].iter().map(|c| c.ch).filter(char::is_ascii_digit).collect();
    let exponent = i32::try_from(decimals).unwrap_or(i32::MAX);
    Some((Number::new(&digits, -exponent), end - at))
}

/// The length of the run of Chinese numerals at `at`.
pub(super) fn han_run(chars: &[Folded], at: usize) -> usize {
    let is_numeral = |c: &&Folded| han_digit(c.ch).is_some() || power(c.ch).is_some();
    chars[at..].iter().take_while(is_numeral).count()
}

/// The value of a run of Chinese numerals, a decimal point included.
pub(super) fn han(chars: &[Folded], at: usize) -> Option<(Number, usize)> {
    let len = han_run(chars, at);
    let point = chars.get(at + len).is_some_and(|c| c.ch == '点');
    let behind = if point { decimals(chars, at + len + 1) } else { 0 };
    if behind == 0 {
        return Some((whole(&chars[at..at + len])?, len));
    }
    let before = whole(&chars[at..at + len])?;
    let digits: String =
        chars[at + len + 1..][..behind].iter().filter_map(|c| han_digit(c.ch)).collect();
    let exponent = i32::try_from(behind).unwrap_or(i32::MAX);
    let joined = format!("{}{digits}", before.whole()?);
    Some((Number::new(&joined, -exponent), len + 1 + behind))
}

fn decimals(chars: &[Folded], at: usize) -> usize {
    let rest = chars.get(at..).unwrap_or_default();
    rest.iter().take_while(|c| han_digit(c.ch).is_some()).count()
}

/// Longer runs of numerals are no numbers.
const LONGEST: usize = 20;

/// The value of a run of numerals: digits one by one (二〇二三) or with their powers (四十二万).
fn whole(chars: &[Folded]) -> Option<Number> {
    if let Some(digits) = chars.iter().map(|c| han_digit(c.ch)).collect::<Option<String>>() {
        let is_exact = !digits.is_empty() && (digits.len() != 2 || digits.contains('0'));
        return is_exact.then(|| Number::new(&digits, 0));
    }
    if chars.len() > LONGEST {
        return None;
    }
    Some(Number::new(&with_powers(chars)?.to_string(), 0))
}

fn with_powers(chars: &[Folded]) -> Option<u64> {
    for (mark, scale) in [('亿', 100_000_000), ('万', 10_000)] {
        let Some(at) = chars.iter().rposition(|c| c.ch == mark) else { continue };
        let high = with_powers(&chars[..at])?;
        let low = match &chars[at + 1..] {
            [] => 0,
            // 三万五 is 35,000 to those who say it.
            [_] => return None,
            low => with_powers(low)?,
        };
        return high.checked_mul(scale)?.checked_add(low);
    }
    if chars.is_empty() { None } else { below_ten_thousand(chars) }
}

fn below_ten_thousand(chars: &[Folded]) -> Option<u64> {
    let digit = |c: &Folded| han_digit(c.ch)?.to_digit(10).map(u64::from);
    let (mut sum, mut rest, mut last, mut zero) = (0, chars, 1, false);
    for (mark, scale) in [('千', 1000), ('百', 100), ('十', 10)] {
        zero |= strip_zero(&mut rest);
        match rest {
            [first, second, ..] if second.ch == mark => {
                sum += digit(first)? * scale;
                (rest, last, zero) = (&rest[2..], scale, false);
            }
            [first, ..] if first.ch == mark && scale == 10 && sum == 0 => {
                (sum, rest, last, zero) = (10, &rest[1..], 10, false);
            }
            _ => {}
        }
    }
    zero |= strip_zero(&mut rest);
    match rest {
        [] => Some(sum),
        // 八百五 is 850 to some, 805 to nobody.
        [_] if last > 10 && !zero => None,
        [one] => Some(sum + digit(one)?),
        _ => None,
    }
}

fn strip_zero(chars: &mut &[Folded]) -> bool {
    match chars {
        [first, rest @ ..] if is_zero(first.ch) => {
            *chars = rest;
            true
        }
        _ => false,
    }
}

fn is_zero(ch: char) -> bool {
    matches!(ch, '〇' | '零')
}

fn han_digit(ch: char) -> Option<char> {
    Some(match ch {
        '〇' | '零' => '0',
        '一' => '1',
        '二' | '两' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        _ => return None,
    })
}

/// The power of ten that a numeral stands for.
pub(super) fn power(ch: char) -> Option<i32> {
    Some(match ch {
        '十' => 1,
        '百' => 2,
        '千' => 3,
        '万' => 4,
        '亿' => 8,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normalize::fold;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (text, digits, exponent, len) in [
            ("1,234.50元", "12345", -1, 8),
            ("３，２００家", "3", 0, 1),
            ("12,34", "12", 0, 2),
            ("0.05%", "5", -2, 4),
            ("007", "7", 0, 3),
            ("2023.", "2023", 0, 4),
        ] {
            let (number, read) = arabic(&fold(text), 0).unwrap();
            assert_eq!((number, read), (Number::new(digits, exponent), len), "{text}");
        }
    }

    #[test]
    fn chinese_numerals_are_read_where_they_are_exact() {
        for (text, expected) in [
            ("四十二天", Some(42)),
            ("十", Some(10)),
            ("二〇二三年", Some(2023)),
            ("八百兆", Some(800)),
            ("一千零五", Some(1005)),
            ("两万三千", Some(23_000)),
            ("三亿零二百万", Some(302_000_000)),
            ("一万亿", Some(1_000_000_000_000)),
            ("三点五亿", Some(350_000_000)),
            ("八百五", None),
            ("三万五", None),
            ("三四", None),
            ("万一", None),
            ("千万", None),
            ("亿亿亿亿亿亿亿亿亿亿亿亿亿亿亿亿亿亿亿亿亿亿亿", None),
        ] {
            let chars = fold(text);
            let read = han(&chars, 0).map(|(number, len)| {
                let scale = chars.get(len).and_then(|c| power(c.ch)).unwrap_or(0);
                number.times(scale)
            });
            assert_eq!(
                read,
                expected.map(|value: u64| Number::new(&value.to_string(), 0)),
                "{text}"
            );
        }
    }
}
