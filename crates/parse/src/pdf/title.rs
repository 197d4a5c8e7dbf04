//! Title, date, period and publisher from the first pages and the file's metadata.

use hayro_syntax::Pdf;

use crate::document::{BlockKind, Date, Furniture, Kind, Metadata};
use crate::meta::{
    DATE_LABELS, PUBLISHER_LABELS, first_date, first_period, is_organisation, kind_of, labelled,
    squeeze,
};

use super::body::Body;
use super::draft::Draft;
use super::tags::text_string;

/// Titles are at most this long, in characters.
const LONGEST: usize = 90;

/// Reads what a document says about itself.
pub(crate) fn read(pdf: Option<&Pdf>, drafts: &[Draft], body: Body) -> Metadata {
    let first_page =
        drafts.iter().map(|draft| draft.style.page).filter(|page| *page > 0).min().unwrap_or(1);
    let opening: Vec<&Draft> =
        drafts.iter().filter(|draft| draft.style.page <= first_page).collect();
    let title =
        largest(&opening, body).or_else(|| from_file(pdf?)).or_else(|| first_line(&opening));
    let text: Vec<&str> = opening.iter().map(|draft| draft.block.text.as_str()).collect();
    let all = text.join("\n");
    let published = labelled(&all, &DATE_LABELS[..3]).and_then(first_date);
    let news = published.is_some() || labelled(&all, &PUBLISHER_LABELS[..3]).is_some();
    let heading = title.as_deref().unwrap_or_default();
    let running = opening.iter().filter(|draft| draft.block.furniture == Some(Furniture::Header));
    let period = first_period(heading)
        .or_else(|| running.clone().find_map(|draft| first_period(&draft.block.text)));
    let mut kind = if news { Kind::News } else { kind_of(heading, period) };
    if kind == Kind::Other
        && running.clone().any(|draft| kind_of(&draft.block.text, period) == Kind::Report)
    {
        kind = Kind::Report;
    }
    Metadata {
        published: published.or_else(|| lone_date(&opening)).or_else(|| edition(&opening)),
        period: period.filter(|_| kind == Kind::Report),
        publisher: publisher(&all, &opening, kind),
        kind,
        title,
    }
}

fn is_text(draft: &&&Draft) -> bool {
    draft.block.furniture.is_none()
        && draft.block.table().is_none()
        && draft.block.kind != BlockKind::Note
}

/// The largest text of the first page, joined over its lines.
fn largest(opening: &[&Draft], body: Body) -> Option<String> {
    let candidates = || {
        opening.iter().filter(is_text).filter(|draft| {
            let length = draft.block.text.chars().count();
            (4..=LONGEST).contains(&length) && !draft.block.text.ends_with('。')
        })
    };
    let size = candidates().map(|draft| draft.style.size).fold(0.0, f32::max);
    if size < body.size * 1.1 {
        return None;
    }
    let first = opening.iter().position(|draft| {
        is_text(&draft)
            && (draft.style.size - size).abs() < 0.6
            && draft.block.text.chars().count() >= 2
    })?;
    let mut title = String::new();
    for draft in opening[first..].iter().filter(is_text) {
        let text = draft.block.text.trim();
        let same = (draft.style.size - size).abs() < 0.6;
        // Under a company's name stands what of it; under a title its year, often set smaller.
        let named = is_organisation(&title) && draft.style.size >= body.size * 1.1;
        let goes_on = same || named || year_in_brackets(text).is_some();
        if !goes_on || title.chars().count() + text.chars().count() > LONGEST {
            break;
        }
        if title.ends_with(|ch: char| ch.is_ascii_alphanumeric()) {
            title.push(' ');
        }
        title.push_str(text);
    }
    (title.chars().count() >= 4).then_some(title)
}

/// The year of a line like `（2023年）`.
fn year_in_brackets(text: &str) -> Option<u16> {
    let text = squeeze(text);
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    let year: u16 = inner.strip_suffix('年').unwrap_or(inner).parse().ok()?;
    (1900..2100).contains(&year).then_some(year)
}

/// The title in the file's metadata, if a person wrote it.
fn from_file(pdf: &Pdf) -> Option<String> {
    let title = text_string(pdf.metadata().title.as_deref()?);
    let title = title.trim();
    let chinese = title.chars().filter(|ch| ('\u{4E00}'..='\u{9FFF}').contains(ch)).count();
    let generated = title.contains("Microsoft")
        || title.contains(".doc")
        || title.contains("股份有限公司") && chinese < 10;
    (chinese >= 4 && !generated).then(|| title.to_owned())
}

/// The first short line.
fn first_line(opening: &[&Draft]) -> Option<String> {
    let short = opening.iter().filter(is_text).find(|draft| {
        (4..=60).contains(&draft.block.text.chars().count()) && !draft.block.text.ends_with('。')
    });
    short.map(|draft| draft.block.text.trim().to_owned())
}

/// A date that stands alone on the first page, as on covers.
fn lone_date(opening: &[&Draft]) -> Option<Date> {
    opening.iter().filter(is_text).find_map(|draft| {
        let text = squeeze(&draft.block.text);
        (text.chars().count() <= 16).then(|| first_date(&text)).flatten()
    })
}

/// The year of the edition, for want of a date.
fn edition(opening: &[&Draft]) -> Option<Date> {
    let year = opening.iter().find_map(|draft| year_in_brackets(&draft.block.text))?;
    Some(Date { year, month: None, day: None })
}

fn publisher(all: &str, opening: &[&Draft], kind: Kind) -> Option<String> {
    if let Some(name) = labelled(all, &PUBLISHER_LABELS) {
        return Some(name.to_owned());
    }
    if kind == Kind::News {
        return None;
    }
    let line = opening.iter().filter(is_text).find(|draft| is_organisation(&draft.block.text));
    line.map(|draft| draft.block.text.trim().to_owned()).or_else(|| {
        let running =
            opening.iter().filter(|draft| draft.block.furniture == Some(Furniture::Header));
        running
            .flat_map(|draft| draft.block.text.split(' '))
            .find(|part| is_organisation(part))
            .map(str::to_owned)
    })
}
