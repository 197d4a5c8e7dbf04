//! Unigram: a word is cut into the pieces whose scores add up to the most (Kudo: Subword
//! Regularization, ACL 2018), found by the Viterbi algorithm.

use std::collections::HashMap;

use serde::Deserialize;

/// An unknown character costs as much as the rarest piece and this.
const UNKNOWN_COST: f64 = 10.0;

#[derive(Deserialize)]
pub(super) struct Read {
    vocab: Vec<(String, f64)>,
    unk_id: Option<usize>,
    #[serde(default)]
    byte_fallback: bool,
}

/// The pieces with their scores.
#[derive(Debug)]
pub(super) struct Unigram {
    pieces: HashMap<String, u32>,
    scores: Vec<f64>,
    unknown: u32,
    worst: f64,
    /// The length of the longest piece, in characters.
    longest: usize,
}

impl Unigram {
    pub(super) fn new(read: Read) -> Result<Self, String> {
        if read.byte_fallback {
            return Err("Unigram tokenizers that fall back to bytes are not supported".to_owned());
        }
        let unknown = read.unk_id.ok_or("it has no piece for the unknown")? as u32;
        let scores: Vec<f64> = read.vocab.iter().map(|(_, score)| *score).collect();
        let worst = scores.iter().copied().fold(0.0, f64::min) - UNKNOWN_COST;
        let longest = read.vocab.iter().map(|(piece, _)| piece.chars().count()).max();
        let numbered = read.vocab.into_iter().enumerate();
        let pieces = numbered.map(|(id, (piece, _))| (piece, id as u32)).collect();
        Ok(Self { pieces, scores, unknown, worst, longest: longest.unwrap_or_default() })
    }

    pub(super) fn cut(&self, word: &str, ids: &mut Vec<u32>) {
        let begin = ids.len();
        let back = self.best(word);
        let mut end = back.len() - 1;
        while end > 0 {
            let (start, id) = back[end];
            // A run of unknown characters is one piece.
            if !(id == self.unknown && ids.len() > begin && ids.last() == Some(&self.unknown)) {
                ids.push(id);
            }
            end = start;
        }
        ids[begin..].reverse();
    }

    /// For each place between two characters: where the best piece that ends there begins, and
    /// its number.
    fn best(&self, word: &str) -> Vec<(usize, u32)> {
        let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
        let mut scores = vec![f64::NEG_INFINITY; ends.len()];
        let mut back = vec![(0, self.unknown); ends.len()];
        scores[0] = 0.0;
        for start in 0..ends.len() - 1 {
            let last = (start + self.longest).min(ends.len() - 1).max(start + 1);
            for end in start + 1..=last {
                let known = self.pieces.get(&word[ends[start]..ends[end]]).copied();
                let (id, score) = match known {
                    Some(id) => (id, self.scores[id as usize]),
                    None if end == start + 1 => (self.unknown, self.worst),
                    None => continue,
                };
                if scores[start] + score > scores[end] {
                    scores[end] = scores[start] + score;
                    back[end] = (start, id);
                }
            }
        }
        back
    }
}
