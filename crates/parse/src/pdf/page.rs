//! One page's content to items in reading order: lines, and tables where the page shows them.

use std::cmp::Ordering;

use super::glyphs::{Content, Glyph};
use super::grid::{self, Frame, Grid};
use super::lines::{Line, lines};
use super::tags::Structure;
use super::{open, tagged};
use crate::marker::{CHINESE_DIGITS, Marker, is_caption, marker};

/// So many markers of a page are looked at.
const MOST_MARKERS: usize = 300;

/// So many captions above a table move with it.
const MOST_LEAD: usize = 3;

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
    let mut tables: Vec<(usize, Extent, Grid)> = Vec::new();
    let mut take = |found: Vec<(Grid, Vec<usize>)>, free: &mut Vec<bool>| {
        for (grid, taken) in found {
            let Some(first) = taken.iter().min() else { continue };
            if taken.iter().all(|&i| free[i]) {
                tables.push((*first, Extent::of(glyphs, &taken), grid));
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

    tables.sort_by_key(|(first, ..)| *first);
    let extents: Vec<Extent> = tables.iter().map(|(_, extent, _)| *extent).collect();
    let mut tables = tables.into_iter().peekable();
    let mut items = Vec::new();
    let mut run = Vec::new();
    for (i, glyph) in glyphs.iter().enumerate() {
        if let Some((.., grid)) = tables.next_if(|(first, ..)| *first <= i) {
            push_lines(&mut items, page, std::mem::take(&mut run), structure);
            items.push(Item::Table(grid));
        }
        if free[i] {
            run.push(*glyph);
        }
    }
    push_lines(&mut items, page, run, structure);
    items.extend(tables.map(|(.., grid)| Item::Table(grid)));
    settle(&mut items, &extents);
    join_markers(page, &mut items);
    mark_boxes(&mut items, &frames);
    items
}

/// The part of a page that a table takes.
#[derive(Debug, Clone, Copy)]
struct Extent {
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
}

impl Extent {
    fn of(glyphs: &[Glyph], taken: &[usize]) -> Self {
        let empty = Self { left: f32::MAX, right: f32::MIN, top: f32::MAX, bottom: f32::MIN };
        taken.iter().map(|&i| glyphs[i]).filter(|glyph| glyph.ch != ' ').fold(
            empty,
            |all, glyph| {
                let (_, y) = glyph.centre();
                Self {
                    left: all.left.min(glyph.x0),
                    right: all.right.max(glyph.x1),
                    top: all.top.min(y),
                    bottom: all.bottom.max(y),
                }
            },
        )
    }

    /// Where a line stands: above, below, or neither, as beside it.
    fn side(&self, line: &Line) -> Ordering {
        let y = line.baseline - 0.38 * line.size;
        match line.x0 < self.right && self.left < line.x1 {
            true if y < self.top => Ordering::Less,
            true if y > self.bottom => Ordering::Greater,
            _ => Ordering::Equal,
        }
    }
}

/// How many of the lines drawn before a table are its caption and unit line.
fn lead(before: &[Item], extent: &Extent) -> usize {
    let is_lead = |item: &&Item| match item {
        Item::Line(line) => is_caption(&line.text()) && extent.side(line) == Ordering::Less,
        Item::Table(_) => false,
    };
    before.iter().rev().take(MOST_LEAD).take_while(is_lead).count()
}

/// Moves a table to where the fewest lines before it stand below it on the page, and the fewest
/// behind it above: some writers draw all tables of a page after its text. A table stays where
/// its first glyph stood unless another place is better.
fn settle(items: &mut [Item], extents: &[Extent]) {
    for (nth, extent) in extents.iter().enumerate() {
        let mut tables = (0..items.len()).filter(|&at| matches!(items[at], Item::Table(_)));
        let Some(at) = tables.nth(nth) else { return };
        let sides: Vec<Ordering> = items
            .iter()
            .map(|item| match item {
                Item::Line(line) => extent.side(line),
                Item::Table(_) => Ordering::Equal,
            })
            .collect();
        let above = sides.iter().filter(|side| **side == Ordering::Less).count();
        // How many lines stand on the wrong side if the table comes before the item at each place.
        let mut wrong = above as i64;
        let mut costs = vec![wrong];
        for side in &sides {
            wrong += *side as i64;
            costs.push(wrong);
        }
        let own = costs[at];
        let best = (0..costs.len()).min_by_key(|&to| (costs[to], to.abs_diff(at)));
        let Some(best) = best.filter(|&best| costs[best] < own) else { continue };
        // Another table keeps its rank among the tables, by which its extent is found.
        let (from, to) = (at.min(best), at.max(best));
        if items[from..to].iter().filter(|item| matches!(item, Item::Table(_))).count()
            > usize::from(at < best)
        {
            continue;
        }
        if best > at {
            let lead = lead(&items[..at], extent);
            items[at - lead..best].rotate_left(lead + 1);
        } else {
            items[best..=at].rotate_right(1);
        }
    }
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

fn push_lines(items: &mut Vec<Item>, page: u32, glyphs: Vec<Glyph>, structure: &Structure) {
    for mut line in lines(page, glyphs) {
        let visible = line.glyphs.iter().filter(|glyph| glyph.ch != ' ');
        line.tag = visible.filter_map(|glyph| structure.tag(page, glyph.mcid)).next();
        items.push(Item::Line(line));
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::tests::glyphs;
    use super::*;

    fn line(text: &str, baseline: f32) -> Item {
        Item::Line(Line::new(1, glyphs(text, 0.0, baseline)).expect("a line"))
    }

    fn settled(mut items: Vec<Item>) -> String {
        let extent = Extent { left: 0.0, right: 200.0, top: 300.0, bottom: 400.0 };
        settle(&mut items, &[extent]);
        let name = |item: &Item| match item {
            Item::Line(line) => line.text(),
            Item::Table(_) => "T".to_owned(),
        };
        items.iter().map(name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_table_stands_where_its_page_shows_it() {
        let table = || Item::Table(Grid::default());
        let drawn_last = vec![line("上", 100.0), line("下", 500.0), line("末", 520.0), table()];
        assert_eq!(settled(drawn_last), "上 T 下 末");
        let chart_last =
            vec![line("表1网络", 280.0), table(), line("图中", 100.0), line("字", 120.0)];
        assert_eq!(settled(chart_last), "图中 字 表1网络 T");
        let footer_first = vec![line("页脚", 700.0), line("上", 100.0), table(), line("下", 500.0)];
        assert_eq!(settled(footer_first), "页脚 上 T 下");
    }
}
