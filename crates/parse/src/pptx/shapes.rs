//! The shapes of a slide, a layout or a master, with their boxes and what they hold.

use super::geometry::{Frame, Rect};
use super::inherit::{Behind, Placeholder};
use super::text::{Paragraph, paragraphs};
use crate::ooxml::{Element, Ns};

/// Shapes beyond this many on a slide are left out.
pub(crate) const MOST_SHAPES: usize = 5000;

/// What a shape holds.
#[derive(Debug)]
pub(crate) enum Content<'t> {
    Text(Vec<Paragraph>),
    Table(Element<'t>),
    /// The relationship of a chart.
    Chart(String),
    /// The relationship of a diagram's data.
    Diagram(String),
    /// A chart of a kind that is not read.
    NewChart,
    Group(Vec<Shape<'t>>),
}

/// A shape that says something.
#[derive(Debug)]
pub(crate) struct Shape<'t> {
    pub(crate) rect: Rect,
    pub(crate) placeholder: Option<Placeholder>,
    pub(crate) content: Content<'t>,
}

/// The shapes of one tree.
#[derive(Debug)]
pub(crate) struct Shapes<'t, 'b> {
    behind: &'b Behind<'t>,
    /// Where a shape stands of which nothing says where.
    whole: Rect,
    left: usize,
    pub(crate) images: u32,
    /// The descriptions of pictures.
    pub(crate) described: Vec<String>,
}

impl<'t, 'b> Shapes<'t, 'b> {
    pub(crate) fn new(behind: &'b Behind<'t>, whole: Rect) -> Self {
        Self { behind, whole, left: MOST_SHAPES, images: 0, described: Vec::new() }
    }

    /// Whether there were more shapes than are read.
    pub(crate) fn cut(&self) -> bool {
        self.left == 0
    }

    /// The shapes of a tree of shapes that say something.
    pub(crate) fn read(&mut self, tree: Element<'t>, frame: Frame) -> Vec<Shape<'t>> {
        let mut out = Vec::new();
        for child in tree.children() {
            if self.left == 0 {
                break;
            }
            if !matches!(child.name(), "sp" | "grpSp" | "graphicFrame" | "pic") {
                continue;
            }
            self.left -= 1;
            let properties = child.children().find(|each| each.name().starts_with("nv"));
            let drawing = properties.and_then(|properties| properties.child("cNvPr"));
            if drawing.is_some_and(|drawing| drawing.flag("hidden")) {
                continue;
            }
            match child.name() {
                "sp" => out.extend(self.text(child, frame)),
                "grpSp" => out.extend(self.group(child, frame)),
                "graphicFrame" => out.extend(self.graphic(child, frame)),
                "pic" => {
                    self.images += 1;
                    let words = drawing.and_then(|drawing| drawing.attribute("descr"));
                    self.described.extend(words.map(|words| words.into_owned()));
                }
                _ => {}
            }
        }
        out
    }

    fn text(&mut self, shape: Element<'t>, frame: Frame) -> Option<Shape<'t>> {
        let placeholder = Placeholder::of(shape);
        let body = shape.child("txBody")?;
        let styles = self.behind.list_styles(shape, placeholder.as_ref());
        let paragraphs = paragraphs(body, &styles);
        let rect = self.rect(shape, &["spPr", "xfrm"], placeholder.as_ref(), frame);
        (!paragraphs.is_empty()).then_some(Shape {
            rect,
            placeholder,
            content: Content::Text(paragraphs),
        })
    }

    fn group(&mut self, group: Element<'t>, frame: Frame) -> Option<Shape<'t>> {
        let xfrm = group.path(&["grpSpPr", "xfrm"]);
        let inside = xfrm.map_or(frame, |xfrm| frame.inside(xfrm));
        let shapes = self.read(group, inside);
        let rect = shapes.iter().map(|shape| shape.rect).reduce(Rect::around)?;
        Some(Shape { rect, placeholder: None, content: Content::Group(shapes) })
    }

    fn graphic(&mut self, graphic: Element<'t>, frame: Frame) -> Option<Shape<'t>> {
        let placeholder = Placeholder::of(graphic);
        let rect = self.rect(graphic, &["xfrm"], placeholder.as_ref(), frame);
        let data = graphic.path(&["graphic", "graphicData"])?;
        let content = data.children().find_map(|child| match child.kind() {
            (Ns::Drawing, "tbl") => Some(Content::Table(child)),
            (Ns::Chart, "chart") => Some(Content::Chart(child.prefixed("id")?.into_owned())),
            (Ns::Diagram, "relIds") => Some(Content::Diagram(child.prefixed("dm")?.into_owned())),
            (_, "chart") => Some(Content::NewChart),
            (Ns::Presentation, "oleObj") => {
                self.images += 1;
                None
            }
            _ => None,
        })?;
        Some(Shape { rect, placeholder, content })
    }

    /// The box of a shape; a placeholder's may be its layout's or master's.
    fn rect(
        &self,
        shape: Element<'t>,
        path: &[&str],
        placeholder: Option<&Placeholder>,
        frame: Frame,
    ) -> Rect {
        let own = shape.path(path).and_then(|xfrm| frame.rect(xfrm));
        let inherited = || {
            let shapes = self.behind.shapes(placeholder?);
            let mut xfrms = shapes.into_iter().filter_map(|shape| shape.path(&["spPr", "xfrm"]));
            xfrms.find_map(|xfrm| Frame::SLIDE.rect(xfrm))
        };
        own.or_else(inherited).unwrap_or(self.whole)
    }
}
