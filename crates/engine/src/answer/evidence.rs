//! What speaks for and against an answer.
//!
//! Each figure says something that a careful reader would check: does the passage hold what the
//! question names, above all its rare words, years and figures; is the answer of the kind that is
//! asked for; is it the only candidate. `confidence` weighs them.

use std::collections::BTreeSet;

use yuanwen_parse::Metadata;

use super::list::marker;
use super::select::Chosen;
use crate::query::{Asks, Query};
use crate::retrieve::{Asked, Matcher, Ranked};
use crate::text::normalize::folded;
use crate::text::number::times;
use crate::text::segment::{Atom, AtomKind, Segmented};

/// How many of the rarest terms are looked at.
const RAREST: usize = 4;

/// A collection of this many passages knows most names of its field.
const MANY: f64 = 1000.0;

/// An answer of this many characters is a long one.
const LONG: f64 = 400.0;

/// How many other candidates are looked at.
const OTHERS: usize = 30;

/// What speaks for and against an answer. They lie between 0 and 1 where nothing else is said.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Evidence {
    /// BM25 of the passage as a share of the most that is possible.
    pub bm25: f64,
    /// How far the best passage leads the second, as a share of its score.
    pub margin: f64,
    /// How far the chosen sentence leads the second.
    pub lead: f64,
    /// How long the longest run of pairs of characters is that stand in no document: 0 for two,
    /// which known words side by side make in a small collection, 1 for four. A name that no
    /// document knows makes three or more.
    pub strange: f64,
    /// The longest run that the passage lacks and another candidate has, as a share of the
    /// question: what is asked about stands elsewhere.
    pub elsewhere: f64,
    /// The share of the question's rarest terms that the passage lacks.
    pub rare: f64,
    /// The share of the question's years that neither the passage nor its document speaks of.
    pub years: f64,
    /// The share of the question's other figures, Latin words and numbered names (三号线, 周三) that
    /// the passage lacks.
    pub figures: f64,
    /// Whether the question asks for a number or a date and the answer holds none that is new.
    pub kind: f64,
    /// How far the word of the question that is farthest from all words of the passage is from them
    /// in meaning, times how much it counts against the one that counts most.
    pub unmatched: f64,
    /// The share of the question that the passage lacks also when words may be near in meaning.
    pub unheld: f64,
    /// The share of the question that the best two neighbouring sentences hold.
    pub window: f64,
    /// The same when words may be near in meaning.
    pub aligned: f64,
    /// The share of the question that the chosen sentence holds, where what the whole passage says
    /// counts little.
    pub share: f64,
    /// The same when words may be near in meaning.
    pub meant: f64,
    /// How much more of the question it holds than any other sentence of the passage, −1 to 1.
    pub ahead: f64,
    /// The same of what stands beside the question word.
    pub asked: f64,
    /// The same when words may be near in meaning.
    pub nearer: f64,
    /// What it gains for being of the kind that is asked for.
    pub form: f64,
    /// Whether it is a row of a table.
    pub row: f64,
    /// How long the answer is: 1 for 400 characters and more.
    pub length: f64,
}

impl Evidence {
    /// The figures with their names, in the order in which they are weighed.
    pub fn named(&self) -> [(&'static str, f64); 21] {
        [
            ("bm25", self.bm25),
            ("margin", self.margin),
            ("lead", self.lead),
            ("strange", self.strange),
            ("elsewhere", self.elsewhere),
            ("rare", self.rare),
            ("years", self.years),
            ("figures", self.figures),
            ("kind", self.kind),
            ("unmatched", self.unmatched),
            ("unheld", self.unheld),
            ("window", self.window),
            ("aligned", self.aligned),
            ("share", self.share),
            ("meant", self.meant),
            ("ahead", self.ahead),
            ("asked", self.asked),
            ("nearer", self.nearer),
            ("form", self.form),
            ("row", self.row),
            ("length", self.length),
        ]
    }
}

/// Gathers the evidence for what was chosen from the best of `ranked`. `passages` is how many
/// passages there are.
pub(super) fn of(
    asked: &mut Asked<'_>,
    ranked: &[Ranked],
    chosen: &Chosen,
    passages: u64,
) -> Evidence {
    let Some(best) = ranked.first() else { return Evidence::default() };
    let Asked { query, matcher, alignment, .. } = asked;
    let terms = Terms { query, matcher, passages };
    let text = format!("{}\n{}", best.stored.about(), best.stored.passage.text);
    let (unmatched, unheld) = alignment.lacking(&text);
    let second = ranked.get(1).map_or(0.0, |second| second.score);
    Evidence {
        bm25: best.signals.bm25,
        margin: ((best.score - second) / best.score.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0),
        lead: chosen.standing.lead,
        share: chosen.standing.share,
        meant: chosen.standing.meant,
        ahead: chosen.standing.ahead,
        asked: chosen.standing.asked,
        nearer: chosen.standing.nearer,
        form: chosen.standing.form,
        row: if chosen.row.is_some() { 1.0 } else { 0.0 },
        length: (chosen.block.text.chars().count() as f64 / LONG).min(1.0),
        strange: terms.strange(),
        elsewhere: terms.elsewhere(&best.held, &ranked[1..]),
        rare: terms.rare(&best.held),
        years: years(query, &best.stored.meta, &text),
        figures: figures(query, &text),
        kind: if lacks_kind(query, &chosen.block.text) { 1.0 } else { 0.0 },
        unmatched,
        unheld,
        window: best.signals.window,
        aligned: best.signals.aligned,
    }
}

/// The terms of a question with what they are worth.
struct Terms<'a> {
    query: &'a Query,
    matcher: &'a Matcher,
    passages: u64,
}

impl Terms<'_> {
    /// The terms that are words, by their places.
    fn all(&self) -> impl Iterator<Item = usize> + '_ {
        let is_word = |at: &usize| !self.query.terms[*at].single && !self.query.terms[*at].preamble;
        (0..self.matcher.len()).filter(is_word)
    }

    /// A pair with a particle weighs less than 1: it is rare, but not for its meaning.
    fn whole(&self) -> impl Iterator<Item = usize> + '_ {
        self.all().filter(|at| self.query.terms[*at].weight >= 1.0)
    }

    /// A term that stands in no passage has the highest inverse document frequency there is.
    fn is_unseen(&self, at: usize) -> bool {
        let highest = (1.0 + (self.passages as f64 + 0.5) / 0.5).ln();
        self.matcher.worth(at) >= 0.9999 * highest * f64::from(self.query.terms[at].weight)
    }

    /// The less a collection holds, the less it says that a pair stands nowhere in it.
    fn strange(&self) -> f64 {
        let (mut run, mut longest) = (0_u32, 0);
        for at in self.whole() {
            run = if self.is_unseen(at) { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        let known = ((1.0 + self.passages as f64).ln() / MANY.ln()).min(1.0);
        known * (f64::from(longest.saturating_sub(2)) / 2.0).min(1.0)
    }

    /// Runs of two terms and more count: one is what two words make.
    fn elsewhere(&self, held: &[bool], others: &[Ranked]) -> f64 {
        let mut most = 0.0_f64;
        for Ranked { held: there, .. } in others.iter().take(OTHERS) {
            let (mut run, mut length) = (0.0, 0);
            for at in self.all() {
                (run, length) = if there[at] && !held[at] {
                    (run + self.matcher.worth(at), length + 1)
                } else {
                    (0.0, 0)
                };
                most = if length > 1 { most.max(run) } else { most };
            }
        }
        most / self.matcher.total()
    }

    fn rare(&self, held: &[bool]) -> f64 {
        let mut rarest: Vec<usize> = self.whole().collect();
        rarest.sort_by(|&a, &b| self.matcher.worth(b).total_cmp(&self.matcher.worth(a)));
        rarest.truncate(RAREST);
        let lacking = rarest.iter().filter(|&&at| !held[at]).count();
        lacking as f64 / rarest.len().max(1) as f64
    }
}

fn years(query: &Query, meta: &Metadata, text: &str) -> f64 {
    let text = folded(text);
    let wanted: Vec<u16> = query.periods.iter().filter_map(|when| when.year).collect();
    let lacks = |year: &&u16| {
        meta.period.map(|period| period.year) != Some(**year)
            && meta.published.map(|date| date.year) != Some(**year)
            && !text.contains(&year.to_string())
    };
    lacking(wanted.iter(), lacks)
}

/// What stands in a time (6月末) is not a figure.
fn figures(query: &Query, text: &str) -> f64 {
    let own = Segmented::new(&query.text);
    let times = times(&query.text);
    let is_figure = |atom: &&Atom| atom.kind != AtomKind::Han;
    let is_time =
        |atom: &&Atom| times.iter().any(|time| time.range.contains(&(atom.start as usize)));
    let figures = own.atoms().iter().filter(is_figure).filter(|atom| !is_time(atom));
    let mut wanted: Vec<String> = figures.map(|atom| own.text(atom).to_owned()).collect();
    wanted.extend(numbered(&query.text));
    if wanted.is_empty() {
        return 0.0;
    }
    let segmented = Segmented::new(text);
    let figures = segmented.atoms().iter().filter(is_figure);
    let mut known: BTreeSet<String> = figures.map(|atom| segmented.text(atom).to_owned()).collect();
    known.extend(numbered(&folded(text)));
    lacking(wanted.iter(), |figure| !known.contains(*figure))
}

/// Names that a number tells apart: 三号线 and 3号线 give 3号, 星期三 gives 周3.
fn numbered(text: &str) -> Vec<String> {
    const NUMERALS: &str = "一二三四五六七八九";
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: usize| {
        let ch = *chars.get(at)?;
        let spelled = NUMERALS.chars().position(|numeral| numeral == ch).map(|at| at as u32 + 1);
        spelled.or(ch.to_digit(10))
    };
    let mut out = Vec::new();
    for at in 0..chars.len() {
        let Some(number) = digit(at) else { continue };
        let before = at.checked_sub(1).map_or(' ', |before| chars[before]);
        let behind = chars.get(at + 1).copied().unwrap_or(' ');
        let is_alone = digit(at.wrapping_sub(1)).is_none() && !"十百几".contains(before);
        match (before, behind) {
            ('周' | '期' | '拜', _) if digit(at + 1).is_none() && !"年岁月日".contains(behind) =>
            {
                out.push(format!("周{number}"));
            }
            (_, '号' | '期' | '班' | '区' | '届' | '楼' | '线' | '栋') if is_alone => {
                out.push(format!("{number}{behind}"));
            }
            _ => {}
        }
    }
    out
}

/// The share of things that are lacking; 0 if there are none.
fn lacking<T>(all: impl Iterator<Item = T> + Clone, is_lacking: impl Fn(&T) -> bool) -> f64 {
    let count = all.clone().count().max(1);
    all.filter(|one| is_lacking(one)).count() as f64 / count as f64
}

/// Whether a number or a date is asked for and the answer says none that the question does not.
/// The mark of a list's item is no such number, and where a number is asked for, a time is none.
fn lacks_kind(query: &Query, answer: &str) -> bool {
    if !matches!(query.asks, Asks::Number | Asks::Date) {
        return false;
    }
    let times = if query.asks == Asks::Number { times(answer) } else { Vec::new() };
    let is_time = |at: usize| times.iter().any(|time| time.range.contains(&at));
    let is_mark = |at: usize| {
        let line = answer[..at].rfind('\n').map_or(0, |end| end + 1);
        let before = answer[line..at].trim_start();
        before.trim_start_matches(['(', '（']).is_empty() && marker(&answer[line..]).is_some()
    };
    let segmented = Segmented::new(answer);
    let new = |atom: &&Atom| {
        let (text, at) = (segmented.text(atom), atom.start as usize);
        let is_number = atom.kind == AtomKind::Number || text.starts_with(is_numeral);
        is_number && !query.text.contains(text) && !is_time(at) && !is_mark(at)
    };
    !segmented.atoms().iter().any(|atom| new(&atom))
}

fn is_numeral(ch: char) -> bool {
    "一二两三四五六七八九十百千万亿半".contains(ch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::understand;

    #[test]
    fn what_a_number_tells_apart_is_looked_for() {
        for (question, text, expected) in [
            ("三号线几点发车？", "一号线7点发车", 1.0),
            ("三号线几点发车？", "3号线7点发车", 0.0),
            ("食堂周三供应什么？", "周一供应面条，周二供应米饭", 1.0),
            ("食堂周三供应什么？", "星期三供应面条", 0.0),
            ("二期和三期的机房在哪里？", "二期机房在雪岭", 0.5),
            ("机房有几期？", "机房共两期", 0.0),
            ("五十三号机房在哪里？", "机房在雪岭", 0.0),
            ("公司五周年庆在哪里？", "机房在雪岭", 0.0),
        ] {
            assert_eq!(figures(&understand(question), text), expected, "{question} {text}");
        }
    }

    #[test]
    fn marks_and_times_are_not_the_number_that_is_asked_for() {
        for (question, answer, lacks) in [
            ("雪岭有多少座基站？", "雪岭共有36座基站。", false),
            ("雪岭有多少座基站？", "2、雪岭的基站已建成。", true),
            ("雪岭有多少座基站？", "雪岭的基站于2022年6月建成。", true),
            ("雪岭的基站何时建成？", "雪岭的基站于2022年6月建成。", false),
        ] {
            assert_eq!(lacks_kind(&understand(question), answer), lacks, "{question} {answer}");
        }
    }
}
