//! Links alone at the end of a text: they lead to other pages.

use crate::builder::is_space;
use crate::document::{Block, BlockKind, Furniture};

/// At most so many lines of links are looked at.
const MOST_LINES: usize = 12;

/// Marks the last paragraphs if they hold nothing but links; a text of links alone stays.
pub(super) fn mark_navigation(source: &str, blocks: &mut [Block]) {
    let mut end = blocks.len();
    let lines = source.lines().rev().filter(|line| !line.trim_matches(is_space).is_empty());
    for line in lines.take(MOST_LINES) {
        let Some(shown) = only_links(line) else { break };
        let same = |block: &Block| block.kind == BlockKind::Paragraph && block.text == shown;
        if end < 2 || !same(&blocks[end - 1]) {
            break;
        }
        end -= 1;
    }
    for block in &mut blocks[end..] {
        block.furniture.get_or_insert(Furniture::Footer);
    }
}

/// What a line of links and separators shows; `None` if there is anything else in it.
fn only_links(line: &str) -> Option<String> {
    let mut rest = line.trim_matches(is_space);
    let mut shown = String::new();
    let mut links = 0;
    while let Some(ch) = rest.chars().next() {
        let len = match ch {
            '[' => {
                let middle = rest.find("](")?;
                let end = middle + rest[middle..].find(')')?;
                shown.push_str(&rest[1..middle]);
                end + 1
            }
            '<' => {
                let end = rest.find('>')?;
                let target = &rest[1..end];
                if !target.starts_with("http") {
                    return None;
                }
                shown.push_str(target);
                end + 1
            }
            '|' | '｜' | '·' | '/' | '>' | '»' | '、' => {
                shown.push(ch);
                rest = &rest[ch.len_utf8()..];
                continue;
            }
            ch if is_space(ch) => {
                shown.push(ch);
                rest = &rest[ch.len_utf8()..];
                continue;
            }
            _ => return None,
        };
        links += 1;
        rest = &rest[len..];
    }
    (links > 0).then_some(shown)
}
