//! Puts together regions that a person sees as one table: an empty row between a table and its
//! last rows, empty columns between labels and what belongs to them.

use crate::table::is_figure;

use super::regions::{Region, Spot};

/// Joins regions that belong together. The regions are sorted and do not overlap.
pub(super) fn join(regions: Vec<Region>) -> Vec<Region> {
    let mut out: Vec<Region> = Vec::with_capacity(regions.len());
    for region in regions {
        // Only the last few regions can lie beside or right above this one.
        let near = out.len().saturating_sub(8);
        let found = (near..out.len()).rev().find(|&at| {
            let whole = out[at].area.around(&region.area);
            let free = (near..out.len()).all(|i| i == at || !out[i].area.overlaps(&whole));
            let joins = [goes_on, completes, answers].iter().any(|joins| joins(&out[at], &region));
            free && joins
        });
        match found {
            Some(at) => out[at].join(region),
            None => out.push(region),
        }
    }
    out
}

/// Whether the lower region is the rest of a table above one empty row: it has no more columns,
/// and begins with figures instead of a header.
fn goes_on(upper: &Region, lower: &Region) -> bool {
    let (up, low) = (upper.area, lower.area);
    if low.top != up.bottom + 2 || low.left < up.left || low.right > up.right {
        return false;
    }
    let first: Vec<&Spot> = row(lower, low.top).collect();
    let figures = first.iter().filter(|spot| is_figure(&spot.text)).count();
    let years = first.iter().filter(|spot| is_period(&spot.text)).count();
    up.rows() > 2 && up.columns() > 1 && first.len() > 1 && figures > years && years == 0
}

/// Whether the right region is the rest of the rows that begin in the left one, an empty column
/// between them: the left one is a single column as high, or the right one holds its figures.
fn completes(left: &Region, right: &Region) -> bool {
    let (a, b) = (left.area, right.area);
    let beside = b.left == a.right + 2 && b.top.abs_diff(a.top) <= 2 && b.bottom == a.bottom;
    if !beside || a.rows() < 2 || b.rows() < 2 {
        return false;
    }
    if a.columns() == 1 && a.top == b.top && a.rows() > 2 {
        return true;
    }
    let edge = |spot: &&Spot| spot.area.left == b.left && spot.area.top > b.top;
    let column: Vec<&Spot> = right.spots.iter().filter(edge).collect();
    let figures = column.iter().filter(|spot| is_figure(&spot.text)).count();
    let labels = left.spots.iter().filter(|spot| !is_figure(&spot.text)).count();
    figures * 2 > column.len() && labels * 2 > left.spots.len()
}

/// Whether the right region holds what belongs to the labels in the left one, as on a form: each
/// label ends with a colon, and its value stands in the same row, however far away.
fn answers(left: &Region, right: &Region) -> bool {
    let (a, b) = (left.area, right.area);
    a.columns() == 1
        && b.columns() == 1
        && (a.top, a.bottom) == (b.top, b.bottom)
        && left.spots.iter().all(|spot| spot.text.trim_end().ends_with([':', '：']))
}

/// The cells that begin in a row.
fn row(region: &Region, row: u32) -> impl Iterator<Item = &Spot> {
    let start = region.spots.partition_point(|spot| spot.area.top < row);
    region.spots[start..].iter().take_while(move |spot| spot.area.top == row)
}

/// Whether a text is a year, a month or a date, as stands over a column: `2023`, `2023-06`.
pub(super) fn is_period(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['年', '月', '日', 'E', 'A']);
    let mut parts = text.split(['-', '/', '.', '年', '月']);
    let year = parts.next().is_some_and(|part| {
        part.len() == 4 && part.parse::<u32>().is_ok_and(|year| (1900..2100).contains(&year))
    });
    let small = |part: &str| part.len() <= 2 && part.parse::<u32>().is_ok_and(|n| n <= 31);
    year && parts.all(small)
}
