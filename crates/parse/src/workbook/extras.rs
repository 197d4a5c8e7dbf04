//! What belongs to a sheet of an Excel workbook besides its cells: tables, notes, text boxes, files.

use super::Book;
use super::parts::{Relation, relations, text};
use super::shared::rich_text;
use super::sheet::{Budget, Marked, Sheet, area, place};
use super::xml::{Step, Walk, attribute, name, number};
use crate::detect::EXTENSIONS;
use crate::document::Member;
use crate::error::ParseError;
use crate::package::Package;

/// Reads what a sheet's part relates to.
///
/// # Errors
/// If a part is protected or too large.
pub(super) fn read(
    package: &mut Package<'_>,
    book: &mut Book,
    part: &str,
    sheet: &mut Sheet,
) -> Result<(), ParseError> {
    for Relation { kind, target, .. } in book.part(relations(package, part))? {
        match kind.as_str() {
            "table" => {
                if let Some(xml) = book.part(text(package, &target))? {
                    sheet.marked.extend(marked(&xml));
                }
            }
            "comments" => {
                if let Some(xml) = book.part(text(package, &target))? {
                    notes(&xml, sheet, &mut book.budget);
                }
            }
            _ => drawn(package, book, &kind, &target, sheet)?,
        }
    }
    Ok(())
}

/// Reads what is drawn on a sheet or embedded in it; a document becomes a member.
///
/// # Errors
/// As [`read`].
pub(super) fn drawn(
    package: &mut Package<'_>,
    book: &mut Book,
    kind: &str,
    target: &str,
    sheet: &mut Sheet,
) -> Result<(), ParseError> {
    match kind {
        "drawing" => {
            sheet.drawings = true;
            if let Some(xml) = book.part(text(package, target))? {
                boxes(&xml, sheet, &mut book.budget);
            }
        }
        "package" => {
            let file = target.rsplit('/').next().unwrap_or(target);
            let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
            let members = &book.builder.members;
            if members.iter().any(|member| member.name == file) {
                return Ok(());
            }
            if !EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str()) {
                book.embedded += 1;
            } else if let Some(bytes) = book.part(package.read(target))? {
                book.builder.members.push(Member { name: file.to_owned(), bytes });
            }
        }
        "oleObject" => book.embedded += 1,
        _ => {}
    }
    Ok(())
}

/// The area of a table part.
fn marked(xml: &str) -> Option<Marked> {
    let mut walk = Walk::new(xml);
    while let Some(step) = walk.step() {
        if let Step::Open(tag) = step
            && name(&tag) == "table"
        {
            let header_rows = number(&tag, "headerRowCount").unwrap_or(1);
            return Some(Marked { area: area(&attribute(&tag, "ref")?)?, header_rows });
        }
    }
    None
}

/// Reads what is noted on cells.
fn notes(xml: &str, sheet: &mut Sheet, budget: &mut Budget) {
    let mut walk = Walk::new(xml);
    while let Some(step) = walk.step() {
        let Step::Open(tag) = step else { continue };
        if name(&tag) != "comment" {
            continue;
        }
        let Some((row, column)) = attribute(&tag, "ref").and_then(|name| place(&name)) else {
            continue;
        };
        let text = rich_text(&mut walk);
        budget.note(sheet, row, column, own_note(&text));
    }
}

/// Reads the text boxes and shapes with text of a drawing (ECMA-376 part 1, 20.5).
fn boxes(xml: &str, sheet: &mut Sheet, budget: &mut Budget) {
    let mut walk = Walk::new(xml);
    let mut at = (0, 0);
    // The first place of an anchor is where it begins.
    let mut from = false;
    while let Some(step) = walk.step() {
        match step {
            Step::Open(tag) => match name(&tag) {
                "from" => from = true,
                "row" if from => at.0 = walk.text().trim().parse().unwrap_or(0),
                "col" if from => at.1 = walk.text().trim().parse().unwrap_or(0),
                "Fallback" => walk.skip(),
                "txBody" => {
                    let text = paragraphs(&mut walk);
                    budget.boxed(sheet, at.0, at.1, &text);
                }
                _ => {}
            },
            Step::Close(tag) if tag.local_name().into_inner() == "from" => from = false,
            _ => {}
        }
    }
}

/// The paragraphs of the shape's text that was just opened, one a line.
fn paragraphs(walk: &mut Walk<'_>) -> String {
    let mut out = String::new();
    let mut depth = 1_u64;
    while depth > 0 {
        match walk.step() {
            Some(Step::Open(tag)) => match name(&tag) {
                "t" => out.push_str(&walk.text()),
                "br" => {
                    out.push('\n');
                    depth += 1;
                }
                _ => depth += 1,
            },
            Some(Step::Close(tag)) => {
                if tag.local_name().into_inner() == "p" {
                    out.push('\n');
                }
                depth -= 1;
            }
            Some(Step::Text(_)) => {}
            None => break,
        }
    }
    out
}

/// What a person noted: newer versions keep a copy for older ones, behind a text of their own.
pub(super) fn own_note(text: &str) -> &str {
    match text.split_once("Comment:\n") {
        Some((before, own)) if before.starts_with("[Threaded comment]") => own,
        _ => text,
    }
}
