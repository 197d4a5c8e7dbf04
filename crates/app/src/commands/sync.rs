//! `yuanwen sync`: keep a knowledge base the same as folders.
//!
//! Folders are looked through again and again rather than watched by the system: that costs a few
//! milliseconds for thousands of files, and works on network shares too, which report nothing.

use std::thread;
use std::time::Duration;

use yuanwen_engine::Error;
use yuanwen_engine::kb::{AddOptions, KnowledgeBase, Report};
use yuanwen_engine::store::StoreError;

use super::index::{must_exist, skipped_some};
use super::reading::reading;
use crate::cli::Sync;
use crate::fail::Done;
use crate::output;
use crate::progress::{Shown, summary};

/// A file that was changed within this time may still be being written.
const SETTLED: Duration = Duration::from_secs(2);

pub(crate) fn run(args: &Sync) -> anyhow::Result<Done> {
    must_exist(&args.folders)?;
    let kb = KnowledgeBase::create(&args.kb.dir)?;
    let reading = reading(args.limits)?;
    let mut options = AddOptions { prune: true, reading, ..AddOptions::default() };
    let first = once(&kb, args, &options)?;
    summary(&first);
    if args.json {
        output::json(&first)?;
    }
    if !args.watch {
        return Ok(if skipped_some(&first) { Done::SomeSkipped } else { Done::All });
    }
    eprintln!("looking for changes every {} s; end with Ctrl-C", args.every);
    options.settled = SETTLED;
    loop {
        thread::sleep(Duration::from_secs(args.every.into()));
        match once(&kb, args, &options) {
            Ok(report) if has_changes(&report) => summary(&report),
            Ok(_) => {}
            Err(error) => match error.downcast_ref::<Error>() {
                // Whoever changes it now will be done by the next look.
                Some(Error::Store(StoreError::Busy { .. })) => {}
                _ => return Err(error),
            },
        }
    }
}

fn once(kb: &KnowledgeBase, args: &Sync, options: &AddOptions) -> anyhow::Result<Report> {
    let mut shown = Shown::new();
    Ok(kb.add(&args.folders, options, &mut |progress| shown.update(progress))?)
}

fn has_changes(report: &Report) -> bool {
    report.added + report.updated + report.removed.len() + report.moved.len() > 0
}
