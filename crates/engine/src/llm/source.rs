//! The numbered blocks that a model gets to see: the answer's first, then the best passages.

use serde::Serialize;

use crate::answer::Answer;
use crate::retrieve::Stored;

/// Original text under a number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Source {
    /// Its number, from 1.
    pub number: usize,
    /// Whether it is a block of the answer.
    pub is_answer: bool,
    /// The file's name without its extension.
    pub doc: String,
    /// What the document is called.
    pub title: Option<String>,
    /// When it was published, `2023-05-04`.
    pub published: Option<String>,
    /// The page on which it begins.
    pub page: Option<u32>,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// The text, cut at a line where it is too long.
    pub text: String,
}

impl Source {
    /// All that it says, its headings and the document's date included.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let headings = self.headings.iter().map(String::as_str);
        let about = [Some(self.doc.as_str()), self.title.as_deref(), self.published.as_deref()];
        std::iter::once(self.text.as_str()).chain(headings).chain(about.into_iter().flatten())
    }
}

/// The sources of an answer, of this many characters together.
pub fn sources(answer: &Answer, budget: usize) -> Vec<Source> {
    let blocks = answer.blocks.iter().map(|block| {
        let known = answer.passages.iter().find(|ranked| ranked.stored.version == block.version);
        let about = known.map(|ranked| &ranked.stored);
        source(true, &block.name, about, block.page, &block.headings, &block.text)
    });
    let passages = answer.passages.iter().map(|ranked| {
        let passage = &ranked.stored.passage;
        let (name, about) = (&ranked.stored.name, Some(&ranked.stored));
        source(false, name, about, passage.page, &passage.headings, &passage.text)
    });
    let mut out: Vec<Source> = Vec::new();
    let mut left = budget;
    for mut source in blocks.chain(passages) {
        let is_there =
            |known: &Source| known.doc == source.doc && known.text.contains(&source.text);
        if out.iter().any(is_there) {
            continue;
        }
        source.text = cut(&source.text, left).to_owned();
        if source.text.is_empty() {
            break;
        }
        left -= source.text.chars().count();
        source.number = out.len() + 1;
        out.push(source);
    }
    out
}

fn source(
    is_answer: bool,
    name: &str,
    about: Option<&Stored>,
    page: Option<u32>,
    headings: &[String],
    text: &str,
) -> Source {
    let meta = about.map(|stored| &stored.meta);
    Source {
        number: 0,
        is_answer,
        doc: name.to_owned(),
        title: meta.and_then(|meta| meta.title.clone()),
        published: meta.and_then(|meta| Some(meta.published?.to_string())),
        page,
        headings: headings.to_owned(),
        text: text.to_owned(),
    }
}

/// As many whole lines as have room; of a first line that is too long, its beginning.
fn cut(text: &str, room: usize) -> &str {
    let Some((end, _)) = text.char_indices().nth(room) else { return text };
    let head = &text[..end];
    head.rfind('\n').map_or(head, |line| &head[..line])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_a_line() {
        for (text, room, expected) in [
            ("甲乙丙", 3, "甲乙丙"),
            ("甲乙\n丙丁", 4, "甲乙"),
            ("甲乙丙", 2, "甲乙"),
            ("甲", 0, ""),
        ] {
            assert_eq!(cut(text, room), expected);
        }
    }
}
