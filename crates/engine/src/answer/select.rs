//! Chooses the units that answer.
//!
//! Each unit is scored by the share of the question that it holds; what the title and the
//! headings say already counts less, since every unit below them is about that. A unit of the
//! kind that is asked for (a number, a date, a reason) is raised. Then, by the best unit:
//!
//! * a **table row** comes with the header rows and the caption;
//! * a list question takes the **enumeration** that the unit announces or is part of;
//! * a description (如何, 措施) takes the neighbours that are about the question too;
//! * a **fact** takes neighbours only until it has [`READABLE`] characters.

use super::AnswerBlock;
use super::list::{announces, items_inside, marker};
use super::units::{Context, Unit};
use crate::passage::PartKind;
use crate::query::{Asks, Query};
use crate::retrieve::Matcher;
use crate::text::normalize::folded;

/// A fact is grown to this many characters.
const READABLE: usize = 60;
/// A description is grown to at most this many.
const DESCRIPTION: usize = 220;
/// An enumeration is cut behind the item that passes this many.
const ENUMERATION: usize = 400;
/// What a term in the title or the headings still counts in a unit.
const GIVEN: f64 = 0.4;

/// The blocks of the context that answer the query; usually one.
pub(super) fn blocks(query: &Query, matcher: &Matcher, context: &Context) -> Vec<AnswerBlock> {
    let scores = scores(query, matcher, context);
    let Some(core) = best(&scores, context) else { return Vec::new() };
    let chosen = match context.units[core].part.kind {
        PartKind::TableRow | PartKind::TableHeader => rows(core, query, &scores, context),
        _ => run(core, query, &scores, context),
    };
    context.block(&chosen).into_iter().collect()
}

fn best(scores: &[f64], context: &Context) -> Option<usize> {
    let bodies = context.focus.clone().filter(|&at| is_body(&context.units[at]));
    let best = bodies.max_by(|&a, &b| scores[a].total_cmp(&scores[b]).then(b.cmp(&a)));
    best.or_else(|| context.focus.clone().next())
}

fn is_body(unit: &Unit) -> bool {
    !matches!(unit.part.kind, PartKind::Heading | PartKind::TableHeader | PartKind::Caption)
}

/// The score of every unit of the context.
fn scores(query: &Query, matcher: &Matcher, context: &Context) -> Vec<f64> {
    let terms = matcher.len();
    let title = matcher.find(context.title()).covered(terms, 0, usize::MAX);
    let score = |unit: &Unit| {
        let text = context.text(unit);
        let own = matcher.find(text).covered(terms, 0, usize::MAX);
        let given = matcher.find(&context.headings(unit).join("\n")).covered(terms, 0, usize::MAX);
        let worth = |term: usize| {
            let factor = if title[term] || given[term] { GIVEN } else { 1.0 };
            matcher.worth(term) * factor
        };
        let (held, all) = (0..terms).fold((0.0, 0.0), |(held, all), term| {
            (if own[term] { held + worth(term) } else { held }, all + worth(term))
        });
        held / f64::max(all, f64::MIN_POSITIVE)
            + raised(query, text)
            + if unit.part.kind == PartKind::TableRow { label(query, text) } else { 0.0 }
    };
    context.units.iter().map(score).collect()
}

/// What a unit gains for being of the kind that is asked for.
fn raised(query: &Query, text: &str) -> f64 {
    let has_digit = text.chars().any(|ch| ch.is_ascii_digit() || ch.is_numeric());
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let bare: String = folded(text).chars().filter(|ch| !ch.is_whitespace()).collect();
    let quoted = query
        .quoted
        .iter()
        .chain(&query.named)
        .filter(|wanted| bare.contains(wanted.as_str()))
        .count();
    let kind = match query.asks {
        Asks::Number if has_digit => 0.1,
        Asks::Date if has_digit && has(&["年", "月", "日"]) => 0.1,
        Asks::Reason if has(&["因", "由于", "受", "原因", "导致", "使得"]) => 0.08,
        Asks::List if announces(text) || items_inside(text) > 1 || marker(text).is_some() => 0.08,
        _ => 0.0,
    };
    kind + 0.15 * quoted as f64
}

/// How much of a row's label the question names.
fn label(query: &Query, row: &str) -> f64 {
    let label: String = folded(row.split('\t').next().unwrap_or_default())
        .chars()
        .filter(|ch| !ch.is_whitespace())
        .collect();
    let question: String = query.text.chars().filter(|ch| !ch.is_whitespace()).collect();
    let chars: Vec<char> = label.chars().collect();
    if chars.len() < 2 {
        return 0.0;
    }
    let pairs =
        chars.windows(2).filter(|pair| question.contains(&pair.iter().collect::<String>())).count();
    0.3 * pairs as f64 / (chars.len() - 1) as f64
}

/// A row with its caption and header.
fn rows(core: usize, query: &Query, scores: &[f64], context: &Context) -> Vec<usize> {
    let unit = &context.units[core];
    let same_table = |at: &usize| {
        let other = &context.units[*at];
        other.passage == unit.passage && other.part.block == unit.part.block
    };
    let mut chosen: Vec<usize> = (0..context.units.len())
        .filter(same_table)
        .filter(|&at| context.units[at].part.kind == PartKind::TableHeader)
        .collect();
    let floor = if query.several { 0.8 * scores[core] } else { scores[core] };
    let mut chars = 0;
    for at in (0..context.units.len()).filter(same_table) {
        let is_row = context.units[at].part.kind == PartKind::TableRow;
        if is_row && (at == core || (query.several && scores[at] >= floor && chars < 200)) {
            chars += context.units[at].chars;
            chosen.push(at);
        }
    }
    chosen
}

/// A run of sentences around the core.
fn run(core: usize, query: &Query, scores: &[f64], context: &Context) -> Vec<usize> {
    let wants_list = query.asks == Asks::List || (query.several && query.asks != Asks::Number);
    let wants_more = matches!(query.asks, Asks::How | Asks::Reason | Asks::Other);
    if (wants_list || wants_more)
        && items_inside(context.text(&context.units[core])) < 2
        && let Some(run) = enumeration(core, context)
    {
        return run;
    }
    let limit = if wants_list || wants_more { DESCRIPTION } else { 0 };
    grown(core, scores, context, limit)
}

/// The enumeration that the core announces, or that it is an item of.
fn enumeration(core: usize, context: &Context) -> Option<Vec<usize>> {
    let unit = &context.units[core];
    let text = context.text(unit);
    let first = match marker(text) {
        Some(own) => first_item(core, own, context),
        None if announces(text) => core + 1,
        None => return None,
    };
    let opening = marker(context.text(context.units.get(first)?))?;
    let begin = if first > 0
        && announces(context.text(&context.units[first - 1]))
        && is_body(&context.units[first - 1])
    {
        first - 1
    } else {
        first
    };
    let mut chars: usize = (begin..first).map(|at| context.units[at].chars).sum();
    let (mut end, mut items) = (first, 0);
    for at in first..context.units.len() {
        let unit = &context.units[at];
        let own = marker(context.text(unit));
        let is_item = own.is_some_and(|own| own.kind == opening.kind);
        let goes_up = unit.part.kind == PartKind::Heading && !is_item;
        let begins_again = own.is_some_and(|own| is_item && own.number == 1 && at > first);
        let over = unit.opens_block
            && !is_item
            && items > 0
            && own.is_none()
            && unit.part.kind == PartKind::Text;
        if goes_up || begins_again || over || chars + unit.chars > ENUMERATION && items > 0 {
            break;
        }
        items += usize::from(is_item);
        chars += unit.chars;
        end = at + 1;
    }
    (items > 1).then(|| (begin..end).collect())
}

/// Goes back to the item numbered 1 of the enumeration that `core` is an item of.
fn first_item(core: usize, own: super::list::Marker, context: &Context) -> usize {
    let mut first = core;
    for at in (0..core).rev() {
        match marker(context.text(&context.units[at])) {
            Some(other) if other.kind == own.kind => first = at,
            _ if context.units[at].part.kind == PartKind::Heading => break,
            _ => {}
        }
        if marker(context.text(&context.units[first])).is_some_and(|found| found.number == 1) {
            break;
        }
    }
    first
}

/// The core and neighbours: until it is readable, and while they score well, to the limit.
fn grown(core: usize, scores: &[f64], context: &Context, limit: usize) -> Vec<usize> {
    let (mut from, mut to) = (core, core);
    let mut chars = context.units[core].chars;
    loop {
        let before = from.checked_sub(1).filter(|&at| may_join(at, from, context));
        let behind =
            Some(to + 1).filter(|&at| at < context.units.len() && may_join(at, to, context));
        let score = |at: Option<usize>| at.map_or(f64::NEG_INFINITY, |at| scores[at]);
        let next = if score(behind) >= score(before) { behind } else { before };
        let Some(next) = next else { break };
        let length = context.units[next].chars;
        let related = scores[next] >= 0.5 * scores[core] && chars + length <= limit;
        if chars >= READABLE && !related {
            break;
        }
        if chars < READABLE && chars + length > 3 * READABLE && !related {
            break;
        }
        chars += length;
        from = from.min(next);
        to = to.max(next);
    }
    (from..=to).collect()
}

/// Whether a neighbour may be added: body text of the same section.
fn may_join(at: usize, to: usize, context: &Context) -> bool {
    let (unit, other) = (&context.units[at], &context.units[to]);
    is_body(unit)
        && unit.part.kind != PartKind::TableRow
        && unit.part.kind == other.part.kind
        && context.headings(unit) == context.headings(other)
}
