//! An answer in the words of a language model, each sentence checked against what it cites.
//!
//! The model is one that the user names, behind `POST v1/chat/completions` (OpenAI API reference,
//! "Create chat completion"; vLLM, Ollama, llama.cpp and others have it too). It is never needed:
//! the original text that was found is the answer, and stands beside what the model writes.
//!
//! The model gets to see numbered blocks ([`sources`]) and has to cite them sentence by sentence.
//! A sentence counts as supported if it cites at least one block, none that does not exist, and if
//! its figures, dates, Latin words and names in marks stand in the blocks that it cites. That shows
//! what was made up from nothing, not what was put together wrongly: whether the sentence follows
//! from the block is for the reader to judge, for whom the block is printed.

mod cite;
mod date;
mod evidence;
mod facts;
mod numeral;
mod prompt;
mod source;
mod split;
mod stream;
mod thought;

use std::time::Duration;

use serde::Serialize;

use crate::error::Result;
use crate::model::remote::{Client, Limits, RemoteError, endpoint};
use evidence::Evidence;
use facts::{Fact, facts};
use split::{Piece, Splitter};
use stream::End;
use thought::Thought;

pub use source::{Source, sources};

/// A language model, as a user names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LlmSpec {
    /// The server's root, the root of a version of its interface, or the endpoint itself.
    pub url: String,
    /// The model.
    pub model: String,
    /// The environment variable that holds the key, if the server wants one.
    pub key_env: Option<String>,
}

/// A language model behind an HTTP endpoint.
#[derive(Debug)]
pub struct Llm {
    client: Client,
    model: String,
}

/// A sentence that a model wrote, with what was found out about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// As it was written, citations included.
    pub text: String,
    /// The sources that it cites, rising.
    pub citations: Vec<usize>,
    /// Whether nothing is missing.
    pub supported: bool,
    /// What it should have and has not.
    pub missing: Vec<Missing>,
    /// Whether a line begins with it.
    pub opens_line: bool,
}

/// What a sentence lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// What sort of thing.
    pub kind: MissingKind,
    /// How the sentence has it; empty where it cites nothing.
    pub text: String,
}

/// What sort of thing a sentence lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingKind {
    /// Any citation.
    Citation,
    /// A source of this number.
    Source,
    /// A figure, in the cited sources.
    Figure,
    /// A date, in the cited sources.
    Date,
    /// A Latin word, in the cited sources.
    Word,
    /// A name in quotation or book marks, in the cited sources.
    Name,
}

/// What a completion may cost: models are slow, and write little.
pub fn limits() -> Limits {
    Limits { total: Duration::from_secs(180), body: 4 << 20, ..Limits::default() }
}

impl Llm {
    /// The model that settings name. The server is not asked.
    ///
    /// # Errors
    /// If the address cannot be used.
    pub fn new(spec: &LlmSpec, limits: Limits) -> Result<Self> {
        let url = endpoint(&spec.url, "v1", "chat/completions")?;
        let client = Client::new(url, spec.key_env.as_deref(), limits);
        Ok(Self { client, model: spec.model.clone() })
    }

    /// What the model is called.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The address of its endpoint.
    pub fn url(&self) -> &str {
        self.client.url()
    }

    /// Lets the model answer from sources; hands out its sentences, checked, as they come.
    ///
    /// # Errors
    /// If the server does not answer, or not to the end; what was handed out before stands.
    pub fn answer(
        &self,
        question: &str,
        sources: &[Source],
        said: &mut dyn FnMut(Sentence),
    ) -> Result<()> {
        let ask =
            |stream| self.client.stream(&prompt::request(&self.model, question, sources, stream));
        let reader = match ask(true) {
            // Some servers refuse to stream.
            Err(RemoteError::Status { status: 400 | 422 | 501, .. }) => ask(false)?,
            answered => answered?,
        };
        let (mut thought, mut splitter) = (Thought::default(), Splitter::default());
        let mut count = 0;
        let mut hand_out = |pieces: Vec<Piece>| {
            count += pieces.len();
            pieces.into_iter().for_each(|piece| said(checked(piece, sources)));
        };
        let ended = stream::read(reader, &mut |text| hand_out(splitter.push(&thought.push(text))));
        hand_out(splitter.finish());
        match ended.map_err(|error| self.client.interrupted(error))? {
            End::Complete if count == 0 => Err(self.client.ended("the model wrote nothing").into()),
            End::Complete => Ok(()),
            End::TooLong => {
                let why = "the model's text was cut off at the server's limit of length";
                Err(self.client.ended(why).into())
            }
            End::BrokenOff => Err(self.client.ended("the model's text broke off").into()),
            End::Failed(why) => {
                let why = format!("the server stopped: {}", self.client.quoted(&why));
                Err(self.client.ended(why).into())
            }
            End::Unexpected(why) => {
                let what = format!("the answer is no completion ({})", self.client.quoted(&why));
                Err(self.client.unexpected(what).into())
            }
        }
    }
}

/// A sentence with what it lacks.
fn checked(piece: Piece, sources: &[Source]) -> Sentence {
    let Piece { text, opens_line } = piece;
    let mut citations: Vec<usize> =
        cite::marks(&text).into_iter().flat_map(|mark| mark.numbers).collect();
    citations.sort_unstable();
    citations.dedup();
    let missing = missing(&text, &citations, sources);
    Sentence { text, citations, supported: missing.is_empty(), missing, opens_line }
}

fn missing(text: &str, citations: &[usize], sources: &[Source]) -> Vec<Missing> {
    let body = cite::without(text);
    let says = body.trim_matches(|ch: char| !ch.is_alphanumeric());
    if says.is_empty() || says == prompt::NO_ANSWER {
        return Vec::new();
    }
    if citations.is_empty() {
        return vec![Missing { kind: MissingKind::Citation, text: String::new() }];
    }
    let known = |number: &&usize| sources.iter().any(|source| source.number == **number);
    let unknown = citations.iter().filter(|number| !known(number));
    let mut out: Vec<Missing> = unknown
        .map(|number| Missing { kind: MissingKind::Source, text: format!("[{number}]") })
        .collect();
    let cited = sources.iter().filter(|source| citations.contains(&source.number));
    let evidence = Evidence::of(cited.flat_map(Source::texts));
    let body = &body[list_mark(&body)..];
    for found in facts(body).into_iter().filter(|found| !evidence.holds(&found.fact)) {
        let kind = match found.fact {
            Fact::Figure(_) => MissingKind::Figure,
            Fact::Date(_) => MissingKind::Date,
            Fact::Word(_) => MissingKind::Word,
            Fact::Name(_) => MissingKind::Name,
        };
        let lack = Missing { kind, text: body[found.range].to_owned() };
        if !out.contains(&lack) {
            out.push(lack);
        }
    }
    out
}

/// The length of the number that a list item begins with: `1. `, `（2）`, `3、`.
fn list_mark(text: &str) -> usize {
    let rest = text.trim_start_matches([' ', '-', '*', '•', '(', '（']);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let behind = rest[digits..].strip_prefix(['.', '、', ')', '）', '．']);
    match behind {
        // 3.5 is a figure.
        Some(behind)
            if (1..=2).contains(&digits) && !behind.starts_with(|ch: char| ch.is_ascii_digit()) =>
        {
            text.len() - behind.len()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sentence_lacks_is_said() {
        let source = |number, text: &str| Source {
            number,
            is_answer: true,
            doc: "雪岭".to_owned(),
            title: Some("远山通信完成雪岭基站改造".to_owned()),
            published: Some("2023-05-04".to_owned()),
            page: None,
            headings: vec![],
            text: text.to_owned(),
        };
        let sources = [source(1, "下行速率达到每秒八百兆比特。"), source(2, "工程历时四十二天。")];
        let cases: [(&str, &[&str]); 14] = [
            ("下行速率为每秒800兆比特[1]。", &[]),
            ("下行速率为每秒900兆比特[1]。", &["Figure 900兆"]),
            ("历时42天[2]。", &[]),
            ("历时42天[1]。", &["Figure 42天"]),
            ("历时42天。", &["Citation "]),
            ("历时42天[99]。", &["Source [99]", "Figure 42天"]),
            ("历时42天[2][99]。", &["Source [99]"]),
            ("2023年5月4日完成[1]。", &[]),
            ("2023年6月完成[1]。", &["Date 2023年6月"]),
            ("采用《青溪方案》和LTE，LTE较新[1]。", &["Name 青溪方案", "Word LTE"]),
            ("1. 历时42天[2]", &[]),
            ("资料中没有答案。", &[]),
            ("---", &[]),
            ("3.5倍[2]", &["Figure 3.5倍"]),
        ];
        for (text, expected) in cases {
            let piece = Piece { text: text.to_owned(), opens_line: true };
            let sentence = checked(piece, &sources);
            let lacks = sentence.missing.iter();
            let lacks: Vec<String> =
                lacks.map(|lack| format!("{:?} {}", lack.kind, lack.text)).collect();
            assert_eq!(lacks, expected, "{text}");
            assert_eq!(sentence.supported, expected.is_empty());
        }
    }

    #[test]
    fn any_text_is_survived_and_comes_out_whole() {
        const PARTS: [&str; 24] = [
            "[",
            "1",
            "]",
            "。",
            "\n",
            "十",
            "亿",
            "点",
            "年",
            "2023",
            "-",
            "月",
            "，",
            ",",
            "“",
            "”",
            "《",
            "％",
            " ",
            "é\u{301}",
            "【2",
            "】",
            "百分之",
            "G",
        ];
        let mut seed = 1_u32;
        for _ in 0..3000 {
            let mut splitter = Splitter::default();
            let (mut given, mut out) = (String::new(), Vec::new());
            for _ in 0..20 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let part = PARTS[(seed >> 16) as usize % PARTS.len()];
                given += part;
                out.extend(splitter.push(part));
            }
            out.extend(splitter.finish());
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            let whole: String = out.iter().map(|piece| bare(&piece.text)).collect();
            assert_eq!(whole, bare(&given));
            out.into_iter().for_each(|piece| drop(checked(piece, &[])));
            evidence::Evidence::of([given.as_str()]);
        }
    }
}
