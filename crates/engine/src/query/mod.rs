//! A question understood: what it asks for, and what it restricts.
//!
//! A question is folded like the documents and then taken apart:
//!
//! * **openers** (请介绍, 帮我查询, 告诉我) say nothing about the answer and go;
//! * a **preamble** (根据…报告，, …白皮书指出，) names the source: its words count against titles,
//!   and lightly against the text;
//! * **question words** (哪些, 多少, 如何) do not stand in answers: they decide what kind of answer
//!   is wanted ([`Asks`]) and go;
//! * **restrictions** are read: periods, a kind of source, 《a document》, “a quoted string”;
//! * two periods beside each other (第一季度和第三季度) make one **sub-question** each;
//! * times **relative** to a date (去年, 近三年) are counted from it.
//!
//! All rules are about the language of questions; none knows a document.

mod asks;
mod follow;
mod parse;
mod parts;
mod phrases;
mod relative;
mod terms;

use yuanwen_parse::Kind;

pub use asks::Asks;
pub use follow::complete;
pub use parse::{Knowledge, understand, understand_with};
pub use relative::Relative;
pub(crate) use relative::is_relative;
pub(crate) use terms::{cut_of, is_particle};

use crate::lexicon::{Named, Rule};
use crate::passage::Part;
use crate::text::number::When;

/// What a question asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// The question, folded.
    pub text: String,
    /// The question without preamble and question words, in whose place commas stand.
    pub bare: String,
    /// What is searched, each term once.
    pub terms: Vec<QueryTerm>,
    /// The kind of answer wanted.
    pub asks: Asks,
    /// Whether it asks for several things (哪些, 分别, 哪三个).
    pub several: bool,
    /// Whether the things are what somebody did or brought about (哪些措施, 哪些成果): each takes a
    /// sentence or more to tell.
    pub deeds: bool,
    /// How many things it asks for, as the answer would say it: 三个, 四种.
    pub counted: Option<String>,
    /// The thing that is to be defined (什么是云帆？ 云帆是什么？), without white space.
    pub defines: Option<String>,
    /// What names the source of the answer: 根据2022年年度报告.
    pub preamble: String,
    /// The times it tells relative to a date, with what they mean.
    pub relative: Vec<Relative>,
    /// The times it names.
    pub periods: Vec<When>,
    /// The kind of document it names.
    pub source: Option<Kind>,
    /// What it names in 《》, folded, without white space.
    pub named: Vec<String>,
    /// What it quotes in “” or 「」, folded, without white space.
    pub quoted: Vec<String>,
    /// What may stand for phrases of the question, and counts as if they stood there themselves.
    pub alternatives: Vec<Rule>,
    /// The organisations that it names.
    pub organisations: Named,
    /// What was rejected as an answer to it.
    pub sunk: Vec<Sunk>,
    /// One question for each of the periods it sets beside each other; empty if there is but one.
    pub parts: Vec<Query>,
    /// Whether the parts are compared with each other (2022年比2021年), so that one sentence may
    /// tell what is asked.
    pub compares: bool,
}

/// A stretch of a document that was rejected as an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sunk {
    /// The document version.
    pub version: u64,
    /// Where it stands.
    pub part: Part,
}

impl Sunk {
    /// Whether a part of a version has something of it.
    pub fn is_in(&self, version: u64, part: &Part) -> bool {
        let own = &self.part;
        self.version == version
            && own.block == part.block
            && own.start < part.end
            && part.start < own.end
    }
}

/// A term of the question.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryTerm {
    /// The term as it is indexed.
    pub text: String,
    /// How much it counts; 1 is usual.
    pub weight: f32,
    /// Whether it is one Han character.
    pub single: bool,
    /// Whether it stands in the preamble only.
    pub preamble: bool,
    /// Whether it stands beside a question word: it says what sort of thing is asked for.
    pub beside: bool,
    /// The terms inside it, if it is a word of more than two atoms that the dictionary keeps
    /// together: it stands where all of it stands.
    pub inside: Vec<String>,
}
