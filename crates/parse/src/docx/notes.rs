//! Footnotes and endnotes: which number each shows, and where its content is.

use std::collections::BTreeMap;

use crate::ooxml::number::word;
use crate::ooxml::{Element, Part};

/// Which of the two kinds a note is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoteKind {
    Footnote,
    Endnote,
}

/// The notes of one kind.
#[derive(Debug, Default)]
struct Series<'t> {
    notes: BTreeMap<String, Element<'t>>,
    part: Option<&'t Part>,
    format: Option<String>,
    next: u32,
}

/// The notes of a document.
#[derive(Debug, Default)]
pub(crate) struct Notes<'t> {
    footnotes: Series<'t>,
    endnotes: Series<'t>,
}

impl<'t> Notes<'t> {
    /// The notes in their parts; `settings` and the sections of the document say how they count.
    pub(crate) fn read(
        footnotes: Option<&'t Part>,
        endnotes: Option<&'t Part>,
        settings: Option<&Part>,
        document: &Part,
    ) -> Self {
        let series = |part: Option<&'t Part>, name: &str| {
            let mut series = Series { part, next: 1, ..Series::default() };
            let root = part.and_then(|part| part.tree.root());
            for note in root.into_iter().flat_map(Element::children) {
                // Separator lines are notes of a type.
                let plain = note.attribute("type").is_none_or(|kind| kind == "normal");
                if let Some(id) = note.attribute("id").filter(|_| plain) {
                    series.notes.insert(id.into_owned(), note);
                }
            }
            let own =
                document.tree.root().and_then(|root| root.descendants().find(|e| e.name() == name));
            let usual =
                settings.and_then(|part| part.tree.root()).and_then(|root| root.child(name));
            for properties in [usual, own].into_iter().flatten() {
                if let Some(format) = properties.child("numFmt").and_then(Element::val) {
                    series.format = Some(format.into_owned());
                }
                let start = properties.child("numStart").and_then(|each| each.number("val"));
                if let Some(start) = start.and_then(|start| u32::try_from(start).ok()) {
                    series.next = start.min(1_000_000);
                }
            }
            series
        };
        Self { footnotes: series(footnotes, "footnotePr"), endnotes: series(endnotes, "endnotePr") }
    }

    /// The mark of the next note.
    pub(crate) fn next_mark(&mut self, kind: NoteKind) -> String {
        let (series, usual) = match kind {
            NoteKind::Footnote => (&mut self.footnotes, "decimal"),
            NoteKind::Endnote => (&mut self.endnotes, "lowerRoman"),
        };
        let mark = word(series.format.as_deref().unwrap_or(usual), series.next);
        series.next = series.next.saturating_add(1);
        mark
    }

    /// The content of a note and the part it stands in. Each is given once.
    pub(crate) fn take(&mut self, kind: NoteKind, id: &str) -> Option<(Element<'t>, &'t Part)> {
        let series = match kind {
            NoteKind::Footnote => &mut self.footnotes,
            NoteKind::Endnote => &mut self.endnotes,
        };
        Some((series.notes.remove(id)?, series.part?))
    }
}
