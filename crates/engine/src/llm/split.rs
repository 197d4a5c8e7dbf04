//! The sentences of a text that is still coming.
//!
//! A sentence is given out once it is certain that no citation follows it any more: models write
//! `甲[1]。` as well as `甲。[1]`. A citation at the beginning of a line belongs to what follows, unless
//! nothing does.

use super::cite;
use crate::text::sentence::sentences;

/// A sentence with its citations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Whether a line begins with it.
    pub(super) opens_line: bool,
}

/// Takes text in pieces of any length, gives sentences.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    buffer: String,
    /// Whether something was given out on this line.
    in_line: bool,
}

impl Splitter {
    /// The sentences that are complete with this text.
    pub(super) fn push(&mut self, text: &str) -> Vec<Piece> {
        self.buffer += text;
        let cuts = cuts(&self.buffer);
        let Some(&last) = cuts.last() else { return Vec::new() };
        let open = 1 + usize::from(is_undecided(&self.buffer[last..]));
        match cuts.len().saturating_sub(open) {
            0 => Vec::new(),
            complete => self.take(cuts[complete], &cuts[1..complete]),
        }
    }

    /// The sentences that are left.
    pub(super) fn finish(mut self) -> Vec<Piece> {
        let cuts = cuts(&self.buffer);
        let end = self.buffer.len();
        self.take(end, cuts.get(1..).unwrap_or_default())
    }

    /// What stands before `end`, cut at these places.
    fn take(&mut self, end: usize, cuts: &[usize]) -> Vec<Piece> {
        let rest = self.buffer.split_off(end);
        let taken = std::mem::replace(&mut self.buffer, rest);
        let mut out = Vec::new();
        let mut from = 0;
        for &to in cuts.iter().chain([&taken.len()]) {
            let text = &taken[from..to];
            let body = text.trim();
            let before = &text[..text.len() - text.trim_start().len()];
            if !body.is_empty() {
                let opens_line = !self.in_line || before.contains('\n');
                out.push(Piece { text: body.to_owned(), opens_line });
                self.in_line = true;
            }
            self.in_line &= !text[before.len() + body.len()..].contains('\n');
            from = to;
        }
        out
    }
}

/// Where sentences begin, the first at 0.
fn cuts(text: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    for range in sentences(text) {
        let Some(_) = cuts.last() else {
            cuts.push(0);
            continue;
        };
        let piece = &text[range.clone()];
        let leading = cite::leading(piece);
        let starts_line = text[..range.start].trim_end_matches([' ', '\t']).ends_with('\n');
        let is_all = !piece[leading..].contains(char::is_alphanumeric);
        match (leading, is_all) {
            (1.., true) => {}
            (1.., false) if !starts_line => cuts.push(range.start + leading),
            _ => cuts.push(range.start),
        }
    }
    cuts
}

/// Whether the sentence before may still get a citation from this beginning.
fn is_undecided(open: &str) -> bool {
    let rest = &open[cite::leading(open)..];
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with(cite::opens)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASES: [(&str, &[&str]); 8] = [
        ("甲一[1]。乙二。[2]丙三[3]", &["甲一[1]。", "乙二。[2]", "丙三[3]"]),
        ("甲一。[1][2] 乙二。 [3]", &["甲一。[1][2]", "乙二。 [3]"]),
        ("甲一。\n[1] 乙二。", &["甲一。", "/[1] 乙二。"]),
        ("甲一。\n[1]", &["甲一。\n[1]"]),
        ("他说：“甲一。”[1]乙二。", &["他说：“甲一。”[1]", "乙二。"]),
        ("甲一增长了3.5%[1]。\n\n乙二", &["甲一增长了3.5%[1]。", "/乙二"]),
        ("- 甲一[1]\n- 乙二[2]\n", &["- 甲一[1]", "/- 乙二[2]"]),
        ("  ", &[]),
    ];

    fn shown(pieces: Vec<Piece>) -> Vec<String> {
        let mark = |piece: Piece, at| if piece.opens_line && at > 0 { "/" } else { "" };
        let shown = pieces.into_iter().enumerate();
        shown.map(|(at, piece)| format!("{}{}", mark(piece.clone(), at), piece.text)).collect()
    }

    #[test]
    fn sentences_keep_their_citations_however_the_text_comes() {
        for (text, expected) in CASES {
            for size in [1, 2, 5, 1000] {
                let mut splitter = Splitter::default();
                let mut pieces = Vec::new();
                let chars: Vec<char> = text.chars().collect();
                for chunk in chars.chunks(size) {
                    pieces.extend(splitter.push(&chunk.iter().collect::<String>()));
                }
                pieces.extend(splitter.finish());
                assert_eq!(shown(pieces), expected, "{text} by {size}");
            }
        }
    }

    #[test]
    fn a_sentence_comes_as_soon_as_it_is_certain() {
        let mut splitter = Splitter::default();
        assert!(splitter.push("甲一。").is_empty());
        assert!(splitter.push("[1").is_empty());
        assert!(splitter.push("]").is_empty());
        assert_eq!(shown(splitter.push("乙")), ["甲一。[1]"]);
    }
}
