//! What introduces a table: the lines between a heading or a paragraph and the table that belong
//! to it, and the sentence that announces it.
//!
//! A table by itself hardly says what it is about. Its caption and unit line do, the date and the
//! maker of a statement, tick boxes (□适用), and the sentence before them: 下表列出了…, …如下：.

use yuanwen_parse::{Block, BlockKind, Document, Table};

use super::build::chars;
use crate::text::sentence::sentences;

/// How many blocks before a table are looked at.
const LOOK_BACK: usize = 5;
/// A line that belongs to a table has at most this many characters,
const LONGEST_LINE: usize = 40;
/// or so many if it is marked as a caption.
const LONGEST_CAPTION: usize = 80;
/// A sentence shorter than this (详情如下：) says little without the one before.
const SAYS_LITTLE: usize = 10;
/// What is taken of a paragraph has at most this many.
const LONGEST: usize = 120;
/// What announces a table.
const ANNOUNCES: &[&str] = &["下表", "如下", "下列", "表所示", "列表"];

/// What a block tells of the table behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// Nothing.
    None,
    /// What stands from this byte on.
    From(usize),
}

/// Finds what introduces a table. `live` are the blocks before it, `leads` what each one is.
pub(super) fn lead(document: &Document, live: &[usize], leads: &mut [Lead]) {
    for nth in (live.len().saturating_sub(LOOK_BACK)..live.len()).rev() {
        let block = &document.blocks[live[nth]];
        if is_line(block) {
            leads[nth] = Lead::From(0);
            continue;
        }
        if let Some(start) = announcement(block) {
            leads[nth] = Lead::From(start);
        }
        break;
    }
}

/// The unit line of a table that stands above the tables before it, which have it too.
pub(super) fn unit_above(document: &Document, at: usize, table: &Table) -> Option<usize> {
    let unit = table.unit.as_deref()?.trim();
    let mut above = (0..at).rev().filter(|&at| document.blocks[at].furniture.is_none());
    let first = above.next()?;
    document.blocks[first].table()?;
    let is_unit = |at: &usize| document.blocks[*at].text.trim() == unit;
    above.take(LOOK_BACK).find(is_unit)
}

/// Whether a block is a line that belongs to the table below: not a sentence, nor where another
/// table or a figure comes from.
fn is_line(block: &Block) -> bool {
    let text = block.text.trim();
    let longest = match block.kind {
        BlockKind::Paragraph => LONGEST_LINE,
        BlockKind::Caption => LONGEST_CAPTION,
        _ => return false,
    };
    let of_another = ["来源", "资料来源", "数据来源", "图片来源", "注", "图"];
    let own = !of_another.iter().any(|begin| text.starts_with(begin)) || text.starts_with("图表");
    own && chars(text) <= longest
        && !text.ends_with(['。', '；', '，', '、', '！', '？', '：', ':'])
}

/// Where the sentence that announces a table begins, with the one before if it says little.
fn announcement(block: &Block) -> Option<usize> {
    if !matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem) {
        return None;
    }
    let found = sentences(&block.text);
    let last = &block.text[found.last()?.clone()];
    let announces = last.ends_with(['：', ':']) || ANNOUNCES.iter().any(|word| last.contains(word));
    if !announces || chars(last) > LONGEST {
        return None;
    }
    let before = found.iter().rev().nth(1).filter(|before| {
        chars(last) < SAYS_LITTLE && chars(&block.text[before.start..]) <= LONGEST
    });
    before.or(found.last()).map(|sentence| sentence.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_before_a_table_announces_it() {
        for (text, expected) in [
            ("收入增长。下表列出了雪岭各业务的收入。", Some("下表列出了雪岭各业务的收入。")),
            ("各门店的收入如下：", Some("各门店的收入如下：")),
            ("共有担保八笔。详情如下：", Some("共有担保八笔。详情如下：")),
            ("收入增长。", None),
        ] {
            let block = Block { text: text.to_owned(), ..Block::default() };
            let found = announcement(&block).map(|start| &text[start..]);
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn stacked_tables_share_a_unit_line() {
        let block = |text: &str| Block { text: text.to_owned(), ..Block::default() };
        let table = Table { unit: Some("单位：股".to_owned()), ..Table::default() };
        let kind = BlockKind::Table(table.clone());
        let stacked = |between: Vec<Block>| {
            let mut blocks =
                vec![block("单位：股"), Block { kind: kind.clone(), ..block("户数\t8") }];
            blocks.extend(between);
            let at = blocks.len();
            blocks.push(Block { kind: kind.clone(), ..block("股东\t股数") });
            unit_above(&Document { blocks, ..Document::default() }, at, &table)
        };
        assert_eq!(stacked(Vec::new()), Some(0));
        assert_eq!(stacked(vec![block("单位：股")]), None);
    }

    #[test]
    fn lines_before_a_table_belong_to_it() {
        let block = |text: &str| Block { text: text.to_owned(), ..Block::default() };
        for (text, expected) in [
            ("□适用 √不适用", true),
            ("2022年9月30日", true),
            ("编制单位：远山通信", true),
            ("来源：远山研究院", false),
            ("图 2 各地网络评分", false),
            ("收入增长。", false),
        ] {
            assert_eq!(is_line(&block(text)), expected, "{text}");
        }
    }
}
