//! XML of an Office part as a tree: elements with their namespace, attributes and text.
//!
//! Entities other than XML's own five stand for nothing (Office writes no others), so there is
//! nothing to expand. What nests deeper than [`DEEPEST`] is left out, a part of more than
//! [`MOST_NODES`] nodes or with broken markup ends there; [`Tree::cut`] says so.
//!
//! `mc:AlternateContent` (ISO/IEC 29500-3) is resolved here: its first choice that has content
//! takes its place, else the fallback, so that nothing is read twice.

use std::borrow::Cow;

use quick_xml::NsReader;
use quick_xml::escape::{resolve_xml_entity, unescape_with};
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};

use crate::encoding::decode_as;
use crate::error::ParseError;

/// Elements nested deeper than this are left out.
pub(crate) const DEEPEST: usize = 160;
/// A part ends at this many elements and texts.
pub(crate) const MOST_NODES: usize = 8_000_000;

/// The vocabularies that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ns {
    /// WordprocessingML.
    Word,
    /// DrawingML: text and tables of slides, pictures.
    Drawing,
    /// PresentationML.
    Presentation,
    /// Charts.
    Chart,
    /// SmartArt.
    Diagram,
    /// Formulas.
    Math,
    /// VML, the drawings of before 2007.
    Vml,
    /// Markup compatibility.
    Compatibility,
    /// Any other.
    Other,
}

impl Ns {
    fn of(uri: &str) -> Self {
        // The transitional names have a year in them, the strict ones do not.
        const NAMES: [(&str, Ns); 14] = [
            ("/wordprocessingml/2006/main", Ns::Word),
            ("/wordprocessingml/main", Ns::Word),
            ("/drawingml/2006/main", Ns::Drawing),
            ("/drawingml/main", Ns::Drawing),
            ("/presentationml/2006/main", Ns::Presentation),
            ("/presentationml/main", Ns::Presentation),
            ("/drawingml/2006/chart", Ns::Chart),
            ("/drawingml/chart", Ns::Chart),
            ("/drawingml/2006/diagram", Ns::Diagram),
            ("/drawingml/diagram", Ns::Diagram),
            ("/officeDocument/2006/math", Ns::Math),
            ("/officeDocument/math", Ns::Math),
            ("/markup-compatibility/2006", Ns::Compatibility),
            ("urn:schemas-microsoft-com:vml", Ns::Vml),
        ];
        let known = NAMES.iter().find(|(name, _)| uri.ends_with(name));
        known.map_or(Self::Other, |(_, ns)| *ns)
    }
}

/// A stretch of the source.
#[derive(Debug, Clone, Copy)]
struct Slice {
    start: u32,
    end: u32,
}

#[derive(Debug, Clone, Copy)]
enum Data {
    Element {
        ns: Ns,
        name: Slice,
        attributes: Slice,
        compatibility: Option<Compatibility>,
    },
    /// Character data as it stands in the source.
    Text(Slice),
    /// A character that was written as an entity.
    Char(char),
}

/// The elements of markup compatibility that are resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compatibility {
    Alternatives,
    Choice,
    Fallback,
}

/// Nodes are linked by their positions; 0, the root's, means none.
#[derive(Debug, Clone, Copy)]
struct Node {
    data: Data,
    first: u32,
    next: u32,
}

/// A part.
#[derive(Debug)]
pub(crate) struct Tree {
    source: String,
    nodes: Vec<Node>,
    /// Why not all of it is here, as the end of a sentence that begins with its name.
    pub(crate) cut: Option<&'static str>,
}

impl Tree {
    /// Reads a part.
    ///
    /// # Errors
    /// If it is no text in a known encoding, or larger than 4 GB. Broken markup is no error.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let source = decode_as(bytes, declared(bytes))?.into_owned();
        if u32::try_from(source.len()).is_err() {
            return Err(ParseError::Limit("a part is larger than 4 GB; split the file".to_owned()));
        }
        let root = Data::Element {
            ns: Ns::Other,
            name: Slice { start: 0, end: 0 },
            attributes: Slice { start: 0, end: 0 },
            compatibility: None,
        };
        let nodes = vec![Node { data: root, first: 0, next: 0 }];
        let mut maker = Maker { nodes, open: vec![Open::default()], skipped: 0, cut: None };
        maker.read(&source);
        let Maker { nodes, cut, .. } = maker;
        Ok(Self { source, nodes, cut })
    }

    /// The outermost element.
    pub(crate) fn root(&self) -> Option<Element<'_>> {
        Element { tree: self, at: 0 }.children().next()
    }

    fn slice(&self, slice: Slice) -> &str {
        self.source.get(slice.start as usize..slice.end as usize).unwrap_or_default()
    }
}

/// The encoding that a part declares.
fn declared(bytes: &[u8]) -> Option<&str> {
    let head = &bytes[..bytes.len().min(120)];
    let at = memchr::memmem::find(head, b"encoding=")? + "encoding=".len();
    let quote = *head.get(at)?;
    let length = head[at + 1..].iter().position(|byte| *byte == quote)?;
    std::str::from_utf8(&head[at + 1..at + 1 + length]).ok()
}

/// An element whose end has not come yet.
#[derive(Debug, Clone, Copy, Default)]
struct Open {
    node: u32,
    /// Its last child so far.
    last: u32,
}

struct Maker {
    nodes: Vec<Node>,
    open: Vec<Open>,
    /// How many elements are open beyond the deepest level.
    skipped: usize,
    cut: Option<&'static str>,
}

impl Maker {
    fn read(&mut self, source: &str) {
        let mut reader = NsReader::from_str(source);
        reader.config_mut().allow_dangling_amp = true;
        let slice = |part: &str| {
            let start = (part.as_ptr() as usize).wrapping_sub(source.as_ptr() as usize);
            if start > source.len() {
                return Slice { start: 0, end: 0 };
            }
            Slice { start: start as u32, end: (start + part.len()) as u32 }
        };
        loop {
            let Ok((ns, event)) = reader.read_resolved_event() else {
                self.cut = Some("is damaged; only what stands before the damage was read");
                break;
            };
            if self.nodes.len() >= MOST_NODES {
                self.cut = Some("is very large; only its beginning was read");
                break;
            }
            match event {
                Event::Start(start) => {
                    let data = element(ns, &start, slice);
                    self.start(data);
                }
                Event::Empty(start) => {
                    let data = element(ns, &start, slice);
                    self.start(data);
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(text) => self.text(slice(&text), &text),
                Event::CData(text) => self.push(Data::Text(slice(&text))),
                Event::GeneralRef(entity) => {
                    let character = entity.resolve_char_ref().ok().flatten().or_else(|| {
                        resolve_xml_entity(&entity).and_then(|text| text.chars().next())
                    });
                    if let Some(character) = character {
                        self.push(Data::Char(character));
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        while self.open.len() > 1 {
            self.end();
        }
    }

    fn start(&mut self, data: Data) {
        if self.skipped > 0 || self.open.len() > DEEPEST {
            self.skipped += 1;
            self.cut = Some("nests too deep; what is inside was left out");
            return;
        }
        let node = self.nodes.len() as u32;
        self.nodes.push(Node { data, first: 0, next: 0 });
        self.open.push(Open { node, last: 0 });
    }

    fn end(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        if self.open.len() < 2 {
            return;
        }
        let Some(Open { node, .. }) = self.open.pop() else { return };
        if self.compatibility(node) == Some(Compatibility::Alternatives) {
            self.choose(node);
        } else {
            self.link(node);
        }
    }

    /// Puts the children of the branch that is taken in the place of the alternatives.
    fn choose(&mut self, node: u32) {
        let mut branch = self.nodes[node as usize].first;
        let mut fallback = 0;
        while branch != 0 {
            let Node { first, next, .. } = self.nodes[branch as usize];
            match self.compatibility(branch) {
                Some(Compatibility::Choice) if first != 0 => break,
                Some(Compatibility::Fallback) => fallback = branch,
                _ => {}
            }
            branch = next;
        }
        let branch = if branch == 0 { fallback } else { branch };
        let mut child = if branch == 0 { 0 } else { self.nodes[branch as usize].first };
        while child != 0 {
            let next = std::mem::take(&mut self.nodes[child as usize].next);
            self.link(child);
            child = next;
        }
    }

    fn compatibility(&self, node: u32) -> Option<Compatibility> {
        match self.nodes[node as usize].data {
            Data::Element { compatibility, .. } => compatibility,
            _ => None,
        }
    }

    /// Adds character data; white space between elements, with a line break in it, is layout.
    fn text(&mut self, slice: Slice, text: &str) {
        if !(text.contains(['\n', '\r']) && text.trim().is_empty()) {
            self.push(Data::Text(slice));
        }
    }

    fn push(&mut self, data: Data) {
        if self.skipped == 0 && self.open.len() > 1 {
            let node = self.nodes.len() as u32;
            self.nodes.push(Node { data, first: 0, next: 0 });
            self.link(node);
        }
    }

    /// Makes a node the last child of the element that is open.
    fn link(&mut self, node: u32) {
        let Some(open) = self.open.last_mut() else { return };
        let before = std::mem::replace(&mut open.last, node);
        if before == 0 {
            self.nodes[open.node as usize].first = node;
        } else {
            self.nodes[before as usize].next = node;
        }
    }
}

fn element(ns: ResolveResult<'_>, start: &BytesStart<'_>, slice: impl Fn(&str) -> Slice) -> Data {
    let ns = match ns {
        ResolveResult::Bound(Namespace(uri)) => Ns::of(uri),
        _ => Ns::Other,
    };
    let name = start.local_name();
    let compatibility = match name.into_inner() {
        "AlternateContent" => Some(Compatibility::Alternatives),
        "Choice" => Some(Compatibility::Choice),
        "Fallback" => Some(Compatibility::Fallback),
        _ => None,
    };
    Data::Element {
        ns,
        name: slice(name.into_inner()),
        attributes: slice(start.attributes_raw()),
        compatibility: compatibility.filter(|_| ns == Ns::Compatibility),
    }
}

/// An element of a tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'t> {
    tree: &'t Tree,
    at: u32,
}

/// A child of an element.
#[derive(Debug, Clone)]
pub(crate) enum Child<'t> {
    Element(Element<'t>),
    Text(Cow<'t, str>),
}

impl<'t> Element<'t> {
    fn node(self) -> Node {
        self.tree.nodes[self.at as usize]
    }

    /// Its vocabulary and its name without the prefix.
    pub(crate) fn kind(self) -> (Ns, &'t str) {
        match self.node().data {
            Data::Element { ns, name, .. } => (ns, self.tree.slice(name)),
            _ => (Ns::Other, ""),
        }
    }

    /// Its name without the prefix.
    pub(crate) fn name(self) -> &'t str {
        self.kind().1
    }

    /// Whether it is the element of this name in this vocabulary.
    pub(crate) fn is(self, ns: Ns, name: &str) -> bool {
        self.kind() == (ns, name)
    }

    /// Its children in order, text included.
    pub(crate) fn contents(self) -> impl Iterator<Item = Child<'t>> + use<'t> {
        let tree = self.tree;
        let mut at = self.node().first;
        std::iter::from_fn(move || {
            if at == 0 {
                return None;
            }
            let node = tree.nodes[at as usize];
            let child = match node.data {
                Data::Element { .. } => Child::Element(Element { tree, at }),
                Data::Text(slice) => Child::Text(Cow::Borrowed(tree.slice(slice))),
                Data::Char(character) => Child::Text(Cow::Owned(character.to_string())),
            };
            at = node.next;
            Some(child)
        })
    }

    /// Its child elements in order.
    pub(crate) fn children(self) -> impl Iterator<Item = Element<'t>> + use<'t> {
        self.contents().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            Child::Text(_) => None,
        })
    }

    /// Its children of this name, whatever the vocabulary.
    pub(crate) fn all(self, name: &str) -> impl Iterator<Item = Element<'t>> + use<'t, '_> {
        self.children().filter(move |child| child.name() == name)
    }

    /// Its first child of this name, whatever the vocabulary.
    pub(crate) fn child(self, name: &str) -> Option<Element<'t>> {
        self.children().find(|child| child.name() == name)
    }

    /// The element at the end of a path of names.
    pub(crate) fn path(self, names: &[&str]) -> Option<Element<'t>> {
        names.iter().try_fold(self, |element, name| element.child(name))
    }

    /// All elements below it in the order of the source, itself left out.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Element<'t>> + use<'t> {
        let tree = self.tree;
        let mut waiting = vec![self.node().first];
        std::iter::from_fn(move || {
            loop {
                let at = waiting.pop()?;
                if at == 0 {
                    continue;
                }
                let node = tree.nodes[at as usize];
                waiting.push(node.next);
                if let Data::Element { .. } = node.data {
                    waiting.push(node.first);
                    return Some(Element { tree, at });
                }
            }
        })
    }

    /// The text directly inside it. White space with a line break at either end is layout.
    pub(crate) fn text(self) -> String {
        let mut out = String::new();
        for child in self.contents() {
            if let Child::Text(text) = child {
                out.push_str(&text);
            }
        }
        let start = out.trim_start();
        if out[..out.len() - start.len()].contains('\n') {
            out = start.to_owned();
        }
        let length = out.trim_end().len();
        if out[length..].contains('\n') {
            out.truncate(length);
        }
        out
    }

    /// The value of the attribute of this name, with or without a prefix.
    pub(crate) fn attribute(self, name: &str) -> Option<Cow<'t, str>> {
        self.find(|key| key.rsplit(':').next() == Some(name))
    }

    /// The value of the attribute of this name that has a prefix: a relationship's id.
    pub(crate) fn prefixed(self, name: &str) -> Option<Cow<'t, str>> {
        self.find(|key| key.split_once(':').is_some_and(|(_, local)| local == name))
    }

    fn find(self, wanted: impl Fn(&str) -> bool) -> Option<Cow<'t, str>> {
        let Data::Element { attributes, .. } = self.node().data else { return None };
        let raw = self.tree.slice(attributes);
        let mut attributes = Attributes::new(raw, 0);
        let attribute =
            attributes.with_checks(false).flatten().find(|each| wanted(each.key.into_inner()))?;
        let value = match attribute.value {
            Cow::Borrowed(value) => value,
            Cow::Owned(value) => return Some(Cow::Owned(value)),
        };
        let known = |entity: &str| Some(resolve_xml_entity(entity).unwrap_or_default());
        Some(unescape_with(value, known).unwrap_or(Cow::Borrowed(value)))
    }

    /// `w:val`, the one attribute of most elements of Word.
    pub(crate) fn val(self) -> Option<Cow<'t, str>> {
        self.attribute("val")
    }

    /// An attribute that is a whole number.
    pub(crate) fn number(self, name: &str) -> Option<i64> {
        let value = self.attribute(name)?;
        value.trim().parse().ok().or_else(|| {
            // Some writers put decimals where whole numbers belong.
            value.trim().parse::<f64>().ok().filter(|value| value.is_finite()).map(|v| v as i64)
        })
    }

    /// Whether an attribute is on.
    pub(crate) fn flag(self, name: &str) -> bool {
        self.attribute(name).is_some_and(|value| is_on(&value))
    }

    /// A child that is a switch: on where it stands without a value; `None` where it is absent.
    pub(crate) fn switch(self, name: &str) -> Option<bool> {
        let child = self.child(name)?;
        Some(child.val().is_none_or(|value| is_on(&value)))
    }
}

fn is_on(value: &str) -> bool {
    matches!(value, "1" | "true" | "on")
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    fn texts(tree: &Tree) -> String {
        let root = tree.root().unwrap();
        root.descendants().filter(|each| each.is(Ns::Word, "t")).map(Element::text).collect()
    }

    #[test]
    fn namespaces_by_their_names_not_their_prefixes() {
        let cases = [
            (WORD, Ns::Word),
            ("http://purl.oclc.org/ooxml/wordprocessingml/main", Ns::Word),
            ("http://schemas.openxmlformats.org/drawingml/2006/main", Ns::Drawing),
            ("http://purl.oclc.org/ooxml/drawingml/main", Ns::Drawing),
            ("http://schemas.openxmlformats.org/presentationml/2006/main", Ns::Presentation),
            ("http://schemas.openxmlformats.org/drawingml/2006/chart", Ns::Chart),
            ("http://purl.oclc.org/ooxml/drawingml/chart", Ns::Chart),
            ("http://schemas.openxmlformats.org/drawingml/2006/diagram", Ns::Diagram),
            ("http://schemas.openxmlformats.org/officeDocument/2006/math", Ns::Math),
            ("http://purl.oclc.org/ooxml/officeDocument/math", Ns::Math),
            ("urn:schemas-microsoft-com:vml", Ns::Vml),
            ("http://schemas.openxmlformats.org/markup-compatibility/2006", Ns::Compatibility),
            ("http://schemas.microsoft.com/office/word/2010/wordml", Ns::Other),
            ("乙", Ns::Other),
            ("", Ns::Other),
        ];
        for (uri, expected) in cases {
            assert_eq!(Ns::of(uri), expected, "{uri}");
        }
        let xml = format!(
            "<x:d xmlns:x='{WORD}'><x:t>甲</x:t><t>乙</t><d xmlns='{WORD}'><t>丙</t></d></x:d>"
        );
        assert_eq!(texts(&Tree::parse(xml.as_bytes()).unwrap()), "甲丙");
    }

    #[test]
    fn entities_and_damage_cost_what_they_are() {
        let cases = [
            ("<w:t>a &amp; b&#x4E2D;&lol;&nbsp;</w:t>", "a & b中"),
            ("<w:t>a & b</w:t>", "a & b"),
            ("<w:t><![CDATA[<甲>]]></w:t>", "<甲>"),
            ("<w:t>\n  甲 \n</w:t><w:t> 乙 </w:t>", "甲 乙 "),
            ("<w:t>前</w:t><w:p></w:q><w:t>后</w:t>", "前"),
            ("<w:t>前</w:t><w:p", "前"),
        ];
        for (inner, expected) in cases {
            let xml =
                format!("<!DOCTYPE d [<!ENTITY lol \"lol\">]><w:d xmlns:w='{WORD}'>{inner}</w:d>");
            assert_eq!(texts(&Tree::parse(xml.as_bytes()).unwrap()), expected, "{inner}");
        }
    }

    #[test]
    fn one_of_the_alternatives_takes_their_place() {
        let compat = "http://schemas.openxmlformats.org/markup-compatibility/2006";
        let cases = [
            ("<m:Choice><w:t>新</w:t></m:Choice><m:Fallback><w:t>旧</w:t></m:Fallback>", "前新后"),
            ("<m:Choice/><m:Fallback><w:t>旧</w:t></m:Fallback>", "前旧后"),
            ("<m:Choice/>", "前后"),
            (
                "<m:Choice><m:AlternateContent><m:Choice><w:t>内</w:t><w:t>里</w:t></m:Choice>\
                 </m:AlternateContent></m:Choice><m:Choice><w:t>旧</w:t></m:Choice>",
                "前内里后",
            ),
        ];
        for (inner, expected) in cases {
            let xml = format!(
                "<w:d xmlns:w='{WORD}' xmlns:m='{compat}'><w:t>前</w:t><m:AlternateContent>{inner}\
                 </m:AlternateContent><w:t>后</w:t></w:d>"
            );
            assert_eq!(texts(&Tree::parse(xml.as_bytes()).unwrap()), expected, "{inner}");
        }
    }

    #[test]
    fn what_is_too_deep_is_left_out() {
        let (open, close) = ("<w:p>".repeat(20_000), "</w:p>".repeat(20_000));
        let xml = format!("<w:d xmlns:w='{WORD}'>{open}<w:t>内</w:t>{close}<w:t>外</w:t></w:d>");
        let tree = Tree::parse(xml.as_bytes()).unwrap();
        assert_eq!(texts(&tree), "外");
        assert!(tree.cut.is_some());
    }

    #[test]
    fn attributes_and_switches() {
        let xml =
            format!("<w:d xmlns:w='{WORD}'><w:b id='1' r:id='二&amp;' w:val='0'/><w:i/></w:d>");
        let tree = Tree::parse(xml.as_bytes()).unwrap();
        let root = tree.root().unwrap();
        let b = root.child("b").unwrap();
        assert_eq!(b.number("id"), Some(1));
        assert_eq!(b.prefixed("id").as_deref(), Some("二&"));
        assert_eq!(
            (root.switch("b"), root.switch("i"), root.switch("u")),
            (Some(false), Some(true), None)
        );
    }
}
