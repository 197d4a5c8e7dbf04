//! The words that a text is made of, as the built-in table of words tells them, and what of each is
//! worth marking.

use crate::model::StaticEmbedder;
use crate::spelling::is_of_words;
use crate::text::segment::{AtomKind, Segmented};

/// Characters that are never marked where they are no part of a longer word.
const PARTICLES: &str = "的了是在与和及或被把";
/// Words that make grammar.
const GRAMMAR: &[&str] = &[
    "我们", "你们", "他们", "它们", "这个", "那个", "这些", "那些", "一个", "一些", "可以", "能够",
    "进行", "通过", "以及", "其中", "关于", "对于", "由于", "因为", "所以", "时候", "并且", "而且",
    "的话", "the", "of", "and", "in", "is", "are", "was", "to", "an", "for", "on", "what", "which",
    "how",
];

/// The word that an atom is of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    /// Its first atom.
    pub(super) start: usize,
    /// Behind its last.
    pub(super) end: usize,
    /// What of it may be marked.
    pub(super) role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Two of its characters are worth marking.
    Usual,
    /// It stands only where all of it stands: the dictionary keeps it together.
    Whole,
    /// It is marked between other words alone.
    Grammar,
    /// It is never marked.
    Particle,
}

/// The word that each atom is of; what is in `kept` is one word.
pub(super) fn words(text: &Segmented, kept: &[&str]) -> Vec<Word> {
    let atoms = text.atoms();
    let mut out: Vec<Word> = Vec::with_capacity(atoms.len());
    while out.len() < atoms.len() {
        let at = out.len();
        let run = |phrase: &&str| text.run_at(at, phrase);
        if let Some(end) = kept.iter().filter_map(run).max() {
            out.resize(end, Word { start: at, end, role: Role::Whole });
            continue;
        }
        let is_free = |at: &usize| {
            let atom = &atoms[*at];
            atom.kind == AtomKind::Han
                && (*at == out.len() || atom.joined)
                && kept.iter().all(|phrase| text.run_at(*at, phrase).is_none())
        };
        let end = (at..atoms.len()).take_while(is_free).last().map_or(at, |last| last + 1);
        if end == at {
            let role = role(text.text(&atoms[at]));
            out.push(Word { start: at, end: at + 1, role });
            continue;
        }
        // An atom of Chinese is one character.
        let run: Vec<char> =
            atoms[at..end].iter().filter_map(|atom| text.text(atom).chars().next()).collect();
        let mut start = at;
        for length in StaticEmbedder::built_in().lengths(&run) {
            let end = (start + length).min(end);
            let own: String = run[start - at..end - at].iter().collect();
            out.resize(end, Word { start, end, role: role(&own) });
            start = end;
        }
        out.resize(end, Word { start, end, role: Role::Usual });
    }
    out
}

/// What of a word may be marked.
fn role(word: &str) -> Role {
    let mut chars = word.chars();
    match (chars.next(), chars.next()) {
        (Some(ch), None) if PARTICLES.contains(ch) => Role::Particle,
        (Some(ch), None) if !is_of_words(ch) => Role::Grammar,
        _ if GRAMMAR.contains(&word) => Role::Grammar,
        _ => Role::Usual,
    }
}
