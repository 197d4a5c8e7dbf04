//! The encoding of a page: byte order mark, what the page declares, what its bytes allow.
//!
//! Declarations are often wrong, so one that does not fit the bytes is not believed: valid UTF-8 is
//! UTF-8 whatever the page says, and a declared encoding in which many bytes have no meaning gives
//! way to detection. `gb2312` and `gbk` mean GB18030 as browsers take them.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use super::tokens::{Token, Tokens, attribute};
use crate::encoding::{decode, decode_as};
use crate::error::ParseError;

/// How far a declaration may stand from the beginning, in bytes.
const HEAD: usize = 8192;
/// One character in so many may be damaged for an encoding to be believed.
const DAMAGED: usize = 100;

/// Decodes a page; `outer` is what its envelope declares (a mail's header), before the page itself.
///
/// # Errors
/// If the bytes are no text in a known encoding.
pub(crate) fn decode_page<'a>(
    bytes: &'a [u8],
    outer: Option<&str>,
) -> Result<Cow<'a, str>, ParseError> {
    if Encoding::for_bom(bytes).is_some() || std::str::from_utf8(bytes).is_ok() {
        return decode_as(bytes, None);
    }
    let named = |label: &str| Encoding::for_label(label.trim().as_bytes());
    let declared = outer.and_then(named).or_else(|| declared(bytes).as_deref().and_then(named));
    for encoding in declared.into_iter().chain([UTF_8]) {
        let text = encoding.decode_without_bom_handling(bytes).0;
        if is_whole(&text) {
            return Ok(text);
        }
    }
    decode(bytes)
}

/// Whether hardly any character of a decoded text is damaged.
fn is_whole(text: &str) -> bool {
    let foreign = text.chars().filter(|ch| !ch.is_ascii()).count();
    let damaged = text.chars().filter(|ch| *ch == '\u{FFFD}').count();
    damaged * DAMAGED <= foreign
}

/// The label of the encoding that a page declares.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    if let Some(rest) = head.trim_start().strip_prefix("<?xml") {
        let declaration = rest.split_once("?>").map_or("", |(declaration, _)| declaration);
        if let Some(label) = attribute(declaration, "encoding") {
            return Some(label.to_owned());
        }
    }
    Tokens::new(&head).find_map(|token| match token {
        Token::Open(tag) if tag.name == "meta" => {
            let own = attribute(tag.attributes, "charset").map(str::to_owned);
            own.or_else(|| charset_of(attribute(tag.attributes, "content")?))
        }
        _ => None,
    })
}

/// The label in `text/html; charset=gb2312`.
fn charset_of(content: &str) -> Option<String> {
    let content = content.to_ascii_lowercase();
    let (_, label) = content.split_once("charset")?;
    let label = label.trim_start().strip_prefix('=')?.trim_matches([' ', '"', '\'']);
    let end = label.find([';', ' ', ',']).unwrap_or(label.len());
    Some(label[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, GB18030};

    use super::*;

    #[test]
    fn declarations_right_wrong_and_missing() {
        let text = "远山通信完成雪岭基站改造，共有一百二十座基站投入使用。";
        let gbk = |page: &str| GB18030.encode(page).0.into_owned();
        let cases = [
            (format!("<meta charset=gb2312><p>{text}"), true),
            (
                format!("<META http-equiv=Content-Type content='text/html; charset=GBK'>{text}"),
                true,
            ),
            (format!("<?xml version='1.0' encoding='gb18030'?><p>{text}"), true),
            (format!("<p>{text}{text}"), true),
            (format!("<meta charset=utf-8><p>{text}{text}"), true),
            (format!("<meta charset=gb2312><p>{text}"), false),
            (format!("<meta charset=iso-8859-1><p>{text}"), false),
        ];
        for (page, as_gbk) in cases {
            let bytes = if as_gbk { gbk(&page) } else { page.clone().into_bytes() };
            assert_eq!(decode_page(&bytes, None).unwrap(), page);
        }
        let big5 = BIG5.encode("<meta charset=big5><p>遠山通信").0.into_owned();
        assert!(decode_page(&big5, None).unwrap().ends_with("遠山通信"));
        assert_eq!(decode_page(&gbk(text), Some("gb2312")).unwrap(), text);
    }

    #[test]
    fn a_damaged_character_does_not_change_the_encoding() {
        let mut bytes = "远山通信完成雪岭基站改造。".repeat(20).into_bytes();
        bytes.remove(100);
        let text = decode_page(&bytes, None).unwrap();
        assert!(text.starts_with("远山通信完成雪岭基站改造。"));
    }
}
