//! The title of a slide where no shape is marked as one: the one line that is clearly larger than
//! everything else on the slide, near its top.
//!
//! Decks made from free text boxes are common; without this their slides have no headings.

use super::shapes::{Content, Shape};
use super::text::Paragraph;

/// A title is this much larger than other text.
const LARGER: f64 = 1.15;
/// A title is at most this long, in characters.
const LONGEST: usize = 40;
/// On slides behind the first, a title begins in this part of the height.
const TOP: f32 = 0.3;

/// The position of the title among the shapes of a slide.
pub(crate) fn find(shapes: &[Shape<'_>], first: bool, height: f32) -> Option<usize> {
    let mut best: Option<(usize, i64)> = None;
    let mut second = 0;
    for (at, shape) in shapes.iter().enumerate() {
        let size = largest(shape);
        if best.is_none_or(|(_, largest)| size > largest) {
            second = best.map_or(0, |(_, largest)| largest);
            best = Some((at, size));
        } else {
            second = second.max(size);
        }
    }
    let (at, size) = best?;
    let shape = &shapes[at];
    let Content::Text(paragraphs) = &shape.content else { return None };
    let high = first || shape.rect.y0 < height * TOP;
    (high && size as f64 >= second as f64 * LARGER && is_title(paragraphs, first)).then_some(at)
}

/// The size of the largest words in a shape; numbers set large are decoration.
fn largest(shape: &Shape<'_>) -> i64 {
    match &shape.content {
        Content::Text(paragraphs) => {
            let worded =
                |each: &&Paragraph| each.text.chars().filter(|ch| ch.is_alphabetic()).count() > 1;
            paragraphs.iter().filter(worded).map(|each| each.size).max().unwrap_or(0)
        }
        Content::Group(shapes) => shapes.iter().map(largest).max().unwrap_or(0),
        _ => 0,
    }
}

fn is_title(paragraphs: &[Paragraph], first: bool) -> bool {
    let length: usize = paragraphs.iter().map(|each| each.text.chars().count()).sum();
    let lines = if first { 2 } else { 1 };
    paragraphs.len() <= lines
        && (2..=LONGEST).contains(&length)
        && paragraphs.iter().all(|each| {
            each.marker.is_empty()
                && !each.text.ends_with(['。', '；', '，', '：', ';', ',', ':', '.'])
        })
}
