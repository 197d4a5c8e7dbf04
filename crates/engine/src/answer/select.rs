//! Chooses the units that answer.
//!
//! Each unit is scored by the share of the question that it holds. A word counts by how rare it is
//! among the units at hand: what the title says, or every other sentence, does not tell one
//! sentence from another. A unit of the kind that is asked for (a number, a date, a reason) is
//! raised. Then, by the best unit and the kind of question:
//!
//! * a **table row** comes with the header rows of its table and the labels that span it;
//! * a list question takes the **enumeration** that the unit announces, is an item of, or that
//!   stands under the heading that the question repeats;
//! * a description (如何, 措施, 成果) goes on to the end of what the paragraph says, within limits;
//! * a **fact** is one sentence; two, where nothing decides between them;
//! * a question after several facts also takes the sentence that holds what is still missing.

use super::AnswerBlock;
use super::grow;
use super::list::{announces, items_inside, marker};
use super::units::{Context, Unit};
use crate::passage::PartKind;
use crate::query::{Asks, Query};
use crate::retrieve::Matcher;
use crate::text::normalize::folded;
use crate::text::segment::{AtomKind, Segmented};

/// What a term of the title still counts in a unit.
const GIVEN: f64 = 0.1;
/// What the terms beside the question word count once more: they say what is asked for.
const ASKED: f64 = 0.4;
/// What a unit gains for what only the unit before holds: one names the subject, the next tells.
const BEFORE: f64 = 0.2;
/// What it loses for what only the unit behind holds.
const BEHIND: f64 = 0.2;

/// A sentence that leads the second by less than this share of its score does not decide alone.
const TIE: f64 = 0.2;
/// Two sentences that nothing decides between have at most this many characters.
const PAIR: usize = 200;
/// The share of the question that a unit must add where a question asks for several facts; half
/// of it where it is of the kind asked for.
const MISSING: f64 = 0.1;

/// The units of a context, scored for a query.
pub(super) struct Scored<'a> {
    pub(super) query: &'a Query,
    pub(super) context: &'a Context,
    /// The score of each unit.
    pub(super) scores: Vec<f64>,
    /// Which terms each unit holds.
    held: Vec<Vec<bool>>,
    /// What each term is worth here; they add up to 1.
    worth: Vec<f64>,
}

/// What was chosen of a context.
pub(super) struct Chosen {
    /// The original text that answers.
    pub(super) block: AnswerBlock,
    /// How far the best unit leads the second, as a share of its score.
    pub(super) lead: f64,
}

/// The block of the context that answers the query.
pub(super) fn choose(query: &Query, matcher: &Matcher, context: &Context) -> Option<Chosen> {
    let scored = Scored::new(query, matcher, context);
    let core = scored.best()?;
    let (lead, second) = scored.lead(core);
    let chosen = match context.units[core].part.kind {
        PartKind::TableRow | PartKind::TableHeader => scored.rows(core),
        _ => match scored.completed(grow::run(core, &scored)) {
            single if single == [core] && lead < TIE => scored.both(core, second),
            chosen => chosen,
        },
    };
    Some(Chosen { block: context.block(&chosen)?, lead })
}

/// Whether it is running text or a row: what can be the core of an answer.
pub(super) fn is_body(unit: &Unit) -> bool {
    use PartKind::{Caption, Heading, RowLabel, TableHeader};
    !matches!(unit.part.kind, Heading | TableHeader | Caption | RowLabel)
}

/// The labels in front of a table row, that cover it from the rows above.
fn labels_of(context: &Context, row: usize) -> std::ops::Range<usize> {
    let kind = |at: usize| context.units[at].part.kind;
    let mut from = row;
    while kind(row) == PartKind::TableRow && from > 0 && kind(from - 1) == PartKind::RowLabel {
        from -= 1;
    }
    from..row
}

impl<'a> Scored<'a> {
    fn new(query: &'a Query, matcher: &Matcher, context: &'a Context) -> Self {
        let terms = matcher.len();
        let find = |unit: &Unit| matcher.find(context.text(unit)).covered(terms, 0, usize::MAX);
        let mut held: Vec<Vec<bool>> = context.units.iter().map(find).collect();
        for at in 0..held.len() {
            for label in labels_of(context, at) {
                let own = held[label].clone();
                held[at].iter_mut().zip(own).for_each(|(all, own)| *all |= own);
            }
        }
        let worth = local_worth(matcher, context, &held);
        let mut scored = Self { query, context, scores: Vec::new(), held, worth };
        scored.scores = (0..context.units.len()).map(|at| scored.score(at)).collect();
        scored
    }

    fn score(&self, at: usize) -> f64 {
        let unit = &self.context.units[at];
        let text = self.context.text(unit);
        let label =
            if unit.part.kind == PartKind::TableRow { label(self.query, text) } else { 0.0 };
        self.share(&self.held[at])
            + ASKED * self.asked_share(at)
            + self.neighbours(at)
            + raised(self.query, text, self.context)
            + label
    }

    /// The share of the question that stands beside its question word and in a unit.
    fn asked_share(&self, at: usize) -> f64 {
        let beside =
            self.held[at].iter().zip(&self.query.terms).map(|(own, term)| *own && term.beside);
        self.share(&beside.collect::<Vec<_>>())
    }

    /// The share that a unit holds of what stands beside the question word.
    pub(super) fn asked_of(&self, at: usize) -> f64 {
        let all: Vec<bool> = self.query.terms.iter().map(|term| term.beside).collect();
        match self.share(&all) {
            0.0 => 0.0,
            all => self.asked_share(at) / all,
        }
    }

    /// Whether a unit says how many there are of what is asked for, as the question does: 三种.
    pub(super) fn counts(&self, at: usize) -> bool {
        let text = folded(self.context.text(&self.context.units[at]));
        self.query.counted.as_ref().is_some_and(|counted| text.contains(counted.as_str()))
    }

    /// What the units before and behind tell for and against a unit of running text.
    fn neighbours(&self, at: usize) -> f64 {
        let kind = |at: usize| self.context.units.get(at).map(|unit| unit.part.kind);
        if kind(at) == Some(PartKind::TableRow) {
            return 0.0;
        }
        let before = at.checked_sub(1).map_or(0.0, |before| self.gain(before, at));
        let behind = kind(at + 1).map_or(0.0, |_| self.gain(at + 1, at));
        BEFORE * before - BEHIND * behind
    }

    /// The share of the question that a set of terms is worth.
    pub(super) fn share(&self, held: &[bool]) -> f64 {
        held.iter().zip(&self.worth).filter(|(held, _)| **held).map(|(_, worth)| worth).sum()
    }

    /// The share of the question that a unit holds.
    pub(super) fn held_share(&self, at: usize) -> f64 {
        self.share(&self.held[at])
    }

    /// The share of the question that a unit holds and another does not.
    pub(super) fn gain(&self, at: usize, over: usize) -> f64 {
        let new: Vec<bool> =
            self.held[at].iter().zip(&self.held[over]).map(|(own, other)| *own && !other).collect();
        self.share(&new)
    }

    fn best(&self) -> Option<usize> {
        let focus = self.context.focus.clone();
        let bodies = focus.clone().filter(|&at| is_body(&self.context.units[at]));
        let best =
            bodies.max_by(|&a, &b| self.scores[a].total_cmp(&self.scores[b]).then(b.cmp(&a)));
        best.or_else(|| focus.clone().next())
    }

    /// How far a unit leads all others of its passage, as a share of its score, and the second.
    fn lead(&self, core: usize) -> (f64, Option<usize>) {
        let others = self.context.focus.clone().filter(|&at| at != core);
        let second = others
            .filter(|&at| is_body(&self.context.units[at]))
            .max_by(|&a, &b| self.scores[a].total_cmp(&self.scores[b]).then(b.cmp(&a)));
        let score = second.map_or(0.0, |at| self.scores[at].max(0.0));
        let best = self.scores[core].max(f64::MIN_POSITIVE);
        (((best - score) / best).clamp(0.0, 1.0), second)
    }

    /// A sentence and the one that comes so close to it that nothing decides between them.
    fn both(&self, core: usize, second: Option<usize>) -> Vec<usize> {
        let units = &self.context.units;
        let is_text = |at: usize| units[at].part.kind == PartKind::Text;
        let fits = |at: &usize| {
            is_text(core) && is_text(*at) && units[core].chars + units[*at].chars <= PAIR
        };
        second.filter(fits).map_or(vec![core], |at| vec![core.min(at), core.max(at)])
    }

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
        let mut chosen: Vec<usize> =
            table.iter().copied().filter(|&at| kind(at) == PartKind::TableHeader).collect();
        let mut chars = 0;
        for &at in table.iter().filter(|&&at| kind(at) == PartKind::TableRow) {
            let is_close =
                self.query.several && self.scores[at] >= 0.8 * self.scores[core] && chars < 200;
            if at == core || is_close {
                chars += units[at].chars;
                chosen.extend(labels_of(self.context, at));
                chosen.push(at);
            }
        }
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

/// Takes a short unit between two chosen ones along.
fn close_gap(chosen: &mut Vec<usize>, context: &Context) {
    let gap = chosen.windows(2).find(|pair| pair[1] == pair[0] + 2).map(|pair| pair[0] + 1);
    if let Some(gap) = gap.filter(|&at| is_body(&context.units[at]) && context.units[at].chars < 60)
    {
        chosen.push(gap);
        chosen.sort_unstable();
    }
}

/// What each term is worth among these units; all together 1.
fn local_worth(matcher: &Matcher, context: &Context, held: &[Vec<bool>]) -> Vec<f64> {
    let terms = matcher.len();
    let title = matcher.find(context.title()).covered(terms, 0, usize::MAX);
    let count = held.len() as f64;
    let worth = |term: usize| {
        let with = held.iter().filter(|own| own[term]).count() as f64;
        let rare = (1.0 + (count + 0.5) / (with + 0.5)).ln();
        let given = if title[term] { GIVEN } else { 1.0 };
        matcher.worth(term) * rare * given
    };
    let worth: Vec<f64> = (0..terms).map(worth).collect();
    let all = worth.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    worth.into_iter().map(|own| own / all).collect()
}

/// What a unit gains for being of the kind that is asked for, and for a quoted string that the
/// title does not hold anyway.
fn raised(query: &Query, text: &str, context: &Context) -> f64 {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let bare: String = folded(text).chars().filter(|ch| !ch.is_whitespace()).collect();
    let title = folded(context.title());
    let wanted = query.quoted.iter().chain(&query.named);
    let wanted = wanted.filter(|wanted| !title.contains(wanted.as_str()));
    let quoted: f64 = wanted.map(|wanted| quotes(&bare, wanted)).sum();
    let counted = query.counted.as_ref().is_some_and(|counted| bare.contains(counted.as_str()));
    let defined = query.defines.as_ref().is_some_and(|thing| defines(&bare, thing));
    let kind = match query.asks {
        _ if defined => 0.2,
        Asks::Number => new_numbers(query, text),
        Asks::Date if text.contains(|ch: char| ch.is_ascii_digit()) && has(&["年", "月", "日"]) => {
            0.1
        }
        Asks::Reason if has(&["因", "由于", "受", "导致", "使得", "为了"]) => 0.08,
        Asks::List if announces(text) || items_inside(text) > 1 || marker(text).is_some() => 0.08,
        _ => 0.0,
    };
    kind + quoted + if counted { 0.15 } else { 0.0 }
}

/// Whether a sentence says what a thing is: 云帆是…, 云帆（YF）是指….
fn defines(bare: &str, thing: &str) -> bool {
    let Some(at) = bare.find(thing) else { return false };
    let behind = bare[at + thing.len()..].trim_start_matches(['”', '」', '》', '"']);
    let closed = behind.strip_prefix('(').and_then(|inner| inner.split_once(')'));
    let behind = closed.map_or(behind, |(_, behind)| behind);
    behind.trim_start_matches(['，', ',']).starts_with(['是', '指', '即', '为'])
}

/// What a unit gains for a quoted string: more if it opens with it, since then it is about it.
fn quotes(bare: &str, wanted: &str) -> f64 {
    let opening = bare.trim_start_matches(['“', '「', '『', '《', '"']);
    match bare.contains(wanted) {
        true if opening.starts_with(wanted) => 0.3,
        true => 0.15,
        false => 0.0,
    }
}

/// A number that the question does not say itself can be what it asks for; 分别 wants two.
fn new_numbers(query: &Query, text: &str) -> f64 {
    let segmented = Segmented::new(text);
    let numbers = segmented.atoms().iter().filter(|atom| atom.kind == AtomKind::Number);
    let new = numbers.filter(|atom| !query.text.contains(segmented.text(atom))).count();
    match new {
        0 => 0.0,
        1 => 0.1,
        _ if query.several => 0.2,
        _ => 0.1,
    }
}

/// How much of a row's label the question names.
fn label(query: &Query, row: &str) -> f64 {
    let bare = |text: &str| -> Vec<char> {
        folded(text).chars().filter(|ch| !ch.is_whitespace()).collect()
    };
    let label = bare(row.split('\t').next().unwrap_or_default());
    if label.len() < 2 {
        return 0.0;
    }
    let question: String = bare(&query.text).into_iter().collect();
    let named =
        label.windows(2).filter(|pair| question.contains(&pair.iter().collect::<String>())).count();
    0.3 * named as f64 / (label.len() - 1) as f64
}
