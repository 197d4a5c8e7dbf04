//! What a file is, by its content; a name decides only between formats that look the same.

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
    if let Some(what) = foreign(bytes) {
        let named = if extension.is_empty() { String::new() } else { format!(" (.{extension})") };
        return Detected::Foreign(format!("it is {what}{named}; convert it to PDF"));
    }
    textual(&extension, bytes)
}

/// What a file is that is read by no reader.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    let utf16 = matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    match bytes {
        [b'G', b'I', b'F', b'8', ..] | [b'R', b'I', b'F', b'F', ..] => Some("a picture or film"),
        [b'R', b'a', b'r', b'!', ..] => Some("a RAR archive"),
        [b'7', b'z', 0xBC, 0xAF, ..] => Some("a 7z archive"),
        [b'{', b'\\', b'r', b't', b'f', ..] => Some("rich text (RTF)"),
        _ if !utf16 && bytes[..bytes.len().min(TEXT_HEAD)].contains(&0) => Some("binary data"),
        _ => None,
    }
}

/// What a ZIP file is, by the names of what it holds: they stand in it uncompressed.
fn zipped(bytes: &[u8]) -> Detected {
    let holds = |name: &str| memchr::memmem::find(bytes, name.as_bytes()).is_some();
    if bytes.get(30..58) == Some(b"mimetypeapplication/epub+zip") {
        Detected::Epub
    } else if holds("[Content_Types].xml") && holds("word/") {
        Detected::Docx
    } else if holds("[Content_Types].xml") && holds("ppt/") {
        Detected::Pptx
    } else if holds("[Content_Types].xml") && holds("xl/")
        || bytes.get(30..).is_some_and(|rest| {
            rest.starts_with(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
        })
    {
        Detected::Workbook
    } else if holds("META-INF/container.xml") && holds("application/epub+zip") {
        Detected::Epub
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

fn textual(extension: &str, bytes: &[u8]) -> Detected {
    let head = &bytes[..bytes.len().min(TEXT_HEAD)];
    let start = String::from_utf8_lossy(&head[..head.len().min(2048)]).to_ascii_lowercase();
    let start = start.trim_start_matches(|ch: char| ch.is_whitespace() || ch == '\u{FEFF}');
    let html = start.starts_with("<!doctype html") || start.starts_with("<html");
    match extension {
        "html" | "htm" | "xhtml" => Detected::Html,
        _ if html || start.starts_with("<?xml") && start.contains("<html") => Detected::Html,
        "eml" | "mht" | "mhtml" => Detected::Email,
        "json" | "jsonl" | "ndjson" => Detected::Json,
        "csv" | "tsv" | "tab" => Detected::Csv,
        "md" | "markdown" | "mdown" => Detected::Markdown,
        _ if is_mail(start) => Detected::Email,
        _ if start.starts_with("---\n") || start.starts_with("---\r\n") => Detected::Markdown,
        _ => Detected::Text,
    }
}

/// Whether a text begins with the header of a mail: fields one a line, those of a mail among them.
fn is_mail(start: &str) -> bool {
    let fields: Vec<&str> = start
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| !line.starts_with([' ', '\t']))
        .map_while(|line| Some(line.split_once(':')?.0))
        .take(40)
        .collect();
    let has = |name: &str| fields.contains(&name);
    has("mime-version") && has("content-type") || has("from") && has("subject") && has("date")
}
