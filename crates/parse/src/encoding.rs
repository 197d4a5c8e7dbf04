//! Bytes to text: byte order mark, what the file itself declares, or detection.

use std::borrow::Cow;

use crate::error::ParseError;

/// Decodes a text of which nothing is declared.
///
/// # Errors
/// If the bytes are no text in a known encoding.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ParseError> {
    decode_as(bytes, None)
}

/// Decodes a text; `declared` is the label of an encoding that the file or its envelope names, for
/// example `gb2312`. A byte order mark goes before it.
///
/// # Errors
/// If the bytes are no text in a known encoding.
pub(crate) fn decode_as<'a>(
    bytes: &'a [u8],
    declared: Option<&str>,
) -> Result<Cow<'a, str>, ParseError> {
    let declared = declared.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    let encoding = encoding_rs::Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    if let Some(encoding) = encoding {
        return Ok(encoding.decode(bytes).0);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    let encoding = declared.unwrap_or_else(|| {
        let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        detector.guess(Some(b"cn"), chardetng::Utf8Detection::Allow)
    });
    Ok(encoding.decode(bytes).0)
}
