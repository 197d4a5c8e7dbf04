//! `yuanwen ask`: answer one question.
//!
//! With paths instead of a knowledge base, what matters is the question: files of kinds that are
//! not read are mentioned, but only a document that could not be read changes the exit code. A
//! language model that fails is a warning: the original text is the answer.

use std::io::Write;
use std::path::PathBuf;

use yuanwen_engine::kb::{KnowledgeBase, SkippedBecause};

use super::{cache, index};
use crate::answer::{self, Corrected};
use crate::asking::{Asking, Found};
use crate::cli::{Ask, Limits};
use crate::fail::{Done, wrong_use};
use crate::output::{self, plain};
use crate::progress::{failed, skipped};
use crate::written;

/// How many passages people see where there is no answer.
const NEAREST: usize = 3;

pub(crate) fn run(args: &Ask) -> anyhow::Result<Done> {
    let (question, paths) = question(args)?;
    let llm = written::open(&args.llm)?;
    let (kb, done) = match &args.kb {
        Some(dir) => (KnowledgeBase::open(dir)?, Done::All),
        None => read(&paths, args.limits)?,
    };
    problems(&kb)?;
    let top = args.top.map(usize::from);
    let asking = Asking {
        question: question.to_owned(),
        before: args.after.clone(),
        top,
        as_of: args.as_of,
        explain: args.explain,
        for_llm: llm.is_some(),
        ..Asking::default()
    };
    let mut asked = asking.ask(&kb)?;
    report(&asked);
    let question = asked.question().to_owned();
    let Found { found, answered } = &mut asked;
    if args.json {
        answered.llm = llm.map(|llm| written::ask(&llm, &question, found));
        output::json(answered)?;
    } else {
        let shown = top.unwrap_or(if answered.found { 0 } else { NEAREST });
        let mut out = output::stdout();
        answered.llm = match llm {
            Some(llm) => Some(written::print(&mut out, &llm, &question, found)?),
            None => None,
        };
        answer::print(&mut out, answered, shown)?;
        if let Some(explained) = &answered.explained {
            explained.print(&mut out)?;
        }
        out.flush()?;
    }
    Ok(done)
}

/// Names the lines of the files of words that cannot be used.
pub(super) fn problems(kb: &KnowledgeBase) -> anyhow::Result<()> {
    for problem in kb.lexicon()?.problems() {
        eprintln!("{problem}");
    }
    Ok(())
}

/// Says which other question was answered.
fn report(asked: &Found) {
    if let Some(completed) = &asked.answered.completed {
        eprintln!("understood: {}", plain(completed));
    }
    for Corrected { from, to } in &asked.answered.corrected {
        eprintln!("corrected: {} → {}", plain(from), plain(to));
    }
}

/// The question and the paths before it.
fn question(args: &Ask) -> anyhow::Result<(&str, Vec<PathBuf>)> {
    let Some((question, paths)) = args.words.split_last() else {
        return Err(wrong_use("give a question"));
    };
    if question.trim().is_empty() {
        return Err(wrong_use("the question is empty"));
    }
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    match (&args.kb, paths.as_slice()) {
        (None, []) => Err(wrong_use(
            "give files or folders before the question, or a knowledge base with --kb DIR",
        )),
        (Some(_), [_, ..]) => Err(wrong_use(
            "with --kb give the question alone, in quotes; \
             without it, files or folders before the question",
        )),
        _ => {
            index::must_exist(&paths)?;
            Ok((question, paths))
        }
    }
}

fn read(paths: &[PathBuf], limits: Limits) -> anyhow::Result<(KnowledgeBase, Done)> {
    let (kb, report) = cache::open(paths, limits)?;
    // What is not a document is worth a word when the folder is read, not with each question.
    match report.added + report.updated {
        0 => failed(&report.skipped),
        read => {
            eprintln!("{read} files read in {:.1} s", report.seconds);
            skipped(&report.skipped);
        }
    }
    if kb.list()?.is_empty() {
        anyhow::bail!("none of these paths holds a document that can be read");
    }
    let lost = |because: &SkippedBecause| matches!(because, SkippedBecause::Failed(_));
    let lost = report.skipped.iter().any(|file| lost(&file.because));
    Ok((kb, if lost { Done::SomeSkipped } else { Done::All }))
}
