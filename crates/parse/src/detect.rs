//! What a file is, by its content; a name decides only between formats that look the same.

use std::borrow::Cow;

use crate::builder::is_space;
use crate::encoding::{decode, is_wide};
use crate::markdown::{self, is_element, tag_name};
use crate::package::Package;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Detected {
    Pdf,
    /// Office Open XML of Word.
    Docx,
    /// Office Open XML of PowerPoint.
    Pptx,
    /// Excel or OpenDocument spreadsheet, zipped.
    Workbook,
    /// Excel before 2007.
    Xls,
    Epub,
    Zip,
    Image,
    Html,
    Markdown,
    Csv,
    Json,
    Email,
    Text,
    /// What it is, in words, and what to do about it.
    Foreign(String),
}

/// Where a PDF's first line may stand, in bytes: some writers put other bytes in front of it.
const PDF_HEAD: usize = 1024;
/// How much is looked at for what a text is made of.
const TEXT_HEAD: usize = 64 * 1024;

/// Whether these first bytes of a file are a PDF's.
pub fn is_pdf(head: &[u8]) -> bool {
    head[..head.len().min(PDF_HEAD)].windows(5).any(|window| window == b"%PDF-")
}

/// The extensions, in lower case, of files that are read.
pub const EXTENSIONS: [&str; 42] = [
    "pdf", "txt", "text", "md", "markdown", "mdown", "html", "htm", "xhtml", "docx", "docm",
    "dotx", "pptx", "pptm", "ppsx", "xlsx", "xlsm", "xltx", "xlsb", "xls", "et", "ods", "csv",
    "tsv", "tab", "epub", "eml", "mht", "mhtml", "zip", "json", "jsonl", "ndjson", "png", "jpg",
    "jpeg", "jpe", "tif", "tiff", "log", "rst", "wps",
];

/// Finds what a file is.
pub(crate) fn detect(name: &str, bytes: &[u8]) -> Detected {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let extension = extension.to_ascii_lowercase();
    if is_pdf(bytes) {
        return Detected::Pdf;
    }
    match bytes {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => return zipped(bytes),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return compound(bytes, &extension),
        [0x89, b'P', b'N', b'G', ..]
        | [0xFF, 0xD8, 0xFF, ..]
        | [b'I', b'I', 42, 0, ..]
        | [b'M', b'M', 0, 42, ..] => return Detected::Image,
        _ => {}
    }
    // Parts of a mail may be in UTF-16 or no text at all.
    if begins_like_mail(bytes, &extension) {
        return Detected::Email;
    }
    if let Some(what) = foreign(bytes) {
        let named = if extension.is_empty() { String::new() } else { format!(" (.{extension})") };
        return Detected::Foreign(format!("it is {what}{named}; convert it to PDF"));
    }
    textual(&extension, bytes)
}

/// What a file is that is read by no reader.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    let zero = || bytes[..bytes.len().min(TEXT_HEAD)].contains(&0);
    match bytes {
        [b'G', b'I', b'F', b'8', ..] | [b'R', b'I', b'F', b'F', ..] => Some("a picture or film"),
        [b'R', b'a', b'r', b'!', ..] => Some("a RAR archive"),
        [b'7', b'z', 0xBC, 0xAF, ..] => Some("a 7z archive"),
        [b'{', b'\\', b'r', b't', b'f', ..] => Some("rich text (RTF)"),
        _ if zero() && !is_wide(bytes) => Some("binary data"),
        _ => None,
    }
}

/// What a ZIP file is, by the names of what it holds. Those of a damaged one are looked for in its
/// bytes, where they stand uncompressed.
fn zipped(bytes: &[u8]) -> Detected {
    let Ok(mut package) = Package::open("ZIP archive", bytes) else {
        let holds = |name: &str| memchr::memmem::find(bytes, name.as_bytes()).is_some();
        let first = bytes.get(30..).and_then(|rest| rest.strip_prefix(b"mimetype"));
        return kind_of_zip(holds, first.unwrap_or_default());
    };
    let kind = package.read("mimetype").ok().flatten().unwrap_or_default();
    let names = package.names();
    // Some writers change the case of names, and Office does not mind.
    let holds = |own: &str| {
        let start = |name: &str| name.get(..own.len()).is_some_and(|n| n.eq_ignore_ascii_case(own));
        names.iter().any(|name| start(name) && (own.ends_with('/') || name.len() == own.len()))
    };
    kind_of_zip(holds, &kind)
}

/// What a ZIP file is: `holds` says whether it has a part or a folder of a name, `kind` is what the
/// file calls itself.
fn kind_of_zip(holds: impl Fn(&str) -> bool, kind: &[u8]) -> Detected {
    let office = holds("[Content_Types].xml");
    if kind.starts_with(b"application/epub+zip") || holds("META-INF/container.xml") {
        Detected::Epub
    } else if office && holds("word/") {
        Detected::Docx
    } else if office && holds("ppt/") {
        Detected::Pptx
    } else if office && holds("xl/")
        || kind.starts_with(b"application/vnd.oasis.opendocument.spreadsheet")
    {
        Detected::Workbook
    } else if kind.starts_with(b"application/vnd.oasis.opendocument.") {
        Detected::Foreign(
            "it is an OpenDocument text or presentation; save it as .docx or .pptx, or as PDF"
                .to_owned(),
        )
    } else {
        Detected::Zip
    }
}

/// What an OLE compound file is: the names of its streams are UTF-16.
fn compound(bytes: &[u8], extension: &str) -> Detected {
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &wide).is_some()
    };
    if holds("Workbook") || holds("Book") && matches!(extension, "xls" | "et") {
        Detected::Xls
    } else if holds("EncryptedPackage") {
        Detected::Foreign(
            "it is an Office document protected by a password; remove the password".to_owned(),
        )
    } else {
        Detected::Foreign(format!(
            "it is an old Office document (.{extension}); save it as .docx or .pptx, or as PDF"
        ))
    }
}

/// What a text is, by what it is made of; its extension decides between what looks the same.
fn textual(extension: &str, bytes: &[u8]) -> Detected {
    let head = &bytes[..bytes.len().min(TEXT_HEAD)];
    let text = decode(head).unwrap_or(Cow::Borrowed(""));
    let text = text.trim_start_matches(is_space);
    if text.starts_with("{\\rtf") {
        return Detected::Foreign("it is rich text (RTF); convert it to PDF".to_owned());
    }
    if is_html(text) {
        return Detected::Html;
    }
    let whole = head.len() == bytes.len();
    match extension {
        "html" | "htm" | "xhtml" => Detected::Html,
        "eml" | "mht" | "mhtml" => Detected::Email,
        "csv" | "tsv" | "tab" => Detected::Csv,
        "md" | "markdown" | "mdown" => Detected::Markdown,
        "json" | "jsonl" | "ndjson" if text.starts_with(['{', '[']) => Detected::Json,
        "log" | "rst" => Detected::Text,
        _ if is_mail(text) => Detected::Email,
        _ if is_json(text, whole) => Detected::Json,
        _ if is_markdown(text) => Detected::Markdown,
        _ if is_separated(text, extension) => Detected::Csv,
        _ => Detected::Text,
    }
}

/// Whether a text is a web page: it begins like one, comments and declarations aside.
fn is_html(text: &str) -> bool {
    let mut rest = text;
    for _ in 0..20 {
        rest = rest.trim_start_matches(is_space);
        let end = match rest {
            _ if rest.starts_with("<!--") => rest.find("-->").map(|end| end + 3),
            _ if rest.starts_with("<?xml") => rest.find("?>").map(|end| end + 2),
            _ => break,
        };
        let Some(end) = end else { return false };
        rest = &rest[end..];
    }
    let start = rest.get(..rest.floor_char_boundary(200)).unwrap_or_default().to_ascii_lowercase();
    let page = ["<!doctype html", "<html", "<head>", "<head ", "<body>", "<body "];
    page.iter().any(|tag| start.starts_with(tag))
        || start.starts_with("<!doctype") && start.contains("html")
        || is_tags(rest)
}

/// Whether a text is a piece of a page: it begins and ends with a tag and has one in most lines.
fn is_tags(text: &str) -> bool {
    let tagged = |line: &str| tag_name(line).is_some_and(is_element);
    if !tagged(text) {
        return false;
    }
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty()).take(200);
    let tags = lines().filter(|line| tagged(line) || line.ends_with('>')).count();
    tags * 10 >= lines().count() * 8
}

/// Whether a text is JSON or JSON lines: its first value parses. `whole` says that the text is not
/// cut off.
fn is_json(text: &str, whole: bool) -> bool {
    if !text.starts_with(['{', '[']) {
        return false;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => {
            let rest = text[values.byte_offset()..].trim_start_matches(is_space);
            rest.is_empty() || text.starts_with('{') && rest.starts_with('{')
        }
        Some(Err(error)) => error.is_eof() && !whole,
        None => false,
    }
}

/// Whether a text is Markdown: what nobody writes in plain text stands in it.
fn is_markdown(text: &str) -> bool {
    if text.starts_with("---") && markdown::begins_with_front_matter(text) {
        return true;
    }
    let mut score = 0;
    let mut fenced = false;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let trimmed = line.trim_start();
        let hashes = trimmed.len() - trimmed.trim_start_matches('#').len();
        // `#` alone begins a comment in scripts and settings.
        let heading = (1..=6).contains(&hashes) && trimmed[hashes..].starts_with(' ');
        score += match hashes {
            1 if heading => 1,
            2.. if heading => 3,
            _ => 0,
        };
        if trimmed.starts_with("```") {
            fenced = !fenced;
            score += i32::from(!fenced) * 3;
        }
        let under = lines.peek().is_some_and(|next| {
            next.trim_start().starts_with("|-")
                || next.trim_start().starts_with("| -")
                || next.trim_start().starts_with("|:")
        });
        score += i32::from(trimmed.starts_with('|') && under) * 4;
        score += i32::from(trimmed.contains("](http") || trimmed.starts_with("![")) * 2;
        score += i32::from(trimmed.contains("**") && trimmed.matches("**").count() == 2);
        // A statement: source code has comments and strings of every kind.
        score -= i32::from(line.ends_with([';', '{', '}']) || trimmed.starts_with("//"));
    }
    score >= 3
}

/// Whether the first lines of a text have as many separators each: of commas two at least, and no
/// words around them as in a sentence.
fn is_separated(text: &str, extension: &str) -> bool {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
    let lines = if lines.len() > 3 { &lines[..lines.len() - 1] } else { &lines[..] };
    // Plain text has tables between its paragraphs, and reads them itself.
    if lines.len() < 3 || matches!(extension, "txt" | "text") && lines.len() < 5 {
        return false;
    }
    let same = |separator: char, least: usize| {
        let count = lines[0].matches(separator).count();
        count >= least && lines.iter().all(|line| line.matches(separator).count() == count)
    };
    let terse = lines.iter().all(|line| !line.contains(", ") && !line.contains(['。', ';', '{']));
    same('\t', 1) || same(',', 2) && terse
}

/// Whether bytes begin with the header of a mail; one named so needs a field in its first line only.
fn begins_like_mail(bytes: &[u8], extension: &str) -> bool {
    let head = &bytes[..bytes.len().min(TEXT_HEAD)];
    if !head.contains(&0) {
        return false;
    }
    let ends = [&b"\n\n"[..], b"\r\n\r\n"].into_iter();
    let end = ends.filter_map(|end| memchr::memmem::find(head, end)).min();
    let Some(header) = end.map(|end| &head[..end]).filter(|header| !header.contains(&0)) else {
        return false;
    };
    let text = String::from_utf8_lossy(header);
    let field = text.split(':').next().unwrap_or_default();
    let named = matches!(extension, "eml" | "mht" | "mhtml")
        && field.len() < text.len()
        && field.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    named || is_mail(&text)
}

/// Whether a text begins with the header of a mail: fields one a line, those of a mail among them.
fn is_mail(text: &str) -> bool {
    let fields: Vec<String> = text
        .lines()
        .take_while(|line| !line.trim().is_empty())
        .filter(|line| !line.starts_with([' ', '\t']))
        .take(60)
        .map_while(|line| Some(line.split_once(':')?.0.to_ascii_lowercase()))
        .collect();
    let has = |name: &str| fields.iter().any(|field| field == name);
    has("mime-version") && has("content-type") || has("from") && has("subject") && has("date")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_by_what_they_are_made_of() {
        let cases = [
            ("a.txt", "<!-- 注 -->\n\n<!DOCTYPE html><html></html>", Detected::Html),
            ("a.txt", "<?xml version=\"1.0\"?>\n<html xmlns=\"x\"></html>", Detected::Html),
            ("a", "<div>\n<p>甲</p>\n<p>乙</p>\n</div>\n", Detected::Html),
            ("a.txt", "<某某>说：\n正文。", Detected::Text),
            ("a.txt", "{\"a\": 1}\n{\"a\": 2}\n", Detected::Json),
            ("a.txt", "[1, 2]", Detected::Json),
            ("a.txt", "[注] 正文。", Detected::Text),
            ("a.txt", "{a}", Detected::Text),
            ("a.json", "{\"a\": 1,}", Detected::Json),
            ("a.json", "正文。", Detected::Text),
            ("a.txt", "---\ntitle: 甲\n---\n正文。", Detected::Markdown),
            ("a.txt", "---\n正文。", Detected::Text),
            ("a.txt", "## 标题\n\n正文。", Detected::Markdown),
            ("a.txt", "# 注释\nx = 1\ny = 2\n", Detected::Text),
            ("a.txt", "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n", Detected::Markdown),
            ("a.md", "正文。", Detected::Markdown),
            ("a", "甲,乙,丙\n1,2,3\n4,5,6\n", Detected::Csv),
            ("a.dat", "甲\t乙\n1\t2\n3\t4\n", Detected::Csv),
            ("a.txt", "甲，乙,丙,丁。\n戊,己,庚。\n辛,壬,癸。\n", Detected::Text),
            ("a.txt", "From: a@b.cn\nSubject: 甲\nDate: x\n\n正文", Detected::Email),
            ("a.txt", "MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\nx", Detected::Email),
            ("a.c", "int main(void) {\n    // **b**\n    return 0;\n}\n", Detected::Text),
        ];
        for (name, text, expected) in cases {
            assert_eq!(detect(name, text.as_bytes()), expected, "{name}: {text}");
        }
    }

    #[test]
    fn zip_files_by_the_parts_at_their_top() {
        let zip = |parts: &[(&str, &str)]| {
            let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            // Not packed, as archives hold files that are packed themselves.
            let options = zip::write::SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Stored);
            for (name, content) in parts {
                writer.start_file(*name, options).unwrap();
                std::io::Write::write_all(&mut writer, content.as_bytes()).unwrap();
            }
            writer.finish().unwrap().into_inner()
        };
        let office = |main| zip(&[("[Content_Types].xml", ""), (main, "")]);
        let calc = "application/vnd.oasis.opendocument.spreadsheet";
        let cases = [
            (office("word/document.xml"), Detected::Docx),
            (office("ppt/presentation.xml"), Detected::Pptx),
            (office("xl/workbook.xml"), Detected::Workbook),
            (zip(&[("[content_types].xml", ""), ("XL/Workbook.xml", "")]), Detected::Workbook),
            (zip(&[("content.xml", ""), ("mimetype", calc)]), Detected::Workbook),
            (zip(&[("mimetype", "application/epub+zip")]), Detected::Epub),
            (zip(&[("META-INF/container.xml", "")]), Detected::Epub),
            (zip(&[("a.docx", "[Content_Types].xml word/document.xml")]), Detected::Zip),
            (zip(&[("甲/[Content_Types].xml", ""), ("甲/word/document.xml", "")]), Detected::Zip),
        ];
        for (bytes, expected) in cases {
            assert_eq!(detect("a", &bytes), expected);
        }
        let mut cut = office("word/document.xml");
        cut.truncate(cut.len() - 30);
        assert_eq!(detect("a", &cut), Detected::Docx);
        let text = zip(&[("mimetype", "application/vnd.oasis.opendocument.text")]);
        assert!(matches!(detect("a", &text), Detected::Foreign(_)));
    }

    #[test]
    fn text_in_other_encodings_is_text() {
        let wide: Vec<u8> = "<html>甲乙".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(detect("a.txt", &wide), Detected::Html);
        let (gbk, ..) = encoding_rs::GBK.encode("## 远山通信简报\n\n## 网络\n正文。");
        assert_eq!(detect("a.txt", &gbk), Detected::Markdown);
        assert!(matches!(detect("a.txt", b"ab\0c\0\0\0d\x01\x02"), Detected::Foreign(_)));
        let mail = b"Subject: a\r\nContent-Type: text/plain; charset=utf-16\r\n\r\na\0b\0\n\0";
        assert_eq!(detect("a.eml", mail), Detected::Email);
        assert!(matches!(detect("a.eml", b"a\0: b\n\nc"), Detected::Foreign(_)));
    }
}
