//! Numbers in Chinese digits, for the formats `[DBNum1]` and `[DBNum2]`.

const DIGITS: [[char; 10]; 2] = [
    ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
    ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'],
];
const SMALL: [[&str; 4]; 2] = [["", "十", "百", "千"], ["", "拾", "佰", "仟"]];
const LARGE: [&str; 4] = ["", "万", "亿", "万亿"];

fn kind(chinese: u8) -> usize {
    usize::from(chinese == 2)
}

/// Digit by digit, as years are written.
pub(super) fn digits(text: &str, chinese: u8) -> String {
    let digit = |ch: char| ch.to_digit(10).map_or(ch, |d| DIGITS[kind(chinese)][d as usize]);
    text.chars().map(digit).collect()
}

/// As a number is said; `whole` has only digits. More than 16 of them are given one by one.
pub(super) fn number(whole: &str, chinese: u8) -> String {
    let values: Vec<usize> =
        whole.chars().filter_map(|ch| Some(ch.to_digit(10)? as usize)).collect();
    if values.len() > 16 {
        return digits(whole, chinese);
    }
    let kind = kind(chinese);
    let zero = DIGITS[kind][0];
    let mut out = String::new();
    let mut gap = false;
    let groups = values.len().div_ceil(4);
    for nth in 0..groups {
        let left = groups - 1 - nth;
        let end = values.len() - left * 4;
        let group = &values[end.saturating_sub(4)..end];
        if group.iter().all(|value| *value == 0) {
            gap = true;
            continue;
        }
        if !out.is_empty() && (gap || group[0] == 0) {
            out.push(zero);
        }
        gap = false;
        push_group(&mut out, group, kind);
        out.push_str(LARGE[left.min(3)]);
    }
    if out.is_empty() { zero.to_string() } else { out }
}

/// Up to four digits, of which one is not zero.
fn push_group(out: &mut String, group: &[usize], kind: usize) {
    let (mut begun, mut gap) = (false, false);
    for (nth, &value) in group.iter().enumerate() {
        let power = group.len() - 1 - nth;
        if value == 0 {
            gap = begun;
            continue;
        }
        if gap {
            out.push(DIGITS[kind][0]);
        }
        gap = false;
        // 十二, not 一十二.
        if !(kind == 0 && out.is_empty() && value == 1 && power == 1) {
            out.push(DIGITS[kind][value]);
        }
        out.push_str(SMALL[kind][power]);
        begun = true;
    }
}
