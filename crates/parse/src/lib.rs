//! Reads a file into a [`Document`]: blocks of the source's own text, with a place for every
//! character. No network, no async runtime, no knowledge of search.

mod archive;
mod builder;
mod csv;
mod detect;
pub mod document;
mod docx;
mod encoding;
mod epub;
mod error;
mod html;
mod json;
mod mail;
mod markdown;
mod marker;
pub mod meta;
pub mod ocr;
mod ooxml;
mod package;
pub mod pdf;
mod picture;
mod place;
mod pptx;
mod table;
pub mod text;
mod workbook;

pub use detect::{EXTENSIONS, is_pdf};
pub use document::*;
pub use error::ParseError;

use detect::{Detected, detect};

/// Reads a file. Its format is found from the content; the name only decides between formats that
/// look the same, such as Markdown and plain text.
///
/// # Errors
/// If the file is empty, damaged, protected, over a limit or of no known format. What goes wrong
/// inside a readable file is one of [`Document::warnings`].
pub fn parse(name: &str, bytes: Vec<u8>) -> Result<Document, ParseError> {
    if bytes.is_empty() {
        return Err(ParseError::Empty);
    }
    match detect(name, &bytes) {
        Detected::Pdf => pdf::parse(bytes),
        Detected::Docx => docx::parse(name, &bytes),
        Detected::Pptx => pptx::parse(name, &bytes),
        Detected::Workbook | Detected::Xls => workbook::parse(name, &bytes),
        Detected::Epub => epub::parse(name, &bytes),
        Detected::Zip => archive::parse(name, &bytes),
        Detected::Image => picture::parse(name, &bytes),
        Detected::Html => html::parse(name, &bytes),
        Detected::Markdown => markdown::parse(name, &bytes),
        Detected::Csv => csv::parse(name, &bytes),
        Detected::Json => json::parse(name, &bytes),
        Detected::Email => mail::parse(name, &bytes),
        Detected::Text => text::parse(&bytes),
        Detected::Foreign(what) => Err(ParseError::UnknownFormat(what)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_no_documents_say_what_they_are() {
        let cases: [(&str, &[u8], &str); 4] = [
            ("a.txt", b"", "empty"),
            ("a.doc", b"\xD0\xCF\x11\xE0....", "old Office document (.doc)"),
            ("a.bin", b"ab\0cd", "binary data"),
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
