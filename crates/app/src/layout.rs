//! Answers laid out for a page that shows them: their text in pieces, tables as tables, the
//! question's words and the places on pages marked.

mod shapes;

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use yuanwen_engine::answer::Answer;
use yuanwen_engine::highlight::Highlighter;
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::store::Entry;

use crate::answer::Answered;
use crate::explained::signals;

pub(crate) use shapes::{Mark, Piece};

/// Adds the layout to an answer, and what a page shows beside it.
pub(crate) fn add(
    kb: &KnowledgeBase,
    words: Highlighter,
    found: &Answer,
    answered: &mut Answered,
) -> yuanwen_engine::Result<()> {
    let mut layouts = kb.layouts(words);
    for (block, cited) in found.blocks.iter().zip(&mut answered.blocks) {
        let entry = kb.entry(block.version)?;
        let meta = entry.as_ref().map(|entry| &entry.meta);
        cited.title = Some(meta.and_then(|meta| meta.title.clone()));
        cited.published = Some(meta.and_then(|meta| meta.published).map(|date| date.to_string()));
        cited.format = Some(entry.as_ref().map(|entry| entry.format));
        cited.layout = Some(layouts.pieces(block.version, &block.parts, &block.text)?);
        cited.marks = Some(layouts.marks(block.version, &block.parts)?);
    }
    let mut documents: HashMap<u64, Option<Entry>> = HashMap::new();
    for (ranked, considered) in found.passages.iter().zip(&mut answered.passages) {
        let stored = &ranked.stored;
        let (version, passage, meta) = (stored.version, &stored.passage, &stored.meta);
        let entry = match documents.entry(version) {
            Slot::Occupied(known) => known.into_mut(),
            Slot::Vacant(slot) => slot.insert(kb.entry(version)?),
        };
        considered.document = Some(entry.as_ref().map(|entry| entry.document.to_string()));
        considered.path = Some(entry.as_ref().map(|entry| entry.path.clone()));
        considered.format = Some(entry.as_ref().map(|entry| entry.format));
        considered.ordinal = Some(passage.ordinal);
        considered.title = Some(meta.title.clone());
        considered.published = Some(meta.published.map(|date| date.to_string()));
        considered.period = Some(meta.period.map(|period| period.to_string()));
        considered.layout = Some(layouts.pieces(version, &passage.parts, &passage.text)?);
        considered.signals = Some(signals(ranked));
    }
    Ok(())
}
