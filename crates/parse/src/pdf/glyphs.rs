//! A page's content stream to glyphs, rulings and images: our own [`Device`].
//!
//! Glyphs stay in **content order**, which is reading order far more often than any order made
//! from coordinates. Text that a producer draws twice for a bold look (each glyph again within a
//! tenth of its size) is kept once, and marked bold.
//!
//! Coordinates are points from the top left of the displayed page. A font's ascent is not known
//! here: a glyph's box reaches from 0.88 of its size above the baseline to 0.12 below.

use std::collections::HashMap;

use hayro_interpret::font::{Glyph as FontGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro_syntax::object::Dict;
use kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};
use unicode_normalization::UnicodeNormalization;

/// Fills at most this thick (points) are rulings; thicker ones are shading.
const THICKEST_RULING: f64 = 2.5;
/// Rulings shorter than this (points) are ornaments or parts of pictures.
const SHORTEST_RULING: f64 = 3.0;
/// More glyphs than this on a page are cut off.
pub(crate) const MOST_GLYPHS: usize = 200_000;
/// More images than this on a page are not counted.
const MOST_IMAGES: usize = 100_000;
/// More paths than this on a page make a drawing, not a table.
const MOST_RULINGS: usize = 20_000;

/// One character on a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) ch: char,
    pub(crate) x0: f32,
    pub(crate) x1: f32,
    /// The baseline's distance from the top of the page.
    pub(crate) baseline: f32,
    /// The font size as displayed.
    pub(crate) size: f32,
    pub(crate) bold: bool,
    /// Drawn along the page's horizontal, left to right.
    pub(crate) upright: bool,
    /// The marked-content id, if the file is tagged.
    pub(crate) mcid: Option<i32>,
    /// Marked as an artifact (header, footer, background).
    pub(crate) artifact: bool,
}

impl Glyph {
    pub(crate) fn centre(&self) -> (f32, f32) {
        ((self.x0 + self.x1) / 2.0, self.baseline - 0.38 * self.size)
    }
}

/// A straight line along one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ruling {
    pub(crate) horizontal: bool,
    /// Its y if horizontal, its x if vertical.
    pub(crate) at: f32,
    /// Where it begins along the other axis.
    pub(crate) from: f32,
    /// Where it ends.
    pub(crate) to: f32,
}

/// What a page's content stream draws.
#[derive(Debug, Default)]
pub(crate) struct Content {
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) rulings: Vec<Ruling>,
    /// The images' boxes: x0, y0, x1, y1.
    pub(crate) images: Vec<[f32; 4]>,
    /// More was drawn than is read.
    pub(crate) cut: bool,
    /// Glyphs whose font gives no Unicode value.
    pub(crate) unmapped: usize,
}

/// Collects the [`Content`] of one page.
#[derive(Default)]
pub(crate) struct Collector {
    content: Content,
    marked: Vec<Marked>,
    /// Where each character was drawn already, to find text drawn twice.
    drawn: HashMap<char, Vec<u32>>,
}

#[derive(Clone, Copy, Default)]
struct Marked {
    mcid: Option<i32>,
    artifact: bool,
}

impl Collector {
    pub(crate) fn finish(self) -> Content {
        self.content
    }

    fn push_glyph(&mut self, glyph: Glyph) {
        if self.content.glyphs.len() >= MOST_GLYPHS {
            self.content.cut = true;
            return;
        }
        if self.is_repeat(&glyph) {
            return;
        }
        let seen = self.drawn.entry(glyph.ch).or_default();
        seen.push(self.content.glyphs.len() as u32);
        self.content.glyphs.push(glyph);
    }

    /// Whether the same character stands there already; it becomes bold if it was drawn again.
    fn is_repeat(&mut self, glyph: &Glyph) -> bool {
        if glyph.ch == ' ' {
            return false;
        }
        let Some(seen) = self.drawn.get(&glyph.ch) else { return false };
        let near = 0.1 * glyph.size;
        for &index in seen.iter().rev().take(400) {
            let Some(old) = self.content.glyphs.get_mut(index as usize) else { continue };
            if (old.x0 - glyph.x0).abs() <= near
                && (old.baseline - glyph.baseline).abs() <= near
                && (old.size - glyph.size).abs() <= near
            {
                old.bold = true;
                return true;
            }
        }
        false
    }

    fn push_run(&mut self, run: &GlyphRun<'_, '_>, transform: Affine, stroked: bool) {
        let marked = self.marked.last().copied().unwrap_or_default();
        let bold = stroked || run.glyphs().first().is_some_and(|glyph| is_bold_font(glyph));
        for glyph in run.glyphs() {
            let placed = transform * glyph.transform();
            let [a, b, c, d, _, _] = placed.as_coeffs();
            let size = (c.hypot(d) * 1000.0) as f32;
            let advance = match &**glyph {
                FontGlyph::Outline(glyph) => glyph.advance_width(),
                FontGlyph::Type3(glyph) => glyph.advance_width(),
            };
            let origin = placed * Point::ORIGIN;
            let end = placed * Point::new(f64::from(advance.unwrap_or(1000.0)), 0.0);
            let text = match glyph.as_unicode() {
                Some(BfString::Char(ch)) => compatible(ch.encode_utf8(&mut [0; 4])),
                Some(BfString::String(text)) => compatible(&text),
                None => {
                    self.content.unmapped += 1;
                    continue;
                }
            };
            if !(size.is_finite() && origin.is_finite() && end.is_finite()) {
                continue;
            }
            let template = Glyph {
                ch: ' ',
                x0: origin.x.min(end.x) as f32,
                x1: origin.x.max(end.x) as f32,
                baseline: origin.y as f32,
                size,
                bold,
                upright: a > 0.0 && b.abs() < 0.02 * a,
                mcid: marked.mcid,
                artifact: marked.artifact,
            };
            self.push_text(&text, template);
        }
    }

    /// A glyph may stand for several characters (ligatures): they share its width.
    fn push_text(&mut self, text: &str, template: Glyph) {
        let count = text.chars().count().max(1) as f32;
        let width = (template.x1 - template.x0) / count;
        for (i, ch) in text.chars().enumerate() {
            let x0 = template.x0 + width * i as f32;
            self.push_glyph(Glyph { ch, x0, x1: x0 + width, ..template });
        }
    }

    fn push_segment(&mut self, from: Point, to: Point) {
        let (dx, dy) = ((to.x - from.x).abs(), (to.y - from.y).abs());
        let horizontal = dx >= dy;
        if dx.max(dy) < SHORTEST_RULING || dx.min(dy) > 0.5 {
            return;
        }
        self.push_ruling(horizontal, Rect::from_points(from, to));
    }

    fn push_thin_fill(&mut self, rect: Rect) {
        let (width, height) = (rect.width(), rect.height());
        if width.min(height) > THICKEST_RULING || width.max(height) < SHORTEST_RULING {
            return;
        }
        self.push_ruling(width >= height, rect);
    }

    fn push_ruling(&mut self, horizontal: bool, rect: Rect) {
        if self.content.rulings.len() >= MOST_RULINGS || !rect.is_finite() {
            return;
        }
        let centre = rect.center();
        let ruling = if horizontal {
            Ruling { horizontal, at: centre.y as f32, from: rect.x0 as f32, to: rect.x1 as f32 }
        } else {
            Ruling { horizontal, at: centre.x as f32, from: rect.y0 as f32, to: rect.y1 as f32 }
        };
        self.content.rulings.push(ruling);
    }

    fn push_stroke(&mut self, path: &BezPath) {
        let mut start = Point::ORIGIN;
        let mut last = Point::ORIGIN;
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(to) => (start, last) = (to, to),
                PathEl::LineTo(to) => {
                    self.push_segment(last, to);
                    last = to;
                }
                PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => last = to,
                PathEl::ClosePath => {
                    self.push_segment(last, start);
                    last = start;
                }
            }
        }
    }

    /// Each subpath of a fill on its own: producers put many thin boxes into one path.
    fn push_fill(&mut self, path: &BezPath) {
        let mut bounds: Option<Rect> = None;
        for element in path.elements() {
            if let PathEl::MoveTo(to) = *element {
                if let Some(done) = bounds.replace(Rect::from_points(to, to)) {
                    self.push_thin_fill(done);
                }
            } else if let (Some(end), Some(bounds)) = (element.end_point(), bounds.as_mut()) {
                *bounds = bounds.union_pt(end);
            }
        }
        if let Some(done) = bounds {
            self.push_thin_fill(done);
        }
    }
}

/// Whether the font's own data says that it is bold.
fn is_bold_font(glyph: &FontGlyph<'_>) -> bool {
    let FontGlyph::Outline(outline) = glyph else { return false };
    let Some(data) = outline.font_data() else { return false };
    let named = data.postscript_name.as_deref().is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        ["bold", "heavy", "black", "simhei", "heiti"].iter().any(|word| name.contains(word))
    });
    named || data.weight.is_some_and(|weight| weight >= 600)
}

/// The characters of a glyph without controls; code points that only stand for the look of
/// another (Kangxi radicals, compatibility ideographs, ligatures) become that other.
fn compatible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' | '\u{FB00}'..='\u{FB06}' => {
                out.extend(std::iter::once(ch).nfkc());
            }
            '\u{A0}' | '\t' | '\n' | '\r' => out.push(' '),
            '\u{AD}' | '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            ch if ch.is_control() => {}
            ch => out.push(ch),
        }
    }
    out
}

impl<'a> Device<'a> for Collector {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        if path.elements().len() > MOST_RULINGS {
            return;
        }
        let path = props.transform * path;
        match mode {
            DrawMode::Fill(_) => self.push_fill(&path),
            DrawMode::Stroke(_) => self.push_stroke(&path),
            DrawMode::FillAndStroke(..) => self.push_stroke(&path),
            DrawMode::Invisible => {}
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let stroked = matches!(mode, DrawMode::FillAndStroke(..));
        self.push_run(run, props.transform, stroked);
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let unit = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let bounds = (props.transform * unit.to_path(0.1)).bounding_box();
        if bounds.is_finite() && self.content.images.len() < MOST_IMAGES {
            let edges = [bounds.x0, bounds.y0, bounds.x1, bounds.y1];
            self.content.images.push(edges.map(|edge| edge as f32));
        }
    }

    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        let outer = self.marked.last().copied().unwrap_or_default();
        let mcid = properties.and_then(|properties| properties.get::<i32>(b"MCID".as_slice()));
        self.marked.push(Marked {
            mcid: mcid.or(outer.mcid),
            artifact: outer.artifact || tag == b"Artifact",
        });
    }

    fn end_marked_content(&mut self) {
        self.marked.pop();
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
