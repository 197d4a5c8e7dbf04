//! A text cut into the words of a table.
//!
//! Runs of Chinese are cut where the words' probabilities multiply to the most (the Viterbi
//! algorithm over a unigram model); a run of letters or digits is one word, or none that is known.

use super::table::{Table, Word};
use crate::text::normalize::{fold, is_han};

/// What a character costs that begins no word: more than any word.
const UNKNOWN: f32 = 40.0;

/// The rows of the words of a text, in order.
pub(super) fn rows(table: &Table<'_>, text: &str) -> Vec<usize> {
    let chars: Vec<char> = fold(text).iter().map(|folded| folded.ch).collect();
    let mut out = Vec::with_capacity(chars.len() / 2);
    for run in chars.chunk_by(|a, b| script(*a) == script(*b)) {
        match run.first().map(|first| script(*first)) {
            Some(Script::Han) => most_likely(table, run, &mut out),
            Some(Script::Latin) => table.words_at(run, |word| {
                if word.length == run.len() {
                    out.push(word.row);
                }
            }),
            _ => {}
        }
    }
    out
}

#[derive(PartialEq)]
enum Script {
    Han,
    Latin,
    Other,
}

fn script(ch: char) -> Script {
    if is_han(ch) {
        Script::Han
    } else if ch.is_alphanumeric() {
        Script::Latin
    } else {
        Script::Other
    }
}

/// The cheapest way to a place of a run, and its last word.
#[derive(Clone, Copy)]
struct Reached {
    cost: f32,
    word: Option<Word>,
}

/// How many characters each word of a run of Chinese has; one that is not known has one.
pub(super) fn lengths(table: &Table<'_>, run: &[char]) -> Vec<usize> {
    words(table, run).iter().map(|word| word.map_or(1, |word| word.length.max(1))).collect()
}

fn most_likely(table: &Table<'_>, run: &[char], out: &mut Vec<usize>) {
    out.extend(words(table, run).into_iter().flatten().map(|word| word.row));
}

/// The likeliest words of a run of Chinese, in order; `None` for a character that begins no word.
fn words(table: &Table<'_>, run: &[char]) -> Vec<Option<Word>> {
    let mut reached = vec![Reached { cost: f32::INFINITY, word: None }; run.len() + 1];
    reached[0].cost = 0.0;
    for at in 0..run.len() {
        let before = reached[at].cost;
        let mut offer = |length: usize, cost: f32, word: Option<Word>| {
            let there = &mut reached[at + length];
            if before + cost < there.cost {
                *there = Reached { cost: before + cost, word };
            }
        };
        offer(1, UNKNOWN, None);
        table.words_at(&run[at..], |word| offer(word.length, word.cost, Some(word)));
    }
    let mut out = Vec::with_capacity(run.len() / 2);
    let mut at = run.len();
    while at > 0 {
        let word = reached[at].word;
        out.push(word);
        at -= word.map_or(1, |word| word.length.max(1));
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::table;
    use super::*;

    #[test]
    fn the_likeliest_words_are_cut() {
        let words = ["5g", "中国", "国人", "山", "络", "网", "网络"];
        let costs = [9.0, 7.0, 9.0, 9.0, 9.0, 9.0, 8.0];
        let entries: Vec<_> =
            words.iter().zip(costs).map(|(word, cost)| (*word, cost, [1, 1])).collect();
        let bytes = table(&entries);
        let table = Table::new(&bytes).expect("a whole table");
        for (text, expected) in [
            ("网络", vec!["网络"]),
            ("中国人", vec!["中国"]),
            ("中國５Ｇ網絡", vec!["中国", "5g", "网络"]),
            ("5g2", vec![]),
            ("山，未网", vec!["山", "网"]),
            ("", vec![]),
        ] {
            let found: Vec<_> = rows(&table, text).into_iter().map(|row| words[row]).collect();
            assert_eq!(found, expected, "{text}");
        }
        let run: Vec<char> = "山中国未网络".chars().collect();
        assert_eq!(lengths(&table, &run), [1, 2, 1, 2]);
    }
}
