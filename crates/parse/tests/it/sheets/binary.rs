//! Workbooks in records: Excel before 2007 and `.xlsb`, built here record by record.

use super::{mutate, outline, read, stored, zip};
use yuanwen_parse::ParseError;

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A record of `.xls`.
fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let mut out = kind.to_le_bytes().to_vec();
    out.extend((content.len() as u16).to_le_bytes());
    out.extend(content);
    out
}

/// The row, column and style of a cell.
fn place(row: u16, column: u16, style: u16) -> Vec<u8> {
    [row, column, style].into_iter().flat_map(u16::to_le_bytes).collect()
}

/// A string of `.xls` with its length in two bytes.
fn long(text: &str) -> Vec<u8> {
    let count = text.encode_utf16().count() as u16;
    [&count.to_le_bytes()[..], &[1], &wide(text)].concat()
}

fn begin(kind: u16) -> Vec<u8> {
    record(0x809, &[0, 6, kind as u8, 0, 0, 0, 0, 0])
}

/// An OLE compound file of one stream, in sectors of 512 bytes: the table, the directory, the
/// stream.
fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut stream = stream.to_vec();
    let size = stream.len().max(4096);
    stream.resize(size.next_multiple_of(512), 0);
    let mut header = vec![0; 512];
    header[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    header[30] = 9;
    header[32] = 6;
    header[44] = 1;
    header[48] = 1;
    header[57] = 0x10;
    for at in (60..512).step_by(4).filter(|at| ![64, 72].contains(at)) {
        header[at..at + 4].fill(0xFF);
    }
    header[76..80].fill(0);
    let mut table: Vec<u32> = vec![0xFFFF_FFFD, 0xFFFF_FFFE];
    let sectors = stream.len() as u32 / 512;
    table.extend((1..sectors).map(|nth| nth + 2));
    table.push(0xFFFF_FFFE);
    assert!(table.len() <= 128, "the stream is too long for this writer");
    table.resize(128, u32::MAX);
    let entry = |name: &str, kind: u8, start: u32, size: u32| {
        let mut entry = vec![0; 128];
        let name = wide(name);
        entry[..name.len()].copy_from_slice(&name);
        entry[64] = name.len() as u8 + 2;
        entry[66] = kind;
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&size.to_le_bytes());
        entry
    };
    let mut directory = entry("Root Entry", 5, 0xFFFF_FFFE, 0);
    directory.extend(entry(name, 2, 2, size as u32));
    directory.resize(512, 0);
    let table: Vec<u8> = table.into_iter().flat_map(u32::to_le_bytes).collect();
    [header, table, directory, stream].concat()
}

/// A workbook of one sheet from the records before the list of sheets and those of the sheet.
fn xls(before: &[Vec<u8>], name: &str, state: u8, sheet: &[Vec<u8>]) -> Vec<u8> {
    let mut globals = [begin(5), before.concat()].concat();
    let count = name.encode_utf16().count() as u8;
    let listed = 4 + 4 + 2 + 2 + wide(name).len();
    let start = (globals.len() + listed + 4) as u32;
    globals.extend(record(
        0x85,
        &[&start.to_le_bytes()[..], &[state, 0, count, 1], &wide(name)].concat(),
    ));
    globals.extend(record(0x0A, &[]));
    globals.extend(begin(0x10));
    globals.extend(sheet.concat());
    globals.extend(record(0x0A, &[]));
    compound("Workbook", &globals)
}

/// Styles: the first shows numbers as they are, the second with a format.
fn styles(code: &str) -> Vec<Vec<u8>> {
    let style = |format: u16| [&[0, 0][..], &format.to_le_bytes(), &[0; 16]].concat();
    vec![
        record(0x41E, &[&164_u16.to_le_bytes()[..], &long(code)].concat()),
        record(0xE0, &style(0)),
        record(0xE0, &style(164)),
    ]
}

/// The shared strings; the last one goes on in a second record, there with one byte a unit.
fn strings() -> Vec<Vec<u8>> {
    let first =
        [&[3, 0, 0, 0, 3, 0, 0, 0][..], &long("项目"), &long("金额"), &[4, 0, 1], &wide("甲乙")];
    vec![record(0xFC, &first.concat()), record(0x3C, &[0, b'a', b'b'])]
}

fn shared(row: u16, column: u16, at: u32) -> Vec<u8> {
    record(0xFD, &[place(row, column, 0), at.to_le_bytes().to_vec()].concat())
}

fn number(row: u16, column: u16, style: u16, value: f64) -> Vec<u8> {
    record(0x203, &[place(row, column, style), value.to_le_bytes().to_vec()].concat())
}

fn formula(row: u16, column: u16, result: [u8; 8]) -> Vec<u8> {
    record(0x06, &[place(row, column, 1), result.to_vec(), vec![0; 8]].concat())
}

fn cells() -> Vec<Vec<u8>> {
    let packed = |value: i32, flags: u32| ((value << 2) as u32 | flags).to_le_bytes();
    let many =
        [&place(3, 0, 0)[..4], &[0, 0], &packed(7, 2), &[1, 0], &packed(123_456, 3), &[1, 0]];
    let result = |text: u8, value: u8| [text, 0, value, 0, 0, 0, 0xFF, 0xFF];
    vec![
        shared(0, 0, 0),
        shared(0, 1, 1),
        shared(1, 0, 2),
        number(1, 1, 1, 1234.5),
        record(0x204, &[place(2, 0, 0), long("丙")].concat()),
        record(0x27E, &[&place(2, 1, 1)[..], &packed(44_927, 2)].concat()),
        record(0xBD, &many.concat()),
        formula(4, 0, result(0, 0)),
        record(0x207, &long("算得")),
        formula(4, 1, 0.5_f64.to_le_bytes()),
        formula(5, 0, result(2, 0x07)),
        record(0x205, &[place(5, 1, 0), vec![1, 0]].concat()),
    ]
}

const SHOWN: &str = "项目|金额/甲乙ab|1,234.50/丙|44,927.00/7|1,234.56/算得|0.50/#DIV/0!|TRUE";

#[test]
fn values_of_an_old_workbook() {
    let before = [styles("#,##0.00"), strings()].concat();
    let mut sheet = cells();
    // A chart on the sheet has cells of its own.
    sheet.extend([begin(0x20), number(0, 5, 0, 9.0), record(0x0A, &[])]);
    let document = read("a.xls", xls(&before, "收入", 0, &sheet));
    let expected = ["h1 A1 收入".to_owned(), format!("t6x2/1 A1 {SHOWN}")];
    assert_eq!(outline(&document), expected);
    assert!(document.warnings.is_empty(), "{:?}", document.warnings);
}

#[test]
fn merged_cells_notes_and_text_boxes_of_an_old_workbook() {
    let before = [styles("0"), strings()].concat();
    let merged = [1_u16, 0, 1, 0, 0].into_iter().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let object = |kind: u8, id: u8| record(0x5D, &[0x15, 0, 0x12, 0, kind, 0, id, 0, 0, 0]);
    let text = |text: &str| {
        let mut head = [0; 18];
        head[10] = text.encode_utf16().count() as u8;
        [record(0x1B6, &head), record(0x3C, &[&[1][..], &wide(text)].concat())].concat()
    };
    let sheet = [
        shared(0, 0, 0),
        shared(0, 1, 1),
        number(1, 1, 0, 5.0),
        record(0xE5, &merged),
        object(0x19, 1),
        text("含税"),
        object(0x06, 2),
        text("数据来自财务部。"),
        record(0x1C, &[1, 0, 1, 0, 0, 0, 1, 0, 0, 0]),
    ];
    let document = read("a.xls", xls(&before, "Sheet1", 1, &sheet));
    let lines = outline(&document);
    assert_eq!(lines[..1], ["t2x2/1 A1 项目|金额/5"]);
    assert_eq!(lines[1..], ["p A1 数据来自财务部。", "n B2 含税"]);
    assert_eq!(document.blocks[0].table().unwrap().cells[0].row_span, 2);
    assert!(document.warnings[0].message.contains("hidden"), "{:?}", document.warnings);
}

#[test]
fn old_workbooks_that_are_protected_cut_off_or_damaged() {
    let protected = xls(&[record(0x2F, &[1, 0])], "甲", 0, &[]);
    let error = yuanwen_parse::parse("a.xls", protected).unwrap_err();
    assert_eq!(error, ParseError::Protected("workbook"));
    let whole = xls(&[styles("0"), strings()].concat(), "甲", 0, &cells());
    let mut cut = whole.clone();
    let end = cut.windows(4).rposition(|bytes| bytes == [0x0A, 0, 0, 0]).unwrap();
    cut.truncate(end - 20);
    let document = read("a.xls", cut);
    assert!(document.warnings.iter().any(|w| w.message.contains("cut off")), "{document:?}");
    // Sectors that lead to each other, and everything else that bytes can do.
    let mut loops = whole.clone();
    loops[512 + 2 * 4..512 + 6 * 4].fill(2);
    let _ = yuanwen_parse::parse("a.xls", loops);
    mutate("a.xls", &whole, 600);
}

#[test]
fn a_workbook_from_before_unicode() {
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    let name = gbk("收入");
    let mut stream = [record(0x809, &[0, 5, 5, 0, 0, 0, 0, 0]), record(0x42, &[0xA8, 3])].concat();
    let start = (stream.len() + 11 + name.len() + 4) as u32;
    stream.extend(record(
        0x85,
        &[&start.to_le_bytes()[..], &[0, 0, name.len() as u8], &name].concat(),
    ));
    stream.extend(record(0x0A, &[]));
    stream.extend(record(0x809, &[0, 5, 0x10, 0, 0, 0, 0, 0]));
    for (row, text) in [(0, "项目"), (1, "网络工程")] {
        let text = gbk(text);
        let content = [&place(row, 0, 0)[..], &[text.len() as u8, 0], &text].concat();
        stream.extend(record(0x204, &content));
        stream.extend(number(row, 1, 0, f64::from(row) + 0.5));
    }
    stream.extend(record(0x0A, &[]));
    let document = read("a.xls", compound("Book", &stream));
    assert_eq!(outline(&document), ["h1 A1 收入", "t2x2/1 A1 项目|0.5/网络工程|1.5"]);
}

/// A record of `.xlsb`.
fn part(kind: u16, content: &[u8]) -> Vec<u8> {
    let mut out =
        if kind < 128 { vec![kind as u8] } else { vec![kind as u8 | 0x80, (kind >> 7) as u8] };
    out.push(content.len() as u8);
    assert!(content.len() < 128);
    out.extend(content);
    out
}

fn text(text: &str) -> Vec<u8> {
    [(text.encode_utf16().count() as u32).to_le_bytes().to_vec(), wide(text)].concat()
}

fn xlsb() -> Vec<u8> {
    let ints = |all: &[u32]| all.iter().copied().flat_map(u32::to_le_bytes).collect::<Vec<_>>();
    let cell = |kind: u16, column: u32, style: u32, content: &[u8]| {
        part(kind, &[&ints(&[column, style])[..], content].concat())
    };
    let row = |number: u32| part(0, &ints(&[number, 0, 0]));
    let packed = |value: u32, flags: u32| (value << 2 | flags).to_le_bytes();
    let sheet = [
        row(0),
        cell(7, 0, 0, &0_u32.to_le_bytes()),
        cell(6, 1, 0, &text("金额")),
        row(1),
        cell(62, 0, 0, &[&[0][..], &text("甲乙ab")].concat()),
        cell(5, 1, 1, &1234.5_f64.to_le_bytes()),
        row(2),
        cell(6, 0, 0, &text("丙")),
        cell(2, 1, 1, &packed(44_927, 2)),
        row(3),
        cell(2, 0, 0, &packed(7, 2)),
        cell(2, 1, 1, &packed(123_456, 3)),
        row(4),
        cell(8, 0, 0, &text("算得")),
        cell(9, 1, 1, &0.5_f64.to_le_bytes()),
        row(5),
        cell(3, 0, 0, &[0x07]),
        cell(4, 1, 0, &[1]),
        part(176, &ints(&[7, 8, 0, 1])),
    ];
    let style =
        |format: u16| part(47, &[&[0xFF, 0xFF][..], &format.to_le_bytes(), &[0; 12]].concat());
    let styles = [
        part(44, &[&164_u16.to_le_bytes()[..], &text("#,##0.00")].concat()),
        part(617, &[]),
        style(0),
        style(164),
        part(618, &[]),
    ];
    let note = [
        part(635, &[&ints(&[0, 1, 1, 1, 1])[..], &[0; 16]].concat()),
        part(637, &[&[0][..], &text("含税")].concat()),
    ];
    let sheets = part(156, &[ints(&[1, 1]), text("r1"), text("收入")].concat());
    let links = |links: &[(&str, &str, &str)]| {
        let link = |(id, kind, target): &(&str, &str, &str)| {
            format!("<Relationship Id=\"{id}\" Type=\"http://x/{kind}\" Target=\"{target}\"/>")
        };
        let links: String = links.iter().map(link).collect();
        format!("<Relationships>{links}</Relationships>").into_bytes()
    };
    stored(&zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", &links(&[("r", "officeDocument", "xl/workbook.bin")])),
        ("xl/workbook.bin", &sheets),
        (
            "xl/_rels/workbook.bin.rels",
            &links(&[
                ("r1", "worksheet", "worksheets/sheet1.bin"),
                ("r2", "styles", "styles.bin"),
                ("r3", "sharedStrings", "sharedStrings.bin"),
            ]),
        ),
        ("xl/styles.bin", &styles.concat()),
        ("xl/sharedStrings.bin", &part(19, &[&[0][..], &text("项目")].concat())),
        ("xl/worksheets/sheet1.bin", &sheet.concat()),
        ("xl/worksheets/_rels/sheet1.bin.rels", &links(&[("r", "comments", "../comments1.bin")])),
        ("xl/comments1.bin", &note.concat()),
    ]))
}

#[test]
fn values_of_a_workbook_in_binary_parts() {
    let document = read("a.xlsb", xlsb());
    let table = format!("t6x2/1 A1 {SHOWN}");
    assert_eq!(outline(&document), ["h1 A1 收入", &table, "n B2 含税"]);
    assert_eq!(document.warnings.len(), 1);
    assert!(document.warnings[0].message.contains("hidden"), "{:?}", document.warnings);
    mutate("a.xlsb", &xlsb(), 600);
}
