//! One question's answer against its label.

use std::collections::HashMap;

use super::normal::normalise;
use super::records::{Answered, Block, Question};

/// What one question's answer is worth.
pub(super) struct Scored {
    pub(super) score: f64,
    pub(super) kw: f64,
    pub(super) es: f64,
    pub(super) length: f64,
    pub(super) doc: bool,
    pub(super) page: Option<bool>,
    pub(super) rank: Option<usize>,
    /// The text of the label that counts.
    pub(super) expected: String,
}

impl Scored {
    /// Whether the answer holds no keyword and resembles no label.
    pub(super) fn is_wrong(&self) -> bool {
        self.kw == 0.0 && self.es < 0.5
    }
}

pub(super) fn score_one(question: &Question, answer: &Answered) -> Scored {
    let options = || {
        let alternatives = question.alternatives.iter().filter(|option| !option.is_empty());
        std::iter::once(&question.blocks).chain(alternatives)
    };
    let labelled = || options().flatten();

    let text = normalise(&answer.answer);
    let length = text.chars().count();
    let bigrams = grams(&text, 2);
    let keywords: Vec<String> = question.keywords.iter().map(|word| normalise(word)).collect();
    let contained = keywords.iter().filter(|word| text.contains(word.as_str())).count();
    let kw = if keywords.is_empty() { 0.0 } else { contained as f64 / keywords.len() as f64 };

    let mut best: Option<(f64, f64, f64, &Vec<Block>)> = None;
    for blocks in options() {
        let gold = normalise(&blocks.iter().map(|block| block.text.as_str()).collect::<String>());
        let gold_length = gold.chars().count();
        let es = cosine(&bigrams, &grams(&gold, 2));
        let p = if length == 0 { 1.0 } else { penalty(length, gold_length) };
        let score = (question.kw_weight * kw + (1.0 - question.kw_weight) * es) * p;
        if best.is_none_or(|(highest, ..)| score > highest) {
            best = Some((score, es, length as f64 / gold_length.max(1) as f64, blocks));
        }
    }
    let (score, es, length, label) = best.unwrap_or((0.0, 0.0, 0.0, &question.blocks));
    let expected: Vec<&str> = label.iter().map(|block| block.text.as_str()).collect();

    let first = answer.blocks.first();
    let has_page = labelled().any(|block| page_of(block).is_some());
    let page = has_page.then(|| {
        first.is_some_and(|first| {
            labelled().any(|gold| {
                gold.doc == first.doc && page_of(gold).is_some() && gold.page == first.page
            })
        })
    });
    Scored {
        score,
        kw,
        es,
        length,
        doc: first.is_some_and(|first| labelled().any(|gold| gold.doc == first.doc)),
        page,
        rank: rank(options(), &answer.passages),
        expected: expected.join("\n"),
    }
}

/// Where the passages first hold all blocks of one of the options, from 1.
fn rank<'a>(options: impl Iterator<Item = &'a Vec<Block>>, passages: &[Block]) -> Option<usize> {
    let passages: Vec<(String, Grams)> = passages
        .iter()
        .map(|passage| {
            let text = normalise(&passage.text);
            let grams = grams(&text, 4);
            (text, grams)
        })
        .collect();
    let holds = |gold: &str, (text, grams): &(String, Grams)| containment(gold, text, grams) >= 0.6;
    options
        .filter_map(|blocks| {
            let ranks: Option<Vec<usize>> = blocks
                .iter()
                .map(|block| {
                    let gold = normalise(&block.text);
                    passages.iter().position(|passage| holds(&gold, passage)).map(|at| at + 1)
                })
                .collect();
            ranks?.into_iter().max()
        })
        .min()
}

/// A label's page; page 0 stands for none.
fn page_of(block: &Block) -> Option<u32> {
    block.page.filter(|page| *page > 0)
}

fn penalty(length: usize, gold_length: usize) -> f64 {
    let (length, gold_length) = (length as f64, gold_length as f64);
    if length <= 1.5 * gold_length {
        1.0
    } else if length <= 2.5 * gold_length {
        0.9
    } else {
        0.75
    }
}

/// Character n-grams with how often each occurs.
type Grams = HashMap<String, u64>;

fn grams(text: &str, n: usize) -> Grams {
    let starts: Vec<usize> =
        text.char_indices().map(|(at, _)| at).chain(std::iter::once(text.len())).collect();
    let mut counts = Grams::new();
    for window in starts.windows(n + 1) {
        *counts.entry(text[window[0]..window[n]].to_owned()).or_default() += 1;
    }
    counts
}

fn cosine(a: &Grams, b: &Grams) -> f64 {
    let product: u64 = a.iter().map(|(gram, n)| n * b.get(gram).copied().unwrap_or(0)).sum();
    let square = |grams: &Grams| grams.values().map(|n| u128::from(n * n)).sum::<u128>();
    let norm = ((square(a) * square(b)) as f64).sqrt();
    if norm > 0.0 { product as f64 / norm } else { 0.0 }
}

/// The share of the label's 4-grams that occur in the text.
fn containment(gold: &str, text: &str, text_grams: &Grams) -> f64 {
    let wanted = grams(gold, 4);
    if wanted.is_empty() {
        return if !gold.is_empty() && text.contains(gold) { 1.0 } else { 0.0 };
    }
    let common: u64 =
        wanted.iter().map(|(gram, n)| (*n).min(text_grams.get(gram).copied().unwrap_or(0))).sum();
    common as f64 / wanted.values().sum::<u64>() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_grams_by_character() {
        assert_eq!(grams("山山山水", 2), Grams::from([("山山".into(), 2), ("山水".into(), 1)]));
        assert!(grams("山", 2).is_empty());
        assert!(grams("", 2).is_empty());
    }

    #[test]
    fn a_short_label_must_be_contained_whole() {
        let within = |gold, text| containment(gold, text, &grams(text, 4));
        assert_eq!(within("五十", "共五十座"), 1.0);
        assert_eq!(within("五十", "共五 座"), 0.0);
        assert_eq!(within("", "共"), 0.0);
        assert_eq!(within("甲乙丙丁戊", "甲乙丙丁"), 0.5);
    }

    #[test]
    fn too_long_an_answer_is_penalised_in_two_steps() {
        let of = |length| penalty(length, 10);
        assert_eq!([of(15), of(16), of(25), of(26)], [1.0, 0.9, 0.9, 0.75]);
    }
}
