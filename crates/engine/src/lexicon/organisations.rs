//! Organisations and the names that they go by.
//!
//! Each name may stand for each other one of the same organisation. And a document whose title,
//! publisher or file name names another organisation than the question does is ranked lower; it
//! is never left out, since a report also tells of partners and competitors.
//!
//! Some of the field are built in (`organisations.txt`), others are learned from the documents
//! (`learn`).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Phrase, Rule, Why, file};
use crate::text::segment::Segmented;

/// The names that are built in, one organisation a line.
const BUILT_IN: &str = include_str!("organisations.txt");
/// More names than these of one organisation are a mistake of what was learned.
const MOST_NAMES: usize = 12;

/// The names of one organisation, the usual one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// At least one.
    pub names: Vec<Phrase>,
}

/// The organisations that a question names, among all that are known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Named {
    known: Arc<[Organisation]>,
    named: BTreeSet<usize>,
}

/// The organisations that are built in, and those of these pairs of names.
pub(crate) fn organisations(learned: &[(Phrase, Phrase)]) -> Vec<Organisation> {
    let lines = BUILT_IN.lines().filter(|line| !line.starts_with('#'));
    let mut out: Vec<Organisation> = lines
        .filter_map(|line| file::members(line).ok())
        .filter(|names| !names.is_empty())
        .map(|names| Organisation { names })
        .collect();
    for (full, short) in learned {
        let knows = |one: &&mut Organisation| one.names.contains(full) || one.names.contains(short);
        let Some(known) = out.iter_mut().find(knows) else {
            out.push(Organisation { names: vec![short.clone(), full.clone()] });
            continue;
        };
        for name in [full, short] {
            if known.names.len() < MOST_NAMES && !known.names.contains(name) {
                known.names.push(name.clone());
            }
        }
    }
    out
}

/// What may stand for what: each name for each other one of its organisation.
pub(super) fn rules(organisations: &[Organisation]) -> Vec<Rule> {
    let mut out = Vec::new();
    for Organisation { names } in organisations {
        for from in names {
            let others = names.iter().filter(|to| *to != from);
            out.extend(others.map(|to| Rule {
                from: from.clone(),
                to: to.clone(),
                why: Why::Alias,
            }));
        }
    }
    out
}

impl Named {
    /// Those that a text names.
    pub(crate) fn new(known: &Arc<[Organisation]>, text: &str) -> Self {
        Self { named: named(known, &Segmented::new(text)), known: Arc::clone(known) }
    }

    /// The usual names of those that the question names.
    pub fn names(&self) -> Vec<&str> {
        let names = self.named.iter().filter_map(|at| self.known.get(*at)?.names.first());
        names.map(|name| name.text.as_str()).collect()
    }

    /// Whether what a document is called names one of them (1), or only others (−1); 0 where the
    /// question or the document names none.
    pub(crate) fn agreement(&self, title: &Segmented) -> f64 {
        if self.named.is_empty() {
            return 0.0;
        }
        let own = named(&self.known, title);
        match (own.is_empty(), own.is_disjoint(&self.named)) {
            (true, _) => 0.0,
            (false, false) => 1.0,
            (false, true) => -1.0,
        }
    }
}

fn named(known: &[Organisation], text: &Segmented) -> BTreeSet<usize> {
    let whole = text.from(0);
    let stands = |name: &Phrase| {
        whole.contains(&name.text)
            && (0..text.atoms().len()).any(|at| text.run_at(at, &name.text).is_some())
    };
    let is_named = |at: &usize| known[*at].names.iter().any(stands);
    (0..known.len()).filter(is_named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(text: &str) -> Phrase {
        Phrase::new(text).expect("a phrase")
    }

    #[test]
    fn the_built_in_list_is_well_formed() {
        for line in BUILT_IN.lines().filter(|line| !line.starts_with('#')) {
            assert!(file::members(line).is_ok_and(|names| !names.is_empty()), "{line}");
        }
        let mut names: Vec<Phrase> =
            organisations(&[]).into_iter().flat_map(|one| one.names).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all, "a name of two organisations");
    }

    #[test]
    fn a_document_of_another_organisation_disagrees() {
        let pairs = [
            (phrase("远山通信集团有限公司"), phrase("远山通信")),
            (phrase("雪岭移动有限公司"), phrase("雪岭移动")),
        ];
        let known: Arc<[Organisation]> = organisations(&pairs).into();
        for (question, title, expected) in [
            ("远山通信的营收", "远山通信集团有限公司年度报告", 1.0),
            ("远山通信的营收", "雪岭移动年度报告", -1.0),
            ("远山通信的营收", "算力白皮书", 0.0),
            ("远山通信和雪岭移动的营收", "雪岭移动年度报告", 1.0),
            ("营收是多少", "雪岭移动年度报告", 0.0),
        ] {
            assert_eq!(
                Named::new(&known, question).agreement(&Segmented::new(title)),
                expected,
                "{question}"
            );
        }
        assert_eq!(Named::new(&known, "远山通信集团有限公司的营收").names(), ["远山通信"]);
    }
}
