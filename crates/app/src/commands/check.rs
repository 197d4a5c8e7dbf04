//! `yuanwen check`: verify a knowledge base and repair what can be repaired.

use anyhow::bail;
use yuanwen_engine::kb::KnowledgeBase;

use crate::cli::Check;
use crate::fail::Done;
use crate::output;

pub(crate) fn run(args: &Check) -> anyhow::Result<Done> {
    let report = KnowledgeBase::open(&args.kb.dir)?.check()?;
    if args.json {
        output::json(&report)?;
    }
    eprintln!("{} documents, {} passages", report.documents, report.passages);
    for line in &report.repaired {
        eprintln!("repaired: {line}");
    }
    for line in &report.problems {
        eprintln!("problem: {line}");
    }
    match report.problems.len() {
        0 => Ok(Done::All),
        count => bail!("{}: {count} problems remain", args.kb.dir.display()),
    }
}
