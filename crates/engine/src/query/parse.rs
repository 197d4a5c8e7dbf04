//! Takes a question apart.

use std::collections::BTreeMap;
use std::ops::Range;

use yuanwen_parse::Kind;

use super::phrases::{
    ASIDE, DEEDS, EACH_QUARTER, EACH_YEAR, INTERROGATIVES, MEASURES, OPENERS, PARTICLES,
    PREAMBLE_BEGINS, PREAMBLE_ENDS, SOURCES,
};
use super::{Asks, Query, QueryTerm};
use crate::text::normalize::folded;
use crate::text::number::{Mention, times};
use crate::text::segment::{Segmented, TermKind};

/// How much a term of the preamble counts against the text.
const PREAMBLE: f32 = 0.35;
/// How much a single Han character counts: it matches too much to count as a word.
const SINGLE: f32 = 0.15;

/// A range of more years than this is not taken apart.
const MOST_YEARS: usize = 6;

/// How far from a question word, in characters, a term says what is asked for.
const BESIDE: usize = 4;

/// How much a pair counts that holds a particle: 的营, 信在. It is rare, but not for its meaning.
const PARTICLE: f32 = 0.4;

/// Reads a question.
pub fn understand(question: &str) -> Query {
    let text = without_openers(folded(question).trim()).to_owned();
    let mut query = read(&text);
    query.parts = sub_questions(&text).iter().map(|part| read(part)).collect();
    query
}

fn read(text: &str) -> Query {
    let (preamble, body) = split_preamble(text);
    let body = without_openers(body);
    let (asks, several) = Asks::read(body);
    Query {
        terms: query_terms(preamble, body),
        asks,
        several,
        deeds: several && asks == Asks::List && DEEDS.iter().any(|word| body.contains(word)),
        counted: Asks::counted(body),
        defines: defines(body),
        periods: times(text).into_iter().map(|mention| mention.when).collect(),
        source: source(text),
        named: between(text, &[('《', '》')]),
        quoted: between(text, &[('“', '”'), ('「', '」'), ('『', '』'), ('"', '"')]),
        parts: Vec::new(),
        bare: without_interrogatives(body).0,
        text: text.to_owned(),
    }
}

fn without_openers(text: &str) -> &str {
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

fn query_terms(preamble: &str, body: &str) -> Vec<QueryTerm> {
    let mut found: BTreeMap<String, (usize, QueryTerm)> = BTreeMap::new();
    for (text, preamble, weight) in [(body, false, 1.0), (preamble, true, PREAMBLE)] {
        let (text, asked) = without_interrogatives(text);
        let segmented = Segmented::new(&text);
        for term in segmented.terms() {
            let place = found.len();
            let weight = weight * usefulness(term.kind, term.text);
            let (start, end) = (term.start as usize, term.end as usize);
            let beside = term.kind != TermKind::Single
                && asked.iter().any(|at| is_beside(&text, start..end, *at));
            let new = || {
                (
                    place,
                    QueryTerm {
                        text: term.text.to_owned(),
                        weight,
                        single: term.kind == TermKind::Single,
                        preamble,
                        beside,
                    },
                )
            };
            found.entry(term.text.to_owned()).or_insert_with(new);
        }
    }
    let mut terms: Vec<_> = found.into_values().collect();
    terms.sort_by_key(|(place, _)| *place);
    terms.into_iter().map(|(_, term)| term).collect()
}

/// How much a term says, whatever the documents are.
fn usefulness(kind: TermKind, text: &str) -> f32 {
    match kind {
        TermKind::Single => SINGLE,
        TermKind::Pair if text.contains(PARTICLES) => PARTICLE,
        _ => 1.0,
    }
}

/// Whether a term lies within [`BESIDE`] characters of the question word that stood at `at`.
fn is_beside(text: &str, term: Range<usize>, at: usize) -> bool {
    let chars = |range: Range<usize>| text[range].chars().count();
    if term.end <= at {
        chars(term.start..at) <= BESIDE
    } else {
        term.start > at && chars(at + 1..term.end) <= BESIDE
    }
}

/// Puts a comma where a question word stood, so that no pair of characters spans it; also the
/// places of those that ask for a thing.
fn without_interrogatives(text: &str) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(text.len());
    let mut asked = Vec::new();
    let mut rest = text;
    while let Some(ch) = rest.chars().next() {
        if let Some(len) = interrogative(rest) {
            if !ASIDE.contains(&&rest[..len]) {
                asked.push(out.len());
            }
            out.push(',');
            rest = &rest[len..];
        } else {
            out.push(ch);
            rest = &rest[ch.len_utf8()..];
        }
    }
    (out, asked)
}

/// The length of the question word at the head of `text`, with its count and measure word.
fn interrogative(text: &str) -> Option<usize> {
    let word = INTERROGATIVES.iter().find(|word| text.starts_with(**word))?;
    let mut len = word.len();
    if word.contains('哪') {
        for ch in text[len..].chars().take(2) {
            if !(MEASURES.contains(ch) || "两二三四五六七八九十".contains(ch)) {
                break;
            }
            len += ch.len_utf8();
        }
    }
    Some(len)
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

/// One question for each of several periods, or quoted strings, that stand beside each other, the
/// others cut out.
fn sub_questions(text: &str) -> Vec<String> {
    let found = times(text);
    if let Some(each) = each_quarter(text).or_else(|| each_year(text, &found)) {
        return each;
    }
    let periods = runs(found.len(), |at| beside(text, &found[at - 1], &found[at]));
    if let Some(group) = periods.map(|run| &found[run]) {
        let span = group[0].range.start..group[group.len() - 1].range.end;
        return group.iter().map(|mention| with_one(text, &span, mention)).collect();
    }
    let quotes = quotes(text);
    let Some(group) =
        runs(quotes.len(), |at| is_joint(&text[quotes[at - 1].end..quotes[at].start]))
            .map(|run| &quotes[run])
    else {
        return Vec::new();
    };
    let (before, behind) = (&text[..group[0].start], &text[group[group.len() - 1].end..]);
    group.iter().map(|own| format!("{before}{}{behind}", &text[own.clone()])).collect()
}

/// 2022年各季度: one question a quarter.
fn each_quarter(text: &str) -> Option<Vec<String>> {
    let (at, words) = EACH_QUARTER.iter().find_map(|words| Some((text.find(words)?, words)))?;
    let (before, behind) = (&text[..at], &text[at + words.len()..]);
    let quarter = |name: &str| format!("{before}第{name}季度{behind}");
    Some(["一", "二", "三", "四"].iter().map(|name| quarter(name)).collect())
}

/// 2019年至2021年每年, 2019-2021年分别: one question a year.
fn each_year(text: &str, found: &[Mention]) -> Option<Vec<String>> {
    let word = EACH_YEAR.iter().find(|word| text.contains(**word))?;
    let (from, to) = found.windows(2).find_map(|pair| {
        let between = text[pair[0].range.end..pair[1].range.start].trim();
        let is_range = matches!(between, "至" | "到" | "-" | "—" | "~");
        let bare = |mention: &Mention| mention.when.span.is_none() && mention.when.month.is_none();
        (is_range && bare(&pair[0]) && bare(&pair[1])).then_some((&pair[0], &pair[1]))
    })?;
    let years = from.when.year?..=to.when.year?;
    let (before, behind) = (&text[..from.range.start], &text[to.range.end..]);
    let behind = behind.strip_prefix('年').unwrap_or(behind).replacen(word, "", 1);
    (years.clone().count() > 1 && years.clone().count() <= MOST_YEARS)
        .then(|| years.map(|year| format!("{before}{year}年{behind}")).collect())
}

/// The first run of neighbours, of `len` things, where each is joined to the one before.
fn runs(len: usize, joined: impl Fn(usize) -> bool) -> Option<Range<usize>> {
    let first = (1..len).find(|&at| joined(at))?;
    let last = (first..len).take_while(|&at| joined(at)).last().unwrap_or(first);
    Some(first - 1..last + 1)
}

/// The quoted strings, marks included.
fn quotes(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(from) = text[at..].find(['“', '「']).map(|from| at + from) {
        let Some(to) = text[from..].find(['”', '」']).map(|to| from + to) else { break };
        let end = to + text[to..].chars().next().map_or(0, char::len_utf8);
        out.push(from..end);
        at = end;
    }
    out
}

/// The question with only one of the periods in `span`; its year is spelled out.
fn with_one(text: &str, span: &Range<usize>, mention: &Mention) -> String {
    let own = &text[mention.range.clone()];
    let year = mention.when.year.filter(|year| !own.contains(&year.to_string()));
    let year = year.map(|year| format!("{year}年")).unwrap_or_default();
    let year_sign = if own.ends_with(|ch: char| ch.is_ascii_digit()) { "年" } else { "" };
    format!("{}{year}{own}{year_sign}{}", &text[..span.start], &text[span.end..])
}

/// Whether two mentions stand beside each other: 2019年和2020年, 2019年底与2020年底.
fn beside(text: &str, before: &Mention, after: &Mention) -> bool {
    let between = text[before.range.end..after.range.start].trim();
    let joint = between.trim_start_matches(['底', '末', '初', '期']);
    is_joint(joint)
        && before.when != after.when
        && before.when.span.is_some() == after.when.span.is_some()
}

/// Whether it joins two things of equal rank.
fn is_joint(text: &str) -> bool {
    matches!(text.trim(), "和" | "、" | "与" | "及" | "以及")
}

#[cfg(test)]
mod tests {
    use yuanwen_parse::Span;

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
    fn a_preamble_counts_less() {
        let query = understand("根据2021年年度报告，远山通信的定位是什么？");
        let weight = |text: &str| {
            query
                .terms
                .iter()
                .find(|term| term.text == text)
                .map(|term| (term.weight, term.preamble))
        };
        assert_eq!(weight("报告"), Some((PREAMBLE, true)));
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

    #[test]
    fn periods_beside_each_other_make_sub_questions() {
        for (question, expected) in [
            ("2019年和2020年营收分别是多少", vec!["2019年营收分别是多少", "2020年营收分别是多少"]),
            (
                "2019年底和2020年底用户数分别为多少",
                vec!["2019年底用户数分别为多少", "2020年底用户数分别为多少"],
            ),
            (
                "2022年第一季度和第三季度报告中，存货为何变动",
                vec!["2022年第一季度报告中,存货为何变动", "2022年第三季度报告中,存货为何变动"],
            ),
            (
                "2022年各季度营收",
                vec![
                    "2022年第一季度营收",
                    "2022年第二季度营收",
                    "2022年第三季度营收",
                    "2022年第四季度营收",
                ],
            ),
            (
                "远山通信2019年至2021年每年营收",
                vec!["远山通信2019年营收", "远山通信2020年营收", "远山通信2021年营收"],
            ),
            ("2019年至2021年营收共多少", vec![]),
            ("2019年营收和2020年利润", vec![]),
            ("“云帆”和“星桥”平台有何成果", vec!["“云帆”平台有何成果", "“星桥”平台有何成果"]),
        ] {
            let parts: Vec<_> =
                understand(question).parts.into_iter().map(|part| part.text).collect();
            assert_eq!(parts, expected, "{question}");
        }
        let parts = understand("2022年第一季度和第三季度的营收").parts;
        assert_eq!(parts[1].periods[0].span, Some(Span::Quarter(3)));
    }
}
