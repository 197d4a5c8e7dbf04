//! Headings that only their shape shows.

use super::wrap::{ends_sentence, width};
use crate::builder::is_space;
use crate::document::{Block, BlockKind};
use crate::marker::{Numbering, is_caption, marker, numbering};
use crate::meta::{DATE_LABELS, PUBLISHER_LABELS, first_date, is_notice, labelled};
use crate::table::TableDraft;

/// A heading is at most this wide, in columns.
const WIDEST_NUMBERED: usize = 80;
/// A heading without a number is at most this wide.
const WIDEST_PLAIN: usize = 50;

/// Whether a text may be a heading: short, and no sentence.
fn is_short(text: &str, widest: usize) -> bool {
    width(text) <= widest
        && !ends_sentence(text)
        && !text.ends_with(['，', '、', ',', '.', '…', '“', '（'])
        && !text.contains('\n')
        && !text.contains('。')
}

/// Makes headings of the paragraphs that are numbered as marked headings of the same document are.
pub(crate) fn promote_like_headings(blocks: &mut [Block]) {
    let mut levels: Vec<(Numbering, u8)> = Vec::new();
    for block in blocks.iter().filter(|block| block.furniture.is_none()) {
        if let BlockKind::Heading(level) = block.kind
            && let Some(style) = numbering(&block.text).filter(is_heading_style)
            && levels.iter().all(|(known, _)| *known != style)
        {
            levels.push((style, level));
        }
    }
    for block in blocks.iter_mut().filter(|block| block.furniture.is_none()) {
        if block.kind == BlockKind::Paragraph
            && is_short(&block.text, WIDEST_NUMBERED)
            && let Some(style) = numbering(&block.text)
            && let Some((_, level)) = levels.iter().find(|(known, _)| *known == style)
        {
            block.kind = BlockKind::Heading(*level);
        }
    }
}

/// Makes headings of short numbered paragraphs over text, where nothing but their shape marks any:
/// the kind of numbering that comes first is of this level, each further one a level below.
pub(crate) fn promote_numbered(blocks: &mut [Block], level: u8) {
    let mut styles: Vec<Numbering> = Vec::new();
    for at in 1..blocks.len() {
        let (above, below) = blocks.split_at_mut(at);
        let block = &mut above[at - 1];
        let over_text = matches!(below[0].kind, BlockKind::Paragraph | BlockKind::ListItem);
        if block.kind != BlockKind::Paragraph
            || !over_text
            || !is_short(&block.text, WIDEST_NUMBERED)
        {
            continue;
        }
        if let Some(style) = numbering(&block.text).filter(is_heading_style) {
            let known = styles.iter().position(|known| *known == style);
            let depth = known.unwrap_or_else(|| {
                styles.push(style);
                styles.len() - 1
            });
            block.kind = BlockKind::Heading(level.saturating_add(depth as u8).min(6));
        }
    }
}

/// Numbering that is a heading's; `1.` and `（1）` are those of lists as well.
fn is_heading_style(style: &Numbering) -> bool {
    match style {
        Numbering::Chapter
        | Numbering::Section
        | Numbering::Chinese
        | Numbering::ChineseBracket => true,
        Numbering::Decimal(depth) => *depth > 1,
        Numbering::DecimalBracket | Numbering::Circled => false,
    }
}

/// A paragraph of a plain text and how it stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Whether an empty line stands above it.
    pub(super) gap: bool,
    /// Whether it takes one line of the source.
    pub(super) single: bool,
    /// A table stands here; then there is no text.
    pub(super) table: Option<TableDraft>,
}

/// What each paragraph of a plain text is.
pub(super) fn kinds(pieces: &[Piece]) -> Vec<BlockKind> {
    let styles = heading_styles(pieces);
    let mut kinds: Vec<BlockKind> = (0..pieces.len()).map(|at| kind(pieces, at, &styles)).collect();
    let end = pieces.iter().rev().take_while(|piece| is_note(&piece.text)).count();
    // Notes alone are the text.
    if end < pieces.len() {
        kinds[pieces.len() - end..].fill(BlockKind::Note);
    }
    for at in 1..pieces.len() {
        let below = pieces[at - 1].table.is_some() || kinds[at - 1] == BlockKind::Note;
        if below && is_note(&pieces[at].text) {
            kinds[at] = BlockKind::Note;
        }
    }
    kinds
}

/// Whether a line is a note: `[1] …`, `注：…`, `注2：…`.
fn is_note(text: &str) -> bool {
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|ch: char| ch.is_ascii_digit()).len();
    if let Some(rest) = text.strip_prefix(['[', '［', '〔']) {
        let mark = digits(rest);
        let end = rest[mark..].chars().next();
        return (1..=3).contains(&mark)
            && matches!(end, Some(']' | '］' | '〕'))
            && rest[mark..].chars().nth(1).is_some();
    }
    let Some(rest) = text.strip_prefix('备').unwrap_or(text).strip_prefix('注') else {
        return false;
    };
    rest.strip_prefix('释').unwrap_or(&rest[digits(rest)..]).starts_with(['：', ':'])
}

/// The numbering styles of headings, the outermost first.
fn heading_styles(pieces: &[Piece]) -> Vec<Numbering> {
    let numbered = (0..pieces.len()).filter_map(|at| numbered_heading(pieces, at));
    let mut styles: Vec<Numbering> = numbered.collect();
    styles.sort_unstable();
    styles.dedup();
    styles
}

/// The style of a numbered heading: something other than its next of kin stands below it.
fn numbered_heading(pieces: &[Piece], at: usize) -> Option<Numbering> {
    let piece = &pieces[at];
    let style = numbering(&piece.text).filter(is_heading_style)?;
    if !is_short(&piece.text, WIDEST_NUMBERED) {
        return None;
    }
    if matches!(style, Numbering::Chapter | Numbering::Section) {
        return Some(style);
    }
    let below = numbering(&pieces.get(at + 1)?.text);
    below.is_none_or(|below| below > style).then_some(style)
}

fn kind(pieces: &[Piece], at: usize, styles: &[Numbering]) -> BlockKind {
    let piece = &pieces[at];
    if let Some(style) = numbered_heading(pieces, at) {
        let level = styles.iter().position(|known| *known == style).unwrap_or(0);
        return BlockKind::Heading(level as u8 + 2);
    }
    if is_item(&piece.text) {
        return BlockKind::ListItem;
    }
    if is_plain_heading(pieces, at) {
        return BlockKind::Heading(styles.len().min(5) as u8 + 2);
    }
    BlockKind::Paragraph
}

/// Whether a line without a number is a heading: short, set off, with running text below.
fn is_plain_heading(pieces: &[Piece], at: usize) -> bool {
    let (piece, below) = (&pieces[at], pieces.get(at + 1));
    let text = piece.text.trim_matches(is_space);
    // The first line below a notice is the title, and the builder's.
    pieces[..at].iter().any(|above| !is_notice(&above.text))
        && piece.gap
        && piece.single
        && is_short(text, WIDEST_PLAIN)
        && text.chars().filter(|ch| ch.is_alphabetic()).count() >= 2
        && !text.contains(['：', ':', '\t', '=', '|', '{', '<'])
        && !is_caption(text)
        && first_date(text).is_none()
        && labelled(text, &DATE_LABELS).is_none()
        && labelled(text, &PUBLISHER_LABELS).is_none()
        && below.is_some_and(|below| {
            below.gap && width(&below.text) > 2 * WIDEST_PLAIN && marker(&below.text).is_none()
        })
}

/// Whether a line begins with a list's marker: `- `, `• `, `1. `, `（一）`.
pub(super) fn is_item(text: &str) -> bool {
    let bullets = ["- ", "* ", "+ ", "· ", "– ", "— "];
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = (1..=3).contains(&digits)
        && [". ", ") ", "、", "）"].iter().any(|mark| text[digits..].starts_with(mark));
    number || bullets.iter().any(|bullet| text.starts_with(bullet)) || marker(text).is_some()
}
