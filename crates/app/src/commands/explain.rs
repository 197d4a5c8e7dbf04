//! `yuanwen explain`: how a question is read, and what each of its terms is worth.

use std::io::Write;

use yuanwen_engine::answer::AskOptions;
use yuanwen_engine::kb::KnowledgeBase;

use crate::cli::Explain;
use crate::fail::{Done, wrong_use};
use crate::output::{self, plain};
use crate::understood::{Instead, Read, Understood, understood, understood_alone};

pub(crate) fn run(args: &Explain) -> anyhow::Result<Done> {
    if args.question.trim().is_empty() {
        return Err(wrong_use("the question is empty"));
    }
    let kb = args.kb.as_deref().map(KnowledgeBase::open).transpose()?;
    if let Some(kb) = &kb {
        super::ask::problems(kb)?;
    }
    let before: Vec<&str> = args.after.iter().map(String::as_str).collect();
    let options = AskOptions { as_of: args.as_of, ..AskOptions::default() };
    let explained = match &kb {
        Some(kb) => understood(kb, &*kb.lexicon()?, &before, &args.question, &options)?,
        None => understood_alone(&before, &args.question, &options)?,
    };
    if args.json {
        output::json(&explained)?;
        return Ok(Done::All);
    }
    let mut out = output::stdout();
    print(&mut out, &explained)?;
    out.flush()?;
    Ok(Done::All)
}

fn print(out: &mut impl Write, explained: &Understood) -> anyhow::Result<()> {
    if let Some(completed) = &explained.completed {
        writeln!(out, "completed: {}", plain(completed))?;
    }
    print_read(out, &explained.read)?;
    for (at, part) in explained.parts.iter().enumerate() {
        let compared = if explained.compares { ", compared" } else { "" };
        writeln!(out, "\nsub-question {}{compared}", at + 1)?;
        print_read(out, part)?;
    }
    Ok(())
}

fn print_read(out: &mut impl Write, read: &Read) -> anyhow::Result<()> {
    let pair = |one: &Instead| format!("{} = {} ({})", one.phrase, one.instead, one.why);
    let pairs = |all: &[Instead]| all.iter().map(pair).collect::<Vec<_>>().join(", ");
    let several = if read.several { ", several" } else { "" };
    let source = read.source.map(|kind| format!("{kind:?}").to_lowercase());
    for (name, value) in [
        ("question", read.text.clone()),
        ("preamble", read.preamble.clone()),
        ("asks", format!("{:?}{several}", read.asks).to_lowercase()),
        ("periods", read.periods.join(", ")),
        ("relative", pairs(&read.relative)),
        ("source", source.unwrap_or_default()),
        ("organisations", read.organisations.join(", ")),
        ("named", read.named.join(", ")),
        ("quoted", read.quoted.join(", ")),
        ("alternatives", pairs(&read.alternatives)),
    ] {
        if !value.is_empty() {
            writeln!(out, "{name:<14}{}", plain(&value))?;
        }
    }
    for term in &read.terms {
        let idf = term.idf.map(|idf| format!("  idf {idf:>5.2}")).unwrap_or_default();
        let notes = term.notes.join(", ");
        let line = format!("  {:>5.2}{idf}  {}  {notes}", term.weight, plain(&term.text));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
