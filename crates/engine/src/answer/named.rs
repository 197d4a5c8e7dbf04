//! What names a row: its label, or another cell of words, that stands in the question.

use super::fit;
use super::list::marker;
use super::rows::Row;
use crate::query::{Asks, Query};
use crate::text::normalize::bare;

/// What a label may be made of that says when, not what.
const TIMES: &str = "年月日季度末初第一二三四上下半本上期";
/// What a label may begin and end with that a question leaves out.
const BEFORE: &[&str] = &["截至", "截止", "报告期末", "报告期", "期末", "年末", "本期", "本年"];
const BEHIND: &[&str] = &["总数", "总额", "数", "量", "额"];
/// A cell that names a row by words alone has at least so many characters.
const SHORTEST_NAME: usize = 4;
/// Words of a question, and of headers of what it asks for.
const ASKED: &[(&[&str], &[&str])] = &[
    (&["第几", "名次", "排名", "排第"], &["排名", "名次", "位次", "序号", "排序"]),
    (&["什么时候", "何时", "哪天", "哪一天", "哪年"], &["时间", "日期", "年份"]),
    (&["哪里", "什么地方", "哪个地", "何地"], &["地点", "地区", "区域", "地址"]),
];

/// A row that the question names.
#[derive(Clone, Copy)]
pub(super) struct Named<'a, 'b> {
    pub(super) row: &'a Row<'b>,
    /// How many pairs of characters its name has.
    pub(super) pairs: usize,
}

/// The row with the longest name that stands in the question.
pub(super) fn named<'a, 'b>(
    query: &Query,
    questions: &[String],
    rows: &'a [Row<'b>],
) -> Option<Named<'a, 'b>> {
    let mut best: Option<(usize, &Row<'_>)> = None;
    for row in rows {
        let labelled = match query.asks {
            Asks::Number | Asks::Date => shared_label(questions, row),
            _ => 0,
        };
        let is_alone = |cell: &str| {
            let others = rows
                .iter()
                .filter(|other| other.place == row.place && other.part.block == row.part.block);
            others.filter(|other| other.cells.contains(&cell)).count() == 1
        };
        let length = labelled.max(shared_cell(query, &questions[0], row, &is_alone));
        if length > best.map_or(0, |(longest, _)| longest) {
            best = Some((length, row));
        }
    }
    best.map(|(length, row)| Named { row, pairs: length - 1 })
}

/// How long a row's label is, in characters, if it stands in the question and a figure behind it.
pub(super) fn shared_label(questions: &[String], row: &Row<'_>) -> usize {
    let label = row.label();
    let has_figure =
        row.cells.iter().skip(1).any(|cell| cell.contains(|ch: char| ch.is_ascii_digit()));
    let short = core(&label);
    let is_named = |label: &str| {
        let says = label.chars().filter(|ch| !ch.is_ascii_digit() && !TIMES.contains(*ch)).count();
        says > 1 && questions.iter().any(|question| names(question, label))
    };
    match [label.as_str(), short].into_iter().find(|label| is_named(label)) {
        Some(label) if has_figure => label.chars().count(),
        _ => 0,
    }
}

/// A label without what says when and how it is counted: 用户数 asks for 多少用户.
fn core(label: &str) -> &str {
    let mut core = label;
    for word in BEFORE {
        core = core.strip_prefix(word).unwrap_or(core);
    }
    BEHIND.iter().find_map(|word| core.strip_suffix(word)).unwrap_or(core)
}

/// Whether a question names a label; behind 占 it is what another one is a share of.
pub(super) fn names(question: &str, label: &str) -> bool {
    let mut places = question.match_indices(label);
    places.any(|(at, _)| !question[..at].ends_with('占'))
}

/// How long the longest cell of words is that stands in the question, beside a word of the header,
/// and in no other row.
fn shared_cell(
    query: &Query,
    question: &str,
    row: &Row<'_>,
    is_alone: &dyn Fn(&str) -> bool,
) -> usize {
    let is_number = matches!(query.asks, Asks::Number | Asks::Date);
    if query.asks == Asks::Reason {
        return 0;
    }
    let title = bare(row.ranked.stored.meta.title.as_deref().unwrap_or_default());
    let shortest = if is_number { 2 } else { SHORTEST_NAME };
    let length = |cell: &&str| {
        let name = plain(cell).trim_matches(['《', '》']).to_owned();
        let is_name = name.chars().count() >= shortest
            && name.chars().filter(|ch| ch.is_alphabetic() && !TIMES.contains(*ch)).count() > 1
            && !title.contains(&name)
            && names(question, &name)
            && asks_column(&question.replacen(&name, "", 1), &row.header)
            && is_alone(cell);
        if is_name { name.chars().count() } else { 0 }
    };
    row.cells.iter().map(length).max().unwrap_or(0)
}

/// Whether a question without the name of the row says a word of a column's header.
fn asks_column(question: &str, header: &[&str]) -> bool {
    let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    header.iter().map(|cell| plain(cell)).any(|cell| {
        ASKED.iter().any(|(asks, heads)| has(question, asks) && has(&cell, heads))
            || fit::pairs(&cell).iter().any(|pair| question.contains(pair.as_str()))
    })
}

/// A label without its number, 其中：, and what stands in brackets.
pub(super) fn plain(label: &str) -> String {
    let mut label = label.trim();
    if marker(label).is_some() {
        let numbered = label.split_once(['、', '.', '．', ')', '）']);
        label = numbered.map_or(label, |(_, behind)| behind);
    }
    let label = bare(label);
    let label = label.rsplit_once(':').map_or(label.as_str(), |(_, behind)| behind);
    let mut depth = 0_usize;
    let mut out = String::with_capacity(label.len());
    for ch in label.chars() {
        match ch {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(ch),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::rows::tests::table;
    use super::super::rows::{rows, wordings};
    use super::*;
    use crate::query::understand;
    use crate::retrieve::Ranked;

    fn found(question: &str, tables: &[&str]) -> Option<String> {
        let query = understand(question);
        let ranked: Vec<Ranked> =
            tables.iter().zip(0..).map(|(text, ordinal)| table(ordinal, text)).collect();
        let rows = rows(&ranked);
        let named = named(&query, &wordings(&query), &rows)?;
        Some(named.row.cells.join(" "))
    }

    #[test]
    fn a_row_is_named_by_its_whole_label() {
        let question = "远山通信2022年末的应收账款有多少？";
        for (row, is_named) in [
            ("应收账款\t960\t880", true),
            ("其中：应收账款（万元）\t960", true),
            ("3、应收账款\t960", true),
            ("期末应收账款总额\t960", true),
            ("应收账款周转率\t12", false),
            ("应收账款\t回款放缓", false),
            ("2022年末\t960", false),
            ("应收账款", false),
        ] {
            assert_eq!(found(question, &[row]).is_some(), is_named, "{row}");
        }
        let share = "算力业务占应收账款的百分之几？";
        assert_eq!(found(share, &["应收账款\t960\n算力业务\t96"]), Some("算力业务 96".to_owned()));
    }

    #[test]
    fn a_row_is_named_by_a_cell_where_the_header_is_asked_for() {
        let cities = "#排名\t城市\t省份\n1\t雪岭\t北省\n2\t松涛岛\t南省";
        let files = "#印发部门\t发布时间\t文件\n甲部\t三月\t算力建设指南\n乙部\t四月\t网络安全办法";
        for (question, expected) in [
            ("松涛岛在算力城市里排第几？", Some("2 松涛岛 南省")),
            ("松涛岛有多少个机房？", None),
            ("网络安全办法是哪个部门印发的？", Some("乙部 四月 网络安全办法")),
            ("网络安全办法说了什么？", None),
        ] {
            assert_eq!(found(question, &[cities, files]).as_deref(), expected, "{question}");
        }
    }
}
