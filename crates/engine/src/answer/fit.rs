//! Which of several tables with the same row a question asks about.
//!
//! A report gives a figure for the group and for the parent company, for the year and for each of
//! its quarters, as an amount and as a change. The table fits whose headings, header and document
//! say what the question says; where it says nothing, the group's accounts are meant, as a reader
//! of a report takes them.

use std::collections::BTreeSet;

use yuanwen_parse::{Metadata, Span};

use super::rows::Row;
use crate::query::Query;
use crate::retrieve::period;
use crate::text::normalize::bare;
use crate::text::number::{When, times};

/// What the accounts of the company alone are called, and what only sounds like it.
const PARENT: &str = "母公司";
const NOT_PARENT: &[&str] = &["归属于母公司", "归属母公司", "归属于上市公司"];
/// What asks for a share or a change, and what says that a column or a row has one.
const ASKS_RATIO: &[&str] =
    &["同比", "增幅", "增减", "变动", "百分", "占比", "比重", "比例", "增长率", "增长多少"];
const HAS_RATIO: &[&str] = &["%", "增减", "变动", "增长", "占比", "比重", "比例", "百分"];
/// A document agrees with the question's time from this on (see [`period::agreement`]).
const SAME_PERIOD: f64 = 0.75;
/// What words of the question in the headings of one table alone count, each and at most.
const HEADED: f64 = 0.5;
const MOST_HEADED: f64 = 1.0;

/// The row that fits best; `picked` where none fits better.
pub(super) fn best<'a, 'b>(
    query: &Query,
    question: &str,
    picked: &'a Row<'b>,
    rows: &[&'a Row<'b>],
) -> &'a Row<'b> {
    let label = pairs(&picked.label());
    let about: Vec<BTreeSet<String>> = rows
        .iter()
        .map(|row| pairs(&bare(&row.about())))
        .map(|own| own.into_iter().filter(|pair| question.contains(pair.as_str())).collect())
        .collect();
    let mut best = (picked, f64::NEG_INFINITY);
    for (row, own) in rows.iter().zip(&about) {
        let alone = own.iter().filter(|pair| {
            !label.contains(*pair) && !about.iter().all(|other| other.contains(*pair))
        });
        let headed = (HEADED * alone.count() as f64).min(MOST_HEADED);
        let fit = fit(query, question, row) + headed;
        if fit > best.1 || fit == best.1 && std::ptr::eq(*row, picked) {
            best = (row, fit);
        }
    }
    best.0
}

fn fit(query: &Query, question: &str, row: &Row<'_>) -> f64 {
    let header = row.header.join("\n");
    let meta = &row.ranked.stored.meta;
    2.0 * scope(question, &row.about()) + time(query, &header, meta) + ratio(question, &header)
}

/// Whether the table is of the company alone as the question asks, or does not.
fn scope(question: &str, about: &str) -> f64 {
    let mut rest = question.to_owned();
    for word in NOT_PARENT {
        rest = rest.replace(word, "");
    }
    match (rest.contains(PARENT), about.contains(PARENT)) {
        (true, true) => 1.0,
        (false, false) => 0.0,
        _ => -1.0,
    }
}

/// Whether the header names the time that the question names; where it names none, whether the
/// document is about it.
fn time(query: &Query, header: &str, meta: &Metadata) -> f64 {
    if query.periods.is_empty() {
        return 0.0;
    }
    let year = meta.period.map(|period| period.year);
    let heads: Vec<When> = times(header)
        .into_iter()
        .map(|mention| When { year: mention.when.year.or(year), ..mention.when })
        .collect();
    if heads.is_empty() {
        let agrees = period::agreement(&query.periods, meta) >= SAME_PERIOD;
        return if agrees { 1.0 } else { 0.0 };
    }
    let is_head = |when: &When| heads.iter().any(|head| is_same(when, head));
    if query.periods.iter().any(is_head) { 1.0 } else { -1.0 }
}

/// Whether two times are the same: the end of a quarter and the quarter are.
fn is_same(wanted: &When, head: &When) -> bool {
    let years = wanted.year.zip(head.year).is_none_or(|(wanted, head)| wanted == head);
    let span = |when: &When| when.span.or(when.month.and_then(period::span_ending));
    let whole = |span: Option<Span>| span.unwrap_or(Span::Year);
    let same_month = wanted.month.is_some() && wanted.month == head.month;
    let unknown = |when: &When| when.month.is_some() && span(when).is_none();
    years
        && (same_month
            || !unknown(wanted) && !unknown(head) && whole(span(wanted)) == whole(span(head)))
}

/// Whether the table has shares or changes where the question asks for one.
fn ratio(question: &str, header: &str) -> f64 {
    let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(question, ASKS_RATIO) && has(&bare(header), HAS_RATIO) { 1.0 } else { 0.0 }
}

/// The pairs of neighbouring words' characters of a text.
pub(super) fn pairs(text: &str) -> BTreeSet<String> {
    let chars: Vec<char> = text.chars().collect();
    let is_word = |pair: &&[char]| pair.iter().all(|ch| ch.is_alphabetic());
    chars.windows(2).filter(is_word).map(|pair| pair.iter().collect()).collect()
}

/// How many pairs of a label stand in a question.
pub(super) fn shared_pairs(question: &str, label: &str) -> usize {
    pairs(label).iter().filter(|pair| question.contains(pair.as_str())).count()
}

/// How much two labels share: Dice's coefficient of their pairs of characters.
pub(super) fn likeness(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    let (one, other) = (pairs(one), pairs(other));
    let both = one.intersection(&other).count();
    2.0 * both as f64 / (one.len() + other.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::understand;

    #[test]
    fn the_accounts_of_the_group_are_meant_unless_the_question_says_so() {
        for (question, about, expected) in [
            ("货币资金有多少", "合并资产负债表", 0.0),
            ("货币资金有多少", "母公司资产负债表", -1.0),
            ("母公司的货币资金有多少", "母公司资产负债表", 1.0),
            ("归属于母公司的净利润是多少", "母公司利润表", -1.0),
        ] {
            assert_eq!(scope(question, about), expected, "{question} {about}");
        }
    }

    #[test]
    fn the_header_names_the_time_of_the_question() {
        for (question, header, expected) in [
            ("2022年收入多少？", "项目\n2022年\n2021年", 1.0),
            ("2022年收入多少？", "项目\n第一季度（1-3月份）\n第二季度", -1.0),
            ("2022年第二季度收入多少？", "项目\n第一季度（1-3月份）\n第二季度", 1.0),
            ("2022年9月末存货多少？", "项目\n2022年9月30日", 1.0),
            ("2022年三季度末存货多少？", "项目\n2022年9月30日", 1.0),
            ("2022年三季度收入多少？", "项目\n2022年1-9月", -1.0),
            ("2022年收入多少？", "项目\n本期", 0.0),
            ("收入多少？", "项目\n2022年", 0.0),
        ] {
            let found = time(&understand(question), header, &Metadata::default());
            assert_eq!(found, expected, "{question} {header}");
        }
    }

    #[test]
    fn labels_are_alike_by_their_pairs() {
        assert_eq!(likeness("收入", "收入"), 1.0);
        assert!(likeness("扣除非经常性损益的净利润", "扣除非经常性损益后的净利润") >= 0.8);
        assert!(likeness("应收账款", "应付账款") < 0.8);
    }
}
