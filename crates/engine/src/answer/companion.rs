//! A sentence that stands beside the one that was chosen, where that may be the wrong one.
//!
//! A score over words and vectors does not read: the chosen sentence repeats the question, and the
//! answer is told by the one before (她因此获得金奖) or by another that is nearly as good. Whether
//! one of the others answers although the chosen one does not is weighed by a logistic curve over
//! [`Figures`]; the likeliest is taken along where that is likely enough. What is too much costs
//! little, what is missing the whole answer.
//!
//! The weights were learned by `benches/learn_companions.py` from the same labelled questions as
//! those of `confidence`, and checked on folds by document: a tenth fewer wrong answers than by
//! taking the second best wherever it comes close, and higher scores. Where a transformer reads the
//! sentences it has weights of its own, learned with multilingual-e5-small.

use super::score::Scored;
use super::units::Unit;
use crate::passage::PartKind;
use crate::query::{Asks, Query, is_particle};
use crate::text::normalize::{folded, is_han};

/// Two sentences have at most this many characters.
const PAIR: usize = 280;
/// Words of a question after a year.
const WANT_YEAR: &[&str] = &["哪年", "哪一年", "哪个年", "何年", "几年", "年份"];
/// A sentence that says this many characters more than the question says something.
const SAYS: f64 = 8.0;

/// When a sentence is taken along.
struct Curve {
    /// What each of [`Figures`] weighs, in their order.
    weights: [(&'static str, f64); 14],
    offset: f64,
    /// From this likelihood on.
    enough: f64,
}

/// Without a transformer.
const WORDS: Curve = Curve {
    weights: [
        ("near", 4.17),
        ("gain", 2.05),
        ("asked", 1.49),
        ("meant", -2.50),
        ("form", 2.02),
        ("held", 0.74),
        ("silent", 1.11),
        ("before_silent", 1.24),
        ("behind_silent", 1.42),
        ("before_held", 1.86),
        ("dated", 2.59),
        ("numberless", -1.11),
        ("read", 0.0),
        ("held_read", 0.0),
    ],
    offset: -4.22,
    enough: 0.05,
};

/// With a transformer, which finds the right sentence more often.
const READ: Curve = Curve {
    weights: [
        ("near", 3.33),
        ("gain", 1.33),
        ("asked", 0.83),
        ("meant", -1.00),
        ("form", 1.22),
        ("held", -0.70),
        ("silent", 0.25),
        ("before_silent", 1.07),
        ("behind_silent", 0.53),
        ("before_held", 2.26),
        ("dated", 2.44),
        ("numberless", -1.32),
        ("read", 1.11),
        ("held_read", -0.33),
    ],
    offset: -3.90,
    enough: 0.07,
};

/// What speaks for a sentence's telling what the chosen one does not.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    /// Its score as a share of the chosen one's.
    pub near: f64,
    /// The share of the question that it holds and the chosen one does not,
    pub gain: f64,
    /// and of that what stands beside the question word.
    pub asked: f64,
    /// The share that the chosen one holds when words may be near in meaning.
    pub meant: f64,
    /// How much more it gains than the chosen one for being of the kind that is asked for.
    pub form: f64,
    /// The share of the question that the chosen one holds.
    pub held: f64,
    /// How little it says that the question does not: 1 for nothing.
    pub silent: f64,
    /// How little the chosen one says if this one stands directly before it,
    pub before_silent: f64,
    /// or directly behind it.
    pub behind_silent: f64,
    /// The share of the question that the chosen one holds if this one stands directly before it.
    pub before_held: f64,
    /// Whether a year is asked for that it names and the chosen one does not.
    pub dated: f64,
    /// Whether a number or a date is asked for and it holds no digit.
    pub numberless: f64,
    /// How much nearer to the question it is than the chosen one, as a transformer reads both.
    pub read: f64,
    /// How much nearer the chosen one is than the sentences that were read on average.
    pub held_read: f64,
}

impl Figures {
    /// The figures with their names, in the order in which they are weighed.
    pub fn named(&self) -> [(&'static str, f64); 14] {
        [
            ("near", self.near),
            ("gain", self.gain),
            ("asked", self.asked),
            ("meant", self.meant),
            ("form", self.form),
            ("held", self.held),
            ("silent", self.silent),
            ("before_silent", self.before_silent),
            ("behind_silent", self.behind_silent),
            ("before_held", self.before_held),
            ("dated", self.dated),
            ("numberless", self.numberless),
            ("read", self.read),
            ("held_read", self.held_read),
        ]
    }

    /// How likely the sentence answers and the chosen one does not.
    fn likelihood(&self, curve: &Curve) -> f64 {
        let weighed = self.named().into_iter().zip(curve.weights);
        let sum: f64 = weighed.map(|((_, value), (_, weight))| value * weight).sum();
        1.0 / (1.0 + (-curve.offset - sum).exp())
    }
}

/// The sentences that may stand beside a chosen one, with what speaks for them.
pub(super) fn candidates(scored: &Scored<'_>, core: usize) -> Vec<(usize, Figures)> {
    let context = scored.context;
    let chosen = &context.units[core];
    if chosen.part.kind != PartKind::Text {
        return Vec::new();
    }
    let fits = |at: &usize| {
        let unit = &context.units[*at];
        *at != core
            && unit.part.kind == PartKind::Text
            && unit.chars + chosen.chars <= PAIR
            && context.sunk(scored.query, *at) == 0.0
    };
    let own = Own::new(scored, core);
    context.focus.clone().filter(fits).map(|at| (at, own.figures(at))).collect()
}

/// The likeliest of the candidates, if it is likely enough; of equals the first.
pub(super) fn best(candidates: &[(usize, Figures)], is_read: bool) -> Option<usize> {
    let curve = if is_read { &READ } else { &WORDS };
    let likely = candidates.iter().map(|(at, figures)| (*at, figures.likelihood(curve)));
    let best = likely.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    Some(best).filter(|(_, likelihood)| *likelihood >= curve.enough).map(|(at, _)| at)
}

/// What is the same for all candidates.
struct Own<'a> {
    scored: &'a Scored<'a>,
    core: usize,
    /// The chosen sentence's score, share of the question and silence.
    score: f64,
    held: f64,
    silent: f64,
    /// Whether the question asks for a year that the chosen sentence does not name.
    lacks_year: bool,
}

impl<'a> Own<'a> {
    fn new(scored: &'a Scored<'a>, core: usize) -> Self {
        let text = folded(scored.context.text(&scored.context.units[core]));
        let wants_year = WANT_YEAR.iter().any(|word| scored.query.text.contains(word));
        Self {
            scored,
            core,
            score: scored.scores[core].max(f64::MIN_POSITIVE),
            held: scored.held_share(core),
            silent: silence(scored.query, &text),
            lacks_year: wants_year && !is_dated(&text),
        }
    }

    fn figures(&self, at: usize) -> Figures {
        let Self { scored, core, .. } = *self;
        let context = scored.context;
        let opens = |unit: &Unit| unit.opens_block;
        let before = at + 1 == core && !opens(&context.units[core]);
        let behind = at == core + 1 && !opens(&context.units[at]);
        let text = folded(context.text(&context.units[at]));
        let counts = matches!(scored.query.asks, Asks::Number | Asks::Date);
        let if_so = |is: bool, value: f64| if is { value } else { 0.0 };
        Figures {
            near: scored.scores[at] / self.score,
            gain: scored.gain(at, core),
            asked: scored.asked_gain(at, core),
            meant: scored.meant(core),
            form: scored.form(at) - scored.form(core),
            held: self.held,
            silent: silence(scored.query, &text),
            before_silent: if_so(before, self.silent),
            behind_silent: if_so(behind, self.silent),
            before_held: if_so(before, self.held),
            dated: if_so(self.lacks_year && is_dated(&text), 1.0),
            numberless: if_so(counts && !text.contains(|ch: char| ch.is_ascii_digit()), 1.0),
            read: context.near[at] - context.near[core],
            held_read: context.near[core],
        }
    }
}

/// Whether a folded text names a year: 1858年, 光绪三年, 上世纪80年代.
fn is_dated(text: &str) -> bool {
    let is_year = |(at, _): (usize, &str)| {
        let before = text[..at].trim_end();
        let digits = before.chars().rev().take_while(char::is_ascii_digit).count();
        digits > 2 || before.ends_with(|ch| "元〇零一二三四五六七八九十".contains(ch))
    };
    text.contains("世纪") || text.contains("年代") || text.match_indices('年').any(is_year)
}

/// How little a folded text says that the question does not: 1 for nothing.
pub(super) fn silence(query: &Query, text: &str) -> f64 {
    let is_new = |ch: &char| {
        (is_han(*ch) || ch.is_alphanumeric()) && !is_particle(*ch) && !query.text.contains(*ch)
    };
    (-(text.chars().filter(is_new).count() as f64) / SAYS).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::understand;

    #[test]
    fn each_figure_has_its_weight() {
        let named = Figures::default().named().map(|(name, _)| name);
        for curve in [WORDS, READ] {
            assert_eq!(named, curve.weights.map(|(name, _)| name));
        }
    }

    #[test]
    fn what_names_a_year_is_told_from_what_names_a_day() {
        for (text, expected) in [
            ("1858年4月建成", true),
            ("光绪三年建成", true),
            ("上世纪建成", true),
            ("80年代建成", true),
            ("4月20日建成", false),
            ("历时5年建成", false),
            ("当年建成", false),
        ] {
            assert_eq!(is_dated(text), expected, "{text}");
        }
    }

    #[test]
    fn a_sentence_that_repeats_the_question_says_nothing() {
        let query = understand("云帆论坛获得了哪个奖项？");
        let silent = |text: &str| silence(&query, text);
        assert_eq!(silent("云帆论坛获得了奖项。"), 1.0);
        assert!(silent("云帆论坛在雪岭举行，并以边缘算力项目赢得金松奖。") < 0.2);
    }

    #[test]
    fn the_likeliest_is_taken_where_it_is_likely_enough() {
        let far = Figures { near: 0.2, silent: 0.1, meant: 0.9, ..Figures::default() };
        let dated = Figures { near: 0.7, dated: 1.0, meant: 0.9, ..Figures::default() };
        assert_eq!(best(&[(3, far)], false), None);
        assert_eq!(best(&[(3, far), (4, dated), (5, dated)], false), Some(4));
        assert_eq!(best(&[], false), None);
    }
}
