//! `yuanwen list`: the documents of a knowledge base.

use std::io::Write;

use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::store::Entry;

use crate::cli::List;
use crate::fail::Done;
use crate::output::{self, plain};

pub(crate) fn run(args: &List) -> anyhow::Result<Done> {
    let entries = KnowledgeBase::open(&args.kb.dir)?.list()?;
    if args.json {
        output::json(&entries)?;
        return Ok(Done::All);
    }
    let mut out = output::stdout();
    for entry in &entries {
        writeln!(out, "{}", line(entry))?;
    }
    out.flush()?;
    eprintln!("{} documents", entries.len());
    Ok(Done::All)
}

/// Name, pages, what it is about, title.
fn line(entry: &Entry) -> String {
    let meta = &entry.meta;
    let facts = [
        Some(entry.name.to_string()),
        (entry.pages > 0).then(|| format!("{} pages", entry.pages)),
        meta.period.map(|period| period.to_string()),
        meta.published.map(|date| date.to_string()),
        meta.title.as_deref().filter(|title| **title != *entry.name).map(plain),
        (entry.warnings > 0).then(|| format!("{} warnings", entry.warnings)),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
