//! Takes a number format's code apart: ECMA-376 part 1, 18.8.31.

/// One section of a code: what is shown for numbers of one sign, or for text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Section {
    pub(super) pieces: Vec<Piece>,
    /// `[>=100]`: when the section applies.
    pub(super) condition: Option<(Comparison, f64)>,
    /// Separators of thousands.
    pub(super) grouped: bool,
    /// By how many powers of ten the number is scaled: 2 for a percent sign, −3 for a comma at the
    /// end.
    pub(super) scale: i32,
    /// `[DBNum1]`, `[DBNum2]`: Chinese digits.
    pub(super) chinese: u8,
    /// Names of days and months in Chinese.
    pub(super) chinese_names: bool,
    /// The code of the system's own date or time, which stands for the whole section.
    system: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

impl Comparison {
    pub(super) fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Self::Less => value < limit,
            Self::LessOrEqual => value <= limit,
            Self::Equal => value == limit,
            Self::NotEqual => value != limit,
            Self::GreaterOrEqual => value >= limit,
            Self::Greater => value > limit,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(String),
    /// `0`, `#` or `?`.
    Digit(char),
    Point,
    /// `E+` (true) or `E-`.
    Exponent(bool),
    /// The bar of a fraction.
    Slash,
    General,
    /// `@`.
    Text,
    /// A part of a date or time; how often its letter stands there.
    Year(usize),
    Month(usize),
    Minute(usize),
    Day(usize),
    /// `aaa`, `aaaa`: the day of the week in Chinese.
    Weekday(usize),
    Hour(usize),
    Second(usize),
    /// Digits behind the second.
    Split(usize),
    /// `AM/PM`, `A/P`, `上午/下午`: what stands for morning and afternoon.
    Half(&'static str, &'static str),
    /// `[h]`, `[m]`, `[s]`: time that has passed in all.
    Elapsed(char, usize),
}

impl Piece {
    fn is_time(&self) -> bool {
        !matches!(
            self,
            Self::Literal(_)
                | Self::Digit(_)
                | Self::Point
                | Self::Exponent(_)
                | Self::Slash
                | Self::General
                | Self::Text
        )
    }
}

impl Section {
    /// Whether it shows a date or time.
    pub(super) fn is_time(&self) -> bool {
        self.pieces.iter().any(Piece::is_time)
    }

    pub(super) fn has(&self, piece: &Piece) -> bool {
        self.pieces.contains(piece)
    }
}

/// A code longer than this is cut off, in characters; Excel allows 255.
const LONGEST: usize = 1024;

/// The system's long date and time, as a Chinese Windows has them.
const LONG_DATE: &str = "yyyy年m月d日";
const LONG_TIME: &str = "h:mm:ss";

/// The sections of a code.
pub(super) fn sections(code: &str) -> Vec<Section> {
    let chars: Vec<char> = code.chars().take(LONGEST).collect();
    let mut out = vec![Section::default()];
    let mut at = 0;
    while at < chars.len() {
        if chars[at] == ';' {
            out.push(Section::default());
            at += 1;
            continue;
        }
        let last = out.len() - 1;
        at = piece(&chars, at, &mut out[last]);
    }
    for section in &mut out {
        settle(section);
    }
    out
}

/// Reads the piece at `at` into the section; gives where the next one begins.
fn piece(chars: &[char], at: usize, section: &mut Section) -> usize {
    let rest = &chars[at..];
    let literal = |section: &mut Section, text: String| match section.pieces.last_mut() {
        Some(Piece::Literal(before)) => before.push_str(&text),
        _ => section.pieces.push(Piece::Literal(text)),
    };
    match rest[0] {
        '"' => {
            let end = rest[1..].iter().position(|ch| *ch == '"').unwrap_or(rest.len() - 1);
            literal(section, rest[1..1 + end].iter().collect());
            return at + end + 2;
        }
        '\\' | '!' => {
            literal(section, rest.get(1).iter().copied().collect());
            return at + 2;
        }
        '_' => {
            literal(section, " ".to_owned());
            return at + 2;
        }
        '*' => return at + 2,
        '[' => {
            let end = rest.iter().position(|ch| *ch == ']').unwrap_or(rest.len());
            let inner: String = rest[1..end].iter().collect();
            if let Some(text) = bracket(&inner, section) {
                literal(section, text);
            }
            return at + end + 1;
        }
        ch @ ('0' | '#' | '?') => section.pieces.push(Piece::Digit(ch)),
        '.' => return point(rest, at, section),
        ',' => comma(rest, section),
        '%' => {
            section.scale += 2;
            literal(section, "%".to_owned());
        }
        '/' if matches!(section.pieces.last(), Some(Piece::Digit(_))) => {
            section.pieces.push(Piece::Slash);
        }
        'E' | 'e' if matches!(rest.get(1), Some('+' | '-')) => {
            section.pieces.push(Piece::Exponent(rest[1] == '+'));
            return at + 2;
        }
        '@' => section.pieces.push(Piece::Text),
        first => {
            if let Some((piece, length)) = word(rest) {
                section.pieces.push(piece);
                return at + length;
            }
            literal(section, first.to_string());
        }
    }
    at + 1
}

/// A point is that of a number, or of a second's fraction.
fn point(rest: &[char], at: usize, section: &mut Section) -> usize {
    let zeros = rest[1..].iter().take_while(|ch| **ch == '0').count();
    let behind = section.pieces.iter().rev().find(|piece| !matches!(piece, Piece::Literal(_)));
    let seconds = matches!(behind, Some(Piece::Second(_) | Piece::Elapsed('s', _)));
    if seconds && zeros > 0 {
        section.pieces.push(Piece::Split(zeros));
        return at + 1 + zeros;
    }
    section.pieces.push(Piece::Point);
    at + 1
}

/// A comma between digits groups them, one behind the last digit divides by a thousand.
fn comma(rest: &[char], section: &mut Section) {
    let behind_digit = matches!(section.pieces.last(), Some(Piece::Digit(_) | Piece::Point));
    let next = rest.iter().find(|ch| **ch != ',');
    if behind_digit && matches!(next, Some('0' | '#' | '?')) {
        section.grouped = true;
    } else if behind_digit {
        section.scale -= 3;
    } else {
        section.pieces.push(Piece::Literal(",".to_owned()));
    }
}

/// What stands in brackets: elapsed time, currency, condition; colours are left out.
fn bracket(inner: &str, section: &mut Section) -> Option<String> {
    let lower = inner.to_ascii_lowercase();
    if let Some(letter) = lower.chars().next().filter(|ch| matches!(ch, 'h' | 'm' | 's'))
        && lower.chars().all(|ch| ch == letter)
    {
        section.pieces.push(Piece::Elapsed(letter, lower.len()));
        return None;
    }
    if let Some(rest) = inner.strip_prefix('$') {
        let (symbol, locale) = rest.split_once('-').unwrap_or((rest, ""));
        section.chinese_names |= locale.ends_with("804") || locale.eq_ignore_ascii_case("zh-CN");
        match locale.to_ascii_uppercase().as_str() {
            "F800" => section.system = Some(LONG_DATE),
            "F400" => section.system = Some(LONG_TIME),
            _ => {}
        }
        return Some(symbol.to_owned());
    }
    match lower.as_str() {
        "dbnum1" => section.chinese = 1,
        "dbnum2" => section.chinese = 2,
        _ => section.condition = section.condition.or_else(|| condition(inner)),
    }
    None
}

fn condition(inner: &str) -> Option<(Comparison, f64)> {
    let operators = [
        ("<=", Comparison::LessOrEqual),
        (">=", Comparison::GreaterOrEqual),
        ("<>", Comparison::NotEqual),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
        ("=", Comparison::Equal),
    ];
    operators.iter().find_map(|(sign, comparison)| {
        Some((*comparison, inner.strip_prefix(sign)?.trim().parse().ok()?))
    })
}

/// A letter's piece and its length in characters.
fn word(rest: &[char]) -> Option<(Piece, usize)> {
    let starts = |text: &str| {
        text.chars()
            .enumerate()
            .all(|(nth, ch)| rest.get(nth).is_some_and(|own| own.eq_ignore_ascii_case(&ch)))
    };
    let fixed = [
        ("General", Piece::General),
        ("G/通用格式", Piece::General),
        ("AM/PM", Piece::Half("AM", "PM")),
        ("A/P", Piece::Half("A", "P")),
        ("上午/下午", Piece::Half("上午", "下午")),
    ];
    for (text, piece) in fixed {
        if starts(text) {
            return Some((piece, text.chars().count()));
        }
    }
    let letter = rest[0].to_ascii_lowercase();
    let count = rest.iter().take_while(|ch| ch.to_ascii_lowercase() == letter).count();
    let piece = match letter {
        'y' => Piece::Year(count),
        'e' => Piece::Year(4),
        'm' => Piece::Month(count),
        'd' => Piece::Day(count),
        'h' => Piece::Hour(count),
        's' => Piece::Second(count),
        'a' if count >= 3 => Piece::Weekday(count),
        _ => return None,
    };
    Some((piece, count))
}

/// Decides what is only clear from the whole section: `m` next to hours or seconds is minutes.
fn settle(section: &mut Section) {
    if let Some(code) = section.system.take() {
        section.pieces = sections(code).swap_remove(0).pieces;
    }
    let time: Vec<usize> =
        (0..section.pieces.len()).filter(|&at| section.pieces[at].is_time()).collect();
    for (nth, &at) in time.iter().enumerate() {
        let Piece::Month(count @ 1..=2) = section.pieces[at] else { continue };
        let before =
            nth.checked_sub(1).and_then(|nth| time.get(nth)).map(|&at| &section.pieces[at]);
        let after = time.get(nth + 1).map(|&at| &section.pieces[at]);
        if matches!(before, Some(Piece::Hour(_) | Piece::Elapsed('h', _)))
            || matches!(after, Some(Piece::Second(_) | Piece::Elapsed('s', _)))
        {
            section.pieces[at] = Piece::Minute(count);
        }
    }
}
