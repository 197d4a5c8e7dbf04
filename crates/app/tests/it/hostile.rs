//! Files made to hurt: bombs, abysses, giants. Each ends at a limit, in words, and costs itself.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;

use yuanwen_engine::sandbox::{Limits, Reading, Sandbox};
use zip::write::SimpleFileOptions;

use super::{Bench, code, stderr};

/// A ZIP file of these parts.
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        out.start_file(*name, SimpleFileOptions::default()).unwrap();
        out.write_all(content).unwrap();
    }
    out.finish().unwrap().into_inner()
}

const TYPES: (&str, &[u8]) = (
    "[Content_Types].xml",
    br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
);

/// A text document of Word with this XML.
fn docx(document: &str) -> Vec<u8> {
    package(&[
        TYPES,
        (
            "_rels/.rels",
            br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#,
        ),
        ("word/document.xml", document.as_bytes()),
    ])
}

fn xlsx(sheet: &str) -> Vec<u8> {
    package(&[
        TYPES,
        (
            "_rels/.rels",
            br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="a"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// Ten entities, each ten of the one before: a billion letters, if anybody expands them.
fn laughs(root: &str) -> String {
    let mut text = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a0 \"远山\">".to_owned();
    for level in 1..10 {
        let ten = format!("&a{};", level - 1).repeat(10);
        text.push_str(&format!("<!ENTITY a{level} \"{ten}\">"));
    }
    text + "]>" + root
}

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const SHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// A PNG file that says it is this large, and ends.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    out.extend(&header);
    out.extend(crc32(&header).to_be_bytes());
    out
}

/// The checksum of PNG (ISO 3309), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| (crc >> 1) ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 };
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc));
    !bytes.iter().fold(u32::MAX, byte)
}

#[test]
fn bombs_abysses_and_giants_end_at_a_limit() {
    let many = 100_000;
    let deep = |open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(many), close.repeat(many))
    };
    let paragraph = "<w:p><w:r><w:t>远山通信</w:t></w:r></w:p>";
    let word =
        |body: &str| format!("<w:document xmlns:w=\"{WORD}\"><w:body>{body}</w:body></w:document>");
    let cells = "<c t=\"n\"><v>1</v></c>".repeat(1000);
    let giant_sheet = format!(
        "<worksheet xmlns=\"{SHEET}\"><sheetData>{}</sheetData></worksheet>",
        format!("<row>{cells}</row>").repeat(3000)
    );
    let lies = format!(
        "<worksheet xmlns=\"{SHEET}\"><dimension ref=\"A1:XFD1048576\"/><sheetData>\
         <row r=\"1\"><c r=\"A1\"><v>1</v></c></row>\
         <row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row></sheetData>\
         <mergeCells><mergeCell ref=\"A1:XFD1048576\"/></mergeCells></worksheet>"
    );
    let zeros = vec![b'0'; 300 << 20];
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("laughs.docx", docx(&laughs(&word("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>")))),
        ("laughs.xlsx", xlsx(&laughs("<worksheet>&a9;</worksheet>"))),
        ("laughs.html", laughs("<html><body><p>&a9;</p></body></html>").into_bytes()),
        (
            "deep.docx",
            docx(&word(&deep("<w:tbl><w:tr><w:tc>", paragraph, "</w:tc></w:tr></w:tbl>"))),
        ),
        ("deep.html", deep("<div>", "远山通信", "</div>").into_bytes()),
        ("deep-tables.html", deep("<table><tr><td>", "远山通信", "</table>").into_bytes()),
        ("deep-lists.html", deep("<ul><li>", "远山通信", "").into_bytes()),
        ("deep.json", deep("[", "1", "]").into_bytes()),
        ("deep-objects.json", deep("{\"正文\":", "\"远山\"", "}").into_bytes()),
        ("deep.md", deep("> ", "远山通信", "").into_bytes()),
        (
            "deep-lists.md",
            (0..3000).map(|n| " ".repeat(2 * n) + "- 远山\n").collect::<String>().into(),
        ),
        ("emphasis.md", deep("*_", "远山", "").into_bytes()),
        ("brackets.md", deep("[", "远山", "").into_bytes()),
        ("deep.pdf", format!("%PDF-1.7\n1 0 obj\n{}", "[".repeat(many)).into_bytes()),
        ("giant.xlsx", xlsx(&giant_sheet)),
        ("lies.xlsx", xlsx(&lies)),
        ("line.csv", "远山,".repeat(2_000_000).into_bytes()),
        ("quotes.csv", "\"远山".repeat(500_000).into_bytes()),
        ("line.txt", "远山通信".repeat(1_000_000).into_bytes()),
        ("lines.txt", "一\n".repeat(300_000).into_bytes()),
        ("headers.eml", ("Subject: a\r\n".repeat(200_000) + "\r\n正文").into_bytes()),
        ("giant.png", png(100_000, 100_000)),
        ("wide.png", png(u32::MAX, 1)),
        ("zeros.zip", package(&[("a.txt", &zeros), ("b.txt", "远山通信。".as_bytes())])),
        ("zeros.docx", package(&[TYPES, ("word/document.xml", &zeros)])),
    ];
    let program = PathBuf::from(env!("CARGO_BIN_EXE_yuanwen"));
    let arguments = vec!["worker".to_owned()];
    // What grows faster than its file goes over any limit of time. What does not must pass in an
    // unoptimised build beside other work too, hence ten times the usual one.
    let usual = Limits::default();
    let limits = Limits { time: usual.time * 10, ..usual };
    let reading = Reading::Boxed(Sandbox { program, arguments, limits, models: None });
    for (name, bytes) in cases {
        let said = match reading.parse(name, bytes) {
            Ok(document) => {
                format!("read, {} blocks {:?}", document.blocks.len(), document.warnings)
            }
            Err(reason) => reason,
        };
        eprintln!("{name}: {}", said.chars().take(200).collect::<String>());
        assert!(!said.contains("please report"), "{name}: {said}");
        assert!(!said.contains("takes more than"), "{name}: {said}");
    }
}

#[test]
fn archives_in_archives_end_at_a_depth_and_what_is_above_it_is_read() {
    let bench = Bench::new();
    let text = "远山通信的听涛号停在三号码头。".as_bytes();
    let mut inner = package(&[("最里.txt", text)]);
    for level in 0..6 {
        let name = format!("{level}.txt");
        inner = package(&[("里.zip", &inner), (&name, text)]);
    }
    fs::write(bench.path("docs/套.zip"), &inner).unwrap();
    let output = bench.run(&["index", "--kb", "kb", "docs"]);
    let said = stderr(&output);
    assert_eq!(code(&output), 3, "{said}");
    assert!(said.contains("inside one another"), "{said}");
    let list = bench.run(&["list", "--kb", "kb", "--json"]);
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.contains("套.zip/5.txt") && list.contains("/2.txt"), "{list}");
    // Removing the archive removes what was in it.
    assert_eq!(code(&bench.run(&["remove", "--kb", "kb", "套.zip"])), 0);
    let list = bench.run(&["list", "--kb", "kb", "--json"]);
    assert!(!String::from_utf8(list.stdout).unwrap().contains("5.txt"));
    assert_eq!(code(&bench.run(&["check", "--kb", "kb"])), 0);
}

#[test]
fn a_file_that_leaves_an_archive_leaves_the_knowledge_base() {
    let bench = Bench::new();
    let (one, two) = ("远山通信在雪岭新建基站。".as_bytes(), "远山通信在松涛岛铺缆。".as_bytes());
    fs::write(bench.path("docs/包.zip"), package(&[("甲.txt", one), ("乙.txt", two)])).unwrap();
    assert_eq!(code(&bench.run(&["index", "--kb", "kb", "docs"])), 0);
    let list = || String::from_utf8(bench.run(&["list", "--kb", "kb"]).stdout).unwrap();
    assert!(list().contains("甲") && list().contains("乙"));
    assert_eq!(code(&bench.run(&["index", "--kb", "kb", "docs"])), 0);
    fs::write(bench.path("docs/包.zip"), package(&[("乙.txt", two)])).unwrap();
    assert_eq!(code(&bench.run(&["index", "--kb", "kb", "docs"])), 0);
    assert!(!list().contains("甲") && list().contains("乙"), "{}", list());
    fs::remove_file(bench.path("docs/包.zip")).unwrap();
    assert_eq!(code(&bench.run(&["index", "--kb", "kb", "--prune", "docs"])), 0);
    assert!(!list().contains("乙"), "{}", list());
}
