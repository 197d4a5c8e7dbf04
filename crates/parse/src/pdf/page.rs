//! One page's content to items in reading order: lines, and tables where their first glyph stood.

use super::glyphs::Content;
use super::grid::{self, Frame, Grid};
use super::lines::{Line, lines};
use super::tags::Structure;
use super::{open, tagged};
use crate::marker::{CHINESE_DIGITS, Marker, marker};

/// So many markers of a page are looked at.
const MOST_MARKERS: usize = 300;

/// A line or a table, in reading order.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    Line(Line),
    Table(Grid),
}

/// The items of a page.
pub(crate) fn items(page: u32, content: &Content, structure: &Structure) -> Vec<Item> {
    let glyphs = &content.glyphs;
    let mut free = vec![true; glyphs.len()];
    // The first glyph of each table, to put the table where it stood.
    let mut tables: Vec<(usize, Grid)> = Vec::new();
    let mut take = |found: Vec<(Grid, Vec<usize>)>, free: &mut Vec<bool>| {
        for (grid, taken) in found {
            let Some(first) = taken.iter().min() else { continue };
            if taken.iter().all(|&i| free[i]) {
                tables.push((*first, grid));
                taken.iter().for_each(|&i| free[i] = false);
            }
        }
    };
    let frames = grid::frames(&content.rulings);
    let ruled: Vec<_> = frames.iter().filter_map(|frame| grid::fill(frame, page, glyphs)).collect();
    let tagged = tagged::tables(structure, page, glyphs);
    // Rulings and tags may both show a table: the finer reading goes first.
    let (finer, coarser) = tagged.into_iter().partition(|table| is_finer(table, &ruled));
    take(finer, &mut free);
    take(ruled, &mut free);
    take(coarser, &mut free);
    take(open::tables(page, &content.rulings, glyphs, &free), &mut free);

    tables.sort_by_key(|(first, _)| *first);
    let mut tables = tables.into_iter().peekable();
    let mut items = Vec::new();
    let mut run = Vec::new();
    for (i, glyph) in glyphs.iter().enumerate() {
        if let Some((_, grid)) = tables.next_if(|(first, _)| *first <= i) {
            push_lines(&mut items, page, std::mem::take(&mut run), structure);
            items.push(Item::Table(grid));
        }
        if free[i] {
            run.push(*glyph);
        }
    }
    push_lines(&mut items, page, run, structure);
    items.extend(tables.map(|(_, grid)| Item::Table(grid)));
    join_markers(page, &mut items);
    mark_boxes(&mut items, &frames);
    items
}

/// Puts list markers that are drawn apart from their items in front of them: some writers draw all
/// markers of a page at its end.
fn join_markers(page: u32, items: &mut Vec<Item>) {
    let alone = |item: &Item| match item {
        Item::Line(line) => line.len() <= 5 && is_marker(line.text().trim()),
        Item::Table(_) => false,
    };
    let markers: Vec<usize> = (0..items.len()).filter(|&at| alone(&items[at])).collect();
    let mut joined = Vec::new();
    for &at in markers.iter().take(MOST_MARKERS) {
        let Item::Line(marker) = &items[at] else { continue };
        let beside = |item: &Item| match item {
            Item::Line(line) => {
                let gap = line.x0 - marker.x1;
                let level = (line.baseline - marker.baseline).abs() < 0.25 * line.size;
                level && gap > -0.2 * line.size && gap < 2.5 * line.size
            }
            Item::Table(_) => false,
        };
        let mut others = (0..items.len()).filter(|other| markers.binary_search(other).is_err());
        let Some(other) = others.find(|&other| beside(&items[other])) else { continue };
        let mut glyphs = marker.glyphs.clone();
        if let Item::Line(line) = &mut items[other] {
            glyphs.append(&mut line.glyphs);
            let tag = line.tag;
            if let Some(whole) = Line::new(page, glyphs) {
                *line = Line { tag, ..whole };
                joined.push(at);
            }
        }
    }
    let mut at = 0;
    items.retain(|_| {
        at += 1;
        joined.binary_search(&(at - 1)).is_err()
    });
}

/// Whether a text is the marker of a list item and nothing else: `•`, `1.`, `（二）`, `a)`.
fn is_marker(text: &str) -> bool {
    let mut chars = text.chars();
    let bullet = chars.next().is_some_and(|_| chars.next().is_none())
        && marker(text) == Some(Marker::Bullet);
    let number = text.trim_start_matches(['(', '（']);
    let inner = number.trim_end_matches(['.', '．', '、', ')', '）']);
    bullet
        || inner.len() < number.len()
            && (1..=3).contains(&inner.chars().count())
            && inner.chars().all(|ch| ch.is_ascii_alphanumeric() || CHINESE_DIGITS.contains(ch))
}

/// Says of each line in which box it stands: a frame around text, one column wide.
fn mark_boxes(items: &mut [Item], frames: &[Frame]) {
    let boxes: Vec<&Frame> = frames.iter().filter(|frame| frame.is_box()).collect();
    for item in items {
        if let Item::Line(line) = item {
            let centre = ((line.x0 + line.x1) / 2.0, line.baseline - 0.38 * line.size);
            let mut within = boxes.iter().enumerate();
            line.boxed = within.find_map(|(i, frame)| Some((i, frame.find(centre)?)));
        }
    }
}

/// Whether a tagged table has more filled cells than the ruled tables over the same glyphs.
fn is_finer((tagged, own): &(Grid, Vec<usize>), ruled: &[(Grid, Vec<usize>)]) -> bool {
    let own: std::collections::HashSet<usize> = own.iter().copied().collect();
    let filled = |grid: &Grid| grid.cells.iter().filter(|cell| !cell.lines.is_empty()).count();
    let over = ruled.iter().filter(|(_, taken)| taken.iter().any(|i| own.contains(i)));
    let mut cells = 0;
    for (grid, taken) in over {
        if !taken.iter().all(|i| own.contains(i)) {
            return false;
        }
        cells += filled(grid);
    }
    filled(tagged) > cells
}

fn push_lines(
    items: &mut Vec<Item>,
    page: u32,
    glyphs: Vec<super::glyphs::Glyph>,
    structure: &Structure,
) {
    for mut line in lines(page, glyphs) {
        let visible = line.glyphs.iter().filter(|glyph| glyph.ch != ' ');
        line.tag = visible.filter_map(|glyph| structure.tag(page, glyph.mcid)).next();
        items.push(Item::Line(line));
    }
}
