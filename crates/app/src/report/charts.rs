//! Bars and curves as SVG.

use std::fmt::Write;

use yuanwen_engine::eval::Bin;

/// The colours of this run and of the one that it is compared with.
const COLOURS: [&str; 2] = ["#2f6fde", "#9aa4b2"];
const LABEL: f64 = 150.0;
const BAR: f64 = 380.0;
const THICK: f64 = 14.0;

/// A label with a value for each run.
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) values: Vec<f64>,
}

/// Horizontal bars; the longest possible stands for `most`.
pub(super) fn bars(all: &[Bar], most: f64) -> String {
    let step = |bar: &Bar| THICK * bar.values.len() as f64 + 10.0;
    let height: f64 = all.iter().map(step).sum();
    let width = LABEL + BAR + 60.0;
    let mut out = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' role=img viewBox='0 0 {width} {height}' \
         width={width} height={height}>"
    );
    let mut y = 0.0;
    for bar in all {
        let middle = y + THICK * bar.values.len() as f64 / 2.0 + 4.0;
        let _ = write!(
            out,
            "<text x={} y={middle} text-anchor=end>{}</text>",
            LABEL - 8.0,
            super::escaped(&bar.label)
        );
        for (at, value) in bar.values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
            let top = y + THICK * at as f64;
            let long = BAR * (value / most).clamp(0.0, 1.0);
            let _ = write!(
                out,
                "<rect x={LABEL} y={top} width={long:.1} height={} fill='{}'/>\
                 <text x={:.1} y={}>{value:.1}</text>",
                THICK - 2.0,
                COLOURS[at % COLOURS.len()],
                LABEL + long + 6.0,
                top + THICK - 4.0,
            );
        }
        y += step(bar);
    }
    out + "</svg>"
}

/// The reliability curve: the share of right answers over their confidence, against the diagonal
/// of honest confidences. A larger dot stands for more answers.
pub(super) fn curve(bins: &[Bin]) -> String {
    const SIDE: f64 = 320.0;
    let at = |value: f64| 30.0 + value * (SIDE - 60.0);
    let (left, right) = (at(0.0), at(1.0));
    let (bottom, top) = (SIDE - left, SIDE - right);
    let mut out = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' role=img viewBox='0 0 {SIDE} {SIDE}' \
         width={SIDE} height={SIDE}><line x1={left} y1={bottom} x2={right} y2={top} \
         stroke='#9aa4b2' stroke-dasharray=4 /><path d='M{left} {top}V{bottom}H{right}' \
         fill=none stroke=currentColor /><text x={right} y={} text-anchor=end>置信度</text>\
         <text x={left} y={}>正确率</text>",
        bottom + 16.0,
        top - 6.0,
    );
    let all: usize = bins.iter().map(|bin| bin.answers).sum();
    for Bin { answers, confidence, right } in bins {
        let (x, y) = (at(*confidence), SIDE - at(*right));
        let radius = 3.0 + 9.0 * (*answers as f64 / all as f64).sqrt();
        let _ = write!(
            out,
            "<circle cx={x:.1} cy={y:.1} r={radius:.1} fill='{}' fill-opacity=.7>\
             <title>{answers} 个答案</title></circle>",
            COLOURS[0]
        );
    }
    out + "</svg>"
}
