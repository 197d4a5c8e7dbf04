//! Word documents: what becomes of each thing that can stand in one.

use super::files::{docx, namespaces};
use super::{outline, package, read, relationships, warnings};

/// A paragraph of a style with a run of text.
fn p(style: &str, text: &str) -> String {
    let style =
        if style.is_empty() { String::new() } else { format!("<w:pStyle w:val='{style}'/>") };
    format!("<w:p><w:pPr>{style}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>")
}

/// A paragraph of a list.
fn item(list: u32, level: u32, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{list}'/></w:numPr></w:pPr>\
         <w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

fn cell(properties: &str, inner: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>")
}

fn row(cells: &[String]) -> String {
    format!("<w:tr>{}</w:tr>", cells.concat())
}

const END: &str = "<w:p><w:r><w:t>结尾的话，到此为止。</w:t></w:r></w:p>";

/// The blocks of a body, the closing paragraph that each gets left out.
fn blocks(body: &str) -> Vec<String> {
    let mut lines = outline(&read("a.docx", docx(&format!("{body}{END}"), &[])));
    let end = lines.iter().rposition(|line| line.contains("结尾的话")).expect("the last paragraph");
    lines.remove(end);
    lines
}

#[test]
fn paragraphs_headings_and_lists() {
    let cases: [(&str, String, &[&str]); 12] = [
        (
            "below a title the headings count from 2",
            p("T", "远山通信年报") + &p("H1", "总则") + &p("H2", "范围"),
            &["H1 远山通信年报", "H2 总则", "H3 范围"],
        ),
        ("without one from 1", p("H1", "总则") + &p("H2", "范围"), &["H1 总则", "H2 范围"]),
        (
            "an outline level of the paragraph",
            "<w:p><w:pPr><w:outlineLvl w:val='2'/></w:pPr><w:r><w:t>小节</w:t></w:r></w:p>".to_owned(),
            &["H3 小节"],
        ),
        (
            "a heading with its number",
            p("NH", "总则") + &p("", "正文。") + &p("NH", "附则"),
            &["H1 一、总则", "P 正文。", "H1 二、附则"],
        ),
        (
            "lists",
            item(2, 0, "甲") + &item(2, 1, "乙") + &item(3, 0, "丙") + &item(3, 1, "丁") + &item(3, 0, "戊"),
            &["L • 甲", "L • 乙", "L 1. 丙", "L a) 丁", "L 2. 戊"],
        ),
        ("a list by its style, and one switched off", p("LB", "甲。") + &item(0, 0, "乙。"), &["L • 甲。", "P 乙。"]),
        ("an item without text counts", item(3, 0, "") + &item(3, 0, "甲"), &["L 2. 甲"]),
        ("a marker that was typed", p("", "（一）网络建设情况。"), &["L （一）网络建设情况。"]),
        ("captions", p("C", "收入构成") + &p("", "图 2 网络结构"), &["C 收入构成", "C 图 2 网络结构"]),
        (
            "a field that counts tables",
            "<w:p><w:r><w:t>附件 </w:t></w:r><w:fldSimple w:instr=' SEQ 表 '><w:r><w:t>1</w:t></w:r>\
             </w:fldSimple><w:r><w:t> 收入</w:t></w:r></w:p>"
                .to_owned(),
            &["C 附件 1 收入"],
        ),
        (
            "breaks part paragraphs and join headings",
            "<w:p><w:r><w:t>甲。</w:t><w:br/><w:t>乙。</w:t></w:r></w:p>\
             <w:p><w:pPr><w:pStyle w:val='H1'/></w:pPr><w:r><w:t>年度</w:t><w:br/><w:t>报告</w:t></w:r></w:p>"
                .to_owned(),
            &["P 甲。", "P 乙。", "H1 年度报告"],
        ),
        (
            "contents by their style, their field and their frame",
            p("TOC1", "总则 1")
                + "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>TOC \\o</w:instrText></w:r>\
                   <w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>第一章 1</w:t></w:r></w:p>\
                   <w:p><w:r><w:t>第二章 2</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>\
                   <w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>\
                   </w:sdtPr><w:sdtContent><w:p><w:r><w:t>目录</w:t></w:r></w:p></w:sdtContent></w:sdt>",
            &["P[Contents] 总则 1", "P[Contents] 第一章 1", "P[Contents] 第二章 2", "P[Contents] 目录"],
        ),
    ];
    for (what, body, expected) in cases {
        assert_eq!(blocks(&body), expected, "{what}");
    }
}

#[test]
fn what_stands_in_a_paragraph() {
    let field = |instruction: &str, result: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>\
             <w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>{result}</w:t></w:r>\
             <w:r><w:fldChar w:fldCharType='end'/></w:r>"
        )
    };
    let cases: [(&str, String, &str); 20] = [
        ("runs", "<w:r><w:t>公司</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>增长</w:t></w:r>".into(), "公司增长"),
        ("a link", "<w:hyperlink r:id='x'><w:r><w:t>网站</w:t></w:r></w:hyperlink>".into(), "网站"),
        ("a tab", "<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>".into(), "甲 乙"),
        ("hyphens", "<w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:softHyphen/><w:t>c</w:t></w:r>".into(), "a-bc"),
        ("hidden", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r><w:r><w:t>明</w:t></w:r>".into(), "明"),
        (
            "not hidden after all",
            "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>明</w:t></w:r>".into(),
            "明",
        ),
        ("inserted", "<w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:r><w:t>文</w:t></w:r>".into(), "新文"),
        ("deleted", "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:r><w:t>文</w:t></w:r>".into(), "文"),
        (
            "moved",
            "<w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新</w:t></w:r></w:moveTo>".into(),
            "新",
        ),
        ("a field", field("REF 甲 \\h", "图一"), "图一"),
        ("a field in a field", field("HYPERLINK", "见") + &field("PAGEREF", "3"), "见3"),
        ("a field without an end", "<w:r><w:fldChar w:fldCharType='begin'/><w:instrText>IF</w:instrText></w:r>\
          <w:r><w:t>此处不显示</w:t></w:r>".into(), ""),
        ("a symbol", "<w:r><w:sym w:font='Wingdings' w:char='F0FE'/><w:t>同意</w:t></w:r>".into(), "☑同意"),
        (
            "letters of a symbol font",
            "<w:r><w:rPr><w:rFonts w:ascii='Wingdings'/></w:rPr><w:t>þ</w:t></w:r><w:r><w:t>同意</w:t></w:r>".into(),
            "☑同意",
        ),
        (
            "a form",
            "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:default w:val='1'/></w:checkBox>\
             </w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r>\
             <w:r><w:fldChar w:fldCharType='end'/></w:r><w:r><w:t>是</w:t></w:r>".into(),
            "☑是",
        ),
        (
            "a reading above a character",
            "<w:r><w:ruby><w:rt><w:r><w:t>yuan</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>远</w:t></w:r></w:rubyBase>\
             </w:ruby></w:r><w:r><w:t>山</w:t></w:r>".into(),
            "远山",
        ),
        (
            "a formula",
            "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>".into(),
            "a/b",
        ),
        (
            "content controls",
            "<w:sdt><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>否</w:t></w:r>".into(),
            "☒否",
        ),
        (
            "one of two alternatives",
            "<mc:AlternateContent><mc:Choice Requires='w14'><w:r><w:t>新</w:t></w:r></mc:Choice>\
             <mc:Fallback><w:r><w:t>旧</w:t></w:r></mc:Fallback></mc:AlternateContent>".into(),
            "新",
        ),
        ("entities", "<w:r><w:t>a &amp; b&unknown; &#20013;</w:t></w:r>".into(), "a & b 中"),
    ];
    for (what, inner, expected) in cases {
        // A sentence before it keeps the paragraph from being taken for a title.
        let body = format!("<w:p>{inner}</w:p>");
        let expected: Vec<String> =
            (!expected.is_empty()).then(|| format!("P {expected}")).into_iter().collect();
        let text = p("", "开头的话，由此开始。");
        let lines = blocks(&format!("{text}{body}"));
        assert_eq!(lines[1..], expected, "{what}");
    }
    let hidden = p("", "开头的话，由此开始。") + &p("HID", "暗");
    assert_eq!(blocks(&hidden).len(), 1, "hidden by the style");
    let joined = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半，</w:t></w:r></w:p>"
        .to_owned()
        + &p("", "后半。");
    assert_eq!(blocks(&joined), ["P 前半，后半。"]);
}

#[test]
fn tables() {
    let plain = |text: &str| cell("", &p("", text));
    let cases: [(&str, String, &[&str]); 5] = [
        (
            "spans",
            row(&[cell("<w:gridSpan w:val='2'/>", &p("", "合计")), plain("甲")])
                + &row(&[
                    cell("<w:vMerge w:val='restart'/>", &p("", "左")),
                    plain("1"),
                    plain("2"),
                ])
                + &row(&[cell("<w:vMerge/>", &p("", "")), plain("3"), plain("4")]),
            &["T 合计⇥甲⏎左⇥1⇥2⏎3⇥4"],
        ),
        (
            "paragraphs of a cell join, and a table in it",
            row(&[cell("", &(p("", "一，") + &p("", "二。"))), plain("甲")])
                + &row(&[
                    cell(
                        "",
                        &(format!("<w:tbl>{}</w:tbl>", row(&[plain("内一"), plain("内二")]))
                            + &p("", "")),
                    ),
                    plain("乙"),
                ]),
            &["T 一，二。⇥甲⏎内一 内二⇥乙"],
        ),
        (
            "a deleted row",
            row(&[plain("项"), plain("值")])
                + &format!("<w:tr><w:trPr><w:del/></w:trPr>{}{}</w:tr>", plain("旧"), plain("0"))
                + &row(&[plain("甲"), plain("1")]),
            &["T 项⇥值⏎甲⇥1"],
        ),
        (
            "a frame of one cell is no table",
            row(&[cell("", &(p("H1", "提要") + &p("", "框中的话。")))]),
            &["H1 提要", "P 框中的话。"],
        ),
        ("a list in a cell", row(&[cell("", &item(3, 0, "甲")), plain("乙")]), &["T 1. 甲⇥乙"]),
    ];
    for (what, rows, expected) in cases {
        assert_eq!(blocks(&format!("<w:tbl>{rows}</w:tbl>")), expected, "{what}");
    }
    let header = format!(
        "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>{}{}</w:tr>{}</w:tbl>",
        plain("2022"),
        plain("2023"),
        row(&[plain("1"), plain("2")])
    );
    let document = read("a.docx", docx(&(p("C", "表 1 收入") + &header), &[]));
    let table = document.blocks[1].table().unwrap();
    assert_eq!((table.header_rows, table.caption.as_deref()), (1, Some("表 1 收入")));
    let spans = format!(
        "<w:tbl>{}{}</w:tbl>",
        row(&[cell("<w:vMerge w:val='restart'/>", &p("", "左")), plain("1")]),
        row(&[
            cell("<w:vMerge/>", &p("", "")),
            cell("<w:gridSpan w:val='99999999'/>", &p("", "2"))
        ])
    );
    let document = read("a.docx", docx(&spans, &[]));
    let table = document.blocks[0].table().unwrap();
    assert_eq!((table.cells[0].row_span, table.cells.len()), (2, 2));
    assert_eq!(warnings(&document), ["only the first 1000 columns of a table were read"]);
}

#[test]
fn notes_stand_behind_the_block_that_refers_to_them() {
    let reference = |kind: &str, id: u32| format!("<w:r><w:{kind}Reference w:id='{id}'/></w:r>");
    let body = format!(
        "<w:p><w:r><w:t>收入增长</w:t></w:r>{}<w:r><w:t>，利润</w:t></w:r>{}<w:r><w:t>。</w:t></w:r></w:p>{}",
        reference("footnote", 2),
        reference("endnote", 1),
        p("", "下一段。")
    );
    let note = |kind: &str, id: u32, text: &str| {
        format!(
            "<w:{kind} w:id='{id}'><w:p><w:r><w:{kind}Ref/></w:r><w:r><w:t> {text}</w:t></w:r></w:p></w:{kind}>"
        )
    };
    let footnotes = format!(
        "<w:footnotesNAMES><w:footnote w:type='separator' w:id='0'><w:p/></w:footnote>{}</w:footnotes>",
        note("footnote", 2, "同比口径。")
    );
    let endnotes = format!("<w:endnotesNAMES>{}</w:endnotes>", note("endnote", 1, "经审计。"));
    let more =
        [("footnotes", "f.xml", footnotes.as_str()), ("endnotes", "e.xml", endnotes.as_str())];
    let document = read("a.docx", docx(&body, &more));
    assert_eq!(
        outline(&document),
        ["P 收入增长1，利润i。", "N 1 同比口径。", "N i 经审计。", "P 下一段。"]
    );
}

#[test]
fn what_is_drawn_stands_behind_its_paragraph() {
    let text_box = |text: &str| {
        format!(
            "<wps:wsp><wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx></wps:wsp>",
            p("", text)
        )
    };
    let drawn = |inner: &str| {
        format!(
            "<w:p><w:r><w:drawing>{inner}</w:drawing></w:r><w:r><w:t>正文如此，图在其旁。</w:t></w:r></w:p>"
        )
    };
    let cases: [(&str, String, &[&str]); 5] = [
        (
            "a text box, and not what stands in for it",
            format!(
                "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{}</w:drawing></mc:Choice>\
                 <mc:Fallback><w:pict><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></w:pict>\
                 </mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>正文。</w:t></w:r></w:p>",
                text_box("框中的话，一句。"),
                p("", "框中的话，一句。")
            ),
            &["P 正文。", "P 框中的话，一句。"],
        ),
        (
            "labels of a group of shapes",
            drawn(&format!("<wpg:wgp>{}{}{}</wpg:wgp>", text_box("核心网"), text_box("接入网"), text_box("终端"))),
            &["P 正文如此，图在其旁。", "P[Figure] 核心网", "P[Figure] 接入网", "P[Figure] 终端"],
        ),
        ("a picture beside text", drawn("<wp:docPr descr='山'/><a:blip r:embed='i'/>"), &["P 正文如此，图在其旁。"]),
        (
            "a picture alone that is described",
            "<w:p><w:r><w:drawing><wp:docPr descr='雪岭的基站'/><a:blip r:embed='i'/></w:drawing></w:r></w:p>".into(),
            &["C 雪岭的基站"],
        ),
        (
            "a description that a program wrote",
            "<w:p><w:r><w:drawing><wp:docPr descr='图片包含 山 描述已自动生成'/></w:drawing></w:r></w:p>".into(),
            &[],
        ),
    ];
    for (what, body, expected) in cases {
        assert_eq!(blocks(&body), expected, "{what}");
    }
}

#[test]
fn parts_beside_the_body() {
    let reference = "<w:sectPr><w:headerReference r:id='x0'/><w:headerReference r:id='x0'/>\
         <w:footerReference r:id='x1'/></w:sectPr>";
    let header = format!("<w:hdrNAMES>{}</w:hdr>", p("", "远山通信 内部资料"));
    let footer = "<w:ftrNAMES><w:p><w:r><w:t>第 </w:t></w:r><w:fldSimple w:instr='PAGE'><w:r><w:t>1</w:t></w:r>\
         </w:fldSimple><w:r><w:t> 页</w:t></w:r></w:p></w:ftr>";
    let chart = "<c:chartSpaceNAMES><c:chart><c:plotArea><c:ser><c:tx><c:v>收入</c:v></c:tx><c:cat><c:strLit>\
         <c:pt idx='0'><c:v>雪岭</c:v></c:pt></c:strLit></c:cat><c:val><c:numLit><c:pt idx='0'><c:v>3</c:v></c:pt>\
         </c:numLit></c:val></c:ser></c:plotArea></c:chart></c:chartSpace>";
    let diagram = "<dgm:dataModelNAMES><dgm:ptLst><dgm:pt modelId='1'><dgm:t><a:p><a:r><a:t>勘察</a:t></a:r></a:p>\
         </dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>";
    let comments =
        format!("<w:commentsNAMES><w:comment>{}</w:comment></w:comments>", p("", "批注"));
    let page = "<!DOCTYPE html><html><body><p>导入的话。</p></body></html>";
    let more = [
        ("header", "h.xml", header.as_str()),
        ("footer", "g.xml", footer),
        ("chart", "c.xml", chart),
        ("diagramData", "d.xml", diagram),
        ("comments", "k.xml", comments.as_str()),
        ("package", "数据.xlsx", "PK"),
        ("oleObject", "o.bin", "x"),
        ("aFChunk", "z.bin", "\0"),
        ("hyperlink", "https://example.org/", ""),
        ("aFChunk", "gone.html", ""),
        ("aFChunk", "page.html", page),
    ];
    let body = p("", "正文在此，一句。")
        + "<w:p><w:r><w:drawing><c:chart r:id='x2'/></w:drawing></w:r></w:p>\
           <w:p><w:r><w:drawing><dgm:relIds r:dm='x3'/></w:drawing></w:r></w:p>\
           <w:altChunk r:id='x7'/><w:altChunk r:id='x9'/>"
        + reference;
    let document = read("a.docx", docx(&body, &more));
    assert_eq!(
        outline(&document),
        [
            "P 正文在此，一句。",
            "T 收入⏎雪岭⇥3",
            "P 勘察",
            "P[Header] 远山通信 内部资料",
            "P[PageNumber] 第 1 页",
        ]
    );
    assert_eq!(
        warnings(&document),
        [
            "the imported text z.bin was left out",
            "1 embedded objects were left out; only their pictures are in the document",
            "1 comments were left out",
            "the part word/gone.html is missing from the file",
        ]
    );
    assert_eq!(document.members.len(), 1);
    assert_eq!(document.members[0].name, "数据.xlsx");
}

#[test]
fn the_title_among_the_properties_gives_way_to_the_text() {
    let cases = [
        ("远山通信年报", p("", "远山通信年报") + &p("", "第一段的话。"), Some("远山通信年报")),
        ("旧文件的标题", p("H1", "远山通信年报") + &p("", "第一段的话。"), Some("远山通信年报")),
        ("Microsoft Word - 年报.doc", p("", "第一段的话。"), None),
        ("远山通信年报", p("", "第一段的话。") + &p("", "第二段的话。"), Some("远山通信年报")),
    ];
    for (title, body, expected) in cases {
        let document = format!("<w:document{}><w:body>{body}</w:body></w:document>", namespaces());
        let properties = format!(
            "<cp:coreProperties xmlns:cp='c' xmlns:dc='d'><dc:title>{title}</dc:title></cp:coreProperties>"
        );
        let parts = [
            ("word/document2.xml".to_owned(), document),
            ("docProps/core.xml".to_owned(), properties),
            relationships(
                "",
                &[
                    ("r1", "officeDocument", "/word/document2.xml"),
                    ("r2", "core-properties", "docProps/core.xml"),
                ],
            ),
        ];
        let document = read("a.docx", package(&parts));
        assert_eq!(document.meta.title.as_deref(), expected, "{title}");
    }
}

#[test]
fn strict_names_and_other_prefixes() {
    let xml = "<doc xmlns='http://purl.oclc.org/ooxml/wordprocessingml/main'><body><p><r><t>严格的文件，一句。</t></r></p>\
         </body></doc>";
    let parts = [
        ("word/document.xml".to_owned(), xml.to_owned()),
        relationships("", &[("r1", "officeDocument", "word/document.xml")]),
    ];
    assert_eq!(outline(&read("a.docx", package(&parts))), ["P 严格的文件，一句。"]);
    let picture = "<w:p><w:r><w:drawing><a:blip r:embed='i'/></w:drawing></w:r></w:p>";
    let document = read("a.docx", docx(picture, &[]));
    assert_eq!(warnings(&document), ["the document is pictures without text; it needs OCR"]);
}
