//! Short names that documents introduce themselves.
//!
//! Read are 甲（以下简称“乙”）, （简称乙）, （下称“乙”或“丙”）, 甲，以下简称“乙”, and (hereinafter
//! referred to as "B"); and of names that end in 有限公司 and the like what stands before that.
//!
//! Where the full name begins is not written in running text, so the short one must be made of
//! its characters in their order: the full name then begins with the first of them. What is made
//! otherwise is learned only where 《》 or “” say where the full name begins. Short names that
//! mean another thing in each document (公司, 本集团, 办法) are left out.

use super::Phrase;
use crate::text::normalize::folded;

/// What introduces a short name, folded. Longer ones come before what they end with.
const INTRODUCES: &[&str] = &[
    "以下简称为",
    "以下简称",
    "以下统称",
    "下文简称",
    "简称为",
    "简称",
    "下称",
    "hereinafter referred to as",
    "hereinafter called",
    "hereinafter",
];
/// The terms by which passages with such words are found in the index.
pub(crate) const CLUES: [&str; 3] = ["简称", "下称", "hereinafter"];

/// How the full name of an organisation ends.
const ORGANISATIONS: &[&str] = &[
    "公司",
    "集团",
    "部",
    "局",
    "委员会",
    "协会",
    "学会",
    "联盟",
    "研究院",
    "研究所",
    "中心",
    "大学",
    "学院",
    "银行",
    "办公室",
    "基金会",
    "总局",
    "法院",
    "医院",
    "组织",
];
/// What a company's name may end in without being part of it. Longer ones first.
const FORMS: &[&str] =
    &["集团股份有限公司", "集团有限公司", "股份有限公司", "有限责任公司", "有限公司"];
/// Short names that say nothing outside their document.
const COMMON: &[&str] = &[
    "公司",
    "集团",
    "报告",
    "办法",
    "规定",
    "通知",
    "意见",
    "方案",
    "条例",
    "规则",
    "指南",
    "纲要",
    "规划",
    "合同",
    "协议",
    "章程",
    "双方",
    "各方",
    "甲方",
    "乙方",
    "丙方",
    "标准",
    "项目",
    "准则",
    "联合体",
    "保荐人",
    "上市公司",
    "董事会",
    "公告",
    "计划",
];
/// How long a short and a full name are, in characters.
const SHORT: std::ops::RangeInclusive<usize> = 2..=12;
const FULL: std::ops::RangeInclusive<usize> = 4..=40;

/// What a document introduced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Introduced {
    pub(crate) full: Phrase,
    pub(crate) short: Phrase,
    pub(crate) organisation: bool,
}

/// The short names that a text introduces.
pub(crate) fn introduced(text: &str) -> Vec<Introduced> {
    let text = folded(text);
    let mut out = Vec::new();
    let mut at = 0;
    while let Some((from, word)) = next(&text, at) {
        let behind = from + word.len();
        for short in short_names(&text[behind..]) {
            out.extend(pair(&text[..from], &short));
        }
        at = behind;
    }
    out
}

/// What a company is called without its legal form: 远山通信 of 远山通信集团有限公司. `text` is a
/// title, a publisher or the like, that begins with the name.
pub(crate) fn without_form(text: &str) -> Option<Introduced> {
    let text = folded(text);
    let line = text.lines().next()?.trim();
    let (at, form) = FORMS.iter().find_map(|form| Some((line.find(form)?, form)))?;
    let (short, full) = (Phrase::new(&line[..at])?, Phrase::new(&line[..at + form.len()])?);
    let fits = (3..=12).contains(&short.text.chars().count());
    fits.then_some(Introduced { full, short, organisation: true })
}

/// The next word that introduces a short name.
fn next(text: &str, from: usize) -> Option<(usize, &'static str)> {
    let found = INTRODUCES.iter().filter_map(|word| Some((from + text[from..].find(word)?, *word)));
    found.min_by_key(|(at, word)| (*at, std::cmp::Reverse(word.len())))
}

/// The short names behind the word: “乙”或“丙”, or what stands up to the bracket.
fn short_names(text: &str) -> Vec<String> {
    let text = text.trim_start_matches([':', '：', ' ', ',']);
    let end = text.find([')', '。', ';', '\n']).unwrap_or(text.len());
    let inner = &text[..end];
    let open = |ch: char| matches!(ch, '“' | '"' | '「' | '『' | '《' | '‘');
    let close = |ch: char| matches!(ch, '”' | '"' | '」' | '』' | '》' | '’');
    if !inner.starts_with(open) {
        let plain = inner.split(['、', ',', '，']).next().unwrap_or_default();
        return if end < text.len() { vec![plain.trim().to_owned()] } else { Vec::new() };
    }
    let mut out = Vec::new();
    let mut rest = inner;
    while let Some(begin) = rest.find(open) {
        let own = &rest[begin..];
        let own = &own[own.chars().next().map_or(0, char::len_utf8)..];
        let Some(len) = own.find(close) else { break };
        out.push(own[..len].trim().to_owned());
        let behind = &own[len..];
        rest = &behind[behind.chars().next().map_or(0, char::len_utf8)..];
        if !rest.trim_start().starts_with(['或', '、', '和', '/']) {
            break;
        }
    }
    out
}

/// The full name at the end of `before`, with its short name.
fn pair(before: &str, short: &str) -> Option<Introduced> {
    let is_common = |short: &str| {
        COMMON.contains(&short) || short.starts_with(['本', '该', '我', '其']) || short == "our"
    };
    let short_chars: Vec<char> = short.chars().filter(|ch| !ch.is_whitespace()).collect();
    if !SHORT.contains(&short_chars.len()) || is_common(short) {
        return None;
    }
    let before = before.trim_end_matches(['(', ',', ' ', '，', '、', ':']);
    let full = match marked(before) {
        Some(full) => full.to_owned(),
        None => run(before, &short_chars)?,
    };
    if !FULL.contains(&full.chars().count()) || full == short {
        return None;
    }
    let organisation = ORGANISATIONS.iter().any(|end| full.ends_with(end));
    Some(Introduced { full: Phrase::new(&full)?, short: Phrase::new(short)?, organisation })
}

/// What stands in 《》 or “” at the end.
fn marked(before: &str) -> Option<&str> {
    let (open, inner) = match before.chars().next_back()? {
        '》' => ('《', before.strip_suffix('》')?),
        '”' => ('“', before.strip_suffix('”')?),
        _ => return None,
    };
    inner.rfind(open).map(|at| &inner[at + open.len_utf8()..])
}

/// The run of characters at the end that begins where the short name's characters still follow
/// one another in it.
fn run(before: &str, short: &[char]) -> Option<String> {
    let is_part = |ch: &char| ch.is_alphanumeric() || matches!(ch, ' ' | '·' | '-');
    let run: Vec<char> = before.chars().rev().take_while(is_part).take(*FULL.end()).collect();
    let run: Vec<char> = run.into_iter().rev().filter(|ch| *ch != ' ').collect();
    let mut wanted = short.iter().rev().peekable();
    for (at, ch) in run.iter().enumerate().rev() {
        if wanted.peek() == Some(&ch) {
            wanted.next();
        }
        if wanted.peek().is_none() {
            return Some(run[at..].iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_learned() {
        for (text, expected) in [
            (
                "根据远山通信集团有限公司（以下简称“远山集团”）的统计",
                vec![("远山通信集团有限公司", "远山集团", true)],
            ),
            (
                "雪岭信息通信研究院(简称雪岭信通院)发布报告",
                vec![("雪岭信息通信研究院", "雪岭信通院", true)],
            ),
            (
                "松涛岛海洋观测局，以下简称“松涛海观局”或“海观局”。",
                vec![("松涛岛海洋观测局", "松涛海观局", true), ("海洋观测局", "海观局", true)],
            ),
            (
                "《松涛岛数字经济促进办法》（以下简称《数字办法》）",
                vec![("松涛岛数字经济促进办法", "数字办法", false)],
            ),
            (
                "远山通信有限公司（以下简称“公司”或“远山通信”）",
                vec![("远山通信有限公司", "远山通信", true)],
            ),
            ("远山通信有限公司（以下简称“本公司”）", vec![]),
            ("公司与雪岭移动签约（以下简称“云帆”）", vec![]),
            ("简称", vec![]),
            ("（以下简称", vec![]),
        ] {
            let found = introduced(text);
            let found: Vec<_> = found
                .iter()
                .map(|one| (one.full.text.as_str(), one.short.text.as_str(), one.organisation))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_company_goes_without_its_legal_form() {
        for (text, expected) in [
            ("远山通信集团股份有限公司2022年年度报告", Some("远山通信")),
            ("远山通信有限公司 新闻宣传部", Some("远山通信")),
            ("有限公司", None),
            ("远山通信年度报告", None),
        ] {
            let found = without_form(text).map(|found| found.short.text);
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
