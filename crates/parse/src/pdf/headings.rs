//! Which blocks are headings, and their levels.
//!
//! A heading is what the structure tree or the outline calls one; else a short block without a
//! sentence's end that is numbered, larger than the text, or bold. Levels come from nesting: a
//! heading is outside of the one before it if its numbering is of an outer kind, or its type is
//! larger; of two with the same look, the second takes the first one's level.

use crate::document::{Block, BlockKind};
use crate::meta::{DATE_LABELS, PUBLISHER_LABELS, labelled};

use super::body::Body;
use super::draft::Draft;
use super::tags::{Role, Structure};
use crate::marker::{Numbering, numbering};

/// Headings are at most this long, in characters.
const LONGEST: usize = 60;
const DEEPEST: u8 = 6;

/// Finds the headings among the blocks and gives them their levels.
pub(crate) fn mark(drafts: &mut [Draft], body: Body, structure: &Structure) {
    let mut stack: Vec<(Look, u8)> = Vec::new();
    for draft in drafts {
        let outline = outline_level(&draft.block, structure);
        if !is_heading(draft, body, outline.is_some()) {
            continue;
        }
        let given = match draft.style.role {
            Role::Heading(level) => Some(level),
            _ => outline,
        };
        let look = Look {
            numbering: numbering(&draft.block.text),
            size: (draft.style.size * 2.0).round() as i32,
            bold: draft.style.bold,
        };
        let level = nest(&mut stack, look, given);
        draft.block.kind = BlockKind::Heading(level);
    }
}

fn outline_level(block: &Block, structure: &Structure) -> Option<u8> {
    if structure.outline.is_empty() || block.furniture.is_some() || block.text.len() > 240 {
        return None;
    }
    let text: String = block.text.chars().filter(|ch| !ch.is_whitespace()).collect();
    structure.outline.iter().find(|(title, _)| *title == text).map(|(_, level)| *level)
}

fn is_heading(draft: &Draft, body: Body, in_outline: bool) -> bool {
    let Draft { block, style, .. } = draft;
    let candidate = matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem);
    let length = block.text.chars().filter(|ch| !ch.is_whitespace()).count();
    if block.furniture.is_some()
        || !candidate
        || !(2..=LONGEST).contains(&length)
        || style.lines > 3
    {
        return false;
    }
    if labelled(&block.text, &DATE_LABELS[..3])
        .or(labelled(&block.text, &PUBLISHER_LABELS[..3]))
        .is_some()
    {
        // 发布时间：… 发布人：…, often set larger than the text.
        return false;
    }
    if in_outline {
        return true;
    }
    let sentence =
        block.text.trim_end().ends_with(['。', '；', '，', '、', ';', '！', '：', ':', '”', '）']);
    let worded = block.text.chars().filter(|ch| ch.is_alphabetic()).count() * 2 >= length;
    if !worded || sentence && !(block.text.trim_end().ends_with(['”', '）']) && length < 40) {
        return false;
    }
    let larger = style.size >= body.size * 1.12;
    match style.role {
        Role::Heading(_) => true,
        _ if block.text.contains(['。', '；']) => false,
        _ if numbering(&block.text).is_some() => {
            let outer = numbering(&block.text) <= Some(Numbering::Decimal(9));
            larger || style.bold || (outer && style.lines == 1 && length <= 40)
        }
        _ => (larger && length <= 45) || (style.bold && style.lines == 1 && length <= 36),
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Look {
    numbering: Option<Numbering>,
    size: i32,
    bold: bool,
}

impl Look {
    /// Whether two headings are of the same kind.
    fn same(self, other: Self) -> bool {
        self.numbering == other.numbering
            && (self.size - other.size).abs() <= 1
            && (self.numbering.is_some() || self.bold == other.bold)
    }

    /// Whether this heading stands outside of `other`.
    fn outer(self, other: Self) -> bool {
        match (self.numbering, other.numbering) {
            (Some(a), Some(b)) if a != b => a < b,
            // Of a numbered heading and one that is not, in the same type, the number is outer.
            (Some(_), None) => self.size >= other.size - 1,
            (None, Some(_)) => self.size > other.size + 2,
            _ => {
                self.size > other.size + 1
                    || (self.size > other.size - 2 && self.bold && !other.bold)
            }
        }
    }
}

/// The level of a heading among those it is nested in.
fn nest(stack: &mut Vec<(Look, u8)>, look: Look, given: Option<u8>) -> u8 {
    if let Some(level) = given {
        let level = level.clamp(1, DEEPEST);
        stack.retain(|(_, open)| *open < level);
        stack.push((look, level));
        return level;
    }
    if let Some(at) = stack.iter().position(|(open, _)| open.same(look)) {
        stack.truncate(at + 1);
        return stack[at].1;
    }
    while stack.last().is_some_and(|(open, _)| !open.outer(look)) {
        stack.pop();
    }
    let level = stack.last().map_or(1, |(_, level)| (level + 1).min(DEEPEST));
    stack.push((look, level));
    level
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(text: &str, size: i32) -> Look {
        Look { numbering: numbering(text), size, bold: false }
    }

    #[test]
    fn levels_follow_the_nesting_of_numbers_and_sizes() {
        let mut stack = Vec::new();
        let cases = [
            (look("年度报告", 44), 1),
            (look("第一节 简介", 32), 2),
            (look("一、概况", 28), 3),
            (look("（一）网络", 28), 4),
            (look("（二）客户", 28), 4),
            (look("二、展望", 28), 3),
            (look("1.风险", 28), 4),
            (look("第二节 数据", 32), 2),
        ];
        for (look, level) in cases {
            assert_eq!(nest(&mut stack, look, None), level, "{look:?}");
        }
    }
}
