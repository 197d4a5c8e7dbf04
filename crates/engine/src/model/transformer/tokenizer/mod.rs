//! A reader of `tokenizer.json`: text to the numbers that a network takes.
//!
//! The file describes a chain: a normaliser, a pre-tokeniser that cuts words, a model that cuts
//! words into pieces, and a template that puts marks around them (the format of the Hugging Face
//! `tokenizers` library). Of each kind the variants are read that the BERT and XLM-RoBERTa
//! families use; a file with another one is refused by its name.
//!
//! Two things differ from that library. What a document says is never taken for a mark: `[SEP]`
//! or `</s>` in a text is text. And where a character map has several entries that begin a text
//! the longest is taken, as SentencePiece does, not the shortest of a grapheme.

mod charsmap;
mod normal;
mod punctuation;
mod template;
mod unigram;
mod wordpiece;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use self::normal::Normaliser;
use self::template::Template;
use self::unigram::Unigram;
use self::wordpiece::WordPiece;
use self::words::Words;
use crate::model::ModelError;

/// Cuts text into the numbers of pieces.
#[derive(Debug)]
pub(super) struct Tokenizer {
    normaliser: Normaliser,
    words: Words,
    pieces: Pieces,
    template: Template,
}

#[derive(Debug)]
enum Pieces {
    Word(WordPiece),
    Unigram(Unigram),
}

/// A text, or two, as a network takes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Encoding {
    /// The numbers of the pieces, marks included.
    pub(super) ids: Vec<u32>,
    /// 0 or 1 for each: to which of two texts it belongs.
    pub(super) types: Vec<u32>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    normalizer: Value,
    #[serde(default)]
    pre_tokenizer: Value,
    #[serde(default)]
    post_processor: Value,
    #[serde(default)]
    added_tokens: Vec<Added>,
    model: Model,
}

#[derive(Deserialize)]
struct Added {
    id: u32,
    content: String,
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Model {
    WordPiece(wordpiece::Read),
    Unigram(unigram::Read),
    #[serde(other)]
    Other,
}

impl Tokenizer {
    /// Reads the file.
    pub(super) fn read(path: &Path) -> Result<Self, ModelError> {
        let unusable = |reason: String| ModelError::unusable(path, reason);
        let bytes = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
        let file: File =
            serde_json::from_slice(&bytes).map_err(|error| unusable(error.to_string()))?;
        Self::with(file).map_err(unusable)
    }

    fn with(file: File) -> Result<Self, String> {
        let mut marks: BTreeMap<String, u32> =
            file.added_tokens.into_iter().map(|added| (added.content, added.id)).collect();
        let pieces = match file.model {
            Model::WordPiece(read) => {
                for mark in template::USUAL_MARKS {
                    if let Some(id) = read.vocab.get(mark) {
                        marks.entry(mark.to_owned()).or_insert(*id);
                    }
                }
                Pieces::Word(WordPiece::new(read)?)
            }
            Model::Unigram(read) => Pieces::Unigram(Unigram::new(read)?),
            Model::Other => {
                return Err("only WordPiece and Unigram tokenizers are supported".to_owned());
            }
        };
        Ok(Self {
            normaliser: Normaliser::new(&file.normalizer)?,
            words: Words::new(&file.pre_tokenizer)?,
            pieces,
            template: Template::new(&file.post_processor, &marks)?,
        })
    }

    /// A text with its marks, cut off so that there are at most `most` numbers.
    pub(super) fn encode(&self, text: &str, most: usize) -> Encoding {
        let mut ids = self.cut(text);
        ids.truncate(most.saturating_sub(self.template.marks(false)));
        self.template.fill(&ids, None)
    }

    /// Two texts with their marks. While they are too long the longer one is cut off.
    pub(super) fn encode_pair(&self, one: &str, other: &str, most: usize) -> Encoding {
        let (mut one, mut other) = (self.cut(one), self.cut(other));
        let room = most.saturating_sub(self.template.marks(true));
        let first_is_shorter = one.len() <= other.len();
        let (shorter, longer) =
            if first_is_shorter { (&mut one, &mut other) } else { (&mut other, &mut one) };
        if shorter.len() + longer.len() > room {
            shorter.truncate(room / 2);
            longer.truncate(room - shorter.len());
        }
        self.template.fill(&one, Some(&other))
    }

    /// The numbers of a text's pieces, without marks.
    pub(super) fn cut(&self, text: &str) -> Vec<u32> {
        let text = self.normaliser.apply(text);
        let mut ids = Vec::with_capacity(text.len() / 2);
        self.words.cut(&text, |word| match &self.pieces {
            Pieces::Word(pieces) => pieces.cut(word, &mut ids),
            Pieces::Unigram(pieces) => pieces.cut(word, &mut ids),
        });
        ids
    }
}

/// The name of a variant in the file.
fn kind(value: &Value) -> &str {
    value.get("type").and_then(Value::as_str).unwrap_or("a part without a name")
}

#[cfg(test)]
mod tests;
