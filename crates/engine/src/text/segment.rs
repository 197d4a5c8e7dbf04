//! Atoms and terms: what of a text is indexed and matched.
//!
//! An **atom** is one Han (or other unspaced) character, one Latin word with its digits (`5g`,
//! `vcpu`), or one whole number (`3549`, `8.3%`; grouping commas dropped, so 3,549 = 3549, and
//! 二〇二二年 = 2022年). White space never separates atoms of Chinese text, punctuation does.
//!
//! A **term** is an atom that is a word or a number, or two atoms that stand together: 年报, 5g网,
//! 3549亿. Pairs find Chinese words without a dictionary, they cost nothing to load, and were
//! measured better than dictionary words on the test corpora. Single Han characters are terms
//! too, marked as such so that a query can weigh them lightly.

use super::normalize::{Folded, fold, is_han};

/// What an [`Atom`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtomKind {
    /// One Han character, kana or other letter of a script without spaces.
    Han,
    /// A word of letters, with digits inside.
    Word,
    /// A number with its decimals and percent sign.
    Number,
}

/// The smallest unit of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Atom {
    /// What it is.
    pub kind: AtomKind,
    /// Whether it follows the one before without punctuation between.
    pub joined: bool,
    /// Where it begins in the source, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    from: u32,
    to: u32,
}

/// What a [`Term`] is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermKind {
    /// One Han character.
    Single,
    /// A word or a number.
    Whole,
    /// Two atoms that stand together.
    Pair,
}

/// A string that is indexed, and where it stands in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term<'a> {
    /// What it is made of.
    pub kind: TermKind,
    /// The indexed text.
    pub text: &'a str,
    /// Where it begins in the source, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// A text cut into atoms. The atoms' folded texts stand one behind the other in one buffer, so
/// that an atom and a pair of atoms are slices of it.
#[derive(Debug, Clone, Default)]
pub struct Segmented {
    buffer: String,
    atoms: Vec<Atom>,
}

impl Segmented {
    /// Cuts a text into atoms.
    pub fn new(text: &str) -> Self {
        let chars = fold(text);
        let mut out = Self {
            buffer: String::with_capacity(text.len()),
            atoms: Vec::with_capacity(chars.len()),
        };
        let mut joined = false;
        let mut at = 0;
        while at < chars.len() {
            if let Some((kind, len)) = atom_at(&chars[at..]) {
                out.push(kind, &chars[at..at + len], joined);
                joined = true;
                at += len;
            } else {
                joined &= chars[at].ch == ' ' || is_connector(&chars, at);
                at += 1;
            }
        }
        out
    }

    fn push(&mut self, kind: AtomKind, chars: &[Folded], joined: bool) {
        let from = self.buffer.len() as u32;
        if kind == AtomKind::Number {
            let kept = chars.iter().map(|c| digit(c.ch).unwrap_or(c.ch));
            self.buffer.extend(kept.filter(|ch| !matches!(ch, ',' | ' ')));
        } else {
            self.buffer.extend(chars.iter().map(|c| c.ch));
        }
        let (start, end) = (chars[0].start, chars[chars.len() - 1].end);
        self.atoms.push(Atom { kind, joined, start, end, from, to: self.buffer.len() as u32 });
    }

    /// The atoms, in order.
    pub fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// The folded text of an atom.
    pub fn text(&self, atom: &Atom) -> &str {
        &self.buffer[atom.from as usize..atom.to as usize]
    }

    /// The folded text from an atom to the end, without what separates atoms.
    pub fn from(&self, at: usize) -> &str {
        self.atoms.get(at).map_or("", |atom| &self.buffer[atom.from as usize..])
    }

    /// Where a run of joined atoms ends that begins at an atom and has this folded text.
    pub fn run_at(&self, at: usize, phrase: &str) -> Option<usize> {
        if !self.from(at).starts_with(phrase) {
            return None;
        }
        let end = self.atoms[at].from as usize + phrase.len();
        let len = self.atoms[at..].iter().position(|atom| atom.to as usize >= end)? + 1;
        let run = &self.atoms[at..at + len];
        let is_run = run[len - 1].to as usize == end && run[1..].iter().all(|atom| atom.joined);
        is_run.then_some(at + len)
    }

    /// How many terms there are.
    pub fn len(&self) -> usize {
        self.atoms.len() + self.atoms.iter().filter(|atom| atom.joined).count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.atoms.is_empty()
    }

    /// The terms that begin at an atom: itself, and the pair with the next one.
    pub fn terms_at(&self, at: usize) -> impl Iterator<Item = Term<'_>> {
        let atom = self.atoms.get(at);
        let single = atom.map(|atom| {
            let kind = if atom.kind == AtomKind::Han { TermKind::Single } else { TermKind::Whole };
            Term { kind, text: self.text(atom), start: atom.start, end: atom.end }
        });
        let next = self.atoms.get(at + 1).filter(|next| next.joined);
        let pair = atom.zip(next).map(|(atom, next)| {
            let text = &self.buffer[atom.from as usize..next.to as usize];
            Term { kind: TermKind::Pair, text, start: atom.start, end: next.end }
        });
        single.into_iter().chain(pair)
    }

    /// All terms, in the order of their beginnings.
    pub fn terms(&self) -> impl Iterator<Item = Term<'_>> {
        (0..self.atoms.len()).flat_map(|at| self.terms_at(at))
    }
}

/// The kind and length of the atom at the head of `chars`.
fn atom_at(chars: &[Folded]) -> Option<(AtomKind, usize)> {
    let first = chars.first()?.ch;
    if first.is_ascii_digit() {
        return Some(number_or_word(chars));
    }
    if let Some(len) = spelled_year(chars) {
        return Some((AtomKind::Number, len));
    }
    if is_unspaced(first) {
        return Some((AtomKind::Han, 1));
    }
    first.is_alphanumeric().then(|| (AtomKind::Word, word_len(chars)))
}

fn is_unspaced(ch: char) -> bool {
    is_han(ch) || matches!(ch, '\u{3040}'..='\u{30ff}' | '\u{0e00}'..='\u{0e7f}' | '々')
}

/// A hyphen, slash or the like between two Latin words keeps them together: 5g-a, iso/iec.
fn is_connector(chars: &[Folded], at: usize) -> bool {
    let is_latin = |ch: char| ch.is_alphanumeric() && !is_unspaced(ch);
    matches!(chars[at].ch, '-' | '/' | '+' | '&' | '.' | '_' | '\'' | '’' | '·')
        && at > 0
        && is_latin(chars[at - 1].ch)
        && chars.get(at + 1).is_some_and(|next| is_latin(next.ch))
}

fn word_len(chars: &[Folded]) -> usize {
    chars.iter().take_while(|c| c.ch.is_alphanumeric() && !is_unspaced(c.ch)).count()
}

fn number_or_word(chars: &[Folded]) -> (AtomKind, usize) {
    let mut len = number_len(chars);
    if chars.get(len).is_some_and(|c| c.ch.is_alphabetic() && !is_unspaced(c.ch)) {
        return (AtomKind::Word, len + word_len(&chars[len..]));
    }
    let space = chars[len..].iter().take_while(|c| c.ch == ' ').count();
    if chars.get(len + space).is_some_and(|c| matches!(c.ch, '%' | '‰')) {
        len += space + 1;
    }
    (AtomKind::Number, len)
}

/// Digits with grouping commas (three digits after each) and decimals.
fn number_len(chars: &[Folded]) -> usize {
    let digits = |from: usize| {
        chars.get(from..).unwrap_or(&[]).iter().take_while(|c| c.ch.is_ascii_digit()).count()
    };
    let mut len = digits(0);
    if len <= 3 {
        while chars.get(len).is_some_and(|c| c.ch == ',') && digits(len + 1) == 3 {
            len += 4;
        }
    }
    let decimals = digits(len + 1);
    if decimals > 0 && chars.get(len).is_some_and(|c| c.ch == '.') {
        len += decimals + 1;
    }
    len
}

/// The length of a year spelled with Chinese digits before 年: 二〇二二.
fn spelled_year(chars: &[Folded]) -> Option<usize> {
    let is_year =
        chars.len() > 4 && chars[4].ch == '年' && chars[..4].iter().all(|c| digit(c.ch).is_some());
    is_year.then_some(4)
}

/// The ASCII digit of a Chinese digit.
fn digit(ch: char) -> Option<char> {
    let value = "〇一二三四五六七八九".chars().position(|d| d == ch);
    let value = value.or(matches!(ch, '零' | '○').then_some(0))?;
    char::from_digit(value as u32, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_stay_whole() {
        for (source, expected) in [
            ("3,549 亿", vec!["3549", "亿"]),
            ("８.３ ％", vec!["8.3%"]),
            ("2022 年", vec!["2022", "年"]),
            ("二〇二二年", vec!["2022", "年"]),
            ("二零二二年", vec!["2022", "年"]),
            ("5G-A 网", vec!["5g", "a", "网"]),
            ("1,2,3", vec!["1", "2", "3"]),
            ("3.", vec!["3"]),
        ] {
            let segmented = Segmented::new(source);
            let texts: Vec<_> = segmented.atoms().iter().map(|atom| segmented.text(atom)).collect();
            assert_eq!(texts, expected, "{source}");
        }
    }

    #[test]
    fn pairs_cross_spaces_but_not_punctuation() {
        for (source, expected) in [
            ("营收 3,549 亿，远山", vec!["营收", "收3549", "3549亿", "远山"]),
            ("5G-A", vec!["5ga"]),
            ("甲", vec![]),
        ] {
            let segmented = Segmented::new(source);
            let pairs = segmented.terms().filter(|term| term.kind == TermKind::Pair);
            assert_eq!(pairs.map(|term| term.text).collect::<Vec<_>>(), expected);
            assert_eq!(segmented.len(), segmented.terms().count());
        }
    }

    #[test]
    fn terms_point_at_their_source() {
        let source = "营收 ３,549 亿";
        let segmented = Segmented::new(source);
        let found = segmented.terms().find(|term| term.text == "3549亿");
        assert_eq!(
            found.map(|term| &source[term.start as usize..term.end as usize]),
            Some("３,549 亿")
        );
    }
}
