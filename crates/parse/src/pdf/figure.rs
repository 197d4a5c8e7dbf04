//! Labels inside figures: axis values, legends, the boxes of a diagram.
//!
//! They are drawn as text but are no running text: several short pieces in a row, on one page,
//! smaller than the text, without a sentence among them.

use crate::document::{BlockKind, Furniture};

use super::body::Body;
use super::draft::Draft;

/// Fewer labels than this in a row may be anything.
const FEWEST: usize = 3;
/// Labels are at most this long, in characters.
const LONGEST: usize = 40;

/// Flags the labels of figures.
pub(crate) fn mark(drafts: &mut [Draft], body: Body) {
    let mut from = 0;
    while from < drafts.len() {
        let page = drafts[from].style.page;
        let label = |draft: &&Draft| draft.style.page == page && is_label(draft, body);
        let count = drafts[from..].iter().take_while(label).count();
        if count >= FEWEST {
            for draft in &mut drafts[from..from + count] {
                draft.block.furniture.get_or_insert(Furniture::Figure);
            }
        }
        from += count.max(1);
    }
}

fn is_label(draft: &Draft, body: Body) -> bool {
    let Draft { block, style, .. } = draft;
    let text = block.text.trim();
    matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem)
        && block.furniture.is_none()
        && style.size < body.size * 0.9
        && text.chars().count() <= LONGEST
        && !text.contains(['。', '；', '：', '？', '！'])
}
