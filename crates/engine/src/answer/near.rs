//! How near the sentences of the best passage are to a question, as a transformer sees them.
//!
//! The alignment of words (`score`) says which words are there, a transformer also how they stand
//! together. Each sentence is read behind the document's title: alone it often lacks its subject,
//! which was measured to lose on one collection what it gained on another. Only facts are chosen so:
//! which sentence announces an enumeration, or where a description begins, is told by form.
//!
//! It costs a run of the network over each sentence, about 10 ms with multilingual-e5-small on one
//! core. Models that see no more in a sentence than its words are not asked.

use super::units::Context;
use crate::error::Result;
use crate::passage::PartKind;
use crate::query::Asks;
use crate::retrieve::Asked;

/// At most so many sentences are read.
const MOST: usize = 24;

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
