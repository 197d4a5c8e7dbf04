//! What stands in a paragraph: its runs as text, and what hangs on it.
//!
//! Tracked changes are read as accepted. Hidden text, the instructions of fields and the readings
//! above characters are left out. Tabs become spaces, breaks become line breaks.

use super::body::Reader;
use super::notes::NoteKind;
use super::styles::Look;
use crate::ooxml::math::linear;
use crate::ooxml::symbol::symbol;
use crate::ooxml::{Element, Ns, says_something};

/// The content of a paragraph.
#[derive(Debug, Default)]
pub(crate) struct Inline<'t> {
    /// The text, with a line break for each break.
    pub(crate) text: String,
    /// The notes that it refers to.
    pub(crate) notes: Vec<(NoteKind, String, String)>,
    /// What is anchored in it.
    pub(crate) drawn: Vec<Drawn<'t>>,
    /// The description of a picture.
    pub(crate) alternative: Option<String>,
    /// Whether a field counts figures or tables in it.
    pub(crate) counted: bool,
    /// Whether it shows the page's number.
    pub(crate) page_number: bool,
    /// Whether part of it is the result of a table of contents.
    pub(crate) contents: bool,
    /// The look of its first text.
    pub(crate) look: Option<Look>,
}

/// Something drawn that is anchored in a paragraph.
#[derive(Debug, Clone)]
pub(crate) enum Drawn<'t> {
    /// The content of a text box.
    Box(Element<'t>),
    /// The text boxes of a group of shapes.
    Group(Vec<Element<'t>>),
    /// Text of a shape that is no text box: WordArt.
    Words(String),
    /// The relationship of a chart.
    Chart(String),
    /// The relationship of a diagram's data.
    Diagram(String),
}

/// What holds for the text of a run.
#[derive(Debug, Clone, Default)]
struct Run {
    hidden: bool,
    /// The font, if it is one of symbols.
    font: Option<String>,
}

impl<'t> Reader<'t, '_> {
    /// Reads the content of a paragraph or of something inside one.
    pub(crate) fn inline(&mut self, element: Element<'t>, out: &mut Inline<'t>) {
        for child in element.children() {
            match child.kind() {
                (Ns::Word, "r") => self.run(child, out),
                (Ns::Word, "hyperlink" | "ins" | "moveTo" | "smartTag" | "customXml")
                | (Ns::Word, "bdo" | "dir" | "sdtContent" | "rubyBase") => {
                    self.inline(child, out);
                }
                (Ns::Word, "sdt") => {
                    if let Some(content) = child.child("sdtContent") {
                        self.inline(content, out);
                    }
                }
                (Ns::Word, "fldSimple") => self.simple_field(child, out),
                (Ns::Math, "oMath" | "oMathPara") => {
                    let text = linear(child);
                    self.show(&text, &Run::default(), out);
                }
                (Ns::Word, "subDoc") => {
                    self.builder.warn("a part that is kept in another file was left out");
                }
                _ => {}
            }
        }
    }

    fn simple_field(&mut self, field: Element<'t>, out: &mut Inline<'t>) {
        self.fields.begin(None);
        self.fields.instruct(&field.attribute("instr").unwrap_or_default());
        self.separate(out);
        self.inline(field, out);
        self.fields.end();
    }

    /// The result of a field begins.
    fn separate(&mut self, out: &mut Inline<'t>) {
        let Some(name) = self.fields.separate() else { return };
        match name.as_str() {
            "SEQ" => out.counted = true,
            "PAGE" | "NUMPAGES" | "SECTIONPAGES" => out.page_number = true,
            _ => {}
        }
    }

    fn run(&mut self, run: Element<'t>, out: &mut Inline<'t>) {
        let properties = run.child("rPr");
        let style = properties.and_then(|properties| properties.child("rStyle")?.val());
        let look = properties.map(Look::of).unwrap_or_default();
        let look = look.or(style.map(|id| self.styles.run_look(&id)).unwrap_or_default());
        let font = properties.and_then(|properties| properties.child("rFonts"));
        let font = font.and_then(|font| font.attribute("ascii").or(font.attribute("hAnsi")));
        let state = Run {
            hidden: look.or(self.paragraph_look).hidden == Some(true),
            font: font.filter(|font| is_symbolic(font)).map(Into::into),
        };
        let before = out.text.len();
        for child in run.children() {
            self.piece(child, &state, out);
        }
        if out.look.is_none() && !out.text[before..].trim().is_empty() {
            out.look = Some(look);
        }
    }

    /// One piece of a run.
    fn piece(&mut self, piece: Element<'t>, run: &Run, out: &mut Inline<'t>) {
        match piece.kind() {
            (Ns::Word, "t") => self.text(piece, run, out),
            (Ns::Word, "instrText") => self.fields.instruct(&piece.text()),
            (Ns::Word, "fldChar") => self.field_mark(piece, run, out),
            (Ns::Word, "tab" | "ptab") => self.show(" ", run, out),
            (Ns::Word, "br" | "cr") => self.show("\n", run, out),
            (Ns::Word, "noBreakHyphen") => self.show("-", run, out),
            (Ns::Word, "sym") => {
                let font = piece.attribute("font").unwrap_or_default();
                let code = piece.attribute("char").unwrap_or_default();
                let code = u32::from_str_radix(&code, 16).unwrap_or(0);
                match symbol(&font, code) {
                    Some(ch) => self.show(ch.encode_utf8(&mut [0; 4]), run, out),
                    None => self.unknown_symbols += 1,
                }
            }
            (Ns::Word, "ruby") => self.inline(piece, out),
            (Ns::Word, "pgNum") => {
                out.page_number = true;
                self.show("1", run, out);
            }
            (Ns::Word, "footnoteReference") => {
                self.refer(NoteKind::Footnote, piece, run, out);
            }
            (Ns::Word, "endnoteReference") => self.refer(NoteKind::Endnote, piece, run, out),
            (Ns::Word, "footnoteRef" | "endnoteRef") => {
                let mark = self.note_mark.clone();
                self.show(&mark, run, out);
            }
            (Ns::Word, "drawing" | "pict" | "object") if !run.hidden => {
                self.drawing(piece, out);
            }
            _ => {}
        }
    }

    fn text(&mut self, piece: Element<'t>, run: &Run, out: &mut Inline<'t>) {
        let text = piece.text();
        let Some(font) = &run.font else { return self.show(&text, run, out) };
        let shown: String = text
            .chars()
            .filter_map(|ch| match ch {
                '\u{F000}'..='\u{F0FF}' | '!'..='ÿ' => symbol(font, ch as u32),
                ch => Some(ch),
            })
            .collect();
        self.show(&shown, run, out);
    }

    /// Adds text if it is shown.
    fn show(&mut self, text: &str, run: &Run, out: &mut Inline<'t>) {
        if run.hidden || !self.fields.visible() {
            return;
        }
        out.contents |= self.fields.inside("TOC");
        if text == " " && out.text.ends_with([' ', '\n']) {
            return;
        }
        out.text.push_str(text);
    }

    fn field_mark(&mut self, mark: Element<'t>, run: &Run, out: &mut Inline<'t>) {
        match mark.attribute("fldCharType").as_deref() {
            Some("begin") => self.fields.begin(mark.child("ffData").and_then(form)),
            Some("separate") => self.separate(out),
            Some("end") => {
                if let Some(text) = self.fields.end() {
                    self.show(&text, run, out);
                }
            }
            _ => {}
        }
    }

    /// A reference to a note: its mark, as Word shows it, and the note for later.
    fn refer(&mut self, kind: NoteKind, piece: Element<'t>, run: &Run, out: &mut Inline<'t>) {
        let Some(id) = piece.attribute("id") else { return };
        if run.hidden || !self.fields.visible() {
            return;
        }
        let mark = match piece.flag("customMarkFollows") {
            true => String::new(),
            false => self.notes.next_mark(kind),
        };
        out.text.push_str(&mark);
        out.notes.push((kind, id.into_owned(), mark));
    }

    /// What a drawing holds: text boxes, a chart, a diagram, pictures.
    fn drawing(&mut self, drawing: Element<'t>, out: &mut Inline<'t>) {
        let before = out.drawn.len();
        let mut grouped = false;
        self.shapes(drawing, &mut grouped, out);
        let boxes = out.drawn[before..].iter().filter(|each| matches!(each, Drawn::Box(_)));
        if !grouped || boxes.count() < 3 {
            return;
        }
        let mut group = Vec::new();
        for each in out.drawn.split_off(before) {
            match each {
                Drawn::Box(content) => group.push(content),
                each => out.drawn.push(each),
            }
        }
        out.drawn.push(Drawn::Group(group));
    }

    fn shapes(&mut self, element: Element<'t>, grouped: &mut bool, out: &mut Inline<'t>) {
        for child in element.children() {
            match child.kind() {
                (Ns::Word, "txbxContent") => out.drawn.push(Drawn::Box(child)),
                (Ns::Drawing, "p") => {
                    let texts = child.descendants().filter(|each| each.is(Ns::Drawing, "t"));
                    out.drawn.push(Drawn::Words(texts.map(Element::text).collect()));
                }
                (Ns::Chart, "chart") => {
                    out.drawn.extend(child.prefixed("id").map(|id| Drawn::Chart(id.into_owned())));
                }
                (Ns::Diagram, "relIds") => {
                    let data = child.prefixed("dm");
                    out.drawn.extend(data.map(|id| Drawn::Diagram(id.into_owned())));
                }
                (_, "chart") => {
                    self.builder.warn("a chart of a newer kind was left out");
                }
                (Ns::Vml, "textpath") => {
                    let words = child.attribute("string");
                    out.drawn.extend(words.map(|words| Drawn::Words(words.into_owned())));
                }
                (Ns::Drawing, "blip") | (Ns::Vml, "imagedata") => self.pictures += 1,
                (_, "docPr") => {
                    let described = child.attribute("descr").filter(|text| says_something(text));
                    out.alternative = out.alternative.take().or(described.map(Into::into));
                }
                (_, name) => {
                    *grouped |= matches!(name, "wgp" | "wpc" | "group");
                    self.shapes(child, grouped, out);
                }
            }
        }
    }
}

/// Whether a font has symbols in the places of letters.
fn is_symbolic(font: &str) -> bool {
    let font = font.to_ascii_lowercase();
    font.starts_with("wingdings") || font == "symbol"
}

/// What a form's field shows: a box, or the entry that was chosen.
fn form(data: Element<'_>) -> Option<String> {
    if let Some(check) = data.child("checkBox") {
        let checked = check.switch("checked").or(check.switch("default"));
        return Some(if checked == Some(true) { "☑" } else { "☐" }.to_owned());
    }
    let list = data.child("ddList")?;
    let chosen = list.child("result").or(list.child("default"));
    let chosen = chosen.and_then(|chosen| chosen.number("val")).unwrap_or(0);
    let entry = list.all("listEntry").nth(usize::try_from(chosen).ok()?)?;
    Some(entry.val()?.into_owned())
}
