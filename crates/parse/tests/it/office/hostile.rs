//! Damaged and hostile files give an error or a document, never a panic, and in time.

use yuanwen_parse::parse;

use super::files::{docx, namespaces, pptx, run, shape};
use super::{package, read, relationships, warnings};

/// A small fixed generator (xorshift), so that a failing case can be run again.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }
}

/// The text of a part with pieces cut, doubled, moved and numbers changed.
fn mutate(text: &str, random: &mut Random) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let end = (at + random.below(120)).min(bytes.len());
        match random.below(5) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let piece = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            2 => bytes.truncate(at),
            3 => {
                let digits = bytes.iter_mut().filter(|byte| byte.is_ascii_digit());
                for digit in digits.skip(random.below(20)).take(3) {
                    *digit = b'0' + random.below(10) as u8;
                }
            }
            _ => bytes[at] ^= 1 << random.below(8),
        }
        if bytes.is_empty() {
            bytes.push(b'<');
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

const BODY: &str = "<w:p><w:pPr><w:pStyle w:val='H1'/><w:numPr><w:ilvl w:val='1'/><w:numId w:val='1'/></w:numPr></w:pPr>\
    <w:r><w:fldChar w:fldCharType='begin'/><w:instrText>EQ \\o\\ac(○,1)</w:instrText></w:r>\
    <w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>一</w:t><w:br/><w:sym w:font='Symbol' w:char='F061'/></w:r>\
    <w:r><w:fldChar w:fldCharType='end'/></w:r><w:r><w:footnoteReference w:id='1'/></w:r></w:p>\
    <w:tbl><w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val='2'/>\
    <w:vMerge w:val='restart'/></w:tcPr><w:p/></w:tc><w:tc><w:tcPr><w:hMerge/></w:tcPr><w:p/></w:tc></w:tr>\
    <w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>";

#[test]
fn parts_that_are_cut_doubled_and_changed() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let notes = "<w:footnotesNAMES><w:footnote w:id='1'><w:p><w:r><w:t>注</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let table = "<p:graphicFrame><p:nvGraphicFramePr/><a:graphic><a:graphicData><a:tbl><a:tr h='1'>\
        <a:tc rowSpan='2' gridSpan='2'><a:txBody><a:p><a:r><a:t>甲</a:t></a:r></a:p></a:txBody></a:tc>\
        <a:tc hMerge='1'/></a:tr><a:tr h='2'><a:tc vMerge='1'/><a:tc/></a:tr></a:tbl></a:graphicData></a:graphic>\
        </p:graphicFrame>";
    let shapes = shape("<p:ph type='body' idx='1'/>", Some([1, 2, 3, 4]), &run("甲")) + table;
    for _ in 0..400 {
        let _ = parse(
            "a.docx",
            docx(
                &mutate(BODY, &mut random),
                &[("footnotes", "f.xml", &mutate(notes, &mut random))],
            ),
        );
        let _ = parse("a.pptx", pptx(&[&mutate(&shapes, &mut random)], &[]));
    }
}

#[test]
fn files_whose_bytes_are_flipped() {
    let mut random = Random(0xD1B5_4A32_D192_ED03);
    let files = [docx(BODY, &[]), pptx(&[&shape("", None, &run("甲"))], &[])];
    for (file, name) in files.iter().zip(["a.docx", "a.pptx"]) {
        for _ in 0..200 {
            let mut bytes = file.clone();
            for _ in 0..=random.below(12) {
                let at = random.below(bytes.len());
                bytes[at] ^= 1 << random.below(8);
            }
            let _ = parse(name, bytes);
        }
    }
}

#[test]
fn deep_wide_and_circular_structures_end() {
    let nested = |open: &str, close: &str, count: usize| {
        docx(&format!("{}<w:p/>{}", open.repeat(count), close.repeat(count)), &[])
    };
    let styles = "<w:stylesNAMES><w:style w:styleId='A'><w:basedOn w:val='B'/></w:style>\
        <w:style w:styleId='B'><w:basedOn w:val='A'/></w:style></w:styles>";
    let bomb = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    let cases: [(&str, Vec<u8>); 6] = [
        ("tables in tables", nested("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 5000)),
        ("controls in controls", nested("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", 5000)),
        (
            "styles based on each other",
            docx(
                "<w:p><w:pPr><w:pStyle w:val='A'/></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>",
                &[("styles", "t.xml", styles)],
            ),
        ),
        (
            "fields that never end",
            docx(&"<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r></w:p>".repeat(3000), &[]),
        ),
        (
            "entities",
            package(&[
                (
                    "word/document.xml".to_owned(),
                    format!(
                        "{bomb}<w:document{}><w:body><w:p><w:r><w:t>甲&b;乙</w:t></w:r></w:p></w:body></w:document>",
                        namespaces()
                    ),
                ),
                relationships("", &[("r", "officeDocument", "word/document.xml")]),
            ]),
        ),
        (
            "a slide that is there many times",
            pptx(&[shape("", None, &run("甲")).as_str(); 300], &[]),
        ),
    ];
    for (what, bytes) in cases {
        if let Ok(document) = parse("a.docx", bytes) {
            assert!(document.blocks.len() < 1000, "{what}");
        }
    }
}

const PARAGRAPH: &str = "<w:p><w:r><w:t>甲</w:t></w:r></w:p>";

#[test]
fn tables_nested_too_deep_cost_what_is_inside() {
    let row = |inner: &str| {
        format!("<w:tbl><w:tr><w:tc>{inner}</w:tc><w:tc>{PARAGRAPH}</w:tc></w:tr></w:tbl>")
    };
    let nested = |count: usize| (0..count).fold(PARAGRAPH.to_owned(), |inner, _| row(&inner));
    let read = |count| read("a.docx", docx(&format!("{}{PARAGRAPH}", nested(count)), &[]));
    let document = read(30);
    assert_eq!((document.blocks.len(), document.blocks[0].text.matches('甲').count()), (2, 31));
    assert!(document.warnings.is_empty());
    let document = read(100);
    assert_eq!((document.blocks.len(), document.blocks[1].text.as_str()), (2, "甲"));
    assert!(warnings(&document)[0].contains("nests too deep"), "{:?}", document.warnings);
}

#[test]
fn numbering_styles_and_notes_that_lead_to_themselves() {
    let definitions: String = (10..20)
        .map(|id| {
            let next = 10 + (id + 1) % 10;
            format!(
                "<w:abstractNum w:abstractNumId='{id}'><w:styleLink w:val='S{id}'/>\
                 <w:numStyleLink w:val='S{next}'/></w:abstractNum>\
                 <w:num w:numId='{id}'><w:abstractNumId w:val='{id}'/></w:num>"
            )
        })
        .collect();
    let numbering = format!("<w:numberingNAMES>{definitions}</w:numbering>");
    let styles: String = (10..20)
        .map(|id| {
            let next = 10 + (id + 1) % 10;
            format!(
                "<w:style w:styleId='S{id}'><w:basedOn w:val='S{next}'/><w:pPr><w:numPr>\
                 <w:numId w:val='{next}'/></w:numPr></w:pPr></w:style>"
            )
        })
        .collect();
    let styles = format!("<w:stylesNAMES>{styles}</w:styles>");
    let notes = "<w:footnotesNAMES><w:footnote w:id='1'><w:p><w:r><w:t>注</w:t><w:footnoteReference w:id='1'/>\
                 </w:r></w:p></w:footnote></w:footnotes>";
    let body: String = (10..20)
        .map(|id| {
            format!(
                "<w:p><w:pPr><w:pStyle w:val='S{id}'/><w:numPr><w:numId w:val='{id}'/></w:numPr></w:pPr>\
                 <w:r><w:t>甲</w:t><w:footnoteReference w:id='1'/></w:r></w:p>"
            )
        })
        .collect();
    let more = [
        ("numbering", "n.xml", numbering.as_str()),
        ("styles", "t.xml", &styles),
        ("footnotes", "f.xml", notes),
    ];
    let document = read("a.docx", docx(&body, &more));
    let texts = |letter| document.blocks.iter().filter(|b| b.text.contains(letter)).count();
    assert_eq!((texts('甲'), texts('注')), (10, 1));
}

#[test]
fn layouts_that_lead_to_themselves_and_slides_full_of_shapes() {
    let layout = format!(
        "<p:sldLayout{}><p:cSld><p:spTree>{}</p:spTree></p:cSld></p:sldLayout>",
        namespaces(),
        shape("", None, &run("乙"))
    );
    let slide = format!(
        "<p:sld{}><p:cSld><p:spTree>{}</p:spTree></p:cSld></p:sld>",
        namespaces(),
        shape("", None, &run("甲")).repeat(6000)
    );
    let presentation = format!(
        "<p:presentation{}><p:sldIdLst><p:sldId r:id='s'/></p:sldIdLst></p:presentation>",
        namespaces()
    );
    let itself = [("m", "slideMaster", "l.xml"), ("l", "slideLayout", "l.xml")];
    let document = read(
        "a.pptx",
        package(&[
            ("ppt/presentation.xml".to_owned(), presentation),
            ("ppt/slides/s.xml".to_owned(), slide),
            ("ppt/slideLayouts/l.xml".to_owned(), layout),
            relationships("", &[("r", "officeDocument", "ppt/presentation.xml")]),
            relationships("ppt/presentation.xml", &[("s", "slide", "slides/s.xml")]),
            relationships("ppt/slides/s.xml", &[("l", "slideLayout", "../slideLayouts/l.xml")]),
            relationships("ppt/slideLayouts/l.xml", &itself),
        ]),
    );
    let texts = |text| document.blocks.iter().filter(|block| block.text == text).count();
    assert_eq!((texts("甲"), texts("乙")), (5000, 1));
    assert!(warnings(&document)[0].contains("very many shapes"), "{:?}", document.warnings);
}

#[test]
fn a_part_that_is_missing_is_named() {
    let error =
        parse("a.docx", package(&[("word/other.xml".to_owned(), "<a/>".to_owned())])).unwrap_err();
    assert!(error.to_string().contains("word/document.xml"), "{error}");
}
