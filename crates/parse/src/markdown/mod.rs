//! Reads Markdown: CommonMark with tables, footnotes and strikethrough, HTML inside it, posts of
//! static sites with their front matter, and what converters from PDF write.
//!
//! A file goes through four steps: `front` reads its front matter, `prepare` takes out what is no
//! Markdown, `pipes` makes its tables whole, `render` turns it into HTML, which `html` makes into
//! blocks. The detour is on purpose: Markdown holds HTML anywhere, down to half a table, and there
//! is one reader of it.
//!
//! In Chinese text a line that ends as a sentence ends a paragraph; elsewhere, and where lines are
//! wrapped, lines join. A formula is the text it shows. Dropped are comments, marks of pages and
//! contents, templates' tags and the settings in the front matter. A paragraph numbered like the
//! headings is a heading; links alone at the end lead to other pages and are furniture.

mod front;
mod inline;
mod latex;
mod navigation;
mod pipes;
mod prepare;
mod render;

use crate::builder::{Builder, Given};
use crate::document::{Document, Format};
use crate::encoding::decode_counted;
use crate::error::ParseError;
use crate::html;
use crate::meta::first_date;
use crate::text::contents::mark_contents;
use crate::text::outline::promote_like_headings;
use navigation::mark_navigation;

pub(crate) use render::{is_element, tag_name};

/// Reads Markdown.
///
/// # Errors
/// If the bytes are no text or hold nothing to read.
pub(crate) fn parse(name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let read = decode_counted(bytes, None)?;
    let mut builder = Builder::default();
    read.warn(&mut builder);
    let (front, body) = front::split(&read.text);
    let template = front.is_some();
    let mut given = front.unwrap_or_default();
    if template && given.published.is_none() {
        // Posts are named by their date: 2023-05-04-title.md.
        given.published = first_date(name.rsplit('/').next().unwrap_or(name));
    }
    finish(builder, body, given, template)
}

/// Whether a text begins with front matter.
pub(crate) fn begins_with_front_matter(text: &str) -> bool {
    front::split(text).0.is_some()
}

/// Reads a text that is decoded, without front matter.
pub(crate) fn blocks_of(markdown: &str, builder: &mut Builder) {
    html::blocks_of(&html_of(markdown, false), builder);
}

fn html_of(markdown: &str, template: bool) -> String {
    let mut page = String::with_capacity(markdown.len() * 2);
    for part in pipes::parts(&prepare::prepare(markdown, template)) {
        let html = render::html_of(&part.text);
        if part.note {
            page.push_str("<div class=\"footnote\">");
        }
        page.push_str(&html);
        if part.note {
            page.push_str("</div>");
        }
    }
    page
}

fn finish(
    mut builder: Builder,
    body: &str,
    given: Given,
    template: bool,
) -> Result<Document, ParseError> {
    html::blocks_of(&html_of(body, template), &mut builder);
    mark_contents(&mut builder.blocks);
    promote_like_headings(&mut builder.blocks);
    mark_navigation(body, &mut builder.blocks);
    builder.finish(Format::Markdown, given)
}

#[cfg(test)]
mod tests;
