//! Small XML files as a list of elements, for formats that hold pages and describe them in XML.

use super::entities::decode;
use super::tokens::{Token, Tokens, attribute};

/// Files of more elements than this are cut.
const MOST_ELEMENTS: usize = 200_000;

/// An element: its name without prefix, its attributes, the text up to the next tag.
#[derive(Debug)]
pub(crate) struct Element {
    name: String,
    attributes: String,
    /// The text behind its start tag.
    pub(crate) text: String,
}

impl Element {
    /// Whether this is its name, without a prefix and regard to case.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        attribute(&self.attributes, name).map(|value| decode(value).into_owned())
    }
}

/// The elements of a file in the order of their start tags. Entities that the file itself declares
/// stay as they are written.
pub(crate) fn elements(source: &str) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::new();
    let mut open = false;
    for token in Tokens::new(source) {
        match token {
            Token::Open(tag) if elements.len() < MOST_ELEMENTS => {
                let name = tag.name.rsplit_once(':').map_or(tag.name.as_ref(), |(_, name)| name);
                elements.push(Element {
                    name: name.to_owned(),
                    attributes: tag.attributes.to_owned(),
                    text: String::new(),
                });
                open = true;
            }
            Token::Text(text) if open => {
                if let Some(element) = elements.last_mut() {
                    element.text.push_str(&decode(text));
                }
            }
            Token::Verbatim(text) if open => {
                if let Some(element) = elements.last_mut() {
                    element.text.push_str(text);
                }
            }
            Token::Close(_) => open = false,
            _ => {}
        }
    }
    elements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_attributes_and_text() {
        let found = elements(
            "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><p:A x='1'><dc:title>甲&amp;&a;</dc:title>乙</p:A>",
        );
        assert!(found[0].is("a") && found[1].is("title"));
        assert_eq!(found[0].attribute("x").as_deref(), Some("1"));
        assert_eq!(found[1].text, "甲&&a;");
    }
}
