//! An open Office file: its parts, read once each, and the relationships between them
//! (ISO/IEC 29500-2).

use std::collections::{BTreeMap, BTreeSet};

use super::xml::Tree;
use crate::error::ParseError;
use crate::package::Package;

/// Where a relationship leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relationship {
    /// The last segment of its type: `styles`, `slideLayout`.
    pub(crate) kind: String,
    /// The part's name, or an address outside the file.
    pub(crate) target: String,
    /// Whether it leads outside the file.
    pub(crate) external: bool,
}

/// A part with what it relates to.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) tree: Tree,
    relationships: BTreeMap<String, Relationship>,
}

impl Part {
    /// The relationship of an id.
    pub(crate) fn relationship(&self, id: &str) -> Option<&Relationship> {
        self.relationships.get(id)
    }

    /// The parts of the file that it relates to in this way, in the order of their ids.
    pub(crate) fn targets(&self, kind: &str) -> Vec<String> {
        let inside = self.relationships.values().filter(|each| !each.external);
        inside.filter(|each| each.kind == kind).map(|each| each.target.clone()).collect()
    }
}

/// An open Office file.
pub(crate) struct Office<'a> {
    package: Package<'a>,
    what: &'static str,
    /// What went wrong with parts, in the order in which it was found.
    pub(crate) warnings: Vec<String>,
    said: BTreeSet<String>,
}

impl<'a> Office<'a> {
    /// Opens a file; `what` is the format as a person says it.
    ///
    /// # Errors
    /// If it is no ZIP file.
    pub(crate) fn open(what: &'static str, bytes: &'a [u8]) -> Result<Self, ParseError> {
        let package = Package::open(what, bytes)?;
        Ok(Self { package, what, warnings: Vec::new(), said: BTreeSet::new() })
    }

    /// The part that the file is about; `usual` is its name where the file does not say.
    ///
    /// # Errors
    /// If it is missing or cannot be read.
    pub(crate) fn main(&mut self, usual: &str) -> Result<Part, ParseError> {
        let relationships = self.relationships("")?;
        let named = relationships.values().find(|each| each.kind == "officeDocument");
        let names = named.map(|each| each.target.as_str()).into_iter().chain([usual]);
        for name in names {
            if let Some(part) = self.read(name)? {
                return Ok(part);
            }
        }
        let reason = format!("its main part ({usual}) is missing");
        Err(ParseError::Damaged { format: self.what, reason })
    }

    /// The properties of the file, if it has any.
    pub(crate) fn properties(&mut self) -> Option<Part> {
        let relationships = self.relationships("").ok()?;
        let named = relationships.values().find(|each| each.kind == "core-properties");
        let name = named.map_or("docProps/core.xml", |each| &each.target).to_owned();
        self.read(&name).ok().flatten()
    }

    /// A part that another one relates to; a warning if it is missing or cannot be read.
    pub(crate) fn part(&mut self, name: &str) -> Option<Part> {
        match self.read(name) {
            Ok(Some(part)) => return Some(part),
            Ok(None) => self.warn(format!("the part {name} is missing from the file")),
            Err(error) => self.warn(format!("the part {name} could not be read: {error}")),
        }
        None
    }

    /// The first part that another one relates to in this way.
    pub(crate) fn related(&mut self, part: &Part, kind: &str) -> Option<Part> {
        let name = part.targets(kind).into_iter().next()?;
        self.part(&name)
    }

    /// The part behind a relationship's id; a warning if there is none.
    pub(crate) fn follow(&mut self, from: &Part, id: &str) -> Option<Part> {
        match from.relationship(id) {
            Some(Relationship { external: true, .. }) => None,
            Some(relationship) => {
                let target = relationship.target.clone();
                self.part(&target)
            }
            None => {
                self.warn(format!("{} refers to a part that is not named", from.name));
                None
            }
        }
    }

    /// The bytes of a part; a warning if it is missing or cannot be read.
    pub(crate) fn bytes(&mut self, name: &str) -> Option<Vec<u8>> {
        match self.package.read(name) {
            Ok(Some(bytes)) => return Some(bytes),
            Ok(None) => self.warn(format!("the part {name} is missing from the file")),
            Err(error) => self.warn(format!("the part {name} could not be read: {error}")),
        }
        None
    }

    /// Adds a warning, once.
    pub(crate) fn warn(&mut self, message: String) {
        if self.warnings.len() < 200 && self.said.insert(message.clone()) {
            self.warnings.push(message);
        }
    }

    fn read(&mut self, name: &str) -> Result<Option<Part>, ParseError> {
        let Some(bytes) = self.package.read(name)? else { return Ok(None) };
        let tree = Tree::parse(&bytes)?;
        drop(bytes);
        if let Some(cut) = tree.cut {
            self.warn(format!("the part {name} {cut}"));
        }
        let relationships = self.relationships(name)?;
        Ok(Some(Part { name: name.to_owned(), tree, relationships }))
    }

    /// What a part relates to, by id; the whole file's relationships for an empty name.
    fn relationships(&mut self, part: &str) -> Result<BTreeMap<String, Relationship>, ParseError> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = if folder.is_empty() {
            format!("_rels/{file}.rels")
        } else {
            format!("{folder}/_rels/{file}.rels")
        };
        let mut relationships = BTreeMap::new();
        let Some(bytes) = self.package.read(&name)? else { return Ok(relationships) };
        let tree = Tree::parse(&bytes)?;
        for each in tree.root().into_iter().flat_map(|root| root.children()) {
            let (Some(id), Some(kind), Some(target)) =
                (each.attribute("Id"), each.attribute("Type"), each.attribute("Target"))
            else {
                continue;
            };
            let external = each.attribute("TargetMode").as_deref() == Some("External");
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            let target = if external { target.into_owned() } else { resolve(folder, &target) };
            relationships.insert(id.into_owned(), Relationship { kind, target, external });
        }
        Ok(relationships)
    }
}

/// The name of a part from the folder of the part that refers to it.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default().replace('\\', "/");
    let mut segments: Vec<&str> =
        if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    segments.retain(|segment| !segment.is_empty());
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_from_the_folder_of_their_part() {
        let cases = [
            ("word", "styles.xml", "word/styles.xml"),
            ("ppt/slides", "../slideLayouts/slideLayout1.xml", "ppt/slideLayouts/slideLayout1.xml"),
            ("word", "/word/styles.xml", "word/styles.xml"),
            ("", "word/document.xml", "word/document.xml"),
            ("word", "../../../a.xml", "a.xml"),
            ("word", ".\\media\\a.png", "word/media/a.png"),
        ];
        for (folder, target, expected) in cases {
            assert_eq!(resolve(folder, target), expected, "{folder} {target}");
        }
    }
}
