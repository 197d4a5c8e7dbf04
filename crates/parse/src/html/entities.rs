//! Character references: `&nbsp;`, `&#8212;`, `&#x4e00;`, also without the semicolon where
//! browsers read them so (HTML standard, section 13.2.5.72).

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use quick_xml::escape::resolve_html5_entity;

/// Names that pages write without a semicolon.
const BARE: [&str; 10] =
    ["nbsp", "lt", "gt", "amp", "quot", "copy", "reg", "middot", "laquo", "raquo"];
/// The longest name, in bytes.
const LONGEST: usize = 32;

/// A text with its character references read.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let len = match rest.as_bytes().get(1) {
            Some(b'#') => numeric(rest, &mut out),
            _ => named(rest, &mut out),
        };
        if len == 0 {
            out.push('&');
        }
        rest = &rest[len.max(1)..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Reads `&#…`; gives how many bytes it took.
fn numeric(rest: &str, out: &mut String) -> usize {
    let digits = &rest[2..];
    let (radix, digits) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (16, digits),
        None => (10, digits),
    };
    let len = digits.find(|ch: char| !ch.is_digit(radix)).unwrap_or(digits.len());
    if len == 0 {
        return 0;
    }
    let code = u32::from_str_radix(&digits[..len], radix).unwrap_or(u32::MAX);
    match code {
        // Written in Windows-1252 and read so by every browser.
        0x80..=0x9F => out.push_str(&WINDOWS_1252.decode_without_bom_handling(&[code as u8]).0),
        _ => out.push(char::from_u32(code).filter(|ch| *ch != '\0').unwrap_or('\u{FFFD}')),
    }
    let end = rest.len() - digits.len() + len;
    end + usize::from(rest[end..].starts_with(';'))
}

/// Reads `&name;`; gives how many bytes it took.
fn named(rest: &str, out: &mut String) -> usize {
    let bytes = &rest.as_bytes()[1..];
    let len = bytes.iter().take(LONGEST).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if bytes.get(len) == Some(&b';')
        && let Some(text) = resolve_html5_entity(&rest[1..=len])
    {
        out.push_str(text);
        return len + 2;
    }
    let Some(name) = BARE.iter().find(|name| rest[1..].starts_with(**name)) else { return 0 };
    out.push_str(resolve_html5_entity(name).unwrap_or_default());
    name.len() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_in_the_ways_they_are_written() {
        let cases = [
            ("甲&nbsp;乙", "甲\u{A0}乙"),
            ("&nbsp&nbsp甲", "\u{A0}\u{A0}甲"),
            ("&ldquo;甲&rdquo;&mdash;&hellip;", "“甲”—…"),
            ("&#20057;&#x4E19;&#20057甲", "乙丙乙甲"),
            ("&#150;&#147;", "–“"),
            ("&#0;&#99999999999;", "\u{FFFD}\u{FFFD}"),
            ("a&b &unknown; &; &# & ?a=1&b=2", "a&b &unknown; &; &# & ?a=1&b=2"),
            ("&lt;p&gt;&amp;nbsp;", "<p>&nbsp;"),
        ];
        for (source, expected) in cases {
            assert_eq!(decode(source), expected, "{source}");
        }
    }
}
