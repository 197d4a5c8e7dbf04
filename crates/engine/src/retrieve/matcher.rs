//! Finds a query's terms in texts, and says how much each is worth.

use std::collections::{BTreeMap, HashMap};

use crate::query::Query;
use crate::text::segment::Segmented;

/// A query's terms, ready to be found in texts.
#[derive(Debug, Clone)]
pub struct Matcher {
    /// Only looked up, never walked: its order must not reach a result.
    places: HashMap<String, usize>,
    /// What each term is worth: its weight times its inverse document frequency.
    worth: Vec<f64>,
    /// The same with preamble terms at full weight, for titles.
    title_worth: Vec<f64>,
    total: f64,
}

/// Where terms of a query stand in a text.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The term and its first byte, in order of place.
    pub hits: Vec<(usize, u32)>,
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
        let places =
            query.terms.iter().enumerate().map(|(at, term)| (term.text.clone(), at)).collect();
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
        Self { places, worth, title_worth, total }
    }

    /// Finds the terms in a text.
    pub fn find(&self, text: &str) -> Found {
        let segmented = Segmented::new(text);
        let hits =
            segmented.terms().filter_map(|term| Some((*self.places.get(term.text)?, term.start)));
        Found { hits: hits.collect(), length: segmented.len() }
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

impl Found {
    /// Which of `terms` terms stand in the bytes from `start` to `end`.
    pub fn covered(&self, terms: usize, start: usize, end: usize) -> Vec<bool> {
        let mut out = vec![false; terms];
        let first = self.hits.partition_point(|(_, at)| (*at as usize) < start);
        for (term, _) in self.hits[first..].iter().take_while(|(_, at)| (*at as usize) < end) {
            out[*term] = true;
        }
        out
    }
}
