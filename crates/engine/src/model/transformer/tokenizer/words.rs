//! Where a text is cut before pieces are looked for: at white space, at punctuation.

use serde_json::Value;

use super::kind;
use super::punctuation::MARKS;

/// A pre-tokeniser of `tokenizer.json`.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Cut at white space, which is dropped.
    spaces: bool,
    /// Cut before and behind each mark of punctuation.
    punctuation: bool,
    metaspace: Option<Metaspace>,
}

/// SentencePiece's way: a mark stands for a space.
#[derive(Debug)]
struct Metaspace {
    mark: char,
    /// Put it before each word; else before the first alone, or before none.
    prepend: Prepend,
    /// Cut before each mark.
    split: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Prepend {
    Always,
    First,
    Never,
}

impl Words {
    pub(super) fn new(value: &Value) -> Result<Self, String> {
        let mut words = Self::default();
        words.add(value)?;
        Ok(words)
    }

    fn add(&mut self, value: &Value) -> Result<(), String> {
        if value.is_null() {
            return Ok(());
        }
        match kind(value) {
            "Sequence" => {
                let parts = value.get("pretokenizers").and_then(Value::as_array);
                return parts.into_iter().flatten().try_for_each(|part| self.add(part));
            }
            "BertPreTokenizer" => (self.spaces, self.punctuation) = (true, true),
            "WhitespaceSplit" => self.spaces = true,
            "Punctuation" => self.punctuation = true,
            "Metaspace" => self.metaspace = Some(Metaspace::new(value)),
            other => return Err(format!("the pre-tokenizer {other} is not supported")),
        }
        Ok(())
    }

    /// Calls `take` with each word of a text.
    pub(super) fn cut(&self, text: &str, mut take: impl FnMut(&str)) {
        let mut first = true;
        let mut word = |word: &str| match &self.metaspace {
            _ if word.is_empty() => (),
            None => take(word),
            Some(metaspace) => {
                metaspace.cut(word, first, &mut take);
                first = false;
            }
        };
        if !self.spaces {
            return word(text);
        }
        for part in text.split_whitespace() {
            if self.punctuation {
                let is_mark = |ch: char| is_punctuation(ch);
                for piece in part.split_inclusive(is_mark) {
                    let mark = piece.chars().next_back().filter(|ch| is_mark(*ch));
                    let end = piece.len() - mark.map_or(0, char::len_utf8);
                    word(&piece[..end]);
                    word(&piece[end..]);
                }
            } else {
                word(part);
            }
        }
    }
}

impl Metaspace {
    fn new(value: &Value) -> Self {
        let string = |name: &str| value.get(name).and_then(Value::as_str);
        let flag = |name: &str| value.get(name).and_then(Value::as_bool);
        let prepend = match (string("prepend_scheme"), flag("add_prefix_space")) {
            (Some("never"), _) | (None, Some(false)) => Prepend::Never,
            (Some("first"), _) => Prepend::First,
            _ => Prepend::Always,
        };
        let mark = string("replacement").and_then(|mark| mark.chars().next()).unwrap_or('▁');
        Self { mark, prepend, split: flag("split").unwrap_or(true) }
    }

    fn cut(&self, word: &str, first: bool, take: &mut impl FnMut(&str)) {
        let mut text = word.replace(' ', self.mark.encode_utf8(&mut [0; 4]));
        let wanted = match self.prepend {
            Prepend::Always => true,
            Prepend::First => first,
            Prepend::Never => false,
        };
        if wanted && !text.starts_with(self.mark) {
            text.insert(0, self.mark);
        }
        if !self.split {
            return take(&text);
        }
        let mut rest = text.as_str();
        while let Some(begin) = rest.chars().next() {
            let behind = begin.len_utf8();
            let end = rest[behind..].find(self.mark).map_or(rest.len(), |at| behind + at);
            take(&rest[..end]);
            rest = &rest[end..];
        }
    }
}

/// Punctuation as BERT has it: all of ASCII that is neither letter nor digit, and Unicode's P.
fn is_punctuation(ch: char) -> bool {
    if ch.is_ascii() {
        return ch.is_ascii_punctuation();
    }
    let before = MARKS.partition_point(|(_, to)| *to < ch);
    MARKS.get(before).is_some_and(|(from, _)| *from <= ch)
}
