//! Finds the regions of a sheet: rectangles of filled cells with empty rows or columns between.
//!
//! Cells that touch, at a corner too, belong together; a merged area is filled all over. The work
//! grows with the filled cells, not with the size that the sheet claims.

use std::collections::{BTreeMap, BTreeSet};

use super::sheet::{Area, Sheet, SheetCell};

/// Merged areas may cover this many rows more than they have cells, together; the next ones hide
/// what is under them, but end in their first row.
const MOST_EXTRA_ROWS: u32 = 500_000;
/// A sheet with more regions than this is parted at its empty rows alone.
const MOST_REGIONS: usize = 1000;

/// A filled cell with the area it covers.
#[derive(Debug)]
pub(super) struct Spot {
    pub(super) area: Area,
    pub(super) text: Box<str>,
}

/// A rectangle of cells that belong together.
#[derive(Debug)]
pub(super) struct Region {
    pub(super) area: Area,
    /// By row, then by column.
    pub(super) spots: Vec<Spot>,
}

impl Region {
    pub(super) fn join(&mut self, mut other: Self) {
        self.area = self.area.around(&other.area);
        self.spots.append(&mut other.spots);
        self.spots.sort_by_key(|spot| (spot.area.top, spot.area.left));
    }
}

/// The regions from top to bottom, and how many cells were left out because a merged area covers
/// them.
pub(super) fn regions(sheet: &mut Sheet) -> (Vec<Region>, usize) {
    let cells = sorted(std::mem::take(&mut sheet.cells));
    let (spots, covered) = spots(cells, std::mem::take(&mut sheet.merged));
    let runs = runs(&spots);
    let mut areas = if sheet.banded { Vec::new() } else { components(&runs) };
    if sheet.banded || areas.len() > MOST_REGIONS {
        areas = bands(&runs);
    } else {
        disjoin(&mut areas);
    }
    areas.sort_unstable();
    (share(spots, &areas), covered)
}

/// The cells by row and column; of two at one place the later one counts.
fn sorted(mut cells: Vec<SheetCell>) -> Vec<SheetCell> {
    cells.reverse();
    cells.sort_by_key(|cell| (cell.row, cell.column));
    cells.dedup_by_key(|cell| (cell.row, cell.column));
    cells
}

/// Gives each cell the area it covers. Merged areas that overlap an earlier one, or whose first
/// cell is empty, are left out.
fn spots(cells: Vec<SheetCell>, merged: Vec<Area>) -> (Vec<Spot>, usize) {
    let last_row = cells.last().map_or(0, |cell| cell.row);
    let last_column = cells.iter().map(|cell| cell.column).max().unwrap_or(0);
    let mut by_first: BTreeMap<(u32, u32), Area> = BTreeMap::new();
    for area in merged {
        if area.top <= area.bottom && area.left <= area.right {
            by_first.entry((area.top, area.left)).or_insert(area);
        }
    }
    let mut open: BTreeMap<u32, Area> = BTreeMap::new();
    let mut ends: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut extra = MOST_EXTRA_ROWS;
    let mut covered = 0;
    let mut out = Vec::with_capacity(cells.len());
    for cell in cells {
        while let Some(&(bottom, left)) = ends.first().filter(|(bottom, _)| *bottom < cell.row) {
            ends.remove(&(bottom, left));
            open.remove(&left);
        }
        let over = open.range(..=cell.column).next_back();
        if over.is_some_and(|(_, area)| area.right >= cell.column) {
            covered += 1;
            continue;
        }
        let mut area = Area::cell(cell.row, cell.column);
        if let Some(whole) = by_first.get(&(cell.row, cell.column)) {
            let whole = Area {
                bottom: whole.bottom.min(last_row.max(cell.row)),
                right: whole.right.min(last_column.max(cell.column)),
                ..*whole
            };
            let free =
                open.range(..=whole.right).next_back().is_none_or(|(_, a)| a.right < whole.left);
            if free {
                open.insert(whole.left, whole);
                ends.insert((whole.bottom, whole.left));
                let rows = (whole.bottom - whole.top).min(extra);
                extra -= rows;
                area = Area { bottom: whole.top + rows, ..whole };
            }
        }
        out.push(Spot { area, text: cell.text });
    }
    (out, covered)
}

/// Filled cells side by side in one row.
#[derive(Debug, Clone, Copy)]
struct Run {
    row: u32,
    left: u32,
    right: u32,
}

fn runs(spots: &[Spot]) -> Vec<Run> {
    let mut pieces: Vec<Run> = Vec::new();
    for spot in spots {
        let Area { top, left, bottom, right } = spot.area;
        for row in top..=bottom {
            match pieces.last_mut() {
                Some(last) if last.row == row && last.right + 1 == left => last.right = right,
                _ => pieces.push(Run { row, left, right }),
            }
        }
    }
    pieces.sort_unstable_by_key(|run| (run.row, run.left));
    let mut out: Vec<Run> = Vec::with_capacity(pieces.len());
    for run in pieces {
        match out.last_mut() {
            Some(last) if last.row == run.row && run.left <= last.right + 1 => {
                last.right = last.right.max(run.right);
            }
            _ => out.push(run),
        }
    }
    out
}

/// The rectangles around runs that touch.
fn components(runs: &[Run]) -> Vec<Area> {
    let mut parents: Vec<u32> = (0..runs.len() as u32).collect();
    // Where the runs of the row above begin, and of this one.
    let (mut above, mut own) = (0, 0);
    for at in 0..runs.len() {
        if at > 0 && runs[at].row != runs[at - 1].row {
            above = if runs[at].row == runs[at - 1].row + 1 { own } else { at };
            own = at;
        }
        while above < own && runs[above].right + 1 < runs[at].left {
            above += 1;
        }
        let mut next = above;
        while next < own && runs[next].left <= runs[at].right + 1 {
            unite(&mut parents, next as u32, at as u32);
            next += 1;
        }
    }
    let mut out: BTreeMap<u32, Area> = BTreeMap::new();
    for (at, run) in runs.iter().enumerate() {
        let area = Area { top: run.row, left: run.left, bottom: run.row, right: run.right };
        let root = root(&mut parents, at as u32);
        out.entry(root).and_modify(|all| *all = all.around(&area)).or_insert(area);
    }
    out.into_values().collect()
}

fn root(parents: &mut [u32], mut at: u32) -> u32 {
    while parents[at as usize] != at {
        let up = parents[parents[at as usize] as usize];
        parents[at as usize] = up;
        at = up;
    }
    at
}

fn unite(parents: &mut [u32], first: u32, second: u32) {
    let (first, second) = (root(parents, first), root(parents, second));
    parents[first.max(second) as usize] = first.min(second);
}

/// Joins rectangles until none overlap.
fn disjoin(areas: &mut Vec<Area>) {
    let mut at = 0;
    while at < areas.len() {
        let own = areas[at];
        match (0..areas.len()).find(|&other| other != at && areas[other].overlaps(&own)) {
            Some(other) => {
                areas[at] = own.around(&areas[other]);
                areas.swap_remove(other);
                // The last one took the place of the other.
                at = at.min(areas.len() - 1).min(other);
            }
            None => at += 1,
        }
    }
}

/// One rectangle for each stretch of rows without an empty one.
fn bands(runs: &[Run]) -> Vec<Area> {
    let mut out: Vec<Area> = Vec::new();
    for run in runs {
        let area = Area { top: run.row, left: run.left, bottom: run.row, right: run.right };
        match out.last_mut() {
            Some(last) if run.row <= last.bottom + 1 => *last = last.around(&area),
            _ => out.push(area),
        }
    }
    out
}

/// Gives each region its cells. The areas are sorted and do not overlap.
fn share(spots: Vec<Spot>, areas: &[Area]) -> Vec<Region> {
    let mut out: Vec<Region> =
        areas.iter().map(|&area| Region { area, spots: Vec::new() }).collect();
    // By their left edge, the regions that the current row crosses.
    let mut open: BTreeMap<u32, usize> = BTreeMap::new();
    let mut next = 0;
    for spot in spots {
        while next < areas.len() && areas[next].top <= spot.area.top {
            // One that ended above and overlaps in columns makes way.
            open.retain(|_, at| areas[*at].bottom >= areas[next].top);
            open.insert(areas[next].left, next);
            next += 1;
        }
        let within = open.range(..=spot.area.left).rev();
        let found =
            within.map(|(_, at)| *at).find(|&at| areas[at].contains(spot.area.top, spot.area.left));
        if let Some(at) = found {
            out[at].spots.push(spot);
        }
    }
    out.retain(|region| !region.spots.is_empty());
    out
}
