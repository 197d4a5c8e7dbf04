//! A question as it is read, and what each of its terms is worth: what `yuanwen explain` and the
//! service tell about it.

use serde::Serialize;
use utoipa::ToSchema;
use yuanwen_engine::Result;
use yuanwen_engine::answer::AskOptions;
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::lexicon::{Lexicon, Rule, Why};
use yuanwen_engine::query::{Asks, Knowledge, Query, QueryTerm, complete, understand_with};

use crate::shapes;

/// A question as it is read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Understood {
    /// The question as it was asked.
    question: String,
    /// The question completed with what it leaves out of those before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) completed: Option<String>,
    #[serde(flatten)]
    pub(crate) read: Read,
    /// The sub-questions, each answered by itself.
    pub(crate) parts: Vec<Read>,
    /// Whether one sentence may answer all parts: they are compared.
    pub(crate) compares: bool,
}

/// What a question or one of its sub-questions says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnderstoodPart)]
pub(crate) struct Read {
    /// What is searched for.
    pub(crate) text: String,
    /// What stands before what is asked, and counts less.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    pub(crate) preamble: String,
    #[schema(value_type = shapes::Asks)]
    pub(crate) asks: Asks,
    /// Whether it wants several things.
    pub(crate) several: bool,
    /// The times that it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) periods: Vec<String>,
    /// Times that are counted from a date, with what they mean.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) relative: Vec<Instead>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<shapes::Kind>)]
    pub(crate) source: Option<yuanwen_parse::Kind>,
    /// The organisations that it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) organisations: Vec<String>,
    /// The documents that it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) named: Vec<String>,
    /// What it quotes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) quoted: Vec<String>,
    /// What may stand for its phrases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) alternatives: Vec<Instead>,
    /// Its terms.
    pub(crate) terms: Vec<Term>,
}

/// What counts as a phrase of the question.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnderstoodInstead)]
pub(crate) struct Instead {
    /// The phrase.
    pub(crate) phrase: String,
    /// What counts as it.
    pub(crate) instead: String,
    /// `synonym`, `alias` or `time`, or what a time is counted from.
    pub(crate) why: &'static str,
}

/// A term of a question.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnderstoodTerm)]
pub(crate) struct Term {
    /// The term.
    pub(crate) text: String,
    /// How much the question makes of it.
    pub(crate) weight: f32,
    /// Its inverse document frequency, if a knowledge base is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) idf: Option<f64>,
    /// `single` (one character), `preamble`, `asked` (beside the question word), `word` (of the
    /// dictionary).
    pub(crate) notes: Vec<&'static str>,
}

/// Reads a question as a knowledge base does, with these words.
pub(crate) fn understood(
    kb: &KnowledgeBase,
    lexicon: &Lexicon,
    before: &[&str],
    question: &str,
    options: &AskOptions,
) -> Result<Understood> {
    let completed = complete(before, question, &Knowledge { lexicon, as_of: None });
    let asked = completed.as_deref().unwrap_or(question);
    let query = kb.understand_by(lexicon, asked, options)?;
    of(question, completed, &query, Some(kb))
}

/// Reads a question without a knowledge base.
pub(crate) fn understood_alone(
    before: &[&str],
    question: &str,
    options: &AskOptions,
) -> Result<Understood> {
    let knowledge = Knowledge { lexicon: &Lexicon::default(), as_of: options.as_of };
    let completed = complete(before, question, &knowledge);
    let query = understand_with(completed.as_deref().unwrap_or(question), &knowledge);
    of(question, completed, &query, None)
}

fn of(
    question: &str,
    completed: Option<String>,
    query: &Query,
    kb: Option<&KnowledgeBase>,
) -> Result<Understood> {
    let parts = query.parts.iter().map(|part| read(part, kb));
    Ok(Understood {
        question: question.to_owned(),
        read: read(query, kb)?,
        parts: parts.collect::<Result<_>>()?,
        compares: query.compares,
        completed,
    })
}

fn read(query: &Query, kb: Option<&KnowledgeBase>) -> Result<Read> {
    let worth = kb.map(|kb| kb.worth(query)).transpose()?;
    let term = |(at, term): (usize, &QueryTerm)| {
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
    let instead = |rule: &Rule| Instead {
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
