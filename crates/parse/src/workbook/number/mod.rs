//! Numbers as a spreadsheet displays them: a number format's code (ECMA-376 part 1, 18.8.30 and
//! 18.8.31) applied to a value.
//!
//! Formats that depend on the language of the system are shown as on a Chinese one. Colours and
//! fill characters show nothing; a space as wide as a character shows a space.

mod chinese;
mod code;
mod dates;
mod decimal;
mod digits;

use std::borrow::Cow;

use code::{Piece, Section, sections};
pub(super) use decimal::general;

/// A number format.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Format {
    sections: Vec<Section>,
}

impl Format {
    /// The format of a code.
    pub(super) fn new(code: &str) -> Self {
        if code.trim().is_empty() || code.eq_ignore_ascii_case("general") {
            return Self::default();
        }
        Self { sections: sections(code) }
    }

    /// The format that a file refers to by its number alone.
    pub(super) fn built_in(id: u32) -> Self {
        Self::new(built_in(id))
    }

    /// What is displayed for a number; `since_1904` says from which day dates count.
    pub(super) fn number(&self, value: f64, since_1904: bool) -> String {
        if !value.is_finite() {
            return "#NUM!".to_owned();
        }
        let Some((section, value)) = self.choose(value) else { return general(value) };
        let shown = if section.is_time() {
            // A date before the first one is shown as a row of #; its number says more.
            dates::show(section, value, since_1904).unwrap_or_else(|| general(value))
        } else {
            digits::show(section, value)
        };
        shown.trim().to_owned()
    }

    /// What is displayed for a text.
    pub(super) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let section = match &self.sections[..] {
            [_, _, _, section, ..] => section,
            [.., section] if section.has(&Piece::Text) => section,
            _ => return Cow::Borrowed(text),
        };
        if section.pieces == [Piece::Text] {
            return Cow::Borrowed(text);
        }
        let part = |piece: &Piece| match piece {
            Piece::Text => text.to_owned(),
            Piece::Literal(literal) => literal.clone(),
            _ => String::new(),
        };
        Cow::Owned(section.pieces.iter().map(part).collect())
    }

    /// The section for a number, and the number that it shows: without its sign where the section
    /// is the one for negative numbers.
    fn choose(&self, value: f64) -> Option<(&Section, f64)> {
        let all = &self.sections[..self.sections.len().min(3)];
        let only_text = |section: &Section| section.pieces == [Piece::Text];
        if all.is_empty() || all.len() == 1 && only_text(&all[0]) {
            return None;
        }
        if all.iter().any(|section| section.condition.is_some()) {
            let holds = |section: &&Section| {
                section.condition.is_none_or(|(comparison, limit)| comparison.holds(value, limit))
            };
            let section = all.iter().find(holds).or(all.last())?;
            let signed = match section.condition {
                Some((_, limit)) => limit > 0.0 || value >= 0.0,
                None => true,
            };
            return Some((section, if signed { value } else { value.abs() }));
        }
        Some(match all {
            [positive, negative, ..] if value < 0.0 => {
                let own = if only_text(negative) { positive } else { negative };
                (own, value.abs())
            }
            [_, _, zero] if value == 0.0 && !only_text(zero) => (zero, value),
            [first, ..] => (first, value),
            [] => return None,
        })
    }
}

/// The codes that files do not write out, as a Chinese Excel has them.
fn built_in(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 => "\"¥\"#,##0;\"¥\"\\-#,##0",
        6 => "\"¥\"#,##0;[Red]\"¥\"\\-#,##0",
        7 => "\"¥\"#,##0.00;\"¥\"\\-#,##0.00",
        8 => "\"¥\"#,##0.00;[Red]\"¥\"\\-#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 => "yyyy/m/d",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "yyyy/m/d h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
        30 => "m-d-yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        32 => "h\"时\"mm\"分\"",
        33 => "h\"时\"mm\"分\"ss\"秒\"",
        34 | 55 => "上午/下午h\"时\"mm\"分\"",
        35 | 56 => "上午/下午h\"时\"mm\"分\"ss\"秒\"",
        37 | 38 => "#,##0_);(#,##0)",
        39 | 40 => "#,##0.00_);(#,##0.00)",
        41 => "_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ ",
        42 => "_ \"¥\"* #,##0_ ;_ \"¥\"* -#,##0_ ;_ \"¥\"* \"-\"_ ;_ @_ ",
        43 => "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
        44 => "_ \"¥\"* #,##0.00_ ;_ \"¥\"* -#,##0.00_ ;_ \"¥\"* \"-\"??_ ;_ @_ ",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => "",
    }
}

#[cfg(test)]
mod tests;
