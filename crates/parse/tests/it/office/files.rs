//! A Word document and a presentation as files, from what stands in them.

use super::{package, relationships};

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";

/// The namespaces that the parts of a test use, with the usual prefixes.
pub(super) fn namespaces() -> String {
    let names = [
        ("w", WORD),
        ("a", DRAWING),
        ("r", super::RELATIONSHIPS),
        ("p", "http://schemas.openxmlformats.org/presentationml/2006/main"),
        ("c", "http://schemas.openxmlformats.org/drawingml/2006/chart"),
        ("dgm", "http://schemas.openxmlformats.org/drawingml/2006/diagram"),
        ("m", "http://schemas.openxmlformats.org/officeDocument/2006/math"),
        ("mc", "http://schemas.openxmlformats.org/markup-compatibility/2006"),
        ("wps", "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"),
        ("wpg", "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"),
        ("wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
        ("v", "urn:schemas-microsoft-com:vml"),
    ];
    names.map(|(prefix, name)| format!(" xmlns:{prefix}='{name}'")).concat()
}

/// The styles and lists that the tests use.
fn word_styles() -> String {
    let style = |id: &str, name: &str, more: &str| {
        format!(
            "<w:style w:type='paragraph' w:styleId='{id}'><w:name w:val='{name}'/>{more}</w:style>"
        )
    };
    let styles = [
        ("T", "Title", ""),
        ("ST", "Subtitle", ""),
        ("H1", "heading 1", "<w:pPr><w:outlineLvl w:val='0'/></w:pPr>"),
        ("H2", "heading 2", "<w:basedOn w:val='H1'/><w:pPr><w:outlineLvl w:val='1'/></w:pPr>"),
        (
            "NH",
            "编号标题",
            "<w:basedOn w:val='H1'/><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>",
        ),
        ("LB", "List Bullet", "<w:pPr><w:numPr><w:numId w:val='2'/></w:numPr></w:pPr>"),
        ("C", "caption", ""),
        ("TOC1", "toc 1", ""),
        ("HID", "暗", "<w:rPr><w:vanish/></w:rPr>"),
    ];
    let styles: String = styles.iter().map(|(id, name, more)| style(id, name, more)).collect();
    format!("<w:styles{}>{styles}</w:styles>", namespaces())
}

fn word_numbering() -> String {
    let level = |at: u32, format: &str, text: &str| {
        format!(
            "<w:lvl w:ilvl='{at}'><w:start w:val='1'/><w:numFmt w:val='{format}'/>\
             <w:lvlText w:val='{text}'/></w:lvl>"
        )
    };
    let lists = [
        [level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1.%2")],
        [level(0, "bullet", "\u{F0B7}"), level(1, "bullet", "o")],
        [level(0, "decimal", "%1."), level(1, "lowerLetter", "%2)")],
    ];
    let mut xml = format!("<w:numbering{}>", namespaces());
    for (levels, id) in lists.iter().zip(1..) {
        let levels = levels.concat();
        xml += &format!("<w:abstractNum w:abstractNumId='{id}'>{levels}</w:abstractNum>");
    }
    for id in 1..=lists.len() {
        xml += &format!("<w:num w:numId='{id}'><w:abstractNumId w:val='{id}'/></w:num>");
    }
    xml + "</w:numbering>"
}

/// A Word document: its body, and more parts with the kinds of their relationships. The
/// relationships' ids are `x0`, `x1` and so on.
pub(super) fn docx(body: &str, more: &[(&str, &str, &str)]) -> Vec<u8> {
    let document = format!("<w:document{}><w:body>{body}</w:body></w:document>", namespaces());
    let mut parts = vec![
        ("word/document.xml".to_owned(), document),
        ("word/styles.xml".to_owned(), word_styles()),
        ("word/numbering.xml".to_owned(), word_numbering()),
        relationships("", &[("r1", "officeDocument", "word/document.xml")]),
    ];
    let ids: Vec<String> = (0..more.len()).map(|at| format!("x{at}")).collect();
    let mut targets = vec![("s", "styles", "styles.xml"), ("n", "numbering", "numbering.xml")];
    for (id, (kind, name, content)) in ids.iter().zip(more) {
        targets.push((id.as_str(), kind, name));
        if !content.is_empty() {
            parts.push((format!("word/{name}"), content.replace("NAMES", &namespaces())));
        }
    }
    parts.push(relationships("word/document.xml", &targets));
    package(&parts)
}

/// A presentation of slides, each with what its tree of shapes holds; `more` are parts that every
/// slide relates to, as for [`docx`], in the folder of the slides.
pub(super) fn pptx(slides: &[&str], more: &[(&str, &str, &str)]) -> Vec<u8> {
    let names = namespaces();
    let list: String =
        (0..slides.len()).map(|at| format!("<p:sldId id='{at}' r:id='s{at}'/>")).collect();
    let presentation = format!(
        "<p:presentation{names}><p:sldIdLst>{list}</p:sldIdLst>\
         <p:sldSz cx='9144000' cy='6858000'/></p:presentation>"
    );
    let level = |at: u32, more: &str| format!("<a:lvl{at}pPr>{more}</a:lvl{at}pPr>");
    let bullets: String = (1..=3).map(|at| level(at, "<a:buChar char='•'/>")).collect();
    let master = format!(
        "<p:sldMaster{names}><p:cSld><p:spTree>{}</p:spTree></p:cSld><p:txStyles><p:titleStyle>{}\
         </p:titleStyle><p:bodyStyle>{bullets}</p:bodyStyle></p:txStyles></p:sldMaster>",
        text_box("母版上的公司名", [0, 520, 100, 20]),
        level(1, "<a:buNone/>"),
    );
    let layout = format!(
        "<p:sldLayout{names}><p:cSld><p:spTree>{}{}{}</p:spTree></p:cSld></p:sldLayout>",
        shape("<p:ph type='title'/>", Some([36, 20, 648, 80]), &run("单击此处")),
        shape("<p:ph type='body' idx='1'/>", Some([36, 120, 648, 360]), &run("单击此处")),
        shape("<p:ph type='sldNum' idx='12'/>", Some([600, 510, 80, 20]), ""),
    );
    let mut parts = vec![
        ("ppt/presentation.xml".to_owned(), presentation),
        ("ppt/slideMasters/m.xml".to_owned(), master),
        ("ppt/slideLayouts/l.xml".to_owned(), layout),
        relationships("", &[("r1", "officeDocument", "ppt/presentation.xml")]),
        relationships("ppt/slideLayouts/l.xml", &[("m", "slideMaster", "../slideMasters/m.xml")]),
    ];
    let mut targets = Vec::new();
    for (at, slide) in slides.iter().enumerate() {
        let (hidden, slide) = match slide.strip_prefix("HIDDEN") {
            Some(slide) => (" show='0'", slide),
            None => ("", *slide),
        };
        let name = format!("ppt/slides/s{at}.xml");
        let xml = format!(
            "<p:sld{names}{hidden}><p:cSld><p:spTree><p:nvGrpSpPr/>{slide}</p:spTree></p:cSld></p:sld>"
        );
        let ids: Vec<String> = (0..more.len()).map(|at| format!("x{at}")).collect();
        let mut own = vec![("l", "slideLayout", "../slideLayouts/l.xml")];
        own.extend(ids.iter().zip(more).map(|(id, (kind, name, _))| (id.as_str(), *kind, *name)));
        parts.push(relationships(&name, &own));
        parts.push((name, xml));
        targets.push((format!("s{at}"), format!("slides/s{at}.xml")));
    }
    for (_, name, content) in more.iter().filter(|(_, _, content)| !content.is_empty()) {
        parts.push((format!("ppt/slides/{name}"), content.replace("NAMES", &names)));
    }
    let targets: Vec<_> =
        targets.iter().map(|(id, name)| (id.as_str(), "slide", name.as_str())).collect();
    parts.push(relationships("ppt/presentation.xml", &targets));
    package(&parts)
}

/// A paragraph of a shape.
pub(super) fn run(text: &str) -> String {
    format!("<a:p><a:r><a:t>{text}</a:t></a:r></a:p>")
}

/// A shape: its placeholder, its box in points (left, top, width, height) and its paragraphs.
pub(super) fn shape(placeholder: &str, at: Option<[i64; 4]>, paragraphs: &str) -> String {
    let xfrm = at.map(xfrm).unwrap_or_default();
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id='1' name=''/><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr>\
         <p:spPr>{xfrm}</p:spPr><p:txBody><a:bodyPr/>{paragraphs}</p:txBody></p:sp>"
    )
}

pub(super) fn xfrm(at: [i64; 4]) -> String {
    let [x, y, width, height] = at.map(|points| points * 12_700);
    format!("<a:xfrm><a:off x='{x}' y='{y}'/><a:ext cx='{width}' cy='{height}'/></a:xfrm>")
}

pub(super) fn text_box(text: &str, at: [i64; 4]) -> String {
    shape("", Some(at), &run(text))
}
