//! Reads a file into a [`Document`]: blocks of the source's own text, with a place for every
//! character. No network, no async runtime, no knowledge of search.

pub mod document;
mod error;
pub mod meta;
pub mod pdf;
pub mod text;

pub use document::*;
pub use error::ParseError;

/// Where a PDF's first line may stand, in bytes: some writers put other bytes in front of it.
const PDF_HEAD: usize = 1024;
/// How much is looked at for bytes that no text has.
const TEXT_HEAD: usize = 64 * 1024;

/// Whether these first bytes of a file are a PDF's.
pub fn is_pdf(head: &[u8]) -> bool {
    head[..head.len().min(PDF_HEAD)].windows(5).any(|window| window == b"%PDF-")
}

/// Reads a file. Its format is found from the content; the name only helps to say what a file
/// that cannot be read may be.
///
/// # Errors
/// If the file is empty, damaged, protected or of no known format. What goes wrong inside a
/// readable file is one of [`Document::warnings`].
pub fn parse(name: &str, bytes: Vec<u8>) -> Result<Document, ParseError> {
    if bytes.is_empty() {
        return Err(ParseError::Empty);
    }
    if is_pdf(&bytes) {
        return pdf::parse(bytes);
    }
    if let Some(what) = foreign(name, &bytes) {
        return Err(ParseError::UnknownFormat(what));
    }
    text::parse(&bytes)
}

/// What a file is that is neither a PDF nor a text.
fn foreign(name: &str, bytes: &[u8]) -> Option<String> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let what = match bytes {
        [b'P', b'K', 3, 4, ..] => "a ZIP archive or an Office document",
        [0xD0, 0xCF, 0x11, 0xE0, ..] => "an old Office document",
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            return Some("UTF-16 text; save it as UTF-8".to_owned());
        }
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] | [b'G', b'I', b'F', b'8', ..] => {
            "a picture"
        }
        _ if bytes[..bytes.len().min(TEXT_HEAD)].contains(&0) => "binary data",
        _ => return None,
    };
    let named = if extension.is_empty() { String::new() } else { format!(" (.{extension})") };
    Some(format!("it is {what}{named}; convert it to PDF"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_no_documents_say_what_they_are() {
        let cases: [(&str, &[u8], &str); 5] = [
            ("a.txt", b"", "empty"),
            ("a.docx", b"PK\x03\x04....", "Office document (.docx)"),
            ("a.bin", b"ab\0cd", "binary data"),
            ("a.txt", b"\xFF\xFEa\0", "UTF-16"),
            ("a.pdf", b"%PDF-1.7\n1 0 obj\n<<", "damaged or cut off"),
        ];
        for (name, bytes, expected) in cases {
            let message = parse(name, bytes.to_vec()).unwrap_err().to_string();
            assert!(message.contains(expected), "{name}: {message}");
        }
    }

    #[test]
    fn text_is_known_by_its_content() {
        let document = parse("文章.pdf", "标题\n正文。".into()).unwrap();
        assert_eq!((document.format, document.blocks.len()), (Format::Text, 2));
    }
}
