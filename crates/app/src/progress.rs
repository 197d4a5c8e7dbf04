//! How far reading has come: a bar on a terminal, plain lines elsewhere. All on stderr.

use std::io::IsTerminal;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use yuanwen_engine::kb::{Progress, Report, Skipped, SkippedBecause};
use yuanwen_engine::vectors::Made;

use crate::output::plain;

/// Plain lines come no more often than this.
const EVERY: Duration = Duration::from_secs(2);
/// At most this many files or warnings are listed for people.
const MOST_LISTED: usize = 20;
/// At most this many names stand for files that were skipped for the same reason.
const SOME: usize = 5;

/// Shows progress.
pub(crate) struct Shown {
    bar: Option<ProgressBar>,
    total: usize,
    done: usize,
    last: Instant,
}

impl Shown {
    pub(crate) fn new() -> Self {
        Self { bar: None, total: 0, done: 0, last: Instant::now() }
    }

    pub(crate) fn update(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Begin(total) => self.begin(total),
            Progress::Done(path) => self.done(path),
            Progress::Commit => {
                if let Some(bar) = self.bar.take() {
                    bar.finish_and_clear();
                }
            }
        }
    }

    fn begin(&mut self, total: usize) {
        self.total = total;
        if total > 0 && std::io::stderr().is_terminal() {
            let bar =
                ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::stderr());
            let style =
                ProgressStyle::with_template("{bar:30} {pos}/{len} files  {eta} left  {wide_msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            self.bar = Some(bar);
        }
    }

    fn done(&mut self, path: &str) {
        self.done += 1;
        if let Some(bar) = &self.bar {
            let name = Path::new(path).file_name().unwrap_or_default();
            bar.set_message(plain(&name.to_string_lossy()));
            bar.inc(1);
        } else if self.last.elapsed() >= EVERY {
            self.last = Instant::now();
            eprintln!("{} of {} files", self.done, self.total);
        }
    }
}

/// Prints how far a model of the user's has come.
pub(crate) fn made(made: Made<'_>) {
    let Made { model, passages, expected } = made;
    match (passages, expected) {
        (0, 0) => (),
        (0, expected) => eprintln!("{model} makes new vectors of {expected} passages"),
        (passages, 0) => eprintln!("{model}: vectors of {passages} passages"),
        (passages, expected) => eprintln!("{model}: vectors of {passages} of {expected} passages"),
    }
}

/// Prints what a run did and what it skipped, with the reasons.
pub(crate) fn summary(report: &Report) {
    let Report { added, updated, unchanged, removed, pages, passages, seconds, .. } = report;
    let gone = removed.len();
    eprint!("{added} added, {updated} updated, {unchanged} unchanged, {gone} removed");
    eprintln!(" ({pages} pages, {passages} passages read in {seconds:.1} s)");
    for (from, to) in report.moved.iter().take(MOST_LISTED) {
        eprintln!("moved: {from} is {to}");
    }
    more(report.moved.len(), "moved; `index --json` lists them all");
    for path in report.removed.iter().take(MOST_LISTED) {
        eprintln!("removed: {path}");
    }
    more(report.removed.len(), "removed; `index --json` lists them all");
    skipped(&report.skipped);
    let shown = report.warnings.iter().take(MOST_LISTED);
    for about in shown {
        let page = about.warning.page.map_or_else(String::new, |page| format!(" page {page}:"));
        eprintln!("warning: {}:{page} {}", about.path, about.warning.message);
    }
    more(report.warnings.len(), "warnings; `index --json` lists them all");
}

/// Prints what was skipped: each failure, the rest by reason.
pub(crate) fn skipped(skipped: &[Skipped]) {
    failed(skipped);
    use SkippedBecause::{Hidden, KnowledgeBase, OldOffice, Unsupported};
    for because in [OldOffice, Unsupported, KnowledgeBase, Hidden] {
        let same = skipped.iter().filter(|file| file.because == because);
        let names: Vec<_> =
            same.map(|file| file.path.file_name().unwrap_or_default().to_string_lossy()).collect();
        if !names.is_empty() {
            let some = names[..names.len().min(SOME)].join(", ");
            let more = if names.len() > SOME { ", …" } else { "" };
            let files = if names.len() == 1 { "file" } else { "files" };
            eprintln!("skipped: {} {files}, {because}: {some}{more}", names.len());
        }
    }
}

/// Prints which files could not be read, and why.
pub(crate) fn failed(skipped: &[Skipped]) {
    let failed = skipped.iter().filter(|file| matches!(file.because, SkippedBecause::Failed(_)));
    for file in failed.clone().take(MOST_LISTED) {
        eprintln!("skipped: {}: {}", file.path.display(), file.because);
    }
    more(failed.count(), "failures; `index --json` lists them all");
}

fn more(count: usize, what: &str) {
    if count > MOST_LISTED {
        eprintln!("… and {} more {what}", count - MOST_LISTED);
    }
}
