//! What DOCX and PPTX share: Office Open XML (ECMA-376, ISO/IEC 29500), both its namespaces
//! ("transitional" and "strict").
//!
//! A part becomes a small tree ([`xml`]) that both readers walk; its depth and size are bounded,
//! so the walks may recurse. [`part`] follows relationships between parts, [`number`] writes
//! numbers as lists show them, [`chart`] and [`diagram`] read what is drawn from other parts,
//! [`embedded`] the files inside.

pub(crate) mod chart;
pub(crate) mod diagram;
pub(crate) mod embedded;
pub(crate) mod math;
pub(crate) mod number;
pub(crate) mod number_format;
pub(crate) mod part;
pub(crate) mod properties;
pub(crate) mod symbol;
pub(crate) mod xml;

pub(crate) use part::{Office, Part};
pub(crate) use xml::{Element, Ns, Tree};

use crate::builder::is_space;

/// The text of a heading or of a line of contents, the line breaks in it undone.
pub(crate) fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split('\n').map(|part| part.trim_matches(is_space)).filter(|p| !p.is_empty()) {
        let latin = |ch: Option<char>| ch.is_some_and(|ch| ch.is_ascii_graphic());
        if latin(out.chars().next_back()) && latin(part.chars().next()) {
            out.push(' ');
        }
        out.push_str(part);
    }
    out
}

/// Whether a picture's description was written by a person: programs put file names there, and
/// say that they made it.
pub(crate) fn says_something(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let file = [".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".svg", ".tif", ".webp"];
    let made = ["自动生成", "automatically generated", "ai-generated", "ai 生成", "人工智能生成"];
    let numbered = lower.trim_end_matches(|ch: char| ch.is_ascii_digit() || ch == ' ');
    lower.chars().filter(|ch| ch.is_alphabetic()).count() > 1
        && !lower.contains(['\\', '/'])
        && !file.iter().any(|ending| lower.ends_with(ending))
        && !made.iter().any(|words| lower.contains(words))
        && !matches!(numbered, "图片" | "picture" | "image" | "图像" | "img" | "photo" | "graphic")
}

/// The lines of a paragraph with breaks in it: each is a paragraph of its own, but for a line that
/// goes on with a small Latin letter, which was broken for its looks.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split('\n').map(|line| line.trim_matches(is_space)) {
        match lines.last_mut() {
            Some(last)
                if line.starts_with(|ch: char| ch.is_ascii_lowercase())
                    && last.ends_with(|ch: char| ch.is_ascii_alphanumeric() || ch == ',') =>
            {
                last.push(' ');
                last.push_str(line);
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}
