//! Numbers by a section of digits: decimals, thousands, percent, exponent, fraction.

use super::chinese;
use super::code::{Piece, Section};
use super::decimal::{Decimal, general};

/// A number by a section without dates.
pub(super) fn show(section: &Section, value: f64) -> String {
    let mut decimal = Decimal::of(value).shifted(section.scale);
    let pieces = &section.pieces;
    if pieces.iter().any(|piece| matches!(piece, Piece::General)) {
        return with_general(section, value);
    }
    let digit = |piece: &&Piece| matches!(piece, Piece::Digit(_));
    if !pieces.iter().any(|piece| digit(&piece)) {
        // A section of words alone; `@` in it stands for the number.
        return signed(value < 0.0 && pieces.contains(&Piece::Text), words(pieces, value));
    }
    if let Some(at) = pieces.iter().position(|piece| *piece == Piece::Slash) {
        return signed(value < 0.0, fraction(pieces, at, &decimal, value.abs()));
    }
    let exponent = pieces.iter().position(|piece| matches!(piece, Piece::Exponent(_)));
    let mantissa = &pieces[..exponent.unwrap_or(pieces.len())];
    let point = mantissa.iter().position(|piece| *piece == Piece::Point);
    let whole_end = point.unwrap_or(mantissa.len());
    let decimals = mantissa[whole_end..].iter().filter(digit).count();
    let mut power = 0;
    if exponent.is_some() {
        // `##0.0E+0` has exponents that are multiples of three.
        let step = mantissa[..whole_end].iter().filter(digit).count().max(1) as i32;
        power = decimal.exponent().div_euclid(step) * step;
        let rounded = decimal.clone().shifted(-power).rounded(decimals);
        if rounded.exponent() >= step {
            power += step;
        }
        decimal = decimal.shifted(-power);
    }
    let decimal = decimal.rounded(decimals);
    let negative = value < 0.0 && !decimal.is_zero();
    let mut whole = decimal.whole();
    if section.chinese > 0 && point.is_none() && exponent.is_none() {
        whole = if whole.is_empty() { "0".to_owned() } else { whole };
        return signed(negative, in_chinese(pieces, &whole, section.chinese));
    }
    let mut out = whole_part(&mantissa[..whole_end], &whole, section.grouped);
    if point.is_some() {
        out.push_str(&fraction_part(&mantissa[whole_end + 1..], &decimal.fraction(decimals)));
    }
    if let Some(at) = exponent {
        let plus = pieces[at] == Piece::Exponent(true);
        out.push('E');
        out.push_str(if power < 0 {
            "-"
        } else if plus {
            "+"
        } else {
            ""
        });
        out.push_str(&whole_part(&pieces[at + 1..], &power.unsigned_abs().to_string(), false));
    }
    signed(negative, out)
}

/// A minus sign in front where the number is negative.
fn signed(negative: bool, text: String) -> String {
    if negative { format!("-{}", text.trim_start()) } else { text }
}

fn with_general(section: &Section, value: f64) -> String {
    let text = match section.chinese {
        0 => general(value.abs()),
        chinese => chinese_general(value, chinese),
    };
    let part = |piece: &Piece| match piece {
        Piece::General => text.clone(),
        Piece::Literal(literal) => literal.clone(),
        _ => String::new(),
    };
    signed(value < 0.0, section.pieces.iter().map(part).collect())
}

fn chinese_general(value: f64, chinese: u8) -> String {
    let text = general(value.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = chinese::number(whole, chinese);
    if !rest.is_empty() {
        out.push('.');
        out.push_str(&chinese::digits(rest, chinese));
    }
    out
}

fn words(pieces: &[Piece], value: f64) -> String {
    let part = |piece: &Piece| match piece {
        Piece::Text => general(value.abs()),
        Piece::Literal(literal) => literal.clone(),
        _ => String::new(),
    };
    pieces.iter().map(part).collect()
}

fn in_chinese(pieces: &[Piece], whole: &str, chinese: u8) -> String {
    let mut out = String::new();
    let mut shown = false;
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Digit(_) if !shown => {
                out.push_str(&chinese::number(whole, chinese));
                shown = true;
            }
            _ => {}
        }
    }
    out
}

/// The digits before the point, put on their places from the right; literals stay between them.
fn whole_part(pieces: &[Piece], whole: &str, grouped: bool) -> String {
    let places = pieces.iter().filter(|piece| matches!(piece, Piece::Digit(_))).count();
    let digits: Vec<char> = whole.chars().collect();
    let mut out = String::new();
    // How many digits and places stand to the right of the next one.
    let mut right = places.max(digits.len());
    let put = |out: &mut String, right: usize, fill: char| {
        let digit = digits.len().checked_sub(right + 1).and_then(|at| digits.get(at));
        match (digit, fill) {
            (Some(digit), _) => out.push(*digit),
            (None, '0') => out.push('0'),
            (None, '?') => out.push(' '),
            _ => return,
        }
        if grouped && right > 0 && right.is_multiple_of(3) {
            out.push(',');
        }
    };
    let mut first = true;
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Digit(fill) => {
                // The first place takes all the digits that are too many.
                let take = if first { right + 1 - places } else { 1 };
                first = false;
                for _ in 0..take {
                    right -= 1;
                    put(&mut out, right, *fill);
                }
            }
            _ => {}
        }
    }
    out
}

/// The digits behind the point, zeros at the end of optional places left out.
fn fraction_part(pieces: &[Piece], digits: &str) -> String {
    let mut out = String::from(".");
    let mut digits = digits.chars();
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Digit(fill) => {
                let digit = digits.next().unwrap_or('0');
                let nothing = digit == '0' && digits.as_str().chars().all(|ch| ch == '0');
                match fill {
                    '#' if nothing => {}
                    '?' if nothing => out.push(' '),
                    _ => out.push(digit),
                }
            }
            _ => {}
        }
    }
    out
}

/// A fraction such as `# ?/?`: the nearest one whose denominator has so many digits, or the given
/// denominator.
fn fraction(pieces: &[Piece], slash: usize, decimal: &Decimal, value: f64) -> String {
    let behind = &pieces[slash + 1..];
    let places = behind.iter().filter(|piece| matches!(piece, Piece::Digit(_))).count();
    let fixed = behind.iter().find_map(|piece| match piece {
        Piece::Literal(text) => text.trim().parse::<u64>().ok().filter(|number| *number > 0),
        _ => None,
    });
    let most = 10_u64.pow(places.clamp(1, 4) as u32) - 1;
    let mixed = pieces[..slash].iter().any(|piece| matches!(piece, Piece::Literal(_)));
    if value >= 1e15 {
        return decimal.clone().rounded(0).whole();
    }
    let whole = if mixed { value.floor() } else { 0.0 };
    let part = value - whole;
    let (over, under) = match fixed {
        Some(under) => ((part * under as f64).round() as u64, under),
        None => nearest(part, most),
    };
    let (whole, over) = if mixed && over == under { (whole + 1.0, 0) } else { (whole, over) };
    match (mixed, over) {
        (true, 0) => format!("{whole}"),
        (true, _) if whole > 0.0 => format!("{whole} {over}/{under}"),
        _ => format!("{over}/{under}"),
    }
}

/// The fraction nearest to a number among those with a denominator of at most `most`.
fn nearest(value: f64, most: u64) -> (u64, u64) {
    let (mut best, mut error) = ((value.round() as u64, 1), f64::MAX);
    for under in 1..=most {
        let over = (value * under as f64).round();
        let off = (over / under as f64 - value).abs();
        if off + 1e-12 < error {
            (best, error) = ((over as u64, under), off);
        }
    }
    best
}
