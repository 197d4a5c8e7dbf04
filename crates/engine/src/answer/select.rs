//! Chooses the units that answer.
//!
//! Each unit is scored by the share of the question that it holds (`score`), and raised if it is of
//! the kind that is asked for (`kinds`). Then, by the best unit and the kind of question:
//!
//! * a **table row** comes with the header rows of its table, the line that says what its figures
//!   are counted in, and the labels that span it;
//! * a list question takes the **enumeration** that the unit announces, is an item of, or that
//!   stands under the heading that the question repeats;
//! * a description (如何, 措施, 成果) goes on to the end of what the paragraph says, within limits;
//! * a **fact** is one sentence; two, where that may be the wrong one (`companion`);
//! * a question after several facts also takes the sentence that holds what is still missing.

use super::companion::{self, Figures};
use super::grow;
use super::kinds::new_numbers;
use super::near;
use super::score::{Scored, Standing, labels_of};
use super::units::{Context, Unit};
use super::{AnswerBlock, Companions};
use crate::error::Result;
use crate::passage::{Part, PartKind};
use crate::query::Asks;
use crate::retrieve::Asked;

/// The share of the question that a unit must add where a question asks for several facts; half
/// of it where it is of the kind asked for.
const MISSING: f64 = 0.1;

/// A table has at most so many captions, its unit line among them,
const CAPTIONS: usize = 6;
/// which is at most this long.
const UNIT_LINE: usize = 40;

/// What was chosen of a context.
pub(super) struct Chosen {
    /// The original text that answers.
    pub(super) block: AnswerBlock,
    /// How its core stands against the other units.
    pub(super) standing: Standing,
    /// The row of a table that it is made of, if it is one.
    pub(super) row: Option<Part>,
    /// The core and the sentences that could stand beside it, where it is a sentence alone.
    pub(super) beside: (usize, Vec<(usize, Figures)>),
}

impl Chosen {
    /// What the answer would be with other sentences beside its core.
    pub(super) fn companions(&self, context: &Context) -> Companions {
        let (core, beside) = &self.beside;
        let text =
            |units: &[usize]| context.block(units).map_or_else(String::new, |block| block.text);
        let pair =
            |(at, figures): &(usize, Figures)| (*figures, text(&[*at.min(core), *at.max(core)]));
        Companions { alone: text(&[*core]), pairs: beside.iter().map(pair).collect() }
    }
}

/// The block of the context that answers the query.
pub(super) fn choose(asked: &mut Asked<'_>, context: &Context) -> Result<Option<Chosen>> {
    let scored = Scored::new(asked, context);
    let Some(core) = scored.best() else { return Ok(None) };
    let run = match context.units[core].part.kind {
        PartKind::TableRow | PartKind::TableHeader => scored.rows(core),
        _ => scored.completed(grow::run(core, &scored)),
    };
    let beside = match run == [core] {
        true => companion::candidates(&scored, core),
        false => Vec::new(),
    };
    let mut chosen = near::trimmed(asked, &scored, core, run)?;
    chosen.extend(companion::best(&beside, !asked.nearness.is_quick()));
    chosen.sort_unstable();
    let part = context.units[core].part;
    let row = Some(part).filter(|part| part.kind == PartKind::TableRow);
    let block = context.block(&chosen);
    let standing = scored.standing(core);
    Ok(block.map(|block| Chosen { block, standing, row, beside: (core, beside) }))
}

/// A certain row of the context, with what belongs to it.
pub(super) fn row(asked: &mut Asked<'_>, context: &Context, part: Part) -> Option<Chosen> {
    let scored = Scored::new(asked, context);
    let core = context.focus.clone().find(|&at| context.units[at].part == part)?;
    let block = context.block(&scored.rows(core))?;
    let beside = (core, Vec::new());
    Some(Chosen { block, standing: scored.standing(core), row: Some(part), beside })
}

/// Whether it is running text or a row: what can be the core of an answer.
pub(super) fn is_body(unit: &Unit) -> bool {
    use PartKind::{Caption, Heading, RowLabel, TableHeader};
    !matches!(unit.part.kind, Heading | TableHeader | Caption | RowLabel)
}

impl Scored<'_> {
    /// A row with the header of its table; a question after several things takes close rows too.
    fn rows(&self, core: usize) -> Vec<usize> {
        let units = &self.context.units;
        let kind = |at: usize| units[at].part.kind;
        let table: Vec<usize> = (0..units.len())
            .filter(|&at| {
                (units[at].passage, units[at].part.block)
                    == (units[core].passage, units[core].part.block)
            })
            .collect();
        let mut chosen: Vec<usize> = unit_line(self.context, table[0]).into_iter().collect();
        let mut chars = 0;
        for &at in table.iter().filter(|&&at| kind(at) == PartKind::TableRow) {
            let is_close =
                self.query.several && self.scores[at] >= 0.8 * self.scores[core] && chars < 200;
            if at == core || is_close {
                chars += units[at].chars;
                chosen.extend(header(self.context, &table, at));
                chosen.extend(group(self.context, &table, at));
                chosen.extend(labels_of(self.context, at));
                chosen.push(at);
            }
        }
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    }

    /// Adds the unit that holds most of what the chosen ones lack, if the question asks for
    /// several facts.
    fn completed(&self, mut chosen: Vec<usize>) -> Vec<usize> {
        let joint =
            self.query.asks == Asks::Number && self.query.text.contains(['和', '及', '与', '、']);
        let facts = self.query.several
            || joint
            || self.query.text.matches(['哪', '几']).count()
                + self.query.text.matches("什么").count()
                + self.query.text.matches("多少").count()
                > 1;
        if !facts {
            return chosen;
        }
        let mut held = vec![false; self.worth.len()];
        for &at in &chosen {
            held.iter_mut().zip(&self.held[at]).for_each(|(all, own)| *all |= own);
        }
        let gain = |at: usize| {
            let missing: Vec<bool> =
                self.held[at].iter().zip(&held).map(|(own, all)| *own && !all).collect();
            self.share(&missing)
        };
        let tells = |at: &usize| {
            let unit = &self.context.units[*at];
            let text = self.context.text(unit);
            unit.part.kind == PartKind::Text && (!joint || new_numbers(self.query, text) > 0.0)
        };
        let others = self.context.focus.clone().filter(|at| !chosen.contains(at)).filter(tells);
        let best = others.max_by(|&a, &b| gain(a).total_cmp(&gain(b)).then(b.cmp(&a)));
        let enough = if joint { MISSING / 2.0 } else { MISSING };
        if let Some(best) = best.filter(|&at| gain(at) >= enough) {
            chosen.push(best);
            chosen.sort_unstable();
            close_gap(&mut chosen, self.context);
        }
        chosen
    }
}

/// The header rows of a table that say what the columns of one of its rows mean: the last before it.
fn header(context: &Context, table: &[usize], row: usize) -> Vec<usize> {
    let is_header = |at: &&usize| context.units[**at].part.kind == PartKind::TableHeader;
    let before: Vec<usize> = table.iter().copied().filter(|&at| at < row).collect();
    let header = before.iter().rev().skip_while(|at| !is_header(at)).take_while(is_header);
    let mut header: Vec<usize> = header.copied().collect();
    header.reverse();
    header
}

/// The row that says what a row is a part of, where the table has another row of the same label:
/// of 其中：设备 the last row that is none, else the last row that is a label alone.
fn group(context: &Context, table: &[usize], row: usize) -> Option<usize> {
    const PART: &str = "其中";
    let text = |at: usize| context.text(&context.units[at]).trim_start();
    let label = |at: usize| {
        let label = text(at).trim_start_matches(PART).trim_start_matches(['：', ':']);
        label.split('\t').next().unwrap_or_default().trim()
    };
    let is_row = |at: &usize| context.units[*at].part.kind == PartKind::TableRow;
    let rows: Vec<usize> = table.iter().copied().filter(is_row).collect();
    if !rows.iter().any(|&at| at != row && label(at) == label(row)) {
        return None;
    }
    let is_alone = |at: usize| text(at).split('\t').skip(1).all(|cell| cell.trim().is_empty());
    let groups = |at: &usize| match text(row).starts_with(PART) {
        true => !text(*at).starts_with(PART),
        false => is_alone(*at),
    };
    rows.into_iter().rev().filter(|&at| at < row).find(groups)
}

/// The line soon before a table that says what its figures are counted in: 单位：万元.
fn unit_line(context: &Context, table: usize) -> Option<usize> {
    let units = &context.units;
    let is_near = |at: &usize| {
        units[*at].passage == units[table].passage
            && matches!(units[*at].part.kind, PartKind::Caption | PartKind::Text)
    };
    let before = (table.saturating_sub(CAPTIONS)..table).rev().take_while(is_near);
    before.into_iter().find(|&at| {
        let text = context.text(&units[at]);
        units[at].chars <= UNIT_LINE && (text.contains("单位：") || text.contains("单位:"))
    })
}

/// Takes a short unit between two chosen ones along.
fn close_gap(chosen: &mut Vec<usize>, context: &Context) {
    let gap = chosen.windows(2).find(|pair| pair[1] == pair[0] + 2).map(|pair| pair[0] + 1);
    if let Some(gap) = gap.filter(|&at| is_body(&context.units[at]) && context.units[at].chars < 60)
    {
        chosen.push(gap);
        chosen.sort_unstable();
    }
}
