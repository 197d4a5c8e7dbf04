//! The kind of answer that a question wants, from its question words.

use serde::Serialize;

use super::phrases::MEASURES;

/// The kind of answer that a question wants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Asks {
    /// 多少, 几个: a number.
    Number,
    /// 何时, 哪年: a date.
    Date,
    /// 谁: a person or body.
    Person,
    /// 什么, 哪个: a name or a phrase.
    Name,
    /// 哪些, 哪几项: an enumeration.
    List,
    /// 为什么, 原因: a reason.
    Reason,
    /// 如何, 措施, 成果: a description of several sentences.
    How,
    /// None of these.
    #[default]
    Other,
}

impl Asks {
    /// As JSON names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Person => "person",
            Self::Name => "name",
            Self::List => "list",
            Self::Reason => "reason",
            Self::How => "how",
            Self::Other => "other",
        }
    }
}

const DATE: &[&str] = &[
    "什么时候",
    "何时",
    "哪一天",
    "哪天",
    "哪年",
    "哪一年",
    "几月",
    "几号",
    "哪一日",
    "什么时间",
    "哪个月",
];
const NUMBER: &[&str] = &[
    "多少",
    "多大",
    "多高",
    "多长",
    "几次",
    "几家",
    "几名",
    "几位",
    "百分之几",
    "比例是",
    "占比",
    "增速",
    "增幅",
    "第几",
];
const PERSON: &[&str] = &["谁", "哪位", "何人", "什么人"];
const LIST: &[&str] = &[
    "哪些",
    "哪几",
    "有哪",
    "列举",
    "列出",
    "几点",
    "几个方面",
    "几方面",
    "几类",
    "几种",
    "几项",
    "几大",
];
const REASON: &[&str] = &["为什么", "为何", "原因", "缘由", "何以", "怎么会"];
const HOW: &[&str] = &[
    "如何",
    "怎么",
    "怎样",
    "什么成果",
    "什么措施",
    "什么举措",
    "情况",
    "哪些方面",
    "什么进展",
    "什么成效",
    "什么调整",
    "过程",
];
/// 三大特色是什么: several things, and how many.
const SEVERAL_THINGS: &[&str] = &[
    "两大", "三大", "四大", "五大", "六大", "七大", "八大", "十大", "两个", "三个", "四个", "五个",
    "六个", "两项", "三项", "四项", "五项", "六项", "三点", "四点", "五点", "三类", "四类", "五类",
    "六类", "三种", "四种", "五种",
];
const NAME: &[&str] = &["什么", "哪", "何"];

impl Asks {
    /// Reads a folded question; also whether it asks for several things.
    pub(super) fn read(question: &str) -> (Self, bool) {
        let has = |words: &[&str]| words.iter().any(|word| question.contains(word));
        let counted = Self::counted(question).is_some();
        let several = counted
            || has(LIST)
            || has(&["分别", "各有", "各是", "各为"])
            || has(SEVERAL_THINGS) && has(NAME);
        let asks = match () {
            () if has(REASON) => Self::Reason,
            () if has(DATE) => Self::Date,
            () if has(NUMBER) => Self::Number,
            () if counted || has(LIST) || (several && has(NAME)) => Self::List,
            () if has(PERSON) => Self::Person,
            () if has(HOW) => Self::How,
            () if has(NAME) => Self::Name,
            () => Self::Other,
        };
        (asks, several)
    }

    /// What follows 哪 in 哪三个, 哪2项.
    pub(super) fn counted(question: &str) -> Option<String> {
        question.match_indices('哪').find_map(|(at, word)| {
            let mut rest = question[at + word.len()..].chars();
            let number = rest
                .next()
                .filter(|ch| ch.is_ascii_digit() || "两二三四五六七八九十".contains(*ch))?;
            let measure = rest.next().filter(|ch| MEASURES.contains(*ch))?;
            Some(format!("{number}{measure}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_words_decide() {
        for (question, expected) in [
            ("营收是多少", (Asks::Number, false)),
            ("收入和利润分别是多少", (Asks::Number, true)),
            ("成立于哪一年", (Asks::Date, false)),
            ("谁任董事长", (Asks::Person, false)),
            ("有哪三个特点", (Asks::List, true)),
            ("推出了哪些产品", (Asks::List, true)),
            ("应收账款变动的原因是什么", (Asks::Reason, false)),
            ("如何保障通信", (Asks::How, false)),
            ("平台叫什么", (Asks::Name, false)),
            ("三大特色是什么", (Asks::List, true)),
            ("公司简介", (Asks::Other, false)),
        ] {
            assert_eq!(Asks::read(question), expected, "{question}");
        }
    }
}
