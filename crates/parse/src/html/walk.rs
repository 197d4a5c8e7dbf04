//! A tree to blocks.
//!
//! A block element, and a line break in it, ends a paragraph. Items carry the marker that the page
//! shows. What is not seen or is no text (hidden elements, controls, scripts, pictures) gives
//! nothing, and a `rt` over a character neither; a picture alone on its line gives its description
//! as a caption. A footnote's mark stays in the text as it is shown; the link from a note back to
//! it is dropped.

use std::borrow::Cow;

use super::line::Line;
use super::lists::List;
use super::table::{is_layout, read_table};
use super::tree::{Node, Tree};
use crate::builder::{Builder, is_space};
use crate::document::BlockKind;
use crate::marker::marker;

/// Elements that hold no text of the page.
const SILENT: [&str; 22] = [
    "script",
    "style",
    "title",
    "textarea",
    "noscript",
    "iframe",
    "noembed",
    "noframes",
    "template",
    "svg",
    "canvas",
    "object",
    "audio",
    "video",
    "select",
    "datalist",
    "rt",
    "rp",
    "map",
    "annotation",
    "annotation-xml",
    "applet",
];

/// Puts the nodes, but for those dropped, into blocks. A table around the `core` is none.
pub(super) fn walk(tree: &Tree<'_>, dropped: &[bool], core: (usize, usize), out: &mut Builder) {
    let mut walker = Walker::new(tree, dropped, Mode::Blocks, out);
    walker.core = core;
    for at in tree.siblings(0, tree.nodes.len()) {
        walker.visit(at);
    }
    walker.flush();
}

/// The elements of a piece that the page hides.
pub(super) fn hidden(tree: &Tree<'_>) -> Vec<bool> {
    tree.nodes.iter().map(is_hidden).collect()
}

/// Whether an element holds no text of the page.
pub(super) fn is_silent(name: &str) -> bool {
    SILENT.contains(&name)
}

/// What becomes of a line's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// It ends a block.
    Blocks,
    /// It joins: in a heading.
    Joined,
    /// It stays a line's end: in a cell.
    Lines,
}

/// An item that is being read.
#[derive(Debug, Default)]
struct Item {
    marker: Option<String>,
    begun: bool,
}

pub(super) struct Walker<'t, 'a, 'b> {
    tree: &'t Tree<'a>,
    dropped: &'t [bool],
    core: (usize, usize),
    out: &'b mut Builder,
    mode: Mode,
    kind: BlockKind,
    line: Line,
    /// The description of a picture that has stood alone so far.
    picture: Option<String>,
    /// Whether the pictures here have a caption of their own.
    captioned: bool,
    lists: Vec<List>,
    item: Option<Item>,
}

impl<'t, 'a, 'b> Walker<'t, 'a, 'b> {
    fn new(tree: &'t Tree<'a>, dropped: &'t [bool], mode: Mode, out: &'b mut Builder) -> Self {
        Self {
            tree,
            dropped,
            core: (0, 0),
            out,
            mode,
            kind: BlockKind::Paragraph,
            line: Line::default(),
            picture: None,
            captioned: false,
            lists: Vec::new(),
            item: None,
        }
    }

    fn visit(&mut self, at: usize) {
        let node = &self.tree.nodes[at];
        if self.dropped[at] {
            return;
        }
        if node.name.is_empty() {
            return self.text(&node.text);
        }
        let name = node.name.as_ref();
        match name {
            "br" => self.break_line(),
            "img" => self.picture(node),
            "pre" | "listing" | "plaintext" | "xmp" => self.preformatted(at),
            "ul" | "ol" | "menu" | "dir" => {
                self.flush();
                self.lists.push(List::of(node));
                self.inside(at);
                self.lists.pop();
            }
            "li" => self.item(at),
            "table" if self.mode == Mode::Blocks => self.table(at),
            "figcaption" | "caption" => self.of_kind(at, BlockKind::Caption, Mode::Joined),
            "figure" => {
                let inner = &self.tree.nodes[at..node.end];
                let captioned = inner.iter().any(|node| node.name == "figcaption");
                let before = self.captioned;
                self.captioned |= captioned;
                self.inside(at);
                self.captioned = before;
            }
            "button" if self.mode != Mode::Joined => {}
            "a" if is_back_link(self.tree, at, &self.kind) => {}
            _ if is_silent(name) => {}
            _ => match node.heading() {
                Some(level) if self.mode == Mode::Blocks => {
                    self.of_kind(at, BlockKind::Heading(level), Mode::Joined);
                }
                _ if is_note(node) && self.kind == BlockKind::Paragraph => {
                    self.of_kind(at, BlockKind::Note, self.mode);
                }
                _ if node.is_block() => self.inside(at),
                _ => self.children(at),
            },
        }
    }

    fn children(&mut self, at: usize) {
        let tree = self.tree;
        for child in tree.children(at) {
            self.visit(child);
        }
    }

    /// Reads a block: what stands before it and in it ends.
    fn inside(&mut self, at: usize) {
        self.flush();
        self.children(at);
        self.flush();
    }

    fn of_kind(&mut self, at: usize, kind: BlockKind, mode: Mode) {
        self.flush();
        let mode = if self.mode == Mode::Lines { Mode::Lines } else { mode };
        let before =
            (std::mem::replace(&mut self.kind, kind), std::mem::replace(&mut self.mode, mode));
        self.children(at);
        if self.mode == Mode::Joined {
            self.mode = Mode::Blocks;
        }
        self.flush();
        (self.kind, self.mode) = before;
    }

    fn text(&mut self, text: &str) {
        if self.mode == Mode::Blocks {
            let Self { line, out, kind, item, .. } = self;
            line.push_parted(text, &mut |ended| push(out, kind, item.as_mut(), ended));
        } else {
            self.line.push(text);
        }
    }

    fn break_line(&mut self) {
        match self.mode {
            Mode::Blocks => self.flush(),
            Mode::Joined => self.line.wrap(),
            Mode::Lines => self.line.break_line(),
        }
    }

    /// Ends the paragraph.
    fn flush(&mut self) {
        if self.mode != Mode::Blocks {
            return self.break_line();
        }
        let text = self.line.take();
        let picture = self.picture.take();
        if !text.is_empty() {
            push(self.out, &self.kind, self.item.as_mut(), &text);
        } else if let Some(picture) = picture {
            self.out.push(BlockKind::Caption, &picture);
        }
    }

    fn item(&mut self, at: usize) {
        self.flush();
        let node = &self.tree.nodes[at];
        let marker = self.lists.last_mut().map_or(Some("• ".to_owned()), |list| list.next(node));
        if self.mode == Mode::Lines {
            if let Some(marker) = marker {
                self.line.push(&marker);
            }
            return self.inside(at);
        }
        let outer = self.item.replace(Item { marker, begun: false });
        self.inside(at);
        self.item = outer;
    }

    fn preformatted(&mut self, at: usize) {
        self.flush();
        let mut text = Line::default();
        for node in &self.tree.nodes[at..self.tree.nodes[at].end] {
            if node.name == "br" {
                text.push_verbatim("\n");
            }
            text.push_verbatim(&node.text);
        }
        let text = text.take();
        if self.mode == Mode::Lines {
            self.line.push_verbatim(&text);
            return self.flush();
        }
        // An empty line ends a paragraph; the indent of the lines stays.
        let mut from = 0;
        let mut end = 0;
        for line in text.split_inclusive('\n') {
            if line.trim_matches(is_space).is_empty() {
                push(self.out, &self.kind, self.item.as_mut(), &text[from..end]);
                from = end + line.len();
            }
            end += line.len();
        }
        push(self.out, &self.kind, self.item.as_mut(), &text[from.min(end)..]);
    }

    fn table(&mut self, at: usize) {
        let around = at < self.core.0 && self.core.1 <= self.tree.nodes[at].end;
        if around || is_layout(self.tree, at) {
            return self.layout(at);
        }
        self.flush();
        let (mut draft, caption) = read_table(self.tree, at, |cell| self.cell(cell));
        if let Some(caption) = caption {
            let text = self.cell(caption);
            self.out.push(BlockKind::Caption, &text);
            draft.caption = Some(text).filter(|text| !text.is_empty());
        }
        self.out.table(draft);
    }

    /// Walks through a table that only arranges blocks.
    fn layout(&mut self, at: usize) {
        let before = self.lists.len();
        self.inside(at);
        self.lists.truncate(before);
    }

    /// The text of a cell: its blocks as lines.
    fn cell(&mut self, at: usize) -> String {
        let mut none = Builder::default();
        let mut walker = Walker::new(self.tree, self.dropped, Mode::Lines, &mut none);
        walker.children(at);
        walker.line.take()
    }

    fn picture(&mut self, node: &Node<'_>) {
        let alone = self.line.is_empty() && !node.linked && self.mode == Mode::Blocks;
        if !alone || self.captioned {
            return;
        }
        let text = node.attribute("alt").unwrap_or_default();
        let text = text.trim_matches(is_space);
        if is_description(text) {
            self.picture = Some(text.to_owned());
        }
    }
}

/// Adds a text as what it is; the first of an item has its marker.
fn push(out: &mut Builder, kind: &BlockKind, item: Option<&mut Item>, text: &str) {
    match item {
        Some(item) if *kind == BlockKind::Paragraph && !item.begun => {
            item.begun = true;
            // A page may write the marker itself.
            let own = marker(text).is_some();
            let given = item.marker.take().filter(|_| !own).unwrap_or_default();
            out.item(&(given + text));
        }
        _ => out.push(kind.clone(), text),
    }
}

/// Whether a picture's description says something: a file's name does not.
fn is_description(text: &str) -> bool {
    let name = text.rsplit_once('.').is_some_and(|(_, end)| {
        (2..=4).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    // An identifier such as `600123_0` comes from a program.
    let identifier = |word: &str| {
        word.contains('_')
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    text.chars().count() >= 4
        && text.chars().any(char::is_alphabetic)
        && !name
        && !text.split_whitespace().any(identifier)
}

/// Whether the page does not show an element.
pub(super) fn is_hidden(node: &Node<'_>) -> bool {
    if node.name.is_empty() {
        return false;
    }
    let style = || {
        let style: Cow<'_, str> = node.attribute("style").unwrap_or_default();
        let style: String = style.chars().filter(|ch| !ch.is_whitespace()).collect();
        let style = style.to_ascii_lowercase();
        style.contains("display:none") || style.contains("visibility:hidden")
    };
    node.attribute("hidden").is_some_and(|value| value != "false")
        || node.attribute("aria-hidden").is_some_and(|value| value.eq_ignore_ascii_case("true"))
        || style()
}

/// The words of an attribute, in lower case.
fn words(node: &Node<'_>, name: &str) -> Vec<String> {
    let value = node.attribute(name).unwrap_or_default().to_ascii_lowercase();
    value.split_ascii_whitespace().map(str::to_owned).collect()
}

/// Whether an element holds footnotes, by its role, its type in an e-book, or its class.
pub(super) fn is_note(node: &Node<'_>) -> bool {
    const NAMES: [&str; 10] = [
        "footnote",
        "footnotes",
        "rearnote",
        "rearnotes",
        "endnote",
        "endnotes",
        "doc-footnote",
        "doc-endnote",
        "doc-endnotes",
        "footnote-definition",
    ];
    matches!(node.name.as_ref(), "aside" | "div" | "section" | "p" | "ol" | "li")
        && has_name(node, &NAMES)
}

/// The text of a small element; `None` if it has more than a mark has.
fn mark(tree: &Tree<'_>, at: usize) -> Option<String> {
    let end = tree.nodes[at].end;
    let text: String =
        tree.nodes[at..end.min(at + 8)].iter().map(|node| node.text.trim()).collect();
    (end <= at + 8 && text.chars().count() <= 8).then_some(text)
}

/// Whether a link leads from a note back into the text: by its role or class, or a mark or a word
/// alone.
fn is_back_link(tree: &Tree<'_>, at: usize, kind: &BlockKind) -> bool {
    const NAMES: [&str; 5] =
        ["doc-backlink", "backlink", "footnote-back", "footnote-backref", "footnote-return"];
    const WORDS: [&str; 5] = ["返回", "返回正文", "回到正文", "back", "return"];
    let node = &tree.nodes[at];
    let Some(text) = mark(tree, at) else { return false };
    let inside = || node.attribute("href").is_some_and(|to| to.contains('#'));
    !text.is_empty() && text.chars().all(|ch| matches!(ch, '↩' | '↑' | '^' | '\u{FE0E}' | '⏎'))
        || *kind == BlockKind::Note
            && inside()
            && (WORDS.contains(&text.to_ascii_lowercase().as_str()) || has_name(node, &NAMES))
}

/// Whether an element's role, its type in an e-book or its class is one of these.
fn has_name(node: &Node<'_>, names: &[&str]) -> bool {
    ["role", "epub:type", "class"]
        .iter()
        .any(|name| words(node, name).iter().any(|word| names.contains(&word.as_str())))
}
