//! Reads presentations of PowerPoint (PPTX, PPTM, PPSX; ISO/IEC 29500-1, part PresentationML).
//!
//! A slide is a page, in the order of the presentation, hidden ones as well (with a warning). The
//! title of the first slide is a heading of level 1, those of the others are of level 2; where no
//! shape is marked as the title, the one line that is set clearly larger than all others is.
//! A title that only repeats the one before is kept as furniture: the slide goes on with the last.
//! Bullets and numbers are found as PowerPoint finds them: paragraph, shape, layout, master.
//!
//! The title comes first, the other shapes as they stand on the slide (see [`order`]). Tables are
//! tables, charts tables of their values, SmartArt paragraphs, speaker notes notes behind their
//! slide. Each character's place is the box of its shape or cell; a note's is the whole slide.
//!
//! Kept as furniture: slide numbers, dates, footers, and what layouts and masters say themselves,
//! once each. Dropped: comments (a warning), hidden shapes, pictures, films, animation.

mod geometry;
mod inherit;
mod order;
mod shapes;
mod slide;
mod table;
mod text;
mod title;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::builder::{Builder, Given};
use crate::document::{Document, Format, Page, Warning};
use crate::error::ParseError;
use crate::ooxml::{Element, Office, Part, embedded, properties};

/// Slides beyond this one are not read.
const MOST_SLIDES: usize = 5000;
/// EMU (914,400 an inch) in a point.
pub(crate) const EMU_PER_POINT: f64 = 12_700.0;

/// What is known while the slides of a presentation are read.
pub(crate) struct Deck<'o, 'b> {
    pub(crate) builder: Builder,
    pub(crate) office: &'o mut Office<'b>,
    pub(crate) presentation: Rc<Part>,
    /// The size of the slides, in points.
    pub(crate) size: (f32, f32),
    /// Layouts and masters that were read, by their names.
    behind: BTreeMap<String, Option<Rc<Part>>>,
    /// The title of the slide before.
    pub(crate) title: String,
    /// Texts of layouts and masters that were said already.
    pub(crate) said: BTreeSet<String>,
}

/// Reads a presentation of PowerPoint.
///
/// # Errors
/// If it is no such presentation or has nothing to read.
pub(crate) fn parse(_name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    let mut office = Office::open("PowerPoint presentation", bytes)?;
    let presentation = office.main("ppt/presentation.xml")?;
    let properties = office.properties();
    let size = slide_size(&presentation);
    let mut deck = Deck {
        builder: Builder::default(),
        office: &mut office,
        presentation: Rc::new(presentation),
        size,
        behind: BTreeMap::new(),
        title: String::new(),
        said: BTreeSet::new(),
    };
    let slides = slide_ids(&deck.presentation);
    if slides.len() > MOST_SLIDES {
        deck.builder.warn(format!("only the first {MOST_SLIDES} slides were read"));
    }
    for (id, number) in slides.iter().take(MOST_SLIDES).zip(1..) {
        deck.builder.pages.push(Page { width: size.0, height: size.1, rotation: 0, images: 0 });
        let presentation = Rc::clone(&deck.presentation);
        match deck.office.follow(&presentation, id) {
            Some(part) => {
                deck.slide(&part, number);
                embedded::take(deck.office, &part, &mut deck.builder);
            }
            None => deck.warn(number, "the slide is missing from the file"),
        }
    }
    let mut builder = std::mem::take(&mut deck.builder);
    for warning in std::mem::take(&mut office.warnings) {
        builder.warn(warning);
    }
    let title = properties::title(properties.as_ref(), &builder.blocks);
    builder.finish(Format::Pptx, Given { title, ..Given::default() })
}

impl Deck<'_, '_> {
    /// Adds a warning about a slide.
    pub(crate) fn warn(&mut self, page: u32, message: impl Into<String>) {
        self.builder.warnings.push(Warning { page: Some(page), message: message.into() });
    }

    /// The layout or master that a part is based on; each is read once.
    pub(crate) fn behind(&mut self, part: &Part, kind: &str) -> Option<Rc<Part>> {
        let name = part.targets(kind).into_iter().next()?;
        if let Some(known) = self.behind.get(&name) {
            return known.clone();
        }
        let part = self.office.part(&name).map(Rc::new);
        self.behind.insert(name, part.clone());
        part
    }
}

/// The relationships of the slides, in the order of the presentation.
fn slide_ids(presentation: &Part) -> Vec<String> {
    let list = presentation.tree.root().and_then(|root| root.child("sldIdLst"));
    let ids = list.into_iter().flat_map(Element::children).filter_map(|each| each.prefixed("id"));
    ids.map(Into::into).collect()
}

/// The size of the slides in points; 10 by 7.5 inches if it is not said.
fn slide_size(presentation: &Part) -> (f32, f32) {
    let size = presentation.tree.root().and_then(|root| root.child("sldSz"));
    let side = |name: &str, usual: f32| {
        let emu = size.and_then(|size| size.number(name)).filter(|emu| *emu > 0);
        // PowerPoint's largest is 56 inches; the places of characters end at 6,553 points.
        emu.map_or(usual, |emu| (emu as f64 / EMU_PER_POINT).min(6500.0) as f32)
    };
    (side("cx", 720.0), side("cy", 540.0))
}
