//! Where shapes stand on a slide: the boxes of shapes, through the groups they are in.

use super::EMU_PER_POINT;
use crate::document::{Block, CharPlace};
use crate::ooxml::Element;

/// A rectangle on a slide, in points from its top left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x0: f32,
    pub(crate) y0: f32,
    pub(crate) x1: f32,
    pub(crate) y1: f32,
}

impl Rect {
    /// The smallest rectangle around both.
    pub(crate) fn around(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// Gives every character of a stretch of a block's text this place.
    pub(crate) fn place(self, block: &mut Block, page: u32, range: std::ops::Range<usize>) {
        let place = CharPlace { page, x0: self.x0, x1: self.x1, top: self.y0, bottom: self.y1 };
        let Some(text) = block.text.get(range.clone()) else { return };
        for (at, ch) in text.char_indices() {
            block.places.push(range.start + at, ch.len_utf8(), place);
        }
    }
}

/// The way from the coordinates inside a group to those of the slide, both in EMU.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    scale: (f64, f64),
    shift: (f64, f64),
}

impl Frame {
    /// The slide itself.
    pub(crate) const SLIDE: Self = Self { scale: (1.0, 1.0), shift: (0.0, 0.0) };

    /// The frame inside a group of this frame, from the group's `a:xfrm`.
    pub(crate) fn inside(self, xfrm: Element<'_>) -> Self {
        let pair = |name: &str, a: &str, b: &str| {
            let child = xfrm.child(name)?;
            Some((child.number(a)? as f64, child.number(b)? as f64))
        };
        let (Some(off), Some(ext), Some(inner_off), Some(inner_ext)) = (
            pair("off", "x", "y"),
            pair("ext", "cx", "cy"),
            pair("chOff", "x", "y"),
            pair("chExt", "cx", "cy"),
        ) else {
            return self;
        };
        let ratio = |outer: f64, inner: f64| if inner > 0.0 { outer / inner } else { 1.0 };
        let scale = (ratio(ext.0, inner_ext.0), ratio(ext.1, inner_ext.1));
        let shift = (off.0 - inner_off.0 * scale.0, off.1 - inner_off.1 * scale.1);
        Self {
            scale: (self.scale.0 * scale.0, self.scale.1 * scale.1),
            shift: (self.scale.0 * shift.0 + self.shift.0, self.scale.1 * shift.1 + self.shift.1),
        }
    }

    /// The box of a shape from its `xfrm`. A shape that is turned on its side takes the box in
    /// which it is seen.
    pub(crate) fn rect(self, xfrm: Element<'_>) -> Option<Rect> {
        let (off, ext) = (xfrm.child("off")?, xfrm.child("ext")?);
        let (x, y) = (off.number("x")? as f64, off.number("y")? as f64);
        let (width, height) = (ext.number("cx")? as f64, ext.number("cy")? as f64);
        let (middle_x, middle_y) = (x + width / 2.0, y + height / 2.0);
        let turn = xfrm.number("rot").unwrap_or(0).rem_euclid(10_800_000);
        let sideways = (2_700_000..8_100_000).contains(&turn);
        let (width, height) = if sideways { (height, width) } else { (width, height) };
        let points = |at: f64, scale: f64, shift: f64| {
            ((at * scale + shift) / EMU_PER_POINT).clamp(-1e6, 1e6) as f32
        };
        let across = |at| points(at, self.scale.0, self.shift.0);
        let down = |at| points(at, self.scale.1, self.shift.1);
        Some(Rect {
            x0: across(middle_x - width / 2.0),
            y0: down(middle_y - height / 2.0),
            x1: across(middle_x + width / 2.0),
            y1: down(middle_y + height / 2.0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ooxml::Tree;

    #[test]
    fn boxes_through_groups_and_turns() {
        let xfrm = |more: &str, x: i64, y: i64, cx: i64, cy: i64, inner: &str| {
            let p = 12_700;
            format!(
                "<a:xfrm xmlns:a='a' {more}><a:off x='{}' y='{}'/><a:ext cx='{}' cy='{}'/>{inner}</a:xfrm>",
                x * p,
                y * p,
                cx * p,
                cy * p
            )
        };
        let group = xfrm(
            "",
            100,
            200,
            50,
            50,
            "<a:chOff x='0' y='0'/><a:chExt cx='1270000' cy='1270000'/>",
        );
        let group = Tree::parse(group.as_bytes()).unwrap();
        let inside = Frame::SLIDE.inside(group.root().unwrap());
        let cases = [
            (Frame::SLIDE, xfrm("", 10, 20, 30, 40, ""), [10.0, 20.0, 40.0, 60.0]),
            (inside, xfrm("", 20, 20, 40, 40, ""), [110.0, 210.0, 130.0, 230.0]),
            (Frame::SLIDE, xfrm("rot='5400000'", 0, 0, 100, 20, ""), [40.0, -40.0, 60.0, 60.0]),
            (Frame::SLIDE, xfrm("rot='10800000'", 0, 0, 100, 20, ""), [0.0, 0.0, 100.0, 20.0]),
        ];
        for (frame, xml, [x0, y0, x1, y1]) in cases {
            let tree = Tree::parse(xml.as_bytes()).unwrap();
            let rect = frame.rect(tree.root().unwrap()).unwrap();
            assert_eq!(rect, Rect { x0, y0, x1, y1 }, "{xml}");
        }
    }
}
