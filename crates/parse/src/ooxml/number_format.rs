//! Values of charts as their number formats show them: decimals, thousands, percent, and what is
//! written around the number. Dates, fractions and exponents stay the number as it is stored.

/// A stored value in a format such as `0.0%` or `#,##0.00"万元"`.
pub(crate) fn format_value(value: &str, format: &str) -> String {
    let Ok(number) = value.trim().parse::<f64>() else { return value.trim().to_owned() };
    let mut sections = format.split(';');
    let first = sections.next().unwrap_or_default();
    let negative = sections.next().filter(|_| number < 0.0);
    let pattern = negative.unwrap_or(first);
    match Pattern::read(pattern) {
        Some(pattern) if number.is_finite() && number.abs() < 1e15 => {
            pattern.write(if negative.is_some() { number.abs() } else { number })
        }
        _ => general(number, value.trim()),
    }
}

/// A number without a format: as it is stored, but for the noise of binary fractions.
fn general(number: f64, stored: &str) -> String {
    if stored.len() < 12 || !number.is_finite() || number.abs() >= 1e15 || number.abs() < 1e-9 {
        return stored.to_owned();
    }
    let rounded = format!("{number:.10}");
    rounded.trim_end_matches('0').trim_end_matches('.').to_owned()
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
            ("44927", "yyyy-mm-dd", "44927"),
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
