//! `yuanwen index`: add files and folders to a knowledge base.

use std::path::PathBuf;

use yuanwen_engine::kb::{AddOptions, KnowledgeBase, Models, Report, SkippedBecause};

use super::reading::reading;
use crate::cli::Index;
use crate::fail::{Done, wrong_use};
use crate::output;
use crate::progress::{Shown, summary};

pub(crate) fn run(args: &Index) -> anyhow::Result<Done> {
    must_exist(&args.paths)?;
    if args.model.is_some() || args.reranker.is_some() {
        let (embedder, reranker) = (args.model.clone(), args.reranker.clone());
        KnowledgeBase::set_models(&args.kb.dir, &Models { embedder, reranker })?;
    }
    let kb = KnowledgeBase::create(&args.kb.dir)?;
    if args.paths.is_empty() {
        said(&kb);
        return Ok(Done::All);
    }
    let threads = args.threads.map(usize::from);
    let reading = reading(args.limits)?;
    let (prune, again) = (args.prune, args.again);
    let options = AddOptions { threads, prune, again, reading, ..AddOptions::default() };
    let mut shown = Shown::new();
    let report = kb.add(&args.paths, &options, &mut |progress| shown.update(progress))?;
    summary(&report);
    if args.json {
        output::json(&report)?;
    }
    Ok(if skipped_some(&report) { Done::SomeSkipped } else { Done::All })
}

/// Whether something was skipped that a person would miss.
pub(super) fn skipped_some(report: &Report) -> bool {
    let hidden = [SkippedBecause::Hidden, SkippedBecause::KnowledgeBase];
    report.skipped.iter().any(|file| !hidden.contains(&file.because))
}

/// Says which models the knowledge base uses.
fn said(kb: &KnowledgeBase) {
    let (embedder, reranker) = kb.models();
    eprintln!("meanings are compared by {embedder}");
    if let Some(reranker) = reranker {
        eprintln!("the best passages are ordered by {reranker}");
    }
}

/// A path that does not exist is a mistake in typing, not an input that was skipped.
pub(super) fn must_exist(paths: &[PathBuf]) -> anyhow::Result<()> {
    match paths.iter().find(|path| !path.exists()) {
        Some(path) => Err(wrong_use(format!("{}: no such file or folder", path.display()))),
        None => Ok(()),
    }
}
