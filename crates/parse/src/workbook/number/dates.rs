//! Serial numbers as dates and times (ECMA-376 part 1, 18.17.4).

use super::chinese;
use super::code::{Piece, Section};

const MILLISECONDS: i64 = 86_400_000;
/// The last day that a spreadsheet knows: 9999-12-31.
const LAST_DAY: f64 = 2_958_466.0;

/// A point in time.
struct Moment {
    year: i64,
    month: i64,
    day: i64,
    /// From Sunday.
    weekday: usize,
    /// Since midnight.
    millisecond: i64,
    /// Since the epoch.
    total: i64,
}

impl Moment {
    /// The moment of a serial number, rounded to so many digits behind the second.
    fn of(serial: f64, since_1904: bool, decimals: usize) -> Option<Self> {
        if !(0.0..LAST_DAY).contains(&serial) {
            return None;
        }
        let step = [1000, 100, 10].get(decimals).copied().unwrap_or(1);
        let total = (serial * MILLISECONDS as f64 / step as f64).round() as i64 * step;
        let (days, millisecond) = (total / MILLISECONDS, total % MILLISECONDS);
        let days = if since_1904 { days + 1462 } else { days };
        // Day 60 is the 29th of February 1900, which never was.
        let (year, month, day) = match days {
            0 => (1900, 1, 0),
            60 => (1900, 2, 29),
            _ => civil(if days < 60 { days + 1 } else { days } - 25_569),
        };
        let weekday = (days + 6).rem_euclid(7) as usize;
        Some(Self { year, month, day, weekday, millisecond, total })
    }
}

/// The date so many days after 1970-01-01: the algorithm `civil_from_days` of Howard Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms".
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

const WEEKDAYS: [(&str, char); 7] = [
    ("Sunday", '日'),
    ("Monday", '一'),
    ("Tuesday", '二'),
    ("Wednesday", '三'),
    ("Thursday", '四'),
    ("Friday", '五'),
    ("Saturday", '六'),
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A serial number by a section with dates or times; `None` if it is no date.
pub(super) fn show(section: &Section, serial: f64, since_1904: bool) -> Option<String> {
    let decimals = section.pieces.iter().find_map(|piece| match piece {
        Piece::Split(count) => Some(*count),
        _ => None,
    });
    let negative = serial < 0.0 && section.pieces.iter().any(|p| matches!(p, Piece::Elapsed(..)));
    let serial = if negative { -serial } else { serial };
    let moment = Moment::of(serial, since_1904, decimals.unwrap_or(0))?;
    let halves = section.pieces.iter().any(|piece| matches!(piece, Piece::Half(..)));
    let mut out = String::new();
    if negative {
        out.push('-');
    }
    for piece in &section.pieces {
        out.push_str(&part(piece, section, &moment, halves));
    }
    Some(out)
}

/// What one piece shows.
fn part(piece: &Piece, section: &Section, moment: &Moment, halves: bool) -> String {
    let padded = |value: i64, count: usize| {
        if section.chinese > 0 {
            return chinese::number(&value.to_string(), section.chinese);
        }
        if count >= 2 { format!("{value:02}") } else { value.to_string() }
    };
    let of_day = moment.millisecond;
    match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Point => ".".to_owned(),
        Piece::Slash => "/".to_owned(),
        Piece::Year(count) => {
            let year = format!("{:04}", moment.year);
            let year = if *count <= 2 { &year[year.len() - 2..] } else { &year };
            if section.chinese > 0 {
                chinese::digits(year, section.chinese)
            } else {
                year.to_owned()
            }
        }
        Piece::Month(count @ 3..) => month_name(moment.month, *count, section.chinese_names),
        Piece::Month(count) => padded(moment.month, *count),
        Piece::Day(count @ 3..) => {
            let (name, chinese) = WEEKDAYS[moment.weekday];
            match (section.chinese_names, count) {
                (true, 3) => format!("周{chinese}"),
                (true, _) => format!("星期{chinese}"),
                (false, 3) => name[..3].to_owned(),
                (false, _) => name.to_owned(),
            }
        }
        Piece::Day(count) => padded(moment.day, *count),
        Piece::Weekday(count) => {
            let name = WEEKDAYS[moment.weekday].1;
            if *count == 3 { name.to_string() } else { format!("星期{name}") }
        }
        Piece::Hour(count) => {
            let hour = of_day / 3_600_000;
            padded(if halves { (hour + 11) % 12 + 1 } else { hour }, *count)
        }
        Piece::Minute(count) => padded(of_day / 60_000 % 60, *count),
        Piece::Second(count) => padded(of_day / 1000 % 60, *count),
        Piece::Split(count) => {
            let digits = format!("{:03}", of_day % 1000);
            format!(".{:0<count$.count$}", digits, count = (*count).min(3))
        }
        Piece::Half(morning, afternoon) => {
            (if of_day < MILLISECONDS / 2 { morning } else { afternoon }).to_string()
        }
        Piece::Elapsed(unit, count) => {
            let unit = match unit {
                'h' => 3_600_000,
                'm' => 60_000,
                _ => 1000,
            };
            format!("{:0width$}", moment.total / unit, width = (*count).min(9))
        }
        _ => String::new(),
    }
}

fn month_name(month: i64, count: usize, in_chinese: bool) -> String {
    let name = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).unwrap_or(&"");
    match (in_chinese, count) {
        (true, 3) => format!("{month}月"),
        (true, _) => format!("{}月", chinese::number(&month.to_string(), 1)),
        (false, 3) => name.chars().take(3).collect(),
        (false, 5) => name.chars().take(1).collect(),
        (false, _) => (*name).to_owned(),
    }
}
