//! Walks the XML of a workbook's parts: opening tags, closing tags, text. Name prefixes are left
//! out of account. Damage ends the walk, and what was read until then stands.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesEnd, BytesStart, Event};

/// One step of the walk.
pub(super) enum Step<'a> {
    Open(BytesStart<'a>),
    Close(BytesEnd<'a>),
    Text(Cow<'a, str>),
}

/// A walk over one part.
pub(super) struct Walk<'a> {
    reader: Reader<&'a [u8]>,
    /// Whether the part is damaged or cut off.
    pub(super) damaged: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Self { reader, damaged: false }
    }

    /// The next step; `None` at the end.
    pub(super) fn step(&mut self) -> Option<Step<'a>> {
        loop {
            return Some(match self.reader.read_event() {
                Ok(Event::Start(tag)) => Step::Open(tag),
                Ok(Event::End(tag)) => Step::Close(tag),
                Ok(Event::Text(text)) => Step::Text(text.xml10_content()),
                Ok(Event::CData(text)) => Step::Text(text.xml10_content()),
                Ok(Event::GeneralRef(name)) => {
                    if let Ok(Some(ch)) = name.resolve_char_ref() {
                        Step::Text(Cow::Owned(ch.to_string()))
                    } else if let Some(text) = resolve_predefined_entity(&name) {
                        Step::Text(Cow::Borrowed(text))
                    } else {
                        continue;
                    }
                }
                Ok(Event::Eof) => return None,
                Ok(_) => continue,
                Err(_) => {
                    self.damaged = true;
                    return None;
                }
            });
        }
    }

    /// Goes behind the end of the element that was just opened.
    pub(super) fn skip(&mut self) {
        let mut depth = 1_u64;
        while depth > 0 {
            match self.step() {
                Some(Step::Open(_)) => depth += 1,
                Some(Step::Close(_)) => depth -= 1,
                Some(Step::Text(_)) => {}
                None => return,
            }
        }
    }

    /// The text up to the end of the element that was just opened, tags inside it left out.
    pub(super) fn text(&mut self) -> String {
        let mut out = String::new();
        let mut depth = 1_u64;
        while depth > 0 {
            match self.step() {
                Some(Step::Open(_)) => depth += 1,
                Some(Step::Close(_)) => depth -= 1,
                Some(Step::Text(text)) => out.push_str(&text),
                None => break,
            }
        }
        out
    }
}

/// The name of a tag without its prefix.
pub(super) fn name<'a>(tag: &'a BytesStart<'_>) -> &'a str {
    tag.local_name().into_inner()
}

/// The value of an attribute, by its name without the prefix.
pub(super) fn attribute<'a>(tag: &'a BytesStart<'_>, name: &str) -> Option<Cow<'a, str>> {
    let mut all = tag.attributes();
    let mut all = all.with_checks(false).flatten();
    let found = all.find(|attribute| attribute.key.local_name().into_inner() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).unwrap_or(found.value))
}

/// An attribute that is a whole number.
pub(super) fn number(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(tag, name)?.trim().parse().ok()
}

/// An attribute that says yes or no.
pub(super) fn flag(tag: &BytesStart<'_>, name: &str) -> bool {
    attribute(tag, name).is_some_and(|value| matches!(&*value, "1" | "true" | "on"))
}
