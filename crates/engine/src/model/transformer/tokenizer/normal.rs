//! What is done to a text before it is cut.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::charsmap::Charsmap;
use super::kind;

/// A normaliser of `tokenizer.json`.
#[derive(Debug)]
pub(super) enum Normaliser {
    Nothing,
    Sequence(Vec<Normaliser>),
    Bert(Bert),
    Charsmap(Charsmap),
    Form(Form),
    Lowercase,
    StripAccents,
    Strip {
        left: bool,
        right: bool,
    },
    Prepend(String),
    Replace {
        what: String,
        by: String,
    },
    /// Runs of two or more spaces by one string.
    Spaces(String),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
}

/// BERT's own: see `BasicTokenizer` of the published BERT code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bert {
    clean: bool,
    /// White space around each Chinese character.
    chinese: bool,
    accents: bool,
    lowercase: bool,
}

impl Normaliser {
    pub(super) fn new(value: &Value) -> Result<Self, String> {
        if value.is_null() {
            return Ok(Self::Nothing);
        }
        let flag = |name: &str| value.get(name).and_then(Value::as_bool);
        let string = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        Ok(match kind(value) {
            "Sequence" => {
                let parts = value.get("normalizers").and_then(Value::as_array);
                let parts = parts.into_iter().flatten().map(Self::new);
                Self::Sequence(parts.collect::<Result<_, _>>()?)
            }
            "BertNormalizer" => {
                let lowercase = flag("lowercase").unwrap_or(true);
                Self::Bert(Bert {
                    clean: flag("clean_text").unwrap_or(true),
                    chinese: flag("handle_chinese_chars").unwrap_or(true),
                    accents: flag("strip_accents").unwrap_or(lowercase),
                    lowercase,
                })
            }
            "Precompiled" => {
                let map = Charsmap::read(string("precompiled_charsmap"));
                Self::Charsmap(map.ok_or("its map of characters is damaged")?)
            }
            "NFC" => Self::Form(Form::Nfc),
            "NFD" => Self::Form(Form::Nfd),
            "NFKC" | "Nmt" => Self::Form(Form::Nfkc),
            "NFKD" => Self::Form(Form::Nfkd),
            "Lowercase" => Self::Lowercase,
            "StripAccents" => Self::StripAccents,
            "Strip" => Self::Strip {
                left: flag("strip_left").unwrap_or(true),
                right: flag("strip_right").unwrap_or(true),
            },
            "Prepend" => Self::Prepend(string("prepend").to_owned()),
            "Replace" => Self::replace(value, string("content"))?,
            other => return Err(format!("the normalizer {other} is not supported")),
        })
    }

    fn replace(value: &Value, by: &str) -> Result<Self, String> {
        let pattern = |kind: &str| value.get("pattern")?.get(kind)?.as_str();
        match (pattern("String"), pattern("Regex")) {
            (Some(what), _) => Ok(Self::Replace { what: what.to_owned(), by: by.to_owned() }),
            (_, Some(" {2,}")) => Ok(Self::Spaces(by.to_owned())),
            (_, other) => Err(format!("the pattern {other:?} of a normalizer is not supported")),
        }
    }

    pub(super) fn apply(&self, text: &str) -> String {
        match self {
            Self::Nothing => text.to_owned(),
            Self::Sequence(parts) => {
                parts.iter().fold(text.to_owned(), |text, part| part.apply(&text))
            }
            Self::Bert(bert) => bert.apply(text),
            Self::Charsmap(map) => map.apply(text),
            Self::Form(Form::Nfc) => text.nfc().collect(),
            Self::Form(Form::Nfd) => text.nfd().collect(),
            Self::Form(Form::Nfkc) => text.nfkc().collect(),
            Self::Form(Form::Nfkd) => text.nfkd().collect(),
            Self::Lowercase => text.to_lowercase(),
            Self::StripAccents => text.chars().filter(|ch| !is_combining_mark(*ch)).collect(),
            Self::Strip { left, right } => {
                let text = if *left { text.trim_start() } else { text };
                if *right { text.trim_end() } else { text }.to_owned()
            }
            Self::Prepend(before) if text.is_empty() => before.chars().take(0).collect(),
            Self::Prepend(before) => format!("{before}{text}"),
            Self::Replace { what, by } => text.replace(what.as_str(), by),
            Self::Spaces(by) => spaces(text, by),
        }
    }
}

fn spaces(text: &str, by: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("  ") {
        out.push_str(&rest[..at]);
        out.push_str(by);
        rest = rest[at..].trim_start_matches(' ');
    }
    out + rest
}

impl Bert {
    fn apply(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() * 2);
        for ch in text.chars() {
            if self.clean && is_nothing(ch) {
                continue;
            }
            match ch {
                ch if self.clean && ch.is_whitespace() => out.push(' '),
                ch if self.chinese && is_chinese(ch) => out.extend([' ', ch, ' ']),
                ch => out.push(ch),
            }
        }
        if self.accents {
            out = out.nfd().filter(|ch| !is_nonspacing(*ch)).collect();
        }
        if self.lowercase { out.to_lowercase() } else { out }
    }
}

/// A character that cleaning drops: unknown ones, control and format characters.
fn is_nothing(ch: char) -> bool {
    let is_format = matches!(ch, '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}'
        | '\u{70f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0001}'..='\u{e007f}' | '\u{f0000}'..='\u{10ffff}');
    let is_control = ch.is_control() && !matches!(ch, '\t' | '\n' | '\r');
    ch == '\u{fffd}' || is_control || is_format
}

/// Accents as stripping sees them: marks that take no room (Mn). The test for combining marks also
/// has those that do (Mc) and that enclose (Me); scripts of India and south-east Asia, whose
/// vowels are either, keep all of theirs.
fn is_nonspacing(ch: char) -> bool {
    let other = matches!(ch, '\u{903}'..='\u{1cff}' | '\u{20dd}'..='\u{20e0}'
        | '\u{20e2}'..='\u{20e4}' | '\u{302e}' | '\u{302f}' | '\u{a670}'..='\u{a672}');
    is_combining_mark(ch) && !other
}

/// The blocks of unified ideographs that BERT's code lists.
fn is_chinese(ch: char) -> bool {
    matches!(ch, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2a6df}'
        | '\u{2a700}'..='\u{2b73f}' | '\u{2b740}'..='\u{2b81f}' | '\u{2b920}'..='\u{2ceaf}'
        | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}
