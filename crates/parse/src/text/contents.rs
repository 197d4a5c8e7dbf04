//! Tables of contents: lines with a page number at their end, below a heading that says so.

use crate::document::{Block, Furniture};
use crate::meta::squeeze;

/// So many lines without a page number may stand among those of a table of contents.
const MOST_UNNUMBERED: usize = 2;
/// So many lines with dot leaders are a table of contents without a heading.
const FEWEST_LEADERS: usize = 3;

const NAMES: [&str; 9] = [
    "目录",
    "目次",
    "图目录",
    "表目录",
    "图表目录",
    "插图目录",
    "附表目录",
    "contents",
    "tableofcontents",
];

/// Marks the lines of tables of contents: they say again what stands below.
pub(crate) fn mark_contents(blocks: &mut [Block]) {
    let mut at = 0;
    while at < blocks.len() {
        let end = contents_at(&blocks[at..]);
        for block in &mut blocks[at..at + end] {
            block.furniture.get_or_insert(Furniture::Contents);
        }
        at += end.max(1);
    }
}

/// How many blocks are a table of contents that begins at the first one.
fn contents_at(blocks: &[Block]) -> usize {
    let Some(first) = blocks.first() else { return 0 };
    if first.table().is_none() && is_name(&first.text) {
        let mut end = 1;
        let mut others = 0;
        for (at, block) in blocks.iter().enumerate().skip(1) {
            if page_number(block).is_some() {
                (end, others) = (at + 1, 0);
            } else {
                others += 1;
            }
            if others > MOST_UNNUMBERED || others > 0 && is_name(&block.text) {
                break;
            }
        }
        return if end > 1 { end } else { 0 };
    }
    let led = blocks.iter().take_while(|block| page_number(block) == Some(true)).count();
    if led >= FEWEST_LEADERS { led } else { 0 }
}

fn is_name(text: &str) -> bool {
    text.len() < 60 && NAMES.contains(&squeeze(text).to_lowercase().as_str())
}

/// Whether a line ends in a page number, and if so whether dots lead to it.
fn page_number(block: &Block) -> Option<bool> {
    let text = block.text.trim_end();
    if block.table().is_some() || text.len() > 300 {
        return None;
    }
    let title = text.trim_end_matches(|ch: char| ch.is_ascii_digit());
    let digits = text.len() - title.len();
    let bare = title.trim_end_matches(['.', '…', '·', ' ', '\t', '\u{3000}', '-', '—', '．']);
    let leader = title[bare.len()..].chars().filter(|ch| !ch.is_whitespace()).count();
    let led = leader >= 3 || title[bare.len()..].contains('…');
    let numbered = (1..=4).contains(&digits) && bare.len() < title.len() && bare.len() >= 6;
    numbered.then_some(led)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(lines: &[&str]) -> usize {
        let mut blocks: Vec<Block> = lines
            .iter()
            .map(|line| Block { text: (*line).to_owned(), ..Block::default() })
            .collect();
        mark_contents(&mut blocks);
        blocks.iter().filter(|block| block.furniture == Some(Furniture::Contents)).count()
    }

    #[test]
    fn lines_with_page_numbers_below_a_heading_or_with_leaders() {
        assert_eq!(
            marked(&["目 录", "一、概况 .1", "（一）网络 3", "附录", "表 1 甲乙 .9", "正文。"]),
            5
        );
        assert_eq!(marked(&["目录", "远山通信在雪岭新建基站。"]), 0);
        assert_eq!(marked(&["第一章……1", "第二章……12", "第三章……30", "正文。"]), 3);
        assert_eq!(marked(&["用户 120", "收入 130", "利润 140"]), 0);
    }
}
