//! An answer as the text of a chat: original text first and untouched, then where it stands.

use std::path::Path;

use yuanwen_engine::llm::Sentence;

use crate::answer::{Answered, Cited, cut, source};
use crate::wording;
use crate::written::{Written, said};

/// So many of the nearest passages are shown where there is no answer.
const NEAREST: usize = 3;

/// All of a reply.
pub(super) fn whole(answered: &Answered, written: Option<&Written>) -> String {
    let Some(written) = written else { return originals(answered).concat() };
    let sentences = written.sentences.iter().enumerate();
    let sentences = sentences.map(|(nth, one)| sentence(&written.model, nth, one));
    sentences.chain(cited(answered, written)).collect()
}

/// A sentence of a language model.
pub(super) fn sentence(model: &str, nth: usize, sentence: &Sentence) -> String {
    said(model, nth, sentence)
}

/// The original text with its sources, or the nearest passages, piece by piece.
pub(super) fn originals(answered: &Answered) -> Vec<String> {
    if !answered.found {
        return not_found(answered);
    }
    let number = |nth: usize| wording::number(nth + 1);
    let text = |(nth, block): (usize, &Cited)| format!("{} {}\n\n", block.text, number(nth).trim());
    let mut pieces: Vec<String> = answered.blocks.iter().enumerate().map(text).collect();
    let lines = answered.blocks.iter().enumerate();
    let lines = lines.map(|(nth, block)| format!("{}{}", number(nth), line(block)));
    pieces.push(sources(lines.collect(), answered.confidence));
    pieces
}

/// Behind the sentences of a language model: the original text under the numbers that it cites.
pub(super) fn cited(answered: &Answered, written: &Written) -> Vec<String> {
    if written.sentences.is_empty() {
        return originals(answered);
    }
    let mut pieces = vec![format!("\n\n{}\n\n", wording::ORIGINAL)];
    let mut lines = Vec::new();
    for block in &answered.blocks {
        let number = written.number_of(&block.doc, &block.text).map(wording::number);
        let number = number.unwrap_or_default();
        pieces.push(format!("{number}{}\n\n", block.text));
        lines.push(format!("{number}{}", line(block)));
    }
    for also in written.also_cited() {
        let number = wording::number(also.number);
        pieces.push(format!("{number}{}\n\n", also.text));
        let place = source(&also.doc, also.page, Some(&also.headings));
        lines.push(format!("{number}{place}"));
    }
    pieces.push(sources(lines, answered.confidence));
    pieces
}

fn not_found(answered: &Answered) -> Vec<String> {
    if answered.passages.is_empty() {
        return vec![wording::NOTHING_NEAR.to_owned()];
    }
    let listed = answered.passages.iter().take(NEAREST).enumerate();
    let listed = listed.map(|(nth, near)| {
        let text = cut(&near.text.replace(['\n', '\t'], " "));
        let place = source(&near.doc, near.page, near.headings.as_deref());
        format!("\n\n{}. {text}\n    {place}", nth + 1)
    });
    [wording::NOT_FOUND.to_owned()].into_iter().chain(listed).collect()
}

fn sources(lines: Vec<String>, confidence: f64) -> String {
    let lines = lines.join("\n");
    format!("{}\n{lines}\n\n{}", wording::SOURCES, wording::confidence(confidence))
}

/// Where a block stands: its file, cells or page, and headings.
fn line(block: &Cited) -> String {
    let file = block.path.as_deref().and_then(|path| Path::new(path).file_name()?.to_str());
    let file = file.unwrap_or(&block.doc).to_owned();
    let place = [&[file][..], &wording::cells(&block.place.cells)].concat().join(wording::AND);
    source(&place, block.page, block.headings.as_deref())
}
