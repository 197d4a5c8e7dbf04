//! Where the characters of a text stand on pages.
//!
//! Coordinates are points (1/72 inch) from the **top left** of the page as it is displayed, kept
//! in tenths of a point. Pages count from 1. Offsets are bytes of the text that a map is of.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A rectangle on a page, in points from the top left of the displayed page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PageBox {
    /// The page, from 1.
    pub page: u32,
    /// Left edge.
    pub x0: f32,
    /// Top edge.
    pub y0: f32,
    /// Right edge.
    pub x1: f32,
    /// Bottom edge.
    pub y1: f32,
}

/// Where the characters of a text stand on pages.
///
/// One run for each stretch of characters on one line. Characters that a join put in
/// (a space between Latin words, the tab between cells) belong to no run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaceMap {
    runs: Vec<PlacedRun>,
}

/// Characters that stand on one line of one page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct PlacedRun {
    /// Byte offset of the first character.
    start: u32,
    /// Byte offset behind the last character.
    end: u32,
    page: u32,
    /// Top and bottom in tenths of a point.
    top: u16,
    bottom: u16,
    /// Left and right edge of each character, in tenths of a point.
    edges: Vec<(u16, u16)>,
}

/// The place of one character, as [`PlaceMap::push`] takes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CharPlace {
    /// The page, from 1.
    pub page: u32,
    /// Left edge in points.
    pub x0: f32,
    /// Right edge in points.
    pub x1: f32,
    /// Top of the line in points.
    pub top: f32,
    /// Bottom of the line in points.
    pub bottom: f32,
}

/// Tenths of a point, clamped to what fits: 0 to 6,553.5 points.
fn tenths(points: f32) -> u16 {
    (points * 10.0).round().clamp(0.0, f32::from(u16::MAX)) as u16
}

fn points(tenths: u16) -> f32 {
    f32::from(tenths) / 10.0
}

impl PlaceMap {
    /// Whether every run lies inside `text`.
    pub(crate) fn is_sound(&self, text: &str) -> bool {
        self.runs.iter().all(|run| text.get(run.start as usize..run.end as usize).is_some())
    }

    /// Whether no character has a place.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Adds the place of the character of `len` bytes at byte `offset`. Offsets must rise.
    pub fn push(&mut self, offset: usize, len: usize, place: CharPlace) {
        let (top, bottom) = (tenths(place.top), tenths(place.bottom));
        let edges = (tenths(place.x0), tenths(place.x1));
        if let Some(run) = self.runs.last_mut()
            && run.end as usize == offset
            && (run.page, run.top, run.bottom) == (place.page, top, bottom)
            && run.edges.last().is_some_and(|last| last.0 <= edges.0)
        {
            run.end += len as u32;
            run.edges.push(edges);
            return;
        }
        self.runs.push(PlacedRun {
            start: offset as u32,
            end: (offset + len) as u32,
            page: place.page,
            top,
            bottom,
            edges: vec![edges],
        });
    }

    /// Forgets the places of all that begins at or behind byte `len`: the text was cut there.
    pub fn truncate(&mut self, len: usize, text: &str) {
        while self.runs.last().is_some_and(|run| run.start as usize >= len) {
            self.runs.pop();
        }
        if let Some(run) = self.runs.last_mut()
            && run.end as usize > len
        {
            let kept = text.get(run.start as usize..len).map_or(0, |own| own.chars().count());
            run.edges.truncate(kept);
            run.end = len as u32;
        }
    }

    /// Appends another map whose text was put at byte `offset` of this one's.
    pub fn append(&mut self, offset: usize, other: &PlaceMap) {
        self.runs.extend(other.runs.iter().cloned().map(|mut run| {
            run.start += offset as u32;
            run.end += offset as u32;
            run
        }));
    }

    /// Moves what stands on pages for which `slope` gives a value: each box goes through `to`, cut
    /// into stretches so short that the slope does not lift them off their line. `text` is the
    /// text of this map.
    pub(crate) fn turn(
        &mut self,
        text: &str,
        slope: impl Fn(u32) -> Option<f32>,
        to: impl Fn(u32, [f32; 4]) -> [f32; 4],
    ) {
        let mut runs = Vec::with_capacity(self.runs.len());
        for run in self.runs.drain(..) {
            match slope(run.page) {
                Some(slope) => run.turn(text, slope, |edges| to(run.page, edges), &mut runs),
                None => runs.push(run),
            }
        }
        self.runs = runs;
    }

    /// The page on which the byte at `offset`, or the next one that has a place, stands.
    pub fn page_at(&self, offset: usize) -> Option<u32> {
        let next = self.runs.partition_point(|run| run.end as usize <= offset);
        self.runs.get(next).or(self.runs.last()).map(|run| run.page)
    }

    /// The pages on which it begins and ends.
    pub fn pages(&self) -> Option<(u32, u32)> {
        let first = self.runs.iter().map(|run| run.page).min()?;
        let last = self.runs.iter().map(|run| run.page).max()?;
        Some((first, last))
    }

    /// The boxes that cover a byte range of `text`, one for each stretch on one line.
    pub fn boxes(&self, text: &str, range: Range<usize>) -> Vec<PageBox> {
        let first = self.runs.partition_point(|run| run.end as usize <= range.start);
        let within = self.runs[first..].iter();
        within
            .take_while(|run| (run.start as usize) < range.end)
            .filter_map(|run| run.cover(text, &range))
            .collect()
    }
}

impl PlacedRun {
    fn turn(&self, text: &str, slope: f32, to: impl Fn([f32; 4]) -> [f32; 4], out: &mut Vec<Self>) {
        let (top, bottom) = (points(self.top), points(self.bottom));
        let longest = (0.3 * (bottom - top) / slope.abs().max(f32::MIN_POSITIVE)).max(1.0);
        let mut starts: Vec<usize> = match text.get(self.start as usize..self.end as usize) {
            Some(own) => own.char_indices().map(|(at, _)| self.start as usize + at).collect(),
            None => return out.push(self.clone()),
        };
        starts.truncate(self.edges.len());
        let mut from = 0;
        while from < starts.len() {
            let left = points(self.edges[from].0);
            let near = |edges: &&(u16, u16)| points(edges.1) - left <= longest;
            let count = self.edges[from..].iter().take_while(near).count().max(1);
            let next = (from + count).min(starts.len());
            let edges = &self.edges[from..next];
            let right = points(edges[edges.len() - 1].1);
            let [x0, y0, x1, y1] = to([left, top, right, bottom]);
            let stretch = (x1 - x0) / (right - left).max(0.1);
            let place = |edge: u16| tenths(x0 + (points(edge) - left) * stretch);
            out.push(Self {
                start: starts[from] as u32,
                end: starts.get(next).map_or(self.end, |at| *at as u32),
                page: self.page,
                top: tenths(y0),
                bottom: tenths(y1),
                edges: edges.iter().map(|(from, to)| (place(*from), place(*to))).collect(),
            });
            from = next;
        }
    }

    /// The box over those characters of the run that lie in `range`.
    fn cover(&self, text: &str, range: &Range<usize>) -> Option<PageBox> {
        let own = text.get(self.start as usize..self.end as usize)?;
        let mut edges = own
            .char_indices()
            .zip(&self.edges)
            .filter(|((at, _), _)| range.contains(&(self.start as usize + at)))
            .map(|(_, edges)| *edges);
        let (left, mut right) = edges.next()?;
        for (_, x1) in edges {
            right = right.max(x1);
        }
        Some(PageBox {
            page: self.page,
            x0: points(left),
            y0: points(self.top),
            x1: points(right),
            y1: points(self.bottom),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(page: u32, x0: f32, top: f32) -> CharPlace {
        CharPlace { page, x0, x1: x0 + 10.0, top, bottom: top + 12.0 }
    }

    #[test]
    fn a_range_over_a_line_wrap_and_a_page_break_has_a_box_on_each() {
        let text = "甲乙丙丁";
        let mut places = PlaceMap::default();
        places.push(0, 3, place(1, 100.0, 700.0));
        places.push(3, 3, place(1, 110.0, 700.0));
        places.push(6, 3, place(1, 50.0, 720.0));
        places.push(9, 3, place(2, 50.0, 60.0));
        let boxes = places.boxes(text, 3..12);
        assert_eq!(
            boxes.iter().map(|b| (b.page, b.x0)).collect::<Vec<_>>(),
            [(1, 110.0), (1, 50.0), (2, 50.0)]
        );
        assert_eq!(places.page_at(9), Some(2));
        assert_eq!(places.pages(), Some((1, 2)));
    }

    #[test]
    fn what_is_turned_stays_on_its_slanted_line() {
        let text = "一二三四五六七八";
        let mut places = PlaceMap::default();
        for i in 0..8 {
            places.push(3 * i, 3, place(1, 10.0 * i as f32, 100.0));
        }
        places.turn(
            text,
            |page| (page > 1).then_some(0.1),
            |_, edges| edges.map(|edge| edge + 9.0),
        );
        assert_eq!(places.boxes(text, 0..24).len(), 1);
        places.turn(
            text,
            |_| Some(0.1),
            |_, [x0, y0, x1, y1]| {
                let down = 0.1 * (x0 + x1) / 2.0;
                [x0, y0 + down, x1, y1 + down]
            },
        );
        for i in 0..8 {
            let found = places.boxes(text, 3 * i..3 * i + 3)[0];
            assert!((found.x0 - 10.0 * i as f32).abs() < 0.2, "{i}: {found:?}");
            assert!((found.y0 - 100.0 - (i as f32 + 0.5)).abs() < 2.0, "{i}: {found:?}");
        }
    }

    #[test]
    fn a_joined_space_has_no_place_of_its_own() {
        let text = "a b";
        let mut places = PlaceMap::default();
        places.push(0, 1, place(1, 10.0, 10.0));
        places.push(2, 1, place(3, 10.0, 10.0));
        assert_eq!(places.boxes(text, 1..2), []);
        assert_eq!(places.page_at(1), Some(3));
    }
}
