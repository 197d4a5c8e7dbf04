//! Values of charts as their number formats show them: decimals, thousands, percent, dates, and
//! what is written around the number. Times, fractions and exponents stay the stored number.

/// A stored value in a format such as `0.0%` or `#,##0.00"万元"`.
pub(crate) fn format_value(value: &str, format: &str) -> String {
    let Ok(number) = value.trim().parse::<f64>() else { return value.trim().to_owned() };
    let mut sections = format.split(';');
    let first = sections.next().unwrap_or_default();
    let negative = sections.next().filter(|_| number < 0.0);
    let pattern = negative.unwrap_or(first);
    if let Some(date) = date(number, pattern) {
        return date;
    }
    match Pattern::read(pattern) {
        Some(pattern) if number.is_finite() && number.abs() < 1e15 => {
            pattern.write(if negative.is_some() { number.abs() } else { number })
        }
        _ => general(number, value.trim()),
    }
}

/// A number without a format: as it is stored, but for the noise of binary fractions.
fn general(number: f64, stored: &str) -> String {
    if !number.is_finite() || number.abs() >= 1e15 || number != 0.0 && number.abs() < 1e-9 {
        return stored.to_owned();
    }
    let exact = number.to_string();
    let rounded = format!("{number:.10}");
    let rounded = rounded.trim_end_matches('0').trim_end_matches('.');
    if rounded.len() < exact.len() { rounded.to_owned() } else { exact }
}

/// A day counted from the end of 1899, in a format of years, months and days.
fn date(number: f64, pattern: &str) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(ch) = chars.next() {
        let letter = ch.to_ascii_lowercase();
        match letter {
            'y' | 'm' | 'd' => {
                let mut count = 1;
                while chars.next_if(|next| next.to_ascii_lowercase() == letter).is_some() {
                    count += 1;
                }
                parts.push(std::iter::repeat_n(letter, count).collect());
            }
            '"' => parts.push(format!(
                "\"{}",
                chars.by_ref().take_while(|c| *c != '"').collect::<String>()
            )),
            '\\' => parts.push(format!("\"{}", chars.next().map(String::from).unwrap_or_default())),
            '[' => drop(chars.by_ref().take_while(|ch| *ch != ']').count()),
            '-' | '/' | '.' | ' ' | ',' | '年' | '月' | '日' => parts.push(format!("\"{ch}")),
            '@' => {}
            _ => return None,
        }
    }
    let dated = |part: &String| !part.starts_with('"');
    if !parts.iter().any(dated) || !(1.0..2_958_466.0).contains(&number) {
        return None;
    }
    let (year, month, day) = civil(number as i64);
    let write = |part: &String| match part.as_str() {
        literal if literal.starts_with('"') => literal[1..].to_owned(),
        "yy" => format!("{:02}", year % 100),
        year_part if year_part.starts_with('y') => year.to_string(),
        "mm" => format!("{month:02}"),
        "mmm" | "mmmm" | "mmmmm" => MONTHS[(month - 1) as usize].to_owned(),
        month_part if month_part.starts_with('m') => month.to_string(),
        "dd" => format!("{day:02}"),
        "d" => day.to_string(),
        _ => String::new(),
    };
    Some(parts.iter().map(write).collect::<String>().trim().to_owned())
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Year, month and day of a day counted from 1899-12-30, by the algorithm of Howard Hinnant
/// ("chrono-compatible low-level date algorithms").
fn civil(serial: i64) -> (i64, i64, i64) {
    // Days since the first of March of the year 0.
    let days = serial - 25_569 + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// One section of a number format.
#[derive(Debug, Default)]
struct Pattern {
    before: String,
    after: String,
    decimals: usize,
    thousands: bool,
    percent: bool,
}

impl Pattern {
    fn read(format: &str) -> Option<Self> {
        let mut pattern = Self::default();
        let mut digits = String::new();
        let mut done = false;
        let mut chars = format.chars();
        while let Some(ch) = chars.next() {
            let literal = match ch {
                '"' => chars.by_ref().take_while(|ch| *ch != '"').collect(),
                '\\' => chars.next().map(String::from).unwrap_or_default(),
                // The width of a character, a filler, a colour or currency: `[$¥-804]`.
                '_' | '*' => {
                    chars.next();
                    String::new()
                }
                '[' => {
                    let inner: String = chars.by_ref().take_while(|ch| *ch != ']').collect();
                    let sign = inner.strip_prefix('$').and_then(|rest| rest.split('-').next());
                    sign.unwrap_or_default().to_owned()
                }
                '0' | '#' | '?' | '.' | ',' if !done => {
                    digits.push(ch);
                    continue;
                }
                '%' => {
                    pattern.percent = true;
                    "%".to_owned()
                }
                '(' | ')' | '-' | '+' | ' ' | '¥' | '$' | '€' | '￥' => ch.to_string(),
                ch if !ch.is_ascii() => ch.to_string(),
                _ => return None,
            };
            done |= !digits.is_empty();
            if digits.is_empty() { &mut pattern.before } else { &mut pattern.after }
                .push_str(&literal);
        }
        if !digits.contains(['0', '#']) || digits.ends_with(',') {
            return None;
        }
        let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        pattern.thousands = whole.contains(',');
        pattern.decimals = fraction.len().min(10);
        Some(pattern)
    }

    fn write(&self, number: f64) -> String {
        let scaled = if self.percent { number * 100.0 } else { number };
        let text = format!("{:.*}", self.decimals, scaled.abs());
        let zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        let sign = if scaled < 0.0 && !zero { "-" } else { "" };
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut out = format!("{sign}{}", self.before.trim_start());
        for (at, digit) in whole.chars().enumerate() {
            if self.thousands && at > 0 && (whole.len() - at).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push('.');
            out.push_str(fraction);
        }
        out.push_str(self.after.trim_end());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_charts_show_them() {
        let cases = [
            ("0.1234", "0.0%", "12.3%"),
            ("1234567.5", "#,##0", "1,234,568"),
            ("1234.5", "#,##0.00", "1,234.50"),
            ("4.3", "General", "4.3"),
            ("4.3", "", "4.3"),
            ("0.30000000000000004", "General", "0.3"),
            ("12", "0\"万元\"", "12万元"),
            ("12", "[$¥-804]0.0", "¥12.0"),
            ("-12", "0;(0)", "(12)"),
            ("-12", "0", "-12"),
            ("-0.2", "0", "0"),
            ("4.0", "General", "4"),
            ("44927", "yyyy-mm-dd", "2023-01-01"),
            ("45291", "yyyy\"年\"m\"月\"d\"日\"", "2023年12月31日"),
            ("44986.0", "[$-409]mmm\\-yy;@", "Mar-23"),
            ("0.5", "h:mm", "0.5"),
            ("5", "#,##0_ ;[Red]\\-#,##0\\ ", "5"),
            ("-5", "#,##0_ ;[Red]\\-#,##0\\ ", "-5"),
            ("甲", "0.0", "甲"),
            ("NaN", "0.0", "NaN"),
        ];
        for (value, format, expected) in cases {
            assert_eq!(format_value(value, format), expected, "{value} {format}");
        }
    }
}
