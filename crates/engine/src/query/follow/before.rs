//! The question before, with one thing of it replaced.

use super::POINTS;
use crate::query::terms::cut_of;
use crate::text::number::Mention;

/// What is asked after again at the end of a question, behind the thing that is asked for.
const COPULAS: [char; 6] = ['是', '为', '有', '了', '达', '的'];

/// The question before.
pub(super) struct Before<'a> {
    pub(super) text: &'a str,
    pub(super) times: Vec<Mention>,
    pub(super) names: Vec<String>,
}

impl Before<'_> {
    /// A time as the question says it, with its year spelled out.
    pub(super) fn said(&self, mention: &Mention) -> String {
        let own = &self.text[mention.range.clone()];
        match mention.when.year.filter(|_| !own.contains('年')) {
            Some(year) => format!("{year}年{own}"),
            None => own.to_owned(),
        }
    }

    /// With another time in the place of its own.
    pub(super) fn with_time(&self, said: &str, own: &[Mention]) -> String {
        let said = said.trim_end_matches('的');
        let (Some(first), Some(last)) = (self.times.first(), self.times.last()) else {
            return format!("{said}{}", self.text);
        };
        let same_year = own.iter().all(|mention| mention.when.year.is_none());
        let year = first.when.year.filter(|_| same_year);
        let year = year.map(|year| format!("{year}年")).unwrap_or_default();
        // A year alone leaves the part of the year: 2022年第一季度, 那2021年呢.
        let is_year =
            own.iter().all(|mention| mention.when.span.is_none() && mention.when.month.is_none());
        let old = &self.text[first.range.start..last.range.end];
        let part = old.split_once('年').map_or("", |(_, part)| part);
        let part = if is_year && self.times.len() == 1 { part } else { "" };
        let part = part.trim_end_matches(|ch| said.ends_with(POINTS) && POINTS.contains(&ch));
        let (before, behind) = (&self.text[..first.range.start], &self.text[last.range.end..]);
        format!("{before}{year}{said}{part}{behind}")
    }

    /// With another organisation in the place of its own.
    pub(super) fn with_name(&self, name: &str) -> String {
        match self.names.first().and_then(|own| Some((self.text.find(own.as_str())?, own))) {
            Some((at, own)) => {
                format!("{}{name}{}", &self.text[..at], &self.text[at + own.len()..])
            }
            None => match self.times.first().filter(|mention| mention.range.start == 0) {
                Some(mention) => {
                    let (time, rest) = self.text.split_at(mention.range.end);
                    format!("{time}{name}{}", rest.trim_start_matches('的').trim_start_matches(','))
                }
                None => format!("{name}{}", self.text),
            },
        }
    }

    /// With another thing in the place of what it asks for.
    pub(super) fn with_thing(&self, thing: &str) -> String {
        let cut = cut_of(self.text);
        let asked = cut.find(',').unwrap_or(self.text.len());
        let from = self.about().1.min(asked);
        let (before, behind) = (&self.text[..from], &self.text[asked..]);
        let behind = if behind.is_empty() { "是多少" } else { behind };
        let copula: String =
            self.text[from..asked].chars().rev().take_while(|ch| COPULAS.contains(ch)).collect();
        let copula: String = copula.chars().rev().collect();
        format!("{before}{thing}{copula}{behind}")
    }

    /// With what it is about in the place of a pronoun.
    pub(super) fn in_place(&self, question: &str, range: std::ops::Range<usize>) -> Option<String> {
        let subject = self.subject()?;
        let possessive = if question[range.clone()].ends_with('的') { "的" } else { "" };
        Some(format!("{}{subject}{possessive}{}", &question[..range.start], &question[range.end..]))
    }

    /// What it is about.
    fn subject(&self) -> Option<String> {
        if let Some(name) = self.names.first() {
            return Some(name.clone());
        }
        for (open, close) in [('“', '”'), ('《', '》'), ('「', '」')] {
            let from = self.text.find(open);
            let to = from.and_then(|from| Some(from + self.text[from..].find(close)?));
            if let Some((from, to)) = from.zip(to) {
                return Some(self.text[from..to + close.len_utf8()].to_owned());
            }
        }
        let (range, _) = self.about();
        let subject = self.text[range].trim_matches([',', '，', ' ', '的']);
        (!subject.is_empty()).then(|| subject.to_owned())
    }

    /// What stands before the first 的, without the time; and where the thing begins that is
    /// asked for.
    fn about(&self) -> (std::ops::Range<usize>, usize) {
        let start = self.times.first().filter(|time| time.range.start == 0);
        let start = start.map_or(0, |time| time.range.end);
        let rest = self.text[start..].trim_start_matches(['的', ',', '，']);
        let start = self.text.len() - rest.len();
        if let Some(at) = rest.find('的') {
            return (start..start + at, start + at + '的'.len_utf8());
        }
        let name = self.names.first().and_then(|name| Some(self.text.find(name)? + name.len()));
        let end = cut_of(rest).find(',').map_or(self.text.len(), |at| start + at);
        let subject = self.text[start..end].trim_end_matches(COPULAS).len() + start;
        (start..subject, name.unwrap_or(start).max(start))
    }

    /// What it says, without its question words.
    pub(super) fn stated(&self) -> String {
        let cut = cut_of(self.text);
        let is_kept = |at: usize| cut.as_bytes().get(at) != Some(&b',');
        let stated = self.text.char_indices().filter(|(at, _)| is_kept(*at));
        let stated: String = stated.map(|(_, ch)| ch).collect();
        stated.trim_end_matches(COPULAS).to_owned()
    }
}
