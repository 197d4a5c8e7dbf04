//! Reads web pages: as saved from a browser, and pieces of HTML in other formats.
//!
//! Bytes become text (`charset`), text becomes `tokens` with their `entities`, tokens a `tree`.
//! Of a page, `content` finds what it is about and `about` its title, date and publisher; `walk`
//! makes blocks of it, with `line` for white space, `lists` for markers and `table` for tables;
//! `margin` flags the lines that stand around an article. A piece is walked whole.
//!
//! Dropped: navigation, lists of links beside an article, share boxes, widgets, comments, scripts,
//! controls, and what the page hides (with a warning where that is much). Not read: what a script
//! would fetch, pictures, pages in frames (with a warning where there is nothing else).
//!
//! Limits: four million elements; nesting is read to a depth of 200.

mod about;
mod charset;
mod content;
mod entities;
mod line;
mod lists;
mod margin;
mod table;
mod tokens;
mod tree;
mod walk;
mod xml;

use crate::builder::{Builder, Given};
use crate::document::{Document, Format};
use crate::error::ParseError;
pub(crate) use charset::decode_page;
use tree::Tree;
pub(crate) use xml::{Element, elements};

/// Hidden text of more characters than this is worth a warning.
const HIDDEN: usize = 200;

/// Reads a web page.
///
/// # Errors
/// If it has no text or too many elements.
pub(crate) fn parse(_name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let mut builder = Builder::default();
    let given = page(&decode_page(bytes, None)?, &mut builder)?;
    builder.finish(Format::Html, given)
}

/// Adds the blocks of a page's main content; gives what the page says about itself.
///
/// # Errors
/// If it has too many elements.
pub(crate) fn page(html: &str, builder: &mut Builder) -> Result<Given, ParseError> {
    let tree = Tree::read(html)?;
    let mut content = content::content(&tree);
    let about = about::about(&tree, &content.dropped, content.core);
    content.keep(&tree, about.title);
    let before = builder.blocks.len();
    walk::walk(&tree, &content.dropped, content.core, builder);
    margin::flag(&mut builder.blocks[before..]);
    if let Some(title) = &about.given.title {
        margin::flag_repeats(title, &mut builder.blocks[before..]);
    }
    warn(&tree, content.hidden, builder);
    let frames = tree.nodes.iter().filter(|node| matches!(node.name.as_ref(), "frame" | "iframe"));
    if builder.blocks.len() == before && frames.count() > 0 {
        builder.warn("the page only shows other pages in frames; save those pages themselves");
        return Ok(about.given);
    }
    if builder.blocks.len() == before {
        return Ok(Given::default());
    }
    Ok(about.given)
}

/// Adds the blocks of a piece of HTML, all of it: nothing is taken for navigation. What cannot be
/// read becomes a warning.
pub(crate) fn blocks_of(html: &str, builder: &mut Builder) {
    match Tree::read(html) {
        Ok(tree) => {
            walk::walk(&tree, &walk::hidden(&tree), (0, 0), builder);
            warn(&tree, 0, builder);
        }
        Err(error) => builder.warn(error.to_string()),
    }
}

/// How many characters of a piece are in links, and how many there are.
pub(crate) fn linked_share(html: &str) -> (usize, usize) {
    let Ok(tree) = Tree::read(html) else { return (0, 0) };
    let (mut linked, mut all) = (0, 0);
    let mut at = 0;
    while let Some(node) = tree.nodes.get(at) {
        let chars = node.text.chars().filter(|ch| !ch.is_whitespace()).count();
        all += chars;
        linked += if node.linked { chars } else { 0 };
        at = if walk::is_silent(&node.name) { node.end } else { at + 1 };
    }
    (linked, all)
}

fn warn(tree: &Tree<'_>, hidden: usize, builder: &mut Builder) {
    if tree.cut {
        builder.warn("elements are nested too deep: their text was read, their structure was not");
    }
    if hidden > HIDDEN {
        builder.warn(format!("{hidden} characters that the page hides were left out"));
    }
}

#[cfg(test)]
mod tests;
