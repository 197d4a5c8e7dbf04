//! What a document draws or takes from other parts: charts, diagrams, imported text.

use super::body::Reader;
use crate::detect::{Detected, detect};
use crate::document::{BlockKind, Member};
use crate::ooxml::{chart as charts, diagram as diagrams};

/// A chart as a table of its values, its title above.
pub(crate) fn chart(reader: &mut Reader<'_, '_>, id: &str) {
    let Some(part) = reader.office.follow(reader.part, id) else { return };
    let Some(chart) = charts::chart(&part.tree) else { return };
    if let Some(title) = &chart.title {
        reader.builder.push(BlockKind::Caption, title);
    }
    if chart.cut {
        reader.builder.warn("values of a large chart were left out");
    }
    reader.builder.table(chart.table);
}

/// The points of a diagram as paragraphs.
pub(crate) fn diagram(reader: &mut Reader<'_, '_>, id: &str) {
    let Some(part) = reader.office.follow(reader.part, id) else { return };
    for (_, text) in diagrams::points(&part.tree) {
        text.split('\n').for_each(|line| reader.builder.paragraph(line));
    }
}

impl Reader<'_, '_> {
    /// A text in another format that Word would take in on opening: it is read in its place. A
    /// document of Word becomes a member instead, since it may import others in its turn.
    pub(crate) fn imported(&mut self, id: &str) {
        let Some(relationship) = self.part.relationship(id).filter(|each| !each.external) else {
            return self.builder.warn("an imported text that is not in the file was left out");
        };
        let name = relationship.target.clone();
        let Some(bytes) = self.office.bytes(&name) else { return };
        let file = name.rsplit('/').next().unwrap_or(&name).to_owned();
        match detect(&file, &bytes) {
            Detected::Html | Detected::Text | Detected::Email => match crate::parse(&file, bytes) {
                Ok(document) => {
                    self.builder.blocks.extend(document.blocks);
                    self.builder.warnings.extend(document.warnings);
                }
                Err(error) => {
                    self.builder.warn(format!("the imported text {file} was left out: {error}"));
                }
            },
            Detected::Docx => self.builder.members.push(Member { name: file, bytes }),
            _ => self.builder.warn(format!("the imported text {file} was left out")),
        }
    }
}
