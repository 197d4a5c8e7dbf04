//! What a unit gains for being of the kind that is asked for.
//!
//! The rules are about the language of questions and answers: a number where one is asked for,
//! 位于 where a place is. They raise a unit over another one that holds as much of the question; the
//! figures are small beside a share of the question, which lies between 0 and 1.

use super::list::{announces, items_inside, marker};
use super::units::Context;
use crate::passage::PartKind;
use crate::query::{Asks, Query};
use crate::text::normalize::{bare, folded};
use crate::text::segment::{AtomKind, Segmented};

/// A question of at most this many terms is about its subject as such.
const SHORT: usize = 16;
/// What the opening of the document gains under such a question: it says what the subject is.
const OPENING: f64 = 0.12;

/// Words of a question, the words of sentences that answer it, and what these gain.
const CUES: &[(&[&str], &[&str], f64)] = &[
    (
        &["哪里", "哪儿", "什么地方", "何处", "何地", "地点", "地址", "位置", "什么地区"],
        &["位于", "坐落", "地处", "位处", "处于"],
        0.15,
    ),
    (&["哪里人", "哪国人", "籍贯", "出身"], &["人,", "人。", "籍", "生于"], 0.1),
    (
        &["又叫", "又名", "别名", "俗称", "称为", "译为", "叫做", "叫什么", "称作", "别称", "名称"],
        &[
            "又名", "又称", "也称", "亦称", "俗称", "简称", "别名", "译为", "译作", "也译", "称为",
            "叫做", "名为", "原名", "本名", "别称",
        ],
        0.1,
    ),
    (
        &["为什么", "为何", "原因", "缘由", "何以"],
        &["因", "由于", "受", "导致", "使得", "为了"],
        0.08,
    ),
];

/// Says what the units of a context gain.
pub(super) struct Kinds<'a> {
    query: &'a Query,
    context: &'a Context,
    question: String,
    /// The quoted strings that the title does not hold anyway.
    quoted: Vec<&'a String>,
}

impl<'a> Kinds<'a> {
    pub(super) fn new(query: &'a Query, context: &'a Context) -> Self {
        let title = folded(context.title());
        let quoted = query.quoted.iter().chain(&query.named);
        let quoted = quoted.filter(|wanted| !title.contains(wanted.as_str())).collect();
        Self { query, context, question: bare(&query.text), quoted }
    }

    /// What a unit gains for being of the kind that is asked for, and for quoted strings.
    pub(super) fn raised(&self, at: usize) -> f64 {
        let (query, unit) = (self.query, &self.context.units[at]);
        let text = self.context.text(unit);
        let bare = bare(text);
        let quoted: f64 = self.quoted.iter().map(|wanted| quotes(&bare, wanted)).sum();
        let counted = query.counted.as_ref().is_some_and(|counted| bare.contains(counted.as_str()));
        let opens = unit.opens_block && unit.part.block <= 1 && query.terms.len() <= SHORT;
        let is_row = unit.part.kind == PartKind::TableRow;
        of_kind(query, text, &bare)
            + cued(&query.text, &bare)
            + quoted
            + if is_row { label(&self.question, text) } else { 0.0 }
            + if counted { 0.15 } else { 0.0 }
            + if opens { OPENING } else { 0.0 }
    }
}

fn of_kind(query: &Query, text: &str, bare: &str) -> f64 {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if query.defines.as_ref().is_some_and(|thing| defines(bare, thing)) {
        return 0.2;
    }
    let has_digits = text.contains(|ch: char| ch.is_ascii_digit());
    match query.asks {
        Asks::Number => new_numbers(query, text),
        Asks::Date if !has_digits => -0.1,
        Asks::Date if has(&["年", "月", "日"]) => 0.15,
        Asks::List => {
            let lists = announces(text) || items_inside(text) > 1 || marker(text).is_some();
            let commas = text.matches('、').count().min(4) as f64;
            0.02 * commas + if lists { 0.08 } else { 0.0 }
        }
        _ => 0.0,
    }
}

/// What a unit gains for words that sentences of the kind asked for are made with.
fn cued(question: &str, bare: &str) -> f64 {
    let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    let fits = |cue: &&(&[&str], &[&str], f64)| has(question, cue.0) && has(bare, cue.1);
    CUES.iter().filter(fits).map(|cue| cue.2).sum()
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
pub(super) fn new_numbers(query: &Query, text: &str) -> f64 {
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
fn label(question: &str, row: &str) -> f64 {
    let label: Vec<char> = bare(row.split('\t').next().unwrap_or_default()).chars().collect();
    if label.len() < 2 {
        return 0.0;
    }
    let named =
        label.windows(2).filter(|pair| question.contains(&pair.iter().collect::<String>())).count();
    0.3 * named as f64 / (label.len() - 1) as f64
}
