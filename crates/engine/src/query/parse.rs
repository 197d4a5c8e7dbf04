//! Takes a question apart.

use yuanwen_parse::{Date, Kind};

use super::parts::sub_questions;
use super::phrases::{DEEDS, OPENERS, PREAMBLE_BEGINS, PREAMBLE_ENDS, SOURCES};
use super::relative::{Relative, relative, resolved};
use super::terms::{terms, without_interrogatives};
use super::{Asks, Query};
use crate::lexicon::Lexicon;
use crate::text::normalize::{folded, is_han};
use crate::text::number::times;
use crate::text::segment::Segmented;

/// What a question is read with.
#[derive(Debug, Clone, Copy)]
pub struct Knowledge<'a> {
    /// What is known about words.
    pub lexicon: &'a Lexicon,
    /// The date that 去年 and the like are counted from, where the question names no year itself.
    /// Without it they are words like others.
    pub as_of: Option<Date>,
}

/// Reads a question.
pub fn understand(question: &str) -> Query {
    understand_with(question, &Knowledge { lexicon: &Lexicon::default(), as_of: None })
}

/// Reads a question with what is known about words and the date.
pub fn understand_with(question: &str, knowledge: &Knowledge<'_>) -> Query {
    let text = closed(&folded(question));
    let text = without_openers(text.trim()).to_owned();
    let mut query = read(&text, knowledge);
    let found = relative(&text, knowledge.as_of);
    let resolved = resolved(&text, &found, knowledge.as_of);
    let (parts, compares) = sub_questions(&resolved);
    query.parts = parts.iter().map(|part| read(part, knowledge)).collect();
    query.compares = compares;
    query
}

fn read(text: &str, knowledge: &Knowledge<'_>) -> Query {
    let Knowledge { lexicon, as_of } = *knowledge;
    let (preamble, body) = split_preamble(text);
    let body = without_openers(body);
    let (asks, several) = Asks::read(body);
    let relative = relative(text, as_of);
    let resolved = resolved(text, &relative, as_of);
    let synonyms = lexicon.rules_in(&Segmented::new(text)).into_iter().cloned();
    Query {
        terms: terms(preamble, body, lexicon),
        preamble: preamble.to_owned(),
        alternatives: synonyms.chain(relative.iter().filter_map(Relative::rule)).collect(),
        organisations: lexicon.named_in(text),
        asks,
        several,
        deeds: several && asks == Asks::List && DEEDS.iter().any(|word| body.contains(word)),
        counted: Asks::counted(body),
        defines: defines(body),
        periods: times(&resolved).into_iter().map(|mention| mention.when).collect(),
        relative,
        source: source(text),
        named: between(text, &[('《', '》')]),
        quoted: between(text, &[('“', '”'), ('「', '」'), ('『', '』'), ('"', '"')]),
        sunk: Vec::new(),
        parts: Vec::new(),
        bare: without_interrogatives(body).0,
        compares: false,
        text: text.to_owned(),
    }
}

/// The text without spaces beside Chinese characters: they mean nothing there, and would part the
/// words that questions are made of.
pub(super) fn closed(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_beside = |at: usize| {
        let before = chars[..at].iter().rfind(|ch| **ch != ' ');
        let behind = chars[at..].iter().find(|ch| **ch != ' ');
        before.is_some_and(|ch| is_han(*ch)) || behind.is_some_and(|ch| is_han(*ch))
    };
    let kept = (0..chars.len()).filter(|at| chars[*at] != ' ' || !is_beside(*at));
    kept.map(|at| chars[at]).collect()
}

pub(super) fn without_openers(text: &str) -> &str {
    let mut rest = text;
    while let Some(shorter) = OPENERS.iter().find_map(|opener| rest.strip_prefix(opener)) {
        if shorter.chars().count() < 4 {
            break;
        }
        rest = shorter.trim_start_matches([',', ':', ' ']);
    }
    rest
}

/// Splits 根据…报告， from the question; the first part is empty if there is none.
fn split_preamble(text: &str) -> (&str, &str) {
    let Some(comma) = text.find([',', '，']) else { return ("", text) };
    let clause = &text[..comma];
    let rest = text[comma..].trim_start_matches([',', '，', ' ']);
    let about_source = SOURCES.iter().any(|source| clause.contains(source));
    let introduces = PREAMBLE_BEGINS.iter().any(|begin| clause.starts_with(begin))
        || PREAMBLE_ENDS.iter().any(|end| clause.ends_with(end));
    if about_source && introduces && rest.chars().count() >= 5 {
        (clause, rest)
    } else {
        ("", text)
    }
}

/// What 什么是甲 and 甲是什么 want defined; 甲的乙是什么 asks for a property instead.
fn defines(text: &str) -> Option<String> {
    let text = text.trim_end_matches(['?', '？', '。', '.', ' ']);
    let thing = text
        .strip_prefix("什么是")
        .or_else(|| text.strip_suffix("是什么"))
        .or_else(|| text.strip_suffix("是指什么"))?;
    let thing: String =
        thing.chars().filter(|ch| !ch.is_whitespace() && !"“”「」《》\"".contains(*ch)).collect();
    let is_plain = !thing.contains(['的', ',', '，', '、']);
    (is_plain && (2..=12).contains(&thing.chars().count())).then_some(thing)
}

fn source(text: &str) -> Option<Kind> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match () {
        () if has(&["白皮书", "蓝皮书"]) => Some(Kind::WhitePaper),
        () if has(&["年度报告", "季度报告", "年报", "季报", "半年报", "年度履职报告"]) => {
            Some(Kind::Report)
        }
        () if has(&["新闻", "报道"]) => Some(Kind::News),
        () => None,
    }
}

/// What stands between pairs of marks, without white space; single characters are left out.
fn between(text: &str, marks: &[(char, char)]) -> Vec<String> {
    let mut out = Vec::new();
    for &(open, close) in marks {
        let mut rest = text;
        while let Some(from) = rest.find(open) {
            let inner = &rest[from + open.len_utf8()..];
            let Some(to) = inner.find(close) else { break };
            let found: String = inner[..to].chars().filter(|ch| !ch.is_whitespace()).collect();
            if found.chars().count() > 1 {
                out.push(found);
            }
            rest = &inner[to + close.len_utf8()..];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(question: &str) -> Vec<String> {
        understand(question)
            .terms
            .into_iter()
            .filter(|term| term.text.chars().count() > 1)
            .map(|term| term.text)
            .collect()
    }

    #[test]
    fn question_words_and_openers_go() {
        for (question, expected) in [
            (
                "请问远山通信的营收是多少？",
                vec!["远山", "山通", "通信", "信的", "的营", "营收", "收是"],
            ),
            ("帮我查询有哪三个特点", vec!["特点"]),
            ("告诉我平台叫什么", vec!["平台", "台叫"]),
        ] {
            assert_eq!(texts(question), expected, "{question}");
        }
    }

    #[test]
    fn spaces_in_a_question_mean_nothing_beside_chinese() {
        for (question, expected) in [
            ("远 山通信的 营 收是多 少", "远山通信的营收是多少"),
            ("FM Telecom 的营收", "fm telecom的营收"),
            ("２０２２ 年 5G 网", "2022年5g网"),
        ] {
            assert_eq!(understand(question).text, expected, "{question}");
        }
    }

    #[test]
    fn a_preamble_counts_less() {
        let query = understand("根据2021年年度报告，远山通信的定位是什么？");
        let weight = |text: &str| {
            query
                .terms
                .iter()
                .find(|term| term.text == text)
                .map(|term| (term.weight, term.preamble))
        };
        assert_eq!(weight("报告"), Some((super::super::terms::PREAMBLE, true)));
        assert_eq!(weight("远山"), Some((1.0, false)));
        assert_eq!(query.source, Some(Kind::Report));
    }

    #[test]
    fn restrictions_are_read() {
        let query = understand("《远山计划》中“双 千兆”指什么？");
        assert_eq!(query.named, ["远山计划"]);
        assert_eq!(query.quoted, ["双千兆"]);
    }

    #[test]
    fn a_thing_to_be_defined_is_read() {
        for (question, expected) in [
            ("什么是云帆平台？", Some("云帆平台")),
            ("“云帆”是什么？", Some("云帆")),
            ("云帆的主题是什么？", None),
            ("云帆有哪些特点？", None),
        ] {
            assert_eq!(understand(question).defines.as_deref(), expected, "{question}");
        }
    }

    #[test]
    fn what_stands_beside_the_question_word_is_asked_for() {
        let query = understand("云帆论坛在雪岭举行时的主题是什么？");
        let beside = query.terms.iter().filter(|term| term.beside);
        let texts: Vec<&str> = beside.map(|term| term.text.as_str()).collect();
        assert_eq!(texts, ["时的", "的主", "主题"]);
    }
}
