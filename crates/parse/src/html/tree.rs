//! Tokens to a tree, with the end tags that HTML lets a page leave out.
//!
//! The nodes stand in the order of the source and a node knows where its last descendant ends, so
//! that a subtree is a range. What the tree construction of the HTML standard moves (misnested
//! formatting, text between table cells) stays in its place here: its order is the text's order.
//! Nesting is bounded: a tag deeper than [`MOST_DEPTH`] opens nothing, its text belongs to the
//! innermost element that was opened. So the tree takes linear time and space, whatever the input,
//! where the standard's algorithm can take quadratic.

use std::borrow::Cow;

use super::entities::decode;
use super::tokens::{Tag, Token, Tokens, attribute};
use crate::builder::is_space;
use crate::error::ParseError;

/// Elements are nested at most this deep; no page that a person made comes near.
const MOST_DEPTH: usize = 200;
/// A page of more nodes than this is not read.
const MOST_NODES: usize = 4_000_000;

const VOID: [&str; 17] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
    "link", "meta", "param", "source", "track", "wbr",
];
/// Elements that begin a line of their own, and so end an open paragraph.
const BLOCKS: [&str; 43] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];
/// Elements out of which a tag inside does not reach.
const WALLS: [&str; 6] = ["table", "td", "th", "caption", "object", "template"];

/// An element or a text.
#[derive(Debug)]
pub(super) struct Node<'a> {
    /// The element's name in lower case; empty for a text.
    pub(super) name: Cow<'a, str>,
    attributes: &'a str,
    /// The text, if it is one.
    pub(super) text: Cow<'a, str>,
    /// Whether it is text of a link.
    pub(super) linked: bool,
    /// The node behind its last descendant.
    pub(super) end: usize,
}

impl Node<'_> {
    /// The value of an attribute, entities read.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        attribute(self.attributes, name).map(decode)
    }

    /// Whether it begins a line of its own.
    pub(super) fn is_block(&self) -> bool {
        BLOCKS.contains(&self.name.as_ref())
    }

    /// The level of a heading.
    pub(super) fn heading(&self) -> Option<u8> {
        match self.name.as_bytes() {
            [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
            _ => None,
        }
    }
}

/// A page.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    /// In the order of the source.
    pub(super) nodes: Vec<Node<'a>>,
    /// Whether tags were nested too deep.
    pub(super) cut: bool,
}

impl<'a> Tree<'a> {
    /// Reads a page.
    ///
    /// # Errors
    /// If it has too many elements.
    pub(super) fn read(source: &'a str) -> Result<Self, ParseError> {
        let mut maker = Maker {
            tree: Tree { nodes: Vec::new(), cut: false },
            open: Vec::new(),
            skipped: 0,
            linked: false,
            xml: source.trim_start_matches(is_space).starts_with("<?xml"),
        };
        for token in Tokens::new(source) {
            match token {
                Token::Text(text) => maker.text(decode(text)),
                Token::Verbatim(text) => maker.text(Cow::Borrowed(text)),
                Token::Open(tag) => maker.start(tag),
                Token::Close(name) => maker.end(&name),
            }
            if maker.tree.nodes.len() > MOST_NODES {
                return Err(ParseError::Limit(format!(
                    "the page has more than {MOST_NODES} elements; split it"
                )));
            }
        }
        maker.close(0);
        Ok(maker.tree)
    }

    /// The nodes right inside a node.
    pub(super) fn children(&self, of: usize) -> impl Iterator<Item = usize> {
        let end = self.nodes[of].end;
        self.siblings(of + 1, end)
    }

    /// The outermost nodes of a range.
    pub(super) fn siblings(&self, first: usize, end: usize) -> impl Iterator<Item = usize> {
        let next = move |at: &usize| Some(self.nodes[*at].end).filter(|at| *at < end);
        std::iter::successors(Some(first).filter(|at| *at < end), next)
    }
}

struct Maker<'a> {
    tree: Tree<'a>,
    /// The open elements, the innermost last.
    open: Vec<usize>,
    /// How many tags were too deep and have not ended.
    skipped: usize,
    linked: bool,
    /// Whether `<p/>` is an empty paragraph, as XML has it; in HTML the slash means nothing.
    xml: bool,
}

impl<'a> Maker<'a> {
    fn name(&self, depth: usize) -> &str {
        &self.tree.nodes[self.open[depth]].name
    }

    fn push(&mut self, name: Cow<'a, str>, attributes: &'a str, text: Cow<'a, str>) -> usize {
        let at = self.tree.nodes.len();
        let node = Node { name, attributes, text, linked: self.linked, end: at + 1 };
        self.tree.nodes.push(node);
        at
    }

    fn text(&mut self, text: Cow<'a, str>) {
        self.push(Cow::Borrowed(""), "", text);
    }

    /// Closes the innermost elements until `depth` are open.
    fn close(&mut self, depth: usize) {
        let end = self.tree.nodes.len();
        for at in self.open.drain(depth..) {
            self.tree.nodes[at].end = end;
        }
    }

    /// The depth of the innermost open element that is wanted, without going through a wall.
    fn find(&self, wanted: impl Fn(&str) -> bool, walls: &[&str]) -> Option<usize> {
        let mut depths = (0..self.open.len()).rev();
        let found = depths.find(|at| wanted(self.name(*at)) || walls.contains(&self.name(*at)))?;
        wanted(self.name(found)).then_some(found)
    }

    /// Closes the innermost open element of these names.
    fn end_open(&mut self, names: &[&str], walls: &[&str]) {
        if let Some(depth) = self.find(|name| names.contains(&name), walls) {
            self.close(depth);
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        let name: &str = &tag.name;
        // The page is one, however often it begins.
        if matches!(name, "html" | "body") && self.find(|open| open == name, &[]).is_some() {
            return;
        }
        if BLOCKS.contains(&name) {
            self.end_open(
                &["select", "svg", "math", "p"],
                &[&WALLS[..], &["button", "foreignobject"]].concat(),
            );
        }
        let table: &[&str] = &["table"];
        match name {
            "li" => self.end_open(&["li"], &["ul", "ol", "menu", "dir", "dl", "table", "td", "th"]),
            "dt" | "dd" => self.end_open(&["dt", "dd"], &["dl", "ul", "ol", "table", "td", "th"]),
            "td" | "th" => self.end_open(&["td", "th"], &["table", "tr"]),
            "tr" => self.end_open(&["tr"], table),
            "tbody" | "thead" | "tfoot" => {
                self.end_open(&["tbody", "thead", "tfoot", "caption", "colgroup"], table);
            }
            "option" | "optgroup" => self.end_open(&["option"], &["select", "optgroup"]),
            "rt" | "rp" | "rb" | "rtc" => self.end_open(&["rt", "rp", "rb"], &["ruby"]),
            "button" => self.end_open(&["button"], &WALLS),
            "a" => self.linked = attribute(tag.attributes, "href").is_some_and(|to| !to.is_empty()),
            _ => {}
        }
        if matches!(name, "td" | "th")
            && self.find(|name| name == "tr", table).is_none()
            && self.find(|name| name == "table", &[]).is_some()
        {
            self.enter(Cow::Borrowed("tr"), "");
        }
        let slash = self.xml || !BLOCKS.contains(&name) && name != "a";
        let empty = tag.closed && slash || VOID.contains(&name);
        if empty {
            self.push(tag.name, tag.attributes, Cow::Borrowed(""));
        } else {
            self.enter(tag.name, tag.attributes);
        }
    }

    fn enter(&mut self, name: Cow<'a, str>, attributes: &'a str) {
        let at = self.push(name, attributes, Cow::Borrowed(""));
        if self.open.len() < MOST_DEPTH {
            self.open.push(at);
        } else {
            self.skipped += 1;
            self.tree.cut = true;
        }
    }

    fn end(&mut self, name: &str) {
        if name == "a" {
            self.linked = false;
        }
        if matches!(name, "html" | "body") {
            return;
        }
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let found = match name {
            "table" => self.find(|open| open == name, &[]),
            "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "caption" => {
                self.find(|open| open == name, &["table"])
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.find(|open| matches!(open.as_bytes(), [b'h', b'1'..=b'6']), &WALLS)
            }
            _ if BLOCKS.contains(&name) => self.find(|open| open == name, &WALLS),
            // An inline element does not end the blocks that were begun inside it.
            _ => self.find(|open| open == name, &BLOCKS),
        };
        match found {
            Some(depth) => self.close(depth),
            None if matches!(name, "p" | "br") => {
                self.push(Cow::Borrowed("br"), "", Cow::Borrowed(""));
            }
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as nested brackets.
    fn shown(source: &str) -> String {
        fn show(tree: &Tree<'_>, at: usize, out: &mut String) {
            let node = &tree.nodes[at];
            out.push_str(&node.name);
            out.push_str(&node.text);
            if node.end > at + 1 {
                out.push('(');
                for child in tree.children(at) {
                    show(tree, child, out);
                    out.push(' ');
                }
                out.pop();
                out.push(')');
            }
        }
        let tree = Tree::read(source).unwrap();
        let mut out = String::new();
        for at in tree.siblings(0, tree.nodes.len()) {
            show(&tree, at, &mut out);
            out.push(' ');
        }
        out.trim_end().to_owned()
    }

    #[test]
    fn end_tags_that_are_left_out() {
        let cases = [
            ("<p>甲<p>乙<div>丙</div>", "p(甲) p(乙) div(丙)"),
            ("<ul><li>甲<ul><li>乙</ul><li>丙</ul>丁", "ul(li(甲 ul(li(乙))) li(丙)) 丁"),
            ("<dl><dt>甲<dd>乙<dt>丙</dl>", "dl(dt(甲) dd(乙) dt(丙))"),
            (
                "<table><tr><td>甲<td>乙<tr><td>丙</table>丁",
                "table(tr(td(甲) td(乙)) tr(td(丙))) 丁",
            ),
            ("<table><td>甲</table>", "table(tr(td(甲)))"),
            (
                "<table><thead><tr><th>甲<tbody><tr><td>乙</table>",
                "table(thead(tr(th(甲))) tbody(tr(td(乙))))",
            ),
            ("<table><tr><td><div>甲</td></tr></table></div>乙", "table(tr(td(div(甲)))) 乙"),
            ("<div><table><tr><td></div>甲</table>乙</div>", "div(table(tr(td(甲))) 乙)"),
            ("<b><p>甲</b>乙</p>丙", "b(p(甲 乙) 丙)"),
            ("<h2>甲</h3>乙", "h2(甲) 乙"),
            ("甲</p>乙</br>丙</span>", "甲 br 乙 br 丙"),
            ("<html><body>甲</body></html><body>乙", "html(body(甲 乙))"),
            ("<select><option>甲<option>乙<div>丙</div>", "select(option(甲) option(乙)) div(丙)"),
            ("<p/>甲<i/>乙<br>丙", "p(甲 i 乙 br 丙)"),
            ("<?xml version='1.0'?><p/>甲<a id='x'/>乙", "p 甲 a 乙"),
        ];
        for (source, expected) in cases {
            assert_eq!(shown(source), expected, "{source}");
        }
    }

    #[test]
    fn nesting_is_bounded_and_no_text_is_lost() {
        let deep = "<div>".repeat(100_000) + "甲" + &"</div>".repeat(100_000) + "乙";
        let tree = Tree::read(&deep).unwrap();
        assert!(tree.cut);
        let texts: String = tree.nodes.iter().map(|node| node.text.as_ref()).collect();
        assert_eq!(texts, "甲乙");
        assert_eq!(tree.siblings(0, tree.nodes.len()).count(), 2);
    }

    #[test]
    fn a_link_ends_where_its_tag_ends() {
        let tree = Tree::read("<a href=x><div>甲</a>乙</div><a name=y>丙</a>").unwrap();
        let linked: Vec<_> =
            tree.nodes.iter().filter(|n| !n.text.is_empty()).map(|node| node.linked).collect();
        assert_eq!(linked, [true, false, false]);
    }
}
