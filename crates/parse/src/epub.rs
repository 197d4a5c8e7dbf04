//! Reads electronic books (EPUB 2 and 3).
//!
//! `META-INF/container.xml` leads to the package document, which has the title, the author and the
//! date, the files and the order in which they are read (the spine). Every file of the spine is
//! walked whole; tables of contents are kept as furniture, a cover without text gives nothing.
//! Footnotes become notes. Not read: pictures, sound, fixed layouts that are pictures alone, files
//! outside the spine.
//!
//! Both XML files are read with the tokens of HTML, which know no entities of their own, so that
//! an entity cannot grow. Limits: those of a package; ten thousand files in the spine.

use std::collections::{BTreeMap, BTreeSet};

use crate::builder::{Builder, Given};
use crate::document::{BlockKind, Document, Format, Furniture};
use crate::error::ParseError;
use crate::html::{self, Element};
use crate::meta::first_date;
use crate::package::Package;

/// What it is, for messages.
const WHAT: &str = "electronic book";
/// A spine of more files than this is cut.
const MOST_FILES: usize = 10_000;
/// A file with this share of its lines in links to other places, in percent, is a table of contents.
const CONTENTS: usize = 80;

/// Reads an electronic book.
///
/// # Errors
/// If it is damaged, protected, over a limit, or has no text.
pub(crate) fn parse(_name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let mut package = Package::open(WHAT, bytes)?;
    let book = Book::read(&mut package)?;
    let protected = protected(&mut package)?;
    let mut builder = Builder::default();
    if book.spine.len() > MOST_FILES {
        builder.warn(format!("only the first {MOST_FILES} files of the book are read"));
    }
    for path in book.spine.iter().take(MOST_FILES) {
        if protected.contains(path) {
            return Err(ParseError::Protected(WHAT));
        }
        let Some(bytes) = package.read(path)? else {
            builder.warn("a chapter that the book names is not in it");
            continue;
        };
        chapter(&html::decode_page(&bytes, None)?, book.contents.contains(path), &mut builder);
    }
    builder.finish(Format::Epub, book.given)
}

/// Adds a file of the spine.
fn chapter(html: &str, contents: bool, builder: &mut Builder) {
    let before = builder.blocks.len();
    html::blocks_of(html, builder);
    if contents || is_contents(html) {
        for block in &mut builder.blocks[before..] {
            block.kind = BlockKind::Paragraph;
            block.furniture = Some(Furniture::Contents);
        }
    }
}

/// Whether nearly all of a file's text is links.
fn is_contents(html: &str) -> bool {
    let (linked, all) = html::linked_share(html);
    linked > 0 && linked * 100 >= all * CONTENTS
}

/// What the package document says.
struct Book {
    given: Given,
    /// The files in the order in which they are read.
    spine: Vec<String>,
    /// Those that are tables of contents.
    contents: BTreeSet<String>,
}

impl Book {
    fn read(package: &mut Package<'_>) -> Result<Self, ParseError> {
        let damaged =
            |reason: &str| ParseError::Damaged { format: WHAT, reason: reason.to_owned() };
        let container = text(package, "META-INF/container.xml")?.unwrap_or_default();
        let root = html::elements(&container).into_iter().find_map(|element| {
            (element.is("rootfile")).then(|| element.attribute("full-path")).flatten()
        });
        let named = || package.names().iter().find(|name| name.ends_with(".opf")).cloned();
        let path = root.or_else(named).ok_or_else(|| damaged("it has no package document"))?;
        let source = text(package, &path)?;
        let source = source.ok_or_else(|| damaged("its package document is missing"))?;
        let elements = html::elements(&source);
        let spine = Self::files(&elements, &path);
        if spine.0.is_empty() {
            return Err(damaged("it names no chapters"));
        }
        Ok(Self { given: given(&elements), spine: spine.0, contents: spine.1 })
    }

    /// The files of the spine, and those among them that are tables of contents.
    fn files(elements: &[Element], package: &str) -> (Vec<String>, BTreeSet<String>) {
        let mut files: BTreeMap<String, (String, bool)> = BTreeMap::new();
        for item in elements.iter().filter(|element| element.is("item")) {
            let kind = item.attribute("media-type").unwrap_or_default();
            let text = kind.contains("html") || kind.contains("xml") && !kind.contains("svg");
            let nav = item.attribute("properties").unwrap_or_default();
            let nav = nav.split_ascii_whitespace().any(|word| word == "nav");
            if let (Some(id), Some(href), true) =
                (item.attribute("id"), item.attribute("href"), text)
            {
                files.insert(id, (resolve(package, &href), nav));
            }
        }
        let guide = elements.iter().filter(|element| element.is("reference"));
        let guide = guide.filter(|element| element.attribute("type").as_deref() == Some("toc"));
        let mut contents: BTreeSet<String> = guide
            .filter_map(|element| Some(resolve(package, &element.attribute("href")?)))
            .collect();
        let mut spine = Vec::new();
        let mut seen = BTreeSet::new();
        for item in elements.iter().filter(|element| element.is("itemref")) {
            let file = item.attribute("idref").and_then(|id| files.get(&id).cloned());
            let Some((path, nav)) = file else { continue };
            if nav {
                contents.insert(path.clone());
            }
            if seen.insert(path.clone()) {
                spine.push(path);
            }
        }
        (spine, contents)
    }
}

/// Title, author and date of the package document.
fn given(elements: &[Element]) -> Given {
    let first = |name: &str| {
        let mut found = elements.iter().filter(|element| element.is(name));
        found.find_map(|element| Some(element.text.trim()).filter(|text| !text.is_empty()))
    };
    let text =
        |name: &str| first(name).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    Given {
        title: text("title"),
        published: first("date").and_then(first_date),
        publisher: text("publisher").or_else(|| text("creator")),
    }
}

/// The files that are encrypted. Fonts may be obfuscated in a book that is not protected.
fn protected(package: &mut Package<'_>) -> Result<BTreeSet<String>, ParseError> {
    let source = text(package, "META-INF/encryption.xml")?.unwrap_or_default();
    let elements = html::elements(&source);
    let files = elements.iter().filter(|element| element.is("cipherreference"));
    Ok(files.filter_map(|element| Some(decoded(&element.attribute("uri")?))).collect())
}

fn text(package: &mut Package<'_>, name: &str) -> Result<Option<String>, ParseError> {
    let Some(bytes) = package.read(name)? else { return Ok(None) };
    Ok(Some(html::decode_page(&bytes, None)?.into_owned()))
}

/// The path of a file that another one names.
fn resolve(from: &str, href: &str) -> String {
    let href = href.split(['#', '?']).next().unwrap_or_default();
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    let href = decoded(href);
    for part in href.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// An address with its `%20` read.
fn decoded(href: &str) -> String {
    let bytes = href.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| href.get(at + 1..at + 3)).flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_chapters() {
        let cases = [
            ("OEBPS/content.opf", "text/a%20b.xhtml#x", "OEBPS/text/a b.xhtml"),
            ("content.opf", "./甲.html", "甲.html"),
            ("a/b/c.opf", "../../../d.html", "d.html"),
            ("c.opf", "%e7%94%b2%", "甲%"),
        ];
        for (from, href, expected) in cases {
            assert_eq!(resolve(from, href), expected, "{href}");
        }
    }
}
