//! Plain text, Markdown and saved articles to [`Document`].
//!
//! A line is a paragraph, since Chinese text files wrap on screen and not in the file. Headings
//! are lines that begin with `#`, tags `h1` to `h6`, and the title: the front matter's, or the
//! first line if it is short and does not end like a sentence. Of markup only what stands in the
//! way of reading is undone (see `markup`); a block's text is the source's otherwise. A list
//! item keeps its marker, a heading loses its `#`.
//!
//! Limits: UTF-8 alone; Markdown's tables, emphasis and wrapped paragraphs stay as they are.

mod markup;

use crate::builder::{Builder, Given, is_space};
use crate::document::{Block, BlockKind, Document, Format};
use crate::encoding::decode;
use crate::error::ParseError;
use crate::meta::first_date;
use markup::{Line, lines};

/// Reads a text.
///
/// # Errors
/// If the bytes are no UTF-8 or hold nothing to read.
pub fn parse(bytes: &[u8]) -> Result<Document, ParseError> {
    let text = decode(bytes)?;
    let (front, body) = FrontMatter::split(&text);
    let mut builder = Builder::default();
    for line in lines(body).into_iter().filter(|line| !is_decoration(&line.text)) {
        let block = block(line);
        builder.push(block.kind, &block.text);
    }
    let published = front.date.as_deref().and_then(first_date);
    let given = Given { title: front.title, published, publisher: front.publisher };
    builder.finish(Format::Text, given)
}

/// What stands between two lines of `---` at the top.
#[derive(Debug, Default, PartialEq)]
struct FrontMatter {
    title: Option<String>,
    date: Option<String>,
    publisher: Option<String>,
}

impl FrontMatter {
    /// The front matter and what follows it.
    fn split(text: &str) -> (Self, &str) {
        let trimmed = text.trim_start_matches(is_space);
        let inner = trimmed.strip_prefix("---\n").or_else(|| trimmed.strip_prefix("---\r\n"));
        let Some(inner) = inner else { return (Self::default(), text) };
        let mut at = 0;
        let mut front = Self::default();
        for line in inner.split_inclusive('\n') {
            at += line.len();
            let line = line.trim();
            if line == "---" || line == "..." {
                return (front, &inner[at..]);
            }
            front.field(line);
        }
        // Never closed: it was a rule, not front matter.
        (Self::default(), text)
    }

    fn field(&mut self, line: &str) {
        let Some((key, value)) = line.split_once(':') else { return };
        let value = value.trim().trim_matches(['"', '\'']).trim();
        let slot = match key.trim().to_ascii_lowercase().as_str() {
            "title" => &mut self.title,
            "date" | "published" => &mut self.date,
            "publisher" | "source" | "author" => &mut self.publisher,
            _ => return,
        };
        if !value.is_empty() {
            *slot = Some(value.to_owned());
        }
    }
}

/// A rule, a fence or nothing.
fn is_decoration(text: &str) -> bool {
    text.chars().all(|ch| is_space(ch) || matches!(ch, '-' | '*' | '=' | '_' | '`' | '~' | '#'))
}

fn block(line: Line) -> Block {
    let hashes = line.text.bytes().take_while(|byte| *byte == b'#').count();
    let (kind, text) = match line.heading {
        Some(level) => (BlockKind::Heading(level), line.text),
        None if (1..=6).contains(&hashes) && line.text[hashes..].starts_with(is_space) => {
            let text = line.text[hashes..].trim_matches(is_space).trim_end_matches('#').trim_end();
            (BlockKind::Heading(hashes as u8), text.to_owned())
        }
        None if line.item || is_item(&line.text) => (BlockKind::ListItem, line.text),
        None => (BlockKind::Paragraph, line.text),
    };
    Block { kind, text, ..Block::default() }
}

/// Whether a line begins with a list's marker: `- `, `* `, `• `, `1. `, `2) `.
fn is_item(text: &str) -> bool {
    let bullet = ["- ", "* ", "+ ", "• ", "· ", "●", "■", "◆"];
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = (1..=3).contains(&digits)
        && [". ", ") ", "、"].iter().any(|marker| text[digits..].starts_with(marker));
    number || bullet.iter().any(|marker| text.starts_with(marker))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Kind;

    fn read(text: &str) -> Document {
        parse(text.as_bytes()).unwrap()
    }

    fn outline(document: &Document) -> Vec<(String, &str)> {
        let blocks = document.blocks.iter();
        blocks.map(|block| (format!("{:?}", block.kind), block.text.as_str())).collect()
    }

    #[test]
    fn a_news_article() {
        let document = read(
            "\u{FEFF}远山通信完成雪岭基站改造\n\n发布时间：2023-05-04 发布人：新闻宣传部\n\n\
             远山通信今天完成改造。\n共 12 座基站。\n",
        );
        let kinds: Vec<_> = outline(&document).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["Heading(1)", "Paragraph", "Paragraph", "Paragraph"]);
        assert_eq!(document.meta.title.as_deref(), Some("远山通信完成雪岭基站改造"));
        assert_eq!(document.meta.published.unwrap().to_string(), "2023-05-04");
        assert_eq!(document.meta.publisher.as_deref(), Some("新闻宣传部"));
        assert_eq!(document.meta.kind, Kind::News);
    }

    #[test]
    fn a_saved_article_with_front_matter() {
        let document = read(
            "---\nlayout: post\ntitle: \"远山通信召开总结会\"\ndate: 2022-01-14 13:02:46 +0800\n---\n\
             <!-- 图 --><p>会议在雪岭召开。</p><p><strong>会议要求</strong>抓好落实。</p>\n",
        );
        let expected = [
            ("Heading(1)".to_owned(), "远山通信召开总结会"),
            ("Paragraph".to_owned(), "会议在雪岭召开。"),
            ("Paragraph".to_owned(), "会议要求抓好落实。"),
        ];
        assert_eq!(outline(&document), expected);
        assert_eq!(document.meta.published.unwrap().to_string(), "2022-01-14");
    }

    #[test]
    fn markdown_headings_items_and_rules() {
        let document = read("# 远山通信2023年年度报告\n---\n## 一、概况\n- 甲\n1. 乙\n正文。\n");
        let kinds: Vec<_> = outline(&document).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["Heading(1)", "Heading(2)", "ListItem", "ListItem", "Paragraph"]);
        assert_eq!(document.meta.kind, Kind::Report);
        assert_eq!(document.meta.period.unwrap().to_string(), "2023 年度");
    }

    #[test]
    fn a_marked_title_is_preferred_and_a_date_may_hold_spaces() {
        let document =
            read("证券简称：远山通信\n# 远山通信简报\n发布时间: 2024 年 1 月 31 日\n正文。\n");
        assert_eq!(document.blocks[0].kind, BlockKind::Paragraph);
        assert_eq!(document.meta.title.as_deref(), Some("远山通信简报"));
        assert_eq!(document.meta.published.unwrap().to_string(), "2024-01-31");
    }

    #[test]
    fn what_cannot_be_read_says_so() {
        assert_eq!(parse("\n \n".as_bytes()), Err(ParseError::NoText));
    }

    #[test]
    fn front_matter_that_never_closes_is_text() {
        assert_eq!(read("---\n正文。\n").blocks.len(), 1);
    }
}
