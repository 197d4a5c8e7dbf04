//! Which words stand for one another, and which stay together.
//!
//! A [`Lexicon`] holds three kinds of knowledge about words, none of which the search needs and
//! each of which widens what a question finds:
//!
//! * **synonyms** ([`Rule`]): where the question says 营收, a passage that says 营业收入 counts as
//!   holding what was asked for. The original and all that may stand for it count once: a passage
//!   is not worth less because it lacks a synonym, nor more because it has several;
//! * **dictionary words** ([`Word`]): the pairs of characters of such a word count only as a unit,
//!   and pairs across its ends not at all;
//! * **names of organisations**, which are synonyms that also tell whose a document is.
//!
//! The first two come from plain files in the folder of a knowledge base (`file`), which are
//! looked at with each question (`watch`), so that a change needs no new index. All of it is
//! applied to questions only: what is indexed does not depend on it.

mod file;
pub(crate) mod learn;
mod organisations;
mod phrase;
mod watch;

use std::ops::Range;
use std::sync::Arc;

pub use file::Problem;
pub use organisations::{Named, Organisation};
pub use phrase::Phrase;
pub use watch::Unsaved;
pub(crate) use watch::Watched;

use learn::Introduced;

use crate::text::segment::Segmented;

/// Short forms that are built in, in the form of the user's synonyms.
const SHORT_FORMS: &str = include_str!("short_forms.txt");

/// Why a phrase may stand for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// The user's file of synonyms or the list of short forms says so.
    Synonym,
    /// Both are names of one organisation, or a document introduces one as short for the other.
    Alias,
    /// It is the time that the question tells relative to a date.
    Time,
}

/// A phrase that another may stand for, one way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// What a question says.
    pub from: Phrase,
    /// What a passage may say instead.
    pub to: Phrase,
    /// Where this comes from.
    pub why: Why,
}

/// A word that stays together.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// The word.
    pub phrase: Phrase,
    /// How much it counts in a question; 1 is usual.
    pub weight: f32,
}

/// What is known about words.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// What may stand for what, by what the question says; each pair once.
    rules: Vec<Rule>,
    /// Words that stay together, by their text.
    words: Vec<Word>,
    /// What in the files could not be used.
    problems: Vec<Problem>,
    organisations: Arc<[Organisation]>,
}

impl Lexicon {
    /// Puts a lexicon together; of a pair that comes twice the first is kept.
    pub(crate) fn new(rules: Vec<Rule>, mut words: Vec<Word>, problems: Vec<Problem>) -> Self {
        let mut kept: Vec<Rule> = rules.into_iter().filter(|rule| rule.from != rule.to).collect();
        kept.sort_by(|a, b| (&a.from, &a.to, a.why).cmp(&(&b.from, &b.to, b.why)));
        kept.dedup_by(|a, b| (&a.from, &a.to) == (&b.from, &b.to));
        words.sort_by(|a, b| a.phrase.cmp(&b.phrase));
        words.dedup_by(|a, b| a.phrase == b.phrase);
        Self { rules: kept, words, problems, organisations: Arc::default() }
    }

    /// The same with the names that are built in and those that documents introduce.
    pub(crate) fn with_names(&self, learned: &[Introduced]) -> Self {
        let pair = |one: &Introduced| (one.full.clone(), one.short.clone());
        let pairs: Vec<_> = learned.iter().filter(|one| one.organisation).map(pair).collect();
        let organisations = organisations::organisations(&pairs);
        let mut rules = self.rules.clone();
        rules.extend(organisations::rules(&organisations));
        let short_forms = SHORT_FORMS.lines().filter(|line| !line.starts_with('#'));
        rules.extend(
            short_forms.flat_map(|line| file::group(line, Why::Synonym).unwrap_or_default()),
        );
        for Introduced { full, short, .. } in learned {
            for (from, to) in [(full, short), (short, full)] {
                rules.push(Rule { from: from.clone(), to: to.clone(), why: Why::Alias });
            }
        }
        let mut out = Self::new(rules, self.words.clone(), self.problems.clone());
        out.organisations = organisations.into();
        out
    }

    /// The organisations that a text names, among all that are known.
    pub(crate) fn named_in(&self, text: &str) -> Named {
        Named::new(&self.organisations, text)
    }

    /// The names of organisations in a text, as it writes them, in order.
    pub(crate) fn names_in(&self, text: &str) -> Vec<String> {
        let segmented = Segmented::new(text);
        let mut names: Vec<&Phrase> =
            self.organisations.iter().flat_map(|organisation| &organisation.names).collect();
        names.sort();
        let written = |(range, _): (Range<usize>, _)| {
            let atoms = &segmented.atoms()[range];
            let (start, end) = (atoms.first()?.start as usize, atoms.last()?.end as usize);
            Some(text[start..end].to_owned())
        };
        longest(&segmented, &names, |name| &name.text).into_iter().filter_map(written).collect()
    }

    /// What in the user's files could not be used; the rest is.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The words that stay together.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// What may stand for phrases of a text: each with the rules for it. Of phrases that overlap,
    /// the longer one counts.
    pub(crate) fn rules_in(&self, text: &Segmented) -> Vec<&Rule> {
        let mut out: Vec<&Rule> = Vec::new();
        for (_, from) in longest(text, &self.rules, |rule| &rule.from.text) {
            if out.iter().any(|known| known.from == from.from) {
                continue;
            }
            let first = self.rules.partition_point(|rule| rule.from < from.from);
            out.extend(self.rules[first..].iter().take_while(|rule| rule.from == from.from));
        }
        out
    }

    /// The words that stay together in a text, with the atoms that they cover, in order. Of words
    /// that overlap, the longer one counts.
    pub(crate) fn words_in(&self, text: &Segmented) -> Vec<(Range<usize>, &Word)> {
        longest(text, &self.words, |word| &word.phrase.text)
    }
}

/// The entries of a sorted list whose phrases stand in a text, from left to right, with the atoms
/// that they cover; of two that overlap the longer one, of two as long the first.
fn longest<'a, T>(
    text: &Segmented,
    sorted: &'a [T],
    phrase: impl Fn(&T) -> &String,
) -> Vec<(Range<usize>, &'a T)> {
    let mut out: Vec<(Range<usize>, &T)> = Vec::new();
    for at in 0..text.atoms().len() {
        let Some(first) = text.from(at).chars().next() else { break };
        let mut head = [0; 4];
        let head: &str = first.encode_utf8(&mut head);
        let from = sorted.partition_point(|entry| phrase(entry).as_str() < head);
        let near = sorted[from..].iter().take_while(|entry| phrase(entry).starts_with(first));
        let ends = near.filter_map(|entry| Some((text.run_at(at, phrase(entry))?, entry)));
        let Some((end, entry)) = ends.max_by_key(|(end, _)| *end) else { continue };
        match out.last() {
            Some((last, _)) if at < last.end && end - at <= last.len() => continue,
            Some((last, _)) if at < last.end => drop(out.pop()),
            _ => {}
        }
        out.push((at..end, entry));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon(pairs: &[(&str, &str)]) -> Lexicon {
        let rule = |(from, to): &(&str, &str)| Rule {
            from: Phrase::new(from).expect("a phrase"),
            to: Phrase::new(to).expect("a phrase"),
            why: Why::Synonym,
        };
        Lexicon::new(pairs.iter().map(rule).collect(), Vec::new(), Vec::new())
    }

    #[test]
    fn the_longest_phrase_counts() {
        let lexicon = lexicon(&[
            ("远山", "远山集团"),
            ("远山通信", "FM Telecom"),
            ("通信公司", "通讯商"),
            ("5G 网", "五代网"),
        ]);
        for (text, expected) in [
            ("远山的营收", vec!["远山集团"]),
            ("远山通信的营收", vec!["fmtelecom"]),
            ("远山通信公司", vec!["fmtelecom"]),
            ("５Ｇ网和远山、远山", vec!["五代网", "远山集团"]),
            ("远，山", vec![]),
        ] {
            let rules = lexicon.rules_in(&Segmented::new(text));
            let found: Vec<&str> = rules.iter().map(|rule| rule.to.text.as_str()).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
