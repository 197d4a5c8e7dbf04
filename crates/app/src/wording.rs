//! The Chinese that a person reads, in one place so that it can be translated.

use yuanwen_engine::kb::Cells;
use yuanwen_engine::llm::{Missing, MissingKind};
use yuanwen_engine::query::Asks;

/// In front of the nearest passages.
pub(crate) const NOT_FOUND: &str = "没有找到答案。最接近的段落：";
/// Where nothing at all is near.
pub(crate) const NOTHING_NEAR: &str = "没有找到答案，也没有相近的段落。";
/// In front of the passages that an answer was chosen from.
pub(crate) const PASSAGES: &str = "相关段落：";
/// Between headings of a path.
pub(crate) const PATH: &str = " › ";
/// Between the facts of a line.
pub(crate) const AND: &str = " · ";
/// Where a passage is cut short for display.
pub(crate) const CUT: &str = "……";

/// In front of the original text, where a language model has written something before it.
pub(crate) const ORIGINAL: &str = "原文：";
/// In front of what a language model cites beyond the answer.
pub(crate) const ALSO_CITED: &str = "另外引用的原文：";

/// In front of what a language model writes.
pub(crate) fn written_by(model: &str) -> String {
    format!("{model} 的转述（逐句核对了引文，请以原文为准）：")
}

/// The number under which a language model cites a text.
pub(crate) fn number(number: usize) -> String {
    format!("[{number}] ")
}

/// Behind a sentence of a language model that its citations do not support.
pub(crate) fn unsupported(missing: &[Missing]) -> String {
    let lacks = |kinds: &[MissingKind], quote: &dyn Fn(&str) -> String| {
        let lacks = missing.iter().filter(|lack| kinds.contains(&lack.kind));
        lacks.map(|lack| quote(&lack.text)).collect::<Vec<_>>().join("、")
    };
    let plain = |text: &str| text.to_owned();
    let sources = lacks(&[MissingKind::Source], &plain);
    let kinds = [MissingKind::Figure, MissingKind::Date, MissingKind::Word, MissingKind::Name];
    let facts = lacks(&kinds, &|text| format!("“{text}”"));
    let mut reasons = Vec::new();
    if missing.iter().any(|lack| lack.kind == MissingKind::Citation) {
        reasons.push("没有引文".to_owned());
    }
    if !sources.is_empty() {
        reasons.push(format!("没有编号为{sources}的原文"));
    }
    if !facts.is_empty() {
        reasons.push(format!("所引原文里没有{facts}"));
    }
    format!("〔未经证实：{}〕", reasons.join("；"))
}

/// The page of a source.
pub(crate) fn page(page: u32) -> String {
    format!("第 {page} 页")
}

/// The cells of a workbook, sheet by sheet.
pub(crate) fn cells(cells: &[Cells]) -> Vec<String> {
    let sheet = |cells: &[Cells]| {
        let ranges: Vec<&str> = cells.iter().map(|cells| cells.range.as_str()).collect();
        match cells[0].sheet.as_str() {
            "" => format!("单元格 {}", ranges.join("、")),
            sheet => format!("工作表 {sheet} {}", ranges.join("、")),
        }
    };
    cells.chunk_by(|one, next| one.sheet == next.sheet).map(sheet).collect()
}

/// A kind of question.
pub(crate) fn asks(kind: Asks) -> &'static str {
    match kind {
        Asks::Number => "数值",
        Asks::Date => "时间",
        Asks::Person => "人物",
        Asks::Name => "名称",
        Asks::List => "列举",
        Asks::Reason => "原因",
        Asks::How => "情况",
        Asks::Other => "其他",
    }
}

/// How sure an answer is.
pub(crate) fn confidence(confidence: f64) -> &'static str {
    match confidence {
        sure if sure >= 0.8 => "把握：大",
        likely if likely >= 0.6 => "把握：中",
        _ => "把握：小",
    }
}
