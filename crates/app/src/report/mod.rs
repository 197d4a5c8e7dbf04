//! An evaluation as one HTML page that needs nothing else: figures, pictures, questions.

mod charts;

use std::fmt::Write;

use yuanwen_engine::eval::{Change, Comparison, DEPTHS, Report, Row};

use charts::{Bar, bars, curve};

/// So many of the worst questions are listed.
const WORST: usize = 30;

const STYLE: &str = "body{font:16px/1.6 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;\
    max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1e21;background:#fff}\
    h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}\
    table{border-collapse:collapse;width:100%;font-size:.9rem}\
    th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #dcdfe3}\
    td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\
    .good{color:#13703b}.bad{color:#b3261e}svg{max-width:100%;height:auto}\
    svg text{font:12px system-ui,sans-serif;fill:currentColor}\
    @media(prefers-color-scheme:dark){body{color:#e4e6ea;background:#17191c}\
    th,td{border-color:#383c42}.good{color:#6fd08c}.bad{color:#ff8a80}}";

/// The page. `other` is the run that this one is compared with.
pub(crate) fn page(report: &Report, other: Option<(&Report, &Comparison)>) -> String {
    let mut out = String::from("<!doctype html><html lang=zh><meta charset=utf-8>");
    let _ = write!(
        out,
        "<meta name=viewport content='width=device-width'><title>评测报告</title>\
         <style>{STYLE}</style><h1>评测报告</h1><p>{} 个有标注的问题。</p>",
        report.questions
    );
    out += "<h2>指标</h2>";
    out += &figures(report, other.map(|(other, _)| other));
    if let Some((_, comparison)) = other {
        out += &compared(comparison);
    }
    out += "<h2>各类问题的得分</h2>";
    out += &bars(&by_kind(report, other.map(|(other, _)| other)), 100.0);
    out += "<h2>前 k 段含答案的比例</h2>";
    out += &bars(&by_depth(report, other.map(|(other, _)| other)), 100.0);
    if let Some(calibration) = &report.calibration {
        out += "<h2>置信度与实际正确率</h2>";
        out += &curve(&calibration.bins);
    }
    out += "<h2>答案长度与标注长度之比</h2>";
    let lengths = lengths(report, other.map(|(other, _)| other));
    let most = lengths.iter().flat_map(|bar| bar.values.clone()).fold(1.0, f64::max);
    out += &bars(&lengths, most);
    out += "<h2>得分最低的问题</h2>";
    out += &worst(report);
    out
}

fn figures(report: &Report, other: Option<&Report>) -> String {
    let mut out = String::from("<table><tr><th>指标<th class=n>本次");
    out += if other.is_some() { "<th class=n>对照<th class=n>差</tr>" } else { "</tr>" };
    let others = other.map(named_figures);
    for (at, (name, own)) in named_figures(report).into_iter().enumerate() {
        let _ = write!(out, "<tr><td>{name}<td class=n>{}", number(own));
        if let Some((_, other)) = others.as_ref().and_then(|others| others.get(at)) {
            let _ =
                write!(out, "<td class=n>{}<td class=n>{}", number(*other), signed(own - other));
        }
        out += "</tr>";
    }
    out + "</table>"
}

fn named_figures(report: &Report) -> Vec<(String, f64)> {
    let mut out = vec![
        ("总分".to_owned(), report.bdci),
        ("关键词".to_owned(), report.keywords),
        ("相似度".to_owned(), report.similarity),
        ("文档正确".to_owned(), report.doc),
        ("页码正确".to_owned(), report.page),
        ("给出答案".to_owned(), report.given),
        ("其中错误".to_owned(), report.wrong),
    ];
    out.extend(DEPTHS.iter().map(|depth| format!("召回@{depth}")).zip(report.recall));
    out
}

fn number(value: f64) -> String {
    if value.is_nan() { "–".to_owned() } else { format!("{value:.1}") }
}

fn signed(value: f64) -> String {
    match value {
        value if value.is_nan() => "–".to_owned(),
        value if value >= 0.05 => format!("<span class=good>+{value:.1}</span>"),
        value if value <= -0.05 => format!("<span class=bad>−{:.1}</span>", -value),
        _ => "0.0".to_owned(),
    }
}

fn compared(comparison: &Comparison) -> String {
    let Comparison { before, after, low, high, wins, losses, .. } = comparison;
    let mut out = format!(
        "<h2>逐题比较</h2><p>{} 题中 {wins} 题更好，{losses} 题更差；总分差 {}，95 % 区间 \
         {low:.1} 至 {high:.1}（自助法）。</p>",
        comparison.questions,
        signed(after - before),
    );
    out += "<table><tr><th class=n>题号<th>问题<th class=n>对照<th class=n>本次<th class=n>差</tr>";
    for Change { id, question, before, after } in &comparison.changes {
        let _ = write!(
            out,
            "<tr><td class=n>{id}<td>{}<td class=n>{before:.2}<td class=n>{after:.2}\
             <td class=n>{}</tr>",
            escaped(question),
            signed(100.0 * (after - before)),
        );
    }
    out + "</table>"
}

fn by_kind(report: &Report, other: Option<&Report>) -> Vec<Bar> {
    let mut kinds: Vec<_> = report.rows.iter().map(|row| row.asks).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let reports: Vec<&Report> = std::iter::once(report).chain(other).collect();
    let bar = |kind| {
        let own = |report: &&Report| -> Vec<f64> {
            let rows = report.rows.iter().filter(|row| row.asks == kind);
            rows.map(|row| row.score).collect()
        };
        let mean = |scores: Vec<f64>| 100.0 * scores.iter().sum::<f64>() / scores.len() as f64;
        let label = format!("{}（{}）", crate::wording::asks(kind), own(&report).len());
        Bar { label, values: reports.iter().map(own).map(mean).collect() }
    };
    kinds.into_iter().map(bar).collect()
}

fn by_depth(report: &Report, other: Option<&Report>) -> Vec<Bar> {
    let reports: Vec<&Report> = std::iter::once(report).chain(other).collect();
    let bar = |(at, depth): (usize, &usize)| Bar {
        label: format!("k = {depth}"),
        values: reports.iter().map(|report| report.recall[at]).collect(),
    };
    DEPTHS.iter().enumerate().map(bar).collect()
}

fn lengths(report: &Report, other: Option<&Report>) -> Vec<Bar> {
    const ENDS: [f64; 6] = [0.5, 1.0, 1.5, 2.5, 5.0, f64::INFINITY];
    let reports: Vec<&Report> = std::iter::once(report).chain(other).collect();
    let mut begin = 0.0;
    let mut out = Vec::new();
    for end in ENDS {
        let within = |row: &&Row| row.length >= begin && row.length < end;
        let count = |report: &&Report| report.rows.iter().filter(within).count() as f64;
        let label = if end.is_finite() {
            format!("{begin}–{end} 倍")
        } else {
            format!("{begin} 倍以上")
        };
        out.push(Bar { label, values: reports.iter().map(count).collect() });
        begin = end;
    }
    out
}

fn worst(report: &Report) -> String {
    let mut out = String::from(
        "<table><tr><th class=n>题号<th>问题<th class=n>得分<th class=n>关键词\
         <th class=n>相似度<th class=n>名次</tr>",
    );
    for Row { id, question, score, kw, es, rank, .. } in report.worst(WORST) {
        let rank = rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
        let _ = write!(
            out,
            "<tr><td class=n>{id}<td>{}<td class=n>{score:.2}<td class=n>{kw:.2}\
             <td class=n>{es:.2}<td class=n>{rank}</tr>",
            escaped(question),
        );
    }
    out + "</table>"
}

/// As text inside an element.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use yuanwen_engine::eval::calibrate;

    use super::*;

    fn report(score: f64) -> Report {
        let row = Row {
            id: 7,
            question: "<b>远山通信</b>的营收？".to_owned(),
            score,
            length: 1.2,
            confidence: Some(0.8),
            ..Row::default()
        };
        let mut report =
            Report { questions: 1, bdci: 100.0 * score, rows: vec![row], ..Report::default() };
        calibrate(&mut report, &[], &HashMap::new());
        report
    }

    #[test]
    fn the_page_is_whole_and_holds_no_foreign_markup() {
        let alone = page(&report(0.5), None);
        assert!(alone.starts_with("<!doctype html>") && alone.contains("总分"));
        assert!(alone.contains("&lt;b&gt;远山通信") && !alone.contains("<b>"));
        assert_eq!(alone.matches("<svg").count(), 4);
        assert!(!alone.contains("NaN") && !alone.contains("逐题比较"));
    }

    #[test]
    fn two_runs_stand_side_by_side() {
        let (run, other) = (report(0.75), report(0.5));
        let comparison = yuanwen_engine::eval::compare(&run, &other);
        let both = page(&run, Some((&other, &comparison)));
        assert!(both.contains("1 题更好，0 题更差") && both.contains("+25.0"), "{both}");
    }
}
