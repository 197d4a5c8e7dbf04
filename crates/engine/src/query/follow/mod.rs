//! Questions of a conversation: what one leaves out is taken from the question before.
//!
//! Rules of the language alone, tried in this order:
//!
//! * a **time** alone (那2021年呢, 第三季度呢) takes the place of the time of the question before;
//! * an **organisation** alone (雪岭移动呢) takes the place of its organisation;
//! * a **reason** alone (为什么, 原因是什么) asks why of what it said;
//! * a **thing** alone (净利润呢) takes the place of what it asked for: what stands behind its
//!   first 的, or behind its time and organisation;
//! * a **pronoun** (它, 其, 该公司, 这家公司) stands for what it was about: its organisation, what it
//!   quotes or names, or what stands before its first 的;
//! * a question that names no organisation, title or quoted string is about the same organisation,
//!   and, if it asks for a number or a reason without a time, about the same time.
//!
//! What comes out is a question that stands alone, so that it can be shown, and asked by itself.
//! Limits: nothing is known of the answers; 前者, 后者, 上述 are not read.

mod before;

use before::Before;

use super::asks::Asks;
use super::parse::{Knowledge, closed, without_openers};
use crate::text::normalize::folded;
use crate::text::number::{Mention, times};

/// What a question of a conversation may begin with.
const BEGINS: &[&str] = &["那么", "那", "还有", "另外", "再说说", "再看看", "而", ",", "，", " "];
/// What one that leaves out all but a phrase ends with. Longer ones first.
const ENDS: &[&str] = &[
    "又是多少",
    "是多少",
    "情况如何",
    "怎么样",
    "又如何",
    "如何",
    "的呢",
    "呢",
    "的",
    "吗",
    "?",
    "？",
    " ",
];
/// Pronouns. Longer ones come before what they begin with.
const PRONOUNS: &[&str] = &[
    "该公司的",
    "这家公司的",
    "这个公司的",
    "它们的",
    "他们的",
    "它的",
    "他的",
    "她的",
    "该公司",
    "这家公司",
    "这个公司",
    "该集团",
    "该企业",
    "该平台",
    "该项目",
    "该产品",
    "这个平台",
    "这个项目",
    "这个产品",
    "它们",
    "他们",
    "它",
    "他",
    "她",
    "其",
];
/// Words with such a character that are no pronouns.
const NOT_PRONOUNS: &[&str] =
    &["其他", "其它", "其中", "其余", "尤其", "极其", "与其", "吉他", "土耳其"];
/// What says which point of a time is meant. 初 is none of them: 2022年初步建成.
const POINTS: [char; 2] = ['末', '底'];
/// Questions after the reason alone.
const REASONS: &[&str] =
    &["为什么", "为何", "原因是什么", "原因", "什么原因", "是什么原因", "为什么会这样", "何以如此"];

/// The question completed with what it leaves out of those before it, the latest last; `None` if
/// it leaves out nothing.
pub fn complete(before: &[&str], question: &str, knowledge: &Knowledge<'_>) -> Option<String> {
    let mut last: Option<String> = None;
    for earlier in before {
        let earlier = closed(&folded(earlier)).trim().to_owned();
        last = Some(last.and_then(|last| follow(&last, &earlier, knowledge)).unwrap_or(earlier));
    }
    follow(&last?, closed(&folded(question)).trim(), knowledge)
}

fn follow(before: &str, question: &str, knowledge: &Knowledge<'_>) -> Option<String> {
    let before = without_openers(before).trim_end_matches(['?', '？', '。']);
    let before = Before { text: before, times: points(before), names: names(before, knowledge) };
    let bare = bare(question);
    let own = points(bare);
    let mut rest = bare.to_owned();
    own.iter().rev().for_each(|mention| rest.replace_range(mention.range.clone(), ""));
    let is_empty = rest.trim_matches(|ch: char| !ch.is_alphanumeric() || is_joint(ch)).is_empty();
    if is_empty && !own.is_empty() {
        return Some(before.with_time(bare, &own));
    }
    let own_names = names(bare, knowledge);
    if own_names.iter().any(|name| bare == name) {
        return Some(before.with_name(bare));
    }
    if REASONS.contains(&bare) {
        return Some(format!("{}的原因是什么", before.stated()));
    }
    let (asks, _) = Asks::read(question);
    let is_cut = bare != question.trim_end_matches(['?', '？', '。', ' ']);
    if asks == Asks::Other && is_cut && !bare.is_empty() {
        return Some(before.with_thing(bare));
    }
    if let Some(replaced) = pronoun(question).and_then(|range| before.in_place(question, range)) {
        return Some(replaced);
    }
    inherited(&before, question, asks, &own, own_names.is_empty())
}

/// The times of a text, each with the point of it that is meant: 2022年末, 2022年底.
fn points(text: &str) -> Vec<Mention> {
    let mut mentions = times(text);
    for mention in &mut mentions {
        if text[mention.range.end..].starts_with(POINTS) {
            mention.range.end += POINTS[0].len_utf8();
        }
    }
    mentions
}

/// The question about the same organisation and time.
fn inherited(
    before: &Before<'_>,
    question: &str,
    asks: Asks,
    own: &[Mention],
    nameless: bool,
) -> Option<String> {
    let is_named = question.contains(['《', '“', '「', '"']);
    let name = before.names.first().filter(|_| nameless && !is_named);
    let timeless = own.is_empty() && matches!(asks, Asks::Number | Asks::Reason);
    let time = before.times.first().filter(|_| timeless && !is_named);
    let time = time.map(|mention| before.said(mention)).unwrap_or_default();
    let bare = BEGINS.iter().find_map(|begin| question.strip_prefix(begin)).unwrap_or(question);
    match name {
        Some(name) => Some(format!("{time}{name}的{bare}")),
        None if !time.is_empty() => Some(format!("{time}{bare}")),
        None => None,
    }
}

/// The question without what it begins and ends with that says nothing itself.
fn bare(question: &str) -> &str {
    let mut rest = question;
    while let Some(shorter) = BEGINS.iter().find_map(|begin| rest.strip_prefix(begin)) {
        rest = shorter;
    }
    rest = rest.trim_end_matches(['?', '？', '。', ' ']);
    if REASONS.contains(&rest) {
        return rest;
    }
    while let Some(shorter) = ENDS.iter().find_map(|end| rest.strip_suffix(end)) {
        rest = shorter;
    }
    rest
}

fn is_joint(ch: char) -> bool {
    matches!(ch, '和' | '与' | '及' | '的')
}

/// Where a pronoun stands.
fn pronoun(question: &str) -> Option<std::ops::Range<usize>> {
    let inside = |at: usize| {
        let holds = |(from, word): (usize, &str)| (from..from + word.len()).contains(&at);
        NOT_PRONOUNS.iter().any(|word| question.match_indices(word).any(holds))
    };
    let found = PRONOUNS.iter().filter_map(|word| {
        let mut places = question.match_indices(word).filter(|(at, _)| !inside(*at));
        places.next().map(|(at, _)| at..at + word.len())
    });
    found.min_by_key(|range| (range.start, std::cmp::Reverse(range.end)))
}

/// The names of organisations in a text, in order.
fn names(text: &str, knowledge: &Knowledge<'_>) -> Vec<String> {
    knowledge.lexicon.names_in(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::lexicon::learn::introduced;

    #[test]
    fn what_is_left_out_comes_from_the_question_before() {
        let names =
            "远山通信有限公司（以下简称“远山通信”）、雪岭移动有限公司（以下简称“雪岭移动”）";
        let lexicon = Lexicon::default().with_names(&introduced(names));
        let knowledge = Knowledge { lexicon: &lexicon, as_of: None };
        for (before, question, expected) in [
            ("2022年远山通信的营收是多少？", "那2021年呢？", Some("2021年远山通信的营收是多少")),
            ("2022年第一季度营收是多少", "2021年呢", Some("2021年第一季度营收是多少")),
            ("2022年第一季度营收是多少", "第三季度呢？", Some("2022年第三季度营收是多少")),
            (
                "2022年末远山通信的总资产是多少？",
                "那2021年末呢？",
                Some("2021年末远山通信的总资产是多少"),
            ),
            ("2022年底用户有多少？", "2021年呢？", Some("2021年底用户有多少")),
            ("2022年用户有多少？", "2021年底呢？", Some("2021年底用户有多少")),
            ("2022年末用户有多少？", "员工有多少人？", Some("2022年末员工有多少人?")),
            ("远山通信的营收是多少？", "2021年的呢", Some("2021年远山通信的营收是多少")),
            ("2022年远山通信的营收是多少？", "雪岭移动呢？", Some("2022年雪岭移动的营收是多少")),
            ("2022年营收是多少？", "那雪岭移动呢？", Some("2022年雪岭移动营收是多少")),
            ("2022年远山通信的营收是多少？", "净利润呢？", Some("2022年远山通信的净利润是多少")),
            ("2022年营收是多少？", "净利润呢？", Some("2022年净利润是多少")),
            ("远山通信在哪里？", "它的董事长是谁？", Some("远山通信的董事长是谁?")),
            ("云帆平台的特点有哪些", "它由谁研发", Some("云帆平台由谁研发")),
            ("“云帆”是什么？", "其主要特点是什么？", Some("“云帆”主要特点是什么?")),
            ("2022年营收下降了多少？", "为什么？", Some("2022年营收下降的原因是什么")),
            (
                "2022年远山通信的营收是多少？",
                "员工有多少人？",
                Some("2022年远山通信的员工有多少人?"),
            ),
            ("2022年远山通信的营收是多少？", "董事长是谁？", Some("远山通信的董事长是谁?")),
            ("2022年远山通信的营收是多少？", "2021年雪岭移动的营收是多少？", None),
            ("云帆平台的特点有哪些", "其他平台有哪些", None),
        ] {
            let found = complete(&[before], question, &knowledge);
            assert_eq!(found.as_deref(), expected, "{before} {question}");
        }
    }

    #[test]
    fn a_conversation_goes_on() {
        let lexicon = Lexicon::default();
        let knowledge = Knowledge { lexicon: &lexicon, as_of: None };
        let before = ["2022年云帆平台的营收是多少？", "那2021年呢？"];
        let found = complete(&before, "净利润呢？", &knowledge);
        assert_eq!(found.as_deref(), Some("2021年云帆平台的净利润是多少"));
        assert_eq!(complete(&[], "净利润呢？", &knowledge), None);
    }
}
