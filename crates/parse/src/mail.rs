//! Reads mails (RFC 5322 with MIME) and web pages saved as one file (MHTML, RFC 2557).
//!
//! A mail gives its subject as the title, a line of who wrote to whom and when, and its text: the
//! HTML version where there is one, since it has the structure, else the plain one. Quoted mails
//! stay in the text. Attached files and mails become members; pictures inside the text are dropped.
//! Of a saved page the main content of its first HTML part is read, and of its frames where that
//! has none.
//!
//! Text in an encoding that the part does not declare is read as a page or a text without one
//! would be. Not read: encrypted and signed-only content beyond its text, TNEF (`winmail.dat`
//! stays a member). Limits: a thousand members.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{
    Addr, Address, DateTime, Encoding, HeaderName, Message, MessageParser, MessagePart,
    MimeHeaders, PartType,
};

use crate::builder::{Builder, Given};
use crate::document::{Date, Document, Format, Member};
use crate::encoding::decode;
use crate::error::ParseError;
use crate::html;
use crate::marker::{Marker, marker};

/// More attached files than this are not read.
const MOST_MEMBERS: usize = 1000;
/// A header line names at most so many people.
const MOST_PEOPLE: usize = 20;
/// Lines of at least this many bytes were wrapped by the program that sent them.
const WRAPPED: usize = 60;

/// Reads a mail or a web page saved as MHTML.
///
/// # Errors
/// If it has no mail's header, or nothing to read.
pub(crate) fn parse(_name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let mail = Mail { message: &message(bytes)?, bytes };
    let mut builder = Builder::default();
    let given = if mail.is_page() {
        mail.page(&mut builder)?
    } else {
        mail.letter(&mut builder);
        mail.given()
    };
    builder.finish(Format::Email, given)
}

fn message(bytes: &[u8]) -> Result<Message<'_>, ParseError> {
    MessageParser::default().parse(bytes).ok_or_else(|| ParseError::Damaged {
        format: "mail",
        reason: "it has no header".to_owned(),
    })
}

struct Mail<'a> {
    message: &'a Message<'a>,
    bytes: &'a [u8],
}

impl<'a> Mail<'a> {
    /// Whether it is a saved web page: parts that have an address, and no one it is sent to.
    fn is_page(&self) -> bool {
        let message = self.message;
        let related = message.is_content_type("multipart", "related")
            || message.is_content_type("text", "html");
        let placed = || message.parts.iter().any(|part| part.content_location().is_some());
        related && message.to().is_none() && placed()
            || message.header("Snapshot-Content-Location").is_some()
    }

    /// Reads a saved page.
    fn page(&self, builder: &mut Builder) -> Result<Given, ParseError> {
        let pages = self.message.parts.iter().filter(|part| part.is_text_html());
        let mut given = Given::default();
        for part in pages {
            let html = self.page_text(part)?;
            let (warnings, own) = (builder.warnings.len(), html::page(&html, builder)?);
            given.title = given.title.or(own.title);
            given.published = given.published.or(own.published);
            given.publisher = given.publisher.or(own.publisher);
            if !builder.blocks.is_empty() {
                break;
            }
            builder.warnings.truncate(warnings);
        }
        if given.title.is_none() {
            given.title = self.subject();
        }
        Ok(given)
    }

    /// Reads a mail.
    fn letter(&self, builder: &mut Builder) {
        builder.paragraph(&self.header());
        let before = builder.blocks.len();
        for part in self.message.html_body.iter().filter_map(|id| self.message.part(*id)) {
            self.body(part, builder);
        }
        if builder.blocks.len() == before {
            for part in self.message.text_body.iter().filter_map(|id| self.message.part(*id)) {
                self.body(part, builder);
            }
        }
        for part in self.message.attachments() {
            self.attachment(part, builder);
        }
    }

    fn body(&self, part: &MessagePart<'_>, builder: &mut Builder) {
        match &part.body {
            PartType::Html(_) => match self.page_text(part) {
                Ok(html) => html::blocks_of(&html, builder),
                Err(error) => builder.warn(format!("a part of the mail: {error}")),
            },
            PartType::Text(text) => {
                let flowed = part.content_type().and_then(|kind| kind.attribute("format"));
                let flowed = flowed.is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
                let text = match text
                    .contains('\u{FFFD}')
                    .then(|| decode(&self.raw(part)).ok().map(Cow::into_owned))
                {
                    Some(Some(own)) => own,
                    _ => text.clone().into_owned(),
                };
                plain(&text, flowed, builder);
            }
            _ => {}
        }
    }

    /// The text of an HTML part, in the encoding that the part or the page declares.
    fn page_text(&self, part: &MessagePart<'_>) -> Result<String, ParseError> {
        let charset = part.content_type().and_then(|kind| kind.attribute("charset"));
        html::decode_page(&self.raw(part), charset).map(Cow::into_owned)
    }

    /// The content of a part, the transfer's encoding undone, the text's not.
    fn raw(&self, part: &MessagePart<'_>) -> Vec<u8> {
        let range = part.offset_body as usize..part.offset_end as usize;
        let source = self.bytes.get(range).unwrap_or_default();
        let decoded = match part.encoding {
            Encoding::None => None,
            Encoding::QuotedPrintable => quoted_printable_decode(source),
            Encoding::Base64 => base64_decode(source),
        };
        match (decoded, part.encoding) {
            (Some(decoded), _) => decoded,
            (None, Encoding::None) => source.to_vec(),
            (None, _) => part.contents().to_vec(),
        }
    }

    fn attachment(&self, part: &MessagePart<'_>, builder: &mut Builder) {
        let inline = part.content_disposition().is_none_or(|disposition| disposition.is_inline());
        let picture = part.content_type().is_some_and(|kind| kind.ctype() == "image");
        if picture && inline || is_signature(part) {
            return;
        }
        if builder.members.len() >= MOST_MEMBERS {
            if builder.members.len() == MOST_MEMBERS {
                builder.warn(format!("only the first {MOST_MEMBERS} attached files are read"));
                builder.members.push(Member::default());
            }
            return;
        }
        let (name, bytes) = match &part.body {
            PartType::Message(inner) => {
                let name = inner.subject().filter(|name| !name.trim().is_empty());
                (format!("{}.eml", name.unwrap_or("mail")), inner.raw_message().to_vec())
            }
            PartType::Multipart(_) => return,
            _ => (part.attachment_name().unwrap_or_default().to_owned(), self.raw(part)),
        };
        let name = clean(&name);
        let name = if name.is_empty() {
            format!("attachment {}{}", builder.members.len() + 1, extension(part))
        } else {
            name
        };
        if !bytes.is_empty() {
            builder.members.push(Member { name, bytes });
        }
    }

    /// The line of who wrote to whom and when.
    fn header(&self) -> String {
        let people = |address: Option<&Address<'_>>| address.map(people).unwrap_or_default();
        let date = self.message.date().filter(|date| date.is_valid()).map(shown);
        let fields = [
            ("发件人", people(self.message.from())),
            ("收件人", people(self.message.to())),
            ("抄送", people(self.message.cc())),
            ("日期", date.unwrap_or_default()),
        ];
        let fields = fields.iter().filter(|(_, value)| !value.is_empty());
        fields.map(|(label, value)| format!("{label}：{value}")).collect::<Vec<_>>().join(" ")
    }

    fn given(&self) -> Given {
        let date = self.message.date().filter(|date| date.is_valid());
        let from = self.message.from().and_then(|from| from.first());
        let publisher = from.and_then(|from| from.name().or(from.address()));
        Given {
            title: self.subject(),
            published: date.map(|date| Date {
                year: date.year,
                month: Some(date.month),
                day: Some(date.day),
            }),
            publisher: publisher.map(str::to_owned),
        }
    }

    /// The subject; one that stands there in bytes of another encoding is read as a text is.
    fn subject(&self) -> Option<String> {
        let subject = self.message.subject()?;
        let damaged = subject.contains('\u{FFFD}');
        let header = || {
            let mut headers = self.message.headers().iter();
            headers.rfind(|header| header.name == HeaderName::Subject)
        };
        let raw = damaged.then(header).flatten().and_then(|header| {
            let range = header.offset_start as usize..header.offset_end as usize;
            decode(self.bytes.get(range)?).ok()
        });
        let subject = raw.map_or(Cow::Borrowed(subject), |raw| Cow::Owned(raw.into_owned()));
        let subject = clean(&subject);
        (!subject.is_empty()).then_some(subject)
    }
}

/// Text on one line, without control characters.
fn clean(text: &str) -> String {
    let text: String = text.chars().map(|ch| if ch.is_control() { ' ' } else { ch }).collect();
    text.trim().to_owned()
}

fn people(address: &Address<'_>) -> String {
    let shown = |person: &Addr<'_>| match (person.name(), person.address()) {
        (Some(name), Some(address)) if name != address => format!("{name} <{address}>"),
        (name, address) => name.or(address).unwrap_or_default().to_owned(),
    };
    let mut shown: Vec<String> = address.iter().take(MOST_PEOPLE + 1).map(shown).collect();
    if shown.len() > MOST_PEOPLE {
        shown.truncate(MOST_PEOPLE);
        shown.push("…".to_owned());
    }
    shown.retain(|person| !person.is_empty());
    clean(&shown.join("；"))
}

/// The time as the sender's clock showed it.
fn shown(date: &DateTime) -> String {
    let DateTime { year, month, day, hour, minute, .. } = date;
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
}

/// Whether a part only proves who sent the mail.
fn is_signature(part: &MessagePart<'_>) -> bool {
    let signatures = ["pgp-signature", "pkcs7-signature", "x-pkcs7-signature"];
    signatures.iter().any(|kind| part.is_content_type("application", kind))
}

/// The extension for an attached file without a name.
fn extension(part: &MessagePart<'_>) -> &'static str {
    let kind = part.content_type().and_then(|kind| kind.subtype()).unwrap_or_default();
    match kind.to_ascii_lowercase().as_str() {
        "plain" => ".txt",
        "html" => ".html",
        "pdf" => ".pdf",
        "csv" => ".csv",
        "json" => ".json",
        "png" => ".png",
        "jpeg" => ".jpg",
        _ => "",
    }
}

/// Adds the paragraphs of a plain text: its lines, but for those that the sender wrapped.
fn plain(text: &str, flowed: bool, builder: &mut Builder) {
    let mut paragraph = String::new();
    for line in text.lines() {
        // A space that a flowed text stuffed in front (RFC 3676).
        let line = if flowed { line.strip_prefix(' ').unwrap_or(line) } else { line };
        let goes_on = match paragraph.chars().next_back() {
            Some(' ') if flowed => paragraph != "-- ",
            Some(last) => {
                let next = line.chars().next();
                paragraph.len() >= WRAPPED
                    && (last.is_ascii_lowercase() || last == ',')
                    && next.is_some_and(|next| next.is_ascii_lowercase())
            }
            None => false,
        };
        if goes_on && !line.trim().is_empty() && !line.starts_with('>') {
            if !paragraph.ends_with(' ') {
                paragraph.push(' ');
            }
        } else {
            add(&paragraph, builder);
            paragraph.clear();
        }
        paragraph.push_str(line);
    }
    add(&paragraph, builder);
}

fn add(line: &str, builder: &mut Builder) {
    let line = line.trim();
    if line.chars().all(|ch| matches!(ch, '-' | '=' | '_' | '*' | '>' | ' ')) {
        return;
    }
    let dash = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
    if dash.is_some() || matches!(marker(line), Some(Marker::Bullet)) {
        builder.item(line);
    } else {
        builder.paragraph(line);
    }
}
