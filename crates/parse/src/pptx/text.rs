//! Text of shapes: paragraphs with their bullets and numbers as PowerPoint shows them.

use crate::ooxml::math::linear;
use crate::ooxml::number::drawing;
use crate::ooxml::{Element, Ns};

const LEVELS: usize = 9;
/// The size of text where nothing says it, in hundredths of a point.
const USUAL_SIZE: i64 = 1800;

/// A paragraph of a shape.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Paragraph {
    /// What is shown before the text, with the space behind it; empty if there is nothing.
    pub(crate) marker: String,
    /// The text, with a line break for each break.
    pub(crate) text: String,
    /// The size of its largest run, in hundredths of a point.
    pub(crate) size: i64,
}

/// What stands before a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Bullet {
    None,
    Sign,
    Number { scheme: String, start: u32 },
}

/// The paragraphs of a text body that say something. `styles` are the styles of lists that hold
/// for it, the nearest first.
pub(crate) fn paragraphs(body: Element<'_>, styles: &[Element<'_>]) -> Vec<Paragraph> {
    let mut counters: [Option<(Bullet, u32)>; LEVELS] = Default::default();
    let mut out = Vec::new();
    for paragraph in body.children().filter(|child| child.is(Ns::Drawing, "p")) {
        let properties = paragraph.child("pPr");
        let level = properties.and_then(|properties| properties.number("lvl")).unwrap_or(0);
        let level = usize::try_from(level).unwrap_or(0).min(LEVELS - 1);
        let name = format!("lvl{}pPr", level + 1);
        let inherited = styles.iter().filter_map(|style| style.child(&name));
        let sources: Vec<Element<'_>> = properties.into_iter().chain(inherited).collect();
        let (text, largest) = content(paragraph);
        if text.trim().is_empty() {
            continue;
        }
        let bullet = sources.iter().find_map(|source| bullet(*source)).unwrap_or(Bullet::None);
        let marker = count(&mut counters, level, bullet);
        let sizes = || sources.iter().filter_map(|source| source.child("defRPr")?.number("sz"));
        let size = largest.or_else(|| sizes().next()).unwrap_or(USUAL_SIZE);
        out.push(Paragraph { marker, text, size });
    }
    out
}

/// The marker of the next paragraph of a level.
fn count(counters: &mut [Option<(Bullet, u32)>; LEVELS], level: usize, bullet: Bullet) -> String {
    counters[level + 1..].fill(None);
    match &bullet {
        Bullet::Number { scheme, start } => {
            let number = match &counters[level] {
                Some((last, number)) if *last == bullet => number.saturating_add(1),
                _ => *start,
            };
            let mut marker = drawing(scheme, number);
            counters[level] = Some((bullet, number));
            if marker.ends_with(|ch: char| ch.is_ascii_graphic()) {
                marker.push(' ');
            }
            marker
        }
        Bullet::Sign => {
            counters[level] = None;
            "• ".to_owned()
        }
        Bullet::None => {
            counters[level] = None;
            String::new()
        }
    }
}

fn bullet(properties: Element<'_>) -> Option<Bullet> {
    properties.children().find_map(|child| match child.name() {
        "buNone" => Some(Bullet::None),
        "buChar" | "buBlip" => Some(Bullet::Sign),
        "buAutoNum" => Some(Bullet::Number {
            scheme: child.attribute("type").unwrap_or_default().into_owned(),
            start: u32::try_from(child.number("startAt").unwrap_or(1).clamp(0, 1_000_000))
                .unwrap_or(1),
        }),
        _ => None,
    })
}

/// The text of a paragraph and the size of its largest run, as far as runs say it.
fn content(paragraph: Element<'_>) -> (String, Option<i64>) {
    let mut out = String::new();
    let mut largest = None;
    for child in paragraph.children() {
        match child.kind() {
            (Ns::Drawing, "r" | "fld") => {
                let Some(text) = child.child("t").map(Element::text) else { continue };
                let size = child.child("rPr").and_then(|properties| properties.number("sz"));
                if !text.trim().is_empty() {
                    largest = largest.max(size);
                }
                out.extend(text.chars().map(|ch| if ch == '\t' { ' ' } else { ch }));
            }
            (Ns::Drawing, "br") => out.push('\n'),
            (Ns::Math, "oMath" | "oMathPara") => out.push_str(&linear(child)),
            (_, "m") => out.push_str(&linear(child)),
            _ => {}
        }
    }
    // Pasted lines: a vertical tab, which XML cannot hold, is written as its escape.
    (out.replace("_x000B_", "\n").replace("_x000D_", ""), largest)
}
