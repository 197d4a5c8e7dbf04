//! The terms that a question is searched by, each with how much it counts.
//!
//! Question words are cut out first, so that no pair of characters spans them. A word of the
//! dictionary stays together: of the terms inside it only the whole counts, and those across its
//! ends are left out.

use std::collections::BTreeSet;
use std::ops::Range;

use super::QueryTerm;
use super::phrases::{ASIDE, INTERROGATIVES, MEASURES, PARTICLES};
use crate::lexicon::Lexicon;
use crate::text::segment::{Segmented, Term, TermKind};

/// How much a term of the preamble counts against the text.
pub(super) const PREAMBLE: f32 = 0.35;
/// How much a single Han character counts: it matches too much to count as a word.
const SINGLE: f32 = 0.15;
/// How much a pair counts that holds a particle: 的营, 信在. It is rare, but not for its meaning.
const PARTICLE: f32 = 0.4;

/// How far from a question word, in characters, a term says what is asked for.
const BESIDE: usize = 4;

/// The terms of a question, each once, in the order of their first places.
pub(super) fn terms(preamble: &str, body: &str, lexicon: &Lexicon) -> Vec<QueryTerm> {
    let mut found = BTreeSet::new();
    let mut out: Vec<QueryTerm> = Vec::new();
    for (text, preamble, weight) in [(body, false, 1.0), (preamble, true, PREAMBLE)] {
        for mut term in terms_of(text, lexicon) {
            if found.insert(term.text.clone()) {
                (term.preamble, term.weight) = (preamble, term.weight * weight);
                out.push(term);
            }
        }
    }
    out
}

fn terms_of(text: &str, lexicon: &Lexicon) -> Vec<QueryTerm> {
    let (text, asked) = without_interrogatives(text);
    let segmented = Segmented::new(&text);
    let words = lexicon.words_in(&segmented);
    let beside = |start: u32, end: u32| {
        asked.iter().any(|at| is_beside(&text, start as usize..end as usize, *at))
    };
    let plain = |term: Term<'_>| QueryTerm {
        text: term.text.to_owned(),
        weight: usefulness(term.kind, term.text),
        single: term.kind == TermKind::Single,
        preamble: false,
        beside: term.kind != TermKind::Single && beside(term.start, term.end),
        inside: Vec::new(),
    };
    let mut out = Vec::new();
    for at in 0..segmented.atoms().len() {
        let inside = words.iter().find(|(range, _)| range.contains(&at));
        match inside {
            None => {
                let meets_word = words.iter().any(|(range, _)| range.start == at + 1);
                let terms = segmented.terms_at(at);
                out.extend(
                    terms.filter(|term| !(meets_word && term.kind == TermKind::Pair)).map(plain),
                );
            }
            Some((range, word)) if range.start == at => {
                let (first, last) = (segmented.atoms()[at], segmented.atoms()[range.end - 1]);
                out.push(QueryTerm {
                    text: word.phrase.text.clone(),
                    weight: word.weight,
                    single: false,
                    preamble: false,
                    beside: beside(first.start, last.end),
                    inside: if range.len() > 2 { word.phrase.words.clone() } else { Vec::new() },
                });
            }
            Some(_) => {}
        }
    }
    out
}

/// How much a term says, whatever the documents are.
fn usefulness(kind: TermKind, text: &str) -> f32 {
    match kind {
        TermKind::Single => SINGLE,
        TermKind::Pair if text.contains(PARTICLES) => PARTICLE,
        _ => 1.0,
    }
}

/// Whether a term lies within [`BESIDE`] characters of the question word that stood at `at`.
fn is_beside(text: &str, term: Range<usize>, at: usize) -> bool {
    let chars = |range: Range<usize>| text[range].chars().count();
    if term.end <= at {
        chars(term.start..at) <= BESIDE
    } else {
        term.start > at && chars(at + 1..term.end) <= BESIDE
    }
}

/// Puts a comma where a question word stood, so that no pair of characters spans it; also the
/// places of those that ask for a thing.
pub(super) fn without_interrogatives(text: &str) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(text.len());
    let mut asked = Vec::new();
    let mut rest = text;
    while let Some(ch) = rest.chars().next() {
        if let Some(len) = interrogative(rest) {
            if !ASIDE.contains(&&rest[..len]) {
                asked.push(out.len());
            }
            out.push(',');
            rest = &rest[len..];
        } else {
            out.push(ch);
            rest = &rest[ch.len_utf8()..];
        }
    }
    (out, asked)
}

/// The text with commas over its question words, byte for byte.
pub(crate) fn cut_of(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    while let Some(ch) = text[out.len()..].chars().next() {
        match interrogative(&text[out.len()..]) {
            Some(len) => out.extend(std::iter::repeat_n(',', len)),
            None => out.push(ch),
        }
    }
    out
}

/// Whether a character is a particle: a pair with it is not a word.
pub(crate) fn is_particle(ch: char) -> bool {
    PARTICLES.contains(&ch)
}

/// The length of the question word at the head of `text`, with its count and measure word.
fn interrogative(text: &str) -> Option<usize> {
    let word = INTERROGATIVES.iter().find(|word| text.starts_with(**word))?;
    let mut len = word.len();
    if word.contains('哪') {
        for ch in text[len..].chars().take(2) {
            if !(MEASURES.contains(ch) || "两二三四五六七八九十".contains(ch)) {
                break;
            }
            len += ch.len_utf8();
        }
    }
    Some(len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Phrase, Word};

    #[test]
    fn words_of_the_dictionary_stay_together() {
        let words = ["云帆平台", "双千兆", "算力"]
            .map(|text| Word { phrase: Phrase::new(text).expect("a phrase"), weight: 2.0 });
        let lexicon = Lexicon::new(Vec::new(), words.to_vec(), Vec::new());
        for (question, expected) in [
            ("云帆平台的营收", vec!["云帆平台", "的营", "营收"]),
            ("公司云帆平台算力", vec!["公司", "云帆平台", "算力"]),
            ("云帆 平台建设", vec!["云帆平台", "建设"]),
            ("云帆，平台", vec!["云帆", "平台"]),
            ("双千兆网", vec!["双千兆"]),
        ] {
            let found = terms("", question, &lexicon);
            let texts: Vec<&str> =
                found.iter().filter(|term| !term.single).map(|term| term.text.as_str()).collect();
            assert_eq!(texts, expected, "{question}");
            assert!(
                found.iter().all(|term| term.inside.is_empty() == (term.text.chars().count() < 3))
            );
        }
    }
}
