//! Workbooks, values and archives, built here part by part.

mod binary;
mod open_document;

use std::io::{Cursor, Write};

use yuanwen_parse::{Block, BlockKind, Document, Format, ParseError};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// What a small workbook is made of.
#[derive(Default)]
struct Xlsx<'a> {
    /// Name, attributes, and the XML of the worksheet's children.
    sheets: Vec<(&'a str, &'a str, String)>,
    strings: &'a str,
    /// Number formats 164, 165, …; the style with the same place has it, from style 1.
    formats: &'a [&'a str],
    /// Further parts of the first sheet: relationship type, part name, XML.
    extra: &'a [(&'a str, &'a str, &'a str)],
}

impl Xlsx<'_> {
    fn build(&self) -> Vec<u8> {
        let mut sheets = String::new();
        let mut links = String::new();
        let mut parts: Vec<(String, String)> = Vec::new();
        for (nth, (name, attributes, xml)) in self.sheets.iter().enumerate() {
            sheets +=
                &format!("<sheet name=\"{name}\" sheetId=\"{nth}\" r:id=\"r{nth}\" {attributes}/>");
            links += &format!(
                "<Relationship Id=\"r{nth}\" Type=\"http://x/worksheet\" Target=\"worksheets/sheet{nth}.xml\"/>"
            );
            let path = format!("xl/worksheets/sheet{nth}.xml");
            parts.push((path, format!("<worksheet>{xml}</worksheet>")));
        }
        links += "<Relationship Id=\"s\" Type=\"x/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>\
                  <Relationship Id=\"t\" Type=\"x/styles\" Target=\"styles.xml\"/>";
        let mut codes = String::new();
        let mut styles = String::from("<xf numFmtId=\"0\"/>");
        for (nth, code) in self.formats.iter().enumerate() {
            let id = 164 + nth;
            let code = code.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
            codes += &format!("<numFmt numFmtId=\"{id}\" formatCode=\"{code}\"/>");
            styles += &format!("<xf numFmtId=\"{id}\"/>");
        }
        let mut of_sheet = String::new();
        for (nth, (kind, part, xml)) in self.extra.iter().enumerate() {
            of_sheet +=
                &format!("<Relationship Id=\"e{nth}\" Type=\"x/{kind}\" Target=\"../{part}\"/>");
            parts.push((format!("xl/{part}"), (*xml).to_owned()));
        }
        let wrapped = |xml: &str| format!("<Relationships>{xml}</Relationships>");
        parts.extend([
            ("[Content_Types].xml".to_owned(), "<Types/>".to_owned()),
            ("xl/workbook.xml".to_owned(), format!("<workbook><sheets>{sheets}</sheets></workbook>")),
            ("xl/_rels/workbook.xml.rels".to_owned(), wrapped(&links)),
            ("xl/sharedStrings.xml".to_owned(), format!("<sst>{}</sst>", self.strings)),
            (
                "xl/styles.xml".to_owned(),
                format!(
                    "<styleSheet><numFmts>{codes}</numFmts><cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs>\
                     <cellXfs>{styles}</cellXfs></styleSheet>"
                ),
            ),
            ("xl/worksheets/_rels/sheet0.xml.rels".to_owned(), wrapped(&of_sheet)),
        ]);
        let parts: Vec<(&str, &[u8])> =
            parts.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())).collect();
        zip(&parts)
    }
}

/// Rows of cells; an empty text is no cell, and text that is a number is one.
fn rows(first: (u32, u32), rows: &[&[&str]]) -> String {
    let mut out = String::new();
    for (nth, row) in rows.iter().enumerate() {
        let number = first.0 + nth as u32 + 1;
        out += &format!("<row r=\"{number}\">");
        for (at, text) in row.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let column = char::from(b'A' + (first.1 as usize + at) as u8);
            out += &match text.parse::<f64>() {
                Ok(_) => format!("<c r=\"{column}{number}\"><v>{text}</v></c>"),
                Err(_) => {
                    format!("<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
                }
            };
        }
        out += "</row>";
    }
    out
}

fn sheet(name: &str, xml: String) -> Vec<u8> {
    Xlsx { sheets: vec![(name, "", xml)], ..Xlsx::default() }.build()
}

fn data(xml: &str) -> String {
    format!("<sheetData>{xml}</sheetData>")
}

fn read(name: &str, bytes: Vec<u8>) -> Document {
    yuanwen_parse::parse(name, bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A document in a few lines: kind, place and text of each block.
fn outline(document: &Document) -> Vec<String> {
    document.blocks.iter().map(line).collect()
}

fn line(block: &Block) -> String {
    let place = block.sheet.as_ref().map_or(String::new(), |place| place.range(0, 0, 1, 1));
    let kind = match &block.kind {
        BlockKind::Heading(level) => format!("h{level}"),
        BlockKind::Table(table) => {
            format!("t{}x{}/{}", table.rows, table.columns, table.header_rows)
        }
        BlockKind::Paragraph => "p".to_owned(),
        BlockKind::ListItem => "i".to_owned(),
        BlockKind::Caption => "c".to_owned(),
        BlockKind::Note => "n".to_owned(),
    };
    format!("{kind} {place} {}", block.text.replace('\n', "/").replace('\t', "|"))
}

#[test]
fn a_sheet_becomes_title_unit_line_table_and_note() {
    let cells = rows(
        (0, 0),
        &[
            &["远山通信收入表"],
            &["编制单位：远山通信", "", "单位：万元"],
            &["项目", "2022", "2023"],
            &["收入", "1200", "1300.5"],
            &["成本", "0.30000000000000004", "#"],
            &["注：成本未经审计。"],
        ],
    );
    let merged = "<mergeCells><mergeCell ref=\"A1:C1\"/><mergeCell ref=\"A6:C6\"/></mergeCells>";
    let document = read("a.xlsx", sheet("Sheet1", data(&cells) + merged));
    assert_eq!(document.format, Format::Workbook);
    assert_eq!(
        outline(&document),
        [
            "h1 A1 远山通信收入表",
            "p A2 编制单位：远山通信",
            "c C2 单位：万元",
            "t3x3/1 A3 项目|2022|2023/收入|1200|1300.5/成本|0.3|#",
            "n A6 注：成本未经审计。",
        ]
    );
    let table = document.blocks[3].table().unwrap();
    assert_eq!(table.unit.as_deref(), Some("单位：万元"));
    assert_eq!(table.caption.as_deref(), Some("远山通信收入表"));
    assert_eq!(document.meta.title.as_deref(), Some("远山通信收入表"));
}

#[test]
fn regions_lie_apart_and_know_their_cells() {
    let cells = rows(
        (1, 1),
        &[
            &["城市", "门店", "", "", "月份", "销量"],
            &["雪岭", "3", "", "", "一月", "30"],
            &["松涛岛", "5", "", "", "二月", "40"],
            &[""],
            &["合计", "8"],
            &[""],
            &[""],
            &["本表由各地门店每月上报，数据以月末最后一天为准。"],
            &["• 逾期不报的不计入。"],
        ],
    );
    let document = read("a.xlsx", sheet("门店", data(&cells)));
    assert_eq!(
        outline(&document),
        [
            "h1 A1 门店",
            "t5x2/1 B2 城市|门店/雪岭|3/松涛岛|5/合计|8",
            "t3x2/1 F2 月份|销量/一月|30/二月|40",
            "p B9 本表由各地门店每月上报，数据以月末最后一天为准。",
            "i B10 • 逾期不报的不计入。",
        ]
    );
    let place = document.blocks[2].sheet.as_ref().unwrap();
    assert_eq!((place.name.as_str(), place.range(1, 1, 1, 1)), ("门店", "G3".to_owned()));
}

#[test]
fn values_are_read_as_they_are_displayed() {
    let strings = "<si><t>甲</t></si><si><r><t>共享</t></r><r><rPr/><t>文字</t></r>\
                   <rPh><t>ピン</t></rPh></si><si><t>一_x000D_\n二</t></si>";
    let cells = "<row><c t=\"s\"><v>1</v></c><c s=\"1\"><v>1234567.891</v></c>\
                 <c s=\"2\"><v>0.256</v></c><c s=\"3\"><v>44927</v></c><c t=\"b\"><v>1</v></c>\
                 <c t=\"e\"><v>#N/A</v></c><c t=\"str\"><f>A1</f><v>甲乙</v></c></row>\
                 <row><c t=\"s\"><v>2</v></c><c t=\"s\"><v>99</v></c><c><f>B1</f></c><c s=\"4\"><v>-5</v></c>\
                 <c s=\"77\"><v>2</v></c><c t=\"inlineStr\"><is><t>A &amp; B</t></is></c>\
                 <c t=\"d\"><v>2023-01-01</v></c></row>";
    let bytes = Xlsx {
        sheets: vec![("数", "", data(cells))],
        strings,
        formats: &["#,##0.00", "0.0%", "yyyy\"年\"m\"月\"d\"日\"", "0.00;(0.00)"],
        ..Xlsx::default()
    };
    let document = read("a.xlsx", bytes.build());
    let text = &document.blocks[1].text;
    assert_eq!(
        text.split('\n').collect::<Vec<_>>(),
        [
            "共享文字\t1,234,567.89\t25.6%\t2023年1月1日\tTRUE\t#N/A\t甲乙",
            "一二\t(5.00)\t2\tA & B\t2023-01-01",
        ]
    );
    let warning = &document.warnings[0].message;
    assert!(warning.contains("1 formulas have no stored result"), "{warning}");
}

#[test]
fn merged_cells_are_spans_and_hide_what_is_under_them() {
    let cells = rows(
        (0, 0),
        &[
            &["地区", "2023年", "", "备注"],
            &["", "上半年", "下半年"],
            &["雪岭", "10", "20", "共用"],
            &["松涛岛", "30", "40", "盖住"],
        ],
    );
    let merged = "<mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:C1\"/>\
                  <mergeCell ref=\"D1:D2\"/><mergeCell ref=\"D3:D4\"/><mergeCell ref=\"C4:XFD1048576\"/>\
                  <mergeCell ref=\"B1:B9\"/><mergeCell ref=\"zz\"/></mergeCells>";
    let document = read("a.xlsx", sheet("Sheet1", data(&cells) + merged));
    let table = document.blocks[0].table().unwrap();
    assert_eq!((table.rows, table.columns, table.header_rows), (4, 4, 2));
    let spans: Vec<_> = table
        .cells
        .iter()
        .filter(|cell| cell.row_span * cell.column_span > 1)
        .map(|cell| (cell.row, cell.column, cell.row_span, cell.column_span))
        .collect();
    assert_eq!(spans, [(0, 0, 2, 1), (0, 1, 1, 2), (0, 3, 2, 1), (2, 3, 2, 1)]);
    assert!(
        document.warnings[0].message.contains("under a merged cell"),
        "{:?}",
        document.warnings
    );
}

#[test]
fn sheets_have_their_names_and_hidden_ones_are_told() {
    let table = || data(&rows((0, 0), &[&["项目", "金额"], &["网络", "5"]]));
    let bytes = Xlsx {
        sheets: vec![
            ("收入", "", table()),
            ("空", "", String::new()),
            ("底稿", "state=\"hidden\"", table()),
            ("Sheet4", "", table()),
        ],
        ..Xlsx::default()
    };
    let document = read("a.xlsx", bytes.build());
    let lines = outline(&document);
    let headings: Vec<_> = lines.iter().filter(|line| line.starts_with('h')).collect();
    assert_eq!(headings, ["h1 A1 收入", "h1 A1 底稿", "h1 A1 Sheet4"]);
    assert_eq!(document.warnings.len(), 1);
    assert!(document.warnings[0].message.contains("“底稿”"));
    assert_eq!(document.blocks[1].table().unwrap().caption.as_deref(), Some("收入"));
}

#[test]
fn tables_of_the_file_and_notes_on_cells() {
    let cells = rows((0, 0), &[&["1", "2"], &["3", "4"], &["5", "6"]]);
    let notes = "<comments><commentList><comment ref=\"B2\"><text><r><t>数据有</t></r><r><t>调整</t></r>\
                 </text></comment></commentList></comments>";
    let bytes = Xlsx {
        sheets: vec![("Sheet1", "", data(&cells))],
        extra: &[
            ("table", "tables/t.xml", "<table ref=\"A1:B3\" headerRowCount=\"1\"/>"),
            ("comments", "comments1.xml", notes),
        ],
        ..Xlsx::default()
    };
    let document = read("a.xlsx", bytes.build());
    assert_eq!(outline(&document), ["t3x2/1 A1 1|2/3|4/5|6", "n B2 数据有调整"]);
}

#[test]
fn text_boxes_and_files_on_a_sheet() {
    let drawing = "<xdr:wsDr><xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:row>4</xdr:row></xdr:from>\
                   <xdr:to><xdr:col>9</xdr:col><xdr:row>9</xdr:row></xdr:to><xdr:sp><xdr:txBody><a:p><a:r><a:t>数据</a:t>\
                   </a:r><a:r><a:t>来自财务部。</a:t></a:r></a:p><a:p/><a:p><a:r><a:t>• 含税</a:t></a:r></a:p></xdr:txBody>\
                   </xdr:sp></xdr:twoCellAnchor></xdr:wsDr>";
    let bytes = Xlsx {
        sheets: vec![("Sheet1", "", data(&rows((0, 0), &[&["项目", "金额"], &["网络", "5"]])))],
        extra: &[
            ("drawing", "drawings/d.xml", drawing),
            ("package", "embeddings/说明.txt", "正文。"),
            ("oleObject", "embeddings/o.bin", "x"),
        ],
        ..Xlsx::default()
    };
    let document = read("a.xlsx", bytes.build());
    assert_eq!(
        outline(&document),
        ["t2x2/1 A1 项目|金额/网络|5", "p B5 数据来自财务部。", "i B5 • 含税"]
    );
    assert_eq!(document.members[0].name, "说明.txt");
    assert!(document.warnings[0].message.contains("1 embedded objects"));
}

#[test]
fn long_tables_are_cut_into_blocks_with_the_header() {
    let mut cells = rows((0, 0), &[&["编号", "名称"]]);
    for row in 2..=1201 {
        cells +=
            &format!("<row r=\"{row}\"><c><v>{row}</v></c><c t=\"str\"><v>第{row}行</v></c></row>");
    }
    let merged = "<mergeCells><mergeCell ref=\"B501:B502\"/></mergeCells>";
    let document = read("a.xlsx", sheet("Sheet1", data(&cells) + merged));
    let sizes: Vec<u32> = document.blocks.iter().map(|b| b.table().unwrap().rows).collect();
    assert_eq!(sizes, [501, 501, 201]);
    for block in &document.blocks {
        let table = block.table().unwrap();
        assert!(block.text.starts_with("编号\t名称\n"));
        assert_eq!(table.header_rows, 1);
        let place = block.sheet.as_ref().unwrap();
        for cell in table.cells.iter().filter(|cell| cell.row > 0 && cell.column == 0) {
            let name = place.range(cell.row, 0, 1, 1);
            assert_eq!(format!("A{}", &block.text[cell.range()]), name);
        }
    }
    // The cell over both blocks stands in both.
    assert!(document.blocks[0].text.ends_with("501\t第501行"));
    assert!(document.blocks[1].text.contains("502\t第501行\n503\t第503行"));
}

#[test]
fn what_a_sheet_claims_costs_nothing() {
    let far = "<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>\
               <row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row><row r=\"4294967295\">\
               <c r=\"XFE1\"><v>3</v></c><c r=\"A99999999999\"><v>4</v></c></row></sheetData>\
               <mergeCells><mergeCell ref=\"A1:XFD1048576\"/></mergeCells>";
    let document = read("a.xlsx", sheet("Sheet1", far.to_owned()));
    assert_eq!(document.blocks.len(), 1);
    assert!(document.warnings.iter().any(|w| w.message.contains("outside the largest")));
    // Single cells all over the sheet.
    let mut cells = String::new();
    for row in 1..20_000 {
        cells += &format!("<row r=\"{}\"><c><v>{row}</v></c></row>", row * 2);
    }
    let document = read("a.xlsx", sheet("Sheet1", data(&cells)));
    assert_eq!(document.blocks.len(), 19_999);
    // One string shown again and again.
    let strings = format!("<si><t>{}</t></si>", "长".repeat(1 << 20));
    let cells = "<row><c t=\"s\"><v>0</v></c></row>".repeat(1000);
    let bytes =
        Xlsx { sheets: vec![("Sheet1", "", data(&cells))], strings: &strings, ..Xlsx::default() };
    let document = read("a.xlsx", bytes.build());
    assert!(document.blocks.iter().map(|block| block.text.len()).sum::<usize>() <= 64 << 20);
    assert!(document.warnings.iter().any(|w| w.message.contains("64 MB of text")));
}

#[test]
fn too_many_merged_areas_and_sheets_are_told() {
    let mut merged = String::from("<mergeCells>");
    for row in 1..=100_002 {
        merged += &format!("<mergeCell ref=\"A{row}:B{}\"/>", row + 5);
    }
    let cells = rows((0, 0), &[&["项目", "金额"], &["网络", "5"]]);
    let xml = data(&cells) + &merged + "</mergeCells>";
    let document = read("a.xlsx", sheet("Sheet1", xml));
    let told = |document: &Document, what: &str| {
        assert!(document.warnings.iter().any(|w| w.message.contains(what)), "{document:?}");
    };
    told(&document, "2 merged areas were left out of account");
    let sheets = (0..10_001).map(|_| ("空", "", String::new())).collect();
    let document = read("a.xlsx", Xlsx { sheets, ..Xlsx::default() }.build());
    told(&document, "1 sheets were not read");
}

#[test]
fn values_of_a_csv_file() {
    let text = "远山通信门店,,\n单位：万元,,\n城市,收入,备注\n雪岭,\"1,200\",\"甲\n乙\"\n松涛岛,300,\n\n说明：数据未经审计。\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(text);
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let with_mark = format!("\u{FEFF}{text}").into_bytes();
    let tabs = format!(
        "sep=\t\r\n{}",
        text.replace(",\"1,200\",", "\t1,200\t")
            .replace("收入,", "收入\t")
            .replace("城市,", "城市\t")
            .replace(",\"甲", "\t\"甲")
            .replace("300,", "300\t")
            .replace("岛,", "岛\t")
            .replace(",,", "\t\t")
    );
    for (name, bytes, below) in [
        ("a.csv", text.as_bytes().to_vec(), 0),
        ("a.csv", gbk.into_owned(), 0),
        ("a.csv", with_mark, 0),
        ("a.csv", utf16, 0),
        ("a.tsv", tabs.into_bytes(), 1),
    ] {
        let document = read(name, bytes);
        assert_eq!(document.format, Format::Csv);
        let expected = [
            format!("h1 A{} 远山通信门店", 1 + below),
            format!("c A{} 单位：万元", 2 + below),
            format!("t3x3/1 A{} 城市|收入|备注/雪岭|1,200|甲乙/松涛岛|300", 3 + below),
            format!("p A{} 说明：数据未经审计。", 7 + below),
        ];
        assert_eq!(outline(&document), expected, "{name}");
    }
}

#[test]
fn members_of_an_archive() {
    let gbk = encoding_rs::GBK.encode("报告汇总/通知公告.txt").0.into_owned();
    let mut bytes = zip(&[
        ("甲/", b""),
        ("甲/一.txt", "正文。".as_bytes()),
        ("../../乙.txt", "乙。".as_bytes()),
        ("XXXXXXXXXXXXXXXXXXXXX", "名字".as_bytes()),
        ("说明", "没有扩展名。".as_bytes()),
        ("__MACOSX/甲/._一.txt", b"x"),
        ("甲/.DS_Store", b"x"),
        ("c.exe", b"MZ"),
        ("d", b"\x7fELF\0\0"),
        ("空.txt", b""),
        ("坏.txt", "这一段文字要足够长，压缩以后才会损坏。".repeat(20).as_bytes()),
    ]);
    // The name as a Chinese Windows writes it, in both places.
    while let Some(at) = bytes.windows(21).position(|window| window == [b'X'; 21]) {
        bytes[at..at + 21].copy_from_slice(&gbk[..21]);
    }
    let at = bytes.windows(7).position(|window| window == "坏.txt".as_bytes()).unwrap();
    bytes[at + 12] ^= 0x55;
    bytes[at + 20] ^= 0x55;
    let document = read("a.zip", bytes);
    assert_eq!((document.format, document.blocks.len()), (Format::Archive, 0));
    let names: Vec<&str> = document.members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["甲/一.txt", "乙.txt", "报告汇总/通知公告.txt", "说明"]);
    assert_eq!(document.members[1].bytes, "乙。".as_bytes());
    let warnings: Vec<&str> = document.warnings.iter().map(|w| w.message.as_str()).collect();
    assert!(warnings.iter().any(|w| w.contains("damaged") && w.contains("坏.txt")), "{warnings:?}");
    assert!(warnings.iter().any(|w| w.contains("c.exe, d")), "{warnings:?}");
    assert!(warnings.iter().any(|w| w.contains("空.txt")), "{warnings:?}");
}

#[test]
fn archives_with_nothing_to_read_say_why() {
    let error = |bytes: Vec<u8>| yuanwen_parse::parse("a.zip", bytes).unwrap_err();
    assert_eq!(error(zip(&[("a/", b"")])), ParseError::NoText);
    assert!(error(zip(&[("a.exe", b"MZ")])).to_string().contains("a.exe"));
    let mut locked = zip(&[("a.txt", b"x")]);
    for at in 0..locked.len() - 4 {
        match &locked[at..at + 4] {
            b"PK\x03\x04" => locked[at + 6] |= 1,
            b"PK\x01\x02" => locked[at + 8] |= 1,
            _ => {}
        }
    }
    assert_eq!(error(locked), ParseError::Protected("ZIP archive"));
}

/// Flips bytes here and there, always the same ones, and reads what comes out.
fn mutate(name: &str, bytes: &[u8], times: u32) {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for _ in 0..times {
        let mut bytes = bytes.to_vec();
        for _ in 0..=next(8) {
            let at = next(bytes.len());
            bytes[at] = next(256) as u8;
        }
        if next(4) == 0 {
            bytes.truncate(next(bytes.len()));
        }
        let _ = yuanwen_parse::parse(name, bytes);
    }
}

/// A ZIP file whose parts are not packed, so that a flipped byte reaches the reader.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let options =
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        let name = part.name().unwrap().into_owned();
        writer.start_file(name, options).unwrap();
        std::io::copy(&mut part, &mut writer).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn damage_never_panics() {
    let cells = rows((0, 0), &[&["项目", "金额"], &["网络", "5"], &["注：见下。"]]);
    let bytes = Xlsx {
        sheets: vec![(
            "甲",
            "",
            data(&cells) + "<mergeCells><mergeCell ref=\"A3:B3\"/></mergeCells>",
        )],
        formats: &["#,##0.00_);[Red](#,##0.00)", "yyyy-mm-dd"],
        strings: "<si><t>甲</t></si>",
        ..Xlsx::default()
    };
    mutate("a.xlsx", &stored(&bytes.build()), 400);
    mutate("a.csv", "甲,乙\n\"1,2\",3\n\n4;5|6\t7\n".as_bytes(), 400);
    mutate("a.zip", &zip(&[("甲.txt", b"abc"), ("b/c.txt", b"def")]), 400);
}
