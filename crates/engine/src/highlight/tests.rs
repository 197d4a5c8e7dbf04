use super::*;
use crate::lexicon::{self, Lexicon, Rule, Why};
use crate::query::{Knowledge, understand, understand_with};

/// The text with its marked words in brackets.
fn bracketed(highlighter: &Highlighter, text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    for range in highlighter.ranges(text) {
        out.extend(&chars[at..range.start]);
        out.push('[');
        out.extend(&chars[range.clone()]);
        out.push(']');
        at = range.end;
    }
    out.extend(&chars[at..]);
    out
}

fn check(question: &str, cases: &[&str]) {
    let highlighter = Highlighter::new(&understand(question));
    for expected in cases {
        let text = expected.replace(['[', ']'], "");
        assert_eq!(bracketed(&highlighter, &text), *expected, "{question}");
    }
}

#[test]
fn words_are_marked_not_pairs_of_characters() {
    check(
        "远山通信2022年营收是多少？",
        &[
            "[2022年]营业收入",
            "[2022]年度报告",
            "[远山通信2022年营收]",
            "[远山通信]的[营收]",
            "多少年来是什么",
            "全年[营收]",
            "运营收入",
            "一座远方的山",
            "",
        ],
    );
}

#[test]
fn grammar_is_marked_inside_words_alone() {
    check(
        "雪岭基站的改造对公司有什么影响？",
        &["[雪岭基站]的[改造]", "[公司]有[影响]", "对客户有益", "其对[公司]的[影响]", "的"],
    );
    check("海缆是什么时候修复的？", &["[海缆]断裂的时候", "[海缆修复]"]);
    check("What is the speed of the station?", &["the [station] of a town", "its [speed] is high"]);
}

#[test]
fn ways_of_writing_are_one() {
    check(
        "遠山通信二〇二二年的 5G-A 基站",
        &["[远山通信]", "[２０２２ 年]", "[２０２２年]，[5g-a基站]", "[基　站]", "A站", "[5Ｇ]"],
    );
    check("2022年增长8.3%了吗", &["[增长 ８.３ ％]", "[8.3%]", "18.3%", "[2,022]", "8"]);
}

#[test]
fn what_names_the_source_is_not_marked() {
    check("根据《远山通信年报》，雪岭基站的速率是多少？", &["远山通信年报", "[雪岭基站]的[速率]"]);
}

#[test]
fn what_is_quoted_is_marked_as_a_whole() {
    check("“一带、一路”是什么？", &["[一带、一路]", "建设[一带、一路]工程"]);
}

#[test]
fn a_single_character_is_no_word_but_a_number() {
    check("第3网的省", &["[3]个", "网", "省", "省网"]);
}

#[test]
fn sub_questions_are_marked_too() {
    check("2022年各季度的营收", &["[第二季度]", "[2022年第四季度营收]", "四个"]);
}

#[test]
fn what_stands_for_words_is_marked_and_the_dictionary_keeps_words_whole() {
    let phrase = |text| Phrase::new(text).expect("a phrase");
    let rule = |from, to| Rule { from: phrase(from), to: phrase(to), why: Why::Synonym };
    let rules = vec![rule("营收", "营业收入"), rule("年报", "年度报告"), rule("网", "络")];
    let word = lexicon::Word { phrase: phrase("双千兆网"), weight: 1.0 };
    let lexicon = Lexicon::new(rules, vec![word], Vec::new());
    let knowledge = Knowledge { lexicon: &lexicon, as_of: None };
    let query = understand_with("根据公司的年报，双千兆网的营收是多少？", &knowledge);
    let highlighter = Highlighter::new(&query);
    for expected in ["[营业收入]和[营收]", "年度报告", "[双千兆网]", "千兆网", "络"]
    {
        let text = expected.replace(['[', ']'], "");
        assert_eq!(bracketed(&highlighter, &text), expected);
    }
}

#[test]
fn ranges_rise_and_lie_within_any_text() {
    let question = "𠮷野家的㎡ﬁ a\u{301}\u{200b}“的的的”长长长长，的？";
    let highlighter = Highlighter::new(&understand(question));
    for text in ["𠮷野家㎡", "ﬁﬁ", "的的的的", "长长长长长长", "\u{200b}", "a\u{301}", question]
    {
        let length = text.chars().count();
        let mut last = None;
        for range in highlighter.ranges(text) {
            assert!(range.start < range.end && range.end <= length, "{text}: {range:?}");
            assert!(last.is_none_or(|last| last < range.start), "{text}: {range:?}");
            last = Some(range.end);
        }
    }
}
