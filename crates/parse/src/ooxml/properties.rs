//! The title among a file's properties (`docProps/core.xml`), where it can be trusted.
//!
//! Titles there are often left over from a template or an earlier document, so the text decides:
//! the property counts if the text opens with the same words, or has no title of its own.
//! The dates there say when the file was saved, not when it was published; they are not read.

use super::part::Part;
use super::xml::Element;
use crate::builder::is_space;
use crate::document::{Block, BlockKind};

/// How many blocks at the top are looked at.
const OPENING: usize = 8;

/// The title, if it is one and the text does not begin with another.
pub(crate) fn title(properties: Option<&Part>, blocks: &[Block]) -> Option<String> {
    let title = properties?.tree.root()?.child("title").map(Element::text)?;
    let title = title.trim_matches(is_space);
    if !is_title(title) {
        return None;
    }
    let running: Vec<&Block> = blocks.iter().filter(|block| block.furniture.is_none()).collect();
    let opening = || running.iter().take(OPENING);
    if opening().any(|block| block.text == title) {
        let headed = opening().take_while(|block| block.text != title);
        let headed = headed.into_iter().any(|block| matches!(block.kind, BlockKind::Heading(_)));
        return (!headed).then(|| title.to_owned());
    }
    let headings = running.iter().any(|block| matches!(block.kind, BlockKind::Heading(_)));
    let first = running.first().map_or("", |block| block.text.as_str());
    let titled = first.chars().count() <= 60 && !first.ends_with(['。', '；', '，', '：', '、']);
    (!headings && !titled).then(|| title.to_owned())
}

/// Whether a property says something: a file's name or a program's default does not.
fn is_title(title: &str) -> bool {
    const DEFAULTS: [&str; 12] = [
        "word document",
        "word 文档",
        "文档",
        "document",
        "title",
        "标题",
        "untitled",
        "无标题",
        "powerpoint presentation",
        "powerpoint 演示文稿",
        "演示文稿",
        "presentation",
    ];
    const ENDINGS: [&str; 9] =
        [".doc", ".docx", ".docm", ".dot", ".dotx", ".ppt", ".pptx", ".wps", ".pdf"];
    let lower = title.to_lowercase();
    let numbered = lower.trim_end_matches(|ch: char| ch.is_ascii_digit() || ch == ' ');
    !lower.is_empty()
        && title.chars().count() <= 100
        && title.chars().any(char::is_alphabetic)
        && !lower.starts_with("microsoft word")
        && !lower.starts_with("microsoft powerpoint")
        && !DEFAULTS.contains(&numbered)
        && !matches!(numbered, "slide" | "幻灯片")
        && !ENDINGS.iter().any(|ending| lower.ends_with(ending))
        && !lower.contains(['\\', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_what_programs_write_there() {
        let cases = [
            ("远山通信年度报告", true),
            ("", false),
            ("Microsoft Word - 报告.doc", false),
            ("报告.docx", false),
            ("PowerPoint 演示文稿", false),
            ("幻灯片 1", false),
            ("Slide 1", false),
            ("Word Document", false),
            ("2023", false),
        ];
        for (title, expected) in cases {
            assert_eq!(is_title(title), expected, "{title}");
        }
    }
}
