//! Typos: characters of a question that sound or look like the one that was meant.
//!
//! There is no dictionary; the documents themselves say what is a word. A character is suspicious
//! if no pair that it makes with its neighbours stands in any passage (to suspect rare ones too was
//! measured to recover more, and to spoil questions that are well). Each character
//! that sounds the same without its tone, sounds nearly the same or looks alike is put in its
//! place; the one whose pairs the documents know best is taken, if they know any. So at most
//! `MOST` characters are replaced, one after the other. Characters that make grammar, not words
//! (有, 以, 又), are neither suspected nor put in.
//!
//! Whether a correction is used is up to the caller, who asks both ways: it must never replace
//! what is found well as it was typed. Limits: one character for another, none too many or too
//! few; and a typo that makes another word of the documents is not noticed.

mod shapes;
mod sounds;

use crate::error::Result;
use crate::index::Lexical;
use crate::query::{Query, cut_of, is_particle};
use crate::text::segment::{AtomKind, Segmented};

/// So many characters of a question are replaced.
const MOST: usize = 2;
/// Where the documents know a pair on one side only, it must stand in so many passages.
const USUAL: u64 = 3;
/// Characters that make grammar, besides particles: beside them any other may stand.
const GRAMMAR: &str = "又以有于而之为所由从到对将让给向使得地着过还再更最很不无可能会应要想则且但并如若各每\
    这那哪何其此它他她你我们个些一";
/// What a character counts that sounds nearly the same, or looks alike, against one that sounds
/// the same.
const NEARLY: f64 = 0.7;
const SHAPE: f64 = 0.9;
/// What it counts that both pairs stand in one passage.
const TOGETHER: f64 = 2.0;

/// A correction of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// What was typed: the character with its neighbours.
    pub from: String,
    /// What was understood.
    pub to: String,
}

impl Correction {
    /// The pairs of characters that were understood.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = String> {
        let chars: Vec<char> = self.to.chars().collect();
        (1..chars.len()).map(move |at| chars[at - 1..=at].iter().collect())
    }
}

/// A character in the place of another.
struct Replacement {
    at: usize,
    with: char,
    gain: f64,
}

/// A question with its typos corrected, if there are any that the documents tell.
pub(crate) fn corrected(
    query: &Query,
    index: &Lexical,
) -> Result<Option<(String, Vec<Correction>)>> {
    let mut text = query.text.clone();
    let mut corrections = Vec::new();
    while corrections.len() < MOST {
        let line = Line::new(&text);
        let Some(found) = line.best(index)? else { break };
        let (new, correction) = line.replaced(&text, &found);
        corrections.push(correction);
        text = new;
    }
    Ok((!corrections.is_empty()).then_some((text, corrections)))
}

/// The characters of a question, as far as they make words.
struct Line {
    segmented: Segmented,
}

impl Line {
    fn new(text: &str) -> Self {
        Self { segmented: Segmented::new(&cut_of(text)) }
    }

    /// The character of an atom, if it is a Chinese one that is no particle.
    fn han(&self, at: usize) -> Option<char> {
        let atom = self.segmented.atoms().get(at)?;
        let ch = self.segmented.text(atom).chars().next()?;
        (atom.kind == AtomKind::Han && is_of_words(ch)).then_some(ch)
    }

    fn joined(&self, at: usize) -> bool {
        self.segmented.atoms().get(at).is_some_and(|atom| atom.joined)
    }

    /// The characters before and behind that make a pair with one.
    fn neighbours(&self, at: usize) -> [Option<char>; 2] {
        let before = at.checked_sub(1).filter(|_| self.joined(at));
        let behind = Some(at + 1).filter(|behind| self.joined(*behind));
        [before, behind].map(|place| place.and_then(|place| self.han(place)))
    }

    /// The replacement whose pairs the documents know best.
    fn best(&self, index: &Lexical) -> Result<Option<Replacement>> {
        let mut best: Option<Replacement> = None;
        for at in 0..self.segmented.atoms().len() {
            let Some(ch) = self.han(at) else { continue };
            let around = self.neighbours(at);
            if around == [None, None] || self.is_known(ch, around, index)? {
                continue;
            }
            for (with, factor) in candidates(ch) {
                let gain = factor * known(with, around, index)?;
                if gain > best.as_ref().map_or(0.0, |best| best.gain) {
                    best = Some(Replacement { at, with, gain });
                }
            }
        }
        Ok(best)
    }

    /// Whether a pair of a character stands in any passage.
    fn is_known(&self, ch: char, around: [Option<char>; 2], index: &Lexical) -> Result<bool> {
        for pair in pairs(ch, around).into_iter().flatten() {
            if index.in_texts(&pair)? > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn replaced(&self, text: &str, found: &Replacement) -> (String, Correction) {
        let atom = self.segmented.atoms()[found.at];
        let [before, behind] = self.neighbours(found.at).map(|ch| ch.map(String::from));
        let [before, behind] = [before, behind].map(Option::unwrap_or_default);
        let word = |middle: &str| format!("{before}{middle}{behind}");
        let with = found.with.to_string();
        let correction = Correction { from: word(self.segmented.text(&atom)), to: word(&with) };
        let mut text = text.to_owned();
        text.replace_range(atom.start as usize..atom.end as usize, &with);
        (text, correction)
    }
}

/// What may have been meant, with what it counts.
fn candidates(ch: char) -> Vec<(char, f64)> {
    let (same, nearly) = sounds::alike(ch);
    let shapes = shapes::alike(ch).into_iter().filter(|shape| same.binary_search(shape).is_err());
    let shapes: Vec<(char, f64)> = shapes.map(|ch| (ch, SHAPE)).collect();
    let same = same.into_iter().map(|ch| (ch, 1.0));
    let all = same.chain(shapes).chain(nearly.into_iter().map(|ch| (ch, NEARLY)));
    all.filter(|(ch, _)| is_of_words(*ch)).collect()
}

/// Whether a character makes words, not grammar.
pub(crate) fn is_of_words(ch: char) -> bool {
    !is_particle(ch) && !GRAMMAR.contains(ch)
}

fn pairs(ch: char, [before, behind]: [Option<char>; 2]) -> [Option<String>; 2] {
    [before.map(|before| format!("{before}{ch}")), behind.map(|behind| format!("{ch}{behind}"))]
}

/// How well the documents know the pairs of a character; 0 if they may know them by chance.
fn known(ch: char, around: [Option<char>; 2], index: &Lexical) -> Result<f64> {
    let pairs: Vec<String> = pairs(ch, around).into_iter().flatten().collect();
    let mut frequencies = Vec::with_capacity(pairs.len());
    for pair in &pairs {
        frequencies.push(index.in_texts(pair)?);
    }
    let known: f64 = frequencies.iter().map(|frequency| (1.0 + *frequency as f64).ln()).sum();
    let both = pairs.len() > 1 && frequencies.iter().all(|frequency| *frequency > 0);
    Ok(match () {
        () if both && index.together(&pairs)? > 0 => known + TOGETHER,
        () if frequencies.iter().any(|frequency| *frequency >= USUAL) => known,
        () => 0.0,
    })
}
