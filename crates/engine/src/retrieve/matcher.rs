//! Finds a query's terms in texts, and says how much each is worth.

use std::collections::BTreeMap;

use super::phrases::{self, Wanted};
use super::prepared::{Keyed, key};
use crate::query::Query;

/// How many values of keys' highest bits are told apart.
const LIKELY: usize = 4096;
/// What an alternative counts against the question's own words.
pub(super) const INSTEAD: f64 = 0.8;

/// A query's terms, ready to be found in texts.
#[derive(Debug, Clone)]
pub struct Matcher {
    /// The key of each term with its place, in the order of keys.
    keys: Vec<(u64, usize)>,
    /// A bit for each value of a key's highest bits that some term has: most terms of a text have
    /// another.
    likely: Box<[u64; LIKELY / 64]>,
    /// What each term is worth: its weight times its inverse document frequency.
    worth: Vec<f64>,
    /// The same with preamble terms at full weight, for titles.
    title_worth: Vec<f64>,
    total: f64,
    /// Words of the dictionary, and what may stand for phrases of the query.
    phrases: Vec<Wanted>,
}

/// Where terms of a query stand in a text.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The term and its first byte, in order of place.
    pub hits: Vec<(usize, u32)>,
    /// The same of terms that something else stands for.
    pub instead: Vec<(usize, u32)>,
    /// How many terms the text has, the query's or not.
    pub length: usize,
}

impl Matcher {
    /// `frequencies` says in how many of `passages` passages each term stands.
    pub fn new(query: &Query, frequencies: &BTreeMap<String, u64>, passages: u64) -> Self {
        let idf = |text: &str| {
            let df = frequencies.get(text).copied().unwrap_or(0) as f64;
            (1.0 + (passages as f64 - df + 0.5).max(0.0) / (df + 0.5)).ln()
        };
        let worth: Vec<f64> =
            query.terms.iter().map(|term| f64::from(term.weight) * idf(&term.text)).collect();
        let full = |weight: f32, preamble: bool| {
            if preamble { f64::from(weight) * 2.0 } else { f64::from(weight) }
        };
        let title_worth = query
            .terms
            .iter()
            .map(|term| full(term.weight, term.preamble) * idf(&term.text))
            .collect();
        let total = worth.iter().sum();
        let phrases = phrases::words(query);
        let (keys, likely) = keys(query);
        let mut out = Self { keys, likely, worth, title_worth, total, phrases };
        let alternatives = phrases::alternatives(query, &out);
        out.phrases.extend(alternatives);
        out
    }

    /// Finds the terms in a text.
    pub fn find(&self, text: &str) -> Found {
        self.find_in(&Keyed::new(text))
    }

    /// Finds the terms in a text that was taken apart before.
    pub(crate) fn find_in(&self, text: &Keyed) -> Found {
        let mut hits = Vec::new();
        for (atom, keys) in text.segmented.atoms().iter().zip(&text.keys) {
            for key in keys {
                if let Some(place) = self.place_of(*key) {
                    hits.push((place, atom.start));
                }
            }
        }
        let length = text.segmented.len();
        let mut found = Found { hits, instead: Vec::new(), length };
        for phrase in &self.phrases {
            phrase.find(&text.segmented, self, &mut found);
        }
        if !self.phrases.is_empty() {
            found.hits.sort_by_key(|(_, at)| *at);
            found.instead.sort_by_key(|(_, at)| *at);
        }
        found
    }

    fn place_of(&self, key: u64) -> Option<usize> {
        let bit = (key >> (64 - LIKELY.ilog2())) as usize;
        if self.likely[bit / 64] >> (bit % 64) & 1 == 0 {
            return None;
        }
        let at = self.keys.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        Some(self.keys[at].1)
    }

    pub(super) fn place(&self, term: &str) -> Option<usize> {
        self.place_of(key(term))
    }

    /// How many terms the query has.
    pub fn len(&self) -> usize {
        self.worth.len()
    }

    /// Whether the query has no term.
    pub fn is_empty(&self) -> bool {
        self.worth.is_empty()
    }

    /// What a term is worth.
    pub fn worth(&self, term: usize) -> f64 {
        self.worth.get(term).copied().unwrap_or_default()
    }

    /// What a term is worth in a title.
    pub fn title_worth(&self, term: usize) -> f64 {
        self.title_worth.get(term).copied().unwrap_or_default()
    }

    /// What all terms are worth together.
    pub fn total(&self) -> f64 {
        self.total.max(f64::MIN_POSITIVE)
    }

    /// The share of the question that stands in the bytes from `start` to `end`.
    pub fn share_within(&self, found: &Found, start: usize, end: usize) -> f64 {
        let mut seen = vec![false; self.len()];
        let mut sum = 0.0;
        for (hits, counts) in [(&found.hits, 1.0), (&found.instead, INSTEAD)] {
            for (term, _) in within(hits, start, end) {
                sum += if seen[*term] { 0.0 } else { counts * self.worth(*term) };
                seen[*term] = true;
            }
        }
        sum / self.total()
    }

    /// The share of the question that a set of terms covers.
    pub fn share(&self, covered: &[bool]) -> f64 {
        covered
            .iter()
            .enumerate()
            .filter(|(_, is)| **is)
            .map(|(term, _)| self.worth(term))
            .sum::<f64>()
            / self.total()
    }
}

/// The keys of a query's terms in order, and which values their highest bits have.
fn keys(query: &Query) -> (Vec<(u64, usize)>, Box<[u64; LIKELY / 64]>) {
    let terms = query.terms.iter().enumerate();
    let mut keys: Vec<(u64, usize)> = terms.map(|(at, term)| (key(&term.text), at)).collect();
    keys.sort_unstable();
    let mut likely = Box::new([0; LIKELY / 64]);
    for (key, _) in &keys {
        let bit = (key >> (64 - LIKELY.ilog2())) as usize;
        likely[bit / 64] |= 1 << (bit % 64);
    }
    (keys, likely)
}

/// The hits that begin in the bytes from `start` to `end`.
fn within(hits: &[(usize, u32)], start: usize, end: usize) -> &[(usize, u32)] {
    let first = hits.partition_point(|(_, at)| (*at as usize) < start);
    let last = hits.partition_point(|(_, at)| (*at as usize) < end);
    &hits[first..last.max(first)]
}

impl Found {
    /// Which of `terms` terms, or what stands for them, stand in the bytes from `start` to `end`.
    pub fn covered(&self, terms: usize, start: usize, end: usize) -> Vec<bool> {
        let mut out = vec![false; terms];
        for hits in [&self.hits, &self.instead] {
            for (term, _) in within(hits, start, end) {
                out[*term] = true;
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Lexicon, Phrase, Rule, Why, Word};
    use crate::query::{Knowledge, understand_with};

    fn phrase(text: &str) -> Phrase {
        Phrase::new(text).expect("a phrase")
    }

    fn matcher(question: &str) -> Matcher {
        let rule = |(from, to): (&str, &str)| Rule {
            from: phrase(from),
            to: phrase(to),
            why: Why::Synonym,
        };
        let rules = [("营收", "营业收入"), ("远山通信", "远山")].map(rule);
        let word = Word { phrase: phrase("双千兆网"), weight: 1.0 };
        let lexicon = Lexicon::new(rules.to_vec(), vec![word], Vec::new());
        let knowledge = Knowledge { lexicon: &lexicon, as_of: None };
        Matcher::new(&understand_with(question, &knowledge), &BTreeMap::new(), 10)
    }

    #[test]
    fn what_stands_for_a_phrase_counts_as_it_once() {
        let matcher = matcher("远山通信营收");
        let share = |text: &str| {
            let covered = matcher.find(text).covered(matcher.len(), 0, usize::MAX);
            (matcher.share(&covered) * 100.0).round()
        };
        assert_eq!(share("远山通信营收"), 100.0);
        assert_eq!(share("远山通信营业收入"), 100.0);
        assert_eq!(share("远山营业收入"), 100.0);
        assert!(share("远山、营业") < 60.0 + share("远山"));
        assert_eq!(share("雪岭"), 0.0);
        let found = matcher.find("远山通信营收");
        assert!(found.instead.is_empty(), "{found:?}");
        let found = matcher.find("营业收入、营业收入");
        let within = matcher.share_within(&found, 0, usize::MAX);
        assert!(within > 0.0 && within < matcher.share(&found.covered(matcher.len(), 0, 99)));
    }

    #[test]
    fn a_word_of_the_dictionary_stands_where_all_of_it_stands() {
        let matcher = matcher("双千兆网");
        let held = |text: &str| matcher.find(text).covered(1, 0, usize::MAX) == [true];
        assert_eq!(matcher.len(), 1);
        for (text, expected) in
            [("建成双千兆网", true), ("雙 千 兆網", true), ("双千兆，网", false), ("千兆网", false)]
        {
            assert_eq!(held(text), expected, "{text}");
        }
    }
}
