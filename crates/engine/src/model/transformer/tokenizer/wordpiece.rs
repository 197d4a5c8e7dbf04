//! WordPiece: a word is cut into the longest pieces from its beginning on.

use std::collections::HashMap;

use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Read {
    pub(super) vocab: HashMap<String, u32>,
    #[serde(default = "unknown")]
    unk_token: String,
    #[serde(default = "prefix")]
    continuing_subword_prefix: String,
    #[serde(default = "longest")]
    max_input_chars_per_word: usize,
}

fn unknown() -> String {
    "[UNK]".to_owned()
}

fn prefix() -> String {
    "##".to_owned()
}

fn longest() -> usize {
    100
}

/// The pieces, and what stands for a word that has none.
#[derive(Debug)]
pub(super) struct WordPiece {
    vocabulary: HashMap<String, u32>,
    unknown: u32,
    prefix: String,
    longest: usize,
}

impl WordPiece {
    pub(super) fn new(read: Read) -> Result<Self, String> {
        let unknown = *read.vocab.get(&read.unk_token).ok_or("it has no piece for the unknown")?;
        Ok(Self {
            vocabulary: read.vocab,
            unknown,
            prefix: read.continuing_subword_prefix,
            longest: read.max_input_chars_per_word,
        })
    }

    pub(super) fn cut(&self, word: &str, ids: &mut Vec<u32>) {
        let begin = ids.len();
        if word.chars().count() > self.longest || !self.pieces(word, ids) {
            ids.truncate(begin);
            ids.push(self.unknown);
        }
    }

    fn pieces(&self, word: &str, ids: &mut Vec<u32>) -> bool {
        let mut rest = word;
        let mut piece = String::with_capacity(word.len() + self.prefix.len());
        while !rest.is_empty() {
            let before = if rest.len() == word.len() { "" } else { &self.prefix };
            piece.clear();
            piece.push_str(before);
            piece.push_str(rest);
            let id = loop {
                if let Some(id) = self.vocabulary.get(&piece) {
                    break *id;
                }
                piece.pop();
                if piece.len() <= before.len() {
                    return false;
                }
            };
            ids.push(id);
            rest = &rest[piece.len() - before.len()..];
        }
        true
    }
}
