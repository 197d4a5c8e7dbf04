//! Markup to tokens: tags, text and the content of raw elements. Comments are dropped.
//!
//! The rules are those of the HTML standard (section 13.2.5, Tokenization) as far as they decide
//! what is text and what is a tag; nothing that a file can hold is an error. Every byte is looked
//! at a fixed number of times, so that no input takes more than linear time.

use std::borrow::Cow;

use memchr::memmem;

/// Elements whose content is no markup.
const RAW: [&str; 9] =
    ["script", "style", "title", "textarea", "noscript", "iframe", "noembed", "noframes", "xmp"];

/// A piece of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text in which entities are still to be read.
    Text(&'a str),
    /// Text that stands for itself (CDATA).
    Verbatim(&'a str),
    /// A start tag.
    Open(Tag<'a>),
    /// An end tag: its name in lower case.
    Close(Cow<'a, str>),
}

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// Its name in lower case.
    pub(super) name: Cow<'a, str>,
    /// What stands between the name and the bracket.
    pub(super) attributes: &'a str,
    /// Whether it ends with `/>`.
    pub(super) closed: bool,
}

/// The tokens of a source, in order.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    /// The raw element whose content comes next.
    raw: Option<Cow<'a, str>>,
    /// A quote or comment was found that never ends: from here on, quotes and comments are not
    /// followed, or looking for their ends would take quadratic time.
    open_quote: bool,
    open_comment: bool,
    open_data: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self { rest: source, raw: None, open_quote: false, open_comment: false, open_data: false }
    }

    /// Takes `len` bytes.
    fn take(&mut self, len: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(len);
        self.rest = rest;
        taken
    }

    /// The text in front of the next tag that is one.
    fn text(&mut self) -> &'a str {
        let bytes = self.rest.as_bytes();
        let tag = memchr::memchr_iter(b'<', bytes).find(|at| {
            let next = bytes.get(at + 1).copied().unwrap_or_default();
            let after = bytes.get(at + 2).copied().unwrap_or_default();
            next.is_ascii_alphabetic()
                || matches!(next, b'!' | b'?')
                || next == b'/' && after.is_ascii_alphabetic()
        });
        self.take(tag.unwrap_or(bytes.len()))
    }

    /// What a raw element holds: all up to its end tag.
    fn raw_text(&mut self, name: &str) -> &'a str {
        let bytes = self.rest.as_bytes();
        let end = memmem::find_iter(bytes, b"</").find(|at| {
            let own = bytes.get(at + 2..at + 2 + name.len());
            let after = bytes.get(at + 2 + name.len()).copied().unwrap_or(b'>');
            own.is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes()))
                && !after.is_ascii_alphanumeric()
        });
        self.take(end.unwrap_or(bytes.len()))
    }

    /// Takes a comment, a declaration or an instruction; gives the text in it if it is CDATA.
    fn declaration(&mut self) -> Option<&'a str> {
        if self.rest.starts_with("<!--") && !self.open_comment {
            if self.rest.starts_with("<!-->") {
                self.take(5);
                return None;
            }
            match memmem::find(&self.rest.as_bytes()[4..], b"-->") {
                Some(end) => {
                    self.take(4 + end + 3);
                    return None;
                }
                None => self.open_comment = true,
            }
        }
        if self.rest.starts_with("<![CDATA[") && !self.open_data {
            match memmem::find(self.rest.as_bytes(), b"]]>") {
                Some(end) => return Some(&self.take(end + 3)[9..end]),
                None => self.open_data = true,
            }
        }
        let mut end = memchr::memchr(b'>', self.rest.as_bytes());
        // A document type may declare entities between brackets.
        let inner = &self.rest[..end.unwrap_or_default()];
        if inner.contains('[')
            && inner.get(..9).is_some_and(|name| name.eq_ignore_ascii_case("<!doctype"))
        {
            let close = memmem::find(self.rest.as_bytes(), b"]>");
            end = close.map(|close| close + 1).or(end);
            self.open_data |= close.is_none();
        }
        self.take(end.map_or(self.rest.len(), |end| end + 1));
        None
    }

    /// Takes a tag.
    fn tag(&mut self) -> Token<'a> {
        let end = self.tag_end();
        let source = self.take(end);
        let inner = source.strip_suffix('>').unwrap_or(source);
        let inner = &inner[1..];
        let (closing, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        let stop = inner.find(|ch: char| ch.is_ascii_whitespace() || ch == '/');
        let (name, attributes) = inner.split_at(stop.unwrap_or(inner.len()));
        let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(name.to_ascii_lowercase())
        } else {
            Cow::Borrowed(name)
        };
        if closing {
            return Token::Close(name);
        }
        // In `<a href=/x/>` the last slash belongs to the address.
        let closed = attributes.ends_with('/') && {
            let before = attributes[..attributes.len() - 1].chars().next_back();
            let last = attributes.rsplit(|ch: char| ch.is_ascii_whitespace()).next();
            before.is_none_or(|ch| ch.is_ascii_whitespace() || matches!(ch, '"' | '\''))
                || last.is_none_or(|last| !last.contains('='))
        };
        if RAW.contains(&name.as_ref()) && !closed {
            self.raw = Some(name.clone());
        }
        Token::Open(Tag { name, attributes, closed })
    }

    /// Where the tag ends that the rest begins with: behind the first `>` outside quotes.
    fn tag_end(&mut self) -> usize {
        let bytes = self.rest.as_bytes();
        let first = memchr::memchr(b'>', bytes).map_or(bytes.len(), |end| end + 1);
        if self.open_quote || !bytes[..first].contains(&b'=') {
            return first;
        }
        let mut at = 1;
        let mut value = false;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'>' => return at + 1,
                b'"' | b'\'' if value => match memchr::memchr(*byte, &bytes[at + 1..]) {
                    Some(len) => at += len + 1,
                    None => {
                        self.open_quote = true;
                        return first;
                    }
                },
                _ => {}
            }
            value = *byte == b'=' || value && byte.is_ascii_whitespace();
            at += 1;
        }
        self.open_quote = true;
        first
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.raw.take() {
            let text = self.raw_text(&name);
            if !text.is_empty() {
                return Some(Token::Text(text));
            }
        }
        while !self.rest.is_empty() {
            let text = self.text();
            if !text.is_empty() {
                return Some(Token::Text(text));
            }
            if !self.rest.starts_with("<!") && !self.rest.starts_with("<?") {
                return Some(self.tag());
            }
            if let Some(text) = self.declaration() {
                return Some(Token::Verbatim(text));
            }
        }
        None
    }
}

/// The value of an attribute as it is written, entities included; empty if it has none.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let is_gap = |ch: char| ch.is_ascii_whitespace() || ch == '/';
    let mut rest = attributes.trim_start_matches(is_gap);
    while !rest.is_empty() {
        // A stray `=` begins a name.
        let start = usize::from(rest.starts_with('='));
        let end = rest[start..]
            .find(|ch: char| ch.is_ascii_whitespace() || matches!(ch, '=' | '/'))
            .map_or(rest.len(), |end| end + start);
        let own = &rest[..end];
        rest = rest[end..].trim_start_matches(|ch: char| ch.is_ascii_whitespace());
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start_matches(|ch: char| ch.is_ascii_whitespace());
            let quoted = after
                .chars()
                .next()
                .filter(|ch| matches!(ch, '"' | '\''))
                .and_then(|quote| after[1..].find(quote));
            (value, rest) = match quoted {
                Some(len) => (&after[1..=len], &after[len + 2..]),
                None => {
                    let len = after.find(|ch: char| ch.is_ascii_whitespace());
                    after.split_at(len.unwrap_or(after.len()))
                }
            };
        }
        if own.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = rest.trim_start_matches(is_gap);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str) -> Vec<String> {
        Tokens::new(source)
            .map(|token| match token {
                Token::Text(text) | Token::Verbatim(text) => text.to_owned(),
                Token::Open(tag) => format!(
                    "<{}{}{}>",
                    tag.name,
                    tag.attributes.trim_end_matches('/').trim_end(),
                    if tag.closed { "/" } else { "" }
                ),
                Token::Close(name) => format!("</{name}>"),
            })
            .collect()
    }

    #[test]
    fn tags_text_and_what_only_looks_like_them() {
        let cases: &[(&str, &[&str])] = &[
            ("<P Class=a>甲</P >", &["<p Class=a>", "甲", "</p>"]),
            ("<br/><br /><img src=x/>", &["<br/>", "<br/>", "<img src=x>"]),
            ("a < b <3 </ <b>", &["a < b <3 </ ", "<b>"]),
            ("甲<!-- <p> -->乙<!doctype x><?php > ?>", &["甲", "乙", " ?>"]),
            ("<!-->甲<!-- 没有结尾 <p>乙", &["甲", "乙"]),
            ("<a title='x>y' href=\"z\">甲", &["<a title='x>y' href=\"z\">", "甲"]),
            ("<a title=\"没有结尾>甲<b>乙", &["<a title=\"没有结尾>", "甲", "<b>", "乙"]),
            (
                "<script>if (a<b) '</p>'</SCRIPT>甲",
                &["<script>", "if (a<b) '</p>'", "</script>", "甲"],
            ),
            ("<title>甲</title><script/>乙", &["<title>", "甲", "</title>", "<script/>", "乙"]),
            ("<![CDATA[a<b>]]>甲", &["a<b>", "甲"]),
            ("<!DOCTYPE x [<!ENTITY a 'b'>]>甲", &["甲"]),
            ("甲<p", &["甲", "<p>"]),
            ("<p class=\"it's\">甲</p>", &["<p class=\"it's\">", "甲", "</p>"]),
            ("<p it's>甲", &["<p it's>", "甲"]),
        ];
        for (source, expected) in cases {
            assert_eq!(shown(source), *expected, "{source}");
        }
    }

    #[test]
    fn attributes_by_name() {
        let source = " href=/a/b?c=d  Class = \"x y\" hidden title='a=\"b\"' =odd data-x= / id=z/";
        let cases = [
            ("href", Some("/a/b?c=d")),
            ("class", Some("x y")),
            ("hidden", Some("")),
            ("title", Some("a=\"b\"")),
            ("data-x", Some("/")),
            ("id", Some("z/")),
            ("none", None),
        ];
        for (name, expected) in cases {
            assert_eq!(attribute(source, name), expected, "{name}");
        }
    }
}
