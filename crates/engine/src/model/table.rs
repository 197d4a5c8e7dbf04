//! A table of words with a vector each, used where it lies: nothing is built at start.
//!
//! All numbers are little-endian, every section begins at a multiple of 4:
//!
//! | section | |
//! |---|---|
//! | header | `YWSTATIC`; u32 version, words, dimensions, first characters, characters, longest word; SHA-256 of all that follows the header; the model's name, 32 bytes with zeros behind |
//! | first characters | u16 each, rising |
//! | starts | u32 each and one more: the first word that begins with it |
//! | offsets | u32 for each word and one more: where its characters begin |
//! | characters | u16 each (UTF-16 without surrogates), the words rising |
//! | costs | u16 for each word: 1024 times the negative logarithm of its probability |
//! | scales | f32 for each word, its weight in a sum included |
//! | vectors | i8, one row a word |
//!
//! Words are folded (see [`crate::text::normalize`]). A word is found by narrowing a range of
//! rows one character at a time, which visits its prefixes on the way.

use std::ops::Range;

use fearless_simd::{Level, Simd, dispatch};

const MAGIC: &[u8] = b"YWSTATIC";
const VERSION: u32 = 1;
const HEADER: usize = 96;

/// The table over its bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct Table<'a> {
    pub(super) name: &'a str,
    pub(super) digest: String,
    pub(super) dimensions: usize,
    words: usize,
    longest: usize,
    firsts: &'a [u8],
    starts: &'a [u8],
    offsets: &'a [u8],
    characters: &'a [u8],
    costs: &'a [u8],
    scales: &'a [u8],
    vectors: &'a [u8],
}

/// A word of the table at the head of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Word {
    pub(super) row: usize,
    /// How many characters it has.
    pub(super) length: usize,
    pub(super) cost: f32,
}

impl<'a> Table<'a> {
    /// Finds the sections; `None` if the bytes are no such table, or not all of it.
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let header = bytes.get(..HEADER)?;
        if !header.starts_with(MAGIC) || u32_at(header, 2) != VERSION as usize {
            return None;
        }
        let field = |at| u32_at(header, at);
        let (words, dimensions, firsts, characters) = (field(3), field(4), field(5), field(6));
        let mut at = HEADER;
        let mut take = |length: usize| {
            let section = bytes.get(at..at.checked_add(length)?)?;
            at += length.next_multiple_of(4);
            Some(section)
        };
        let name = std::str::from_utf8(&header[64..96]).ok()?.trim_end_matches('\0');
        Some(Self {
            name,
            digest: crate::store::hex(header[32..64].try_into().ok()?),
            dimensions,
            words,
            longest: field(7),
            firsts: take(firsts * 2)?,
            starts: take((firsts + 1) * 4)?,
            offsets: take((words + 1) * 4)?,
            characters: take(characters * 2)?,
            costs: take(words * 2)?,
            scales: take(words * 4)?,
            vectors: take(words.checked_mul(dimensions)?)?,
        })
    }

    /// Calls `found` with each word that the characters begin with, shortest first.
    pub(super) fn words_at(&self, text: &[char], mut found: impl FnMut(Word)) {
        let Some(mut rows) = text.first().and_then(|first| self.beginning_with(*first)) else {
            return;
        };
        for length in 1..=text.len().min(self.longest) {
            if self.length(rows.start) == length {
                let cost = f32::from(u16_at(self.costs, rows.start)) / 1024.0;
                found(Word { row: rows.start, length, cost });
            }
            let Some(next) = text.get(length) else { return };
            rows = self.narrowed(rows, length, *next as usize);
            if rows.is_empty() {
                return;
            }
        }
    }

    fn beginning_with(&self, first: char) -> Option<Range<usize>> {
        let (mut low, mut high) = (0, self.firsts.len() / 2);
        while low < high {
            let middle = low.midpoint(high);
            match usize::from(u16_at(self.firsts, middle)) < first as usize {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        let is_it =
            low < self.firsts.len() / 2 && usize::from(u16_at(self.firsts, low)) == first as usize;
        let rows = || u32_at(self.starts, low)..u32_at(self.starts, low + 1).min(self.words);
        is_it.then(rows).filter(|rows| !rows.is_empty())
    }

    /// Of rows that agree up to `place` those that have `wanted` there.
    fn narrowed(&self, rows: Range<usize>, place: usize, wanted: usize) -> Range<usize> {
        let start = self.first_from(rows.clone(), place, wanted);
        start..self.first_from(start..rows.end, place, wanted + 1)
    }

    fn first_from(&self, rows: Range<usize>, place: usize, wanted: usize) -> usize {
        let (mut low, mut high) = (rows.start, rows.end);
        while low < high {
            let middle = low.midpoint(high);
            match self.character(middle, place) < wanted {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }

    fn length(&self, row: usize) -> usize {
        u32_at(self.offsets, row + 1).saturating_sub(u32_at(self.offsets, row))
    }

    /// A character of a word; 0, which is less than any, behind its end.
    fn character(&self, row: usize, place: usize) -> usize {
        if place < self.length(row) {
            usize::from(u16_at(self.characters, u32_at(self.offsets, row) + place))
        } else {
            0
        }
    }

    /// Adds a word's vector to a sum.
    pub(super) fn add(&self, row: usize, times: f32, sum: &mut [f32]) {
        let scale = times * self.scale(row);
        for (sum, value) in sum.iter_mut().zip(self.vector(row)) {
            *sum += scale * f32::from(value.cast_signed());
        }
    }

    /// The length of a word's vector, which is its weight.
    pub(super) fn weight(&self, row: usize) -> f32 {
        let vector = self.vector(row);
        self.scale(row) * (product(vector, vector) as f32).sqrt()
    }

    /// The length of a word's vector as it is stored, squared.
    pub(super) fn square(&self, row: usize) -> i32 {
        let vector = self.vector(row);
        product(vector, vector)
    }

    /// The cosines of a word's vector with those of others, each with its [`Table::square`].
    pub(super) fn cosines(
        &self,
        one: usize,
        others: impl Iterator<Item = (usize, i32)>,
    ) -> Vec<f32> {
        let level = Level::new();
        dispatch!(level, simd => self.cosines_at(simd, one, others))
    }

    /// In a form that compiles to the widest instructions of the level that it is called at.
    #[inline(always)]
    fn cosines_at<S: Simd>(
        &self,
        _: S,
        one: usize,
        others: impl Iterator<Item = (usize, i32)>,
    ) -> Vec<f32> {
        let one = self.vector(one);
        let own = f64::from(product(one, one));
        let cosine = |(other, square): (usize, i32)| {
            let lengths = own * f64::from(square);
            (f64::from(product(one, self.vector(other))) / lengths.sqrt().max(1.0)) as f32
        };
        others.map(cosine).collect()
    }

    fn scale(&self, row: usize) -> f32 {
        f32::from_bits(u32_at(self.scales, row) as u32)
    }

    fn vector(&self, row: usize) -> &'a [u8] {
        let from = row * self.dimensions;
        self.vectors.get(from..from + self.dimensions).unwrap_or_default()
    }
}

/// The sum of products of bytes with a sign, in a form that compiles to SIMD instructions.
#[inline(always)]
fn product(a: &[u8], b: &[u8]) -> i32 {
    let signed = |byte: &u8| i16::from(byte.cast_signed());
    let products = a.iter().zip(b).map(|(a, b)| i32::from(signed(a).wrapping_mul(signed(b))));
    products.fold(0, i32::wrapping_add)
}

/// The number at a place of a section; 0 behind its end, which only a damaged table asks for.
fn u32_at(section: &[u8], place: usize) -> usize {
    let bytes = section.get(place * 4..place * 4 + 4).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u32::from_le_bytes) as usize
}

fn u16_at(section: &[u8], place: usize) -> u16 {
    let bytes = section.get(place * 2..place * 2 + 2).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u16::from_le_bytes)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A table of words, each with a probability's cost and a vector.
    pub(in crate::model) fn table(words: &[(&str, f32, [i8; 2])]) -> Vec<u8> {
        let mut words: Vec<(Vec<u16>, u16, [i8; 2])> = words
            .iter()
            .map(|(word, cost, vector)| {
                (word.encode_utf16().collect(), (cost * 1024.0) as u16, *vector)
            })
            .collect();
        words.sort();
        let mut firsts: Vec<u16> = words.iter().map(|word| word.0[0]).collect();
        firsts.dedup();
        let longest = words.iter().map(|word| word.0.len()).max().unwrap_or(0);
        let characters: usize = words.iter().map(|word| word.0.len()).sum();
        let mut out = MAGIC.to_vec();
        for field in [1, words.len(), 2, firsts.len(), characters, longest] {
            out.extend((field as u32).to_le_bytes());
        }
        out.extend([7; 32]);
        out.extend(b"test");
        out.resize(HEADER, 0);
        let mut section = |bytes: Vec<u8>| {
            out.extend(bytes);
            out.resize(out.len().next_multiple_of(4), 0);
        };
        let start = |first: &u16| words.partition_point(|word| word.0[0] < *first) as u32;
        let starts = firsts.iter().map(start).chain([words.len() as u32]);
        section(firsts.iter().flat_map(|unit| unit.to_le_bytes()).collect());
        section(starts.flat_map(u32::to_le_bytes).collect());
        let ends = words.iter().scan(0, |end, word| {
            *end += word.0.len() as u32;
            Some(*end)
        });
        section([0].into_iter().chain(ends).flat_map(u32::to_le_bytes).collect());
        section(words.iter().flat_map(|w| &w.0).flat_map(|unit| unit.to_le_bytes()).collect());
        section(words.iter().flat_map(|word| word.1.to_le_bytes()).collect());
        section(words.iter().flat_map(|_| 1.0_f32.to_le_bytes()).collect());
        section(words.iter().flat_map(|word| word.2.map(i8::cast_unsigned)).collect());
        out
    }

    #[test]
    fn finds_every_word_that_a_text_begins_with() {
        let bytes = table(&[
            ("网", 9.0, [1, 0]),
            ("网络", 8.0, [2, 0]),
            ("网络部", 7.5, [3, 0]),
            ("网速", 7.0, [4, 0]),
            ("山", 6.0, [5, 0]),
        ]);
        let table = Table::new(&bytes).expect("a whole table");
        for (text, expected) in [
            ("网络部门", vec![(1, 9.0), (2, 8.0), (3, 7.5)]),
            ("网速", vec![(1, 9.0), (2, 7.0)]),
            ("山网", vec![(1, 6.0)]),
            ("络", vec![]),
            ("", vec![]),
        ] {
            let text: Vec<char> = text.chars().collect();
            let mut found = Vec::new();
            table.words_at(&text, |word| found.push((word.length, word.cost)));
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn a_table_cut_short_is_none() {
        let bytes = table(&[("网", 9.0, [1, 0]), ("网络", 8.0, [2, 0])]);
        for length in 0..bytes.len() {
            assert!(Table::new(&bytes[..length]).is_none(), "{length}");
        }
        assert!(Table::new(&bytes).is_some());
    }
}
