//! Sub-questions: what a question asks of several periods or things is asked of each.
//!
//! 2022年第一季度和第三季度, 2022年各季度, 2019年至2021年每年, “云帆”和“星桥” are taken apart. So is
//! 2022年比2021年增长多少, where the document may say the difference in one sentence, or only both
//! figures: the answer step then looks for the one first.

use std::ops::Range;

use super::phrases::{CHANGES, COMPARING, EACH_QUARTER, EACH_YEAR};
use crate::text::number::{Mention, times};

/// A range of more years than this is not taken apart.
const MOST_YEARS: usize = 6;
/// How many characters may stand between two times that are compared.
const MOST_BETWEEN: usize = 12;

/// One question for each of several periods, or quoted strings, that stand beside each other, the
/// others cut out.
///
/// Also whether the question compares them, so that one sentence may answer it.
pub(super) fn sub_questions(text: &str) -> (Vec<String>, bool) {
    let found = times(text);
    match compared(text, &found) {
        Some(parts) => (parts, true),
        None => (each(text, &found), false),
    }
}

fn each(text: &str, found: &[Mention]) -> Vec<String> {
    if let Some(each) = each_quarter(text).or_else(|| each_year(text, found)) {
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

/// 2022年比2021年增长多少: one question a year, after the figure itself.
fn compared(text: &str, found: &[Mention]) -> Option<Vec<String>> {
    let (one, other) = found.windows(2).find_map(|pair| {
        let [one, other] = pair else { return None };
        let same_kind = one.when.span.is_some() == other.when.span.is_some();
        let between = &text[one.range.end..other.range.start];
        (same_kind && one.when != other.when && compares(text, between, other.range.end))
            .then_some((one, other))
    })?;
    let from = match text[..one.range.start].char_indices().next_back() {
        Some((at, '与' | '和' | '同' | '较' | '比')) => at,
        _ => one.range.start,
    };
    let (before, behind) = (&text[..from], &text[other.range.end..]);
    let between = &text[one.range.end..other.range.start];
    // 2022年营收比2021年: what stands between belongs to the figure.
    let subject = between.trim_end_matches(is_comparing).trim_matches([',', '，', ' ']);
    let subject = if is_with(subject) || COMPARING.contains(&subject) { "" } else { subject };
    let rest = figure_itself(behind);
    let question =
        |mention: &Mention| format!("{before}{}{subject}{rest}", with_year(text, mention));
    Some(vec![question(one), question(other)])
}

/// Whether what stands between two times, or behind them, compares them.
fn compares(text: &str, between: &str, behind: usize) -> bool {
    let short = between.chars().count() <= MOST_BETWEEN;
    let behind = &text[behind..];
    let ends = |words: &[&str]| words.iter().any(|word| between.trim().ends_with(word));
    let introduced = COMPARING.iter().any(|word| between.trim_start().starts_with(word));
    short && (ends(&["比", "较", "相比", "相较", "相较于", "相对于", "对比"]) || introduced)
        || is_with(between.trim()) && COMPARING.iter().any(|word| behind.starts_with(word))
}

/// Whether it stands between what is compared: 与…相比.
fn is_with(text: &str) -> bool {
    matches!(text, "和" | "与" | "同" | "跟")
}

fn is_comparing(ch: char) -> bool {
    matches!(ch, '比' | '较' | '相' | '于' | '对')
}

/// The rest of a comparison, asking for the figure: 增长了多少 → 多少.
fn figure_itself(rest: &str) -> String {
    let mut out = rest.trim_start_matches([',', '，', ' ']).to_owned();
    for word in COMPARING.iter().chain(CHANGES) {
        out = out.replace(word, "");
    }
    let asked = out.trim_matches(|ch: char| !ch.is_alphanumeric());
    match asked {
        "" | "了" | "多少" | "几" => "是多少".to_owned(),
        _ => out.replace("了多少", "多少"),
    }
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
    let own = with_year(text, mention);
    let year_sign = if own.ends_with(|ch: char| ch.is_ascii_digit()) { "年" } else { "" };
    format!("{}{own}{year_sign}{}", &text[..span.start], &text[span.end..])
}

/// A time as the question says it, its year spelled out.
fn with_year(text: &str, mention: &Mention) -> String {
    let own = &text[mention.range.clone()];
    let year = mention.when.year.filter(|year| !own.contains(&year.to_string()));
    format!("{}{own}", year.map(|year| format!("{year}年")).unwrap_or_default())
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
    use super::*;
    use crate::text::normalize::folded;

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
            let parts = sub_questions(&folded(question)).0;
            assert_eq!(parts, expected, "{question}");
        }
    }

    #[test]
    fn comparisons_ask_for_both_figures() {
        for (question, expected) in [
            ("2022年比2021年营收增长多少", ["2022年营收多少", "2021年营收多少"]),
            ("2022年营收比2021年增长了多少", ["2022年营收是多少", "2021年营收是多少"]),
            ("远山通信2022年较2021年净利润变化", ["远山通信2022年净利润", "远山通信2021年净利润"]),
            ("与2021年相比,2022年营收增长多少", ["2021年营收多少", "2022年营收多少"]),
            ("2022年和2021年相比营收增长多少", ["2022年营收多少", "2021年营收多少"]),
            (
                "2022年第三季度比第二季度营收增加多少",
                ["2022年第三季度营收多少", "2022年第二季度营收多少"],
            ),
        ] {
            let (parts, compares) = sub_questions(&folded(question));
            assert_eq!(parts, expected, "{question}");
            assert!(compares, "{question}");
        }
        for question in ["2022年营收比上年增长多少", "2019年和2020年营收", "比2021年增长多少"]
        {
            assert!(!sub_questions(&folded(question)).1, "{question}");
        }
    }
}
