//! Tags, comments and entities out of a text: what is left are its lines.
//!
//! Only names that HTML knows are taken for tags, so that `a < b` and `<某某>` stay as they are.
//! Tags of blocks (`p`, `br`, `h2`, `li`, …) end a line, all others vanish. Scripts and styles are
//! dropped with their content; comments and page marks (`<PAGE_DIV>`) are dropped.

use crate::builder::is_space;

/// A line of text without its markup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// The text, trimmed.
    pub(super) text: String,
    /// The level, if a tag said that it is a heading.
    pub(super) heading: Option<u8>,
    /// Whether a tag said that it is a list item.
    pub(super) item: bool,
}

/// A tag or comment that is longer than this, in bytes, is text.
const LONGEST_TAG: usize = 4096;

const INLINE: [&str; 22] = [
    "a", "abbr", "b", "big", "code", "em", "font", "i", "img", "label", "mark", "meta", "link",
    "page_div", "small", "span", "strong", "sub", "sup", "tt", "u", "video",
];
const BLOCKS: [&str; 27] = [
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "figure",
    "footer",
    "header",
    "head",
    "hr",
    "html",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "title",
    "tr",
    "ul",
];
const CELLS: [&str; 2] = ["td", "th"];
const DROPPED: [&str; 3] = ["script", "style", "noscript"];

/// The lines of a text, empty ones included: they show where a list or a paragraph ends.
pub(super) fn lines(source: &str) -> Vec<Line> {
    let mut out = Lines::default();
    let mut rest = source;
    while let Some(at) = rest.find(['<', '&', '\n', '\r']) {
        out.line.text.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = match rest.as_bytes()[0] {
            b'<' => out.tag(rest),
            b'&' => out.entity(rest),
            _ => {
                out.end();
                rest.strip_prefix("\r\n").unwrap_or(&rest[1..])
            }
        };
    }
    out.line.text.push_str(rest);
    out.end();
    out.done
}

#[derive(Default)]
struct Lines {
    done: Vec<Line>,
    line: Line,
}

impl Lines {
    fn end(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        // A heading or item goes on until its closing tag.
        (self.line.heading, self.line.item) = (line.heading, line.item);
        line.text = line.text.trim_matches(is_space).to_owned();
        self.done.push(line);
    }

    /// Takes the tag or comment that `rest` begins with; gives what follows it.
    fn tag<'a>(&mut self, rest: &'a str) -> &'a str {
        if let Some(comment) = rest.strip_prefix("<!--")
            && let Some(end) = comment.find("-->")
        {
            return &comment[end + 3..];
        }
        let Some(tag) = Tag::read(rest) else {
            self.line.text.push('<');
            return &rest[1..];
        };
        let after = &rest[tag.len..];
        let name = tag.name.as_str();
        if DROPPED.contains(&name) {
            return if tag.closing { after } else { behind_closing(after, name) };
        }
        if CELLS.contains(&name) {
            if tag.closing {
                self.line.text.push('\t');
            }
        } else if let Some(level) = heading(name) {
            self.end();
            self.line.heading = (!tag.closing).then_some(level);
        } else if name == "li" {
            self.end();
            self.line.item = !tag.closing;
        } else if BLOCKS.contains(&name) {
            self.end();
        }
        after
    }

    /// Takes the entity that `rest` begins with; gives what follows it.
    fn entity<'a>(&mut self, rest: &'a str) -> &'a str {
        let name = rest[1..].find(';').filter(|end| *end <= 8).map(|end| &rest[1..=end]);
        match name.and_then(|name| Some((name.len() + 2, decode(name)?))) {
            Some((len, ch)) => {
                self.line.text.push(ch);
                &rest[len..]
            }
            None => {
                self.line.text.push('&');
                &rest[1..]
            }
        }
    }
}

struct Tag {
    /// In lower case.
    name: String,
    closing: bool,
    /// In bytes, with its brackets.
    len: usize,
}

impl Tag {
    fn read(rest: &str) -> Option<Self> {
        let inner = &rest[1..];
        let end = inner.find('>').filter(|end| *end <= LONGEST_TAG)?;
        let inner = &inner[..end];
        let closing = inner.starts_with('/');
        let name = inner.trim_start_matches('/');
        let stop = name.find(|ch: char| !ch.is_ascii_alphanumeric() && ch != '_');
        let name = name[..stop.unwrap_or(name.len())].to_ascii_lowercase();
        let known = |names: &[&str]| names.contains(&name.as_str());
        let known = known(&INLINE)
            || known(&BLOCKS)
            || known(&CELLS)
            || known(&DROPPED)
            || name == "li"
            || heading(&name).is_some()
            || inner.to_ascii_lowercase().starts_with("!doctype");
        known.then_some(Self { name, closing, len: end + 2 })
    }
}

fn heading(name: &str) -> Option<u8> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

fn behind_closing<'a>(rest: &'a str, name: &str) -> &'a str {
    let closing = format!("</{name}");
    let at = rest
        .as_bytes()
        .windows(closing.len())
        .position(|window| window.eq_ignore_ascii_case(closing.as_bytes()));
    match at.and_then(|at| Some(at + rest[at..].find('>')? + 1)) {
        Some(end) => &rest[end..],
        None => "",
    }
}

fn decode(name: &str) -> Option<char> {
    match name {
        "nbsp" => Some(' '),
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "ldquo" => Some('“'),
        "rdquo" => Some('”'),
        "middot" => Some('·'),
        "mdash" => Some('—'),
        "hellip" => Some('…'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|ch| !ch.is_control())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        lines(source).into_iter().map(|line| line.text).filter(|text| !text.is_empty()).collect()
    }

    #[test]
    fn markup_goes_and_text_stays() {
        let cases: &[(&str, &[&str])] = &[
            ("<p>甲&nbsp;乙</p> <p><b>丙</b>丁</p>", &["甲 乙", "丙丁"]),
            ("<!-- 注 --><p class=\"x\">甲<br/>乙</p>", &["甲", "乙"]),
            ("若 a < b，则<某某>成立", &["若 a < b，则<某某>成立"]),
            ("甲&#20057;&#x4E19;&unknown;&", &["甲乙丙&unknown;&"]),
            ("<style>p{}</style>甲<SCRIPT>x<y</SCRIPT>乙", &["甲乙"]),
            ("一页。<PAGE_DIV> ", &["一页。"]),
            ("\r\n甲\r\n乙\r丙", &["甲", "乙", "丙"]),
            ("<script>没有结尾", &[]),
            ("<tr><td>甲</td><td>乙</td></tr>", &["甲\t乙"]),
            ("<", &["<"]),
            ("<!-- 没有结尾", &["<!-- 没有结尾"]),
        ];
        for (source, expected) in cases {
            assert_eq!(texts(source), *expected, "{source}");
        }
    }

    #[test]
    fn headings_and_items_by_tag() {
        let found = lines("<h2>标题</h2><ul><li>甲</li><li>乙</li></ul>丙");
        let kept: Vec<_> = found.iter().filter(|line| !line.text.is_empty()).collect();
        assert_eq!(kept[0].heading, Some(2));
        assert_eq!(
            kept.iter().map(|line| line.item).collect::<Vec<_>>(),
            [false, true, true, false]
        );
    }
}
