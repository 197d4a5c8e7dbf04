//! The body of a document: paragraphs and tables in order, each with what it is.

use super::field::Fields;
use super::inline::{Drawn, Inline};
use super::notes::{NoteKind, Notes};
use super::numbering::Numbering;
use super::styles::{Look, Numbered, Role, Styles};
use crate::builder::{Builder, is_space};
use crate::document::{Block, BlockKind, Furniture};
use crate::marker::{is_caption, marker};
use crate::ooxml::{Element, Ns, Office, Part, joined, lines};

/// A heading is not longer than this where it ends like a sentence, in characters.
const LONGEST_HEADING: usize = 60;
/// A caption is not longer than this, in characters.
const LONGEST_CAPTION: usize = 120;

/// Walks a document and hands its blocks to the builder.
pub(crate) struct Reader<'t, 'o> {
    pub(crate) builder: Builder,
    pub(crate) office: &'t mut Office<'o>,
    /// The part that is being read: relationships are its own.
    pub(crate) part: &'t Part,
    pub(crate) styles: &'t Styles,
    pub(crate) numbering: Numbering,
    pub(crate) notes: Notes<'t>,
    pub(crate) fields: Fields,
    /// The mark of the note that is being read.
    pub(crate) note_mark: String,
    /// The look that the style of the paragraph gives its text.
    pub(crate) paragraph_look: Look,
    /// A paragraph whose end was deleted: the next one goes on with it.
    pending: Option<Inline<'t>>,
    /// Notes that were referred to and have not come yet.
    waiting: Vec<(NoteKind, String, String)>,
    /// How many things that keep notes back are open: tables and notes.
    inside: usize,
    /// How many content controls of tables of contents are open.
    contents: usize,
    /// Where the result of a field of contents began, as a block's position.
    contents_from: Option<usize>,
    /// The positions of the blocks that are the document's title.
    pub(crate) titles: Vec<usize>,
    pub(crate) pictures: usize,
    pub(crate) unknown_symbols: usize,
    pub(crate) cut_table: bool,
}

impl<'t, 'o> Reader<'t, 'o> {
    pub(crate) fn new(
        office: &'t mut Office<'o>,
        part: &'t Part,
        styles: &'t Styles,
        numbering: Numbering,
        notes: Notes<'t>,
    ) -> Self {
        Self {
            builder: Builder::default(),
            office,
            part,
            styles,
            numbering,
            notes,
            fields: Fields::default(),
            note_mark: String::new(),
            paragraph_look: Look::default(),
            pending: None,
            waiting: Vec::new(),
            inside: 0,
            contents: 0,
            contents_from: None,
            titles: Vec::new(),
            pictures: 0,
            unknown_symbols: 0,
            cut_table: false,
        }
    }

    /// Reads what stands in the body, a cell, a note or a text box.
    pub(crate) fn blocks(&mut self, container: Element<'t>) {
        self.walk(container);
        if let Some(inline) = self.pending.take() {
            self.paragraph_of(inline, None);
        }
    }

    fn walk(&mut self, container: Element<'t>) {
        for child in container.children() {
            match child.kind() {
                (Ns::Word, "p") => self.paragraph(child),
                (Ns::Word, "tbl") => {
                    self.inside += 1;
                    self.table(child);
                    self.inside -= 1;
                    self.flush_notes();
                }
                (Ns::Word, "sdt") => {
                    let gallery = child.path(&["sdtPr", "docPartObj", "docPartGallery"]);
                    let gallery = gallery.and_then(Element::val);
                    let contents = gallery.is_some_and(|name| name == "Table of Contents");
                    self.contents += usize::from(contents);
                    if let Some(content) = child.child("sdtContent") {
                        self.walk(content);
                    }
                    self.contents -= usize::from(contents);
                }
                (Ns::Word, "customXml" | "ins" | "moveTo" | "smartTag" | "bdo" | "dir") => {
                    self.walk(child);
                }
                (Ns::Word, "altChunk") => {
                    if let Some(id) = child.prefixed("id") {
                        self.imported(&id);
                    }
                }
                (Ns::Math, "oMathPara" | "oMath") => {
                    self.builder.paragraph(&crate::ooxml::math::linear(child));
                }
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, paragraph: Element<'t>) {
        let properties = paragraph.child("pPr");
        let style = properties.and_then(|properties| properties.child("pStyle")?.val());
        self.paragraph_look = self.styles.look(style.as_deref());
        let mut inline = self.pending.take().unwrap_or_default();
        self.inline(paragraph, &mut inline);
        self.fields.end_paragraph();
        let gone = properties.and_then(|properties| properties.child("rPr")).is_some_and(|mark| {
            mark.children().any(|each| matches!(each.kind(), (Ns::Word, "del" | "moveFrom")))
        });
        let dropped = properties.and_then(|properties| properties.child("framePr"));
        let capital =
            dropped.is_some_and(|frame| frame.attribute("dropCap").is_some_and(|v| v != "none"));
        if gone || capital {
            self.pending = Some(inline);
        } else {
            self.paragraph_of(inline, properties);
        }
    }

    /// Adds a paragraph that was read, and what hangs on it.
    fn paragraph_of(&mut self, mut inline: Inline<'t>, properties: Option<Element<'t>>) {
        let drawn = std::mem::take(&mut inline.drawn);
        let mut notes = std::mem::take(&mut inline.notes);
        self.waiting.append(&mut notes);
        self.emit(&inline, properties);
        for each in drawn {
            self.drawn(each);
        }
        self.flush_notes();
    }

    fn emit(&mut self, inline: &Inline<'t>, properties: Option<Element<'t>>) {
        let style = properties.and_then(|properties| properties.child("pStyle")?.val());
        let style = style.as_deref();
        let outline =
            properties.and_then(|properties| properties.child("outlineLvl")?.number("val"));
        let role = self.styles.role(style, outline);
        let number = self.marker(properties, style);
        let text = inline.text.trim_matches(is_space);
        if text.is_empty() {
            if let Some(words) = inline.alternative.as_deref() {
                self.builder.push(BlockKind::Caption, words);
            }
            return;
        }
        if matches!(role, Some(Role::Heading(_) | Role::Title)) && self.contents == 0 {
            // A field of contents whose end is missing ends here.
            self.fields.close("TOC");
        } else if self.contents > 0 || inline.contents || role == Some(Role::Contents) {
            if inline.contents && role != Some(Role::Contents) && self.contents == 0 {
                self.contents_from.get_or_insert(self.builder.blocks.len());
            }
            return self.builder.furniture(Furniture::Contents, &joined(text));
        }
        if inline.page_number && is_page_number(text) {
            return self.builder.furniture(Furniture::PageNumber, &joined(text));
        }
        let (mark, bullet) = number.map_or((String::new(), false), |m| (m.text, m.bullet));
        let heading = match role {
            Some(Role::Heading(level)) => Some(level),
            Some(Role::Title) => Some(1),
            Some(Role::Subtitle) => Some(2),
            _ => None,
        };
        let sentence = text.ends_with(['。', '；', ';']) && text.chars().count() > LONGEST_HEADING;
        if let Some(level) = heading.filter(|_| !sentence) {
            if role == Some(Role::Title) {
                self.titles.push(self.builder.blocks.len());
            }
            let mark = if bullet { "" } else { mark.as_str() };
            return self.builder.heading(level, &format!("{mark}{}", joined(text)));
        }
        let short = text.chars().count() <= LONGEST_CAPTION;
        let caption = (role == Some(Role::Caption) || inline.counted) && short;
        for (at, line) in lines(text).iter().enumerate() {
            let line = match at {
                0 => format!("{mark}{line}"),
                _ => line.clone(),
            };
            let kind = match () {
                () if caption || is_caption(&line) => BlockKind::Caption,
                () if at == 0 && !mark.is_empty() => BlockKind::ListItem,
                () if marker(&line).is_some() => BlockKind::ListItem,
                () => BlockKind::Paragraph,
            };
            self.builder.push(kind, &line);
        }
    }

    /// The marker of a paragraph, from its own properties or its style's. The list counts on
    /// whether or not the paragraph has text, as Word does.
    fn marker(
        &mut self,
        properties: Option<Element<'t>>,
        style: Option<&str>,
    ) -> Option<super::numbering::Marker> {
        let own = properties.and_then(|properties| properties.child("numPr"));
        let own = |name: &str| own.and_then(|own| own.child(name)?.number("val"));
        let styled = self.styles.numbered(style);
        let list = own("numId").or(styled.map(|(numbered, _)| numbered.list))?;
        let level = own("ilvl").or(match own("numId") {
            Some(_) => Some(0),
            None => styled.and_then(|(numbered, _)| numbered.level),
        });
        let style = styled.map(|(_, id)| id).filter(|_| own("numId").is_none());
        if list == 0 {
            return None;
        }
        self.numbering.next(Numbered { list, level }, style)
    }

    /// Adds what is drawn, behind the paragraph that it is anchored in.
    fn drawn(&mut self, drawn: Drawn<'t>) {
        match drawn {
            Drawn::Box(content) => {
                self.inside += 1;
                self.blocks(content);
                self.inside -= 1;
            }
            Drawn::Group(boxes) => {
                let blocks = self.aside(|reader| boxes.into_iter().for_each(|b| reader.blocks(b)));
                let labels = blocks.iter().all(is_label);
                for mut block in blocks {
                    if labels {
                        block.kind = BlockKind::Paragraph;
                        block.furniture = block.furniture.or(Some(Furniture::Figure));
                    }
                    self.builder.blocks.push(block);
                }
            }
            Drawn::Words(words) => self.builder.furniture(Furniture::Figure, &words),
            Drawn::Chart(id) => super::extras::chart(self, &id),
            Drawn::Diagram(id) => super::extras::diagram(self, &id),
        }
    }

    /// Reads something whose blocks do not go into the document as they are, and gives them.
    pub(crate) fn aside(&mut self, read: impl FnOnce(&mut Self)) -> Vec<Block> {
        let outside = std::mem::take(&mut self.builder.blocks);
        let pending = self.pending.take();
        let look = self.paragraph_look;
        let titles = self.titles.len();
        self.inside += 1;
        read(self);
        self.inside -= 1;
        self.titles.truncate(titles);
        self.paragraph_look = look;
        self.pending = pending;
        std::mem::replace(&mut self.builder.blocks, outside)
    }

    /// At the end of the body: a field of contents that never ended has taken running text in.
    pub(crate) fn finish_contents(&mut self) {
        let Some(from) = self.contents_from.filter(|_| self.fields.inside("TOC")) else { return };
        for block in self.builder.blocks.iter_mut().skip(from) {
            if block.furniture == Some(Furniture::Contents) {
                block.furniture = None;
            }
        }
    }

    /// Adds the notes that the text so far refers to.
    fn flush_notes(&mut self) {
        if self.inside > 0 {
            return;
        }
        for (kind, id, mark) in std::mem::take(&mut self.waiting) {
            let Some((note, part)) = self.notes.take(kind, &id) else { continue };
            let outside = std::mem::replace(&mut self.part, part);
            self.note_mark = mark;
            let blocks = self.aside(|reader| reader.blocks(note));
            self.part = outside;
            for mut block in blocks {
                if block.table().is_none() {
                    block.kind = BlockKind::Note;
                }
                self.builder.blocks.push(block);
            }
        }
        // Notes inside notes are not possible in Word.
        self.waiting.clear();
    }
}

/// A page's number with what is written around it: `第 1 页 共 9 页`, `- 1 -`.
fn is_page_number(text: &str) -> bool {
    let words = text.chars().filter(|ch| ch.is_alphabetic() && !"第页共of".contains(*ch)).count();
    words <= 4 && text.chars().count() <= 30
}

/// Whether a block of a group of shapes is the label of a figure, and not running text.
fn is_label(block: &Block) -> bool {
    block.text.chars().count() <= 20 && !block.text.ends_with(['。', '；'])
}
