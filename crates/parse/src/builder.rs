//! Puts together the document of a format that gives its paragraphs, headings and tables itself.
//!
//! A reader hands over blocks in reading order; [`Builder::finish`] does what all formats share:
//! the title becomes a heading, notices about the document are set aside, the opening lines give
//! date and publisher.

use crate::document::{
    Block, BlockKind, Date, Document, Format, Furniture, Kind, Member, Metadata, Page, Table,
    Warning,
};
use crate::error::ParseError;
use crate::marker::{is_caption, is_unit};
use crate::meta::{
    DATE_LABELS, PUBLISHER_LABELS, first_date, first_period, is_notice, kind_of, labelled,
};
use crate::table::TableDraft;

/// Titles are at most this long, in characters.
const LONGEST_TITLE: usize = 60;
/// How many blocks at the top may name the date and the publisher, or at either end be a notice.
const OPENING: usize = 8;
/// How many blocks above a table are looked at for its caption and unit line.
const LOOK_BACK: usize = 4;

/// What the file says about the whole, outside its text: front matter, properties, headers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Given {
    /// The title. It becomes the first heading unless the text begins with it.
    pub(crate) title: Option<String>,
    /// The date of publication.
    pub(crate) published: Option<Date>,
    /// Who published it.
    pub(crate) publisher: Option<String>,
}

/// Collects blocks in reading order.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    pub(crate) blocks: Vec<Block>,
    pub(crate) pages: Vec<Page>,
    pub(crate) members: Vec<Member>,
    pub(crate) warnings: Vec<Warning>,
}

impl Builder {
    /// Adds a block; its text is trimmed, and without any it is left out.
    pub(crate) fn push(&mut self, kind: BlockKind, text: &str) {
        let text = text.trim_matches(is_space);
        if !text.is_empty() {
            self.blocks.push(Block { kind, text: text.to_owned(), ..Block::default() });
        }
    }

    /// Adds a heading; levels count from 1 and are at most 9.
    pub(crate) fn heading(&mut self, level: u8, text: &str) {
        self.push(BlockKind::Heading(level.clamp(1, 9)), text);
    }

    /// Adds a paragraph.
    pub(crate) fn paragraph(&mut self, text: &str) {
        self.push(BlockKind::Paragraph, text);
    }

    /// Adds a list item, its marker included if it has one.
    pub(crate) fn item(&mut self, text: &str) {
        self.push(BlockKind::ListItem, text);
    }

    /// Adds text that is kept but never searched.
    pub(crate) fn furniture(&mut self, furniture: Furniture, text: &str) {
        let before = self.blocks.len();
        self.paragraph(text);
        for block in &mut self.blocks[before..] {
            block.furniture = Some(furniture);
        }
    }

    /// Adds a table, with the caption and unit line that stand above it where it has none of its
    /// own. Gives the block if the table has any text.
    pub(crate) fn table(&mut self, table: TableDraft) -> Option<&mut Block> {
        let mut block = table.into_block()?;
        if let BlockKind::Table(table) = &mut block.kind {
            self.attach(table);
        }
        self.blocks.push(block);
        self.blocks.last_mut()
    }

    /// Takes the caption and the unit line from the blocks just above.
    fn attach(&mut self, table: &mut Table) {
        let above = self.blocks.iter_mut().rev().filter(|block| block.furniture.is_none());
        for block in above.take(LOOK_BACK) {
            if block.table().is_some() {
                break;
            }
            if is_unit(&block.text) {
                table.unit.get_or_insert_with(|| block.text.clone());
                block.kind = BlockKind::Caption;
                continue;
            }
            let short =
                block.text.chars().count() <= 40 && !block.text.ends_with(['。', '；', '，']);
            let aside =
                short && (block.text.contains(['：', ':']) || first_date(&block.text).is_some());
            if is_caption(&block.text) || short && !aside {
                table.caption.get_or_insert_with(|| block.text.clone());
            }
            if is_caption(&block.text) && block.kind == BlockKind::Paragraph {
                block.kind = BlockKind::Caption;
            }
            if !aside {
                break;
            }
        }
    }

    /// Adds a warning about the whole document.
    pub(crate) fn warn(&mut self, message: impl Into<String>) {
        self.warnings.push(Warning { page: None, message: message.into() });
    }

    /// The document.
    ///
    /// # Errors
    /// If there is nothing to read and no file inside.
    pub(crate) fn finish(mut self, format: Format, given: Given) -> Result<Document, ParseError> {
        title_block(given.title.as_deref(), &mut self.blocks);
        if self.blocks.is_empty() && self.members.is_empty() && self.warnings.is_empty() {
            return Err(ParseError::NoText);
        }
        mark_notices(&mut self.blocks);
        let meta = metadata(given, &self.blocks);
        let Self { blocks, pages, members, warnings } = self;
        Ok(Document { format, meta, pages, blocks, warnings, members })
    }
}

/// White space as it stands at the ends of lines, the invisible kinds included.
pub(crate) fn is_space(ch: char) -> bool {
    ch.is_whitespace() || matches!(ch, '\u{200B}' | '\u{FEFF}' | '\u{2060}')
}

/// Makes the title a heading: the given one in front, or the first line that looks like one.
fn title_block(given: Option<&str>, blocks: &mut Vec<Block>) {
    let running = |block: &Block| block.furniture.is_none() && !is_notice(&block.text);
    let first = blocks.iter().position(running);
    if let Some(title) = given.map(|title| title.trim_matches(is_space)).filter(|t| !t.is_empty()) {
        let same = |block: &Block| block.table().is_none() && block.text == title;
        match blocks.iter().take(OPENING).position(same) {
            Some(at) => blocks[at].kind = BlockKind::Heading(1),
            None => {
                let text = title.to_owned();
                blocks.insert(0, Block { kind: BlockKind::Heading(1), text, ..Block::default() });
            }
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
        && !text.starts_with('<')
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

fn metadata(given: Given, blocks: &[Block]) -> Metadata {
    let opening: Vec<&Block> =
        blocks.iter().filter(|block| block.furniture.is_none()).take(OPENING).collect();
    let title = given.title.or_else(|| {
        let heading = opening.iter().find(|block| matches!(block.kind, BlockKind::Heading(_)));
        heading.map(|block| block.text.clone())
    });
    let labels = |labels: &[&str]| {
        let labelled = opening.iter().find_map(|block| labelled(&block.text, labels));
        labelled.map(str::to_owned)
    };
    // The whole line: a date may be written with spaces.
    let dated = opening.iter().filter(|block| labelled(&block.text, &DATE_LABELS[..3]).is_some());
    let published =
        given.published.or_else(|| dated.into_iter().find_map(|block| first_date(&block.text)));
    let publisher = given.publisher.or_else(|| labels(&PUBLISHER_LABELS));
    let heading = title.as_deref().unwrap_or_default();
    let period = first_period(heading);
    let kind = match kind_of(heading, period) {
        Kind::Other if published.is_some() => Kind::News,
        kind => kind,
    };
    let period = period.filter(|_| kind == Kind::Report);
    Metadata { title, published, period, publisher, kind }
}
