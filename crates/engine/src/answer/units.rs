//! A passage and its neighbours, cut into the units that an answer is made of.

use std::borrow::Cow;
use std::ops::Range;

use super::AnswerBlock;
use crate::error::Result;
use crate::passage::{Part, PartKind};
use crate::query::Query;
use crate::retrieve::{Passages, Stored};
use crate::text::sentence::sentences;

/// A sentence, a table row, a heading or a caption: what an answer takes whole or leaves.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    /// Which of the context's passages it stands in.
    pub(super) passage: usize,
    /// Where it comes from.
    pub(super) part: Part,
    /// Where it stands in the passage's text.
    pub(super) range: Range<usize>,
    /// How many characters it has, white space left out.
    pub(super) chars: usize,
    /// Whether it begins its block.
    pub(super) opens_block: bool,
}

/// The passages around the best one, and their units in reading order.
pub(super) struct Context {
    passages: Vec<Stored>,
    /// All units.
    pub(super) units: Vec<Unit>,
    /// The units of the best passage.
    pub(super) focus: Range<usize>,
    /// How much nearer than others each unit is to the question (see `near`).
    pub(super) near: Vec<f64>,
}

impl Context {
    /// The passage before, the best one, and a few behind; more of them where a long enumeration
    /// may follow.
    pub(super) fn around(best: &Stored, is_long: bool, passages: &dyn Passages) -> Result<Self> {
        let ordinal = best.passage.ordinal;
        let first = ordinal.saturating_sub(1);
        let near: Vec<_> = (first..=ordinal + if is_long { 7 } else { 2 })
            .filter(|at| *at != ordinal)
            .map(|at| (best.version, at))
            .collect();
        let mut all = passages.load(&near)?;
        all.push(best.clone());
        all.sort_by_key(|stored| stored.passage.ordinal);
        let mut units = Vec::new();
        let mut focus = 0..0;
        for (index, stored) in all.iter().enumerate() {
            let begin = units.len();
            units.extend(units_of(index, stored));
            if stored.passage.ordinal == ordinal {
                focus = begin..units.len();
            }
        }
        Ok(Self { passages: all, near: vec![0.0; units.len()], units, focus })
    }

    /// The text of a unit.
    pub(super) fn text(&self, unit: &Unit) -> &str {
        &self.passages[unit.passage].passage.text[unit.range.clone()]
    }

    /// The words of a unit.
    pub(super) fn words(&self, unit: &Unit) -> Cow<'_, [u32]> {
        self.passages[unit.passage].passage.words_of(&unit.range)
    }

    /// What a unit loses for having been rejected: more than anything can weigh up.
    pub(super) fn sunk(&self, query: &Query, at: usize) -> f64 {
        let unit = &self.units[at];
        let version = self.passages[unit.passage].version;
        match query.sunk.iter().any(|sunk| sunk.is_in(version, &unit.part)) {
            true => 10.0,
            false => 0.0,
        }
    }

    /// The headings above a unit.
    pub(super) fn headings(&self, unit: &Unit) -> &[String] {
        self.passages[unit.passage].passage.headings_at(unit.range.start)
    }

    /// Whether a unit is the first of its passage.
    pub(super) fn passage_begins(&self, at: usize) -> bool {
        at > 0 && self.units[at - 1].passage != self.units[at].passage
    }

    /// The title of the document.
    pub(super) fn title(&self) -> &str {
        self.passages.first().and_then(|stored| stored.meta.title.as_deref()).unwrap_or_default()
    }

    /// The block of original text that these units, in reading order, make.
    pub(super) fn block(&self, chosen: &[usize]) -> Option<AnswerBlock> {
        let first = &self.units[*chosen.first()?];
        let stored = &self.passages[first.passage];
        // A header may stand pages before the row that it explains.
        let tells = |at: &&usize| super::select::is_body(&self.units[**at]);
        let told = &self.units[*chosen.iter().find(tells).or(chosen.first())?];
        let (mut parts, mut texts): (Vec<Part>, Vec<&str>) = (Vec::new(), Vec::new());
        for (nth, &at) in chosen.iter().enumerate() {
            let unit = &self.units[at];
            let goes_on =
                nth > 0 && chosen[nth - 1] + 1 == at && self.adjoins(&self.units[at - 1], unit);
            match (parts.last_mut(), texts.last_mut()) {
                (Some(part), Some(text)) if goes_on => {
                    part.end = unit.part.end;
                    let begin = unit.range.end - (part.end - part.start) as usize;
                    *text = &self.passages[unit.passage].passage.text[begin..unit.range.end];
                }
                _ => {
                    parts.push(unit.part);
                    texts.push(self.text(unit));
                }
            }
        }
        Some(AnswerBlock {
            version: stored.version,
            name: stored.name.clone(),
            passage: stored.passage.ordinal,
            text: texts.join("\n"),
            parts,
            page: self.passages[told.passage].passage.page_at(told.range.start),
            headings: stored.passage.headings_at(first.range.start).to_vec(),
        })
    }

    /// Whether `next` goes on in the same part of the same passage, so that both are one range.
    fn adjoins(&self, unit: &Unit, next: &Unit) -> bool {
        let is_running = !next.part.kind.is_of_table();
        let gap = next.range.start.checked_sub(unit.range.end);
        let same_gap = next.part.start.checked_sub(unit.part.end).map(|gap| gap as usize);
        is_running
            && unit.passage == next.passage
            && unit.part.block == next.part.block
            && gap.is_some()
            && gap == same_gap
    }
}

fn units_of(index: usize, stored: &Stored) -> Vec<Unit> {
    let mut out = Vec::new();
    for (part, range) in stored.passage.part_ranges() {
        let text = &stored.passage.text[range.clone()];
        let cut = match part.kind {
            PartKind::Text | PartKind::Item | PartKind::Note => sentences(text),
            _ => std::iter::once(0..text.len()).collect(),
        };
        for inner in cut {
            out.push(Unit {
                passage: index,
                part: Part {
                    start: part.start + inner.start as u32,
                    end: part.start + inner.end as u32,
                    ..part
                },
                chars: text[inner.clone()].chars().filter(|ch| !ch.is_whitespace()).count(),
                opens_block: part.start == 0 && inner.start == 0,
                range: range.start + inner.start..range.start + inner.end,
            });
        }
    }
    out
}
