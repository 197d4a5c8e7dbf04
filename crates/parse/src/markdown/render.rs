//! Markdown to HTML, which `html` makes into blocks: so HTML inside Markdown, a page and Markdown
//! come out the same.
//!
//! What is told apart here is what HTML cannot say: whether a line of the source ends a paragraph,
//! tables without a header, asterisks that CommonMark leaves standing beside Chinese punctuation,
//! angle brackets that are no tags, and code blocks that are indented paragraphs of Chinese.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};

use crate::text::wrap::{Join, is_chinese, join, together, wrap_width};

/// Markdown of one part of a file as HTML.
pub(super) fn html_of(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM;
    let events: Vec<Event<'_>> = Parser::new_ext(markdown, options).collect();
    let mut renderer = Renderer {
        wrap: wrap_width(wrapped_pairs(markdown)),
        lower: markdown.to_ascii_lowercase(),
        out: Vec::with_capacity(events.len()),
        line: String::new(),
        heading: false,
        table_head: None,
        code: None,
        note: None,
    };
    for (at, event) in events.iter().enumerate() {
        renderer.event(event.clone(), &events[at + 1..]);
    }
    let mut out = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut out, renderer.out.into_iter());
    out
}

/// Lines that follow each other in a paragraph.
fn wrapped_pairs(markdown: &str) -> impl Iterator<Item = (&str, &str)> {
    let plain =
        |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with(['|', '#', '<']);
    let lines = markdown.lines().zip(markdown.lines().skip(1));
    lines.filter(move |(line, next)| plain(line) && plain(next))
}

struct Renderer<'a> {
    /// The width at which lines of this text are wrapped.
    wrap: Option<usize>,
    /// The source in lower case.
    lower: String,
    out: Vec<Event<'a>>,
    /// The text of the line so far.
    line: String,
    heading: bool,
    /// Where the head of the table that is being read begins in `out`; whether it has text.
    table_head: Option<(usize, bool)>,
    /// The text of an indented code block.
    code: Option<String>,
    /// The mark of the footnote that begins.
    note: Option<String>,
}

impl<'a> Renderer<'a> {
    fn event(&mut self, event: Event<'a>, next: &[Event<'a>]) {
        match event {
            Event::Text(text) => self.text(text),
            Event::Code(text) => {
                self.line.push_str(&text);
                self.filled();
                self.out.push(Event::Code(text));
            }
            Event::SoftBreak => self.soft_break(next),
            Event::HardBreak => {
                self.line.clear();
                self.out.push(Event::HardBreak);
            }
            Event::Html(text) if !is_markup(&text, &self.lower) => {
                let text = Event::Text(text.trim().to_owned().into());
                self.out.extend([
                    Event::Start(Tag::Paragraph),
                    text,
                    Event::End(TagEnd::Paragraph),
                ]);
            }
            Event::InlineHtml(text) if !is_markup(&text, &self.lower) => self.text(text),
            Event::InlineHtml(text) => self.out.push(Event::Html(text)),
            Event::FootnoteReference(name) => self.text(format!("[{name}]").into()),
            Event::Start(Tag::FootnoteDefinition(name)) => {
                self.line.clear();
                self.raw("<div class=\"footnote\">");
                self.note = Some(format!("[{name}] "));
            }
            Event::End(TagEnd::FootnoteDefinition) => self.raw("</div>"),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            event => self.out.push(event),
        }
    }

    fn raw(&mut self, html: &'static str) {
        self.out.push(Event::Html(CowStr::Borrowed(html)));
    }

    fn filled(&mut self) {
        if let Some((_, filled)) = &mut self.table_head {
            *filled = true;
        }
    }

    fn text(&mut self, text: CowStr<'a>) {
        if let Some(code) = &mut self.code {
            code.push_str(&text);
            return;
        }
        self.line.push_str(&text);
        self.filled();
        // One text in several events: asterisks that belong together may stand in two of them.
        match self.out.last_mut() {
            Some(Event::Text(last)) => *last = format!("{last}{text}").into(),
            _ => self.out.push(Event::Text(text)),
        }
    }

    fn soft_break(&mut self, next: &[Event<'a>]) {
        let line = std::mem::take(&mut self.line);
        let next = next_line(next);
        let ends = (line.trim_end().chars().next_back(), next.chars().next());
        let (Some(last), Some(first)) = ends else {
            self.out.push(Event::SoftBreak);
            return;
        };
        let joined = if self.heading || !is_chinese(&line) && !is_chinese(&next) {
            together(last, first)
        } else {
            join(&line, &next, self.wrap)
        };
        match joined {
            Join::Apart => self.out.push(Event::HardBreak),
            Join::Tight => {}
            Join::Spaced => self.out.push(Event::SoftBreak),
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        if !is_inline(&tag) {
            self.line.clear();
        }
        match tag {
            Tag::Heading { .. } => self.heading = true,
            Tag::Table(_) => return self.raw("<table>"),
            Tag::TableHead => {
                self.table_head = Some((self.out.len(), false));
                return self.raw("<thead><tr>");
            }
            Tag::TableRow => return self.raw("<tr>"),
            Tag::TableCell if self.table_head.is_some() => return self.raw("<th>"),
            Tag::TableCell => return self.raw("<td>"),
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                self.code = Some(String::new());
                return;
            }
            _ => {}
        }
        self.out.push(Event::Start(tag));
        if let Some(note) = self.note.take() {
            self.out.push(Event::Text(note.into()));
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.heading = false,
            TagEnd::Table => return self.raw("</table>"),
            TagEnd::TableHead => {
                self.raw("</tr></thead>");
                if let Some((begin, false)) = self.table_head.take() {
                    self.out.truncate(begin);
                }
                return;
            }
            TagEnd::Image => self.without_placeholder(),
            TagEnd::TableRow => return self.raw("</tr>"),
            TagEnd::TableCell => {
                self.unmarked();
                return self.raw(if self.table_head.is_some() { "</th>" } else { "</td>" });
            }
            TagEnd::CodeBlock => {
                if let Some(code) = self.code.take() {
                    return self.indented(&code);
                }
            }
            _ => {}
        }
        if matches!(tag, TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) {
            self.unmarked();
        }
        self.out.push(Event::End(tag));
    }

    /// Drops the description of the picture that ends if it says nothing.
    fn without_placeholder(&mut self) {
        let picture = |event: &Event<'_>| matches!(event, Event::Start(Tag::Image { .. }));
        let Some(begin) = self.out.iter().rposition(picture) else { return };
        let texts = self.out[begin..].iter().filter_map(|event| match event {
            Event::Text(text) => Some(&**text),
            _ => None,
        });
        if is_placeholder(&texts.collect::<String>()) {
            self.out.truncate(begin + 1);
        }
    }

    /// An indented code block; of Chinese, it is paragraphs with an indent.
    fn indented(&mut self, code: &str) {
        if !is_chinese(code) {
            let tag = Tag::CodeBlock(CodeBlockKind::Indented);
            let text = Event::Text(code.to_owned().into());
            self.out.extend([Event::Start(tag), text, Event::End(TagEnd::CodeBlock)]);
            return;
        }
        for line in code.lines().filter(|line| !line.trim().is_empty()) {
            let text = Event::Text(line.trim().to_owned().into());
            self.out.extend([Event::Start(Tag::Paragraph), text, Event::End(TagEnd::Paragraph)]);
        }
    }

    /// Takes out the pairs of asterisks that CommonMark left standing in the last paragraph.
    fn unmarked(&mut self) {
        let block = |event: &Event<'_>| match event {
            Event::Start(tag) => !is_inline(tag),
            Event::Html(text) => matches!(&**text, "<td>" | "<th>"),
            _ => false,
        };
        let count = |event: &Event<'_>| match event {
            Event::Text(text) => strong_marks(text).count(),
            _ => 0,
        };
        let begin = self.out.iter().rposition(block).unwrap_or(0);
        let marks: usize = self.out[begin..].iter().map(count).sum();
        if marks == 0 || !marks.is_multiple_of(2) {
            return;
        }
        for event in &mut self.out[begin..] {
            if let Event::Text(text) = event
                && strong_marks(text).next().is_some()
            {
                let mut kept = String::with_capacity(text.len());
                let mut from = 0;
                for at in strong_marks(text) {
                    kept.push_str(&text[from..at]);
                    from = at + 2;
                }
                kept.push_str(&text[from..]);
                *text = kept.into();
            }
        }
    }
}

/// Where `**` stands in a text as a mark; between letters or digits of ASCII it is an operator.
fn strong_marks(text: &str) -> impl Iterator<Item = usize> {
    let ascii = |ch: Option<char>| ch.is_some_and(|ch| ch.is_ascii_alphanumeric() || ch == '*');
    let marks = text.match_indices("**").map(|(at, _)| at);
    marks.filter(move |at| {
        !(ascii(text[..*at].chars().next_back()) && ascii(text[at + 2..].chars().next()))
    })
}

/// Whether the description of a picture is what a program puts in: `image-20230101`, `图片 3`.
fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "image",
        "img",
        "picture",
        "pic",
        "photo",
        "figure",
        "fig",
        "screenshot",
        "media",
        "alt",
        "图片",
        "图像",
        "插图",
        "截图",
    ];
    let lower = text.trim().to_lowercase();
    let counted = |rest: &str| {
        rest.chars().all(|ch| ch.is_ascii_digit() || matches!(ch, ' ' | '-' | '_' | '.' | ':'))
    };
    WORDS.iter().any(|word| lower.strip_prefix(word).is_some_and(counted))
        || lower.chars().all(|ch| ch.is_ascii_hexdigit() || matches!(ch, '-' | '_'))
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}

/// The text up to the next line break or the end of the paragraph.
fn next_line(events: &[Event<'_>]) -> String {
    let mut line = String::new();
    for event in events {
        match event {
            Event::Text(text) | Event::Code(text) => line.push_str(text),
            Event::Start(tag) if is_inline(tag) => {}
            Event::End(
                TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image,
            ) => {}
            Event::InlineHtml(_) | Event::FootnoteReference(_) => {}
            _ => break,
        }
    }
    line
}

/// Elements whose content is read as text up to their end tag.
const RAW: [&str; 9] =
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext"];
/// Elements of HTML as articles use them, in lower case; other names in angle brackets are text.
const ELEMENTS: &str = " a abbr address article aside audio b base big blockquote body br button \
    canvas caption center cite code col colgroup dd del details dfn dir div dl dt em embed \
    fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr \
    html i img input ins kbd label legend li link main map mark menu meta nav noscript object ol \
    option optgroup p param picture pre progress q rp rt ruby s samp section select small source \
    span strike strong sub summary sup svg path g circle rect line polygon table tbody td \
    template tfoot th thead time tr track tt u ul var video wbr math ";

/// Whether a name is that of an HTML element.
pub(crate) fn is_element(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !name.is_empty() && (ELEMENTS.contains(&format!(" {name} ")) || RAW.contains(&name.as_str()))
}

/// The name of the tag that a text begins with.
pub(crate) fn tag_name(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('<')?;
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let end = inner.find(|ch: char| !ch.is_ascii_alphanumeric()).unwrap_or(inner.len());
    // A name may go on with what no element has: `<my-widget>`, `<o:p>`.
    let ended =
        inner[end..].chars().next().is_none_or(|ch| matches!(ch, ' ' | '\t' | '\n' | '>' | '/'));
    (end > 0 && ended).then_some(&inner[..end])
}

/// Whether a piece of the source is HTML. An element that would swallow the rest of the text, since
/// it never ends, is none.
fn is_markup(text: &str, lower: &str) -> bool {
    let text = text.trim_start();
    // The middle of a block of HTML, a declaration, an element of a vocabulary: `<o:p>`.
    let Some(name) = tag_name(text).map(str::to_ascii_lowercase) else { return true };
    is_element(&name) && (!RAW.contains(&name.as_str()) || lower.contains(&format!("</{name}")))
}
