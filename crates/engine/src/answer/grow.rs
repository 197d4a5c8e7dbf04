//! From the best unit to what belongs to it in running text.

use std::ops::Range;

use super::list::{Marker, announces, items_inside, lists_inline, marker};
use super::score::Scored;
use super::select::is_body;
use super::units::Context;
use crate::passage::PartKind;
use crate::query::Asks;

/// A fact with the sentence that tells it has at most this many characters.
const FACT: usize = 280;
/// What goes on after a page or a figure came between has at most this many.
const CONTINUED: usize = 140;
/// A description goes on to at most this many.
const DESCRIPTION: usize = 240;
/// An enumeration that is longer gives only the opening of each item.
const ENUMERATION: usize = 400;
/// The openings of an enumeration's items have at most this many.
const OUTLINE: usize = 600;
/// An item's opening this short takes the sentence behind it along.
const BARE_OPENING: usize = 30;
/// The share of the question that a heading must hold for what is under it to be the answer.
const HEADING: f64 = 0.6;

/// A sentence that holds this share of what is asked for tells it.
const TELLS: f64 = 0.3;
/// How much more of the question a section's heading must hold than the heading above.
const NEARER: f64 = 0.1;

/// The units around the core that answer.
pub(super) fn run(core: usize, scored: &Scored<'_>) -> Vec<usize> {
    let query = scored.query;
    let wants_list = query.asks == Asks::List || (query.several && query.asks != Asks::Number);
    let wants_more = query.asks == Asks::How || query.deeds;
    let context = scored.context;
    let text = context.text(&context.units[core]);
    let complete = items_inside(text) > 1 || (query.asks == Asks::List && lists_inline(text));
    if (wants_list || wants_more || query.asks == Asks::Reason) && !complete {
        if let Some(run) = enumeration(core, context) {
            return run;
        }
        if wants_list && let Some(run) = enumerated_soon(core, context) {
            return run;
        }
        if (wants_list || query.asks == Asks::How)
            && let Some(run) = under_heading(core, scored)
        {
            return run;
        }
    }
    if wants_more && !complete { described(core, scored) } else { fact(core, scored) }
}

/// The core and a sentence soon behind it that enumerates: 一是…；二是….
fn enumerated_soon(core: usize, context: &Context) -> Option<Vec<usize>> {
    let marked =
        |at: usize| context.units.get(at).is_some_and(|unit| marker(context.text(unit)).is_some());
    let enumerates = |at: &usize| match items_inside(context.text(&context.units[*at])) {
        0 => false,
        1 => marked(at + 1),
        _ => true,
    };
    let chars =
        |end: usize| -> usize { context.units[core..=end].iter().map(|unit| unit.chars).sum() };
    let mut end = (core + 1..context.units.len().min(core + 3)).find(enumerates)?;
    while marked(end + 1) && chars(end + 1) <= ENUMERATION {
        end += 1;
    }
    let joined = (core + 1..=end).all(|at| may_join(at, core, context));
    (joined && chars(end) <= ENUMERATION).then(|| (core..=end).collect())
}

/// The enumeration that the core announces, or that it is an item of.
fn enumeration(core: usize, context: &Context) -> Option<Vec<usize>> {
    let text = context.text(&context.units[core]);
    let first = match marker(text) {
        Some(own) => first_item(core, own, context),
        None if announces(text) => core + 1,
        None => return None,
    };
    let items = items(first, context);
    if items.len() < 2 {
        return None;
    }
    let announced = first > 0
        && is_body(&context.units[first - 1])
        && announces(context.text(&context.units[first - 1]));
    let begin = if announced { first - 1 } else { first };
    Some(fitted(begin, &items, context))
}

/// What stands under a heading that holds most of the question: the items of an enumeration, or
/// the sentence that opens each paragraph.
fn under_heading(core: usize, scored: &Scored<'_>) -> Option<Vec<usize>> {
    let context = scored.context;
    let is_heading = |at: &usize| context.units[*at].part.kind == PartKind::Heading;
    let mut heading = (0..context.focus.end.max(core))
        .filter(is_heading)
        .filter(|&at| scored.held_share(at) >= HEADING)
        .max_by(|&a, &b| scored.held_share(a).total_cmp(&scored.held_share(b)).then(b.cmp(&a)))?;
    while let Some(items) = items_under(heading, context) {
        // One of several sections says more of the question than the heading above them.
        let nearer = items
            .iter()
            .map(|item| item.start)
            .filter(is_heading)
            .find(|&at| scored.gain(at, heading) >= NEARER);
        match nearer {
            Some(nearer) => heading = nearer,
            None => return Some(fitted(items[0].start, &items, context)),
        }
    }
    let end = (heading + 1..context.units.len()).find(is_heading).unwrap_or(context.units.len());
    let openings: Vec<usize> = (heading + 1..end)
        .filter(|&at| context.units[at].opens_block && is_body(&context.units[at]))
        .collect();
    let chars: usize = openings.iter().map(|&at| context.units[at].chars).sum();
    (openings.len() > 1 && openings.len() < 9 && chars <= ENUMERATION).then_some(openings)
}

/// The items of the enumeration that begins soon behind a heading.
fn items_under(heading: usize, context: &Context) -> Option<Vec<Range<usize>>> {
    let begins =
        |at: &usize| marker(context.text(&context.units[*at])).is_some_and(|own| own.number <= 1);
    let first = (heading + 1..context.units.len().min(heading + 7)).find(begins)?;
    Some(items(first, context)).filter(|items| items.len() > 1)
}

/// Goes back to the item numbered 1 of the enumeration that `core` is an item of.
fn first_item(core: usize, own: Marker, context: &Context) -> usize {
    let mut first = core;
    for at in (0..core).rev() {
        if marker(context.text(&context.units[first])).is_some_and(|found| found.number == 1) {
            break;
        }
        match marker(context.text(&context.units[at])) {
            Some(other) if other.kind == own.kind => first = at,
            _ if context.units[at].part.kind == PartKind::Heading => break,
            _ => {}
        }
    }
    first
}

/// The items of the enumeration that begins at `first`: the ranges of their units.
fn items(first: usize, context: &Context) -> Vec<Range<usize>> {
    let Some(opening) = context.units.get(first).and_then(|unit| marker(context.text(unit))) else {
        return Vec::new();
    };
    let is_heading = context.units[first].part.kind == PartKind::Heading;
    let mut out: Vec<Range<usize>> = Vec::new();
    for at in first..context.units.len() {
        let unit = &context.units[at];
        let own = marker(context.text(unit)).filter(|own| own.kind == opening.kind);
        match own {
            Some(own) if own.number == 1 && at > first => break,
            Some(_) => out.push(at..at + 1),
            None if unit.part.kind == PartKind::Heading => break,
            None if !is_heading
                && unit.opens_block
                && unit.part.kind == PartKind::Text
                && out.len() > 1 =>
            {
                break;
            }
            None => out.last_mut().into_iter().for_each(|item| item.end = at + 1),
        }
    }
    out
}

/// The whole enumeration if it fits, else the opening of each item.
fn fitted(begin: usize, items: &[Range<usize>], context: &Context) -> Vec<usize> {
    let end = items.last().map_or(begin, |item| item.end);
    let length = |from: usize, to: usize| -> usize {
        context.units[from..to].iter().map(|unit| unit.chars).sum()
    };
    if length(begin, end) <= ENUMERATION {
        return (begin..end).collect();
    }
    let mut chosen: Vec<usize> = (begin..items.first().map_or(begin, |item| item.start)).collect();
    let mut chars: usize = chosen.iter().map(|&at| context.units[at].chars).sum();
    for item in items {
        let is_bare = context.units[item.start].chars < BARE_OPENING;
        let to = if is_bare { item.end.min(item.start + 2) } else { item.start + 1 };
        chars += length(item.start, to);
        if chars > OUTLINE && chosen.len() > 1 {
            break;
        }
        chosen.extend(item.start..to);
    }
    chosen
}

/// The core and what the paragraph goes on to say.
fn described(core: usize, scored: &Scored<'_>) -> Vec<usize> {
    let wants_list = scored.query.asks == Asks::List;
    let context = scored.context;
    let mut chosen = fact(core, scored);
    let mut chars: usize = chosen.iter().map(|&at| context.units[at].chars).sum();
    let mut last = *chosen.last().unwrap_or(&core);
    while let Some(unit) = context.units.get(last + 1) {
        let goes_on = may_join(last + 1, last, context)
            && (!unit.opens_block || context.passage_begins(last + 1));
        if !goes_on || chars + unit.chars > DESCRIPTION {
            break;
        }
        last += 1;
        chars += unit.chars;
        chosen.push(last);
        if wants_list && lists_inline(context.text(&context.units[last])) {
            break;
        }
    }
    chosen
}

/// The core by itself: where it stands in running text, a fact is one sentence. Only a sentence that
/// names the subject and nothing of what is asked for takes along the next one, if that tells it
/// (云帆论坛在雪岭举行。论坛的主题是…) or says how many there are.
fn fact(core: usize, scored: &Scored<'_>) -> Vec<usize> {
    let context = scored.context;
    let mut to = core;
    let is_told_next = context.units.get(core + 1).is_some_and(|next| {
        may_join(core + 1, core, context)
            && context.units[core].chars + next.chars <= FACT
            && (scored.counts(core + 1) && !scored.counts(core)
                || scored.asked_of(core) == 0.0 && scored.asked_of(core + 1) >= TELLS)
    });
    if is_told_next {
        to += 1;
    }
    while is_cut(to, context) {
        to += 1;
    }
    if let Some(next) = context
        .units
        .get(to + 1)
        .filter(|_| context.text(&context.units[to]).ends_with(['：', ':']))
        && is_body(next)
        && next.chars <= DESCRIPTION
    {
        to += 1;
    }
    (core..=to).collect()
}

/// Whether a sentence stops without an end, and goes on in the next unit: a page or a figure came
/// between.
fn is_cut(at: usize, context: &Context) -> bool {
    let unit = &context.units[at];
    let text = context.text(unit);
    let is_open =
        !text.ends_with(['。', '！', '？', '”', '；', '：', '!', '?', '.', '…', '）', '」']);
    let next = context.units.get(at + 1);
    let goes_on =
        next.is_some_and(|next| next.part.kind == PartKind::Text && next.chars <= CONTINUED);
    is_open
        && unit.part.kind == PartKind::Text
        && unit.chars >= BARE_OPENING
        && goes_on
        && may_join(at + 1, at, context)
}

/// Whether a neighbour may be added: text of the same sort in the same section.
fn may_join(at: usize, to: usize, context: &Context) -> bool {
    let (unit, other) = (&context.units[at], &context.units[to]);
    is_body(unit)
        && unit.part.kind != PartKind::TableRow
        && unit.part.kind == other.part.kind
        && context.headings(unit) == context.headings(other)
}
