//! Reads a web page.

mod entities;
mod line;
mod lists;
mod table;
mod tokens;
mod tree;
mod walk;

use crate::builder::{Builder, Given};
use crate::document::{Document, Format};
use crate::encoding::decode;
use crate::error::ParseError;
use tree::Tree;

/// Reads a web page.
///
/// # Errors
/// If it has no text or too many elements.
pub fn parse(_name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    parse_text(&decode(bytes)?, true)
}

/// Reads a page that is decoded; `main_only` chooses its main content.
///
/// # Errors
/// As [`parse`].
pub(crate) fn parse_text(html: &str, main_only: bool) -> Result<Document, ParseError> {
    let _ = main_only;
    let mut builder = Builder::default();
    blocks_of(html, &mut builder);
    builder.finish(Format::Html, Given::default())
}

/// Adds the blocks of a piece of HTML, all of it: nothing is taken for navigation. What cannot be
/// read becomes a warning.
pub(crate) fn blocks_of(html: &str, builder: &mut Builder) {
    match Tree::read(html) {
        Ok(tree) => {
            walk::walk(&tree, &[], (0, tree.nodes.len()), builder);
            if tree.cut {
                builder.warn("tags are nested too deep: some structure is lost, no text");
            }
        }
        Err(error) => builder.warn(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
