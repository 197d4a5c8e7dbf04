//! `yuanwen explain`: how a question is read, and what each of its terms is worth.

use std::io::Write;

use serde::Serialize;
use yuanwen_engine::answer::AskOptions;
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::lexicon::{Lexicon, Why};
use yuanwen_engine::query::{Asks, Knowledge, Query, complete, understand_with};

use crate::cli::Explain;
use crate::fail::{Done, wrong_use};
use crate::output::{self, plain};

/// A question as it is read.
#[derive(Debug, Serialize)]
struct Explained {
    question: String,
    /// The question completed with what it leaves out of those before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    completed: Option<String>,
    #[serde(flatten)]
    read: Read,
    /// The sub-questions, each answered by itself.
    parts: Vec<Read>,
    /// Whether one sentence may answer all parts: they are compared.
    compares: bool,
}

#[derive(Debug, Serialize)]
struct Read {
    text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    preamble: String,
    asks: Asks,
    several: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    periods: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    relative: Vec<Instead>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<yuanwen_parse::Kind>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    organisations: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    named: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    quoted: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alternatives: Vec<Instead>,
    terms: Vec<Term>,
}

/// What counts as a phrase of the question.
#[derive(Debug, Serialize)]
struct Instead {
    phrase: String,
    instead: String,
    why: &'static str,
}

#[derive(Debug, Serialize)]
struct Term {
    text: String,
    weight: f32,
    /// Its inverse document frequency, if a knowledge base is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    idf: Option<f64>,
    notes: Vec<&'static str>,
}

pub(crate) fn run(args: &Explain) -> anyhow::Result<Done> {
    if args.question.trim().is_empty() {
        return Err(wrong_use("the question is empty"));
    }
    let kb = args.kb.as_deref().map(KnowledgeBase::open).transpose()?;
    if let Some(kb) = &kb {
        super::ask::problems(kb)?;
    }
    let explained = explain(args, kb.as_ref())?;
    if args.json {
        output::json(&explained)?;
        return Ok(Done::All);
    }
    let mut out = output::stdout();
    print(&mut out, &explained)?;
    out.flush()?;
    Ok(Done::All)
}

fn explain(args: &Explain, kb: Option<&KnowledgeBase>) -> anyhow::Result<Explained> {
    let before: Vec<&str> = args.after.iter().map(String::as_str).collect();
    let empty = Lexicon::default();
    let knowledge = Knowledge { lexicon: &empty, as_of: args.as_of };
    let completed = match kb {
        Some(kb) => kb.understand_after(&before, &args.question)?,
        None => complete(&before, &args.question, &knowledge),
    };
    let question = completed.as_deref().unwrap_or(&args.question);
    let options = AskOptions { as_of: args.as_of, ..AskOptions::default() };
    let query = match kb {
        Some(kb) => kb.understand(question, &options)?,
        None => understand_with(question, &knowledge),
    };
    let parts = query.parts.iter().map(|part| read(part, kb));
    Ok(Explained {
        question: args.question.clone(),
        read: read(&query, kb)?,
        parts: parts.collect::<anyhow::Result<_>>()?,
        compares: query.compares,
        completed,
    })
}

fn read(query: &Query, kb: Option<&KnowledgeBase>) -> anyhow::Result<Read> {
    let worth = kb.map(|kb| kb.worth(query)).transpose()?;
    let term = |(at, term): (usize, &yuanwen_engine::query::QueryTerm)| {
        let worth = worth.as_ref().and_then(|worth| worth.get(at));
        let notes = [
            (term.single, "single"),
            (term.preamble, "preamble"),
            (term.beside, "asked"),
            (!term.inside.is_empty(), "word"),
        ];
        Term {
            text: term.text.clone(),
            weight: term.weight,
            idf: worth.map(|worth| worth / f64::from(term.weight.max(f32::MIN_POSITIVE))),
            notes: notes.into_iter().filter(|(is, _)| *is).map(|(_, note)| note).collect(),
        }
    };
    let instead = |rule: &yuanwen_engine::lexicon::Rule| Instead {
        phrase: rule.from.text.clone(),
        instead: rule.to.text.clone(),
        why: why(rule.why),
    };
    let relative = query.relative.iter().map(|one| Instead {
        phrase: one.word.clone(),
        instead: one.means.clone(),
        why: if one.from_date { "as of the date" } else { "as of the question's year" },
    });
    Ok(Read {
        text: query.text.clone(),
        preamble: query.preamble.clone(),
        asks: query.asks,
        several: query.several,
        periods: query.periods.iter().map(ToString::to_string).collect(),
        relative: relative.collect(),
        source: query.source,
        organisations: query.organisations.names().into_iter().map(str::to_owned).collect(),
        named: query.named.clone(),
        quoted: query.quoted.clone(),
        alternatives: query.alternatives.iter().map(instead).collect(),
        terms: query.terms.iter().enumerate().map(term).collect(),
    })
}

fn why(why: Why) -> &'static str {
    match why {
        Why::Synonym => "synonym",
        Why::Alias => "alias",
        Why::Time => "time",
    }
}

fn print(out: &mut impl Write, explained: &Explained) -> anyhow::Result<()> {
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
