//! Measures of a document's running text: size, margins, distance of lines.

use super::lines::Line;
use super::page::Item;

/// This many equal distances on a page are its line pitch.
const PITCH_PAIRS: usize = 4;

/// Measures of a document's running text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Body {
    pub(crate) size: f32,
    pub(crate) left: f32,
    pub(crate) right: f32,
    /// The usual distance of two baselines in a paragraph, as a multiple of the size.
    pub(crate) pitch: f32,
}

impl Body {
    pub(crate) fn measure<'a>(lines: impl Iterator<Item = &'a Line> + Clone) -> Self {
        let size =
            weighted_mode(lines.clone().map(|line| ((line.size * 2.0).round() as i32, line.len())));
        let size = size as f32 / 2.0;
        let body = lines.filter(|line| (line.size - size).abs() < 0.6 && line.len() > 8);
        let lefts = weighted_mode(body.clone().map(|line| (line.x0.round() as i32, 1)));
        let rights = weighted_mode(body.clone().map(|line| ((line.x1 / 4.0).round() as i32, 1)));
        let pitch = pitch(body, size).map_or(1.5, |(pitch, _)| pitch);
        Self { size, left: lefts as f32, right: rights as f32 * 4.0, pitch }
    }

    /// The same with the line pitch of one page, where the page shows it: a document may be set
    /// with several.
    pub(crate) fn on_page(self, items: &[Item]) -> Self {
        let body =
            items.iter().filter_map(running).filter(|line| (line.size - self.size).abs() < 0.6);
        match pitch(body, self.size) {
            Some((pitch, pairs)) if pairs >= PITCH_PAIRS => Self { pitch, ..self },
            _ => self,
        }
    }
}

/// The most frequent distance of two baselines as a multiple of the size, and how often it is met.
fn pitch<'a>(lines: impl Iterator<Item = &'a Line> + Clone, size: f32) -> Option<(f32, usize)> {
    let pairs = lines.clone().zip(lines.skip(1));
    let falls = pairs.filter(|(a, b)| a.page == b.page && b.baseline > a.baseline);
    let mut counts = std::collections::BTreeMap::new();
    for (a, b) in falls {
        let twentieths = ((b.baseline - a.baseline) / size * 20.0).round() as i32;
        *counts.entry(twentieths).or_insert(0usize) += 1;
    }
    // Of two that are as frequent, the smaller: the larger parts paragraphs.
    let (fall, count) = counts.into_iter().max_by_key(|(fall, count)| (*count, -fall))?;
    Some(((fall as f32 / 20.0).clamp(1.0, 3.5), count))
}

fn weighted_mode(values: impl Iterator<Item = (i32, usize)>) -> i32 {
    let mut counts = std::collections::BTreeMap::new();
    for (value, weight) in values {
        *counts.entry(value).or_insert(0usize) += weight;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or(0, |(value, _)| value)
}

/// The line, if it is running text.
pub(crate) fn running(item: &Item) -> Option<&Line> {
    match item {
        Item::Line(line) if line.furniture.is_none() => Some(line),
        _ => None,
    }
}
