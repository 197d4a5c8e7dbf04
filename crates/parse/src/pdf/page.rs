//! One page's content to items in reading order: lines, and tables where their first glyph stood.

use super::glyphs::Content;
use super::grid::{self, Frame, Grid};
use super::lines::{Line, lines};
use super::tags::Structure;
use super::{open, tagged};

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
    mark_boxes(&mut items, &frames);
    items
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
