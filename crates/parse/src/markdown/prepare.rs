//! The source of a Markdown file made ready for CommonMark: what is no Markdown is taken out.
//!
//! Taken out: comments, page marks and formulas of converters from PDF, the tags of templates and
//! their attribute lines in posts of a static site, marks where a table of contents goes, the
//! colons of containers. Put right, as a person reads it: a heading without the space behind its
//! `#`, a rule right under a sentence (CommonMark makes the sentence a heading), and a paragraph
//! that a page break cuts in two. Code blocks stay as they are.

use super::inline::cleaned;
use crate::builder::is_space;
use crate::marker::{is_caption, marker};
use crate::text::wrap::{ends_sentence, is_chinese, together, width};

/// A line of the source, made ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// Markdown.
    Text(String),
    /// A line of a code block, or its fence.
    Code(String),
    /// A page ends here.
    Page,
    /// A footnote begins or ends here.
    Footnote,
}

/// Marks that converters leave where a page ends.
const PAGE_MARKS: [&str; 4] = ["<PAGE_DIV>", "<PAGE_BREAK>", "<page-break>", "\\newpage"];
/// Lines that stand for a table of contents.
const CONTENTS_MARKS: [&str; 7] =
    ["[toc]", "[[toc]]", "[[_toc_]]", "{:toc}", "{{toc}}", "* toc", "@[toc]"];
/// So many lines may stand between the parts of a paragraph that a page break cuts.
const LOOK_BACK: usize = 12;
/// Half a paragraph in front of a page break is at least this wide, in columns.
const CUT_PARAGRAPH: usize = 50;

/// The lines of a text. `template` says that it is a post of a static site.
pub(super) fn prepare(text: &str, template: bool) -> Vec<Line> {
    let mut lines = Lines { last_comment: text.rfind("-->").unwrap_or(0), ..Lines::default() };
    let template = template || text.contains("{%");
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        lines.line(line.trim_end_matches(['\n', '\r']), at, template);
        at += line.len();
    }
    lines.done
}

#[derive(Default)]
struct Lines {
    done: Vec<Line>,
    /// Where the last comment ends: behind it, `<!--` begins none.
    last_comment: usize,
    comment: bool,
    /// The fence of the code block that is open.
    fence: Option<String>,
}

impl Lines {
    fn line(&mut self, line: &str, at: usize, template: bool) {
        if let Some(fence) = &self.fence {
            let closing = line.trim();
            if closing.starts_with(fence.as_str())
                && closing.chars().all(|ch| fence.starts_with(ch))
            {
                self.fence = None;
            }
            self.done.push(Line::Code(line.to_owned()));
            return;
        }
        if !self.comment
            && let Some(fence) = fence(line)
        {
            self.fence = Some(fence);
            self.done.push(Line::Code(line.to_owned()));
            return;
        }
        let line = self.without_comments(line, at);
        let mut rest = line.as_str();
        let mut paged = false;
        while let Some((before, after)) = page_mark(rest) {
            self.text(before, template);
            self.done.push(Line::Page);
            rest = after.trim_start();
            paged = true;
        }
        if !(paged && rest.is_empty()) {
            self.text(rest, template);
        }
    }

    fn without_comments(&mut self, line: &str, at: usize) -> String {
        let mut out = String::new();
        let mut rest = line;
        loop {
            if self.comment {
                let Some(end) = rest.find("-->") else { return out };
                self.comment = false;
                if rest[..end].trim().eq_ignore_ascii_case("footnote") {
                    self.done.push(Line::Footnote);
                }
                rest = &rest[end + 3..];
            }
            let here = at + (line.len() - rest.len());
            match rest.find("<!--").filter(|begin| here + begin < self.last_comment) {
                Some(begin) if rest[..begin].matches('`').count().is_multiple_of(2) => {
                    out.push_str(&rest[..begin]);
                    rest = &rest[begin + 4..];
                    self.comment = true;
                }
                _ => {
                    out.push_str(rest);
                    return out;
                }
            }
        }
    }

    fn text(&mut self, line: &str, template: bool) {
        let trimmed = line.trim_matches(is_space);
        if is_mark(trimmed, template) {
            self.done.push(Line::Text(String::new()));
            return;
        }
        if is_rule(trimmed) && self.done.last().is_some_and(is_running_text) {
            self.done.push(Line::Text(String::new()));
        }
        if let Some(rest) = trimmed.strip_prefix(":::") {
            let title = container_title(rest);
            self.done.extend(["", title, ""].map(|line| Line::Text(line.to_owned())));
            return;
        }
        let line = cleaned(line, template);
        let line = spaced_heading(&line).unwrap_or(line);
        if self.goes_on(&line) {
            return;
        }
        self.done.push(Line::Text(line));
    }

    /// Joins a line to the paragraph on the page before, if that breaks off in mid-sentence.
    fn goes_on(&mut self, line: &str) -> bool {
        let next = line.trim_matches(is_space);
        let Some(first) = next.chars().next().filter(|_| is_plain(next)) else { return false };
        let mut paged = false;
        let mut at = None;
        for (index, done) in self.done.iter().enumerate().rev().take(LOOK_BACK) {
            match done {
                Line::Page => paged = true,
                Line::Text(text) if text.trim().is_empty() => {}
                Line::Text(text) => {
                    at = breaks_off(text).then_some(index);
                    break;
                }
                _ => break,
            }
        }
        let (Some(at), true) = (at, paged) else { return false };
        if let Some(Line::Text(text)) = self.done.get_mut(at) {
            text.truncate(text.trim_end_matches(is_space).len());
            if let Some(last) = text.chars().next_back() {
                text.push_str(together(last, first).glue().unwrap_or_default());
            }
            text.push_str(next);
        }
        true
    }
}

/// Whether a line is plain text that may go on from the page before.
fn is_plain(line: &str) -> bool {
    !line.starts_with(['#', '|', '>', '-', '*', '+', '<', '!', '`', '~', '='])
        && marker(line).is_none()
        && !is_caption(line)
        && width(line) > 8
}

/// Whether a paragraph ends in mid-sentence.
fn breaks_off(line: &str) -> bool {
    let line = line.trim_matches(is_space);
    !line.starts_with(['#', '|', '>', '<', '!'])
        && width(line) >= CUT_PARAGRAPH
        && is_chinese(line)
        && !ends_sentence(line)
        && line
            .chars()
            .next_back()
            .is_some_and(|ch| matches!(ch, '\u{4E00}'..='\u{9FFF}' | '，' | ',' | '、'))
}

/// The part before the first page mark and the part behind it.
fn page_mark(line: &str) -> Option<(&str, &str)> {
    let first = PAGE_MARKS.iter().filter_map(|mark| Some((line.find(mark)?, mark.len()))).min();
    if let Some((at, len)) = first {
        return Some((&line[..at], &line[at + len..]));
    }
    // `{3}------------` in front of each page.
    let number = line.strip_prefix('{')?.trim_start_matches(|ch: char| ch.is_ascii_digit());
    let rule = number.strip_prefix('}')?;
    (rule.len() >= 20 && rule.bytes().all(|byte| byte == b'-')).then_some(("", ""))
}

/// The fence of a code block that a line opens.
fn fence(line: &str) -> Option<String> {
    let mut rest = line.trim_start();
    // A fence may stand in a list item.
    for bullet in ["- ", "* ", "+ "] {
        rest = rest.strip_prefix(bullet).map_or(rest, str::trim_start);
    }
    let ch = rest.chars().next().filter(|ch| matches!(ch, '`' | '~'))?;
    let info = rest.trim_start_matches(ch);
    let len = rest.len() - info.len();
    (len >= 3 && !(ch == '`' && info.contains('`'))).then(|| rest[..len].to_owned())
}

/// Whether a line is a mark for a program: where the contents go, attributes of a block.
fn is_mark(line: &str, template: bool) -> bool {
    let lower = || line.to_ascii_lowercase();
    let short = line.len() < 80;
    short && line.starts_with(['[', '{', '*', '@']) && {
        let lower = lower();
        CONTENTS_MARKS.contains(&lower.as_str()) || lower.starts_with("@[toc](")
    } || template && short && line.starts_with("{:") && line.ends_with('}')
}

/// Whether a line is a rule that CommonMark also takes for the underline of a heading.
fn is_rule(line: &str) -> bool {
    line.len() >= 3
        && (line.bytes().all(|byte| byte == b'-') || line.bytes().all(|byte| byte == b'='))
}

/// Whether a line is a sentence or more, so that no rule below makes it a heading.
fn is_running_text(line: &Line) -> bool {
    matches!(line, Line::Text(text) if !text.trim().is_empty()
        && !text.trim_start().starts_with('|')
        && (ends_sentence(text) || text.trim_end().ends_with(',') || width(text) > 100))
}

/// The title of a container: `::: tip 标题`.
fn container_title(rest: &str) -> &str {
    let rest = rest.trim_start_matches(':').trim();
    let word = rest.find(|ch: char| !ch.is_ascii_alphanumeric() && !"-_.{}".contains(ch));
    word.map_or("", |end| rest[end..].trim())
}

/// A heading whose `#` have no space behind them: `##标题`. One `#` alone may be a topic.
fn spaced_heading(line: &str) -> Option<String> {
    let trimmed = line.trim_start();
    let rest = trimmed.trim_start_matches('#');
    let hashes = trimmed.len() - rest.len();
    let han = |ch: char| matches!(ch, '\u{4E00}'..='\u{9FFF}' | '（' | '“' | '《' | '【');
    let heading = (1..=6).contains(&hashes)
        && rest.starts_with(|ch| han(ch) || hashes > 1 && ch.is_ascii_digit())
        && !(hashes == 1 && rest.contains('#'))
        && line.len() - trimmed.len() <= 3;
    heading.then(|| format!("{} {rest}", &trimmed[..hashes]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> String {
        let lines = prepare(source, true).into_iter().map(|line| match line {
            Line::Text(text) | Line::Code(text) => text,
            Line::Page => "↡".to_owned(),
            Line::Footnote => "†".to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_is_no_markdown_is_taken_out() {
        let cases = [
            ("甲<!-- 注\n乙 -->丙\n`<!-- 码 -->`", "甲\n丙\n`<!-- 码 -->`"),
            ("甲<!-- 没有结尾\n乙", "甲<!-- 没有结尾\n乙"),
            ("<!-- Footnote -->\n甲\n<!-- Footnote -->", "†\n\n甲\n†\n"),
            ("甲。<PAGE_DIV> \n\n<PAGE_DIV> ## 乙", "甲。\n↡\n\n\n↡\n## 乙"),
            ("甲。\n{4}------------------------\n乙", "甲。\n\n↡\n乙"),
            ("[TOC]\n{:.no_toc}\n* toc\n甲", "\n\n\n甲"),
            ("::: tip 提示\n甲\n:::", "\n提示\n\n甲\n\n\n"),
            ("##标题\n#话题#\n#标题\n#5", "## 标题\n#话题#\n# 标题\n#5"),
            ("一句话。\n---\n标题\n---", "一句话。\n\n---\n标题\n---"),
            ("```\n<!-- a -->\n{% b %}\n```\n{% b %}甲", "```\n<!-- a -->\n{% b %}\n```\n甲"),
        ];
        for (source, expected) in cases {
            assert_eq!(text(source), expected, "{source}");
        }
    }

    #[test]
    fn a_paragraph_goes_on_over_a_page_break() {
        let half = "远山通信今年在雪岭和松涛岛一共新建基站一百二十座，并且计划在明年的";
        assert_eq!(
            text(&format!("{half}<PAGE_DIV> \n\n第一季度完成全部验收。")),
            format!("{half}第一季度完成全部验收。\n↡\n"),
        );
        for next in ["# 标题标题", "（一）概况概况", "图 1 网络结构图", "短。"] {
            let source = format!("{half}\n<PAGE_DIV>\n{next}");
            assert!(text(&source).ends_with(&format!("\n{next}")), "{next}");
        }
        assert!(text(&format!("{half}。<PAGE_DIV>\n另外一段一段文字")).contains('\n'));
    }
}
