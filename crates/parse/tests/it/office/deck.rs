//! Presentations: slides in order, shapes with their places, bullets, tables, notes.

use yuanwen_parse::{Document, PageBox};

use super::files::{pptx, run, shape, text_box, xfrm};
use super::{outline, read, warnings};

fn title(text: &str) -> String {
    shape("<p:ph type='title'/>", None, &run(text))
}

fn body(paragraphs: &str) -> String {
    shape("<p:ph idx='1'/>", None, paragraphs)
}

/// The blocks of one slide behind a first one, the furniture left out.
fn slide(shapes: &str) -> Vec<String> {
    let document = read("a.pptx", pptx(&[&text_box("封面", [100, 100, 300, 80]), shapes], &[]));
    let lines = outline(&document).into_iter().skip(1);
    lines.filter(|line| !line.contains("[Header]")).collect()
}

/// The one box of a block, in whole points.
fn place(document: &Document, at: usize) -> (u32, [i32; 4]) {
    let block = &document.blocks[at];
    let boxes = block.places.boxes(&block.text, 0..block.text.len());
    assert_eq!(boxes.len(), 1, "{}", block.text);
    let PageBox { page, x0, y0, x1, y1 } = boxes[0];
    (page, [x0, y0, x1, y1].map(|edge| edge.round() as i32))
}

#[test]
fn titles_bullets_and_their_places() {
    let first = shape("<p:ph type='ctrTitle'/>", Some([50, 100, 600, 100]), &run("远山通信介绍"))
        + &shape("<p:ph type='sldNum'/>", Some([600, 510, 80, 20]), &run("1"));
    let second = body(
        &(run("云服务") + "<a:p><a:pPr><a:buNone/></a:pPr><a:r><a:t>说明的话。</a:t></a:r></a:p>"),
    ) + &title("主要产品");
    let document = read("a.pptx", pptx(&[&first, &format!("HIDDEN{second}")], &[]));
    assert_eq!(
        outline(&document),
        [
            "H1 远山通信介绍",
            "P[PageNumber] 1",
            "P[Header] 母版上的公司名",
            "H2 主要产品",
            "L • 云服务",
            "P 说明的话。",
        ]
    );
    assert_eq!(document.pages.len(), 2);
    assert_eq!((document.pages[0].width, document.pages[0].height), (720.0, 540.0));
    assert_eq!(place(&document, 0), (1, [50, 100, 650, 200]));
    assert_eq!(place(&document, 3), (2, [36, 20, 684, 100]), "the layout's box");
    assert_eq!(place(&document, 4), (2, [36, 120, 684, 480]));
    assert_eq!(warnings(&document), ["the slide is hidden when the presentation is shown"]);
    assert_eq!(document.warnings[0].page, Some(2));
    assert_eq!(document.meta.title.as_deref(), Some("远山通信介绍"));
}

#[test]
fn numbers_levels_and_breaks() {
    let numbered = |scheme: &str, more: &str, text: &str| {
        format!(
            "<a:p><a:pPr><a:buAutoNum type='{scheme}'{more}/></a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>"
        )
    };
    let cases: [(&str, String, &[&str]); 5] = [
        (
            "numbers count on and begin anew",
            numbered("arabicPeriod", "", "甲")
                + &numbered("arabicPeriod", "", "乙")
                + &run("丙")
                + &numbered("arabicPeriod", "", "丁"),
            &["L 1. 甲", "L 2. 乙", "L • 丙", "L 1. 丁"],
        ),
        (
            "a start and another scheme",
            numbered("ea1ChsPeriod", " startAt='3'", "甲")
                + &numbered("circleNumDbPlain", "", "乙"),
            &["L 三、甲", "L ①乙"],
        ),
        ("a level", "<a:p><a:pPr lvl='1'/><a:r><a:t>深</a:t></a:r></a:p>".into(), &["L • 深"]),
        (
            "a level without a bullet",
            "<a:p><a:pPr lvl='5'/><a:r><a:t>深。</a:t></a:r></a:p>".into(),
            &["P 深。"],
        ),
        (
            "a break ends a paragraph",
            "<a:p><a:r><a:t>甲</a:t></a:r><a:br/><a:r><a:t>乙。</a:t></a:r></a:p>".into(),
            &["L • 甲", "P 乙。"],
        ),
    ];
    for (what, paragraphs, expected) in cases {
        assert_eq!(slide(&body(&paragraphs)), expected, "{what}");
    }
}

#[test]
fn titles_that_no_shape_is_marked_as() {
    let sized = |size: u32, text: &str, at: [i64; 4]| {
        shape("", Some(at), &format!("<a:p><a:r><a:rPr sz='{size}'/><a:t>{text}</a:t></a:r></a:p>"))
    };
    let cases: [(&str, String, &[&str]); 3] = [
        (
            "the one large line at the top",
            sized(1400, "正文的话。", [50, 150, 600, 200])
                + &sized(2800, "网络建设", [50, 20, 300, 50]),
            &["H2 网络建设", "P 正文的话。"],
        ),
        (
            "no line is larger",
            sized(1400, "甲", [50, 20, 300, 50]) + &sized(1400, "乙", [50, 150, 600, 200]),
            &["P 甲", "P 乙"],
        ),
        (
            "a large line far down",
            sized(1400, "甲", [50, 20, 300, 50]) + &sized(2800, "乙", [50, 400, 600, 100]),
            &["P 甲", "P 乙"],
        ),
    ];
    for (what, shapes, expected) in cases {
        assert_eq!(slide(&shapes), expected, "{what}");
    }
}

#[test]
fn groups_tables_and_columns() {
    let group = |inner: &str| {
        format!(
            "<p:grpSp><p:nvGrpSpPr/><p:grpSpPr><a:xfrm><a:off x='1270000' y='2540000'/>\
             <a:ext cx='1270000' cy='1270000'/><a:chOff x='0' y='0'/><a:chExt cx='2540000' cy='2540000'/>\
             </a:xfrm></p:grpSpPr>{inner}</p:grpSp>"
        )
    };
    let cell =
        |text: &str, more: &str| format!("<a:tc{more}><a:txBody>{}</a:txBody></a:tc>", run(text));
    let table = format!(
        "<p:graphicFrame><p:nvGraphicFramePr/><p:xfrm><a:off x='0' y='1270000'/><a:ext cx='2540000' cy='1270000'/>\
         </p:xfrm><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow='1'/><a:tblGrid><a:gridCol w='100'/>\
         <a:gridCol w='300'/></a:tblGrid><a:tr h='50'>{}{}</a:tr><a:tr h='50'>{}{}</a:tr></a:tbl>\
         </a:graphicData></a:graphic></p:graphicFrame>",
        cell("2023 年", " gridSpan='2' rowSpan='9'"),
        cell("", " hMerge='1'"),
        cell("雪岭", ""),
        cell("3", " gridSpan='7'"),
    );
    let shapes = text_box("右栏的话。", [400, 300, 300, 100])
        + &group(&text_box("组中的话。", [20, 40, 100, 100]))
        + &title("数据")
        + &table;
    let document = read("a.pptx", pptx(&[&shapes], &[]));
    let lines = outline(&document);
    assert_eq!(lines[..4], ["H2 数据", "T 2023 年⏎雪岭⇥3", "P 组中的话。", "P 右栏的话。"]);
    let block = &document.blocks[1];
    let table = block.table().unwrap();
    assert_eq!((table.header_rows, table.rows, table.columns), (1, 2, 2));
    assert_eq!((table.cells[0].column_span, table.cells[0].row_span), (2, 1));
    let boxes = block.places.boxes(&block.text, table.cells[2].range());
    assert_eq!((boxes[0].x0, boxes[0].y0, boxes[0].x1), (50.0, 150.0, 200.0));
    assert_eq!(place(&document, 2), (1, [110, 220, 160, 270]), "through the group");
    assert!(xfrm([0, 0, 1, 1]).contains("12700"));
}

#[test]
fn charts_diagrams_notes_and_comments() {
    let frame = |inner: &str| {
        format!(
            "<p:graphicFrame><p:nvGraphicFramePr/><p:xfrm><a:off x='0' y='0'/><a:ext cx='12700' cy='12700'/></p:xfrm>\
             <a:graphic><a:graphicData>{inner}</a:graphicData></a:graphic></p:graphicFrame>"
        )
    };
    let chart = "<c:chartSpaceNAMES><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>图 1 收入</a:t></a:r></a:p></c:rich>\
         </c:tx></c:title><c:plotArea><c:ser><c:cat><c:strLit><c:pt idx='0'><c:v>雪岭</c:v></c:pt></c:strLit></c:cat>\
         <c:val><c:numLit><c:formatCode>0.0%</c:formatCode><c:pt idx='0'><c:v>0.5</c:v></c:pt></c:numLit></c:val>\
         </c:ser></c:plotArea></c:chart></c:chartSpace>";
    let diagram = "<dgm:dataModelNAMES><dgm:ptLst><dgm:pt modelId='1'><dgm:t><a:p><a:r><a:t>勘察</a:t></a:r></a:p>\
         </dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>";
    let notes = format!(
        "<p:notesNAMES><p:cSld><p:spTree>{}{}</p:spTree></p:cSld></p:notes>",
        shape("<p:ph type='sldNum'/>", None, &run("1")),
        shape("<p:ph type='body'/>", None, &run("讲解时的话。"))
    );
    let more = [
        ("chart", "c.xml", chart),
        ("diagramData", "d.xml", diagram),
        ("notesSlide", "n.xml", notes.as_str()),
        ("comments", "k.xml", "<p:cmLstNAMES><p:cm/><p:cm/></p:cmLst>"),
        ("package", "book.xlsx", "PK"),
    ];
    let shapes = title("数据") + &frame("<c:chart r:id='x0'/>") + &frame("<dgm:relIds r:dm='x1'/>");
    let document = read("a.pptx", pptx(&[&shapes], &more));
    assert_eq!(
        outline(&document)[..5],
        ["H2 数据", "C 图 1 收入", "T ⏎雪岭⇥50.0%", "P 勘察", "N 讲解时的话。"]
    );
    assert_eq!(place(&document, 4), (1, [0, 0, 720, 540]));
    assert_eq!(warnings(&document), ["2 comments were left out"]);
    assert_eq!(document.members[0].name, "book.xlsx");
}

#[test]
fn slides_of_pictures_and_parts_that_are_missing() {
    let picture = |words: &str| {
        format!("<p:pic><p:nvPicPr><p:cNvPr id='1' name='' descr='{words}'/></p:nvPicPr></p:pic>")
    };
    let slides =
        [picture(""), picture("雪岭的基站"), picture("图片 1") + &text_box("话。", [0, 0, 9, 9])];
    let slides: Vec<&str> = slides.iter().map(String::as_str).collect();
    let document = read("a.pptx", pptx(&slides, &[("notesSlide", "gone.xml", "")]));
    let lines: Vec<String> =
        outline(&document).into_iter().filter(|line| !line.contains("[Header]")).collect();
    assert_eq!(lines, ["C 雪岭的基站", "P 话。"]);
    assert_eq!(document.pages.iter().map(|page| page.images).collect::<Vec<_>>(), [1, 1, 1]);
    assert_eq!(
        warnings(&document),
        [
            "the slide is a picture without text; it needs OCR",
            "the part ppt/slides/gone.xml is missing from the file",
        ]
    );
}

#[test]
fn a_title_that_repeats_the_one_before_is_no_heading() {
    let slide = |title: &str, body: &str| {
        shape("<p:ph type='title'/>", None, &run(title)) + &text_box(body, [36, 200, 600, 40])
    };
    let slides = [slide("网络", "甲。"), slide("网络", "乙。"), slide("服务", "丙。")];
    let slides: Vec<&str> = slides.iter().map(String::as_str).collect();
    let document = read("a.pptx", pptx(&slides, &[]));
    let lines: Vec<String> =
        outline(&document).into_iter().filter(|line| !line.contains("母版")).collect();
    assert_eq!(lines, ["H1 网络", "P 甲。", "P[Header] 网络", "P 乙。", "H2 服务", "P 丙。"]);
}

#[test]
fn a_header_of_two_rows_shows_in_its_spans() {
    let cell =
        |span: &str, text: &str| format!("<a:tc {span}><a:txBody>{}</a:txBody></a:tc>", run(text));
    let row = |cells: &[String]| format!("<a:tr h='1'>{}</a:tr>", cells.concat());
    let rows = [
        row(&[
            cell("rowSpan='2'", "区域"),
            cell("gridSpan='2'", "基站"),
            "<a:tc hMerge='1'/>".into(),
        ]),
        row(&["<a:tc vMerge='1'/>".into(), cell("", "今年"), cell("", "上年")]),
        row(&[cell("", "雪岭"), cell("", "12"), cell("", "10")]),
    ];
    let table = format!(
        "<p:graphicFrame><p:nvGraphicFramePr/><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow='1'/>{}\
         </a:tbl></a:graphicData></a:graphic></p:graphicFrame>",
        rows.concat()
    );
    let document = read("a.pptx", pptx(&[&table], &[]));
    let table = document.blocks.iter().find_map(|block| block.table()).unwrap();
    assert_eq!((table.rows, table.header_rows), (3, 2));
}
