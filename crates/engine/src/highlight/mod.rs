//! Where the words of a question stand in a text, for a person to see at a glance why it was found.
//!
//! What counts is what the question says besides its preamble and question words, what may stand
//! for that, and what it quotes; folding (width, case, traditional characters) is undone. Retrieval
//! looks for pairs of characters, and many of them belong to no word (年营 in 2022年营收). What a
//! person sees has to be words: question and text are cut into words, a stretch that both have in
//! common loses at its ends what is one character of a longer word, and the characters that make
//! grammar. A single character that is left is no word, unless it is a number.
//!
//! Limits: what is only near in meaning is not marked, nor a figure that is written differently.

#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::lexicon::Phrase;
use crate::query::Query;
use crate::text::normalize::{bare, fold};
use crate::text::segment::{AtomKind, Segmented};
use words::{Role, Word, words};

/// Finds the words of a question in texts.
#[derive(Debug, Clone, Default)]
pub struct Highlighter {
    /// The atoms of the question and of its sub-questions, one behind the other.
    atoms: Vec<Asked>,
    /// Where each atom's text stands among them.
    places: BTreeMap<String, Vec<usize>>,
    /// What may stand for words of the question.
    instead: Vec<String>,
    /// What it quotes, folded, without white space.
    quoted: Vec<Vec<char>>,
}

/// An atom of the question.
#[derive(Debug, Clone)]
struct Asked {
    text: String,
    /// Whether it follows the one before without punctuation between.
    joined: bool,
    is_han: bool,
    word: Word,
}

impl Highlighter {
    /// What finds the words of a question as it was understood.
    pub fn new(query: &Query) -> Self {
        let mut out = Self::default();
        let mut known = BTreeSet::new();
        for one in std::iter::once(query).chain(&query.parts) {
            if known.insert(one.bare.as_str()) {
                out.add(one);
            }
        }
        for (at, atom) in out.atoms.iter().enumerate() {
            out.places.entry(atom.text.clone()).or_default().push(at);
        }
        out.instead.sort();
        out.instead.dedup();
        out.quoted.sort();
        out.quoted.dedup();
        out
    }

    fn add(&mut self, query: &Query) {
        let segmented = Segmented::new(&query.bare);
        let from = self.atoms.len();
        let words = words(&segmented, &kept_together(query));
        for (atom, word) in segmented.atoms().iter().zip(words) {
            self.atoms.push(Asked {
                text: segmented.text(atom).to_owned(),
                joined: atom.joined && self.atoms.len() > from,
                is_han: atom.kind == AtomKind::Han,
                word: Word { start: from + word.start, end: from + word.end, ..word },
            });
        }
        let preamble = Segmented::new(&query.preamble);
        let stands = |text: &Segmented, phrase: &Phrase| {
            (0..text.atoms().len()).any(|at| text.run_at(at, &phrase.text).is_some())
        };
        let counts = query.alternatives.iter().filter(|rule| {
            let is_asked = stands(&segmented, &rule.from) || !stands(&preamble, &rule.from);
            is_asked && rule.to.text.chars().nth(1).is_some()
        });
        self.instead.extend(counts.map(|rule| rule.to.text.clone()));
        let preamble = bare(&query.preamble);
        let quoted = query.quoted.iter().chain(&query.named);
        let quoted = quoted.filter(|text| !preamble.contains(text.as_str()));
        self.quoted.extend(quoted.map(|text| text.chars().collect::<Vec<char>>()));
    }

    /// The ranges of characters of a text that hold words of the question, in order; none touches
    /// the next.
    pub fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        if !self.atoms.is_empty() {
            let segmented = Segmented::new(text);
            self.shared(&segmented, &mut found);
            self.phrases(&segmented, &mut found);
        }
        self.quotes(text, &mut found);
        in_characters(text, merged(found))
    }

    /// The stretches that the question and a text have in common.
    fn shared(&self, text: &Segmented, found: &mut Vec<Range<usize>>) {
        let none = Vec::new();
        let atoms = text.atoms();
        let places: Vec<&Vec<usize>> =
            atoms.iter().map(|atom| self.places.get(text.text(atom)).unwrap_or(&none)).collect();
        if places.iter().all(|places| places.is_empty()) {
            return;
        }
        let words = words(text, &[]);
        let goes_on = |at: usize, place: usize| {
            at > 0 && place > 0 && atoms[at].joined && self.atoms[place].joined
        };
        for at in 0..atoms.len() {
            for &place in places[at] {
                if goes_on(at, place) && places[at - 1].binary_search(&(place - 1)).is_ok() {
                    continue;
                }
                let mut length = 1;
                while at + length < atoms.len()
                    && place + length < self.atoms.len()
                    && goes_on(at + length, place + length)
                    && places[at + length].binary_search(&(place + length)).is_ok()
                {
                    length += 1;
                }
                for run in self.worth_marking(place..place + length, at, &words) {
                    let run = at + run.start - place..at + run.end - place;
                    found.push(atoms[run.start].start as usize..atoms[run.end - 1].end as usize);
                }
            }
        }
    }

    /// What of a stretch of the question, which stands at the atom `at` of a text cut into `words`,
    /// is worth marking.
    fn worth_marking(&self, run: Range<usize>, at: usize, words: &[Word]) -> Vec<Range<usize>> {
        let atoms = &self.atoms;
        let first = run.start;
        let is_particle = |place: &usize| atoms[*place].word.role == Role::Particle;
        let places: Vec<usize> = run.collect();
        let mut out = Vec::new();
        for group in places.split(is_particle).filter(|group| !group.is_empty()) {
            let (mut start, mut end) = (group[0], group[group.len() - 1] + 1);
            // An end is loose if what stands there is grammar, or too little of its word.
            let is_loose = |place: usize, start: usize, end: usize| {
                let (own, there) = (&atoms[place], words[at + place - first]);
                let word = own.word;
                let covered = end.min(word.end) - start.max(word.start);
                let begin = at + start - first;
                let theirs = (at + end - first).min(there.end) - begin.max(there.start);
                let is_cut = covered < word.end - word.start;
                own.is_han && (is_cut && covered == 1 || theirs == 1 && there.end - there.start > 1)
                    || is_cut && word.role == Role::Whole
                    || word.role == Role::Grammar
            };
            while start < end && is_loose(start, start, end) {
                start += 1;
            }
            while start < end && is_loose(end - 1, start, end) {
                end -= 1;
            }
            let own = &atoms[start..end];
            let is_number = |atom: &Asked| {
                atom.text.chars().all(|ch| ch.is_ascii_digit() || ch == '.' || ch == '%')
            };
            let characters: usize = own.iter().map(|atom| atom.text.chars().count()).sum();
            if characters > 1 || own.iter().any(is_number) {
                out.push(start..end);
            }
        }
        out
    }

    /// What may stand for words of the question.
    fn phrases(&self, text: &Segmented, found: &mut Vec<Range<usize>>) {
        let atoms = text.atoms();
        for phrase in &self.instead {
            for at in 0..atoms.len() {
                if let Some(end) = text.run_at(at, phrase) {
                    found.push(atoms[at].start as usize..atoms[end - 1].end as usize);
                }
            }
        }
    }

    /// What the question quotes, punctuation inside it included.
    fn quotes(&self, text: &str, found: &mut Vec<Range<usize>>) {
        if self.quoted.is_empty() {
            return;
        }
        let folded: Vec<_> = fold(text).into_iter().filter(|folded| folded.ch != ' ').collect();
        for quoted in &self.quoted {
            for window in folded.windows(quoted.len()) {
                if window.iter().map(|folded| folded.ch).eq(quoted.iter().copied()) {
                    let (first, last) = (window[0], window[window.len() - 1]);
                    found.push(first.start as usize..last.end as usize);
                }
            }
        }
    }
}

/// The words of a question that the dictionary keeps together.
fn kept_together(query: &Query) -> Vec<&str> {
    let kept = query.terms.iter().filter(|term| !term.inside.is_empty());
    kept.map(|term| term.text.as_str()).collect()
}

/// Ranges in order, those that overlap or touch joined.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

/// Ranges of bytes that rise, as ranges of characters.
fn in_characters(text: &str, ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let (mut byte, mut character) = (0, 0);
    let mut to = |end: usize| {
        character += text.get(byte..end).map_or(0, |between| between.chars().count());
        byte = end;
        character
    };
    ranges.into_iter().map(|range| to(range.start)..to(range.end)).collect()
}
