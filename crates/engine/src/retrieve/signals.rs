//! What is measured of a candidate passage, and how it is weighed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::matcher::{Found, INSTEAD, Matcher};
use super::period;
use super::{Names, Stored};
use crate::query::Query;
use crate::text::normalize::bare;
use crate::vectors::Nearness;

/// BM25's saturation of repeated terms.
const K1: f64 = 1.2;
/// BM25's discount for length.
const B: f64 = 0.4;
/// The length in terms at which BM25 neither discounts nor rewards: a full passage.
const USUAL_LENGTH: f64 = 700.0;

/// What a quoted string is worth where it is mentioned, against 1 where it opens a paragraph.
const MENTIONED: f64 = 0.5;
/// What it is worth where it is mentioned and set in marks as well: it is the same name.
const QUOTED: f64 = 0.8;
/// What may stand before a quoted string that opens a paragraph.
const OPENING_MARKS: [char; 5] = ['“', '「', '『', '《', '"'];

/// What was measured of a passage for a query. All lie between −1 and 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Signals {
    /// BM25 of the text as a share of the most that is possible.
    pub bm25: f64,
    /// The share of the question that stands in the text, title or headings.
    pub coverage: f64,
    /// The share that stands in the best two neighbouring sentences.
    pub window: f64,
    /// The share that stands in the title, the file name or the publisher.
    pub title: f64,
    /// The share that stands in the headings.
    pub heading: f64,
    /// The share of quoted and 《named》 strings that stand in the passage, word for word.
    pub quoted: f64,
    /// The share of 《named》 strings that the document's title is.
    pub named: f64,
    /// Whether the document is about the period named.
    pub period: f64,
    /// Whether the document is of the kind named.
    pub source: f64,
    /// Whether the document is of the organisation named (1), or of another one (−1).
    pub organisation: f64,
    /// How near it is in meaning: the cosine of the vectors.
    pub meaning: f64,
    /// The share of the question that stands in the best two neighbouring sentences when words
    /// may be near in meaning instead of the same; 0 but for the best candidates.
    pub aligned: f64,
    /// The cosine of the nearest two neighbouring sentences; 0 but for the best candidates.
    pub sentence: f64,
    /// How well it answers, as a reranker says; 0 but for the best candidates.
    pub reranked: f64,
}

/// How much each signal counts.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct Weights {
    pub bm25: f64,
    pub coverage: f64,
    pub window: f64,
    pub title: f64,
    pub heading: f64,
    pub quoted: f64,
    pub named: f64,
    pub period: f64,
    pub source: f64,
    pub organisation: f64,
    pub meaning: f64,
    pub aligned: f64,
    pub sentence: f64,
    pub reranked: f64,
}

impl Default for Weights {
    /// Fitted by hand and checked by softmax regression on questions of four collections; the
    /// optimum is flat, so the figures are round. Those of meaning, aligned and sentence were set
    /// beside weights learned on five folds by document, which did no better on what they had not
    /// seen.
    fn default() -> Self {
        Self {
            bm25: 1.0,
            coverage: 0.8,
            window: 0.4,
            title: 0.2,
            heading: 0.2,
            quoted: 0.35,
            named: 0.4,
            period: 0.25,
            source: 0.15,
            organisation: 0.1,
            meaning: 0.1,
            aligned: 0.4,
            sentence: 0.15,
            reranked: 1.0,
        }
    }
}

impl Weights {
    /// Those beside a transformer's vectors: of a small grid, the ones that lost on no collection
    /// with multilingual-e5-small what the built-in table found. What a transformer makes of a whole
    /// passage adds little to the words of its best sentences; it is of more use in choosing the
    /// sentence. Beside a question's exact words a reranker counts as much as BM25 does; that weight
    /// is a guess.
    pub fn with_transformer() -> Self {
        Self { meaning: 0.3, aligned: 0.5, sentence: 0.2, ..Self::default() }
    }
}

impl Signals {
    /// Each signal with its name and its weight, in the order in which they are declared.
    pub fn weighed(&self, weights: &Weights) -> [(&'static str, f64, f64); 14] {
        [
            ("bm25", self.bm25, weights.bm25),
            ("coverage", self.coverage, weights.coverage),
            ("window", self.window, weights.window),
            ("title", self.title, weights.title),
            ("heading", self.heading, weights.heading),
            ("quoted", self.quoted, weights.quoted),
            ("named", self.named, weights.named),
            ("period", self.period, weights.period),
            ("source", self.source, weights.source),
            ("organisation", self.organisation, weights.organisation),
            ("meaning", self.meaning, weights.meaning),
            ("aligned", self.aligned, weights.aligned),
            ("sentence", self.sentence, weights.sentence),
            ("reranked", self.reranked, weights.reranked),
        ]
    }

    /// The weighted sum.
    pub fn score(&self, weights: &Weights) -> f64 {
        self.weighed(weights).iter().map(|(_, value, weight)| value * weight).sum()
    }
}

/// Measures the candidates of one query; what it finds of a document is kept for its next passage.
pub(super) struct Measure<'a> {
    query: &'a Query,
    matcher: &'a Matcher,
    nearness: &'a Nearness,
    documents: BTreeMap<u64, Arc<Titled>>,
}

/// What is measured once for a document.
struct Titled {
    covered: Vec<bool>,
    names: Arc<Names>,
    share: f64,
    named: f64,
    period: f64,
    source: f64,
    organisation: f64,
}

impl<'a> Measure<'a> {
    pub(super) fn new(query: &'a Query, matcher: &'a Matcher, nearness: &'a Nearness) -> Self {
        Self { query, matcher, nearness, documents: BTreeMap::new() }
    }

    /// What was measured of a passage, and which terms it holds.
    pub(super) fn signals(&mut self, stored: &Stored) -> (Signals, Vec<bool>) {
        let titled = self.document(stored);
        let passage = &stored.passage;
        let terms = self.matcher.len();
        let found = self.matcher.find_in(&passage.body);
        let heading = self.matcher.find_in(&passage.above).covered(terms, 0, usize::MAX);
        let own = found.covered(terms, 0, usize::MAX);
        let all: Vec<bool> =
            (0..terms).map(|term| own[term] || heading[term] || titled.covered[term]).collect();
        let signals = Signals {
            bm25: self.bm25(&found),
            coverage: self.matcher.share(&all),
            window: self.window(&passage.sentences, &found),
            title: titled.share,
            heading: self.matcher.share(&heading),
            quoted: self.quoted(&passage.text, &titled),
            named: titled.named,
            period: titled.period,
            source: titled.source,
            organisation: titled.organisation,
            aligned: 0.0,
            sentence: 0.0,
            reranked: 0.0,
            meaning: self.nearness.of(stored.version, passage.ordinal).map_or(0.0, f64::from),
        };
        (signals, all)
    }

    fn document(&mut self, stored: &Stored) -> Arc<Titled> {
        if let Some(known) = self.documents.get(&stored.version) {
            return Arc::clone(known);
        }
        let names = &stored.names;
        let covered = self.matcher.find_in(&names.keyed).covered(self.matcher.len(), 0, usize::MAX);
        let worth: f64 = (0..covered.len())
            .filter(|&term| covered[term])
            .map(|term| self.matcher.title_worth(term))
            .sum();
        let titled = Arc::new(Titled {
            share: worth / self.matcher.total(),
            covered,
            named: share(&self.query.named, |name| names.bare.contains(name.as_str())),
            names: Arc::clone(names),
            organisation: self.query.organisations.agreement(&names.keyed.segmented),
            period: period::agreement(&self.query.periods, &stored.meta),
            source: self
                .query
                .source
                .map_or(0.0, |kind| if kind == stored.meta.kind { 1.0 } else { 0.0 }),
        });
        self.documents.insert(stored.version, Arc::clone(&titled));
        titled
    }

    fn bm25(&self, found: &Found) -> f64 {
        let mut counts = vec![0.0; self.matcher.len()];
        for (hits, counted) in [(&found.hits, 1.0), (&found.instead, INSTEAD)] {
            hits.iter().for_each(|(term, _)| counts[*term] += counted);
        }
        let length = K1 * (1.0 - B + B * found.length as f64 / USUAL_LENGTH);
        let score =
            |(term, count): (usize, &f64)| self.matcher.worth(term) * count / (count + length);
        counts.iter().enumerate().map(score).sum::<f64>() / self.matcher.total()
    }

    fn window(&self, ends: &[Range<usize>], found: &Found) -> f64 {
        let found_in = |start, end| self.matcher.share_within(found, start, end);
        let pairs = ends.iter().enumerate().map(|(at, sentence)| {
            let next = ends.get(at + 1).unwrap_or(sentence);
            0.5 * found_in(sentence.start, sentence.end) + 0.5 * found_in(sentence.start, next.end)
        });
        pairs.fold(0.0, f64::max)
    }

    fn quoted(&self, text: &str, titled: &Titled) -> f64 {
        let wanted: Vec<&String> = self.query.quoted.iter().chain(&self.query.named).collect();
        if wanted.is_empty() {
            return 0.0;
        }
        let lines: Vec<String> = text.lines().map(bare).collect();
        let opens = |line: &String, wanted: &str| {
            line.trim_start_matches(OPENING_MARKS).starts_with(wanted)
        };
        let held = |wanted: &&String| match wanted.as_str() {
            wanted if lines.iter().any(|line| opens(line, wanted)) => 1.0,
            wanted if titled.names.bare.contains(wanted) => 1.0,
            wanted if lines.iter().any(|line| is_quoted(line, wanted)) => QUOTED,
            wanted if lines.iter().any(|line| line.contains(wanted)) => MENTIONED,
            _ => 0.0,
        };
        wanted.iter().map(held).sum::<f64>() / wanted.len() as f64
    }
}

/// Whether a line holds a string in quotation marks.
fn is_quoted(line: &str, wanted: &str) -> bool {
    line.match_indices(wanted).any(|(at, _)| {
        line[..at].ends_with(OPENING_MARKS)
            && line[at + wanted.len()..].starts_with(['”', '」', '』', '》', '"'])
    })
}

fn share<T>(all: &[T], holds: impl Fn(&T) -> bool) -> f64 {
    if all.is_empty() {
        0.0
    } else {
        all.iter().filter(|one| holds(one)).count() as f64 / all.len() as f64
    }
}
