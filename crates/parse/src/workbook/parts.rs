//! The parts of an Office Open XML package and the relationships between them (ECMA-376 part 2).

use super::xml::{Step, Walk, attribute, name};
use crate::encoding::decode;
use crate::error::ParseError;
use crate::package::Package;

/// A relationship of a part.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub(super) id: String,
    /// The last word of its type: `worksheet`, `comments`.
    pub(super) kind: String,
    /// The part it leads to.
    pub(super) target: String,
}

/// A part as text; `None` if there is none.
///
/// # Errors
/// If it is damaged, protected or too large.
pub(super) fn text(package: &mut Package<'_>, part: &str) -> Result<Option<String>, ParseError> {
    package.read(part)?.map(decoded).transpose()
}

/// The text of an XML part.
///
/// # Errors
/// If it is no text.
pub(super) fn decoded(part: Vec<u8>) -> Result<String, ParseError> {
    match String::from_utf8(part) {
        Ok(text) => Ok(text),
        Err(error) => Ok(decode(error.as_bytes())?.into_owned()),
    }
}

/// The relationships of a part; of the package if its name is empty.
///
/// # Errors
/// As [`text`].
pub(super) fn relations(
    package: &mut Package<'_>,
    part: &str,
) -> Result<Vec<Relation>, ParseError> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let path = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let Some(text) = text(package, &format!("{path}_rels/{file}.rels"))? else {
        return Ok(Vec::new());
    };
    let mut walk = Walk::new(&text);
    let mut out = Vec::new();
    while let Some(step) = walk.step() {
        let Step::Open(tag) = step else { continue };
        if name(&tag) != "Relationship" {
            continue;
        }
        let outside = attribute(&tag, "TargetMode").is_some_and(|mode| mode == "External");
        let (Some(id), Some(target), false) =
            (attribute(&tag, "Id"), attribute(&tag, "Target"), outside)
        else {
            continue;
        };
        let kind = attribute(&tag, "Type").unwrap_or_default();
        let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
        out.push(Relation { id: id.into_owned(), kind, target: resolve(folder, &target) });
    }
    Ok(out)
}

/// A target as a part's name.
fn resolve(folder: &str, target: &str) -> String {
    let base = if target.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
