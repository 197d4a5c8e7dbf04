//! The static embedder that is built in: a text's vector is the weighted sum of its words'.
//!
//! The weights are smooth inverse frequencies (Arora, Liang, Ma: A Simple but Tough-to-Beat
//! Baseline for Sentence Embeddings, ICLR 2017), multiplied into the table's scales. The order of
//! words, negation and numbers are lost on it.

use std::sync::LazyLock;

use super::cut::{lengths, rows};
use super::table::Table;
use super::{Embedder, normalise};
use crate::error::Result;

/// Made by `scripts/distill`.
static BUILT_IN: &[u8] = include_bytes!("../../models/static-zh.bin");

/// A table of words and a sum.
#[derive(Debug, Clone)]
pub struct StaticEmbedder {
    table: Table<'static>,
}

impl StaticEmbedder {
    /// The one that is built in.
    pub fn built_in() -> &'static Self {
        static EMBEDDER: LazyLock<StaticEmbedder> = LazyLock::new(|| {
            // An empty table, under which all vectors are zeros, stands in for one that a build
            // spoilt.
            StaticEmbedder { table: Table::new(BUILT_IN).unwrap_or_default() }
        });
        &EMBEDDER
    }

    /// One over the bytes of a table.
    #[cfg(test)]
    pub(super) fn of(bytes: &'static [u8]) -> Option<Self> {
        Some(Self { table: Table::new(bytes)? })
    }

    /// The vector of any text.
    pub fn embed(&self, text: &str) -> Vec<f32> {
        self.sum(&mut self.rows(text))
    }

    /// The words of a text, in order.
    pub(super) fn rows(&self, text: &str) -> Vec<usize> {
        rows(&self.table, text)
    }

    /// The same, in half the room, to be kept.
    pub(crate) fn words(&self, text: &str) -> Vec<u32> {
        self.rows(text).into_iter().map(|row| row as u32).collect()
    }

    /// How many characters each word of a run of folded Chinese has.
    pub(crate) fn lengths(&self, run: &[char]) -> Vec<usize> {
        lengths(&self.table, run)
    }

    /// The vector of words, which are sorted on the way. A word that comes n times counts as √n.
    pub(super) fn sum(&self, rows: &mut [usize]) -> Vec<f32> {
        rows.sort_unstable();
        let mut sum = vec![0.0; self.table.dimensions];
        for same in rows.chunk_by(|a, b| a == b) {
            self.table.add(same[0], (same.len() as f32).sqrt(), &mut sum);
        }
        normalise(&mut sum);
        sum
    }

    /// How much a word counts: 1 for the rarest.
    pub(super) fn weight(&self, row: usize) -> f32 {
        self.table.weight(row)
    }

    /// What [`StaticEmbedder::cosines`] needs of a word.
    pub(super) fn square(&self, row: usize) -> i32 {
        self.table.square(row)
    }

    /// The cosines of a word with others.
    pub(super) fn cosines(
        &self,
        one: usize,
        others: impl Iterator<Item = (usize, i32)>,
    ) -> Vec<f32> {
        self.table.cosines(one, others)
    }
}

impl Embedder for StaticEmbedder {
    fn name(&self) -> &str {
        self.table.name
    }

    fn digest(&self) -> &str {
        &self.table.digest
    }

    fn is_quick(&self) -> bool {
        true
    }

    fn dimensions(&self) -> usize {
        self.table.dimensions
    }

    fn passages(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        Ok(texts.iter().map(|text| self.embed(text)).collect())
    }

    fn query(&self, text: &str) -> Result<Vec<f32>> {
        Ok(self.embed(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cosine(one: &str, other: &str) -> f32 {
        let embedder = StaticEmbedder::built_in();
        embedder.embed(one).iter().zip(embedder.embed(other)).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn the_table_that_is_built_in_is_whole() {
        let embedder = StaticEmbedder::built_in();
        assert_eq!((embedder.name(), embedder.dimensions()), ("e5-small-zh-static", 256));
        assert_eq!(embedder.digest().len(), 64);
    }

    #[test]
    fn what_means_the_same_is_nearer_than_what_does_not() {
        for (text, near, far) in [
            ("公司的营业收入", "企业的营收", "海缆的抢修"),
            ("修复海底光缆", "抢修海缆", "董事会秘书"),
            ("电脑", "计算机", "山岭"),
        ] {
            assert!(cosine(text, near) > cosine(text, far) + 0.1, "{text}");
        }
    }

    #[test]
    fn ways_of_writing_give_one_vector() {
        for (one, other) in [("網絡５Ｇ", "网络5g"), ("遠山通信", "远山通信")] {
            assert!(cosine(one, other) > 0.999, "{one}");
        }
        assert!(cosine("？！", "网络").abs() < 1e-6, "no words, no direction");
    }
}
