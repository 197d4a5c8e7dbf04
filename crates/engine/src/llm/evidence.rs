//! Whether what a sentence says stands in the text that it cites.
//!
//! Looked for are figures, dates, Latin words and names in marks; that these stand there does not
//! make the sentence true, that one does not makes it doubtful. A figure may be written in another
//! way (四十二天, 42 天; 3.5亿元, 35000万元). Figures of a table stand apart from their unit, which
//! then must stand elsewhere in the text.

use std::collections::BTreeSet;

use super::date::Date;
use super::facts::{Fact, Figure, facts};
use super::numeral::power;
use crate::text::normalize::bare;

/// A text that sentences are checked against.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    figures: Vec<Figure>,
    dates: Vec<Date>,
    years: BTreeSet<u16>,
    words: BTreeSet<String>,
    bare: String,
}

impl Evidence {
    /// What these texts hold together.
    pub(super) fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut out = Self::default();
        for text in texts {
            for found in facts(text) {
                out.add(found.fact);
            }
            out.bare += &bare(text);
            out.bare.push('\n');
        }
        out
    }

    fn add(&mut self, fact: Fact) {
        match fact {
            Fact::Figure(figure) => {
                let whole = figure.number.whole().filter(|_| figure.power == 0);
                self.years.extend(whole.and_then(|year| u16::try_from(year).ok()));
                self.words.insert(figure.unit.clone());
                self.figures.push(figure);
            }
            Fact::Date(date) => {
                self.years.extend(date.year);
                self.dates.push(date);
            }
            Fact::Word(word) => {
                self.words.insert(word);
            }
            Fact::Name(_) => {}
        }
    }

    /// Whether the text holds a fact.
    pub(super) fn holds(&self, fact: &Fact) -> bool {
        match fact {
            Fact::Figure(figure) => self.figures.iter().any(|other| self.same(figure, other)),
            Fact::Date(date) => self.holds_date(*date),
            Fact::Word(word) => self.words.contains(word),
            Fact::Name(name) => self.bare.contains(name.as_str()),
        }
    }

    fn same(&self, claimed: &Figure, found: &Figure) -> bool {
        let value = |figure: &Figure| figure.number.times(figure.power);
        let same_value = value(claimed) == value(found);
        if same_value && (claimed.unit.is_empty() || claimed.unit == found.unit) {
            return true;
        }
        let apart = |measure: &str| found.unit.is_empty() && self.names_unit(measure);
        let same_digits = found.power == 0 && claimed.number == found.number;
        (same_value && apart(&claimed.unit)) || (same_digits && apart(&claimed.measure))
    }

    /// Whether a measure stands somewhere without a number of its own: 单位：万元.
    fn names_unit(&self, measure: &str) -> bool {
        let alone = |at: usize| {
            let before = self.bare[..at].chars().next_back();
            !before.is_some_and(|ch| ch.is_numeric() || power(ch).is_some())
        };
        !measure.is_empty() && self.bare.match_indices(measure).any(|(at, _)| alone(at))
    }

    /// A year may stand apart from the month and day.
    fn holds_date(&self, claimed: Date) -> bool {
        let has_year = claimed.year.is_none_or(|year| self.years.contains(&year));
        if claimed.month.is_none() {
            return has_year;
        }
        self.dates.iter().any(|found| {
            let year = match (claimed.year, found.year) {
                (Some(claimed), Some(found)) => claimed == found,
                _ => has_year,
            };
            let day = claimed.day.is_none() || claimed.day == found.day;
            year && claimed.month == found.month && day
        })
    }
}

/// Folded, without white space.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_there_is_held_and_nothing_else() {
        let text = "远山通信2023年5月4日完成雪岭基站改造，下行速率达每秒八百兆比特，历时四十二天。\
                    营收3.5亿元，增长8.30%，见《青溪方案》，用 5G-A 与 20 Gbps 回传，2019-2021年。";
        let table = "单位：万元\n存货\t1,234\t(2.5)";
        let evidence = Evidence::of([text, table]);
        for (claim, expected) in [
            ("800兆", true),
            ("900兆", false),
            ("42天", true),
            ("42个", false),
            ("35000万元", true),
            ("3.5亿", true),
            ("3.5万元", false),
            ("８．３％", true),
            ("8.3个百分点", false),
            ("1234万元", true),
            ("1,234亿元", false),
            ("2.5万元", true),
            ("2023年5月", true),
            ("5月4日", true),
            ("2022年5月4日", false),
            ("2019年", true),
            ("2020年", false),
            ("2023-05-04", true),
            ("《青溪方案》", true),
            ("“青溪计划”", false),
            ("5G-A", true),
            ("6G", false),
            ("20Gbps", true),
            ("LTE", false),
        ] {
            let held = facts(claim).iter().all(|found| evidence.holds(&found.fact));
            assert_eq!(held, expected, "{claim}");
        }
    }
}
