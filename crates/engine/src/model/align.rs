//! How much of a question stands in a text, word by word, when words may be near in meaning
//! instead of the same.
//!
//! Each word of the question is worth its weight times its cosine with the nearest word of the
//! text: a soft form of the share of words that match (as in Kusner et al., From Word Embeddings
//! To Document Distances, ICML 2015, whose relaxed distance aligns words likewise). Sums of words
//! blur a passage of hundreds into a topic; this does not, and it was measured to order the best
//! passages better than cosines of sums do.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use rustc_hash::FxHasher;

use super::pool::StaticEmbedder;
use crate::retrieve::Words;

/// What a match in the title or the headings is worth against one in the text.
const ABOUT: f32 = 0.5;

/// A question's words, to be found in texts by meaning.
pub struct Alignment<'a> {
    embedder: &'a StaticEmbedder,
    /// Each word once, with its weight; the weights add up to 1.
    words: Vec<(usize, f32)>,
    /// The squares of their vectors' lengths.
    squares: Vec<i32>,
    vector: Vec<f32>,
    /// Where in `cosines` those of a word of a text with the question's words begin.
    known: HashMap<u32, usize, BuildHasherDefault<FxHasher>>,
    cosines: Vec<f32>,
}

/// How near a text is to a question.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Aligned {
    /// The share of the question that the best two neighbouring sentences hold, with the title
    /// and headings.
    pub window: f64,
    /// The cosine of the nearest two neighbouring sentences as sums of words.
    pub sentence: f64,
}

impl<'a> Alignment<'a> {
    /// Cuts a question.
    pub fn new(embedder: &'a StaticEmbedder, question: &str) -> Self {
        let mut rows = embedder.rows(question);
        let vector = embedder.sum(&mut rows);
        rows.dedup();
        let mut words: Vec<_> = rows.iter().map(|row| (*row, embedder.weight(*row))).collect();
        let total: f32 = words.iter().map(|(_, weight)| weight).sum();
        words.iter_mut().for_each(|(_, weight)| *weight /= total);
        let squares = words.iter().map(|(row, _)| embedder.square(*row)).collect();
        Self { embedder, words, squares, vector, known: HashMap::default(), cosines: Vec::new() }
    }

    /// Compares the question with the sentences of a passage, its headings and the title above it.
    pub(crate) fn of(&mut self, title: &[u32], passage: &Words) -> Aligned {
        let mut above = self.nearest(title);
        let headings = self.nearest(&passage.headings);
        above.iter_mut().zip(headings).for_each(|(one, other)| *one = one.max(other) * ABOUT);
        let rows = &passage.sentences;
        let nearest: Vec<Vec<f32>> = rows.iter().map(|rows| self.nearest(rows)).collect();
        let mut best = Aligned { window: self.share(&[&above]), sentence: 0.0 };
        for at in 0..rows.len() {
            let next = (at + 1).min(rows.len() - 1);
            let window = self.share(&[&above, &nearest[at], &nearest[next]]);
            let mut both: Vec<usize> =
                rows[at..=next].iter().flatten().map(|row| *row as usize).collect();
            let sum = self.embedder.sum(&mut both);
            let cosine: f32 = sum.iter().zip(&self.vector).map(|(a, b)| a * b).sum();
            best.window = best.window.max(window);
            best.sentence = best.sentence.max(f64::from(cosine));
        }
        best
    }

    /// What each word of the question weighs; all together 1.
    pub fn weights(&self) -> impl Iterator<Item = f32> + '_ {
        self.words.iter().map(|(_, weight)| *weight)
    }

    /// For each word of the question the cosine of the nearest word of a text, 0 to 1.
    pub fn nearest_in(&mut self, text: &str) -> Vec<f32> {
        self.nearest(&self.embedder.words(text))
    }

    /// What of the question a text lacks, 0 to 1 each: the word that is farthest from it, times how
    /// much that counts against the word that counts most; and the share of all words.
    pub fn lacking(&mut self, text: &str) -> (f64, f64) {
        let nearest = self.nearest_in(text);
        let heaviest = self.weights().fold(f32::MIN_POSITIVE, f32::max);
        let lacks = self.weights().zip(&nearest).map(|(weight, near)| weight * (1.0 - near));
        let most = lacks.fold(0.0, f32::max) / heaviest;
        (f64::from(most), 1.0 - self.share(&[&nearest]))
    }

    /// For each word of the question the cosine of the nearest of these words.
    pub(crate) fn nearest(&mut self, rows: &[u32]) -> Vec<f32> {
        let mut best = vec![0.0_f32; self.words.len()];
        for row in rows {
            let from = *self.known.entry(*row).or_insert_with(|| {
                let from = self.cosines.len();
                let wanted = self.words.iter().map(|(wanted, _)| *wanted);
                let words = wanted.zip(self.squares.iter().copied());
                self.cosines.extend(self.embedder.cosines(*row as usize, words));
                from
            });
            let cosines = &self.cosines[from..from + best.len()];
            best.iter_mut().zip(cosines).for_each(|(best, cosine)| *best = best.max(*cosine));
        }
        best
    }

    /// The share of the question that is held where each word counts where it is nearest.
    fn share(&self, places: &[&[f32]]) -> f64 {
        let held = |(at, (_, weight)): (usize, &(usize, f32))| {
            let nearest = places.iter().filter_map(|place| place.get(at)).fold(0.0, max);
            f64::from(weight * nearest)
        };
        self.words.iter().enumerate().map(held).sum()
    }
}

fn max(a: f32, b: &f32) -> f32 {
    a.max(*b)
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::table;
    use super::*;
    use crate::text::sentence::sentences;

    #[test]
    fn near_words_count_where_they_stand_closest() {
        // 光缆 and 海缆 are near, 风 is at right angles to both.
        let bytes =
            table(&[("光缆", 9.0, [100, 0]), ("海缆", 9.0, [80, 60]), ("风", 6.0, [0, 100])]);
        let embedder = StaticEmbedder::of(bytes.leak()).expect("a whole table");
        for (about, text, expected) in [
            ("", "光缆。", 1.0),
            ("", "风。海缆。", 0.8),
            ("", "风。", 0.0),
            ("光缆", "风。", 0.5),
            ("", "", 0.0),
        ] {
            let cut = |text: &str| embedder.words(text);
            let sentences = sentences(text).into_iter().map(|one| cut(&text[one])).collect();
            let words = Words { headings: cut(about), sentences };
            let found = Alignment::new(&embedder, "光缆").of(&[], &words);
            assert!((found.window - expected).abs() < 0.01, "{about}|{text}: {found:?}");
        }
        let text = "风。海缆。";
        let (most, all) = Alignment::new(&embedder, "光缆").lacking(text);
        assert!((most - 0.2).abs() < 0.01 && (all - 0.2).abs() < 0.01, "{most} {all}");
        let words = Words { headings: Vec::new(), sentences: vec![vec![0]] };
        let nothing = Alignment::new(&embedder, "？").of(&[], &words);
        assert_eq!((nothing.window, nothing.sentence), (0.0, 0.0));
    }
}
