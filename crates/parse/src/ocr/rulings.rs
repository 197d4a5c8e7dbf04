//! The lines of tables in a picture that was set straight.
//!
//! A pixel belongs to a ruling if it is darker than the pixels some way off on both sides of it:
//! so shading is none, nor its edge. Long runs of such pixels along a row or a column are pieces
//! of rulings; pieces that touch from one row to the next are one ruling.

use image::GrayImage;

/// How much darker a ruling is than what is on both sides.
const CONTRAST: i16 = 30;
/// Half of the thickest ruling, in parts of an inch.
const REACH: f32 = 0.022;
/// Gaps in a ruling up to this, in parts of an inch, are dust or the corner of a character.
const GAP: f32 = 0.02;
/// More pieces than this in one direction are a photograph.
const MOST_PIECES: usize = 20_000;

/// A straight dark line along one axis, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mark {
    pub(crate) horizontal: bool,
    pub(crate) at: f32,
    pub(crate) from: f32,
    pub(crate) to: f32,
}

/// A run of dark pixels in one row or column.
#[derive(Debug, Clone, Copy)]
struct Piece {
    row: u32,
    from: u32,
    to: u32,
}

/// The rulings of a picture; `em` is the usual size of its text, which is shorter than they are.
pub(crate) fn rulings(picture: &GrayImage, dpi: f32, em: f32) -> Vec<Mark> {
    let mut out = Vec::new();
    for horizontal in [true, false] {
        // Dashes are two characters long; strokes from top to bottom not even one.
        let shortest = em * if horizontal { 3.0 } else { 1.4 };
        let pieces = pieces(picture, horizontal, dpi, shortest);
        out.extend(joined(&pieces, dpi).into_iter().map(|(at, from, to)| Mark {
            horizontal,
            at,
            from,
            to,
        }));
    }
    out
}

fn pieces(picture: &GrayImage, horizontal: bool, dpi: f32, shortest: f32) -> Vec<Piece> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixels = picture.as_raw();
    let (across, along) = if horizontal { (height, width) } else { (width, height) };
    let (next, step) = if horizontal { (1, width) } else { (width, 1) };
    let reach = ((dpi * REACH) as usize).max(2);
    let gap = ((dpi * GAP) as usize).max(1);
    let mut out = Vec::new();
    for row in reach..across.saturating_sub(reach) {
        let mut open: Option<(usize, usize)> = None;
        for place in 0..along {
            let at = row * step + place * next;
            let beside = pixels[at - reach * step].min(pixels[at + reach * step]);
            if i16::from(beside) - i16::from(pixels[at]) < CONTRAST {
                continue;
            }
            open = match open {
                Some((from, to)) if place <= to + gap => Some((from, place + 1)),
                _ => {
                    push(&mut out, row, open, shortest);
                    Some((place, place + 1))
                }
            };
        }
        push(&mut out, row, open, shortest);
        if out.len() >= MOST_PIECES {
            return Vec::new();
        }
    }
    out
}

fn push(out: &mut Vec<Piece>, row: usize, run: Option<(usize, usize)>, shortest: f32) {
    if let Some((from, to)) = run
        && (to - from) as f32 >= shortest
    {
        out.push(Piece { row: row as u32, from: from as u32, to: to as u32 });
    }
}

/// Pieces joined over neighbouring rows: where it is, from, to.
fn joined(pieces: &[Piece], dpi: f32) -> Vec<(f32, f32, f32)> {
    struct Open {
        last: u32,
        rows: f32,
        weight: f32,
        first: u32,
        from: u32,
        to: u32,
    }
    let mut open: Vec<Open> = Vec::new();
    let mut done: Vec<Open> = Vec::new();
    for piece in pieces {
        let (near, far): (Vec<Open>, Vec<Open>) =
            open.into_iter().partition(|ruling| piece.row <= ruling.last + 2);
        open = near;
        done.extend(far);
        let length = (piece.to - piece.from) as f32;
        let touching =
            open.iter_mut().find(|ruling| piece.from <= ruling.to && ruling.from <= piece.to);
        match touching {
            Some(ruling) => {
                ruling.last = piece.row;
                ruling.rows += (piece.row as f32 + 0.5) * length;
                ruling.weight += length;
                ruling.from = ruling.from.min(piece.from);
                ruling.to = ruling.to.max(piece.to);
            }
            None => open.push(Open {
                last: piece.row,
                rows: (piece.row as f32 + 0.5) * length,
                weight: length,
                first: piece.row,
                from: piece.from,
                to: piece.to,
            }),
        }
    }
    done.extend(open);
    let mut out: Vec<(f32, f32, f32)> = done
        .into_iter()
        .filter(|ruling| {
            // Thicker than a ruling, or hardly longer than thick: part of a picture.
            let thick = (ruling.last - ruling.first + 1) as f32;
            thick <= dpi * 0.06 && (ruling.to - ruling.from) as f32 >= 4.0 * thick
        })
        .map(|ruling| (ruling.rows / ruling.weight, ruling.from as f32, ruling.to as f32))
        .collect();
    out.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// White with dark boxes: x, y, width, height, value.
    fn picture(boxes: &[[u32; 5]]) -> GrayImage {
        GrayImage::from_fn(400, 300, |x, y| {
            let inside = |b: &&[u32; 5]| {
                (b[0]..b[0] + b[2]).contains(&x) && (b[1]..b[1] + b[3]).contains(&y)
            };
            image::Luma([boxes.iter().rev().find(inside).map_or(255, |b| b[4] as u8)])
        })
    }

    #[test]
    fn thin_long_lines_are_rulings() {
        let found = rulings(
            &picture(&[[50, 100, 300, 2, 0], [50, 100, 2, 120, 90], [60, 40, 30, 2, 0]]),
            200.0,
            28.0,
        );
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].horizontal && (found[0].at - 101.0).abs() < 0.1);
        assert!((found[0].from - 50.0).abs() < 6.0 && (found[0].to - 350.0).abs() < 1.0);
        assert!(!found[1].horizontal && (found[1].at - 51.0).abs() < 0.1);
    }

    #[test]
    fn shading_and_bars_are_none() {
        let found =
            rulings(&picture(&[[50, 50, 300, 40, 200], [50, 150, 300, 30, 0]]), 200.0, 28.0);
        assert_eq!(found, []);
    }

    #[test]
    fn a_slightly_slanted_line_is_one_ruling() {
        let slanted = GrayImage::from_fn(400, 300, |x, y| {
            let dark = (100 + x / 200..102 + x / 200).contains(&y);
            image::Luma([if dark { 0 } else { 255 }])
        });
        let found = rulings(&slanted, 200.0, 28.0);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].to - found[0].from > 390.0);
    }
}
