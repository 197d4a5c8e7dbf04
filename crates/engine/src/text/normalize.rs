//! Folding: two ways of writing the same thing become the same characters.
//!
//! NFKC (full-width digits, compatibility forms), lower case, traditional → simplified, one kind
//! of space. Folding is for matching only: what is shown is always the source's bytes, so every
//! folded character carries the byte range of the source that it stands for.
//!
//! Traditional → simplified goes character by character, from a table that is filled from
//! OpenCC's dictionary on first use. Phrase-aware conversion differs for a few dozen characters
//! (乾, 著, 瞭); both the question and the documents go through the same table, so a match does
//! not suffer. NFKC is applied to a character with the marks that follow it, which is exact for
//! everything but conjoining Hangul.

use std::iter::once;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A folded character and the bytes of the source it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folded {
    /// The folded character.
    pub ch: char,
    /// Where its source begins, in bytes.
    pub start: u32,
    /// Where its source ends.
    pub end: u32,
}

/// Folds `text`; the result's ranges rise and lie on character boundaries of `text`.
pub fn fold(text: &str) -> Vec<Folded> {
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut chars = text.char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        let mut end = at + ch.len_utf8();
        let is_alone = !chars.peek().is_some_and(|(_, next)| is_mark(*next));
        if is_han(ch) {
            push(&mut out, simplified(ch), at, end);
        } else if let Some(folded) = whole(ch).filter(|_| is_alone) {
            push(&mut out, folded, at, end);
        } else {
            while let Some((_, mark)) = chars.next_if(|(_, next)| is_mark(*next)) {
                end += mark.len_utf8();
            }
            for folded in text[at..end].nfkc().flat_map(char::to_lowercase) {
                push(&mut out, simplified(folded), at, end);
            }
        }
    }
    out
}

/// The folded characters alone.
pub fn folded(text: &str) -> String {
    fold(text).iter().map(|folded| folded.ch).collect()
}

/// The folded characters without white space.
pub fn bare(text: &str) -> String {
    fold(text).iter().map(|folded| folded.ch).filter(|ch| *ch != ' ').collect()
}

fn push(out: &mut Vec<Folded>, ch: char, start: usize, end: usize) {
    if is_ignorable(ch) {
        return;
    }
    let ch = if ch.is_whitespace() { ' ' } else { ch };
    out.push(Folded { ch, start: start as u32, end: end as u32 });
}

/// Characters without a width that only guide line breaking: soft hyphen, zero-width space, BOM.
fn is_ignorable(ch: char) -> bool {
    matches!(ch, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// Whether it is a Chinese character (the unified ideographs, extensions included).
pub fn is_han(ch: char) -> bool {
    matches!(ch, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{3134f}' | '〇')
}

/// Whether a character joins the one before; there is none among the most frequent ones.
fn is_mark(ch: char) -> bool {
    ch >= '\u{300}' && !is_han(ch) && is_combining_mark(ch)
}

/// Blocks of characters that are frequent beside Chinese ones: punctuation, full-width forms.
const BLOCKS: [RangeInclusive<char>; 2] = ['\u{2000}'..='\u{30ff}', '\u{ff00}'..='\u{ffef}'];

/// What a character that stands alone folds to, if that is one character and known without asking
/// for its decomposition.
fn whole(ch: char) -> Option<char> {
    static TABLES: OnceLock<[Vec<Option<char>>; 2]> = OnceLock::new();
    if ch.is_ascii() {
        return Some(ch.to_ascii_lowercase());
    }
    let block = BLOCKS.iter().position(|block| block.contains(&ch))?;
    let tables = TABLES.get_or_init(|| BLOCKS.map(|block| block.map(one_folded).collect()));
    *tables[block].get(ch as usize - *BLOCKS[block].start() as usize)?
}

fn one_folded(ch: char) -> Option<char> {
    let mut folded = once(ch).nfkc().flat_map(char::to_lowercase).map(simplified);
    folded.next().filter(|_| folded.next().is_none())
}

const FIRST: char = '\u{4e00}';
const LAST: char = '\u{9fff}';

/// The simplified form of a character of the basic block; other characters stay.
fn simplified(ch: char) -> char {
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    if !(FIRST..=LAST).contains(&ch) {
        return ch;
    }
    let table = TABLE.get_or_init(simplification_table);
    table.get(ch as usize - FIRST as usize).copied().unwrap_or(ch)
}

fn simplification_table() -> Vec<char> {
    let Ok(converter) = OpenCC::from_config(BuiltinConfig::T2s) else {
        return Vec::new();
    };
    let mut buffer = [0; 4];
    (FIRST..=LAST)
        .map(|ch| {
            let converted = converter.convert(ch.encode_utf8(&mut buffer));
            converted.chars().next().unwrap_or(ch)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_writing_fold_together() {
        for (source, expected) in [
            ("ＡＢ５Ｇ", "ab5g"),
            ("８.３％", "8.3%"),
            ("遠山通信", "远山通信"),
            ("①㎡", "1m2"),
            ("a\u{3000}b\u{200b}c", "a bc"),
            ("e\u{301}", "é"),
        ] {
            assert_eq!(folded(source), expected, "{source}");
        }
    }

    #[test]
    fn every_folded_character_knows_its_source() {
        let source = "年Ａ㎡";
        let ranges: Vec<_> = fold(source)
            .iter()
            .map(|f| (f.ch, &source[f.start as usize..f.end as usize]))
            .collect();
        assert_eq!(ranges, [('年', "年"), ('a', "Ａ"), ('m', "㎡"), ('2', "㎡")]);
    }
}
