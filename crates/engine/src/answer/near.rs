//! How near the sentences of the best passage are to a question, as a transformer sees them.
//!
//! The alignment of words (`score`) says which words are there, a transformer also how they stand
//! together. Each sentence is read behind the document's title: alone it often lacks its subject,
//! which was measured to lose on one collection what it gained on another. Only facts are chosen so:
//! which sentence announces an enumeration, or where a description begins, is told by form.
//!
//! Of a description, and of a list that is no enumeration by its form, the last sentences may tell
//! of something else: those are left out that are much further from the question than the nearest
//! and hold next to nothing of it.
//!
//! It costs a run of the network over each sentence, about 10 ms with multilingual-e5-small on one
//! core. Models that see no more in a sentence than its words are not asked.

use super::companion::silence;
use super::list::{items_inside, marker};
use super::score::Scored;
use super::units::Context;
use crate::error::Result;
use crate::passage::PartKind;
use crate::query::Asks;
use crate::retrieve::Asked;
use crate::text::normalize::folded;

/// At most so many sentences are read.
const MOST: usize = 24;

/// A last sentence of a description or list that is so much further than the nearest,
const FAR: f32 = 0.25;
/// and holds less of the question than this, tells of something else; unless it says how many there
/// are of what is asked for.
const HELD: f64 = 0.1;
/// What is left says more than the question: its silence is below this.
const SILENT: f64 = 0.22;

/// For each unit how much nearer it is than the mean of those that were read, as a share of the
/// most it could be; 0 for those that were not.
pub(super) fn nearness(asked: &Asked<'_>, context: &Context) -> Result<Vec<f64>> {
    use PartKind::{Item, Note, Text};
    let Asked { query, nearness, .. } = asked;
    let mut out = vec![0.0; context.units.len()];
    let is_fact = !query.several && !matches!(query.asks, Asks::List | Asks::Reason | Asks::How);
    if nearness.is_quick() || !is_fact {
        return Ok(out);
    }
    let is_prose = |at: &usize| matches!(context.units[*at].part.kind, Text | Item | Note);
    let read: Vec<usize> = context.focus.clone().filter(is_prose).take(MOST).collect();
    let about = context.title();
    let text = |at: &usize| format!("{about}\n{}", context.text(&context.units[*at]));
    let texts: Vec<String> = read.iter().map(text).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    if !texts.is_empty() {
        let near = nearness.of_texts(&texts)?;
        let mean = near.iter().sum::<f32>() / near.len() as f32;
        read.into_iter().zip(near).for_each(|(at, near)| out[at] = f64::from(near - mean));
    }
    Ok(out)
}

/// What was chosen without its last units, back to the core, that tell of something else.
pub(super) fn trimmed(
    asked: &Asked<'_>,
    scored: &Scored<'_>,
    core: usize,
    mut chosen: Vec<usize>,
) -> Result<Vec<usize>> {
    let context = scored.context;
    let text = |at: &usize| context.text(&context.units[*at]);
    let is_plain = |at: &usize| {
        let is_text = context.units[*at].part.kind == PartKind::Text;
        is_text && marker(text(at)).is_none() && items_inside(text(at)) == 0
    };
    let may_go_on = matches!(scored.query.asks, Asks::How | Asks::List) && chosen.len() > 1;
    if asked.nearness.is_quick() || !may_go_on || !chosen.iter().all(is_plain) {
        return Ok(chosen);
    }
    let texts: Vec<&str> = chosen.iter().map(text).collect();
    let near = asked.nearness.of_texts(&texts)?;
    let nearest = near.iter().fold(f32::MIN, |nearest, own| nearest.max(*own));
    let is_kept = |(at, near): (&usize, &f32)| {
        let tells = scored.held_share(*at) >= HELD || scored.counts(*at);
        *at == core || *near >= nearest - FAR || tells
    };
    let least = chosen.iter().zip(&near).rposition(is_kept).map_or(0, |last| last + 1);
    let says = |kept: &usize| silence(scored.query, &folded(&texts[..*kept].concat())) < SILENT;
    let kept = (least..texts.len()).find(says).unwrap_or(texts.len());
    chosen.truncate(kept);
    Ok(chosen)
}
