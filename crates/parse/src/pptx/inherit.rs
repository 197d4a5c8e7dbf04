//! What a placeholder takes over from the layout and the master: its box and its list styles
//! (ISO/IEC 29500-1, 19.3.1.36 and 21.1.2.4).

use crate::ooxml::{Element, Ns, Part};

/// A layout's placeholders beyond this one, and elements beyond that one, are not looked at.
const MOST_PLACEHOLDERS: usize = 100;
const MOST_ELEMENTS: usize = 50_000;

/// What kind of placeholder a shape fills, and which of the layout's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placeholder {
    /// `title`, `body`, `sldNum`; `obj` where none is given.
    pub(crate) kind: String,
    index: Option<i64>,
}

impl Placeholder {
    /// The placeholder that a shape fills.
    pub(crate) fn of(shape: Element<'_>) -> Option<Self> {
        let properties = shape.children().find(|child| child.name().starts_with("nv"))?;
        let ph = properties.path(&["nvPr", "ph"])?;
        let kind = ph.attribute("type").map_or_else(|| "obj".to_owned(), Into::into);
        Some(Self { kind, index: ph.number("idx") })
    }

    pub(crate) fn is_title(&self) -> bool {
        matches!(self.kind.as_str(), "title" | "ctrTitle")
    }

    /// The kind of which a master has one.
    fn family(&self) -> &str {
        match self.kind.as_str() {
            "title" | "ctrTitle" => "title",
            kind @ ("dt" | "ftr" | "sldNum" | "hdr") => kind,
            _ => "body",
        }
    }
}

/// The placeholders of a part.
fn placeholders(part: Option<&Part>) -> Vec<(Placeholder, Element<'_>)> {
    let root = part.and_then(|part| part.tree.root());
    let shapes = root.into_iter().flat_map(Element::descendants).take(MOST_ELEMENTS);
    let shapes = shapes.filter(|each| each.is(Ns::Presentation, "sp"));
    shapes
        .filter_map(|shape| Some((Placeholder::of(shape)?, shape)))
        .take(MOST_PLACEHOLDERS)
        .collect()
}

/// What stands behind a slide.
#[derive(Debug)]
pub(crate) struct Behind<'t> {
    layout: Vec<(Placeholder, Element<'t>)>,
    master: Vec<(Placeholder, Element<'t>)>,
    /// The master's styles of text.
    styles: Option<Element<'t>>,
    /// The presentation's style of text outside of placeholders.
    usual: Option<Element<'t>>,
}

impl<'t> Behind<'t> {
    pub(crate) fn new(
        layout: Option<&'t Part>,
        master: Option<&'t Part>,
        presentation: &'t Part,
    ) -> Self {
        Self {
            layout: placeholders(layout),
            master: placeholders(master),
            styles: master.and_then(|part| part.tree.root()?.child("txStyles")),
            usual: presentation.tree.root().and_then(|root| root.child("defaultTextStyle")),
        }
    }

    /// The shapes that a placeholder takes over from: the layout's, then the master's.
    pub(crate) fn shapes(&self, placeholder: &Placeholder) -> Vec<Element<'t>> {
        let family = placeholder.family();
        let indexed = self.layout.iter().find(|(each, _)| {
            placeholder.index.is_some()
                && each.index == placeholder.index
                && each.family() == family
        });
        let same = || self.layout.iter().find(|(each, _)| each.kind == placeholder.kind);
        let alike = || self.layout.iter().find(|(each, _)| each.family() == family);
        let layout = indexed.or_else(same).or_else(alike);
        let master = self.master.iter().find(|(each, _)| each.family() == family);
        [layout, master].into_iter().flatten().map(|(_, shape)| *shape).collect()
    }

    /// The styles of lists that hold for a shape's text, the nearest first.
    pub(crate) fn list_styles(
        &self,
        shape: Element<'t>,
        placeholder: Option<&Placeholder>,
    ) -> Vec<Element<'t>> {
        let own = shape.path(&["txBody", "lstStyle"]);
        let mut styles: Vec<Element<'t>> = own.into_iter().collect();
        let Some(placeholder) = placeholder else {
            styles.extend(self.usual);
            return styles;
        };
        let shapes = self.shapes(placeholder);
        styles.extend(shapes.iter().filter_map(|shape| shape.path(&["txBody", "lstStyle"])));
        let name = match placeholder.family() {
            "title" => "titleStyle",
            "body" => "bodyStyle",
            _ => "otherStyle",
        };
        styles.extend(self.styles.and_then(|styles| styles.child(name)));
        styles
    }
}
