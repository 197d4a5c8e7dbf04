//! `yuanwen eval`: score the answers to labelled questions.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Write};
use std::path::Path;

use anyhow::{Context, bail};
use serde::Serialize;
use yuanwen_engine::eval::{
    Answered, Change, Comparison, Id, Question, Report, calibrate, compare, load_answers,
    load_gold, score,
};
use yuanwen_engine::kb::KnowledgeBase;

use crate::cli::Eval;
use crate::evaluated::{ask, unrated};
use crate::fail::{Done, wrong_use};
use crate::{output, report};

pub(crate) fn run(args: &Eval) -> anyhow::Result<Done> {
    let named = |path: &Path| path.display().to_string();
    let gold = load_gold(open(&args.gold)?).with_context(|| named(&args.gold))?;
    if !gold.iter().any(|question| !question.blocks.is_empty()) {
        bail!("{}: there are no labelled questions in it", args.gold.display());
    }
    let labelled = gold.iter().filter(|question| !question.blocks.is_empty()).collect();
    let kb = args.kb.as_deref().map(KnowledgeBase::open).transpose()?;
    let answers = match (&args.answers, &kb) {
        (Some(path), _) => load_answers(open(path)?).with_context(|| named(path))?,
        (None, Some(kb)) => ask(kb, labelled, args.unanswerable.is_some(), &unrated())?,
        (None, None) => return Err(wrong_use("give --kb DIR or --answers FILE")),
    };
    let mut report = score(&gold, &answers);
    let (questions, refused) = unanswerable(args, kb.as_ref())?;
    calibrate(&mut report, &questions, &refused);
    let other = against(args, &gold)?;
    let comparison = other.as_ref().map(|other| compare(&report, other));
    if let Some(path) = &args.html {
        let page = report::page(&report, other.as_ref().zip(comparison.as_ref()));
        fs::write(path, page).with_context(|| named(path))?;
    }
    if args.json {
        output::json(&Printed { report: &report, comparison })?;
    } else {
        print(&report, comparison.as_ref(), args.worst)?;
    }
    Ok(Done::All)
}

/// What `--json` prints: the report's figures, and how they differ from the other run's.
#[derive(Serialize)]
struct Printed<'a> {
    #[serde(flatten)]
    report: &'a Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<Comparison>,
}

fn print(report: &Report, comparison: Option<&Comparison>, worst: usize) -> io::Result<()> {
    let mut out = output::stdout();
    writeln!(out, "{report}")?;
    if let Some(comparison) = comparison {
        let Comparison { before, after, low, high, wins, losses, .. } = comparison;
        writeln!(
            out,
            "before={before:.3}  after={after:.3}  difference={:+.3}  95%={low:+.3}..{high:+.3}  \
             better={wins}  worse={losses}",
            after - before
        )?;
        for Change { id, question, before, after } in &comparison.changes {
            writeln!(out, "  {:+.2} {before:.2} -> {after:.2} #{id} {question}", after - before)?;
        }
    }
    for row in report.worst(worst) {
        writeln!(out, "  {row}")?;
    }
    out.flush()
}

/// The run to compare with: a knowledge base is asked, a file is read.
fn against(args: &Eval, gold: &[Question]) -> anyhow::Result<Option<Report>> {
    let Some(path) = &args.against else { return Ok(None) };
    let answers = if path.is_dir() {
        let labelled = gold.iter().filter(|question| !question.blocks.is_empty()).collect();
        ask(&KnowledgeBase::open(path)?, labelled, false, &unrated())?
    } else {
        load_answers(open(path)?).with_context(|| path.display().to_string())?
    };
    Ok(Some(score(gold, &answers)))
}

fn open(path: &Path) -> anyhow::Result<BufReader<File>> {
    Ok(BufReader::new(File::open(path).with_context(|| path.display().to_string())?))
}

/// The questions that the documents do not answer, with what was answered to them.
fn unanswerable(
    args: &Eval,
    kb: Option<&KnowledgeBase>,
) -> anyhow::Result<(Vec<Question>, HashMap<Id, Answered>)> {
    let (Some(path), Some(kb)) = (&args.unanswerable, kb) else {
        return Ok((Vec::new(), HashMap::new()));
    };
    let questions = load_gold(open(path)?).with_context(|| path.display().to_string())?;
    let answers = ask(kb, questions.iter().collect(), true, &unrated())?;
    Ok((questions, answers))
}
