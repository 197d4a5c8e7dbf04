//! `yuanwen versions`: what a document was.

use std::io::Write;

use anyhow::bail;
use yuanwen_engine::kb::{Changed, KnowledgeBase, PassageChange, Status};

use crate::answer::cut;
use crate::cli::Versions;
use crate::fail::Done;
use crate::output::{self, for_people, plain};
use crate::service::rfc3339;

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

/// A time in milliseconds since 1970 as a date and time in UTC, to the minute.
fn date(millis: i64) -> String {
    rfc3339(millis).chars().take(16).map(|ch| if ch == 'T' { ' ' } else { ch }).collect()
}
