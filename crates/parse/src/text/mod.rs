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

use crate::document::{Block, BlockKind, Document, Format, Furniture, Kind, Metadata};
use crate::error::ParseError;
use crate::meta::{
    DATE_LABELS, PUBLISHER_LABELS, first_date, first_period, is_notice, kind_of, labelled,
};
use markup::{Line, is_space, lines};

/// Titles are at most this long, in characters.
const LONGEST_TITLE: usize = 60;
/// How many lines at the top may name the date and the publisher.
const OPENING: usize = 8;

/// Reads a text.
///
/// # Errors
/// If the bytes are no UTF-8 or hold nothing to read.
pub fn parse(bytes: &[u8]) -> Result<Document, ParseError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        ParseError::UnknownFormat(format!("byte {at} is not UTF-8; save the text as UTF-8"))
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let (front, body) = FrontMatter::split(text);
    let mut blocks: Vec<Block> =
        lines(body).into_iter().filter(|line| !is_decoration(&line.text)).map(block).collect();
    title_block(&front, &mut blocks);
    if blocks.is_empty() {
        return Err(ParseError::Empty);
    }
    mark_notices(&mut blocks);
    let meta = metadata(front, &blocks);
    Ok(Document { format: Format::Text, meta, pages: Vec::new(), blocks, warnings: Vec::new() })
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

/// Makes the title a heading: the front matter's in front, or the first line that looks like one.
fn title_block(front: &FrontMatter, blocks: &mut Vec<Block>) {
    let first = blocks.iter().position(|block| !is_notice(&block.text));
    if let Some(title) = &front.title {
        if first.is_none_or(|at| blocks[at].text != *title) {
            let text = title.clone();
            blocks.insert(0, Block { kind: BlockKind::Heading(1), text, ..Block::default() });
        } else if let Some(at) = first {
            blocks[at].kind = BlockKind::Heading(1);
        }
    } else if let Some(at) = first
        && blocks[at].kind == BlockKind::Paragraph
        && blocks.len() > 1
        && is_title(&blocks[at].text)
        && !blocks.iter().take(OPENING).any(|block| block.kind == BlockKind::Heading(1))
    {
        blocks[at].kind = BlockKind::Heading(1);
    }
}

fn is_title(text: &str) -> bool {
    text.chars().count() <= LONGEST_TITLE
        && !text.ends_with(['。', '；', '，', '：', '、', ';', ',', ':'])
        && labelled(text, &DATE_LABELS).is_none()
}

fn mark_notices(blocks: &mut [Block]) {
    let count = blocks.len();
    for (at, block) in blocks.iter_mut().enumerate() {
        if (at < OPENING || at + OPENING >= count) && is_notice(&block.text) {
            block.furniture = Some(Furniture::Notice);
        }
    }
}

fn metadata(front: FrontMatter, blocks: &[Block]) -> Metadata {
    let opening: Vec<&Block> =
        blocks.iter().filter(|block| block.furniture.is_none()).take(OPENING).collect();
    let title = front.title.or_else(|| {
        let heading = opening.iter().find(|block| matches!(block.kind, BlockKind::Heading(_)));
        heading.map(|block| block.text.clone())
    });
    let labels = |labels: &[&str]| {
        let labelled = opening.iter().find_map(|block| labelled(&block.text, labels));
        labelled.map(str::to_owned)
    };
    // The whole line: a date may be written with spaces.
    let dated = opening.iter().filter(|block| labelled(&block.text, &DATE_LABELS[..3]).is_some());
    let date = front.date.as_deref();
    let published = date
        .and_then(first_date)
        .or_else(|| dated.into_iter().find_map(|block| first_date(&block.text)));
    let publisher = front.publisher.or_else(|| labels(&PUBLISHER_LABELS));
    let heading = title.as_deref().unwrap_or_default();
    let period = first_period(heading);
    let kind = match kind_of(heading, period) {
        Kind::Other if published.is_some() => Kind::News,
        kind => kind,
    };
    let period = period.filter(|_| kind == Kind::Report);
    Metadata { title, published, period, publisher, kind }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(parse("\n \n".as_bytes()), Err(ParseError::Empty));
        let error = parse(b"\xC4\xE3\xBA\xC3").unwrap_err().to_string();
        assert!(error.contains("UTF-8"), "{error}");
    }

    #[test]
    fn front_matter_that_never_closes_is_text() {
        assert_eq!(read("---\n正文。\n").blocks.len(), 1);
    }
}
