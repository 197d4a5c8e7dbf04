//! What a language model makes of an answer, for people and programs.
//!
//! It is printed sentence by sentence as it comes, each with what its citations do not support. If
//! the model fails, that is a warning: the original text follows in any case.

use std::io::Write;

use serde::Serialize;
use utoipa::ToSchema;
use yuanwen_engine::answer::Answer;
use yuanwen_engine::llm::{self, Llm, LlmSpec, Sentence, Source};

use crate::answer::{cut, source};
use crate::cli::LanguageModel;
use crate::fail::wrong_use;
use crate::output::{for_people, plain};
use crate::shapes;
use crate::wording;

/// The environment variable that holds the key.
const KEY: &str = "YUANWEN_LLM_KEY";
/// The characters of original text that a model gets to see: what small ones can hold.
const BUDGET: usize = 6000;

/// What a language model wrote.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Written {
    /// The model's name.
    pub(crate) model: String,
    /// Whether it came to its end.
    complete: bool,
    /// Why it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    /// What it wrote, each sentence checked against what it cites.
    #[schema(value_type = Vec<shapes::Sentence>)]
    pub(crate) sentences: Vec<Sentence>,
    /// What it got to see.
    #[schema(value_type = Vec<shapes::Source>)]
    sources: Vec<Source>,
}

/// The language model that the command line or the environment names, if any.
pub(crate) fn open(named: &LanguageModel) -> anyhow::Result<Option<Llm>> {
    let given = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
    let Some(url) = given(&named.url) else { return Ok(None) };
    let Some(model) = given(&named.model) else {
        let message = "which language model? Name it with --llm-model NAME or YUANWEN_LLM_MODEL";
        return Err(wrong_use(message));
    };
    let has_key = std::env::var_os(KEY).is_some_and(|key| !key.is_empty());
    let spec = LlmSpec { url, model, key_env: has_key.then(|| KEY.to_owned()) };
    Llm::new(&spec, llm::limits()).map(Some).map_err(|error| wrong_use(error.to_string()))
}

/// Asks the model; `None` where there is no answer to put into words.
pub(crate) fn ask(llm: &Llm, question: &str, answer: &Answer) -> Option<Written> {
    let written = answer.found.then(|| write(llm, question, answer, &mut |_| {}))?;
    written.warn();
    Some(written)
}

/// As [`ask`], printing what the model writes.
pub(crate) fn print(
    out: &mut impl Write,
    llm: &Llm,
    question: &str,
    answer: &Answer,
) -> anyhow::Result<Option<Written>> {
    if !answer.found {
        return Ok(None);
    }
    let mut count = 0;
    let mut printed = Ok(());
    let written = write(llm, question, answer, &mut |sentence| {
        if printed.is_ok() {
            printed = print_sentence(out, llm, count, sentence);
        }
        count += 1;
    });
    written.warn();
    printed?;
    if count > 0 {
        writeln!(out, "\n\n{}\n", wording::ORIGINAL)?;
        out.flush()?;
    }
    Ok(Some(written))
}

/// What a model gets to see of an answer.
pub(crate) fn sources(answer: &Answer) -> Vec<Source> {
    llm::sources(answer, BUDGET)
}

/// Asks the model about an answer that was found; `each` gets the sentences as they come.
pub(crate) fn write(
    llm: &Llm,
    question: &str,
    answer: &Answer,
    each: &mut dyn FnMut(&Sentence),
) -> Written {
    let sources = sources(answer);
    let mut sentences = Vec::new();
    let end = llm.answer(question, &sources, &mut |sentence| {
        each(&sentence);
        sentences.push(sentence);
    });
    let error = end.err().map(|error| format!("{:#}", anyhow::Error::from(error)));
    Written { model: llm.model().to_owned(), complete: error.is_none(), error, sentences, sources }
}

fn print_sentence(
    out: &mut impl Write,
    llm: &Llm,
    count: usize,
    sentence: &Sentence,
) -> std::io::Result<()> {
    write!(out, "{}", said(llm.model(), count, sentence))?;
    out.flush()
}

/// A sentence as it follows those before it, with what its citations do not support; in front of
/// the first one who wrote it.
pub(crate) fn said(model: &str, count: usize, sentence: &Sentence) -> String {
    let before = match (count, sentence.opens_line) {
        (0, _) => format!("{}\n\n", wording::written_by(&plain(model))),
        (_, true) => "\n".to_owned(),
        (_, false) => String::new(),
    };
    let unsupported = match sentence.supported {
        true => String::new(),
        false => plain(&wording::unsupported(&sentence.missing)),
    };
    format!("{before}{}{unsupported}", plain(&sentence.text).replace('\n', ""))
}

impl Written {
    fn warn(&self) {
        if let Some(error) = &self.error {
            eprintln!("yuanwen: the language model failed, here is the original text: {error}");
        }
    }

    /// The number under which the model saw a block of the answer.
    pub(crate) fn number_of(&self, doc: &str, text: &str) -> Option<usize> {
        let is_it = |source: &&Source| {
            source.is_answer && source.doc == doc && text.starts_with(&source.text)
        };
        self.sources.iter().find(is_it).map(|source| source.number)
    }

    /// What the model cites beyond the blocks of the answer.
    pub(crate) fn also_cited(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| {
            let cites = |sentence: &Sentence| sentence.citations.contains(&source.number);
            !source.is_answer && self.sentences.iter().any(cites)
        })
    }

    /// Prints what the model cites beyond the blocks of the answer.
    pub(crate) fn print_cited(&self, out: &mut impl Write) -> std::io::Result<()> {
        for (nth, cited) in self.also_cited().enumerate() {
            if nth == 0 {
                writeln!(out, "\n{}", wording::ALSO_CITED)?;
            }
            let text = for_people(&plain(&cited.text)).replace('\n', " ");
            writeln!(out, "\n{}{}", wording::number(cited.number), cut(&text))?;
            writeln!(out, "    {}", source(&cited.doc, cited.page, Some(&cited.headings)))?;
        }
        Ok(())
    }
}
