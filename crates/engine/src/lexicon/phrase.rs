//! Phrases as texts are compared with them.

use crate::text::segment::{Segmented, TermKind};

/// A run of words or characters, however it is written: with white space, full-width, traditional.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phrase {
    /// The folded text of its atoms without what separates them: what is compared.
    pub text: String,
    /// The terms of it that say something: its pairs, Latin words and numbers; of a single
    /// character that itself.
    pub words: Vec<String>,
    /// Its first and its last atom.
    pub ends: [String; 2],
    /// How many atoms it has.
    pub len: usize,
}

impl Phrase {
    /// `None` if there is nothing in it that is searched, or punctuation inside: no run of atoms
    /// could be it.
    pub fn new(text: &str) -> Option<Self> {
        let segmented = Segmented::new(text);
        let atoms = segmented.atoms();
        let (first, last) = (atoms.first()?, atoms.last()?);
        if !atoms[1..].iter().all(|atom| atom.joined) {
            return None;
        }
        let terms = segmented.terms().filter(|term| term.kind != TermKind::Single);
        let words: Vec<String> = terms.map(|term| term.text.to_owned()).collect();
        let text = segmented.from(0).to_owned();
        Some(Self {
            words: if words.is_empty() { vec![text.clone()] } else { words },
            ends: [segmented.text(first).to_owned(), segmented.text(last).to_owned()],
            len: atoms.len(),
            text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_writing_are_one_phrase() {
        for (text, expected) in [
            ("遠山 通信", Some(("远山通信", vec!["远山", "山通", "通信"], ["远", "信"], 4))),
            (
                "FM Telecom",
                Some(("fmtelecom", vec!["fm", "fmtelecom", "telecom"], ["fm", "telecom"], 2)),
            ),
            ("网", Some(("网", vec!["网"], ["网", "网"], 1))),
            ("远山，通信", None),
            ("！", None),
        ] {
            let found = Phrase::new(text);
            let found = found.map(|found| (found.text, found.words, found.ends, found.len));
            let expected = expected.map(|(text, words, ends, len)| {
                let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
                (text.to_owned(), words, ends.map(str::to_owned), len)
            });
            assert_eq!(found, expected, "{text}");
        }
    }
}
