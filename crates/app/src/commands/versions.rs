//! `yuanwen versions`: what a document was.

use std::io::Write;

use anyhow::bail;
use yuanwen_engine::kb::{Changed, KnowledgeBase, PassageChange, Status};

use crate::answer::cut;
use crate::cli::Versions;
use crate::fail::Done;
use crate::output::{self, for_people, plain};

pub(crate) fn run(args: &Versions) -> anyhow::Result<Done> {
    let kb = KnowledgeBase::open(&args.kb.dir)?;
    let document = find(&kb, &args.document)?;
    if let Some(version) = args.restore {
        let status = kb.restore(document, version)?;
        eprintln!("{} has version {version} again", status.known.path);
        return Ok(Done::All);
    }
    if let Some([from, to]) = args.diff.as_deref() {
        return differences(&kb.compare(document, *from, *to)?, args.json);
    }
    let versions = kb.versions(document)?;
    if args.json {
        output::json(&versions)?;
        return Ok(Done::All);
    }
    let mut out = output::stdout();
    for past in &versions {
        let until = past.until.map_or_else(|| "now".to_owned(), date);
        let (since, version) = (date(past.since), past.version);
        let (pages, passages) = (past.pages, past.passages);
        writeln!(out, "{version}  {since} – {until}  {pages} pages, {passages} passages")?;
    }
    out.flush()?;
    Ok(Done::All)
}

/// The id of a document that goes by a name, also of one that was removed and kept.
fn find(kb: &KnowledgeBase, called: &str) -> anyhow::Result<u64> {
    match kb.find(called) {
        Ok(entry) => Ok(entry.document),
        Err(error) => {
            let removed = kb.documents()?;
            let goes_by = |status: &&Status| {
                let known = &status.known;
                let file = known.path.rsplit('/').next();
                known.path == called || known.name == called || file == Some(called)
            };
            let mut removed = removed.iter().filter(goes_by);
            match (removed.next(), removed.next()) {
                (Some(one), None) => Ok(one.known.document),
                (Some(_), Some(_)) => bail!("several documents are called {called}; give the path"),
                _ => Err(error.into()),
            }
        }
    }
}

fn differences(changes: &[PassageChange], json: bool) -> anyhow::Result<Done> {
    if json {
        output::json(&changes)?;
        return Ok(Done::All);
    }
    let mut out = output::stdout();
    for one in changes {
        let sign = match one.change {
            Changed::Same => continue,
            Changed::Added => '+',
            Changed::Removed => '-',
        };
        let page = one.page.map_or_else(String::new, |page| format!("p. {page}: "));
        let text = for_people(&plain(&one.text)).replace('\n', " ");
        writeln!(out, "{sign} {page}{}", cut(&text))?;
    }
    out.flush()?;
    Ok(Done::All)
}

/// A time in milliseconds since 1970 as a date and time in UTC.
///
/// Days to dates after Howard Hinnant's "chrono-compatible low-level date algorithms".
fn date(millis: i64) -> String {
    let (days, seconds) = (millis.div_euclid(86_400_000), millis.div_euclid(1000) % 86_400);
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute) = (seconds / 3600, seconds / 60 % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn dates_are_those_of_the_calendar() {
        for (millis, expected) in [
            (0, "1970-01-01 00:00"),
            (951_782_400_000, "2000-02-29 00:00"),
            (1_704_067_199_000, "2023-12-31 23:59"),
        ] {
            assert_eq!(super::date(millis), expected);
        }
    }
}
