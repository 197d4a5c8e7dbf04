//! Scores each unit by the share of the question that it holds.
//!
//! A word counts by how rare it is among the units at hand: what the title says, or every other
//! sentence, does not tell one sentence from another. What stands beside the question word counts
//! more. Words count when they are the same, and again by how near in meaning the nearest word is
//! (颜色 and 褐色), weighed likewise.

use super::kinds::Kinds;
use super::select::is_body;
use super::units::{Context, Unit};
use crate::model::Alignment;
use crate::passage::PartKind;
use crate::query::Query;
use crate::retrieve::{Asked, Matcher};
use crate::text::normalize::folded;

/// What a term of the title still counts in a unit.
const GIVEN: f64 = 0.1;
/// What the terms beside the question word count once more: they say what is asked for.
const ASKED: f64 = 0.4;
/// What the share counts when words may be near in meaning.
const MEANT: f64 = 0.4;
/// What a sentence counts that a transformer finds nearer than others.
const NEAR: f64 = 0.7;
/// What a unit gains for what only the unit before holds: one names the subject, the next tells.
const BEFORE: f64 = 0.2;
/// What it loses for what only the unit behind holds.
const BEHIND: f64 = 0.2;

/// The units of a context, scored for a query.
pub(super) struct Scored<'a> {
    pub(super) query: &'a Query,
    pub(super) context: &'a Context,
    /// The score of each unit.
    pub(super) scores: Vec<f64>,
    /// Which terms each unit holds.
    pub(super) held: Vec<Vec<bool>>,
    /// What each term is worth here; they add up to 1.
    pub(super) worth: Vec<f64>,
    /// The share of the question that each unit holds when words may be near in meaning.
    aligned: Vec<f64>,
    /// What each unit gains for being of the kind that is asked for.
    raised: Vec<f64>,
}

/// How a unit stands against the others of its passage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// How far it leads the second, as a share of its score, 0 to 1.
    pub(super) lead: f64,
    /// The share of the question that it holds,
    pub(super) share: f64,
    /// and when words may be near in meaning.
    pub(super) meant: f64,
    /// How much more of the question it holds than any other does, −1 to 1,
    pub(super) ahead: f64,
    /// of what stands beside the question word,
    pub(super) asked: f64,
    /// and when words may be near in meaning.
    pub(super) nearer: f64,
    /// What it gains for being of the kind that is asked for.
    pub(super) form: f64,
}

impl<'a> Scored<'a> {
    pub(super) fn new<'q: 'a>(asked: &mut Asked<'q>, context: &'a Context) -> Self {
        let Asked { query, matcher, alignment, .. } = asked;
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
        let aligned = aligned(alignment, context);
        let kinds = Kinds::new(query, context);
        let raised = (0..context.units.len()).map(|at| kinds.raised(at)).collect();
        let mut scored = Self { query, context, scores: Vec::new(), held, worth, aligned, raised };
        let score = |at| scored.score(at) + scored.raised[at] - context.sunk(query, at);
        scored.scores = (0..context.units.len()).map(score).collect();
        scored
    }

    /// What a unit holds of the question, whatever kind it is of.
    fn score(&self, at: usize) -> f64 {
        self.held_share(at)
            + ASKED * self.asked_share(at)
            + MEANT * self.aligned[at]
            + NEAR * self.context.near[at]
            + self.neighbours(at)
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

    /// The share of the question that stands beside its question word, and in a unit, and not in
    /// another.
    pub(super) fn asked_gain(&self, at: usize, over: usize) -> f64 {
        let held = self.held[at].iter().zip(&self.held[over]).zip(&self.query.terms);
        self.share(
            &held.map(|((own, other), term)| *own && !other && term.beside).collect::<Vec<_>>(),
        )
    }

    /// The share of the question that a unit holds when words may be near in meaning.
    pub(super) fn meant(&self, at: usize) -> f64 {
        self.aligned[at]
    }

    /// What a unit gains for being of the kind that is asked for.
    pub(super) fn form(&self, at: usize) -> f64 {
        self.raised[at]
    }

    /// The unit of the best passage that answers best.
    pub(super) fn best(&self) -> Option<usize> {
        self.best_but(None).or_else(|| self.context.focus.clone().next())
    }

    /// The best unit of the best passage that can be the core of an answer, another one left out.
    fn best_but(&self, other: Option<usize>) -> Option<usize> {
        let focus = self.context.focus.clone().filter(|&at| Some(at) != other);
        let bodies = focus.filter(|&at| is_body(&self.context.units[at]));
        bodies.max_by(|&a, &b| self.scores[a].total_cmp(&self.scores[b]).then(b.cmp(&a)))
    }

    /// How a unit stands against all others of its passage.
    pub(super) fn standing(&self, core: usize) -> Standing {
        let second = self.best_but(Some(core));
        let score = second.map_or(0.0, |at| self.scores[at].max(0.0));
        let best = self.scores[core].max(f64::MIN_POSITIVE);
        let ahead = |figure: &dyn Fn(usize) -> f64| {
            let others = self.context.focus.clone().filter(|&at| at != core);
            figure(core) - others.map(figure).fold(0.0, f64::max)
        };
        Standing {
            lead: ((best - score) / best).clamp(0.0, 1.0),
            share: self.held_share(core),
            meant: self.aligned[core],
            ahead: ahead(&|at| self.held_share(at)),
            asked: ahead(&|at| self.asked_share(at)),
            nearer: ahead(&|at| self.aligned[at]),
            form: self.raised[core],
        }
    }
}

/// The labels in front of a table row, that cover it from the rows above.
pub(super) fn labels_of(context: &Context, row: usize) -> std::ops::Range<usize> {
    let kind = |at: usize| context.units[at].part.kind;
    let mut from = row;
    while kind(row) == PartKind::TableRow && from > 0 && kind(from - 1) == PartKind::RowLabel {
        from -= 1;
    }
    from..row
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

/// The share of the question that each unit holds in meaning. The words are weighed as in
/// [`local_worth`], where a word stands in a unit as far as it is near to one of it.
fn aligned(alignment: &mut Alignment<'_>, context: &Context) -> Vec<f64> {
    let title = alignment.nearest_in(context.title());
    let near: Vec<Vec<f32>> =
        context.units.iter().map(|unit| alignment.nearest(&context.words(unit))).collect();
    let count = near.len() as f64;
    let worth = |(word, weight): (usize, f32)| {
        let with: f64 = near.iter().map(|own| f64::from(own[word])).sum();
        let rare = (1.0 + (count + 0.5) / (with + 0.5)).ln();
        f64::from(weight) * rare * (1.0 - f64::from(title[word]) * (1.0 - GIVEN))
    };
    let worth: Vec<f64> = alignment.weights().enumerate().map(worth).collect();
    let all = worth.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let share = |own: &Vec<f32>| {
        own.iter().zip(&worth).map(|(near, worth)| f64::from(*near) * worth).sum::<f64>() / all
    };
    near.iter().map(share).collect()
}
