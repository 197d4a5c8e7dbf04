//! The Chinese that a person reads, in one place so that it can be translated.

use yuanwen_engine::kb::Cells;
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
