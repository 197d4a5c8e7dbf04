//! Labelled questions and a run's answers → the contest's score, retrieval and citation figures.
//!
//! The formula is that of the 2024 CCF BDCI task 1045. For each question
//! `score = (w·kw + (1 − w)·es)·p`, averaged with the questions' difficulties as weights:
//!
//! - `kw` is the share of the labelled keywords that the answer contains;
//! - `es` is how much the answer resembles the labelled text. The contest took a sentence
//!   embedding; here it is the cosine of character-bigram counts, stricter and without a model;
//! - `p` is 1 up to 1.5 times the labelled text's length, 0.9 up to 2.5 times, else 0.75.
//!
//! Where a question has alternative labels, the best one counts. A question is found at rank k
//! when every block of one label is held, to 60 % of its character 4-grams, by one of the first k
//! passages. All text is compared after NFKC, LaTeX residue and white space removed.
//!
//! This is a port, figure by figure, of the script that the evaluation set comes with, so its
//! oddities are kept: a question without an answer line counts as answered with nothing. What is
//! text and what is white space are Python's notions of them, which differ from Rust's in a few
//! control characters. An integration test runs both on one file where the script is at hand.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, BufRead};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What identifies a question in both files.
pub type Id = i64;

/// The depths at which recall is reported.
pub const DEPTHS: [usize; 4] = [1, 3, 5, 10];

/// What can be wrong with a file of questions or answers.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be read on.
    #[error("line {line}: {source}")]
    Read {
        /// The line, from 1.
        line: usize,
        /// What the system says.
        source: io::Error,
    },
    /// A line is not the object that was expected.
    #[error("line {line} is not a valid record: {source}")]
    Record {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it, with the column.
        source: serde_json::Error,
    },
}

/// A labelled question: one line of a gold file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Question {
    /// Its number; a string of digits is accepted.
    #[serde(deserialize_with = "id")]
    pub id: Id,
    /// The question itself.
    pub question: String,
    /// Its weight in the mean of scores.
    #[serde(default = "one")]
    pub difficulty: f64,
    /// The share of the keywords in the score, 0 to 1.
    #[serde(default = "half")]
    pub kw_weight: f64,
    /// Strings that a right answer contains.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// The text that answers it, all blocks together. Empty if the documents do not answer it:
    /// such a question is not scored.
    #[serde(default)]
    pub blocks: Vec<Block>,
    /// Other texts that answer it as well.
    #[serde(default)]
    pub alternatives: Vec<Vec<Block>>,
}

/// What was answered to one question: one line of an answers file. Other fields are ignored.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Answered {
    /// The question's number; a string of digits is accepted.
    #[serde(deserialize_with = "id")]
    pub id: Id,
    /// Whether the answer was offered as one.
    #[serde(default = "yes")]
    pub found: bool,
    /// The returned text, blocks joined; given also where `found` is false.
    #[serde(default)]
    pub answer: String,
    /// Where the text stands, best first.
    #[serde(default)]
    pub blocks: Vec<Block>,
    /// The retrieved passages, best first.
    #[serde(default)]
    pub passages: Vec<Block>,
}

/// A piece of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Block {
    /// The file's name without its extension.
    pub doc: String,
    /// Its page, from 1; absent for formats without pages.
    #[serde(default)]
    pub page: Option<u32>,
    /// Its text.
    #[serde(default)]
    pub text: String,
}

/// All figures of a run. Shares are percentages; with no question to score they are NaN.
///
/// Serialised, `recall` becomes `recall@1`, `recall@3`, …, and NaN becomes null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Questions scored: those with at least one labelled block.
    pub questions: usize,
    /// The contest's score, 0 to 100.
    pub bdci: f64,
    /// The mean share of keywords contained.
    pub keywords: f64,
    /// The mean similarity to the label.
    pub similarity: f64,
    /// The share of questions answered with `found`, or not mentioned at all.
    pub given: f64,
    /// The share of those answers that hold no keyword and resemble no label (below 0.5).
    pub wrong: f64,
    /// The share whose first block is in a labelled document.
    pub doc: f64,
    /// The share whose first block is on a labelled page, among the questions whose labels have
    /// pages; NaN when none has.
    pub page: f64,
    /// The mean of 1 ∕ rank, 0 to 1.
    pub mrr: f64,
    /// The share found among the first [`DEPTHS`] passages.
    #[serde(flatten, serialize_with = "recall_keys")]
    pub recall: [f64; 4],
    /// The questions one by one, in the order of the gold file.
    pub rows: Vec<Row>,
}

/// One question's figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The question's number.
    pub id: Id,
    /// The question itself.
    pub question: String,
    /// Its score, 0 to 1.
    pub score: f64,
    /// The share of its keywords that the answer contains, 0 to 1.
    pub kw: f64,
    /// The similarity of answer and label, 0 to 1.
    pub es: f64,
    /// The answer's length as a multiple of the label's.
    pub length: f64,
    /// Where the retrieved passages first hold the label, from 1.
    pub rank: Option<usize>,
}

/// Reads a gold file: one [`Question`] a line, blank lines skipped.
///
/// # Errors
/// The first line that cannot be read or is not a question.
pub fn load_gold(reader: impl BufRead) -> Result<Vec<Question>, Error> {
    load_lines(reader)
}

/// Reads an answers file: one [`Answered`] a line, blank lines skipped. Where two lines answer the
/// same question the later one counts.
///
/// # Errors
/// The first line that cannot be read or is not an answer.
pub fn load_answers(reader: impl BufRead) -> Result<HashMap<Id, Answered>, Error> {
    Ok(load_lines(reader)?.into_iter().map(|answer: Answered| (answer.id, answer)).collect())
}

/// Scores a run. Questions without a labelled block are left out.
#[must_use]
pub fn score(questions: &[Question], answers: &HashMap<Id, Answered>) -> Report {
    let nothing = Answered { found: true, ..Answered::default() };
    let scored: Vec<(&Question, &Answered, Scored)> = questions
        .iter()
        .filter(|question| !question.blocks.is_empty())
        .map(|question| {
            let answer = answers.get(&question.id).unwrap_or(&nothing);
            (question, answer, score_one(question, answer))
        })
        .collect();

    let count = scored.len() as f64;
    let mean = |value: &dyn Fn(&Scored) -> f64| {
        scored.iter().map(|(_, _, figures)| value(figures)).sum::<f64>() / count
    };
    let weight: f64 = scored.iter().map(|(question, ..)| question.difficulty).sum();
    let weighted: f64 = scored.iter().map(|(q, _, figures)| q.difficulty * figures.score).sum();
    let given = scored.iter().filter(|(_, answer, _)| answer.found).count();
    let wrong = scored
        .iter()
        .filter(|(_, answer, figures)| answer.found && figures.kw == 0.0 && figures.es < 0.5)
        .count();
    let pages: Vec<bool> = scored.iter().filter_map(|(_, _, figures)| figures.page).collect();
    let on_page = pages.iter().filter(|hit| **hit).count();

    Report {
        questions: scored.len(),
        bdci: 100.0 * weighted / weight,
        keywords: 100.0 * mean(&|figures| figures.kw),
        similarity: 100.0 * mean(&|figures| figures.es),
        given: 100.0 * given as f64 / count,
        wrong: 100.0 * wrong as f64 / given.max(1) as f64,
        doc: 100.0 * mean(&|figures| f64::from(u8::from(figures.doc))),
        page: 100.0 * (on_page as f64 / pages.len() as f64),
        mrr: mean(&|figures| figures.rank.map_or(0.0, |rank| 1.0 / rank as f64)),
        recall: DEPTHS.map(|depth| {
            let found = |figures: &Scored| figures.rank.is_some_and(|rank| rank <= depth);
            100.0 * mean(&|figures| f64::from(u8::from(found(figures))))
        }),
        rows: scored
            .iter()
            .map(|(question, _, figures)| Row {
                id: question.id,
                question: question.question.clone(),
                score: figures.score,
                kw: figures.kw,
                es: figures.es,
                length: figures.length,
                rank: figures.rank,
            })
            .collect(),
    }
}

impl Report {
    /// The `n` questions with the lowest scores, worst first; of equals the earlier one.
    #[must_use]
    pub fn worst(&self, n: usize) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by(|a, b| a.score.total_cmp(&b.score));
        rows.truncate(n);
        rows
    }
}

impl fmt::Display for Report {
    /// All figures on one line: `questions=22  bdci=71.250  …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "questions={}", self.questions)?;
        let mut figure = |name: &str, value: f64| match value {
            value if value.is_nan() => write!(f, "  {name}=nan"),
            value => write!(f, "  {name}={value:.3}"),
        };
        figure("bdci", self.bdci)?;
        figure("keywords", self.keywords)?;
        figure("similarity", self.similarity)?;
        figure("given", self.given)?;
        figure("wrong", self.wrong)?;
        figure("doc", self.doc)?;
        figure("page", self.page)?;
        figure("mrr", self.mrr)?;
        for (depth, value) in DEPTHS.iter().zip(self.recall) {
            figure(&format!("recall@{depth}"), value)?;
        }
        Ok(())
    }
}

impl fmt::Display for Row {
    /// The question with what was good and bad about its answer, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { score, kw, es, length, .. } = self;
        let rank = self.rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
        write!(f, "{score:.2} kw={kw:.2} es={es:.2} len x{length:.1} rank={rank} ")?;
        write!(f, "#{} {}", self.id, self.question)
    }
}

/// What one question's answer is worth.
struct Scored {
    score: f64,
    kw: f64,
    es: f64,
    length: f64,
    doc: bool,
    page: Option<bool>,
    rank: Option<usize>,
}

fn score_one(question: &Question, answer: &Answered) -> Scored {
    let options = || {
        let alternatives = question.alternatives.iter().filter(|option| !option.is_empty());
        std::iter::once(&question.blocks).chain(alternatives)
    };
    let labelled = || options().flatten();

    let text = normalise(&answer.answer);
    let length = text.chars().count();
    let bigrams = grams(&text, 2);
    let keywords: Vec<String> = question.keywords.iter().map(|word| normalise(word)).collect();
    let contained = keywords.iter().filter(|word| text.contains(word.as_str())).count();
    let kw = if keywords.is_empty() { 0.0 } else { contained as f64 / keywords.len() as f64 };

    let mut best: Option<(f64, f64, f64)> = None;
    for blocks in options() {
        let gold = normalise(&blocks.iter().map(|block| block.text.as_str()).collect::<String>());
        let gold_length = gold.chars().count();
        let es = cosine(&bigrams, &grams(&gold, 2));
        let p = if length == 0 { 1.0 } else { penalty(length, gold_length) };
        let score = (question.kw_weight * kw + (1.0 - question.kw_weight) * es) * p;
        if best.is_none_or(|(highest, ..)| score > highest) {
            best = Some((score, es, length as f64 / gold_length.max(1) as f64));
        }
    }
    let (score, es, length) = best.unwrap_or_default();

    let first = answer.blocks.first();
    let has_page = labelled().any(|block| page_of(block).is_some());
    let page = has_page.then(|| {
        first.is_some_and(|first| {
            labelled().any(|gold| {
                gold.doc == first.doc && page_of(gold).is_some() && gold.page == first.page
            })
        })
    });
    Scored {
        score,
        kw,
        es,
        length,
        doc: first.is_some_and(|first| labelled().any(|gold| gold.doc == first.doc)),
        page,
        rank: rank(options(), &answer.passages),
    }
}

/// Where the passages first hold all blocks of one of the options, from 1.
fn rank<'a>(options: impl Iterator<Item = &'a Vec<Block>>, passages: &[Block]) -> Option<usize> {
    let passages: Vec<(String, Grams)> = passages
        .iter()
        .map(|passage| {
            let text = normalise(&passage.text);
            let grams = grams(&text, 4);
            (text, grams)
        })
        .collect();
    let holds = |gold: &str, (text, grams): &(String, Grams)| containment(gold, text, grams) >= 0.6;
    options
        .filter_map(|blocks| {
            let ranks: Option<Vec<usize>> = blocks
                .iter()
                .map(|block| {
                    let gold = normalise(&block.text);
                    passages.iter().position(|passage| holds(&gold, passage)).map(|at| at + 1)
                })
                .collect();
            ranks?.into_iter().max()
        })
        .min()
}

/// A label's page; page 0 stands for none.
fn page_of(block: &Block) -> Option<u32> {
    block.page.filter(|page| *page > 0)
}

fn penalty(length: usize, gold_length: usize) -> f64 {
    let (length, gold_length) = (length as f64, gold_length as f64);
    if length <= 1.5 * gold_length {
        1.0
    } else if length <= 2.5 * gold_length {
        0.9
    } else {
        0.75
    }
}

/// Character n-grams with how often each occurs.
type Grams = HashMap<String, u64>;

fn grams(text: &str, n: usize) -> Grams {
    let starts: Vec<usize> =
        text.char_indices().map(|(at, _)| at).chain(std::iter::once(text.len())).collect();
    let mut counts = Grams::new();
    for window in starts.windows(n + 1) {
        *counts.entry(text[window[0]..window[n]].to_owned()).or_default() += 1;
    }
    counts
}

fn cosine(a: &Grams, b: &Grams) -> f64 {
    let product: u64 = a.iter().map(|(gram, n)| n * b.get(gram).copied().unwrap_or(0)).sum();
    let square = |grams: &Grams| grams.values().map(|n| u128::from(n * n)).sum::<u128>();
    let norm = ((square(a) * square(b)) as f64).sqrt();
    if norm > 0.0 { product as f64 / norm } else { 0.0 }
}

/// The share of the label's 4-grams that occur in the text.
fn containment(gold: &str, text: &str, text_grams: &Grams) -> f64 {
    let wanted = grams(gold, 4);
    if wanted.is_empty() {
        return if !gold.is_empty() && text.contains(gold) { 1.0 } else { 0.0 };
    }
    let common: u64 =
        wanted.iter().map(|(gram, n)| (*n).min(text_grams.get(gram).copied().unwrap_or(0))).sum();
    common as f64 / wanted.values().sum::<u64>() as f64
}

/// LaTeX residue out, NFKC, then white space, zero-width spaces and table bars out.
fn normalise(text: &str) -> String {
    strip_latex(text)
        .nfkc()
        .filter(|c| !is_space(*c) && !matches!(c, '\u{200b}' | '\u{feff}' | '|'))
        .collect()
}

/// Removes what converters leave of formulas: font commands, brackets, thin spaces, `<br>`.
fn strip_latex(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let removed = residue(rest);
        if removed == 0 {
            kept.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            rest = &rest[removed..];
        }
    }
    kept
}

/// How many bytes at the start of `text` are residue.
fn residue(text: &str) -> usize {
    const COMMANDS: [&str; 5] = ["mathrm", "text", "mathbf", "left", "right"];
    if text.starts_with(['{', '}']) {
        return 1;
    }
    if let Some(after) = text.strip_prefix('\\') {
        for command in COMMANDS {
            let Some(next) = after.strip_prefix(command) else { continue };
            if !next.starts_with(is_word) {
                return 1 + command.len();
            }
        }
        return match after.chars().next() {
            Some('(' | ')' | '[' | ']' | ',' | ';' | '!' | ' ') => 2,
            Some('%') => 1,
            _ => 0,
        };
    }
    if let Some(after) = text.strip_prefix("<br") {
        let after = after.trim_start_matches(is_space);
        let after = after.strip_prefix('/').unwrap_or(after);
        if let Some(end) = after.strip_prefix('>') {
            return text.len() - end.len();
        }
    }
    0
}

/// Python's `\s`: Unicode white space and the four ASCII separators.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Python's `\w`: letters, what has a numeric value, and the underscore. Rust's alphanumerics
/// also hold vowel signs and letters in circles and squares.
fn is_word(c: char) -> bool {
    let enclosed =
        matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f189}') && !c.is_numeric();
    c == '_' || (c.is_alphanumeric() && !is_combining_mark(c) && !enclosed)
}

fn load_lines<T: for<'a> Deserialize<'a>>(reader: impl BufRead) -> Result<Vec<T>, Error> {
    let mut records = Vec::new();
    for (at, text) in reader.lines().enumerate() {
        let line = at + 1;
        let text = text.map_err(|source| Error::Read { line, source })?;
        if text.trim().is_empty() {
            continue;
        }
        let record =
            serde_json::from_str(&text).map_err(|source| Error::Record { line, source })?;
        records.push(record);
    }
    Ok(records)
}

fn recall_keys<S: Serializer>(recall: &[f64; 4], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(DEPTHS.iter().map(|depth| format!("recall@{depth}")).zip(recall))
}

fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a number, or a string of digits, as the id")]
    enum Raw {
        Number(Id),
        Text(String),
    }
    match Raw::deserialize(deserializer)? {
        Raw::Number(id) => Ok(id),
        Raw::Text(text) => text.trim().parse().map_err(serde::de::Error::custom),
    }
}

fn one() -> f64 {
    1.0
}

fn half() -> f64 {
    0.5
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(id: Id, keywords: &[&str], options: &[&[(&str, u32, &str)]]) -> Question {
        let mut options = options.iter().map(|option| blocks(option));
        Question {
            id,
            question: format!("第{id}问"),
            difficulty: 1.0,
            kw_weight: 0.5,
            keywords: keywords.iter().map(|word| (*word).to_owned()).collect(),
            blocks: options.next().unwrap_or_default(),
            alternatives: options.collect(),
        }
    }

    fn blocks(list: &[(&str, u32, &str)]) -> Vec<Block> {
        list.iter()
            .map(|&(doc, page, text)| Block {
                doc: doc.to_owned(),
                page: (page > 0).then_some(page),
                text: text.to_owned(),
            })
            .collect()
    }

    fn answered(id: Id, at: (&str, u32), text: &str, passages: &[&str]) -> Answered {
        let list: Vec<_> = passages.iter().map(|text| ("甲", 1, *text)).collect();
        Answered {
            id,
            found: true,
            answer: text.to_owned(),
            blocks: blocks(&[(at.0, at.1, text)]),
            passages: blocks(&list),
        }
    }

    fn run(questions: &[Question], answers: Vec<Answered>) -> Report {
        score(questions, &answers.into_iter().map(|answer| (answer.id, answer)).collect())
    }

    #[test]
    fn normalises_as_the_script_does() {
        let cases = [
            ("８．３％", "8.3%"),
            (r"增长 \(8.3\%\)", "增长8.3%"),
            (r"\mathrm{亿}\,元", "亿元"),
            (r"\text{a}b", "ab"),
            // A command that runs on into a word, Chinese included, is not one.
            (r"\textbf{a}", r"\textbfa"),
            (r"\text元", r"\text元"),
            (r"\left[1\right]", "[1]"),
            (r"\text" /* at the end */, ""),
            ("a<br>b<br />c<br/ >d", "abc<br/>d"),
            ("一 二\u{3000}三\u{200b}四\u{feff}五|六\u{1c}七\u{85}八", "一二三四五六七八"),
            (r"a\b", r"a\b"),
            ("㎡", "m2"),
        ];
        for (raw, expected) in cases {
            assert_eq!(normalise(raw), expected, "{raw:?}");
        }
    }

    #[test]
    fn counts_grams_by_character() {
        assert_eq!(grams("山山山水", 2), Grams::from([("山山".into(), 2), ("山水".into(), 1)]));
        assert!(grams("山", 2).is_empty());
        assert!(grams("", 2).is_empty());
    }

    #[test]
    fn a_short_label_must_be_contained_whole() {
        let within = |gold, text| containment(gold, text, &grams(text, 4));
        assert_eq!(within("五十", "共五十座"), 1.0);
        assert_eq!(within("五十", "共五 座"), 0.0);
        assert_eq!(within("", "共"), 0.0);
        assert_eq!(within("甲乙丙丁戊", "甲乙丙丁"), 0.5);
    }

    #[test]
    fn a_perfect_answer_scores_full_marks() {
        let gold = "远山镇新建基站八十座。";
        let report = run(
            &[question(1, &["八十座"], &[&[("甲", 3, gold)]])],
            vec![answered(1, ("甲", 3), gold, &["无关的一段文字。", gold])],
        );
        assert!((report.bdci - 100.0).abs() < 1e-9);
        assert_eq!((report.doc, report.page, report.wrong), (100.0, 100.0, 0.0));
        assert_eq!(report.mrr, 0.5);
        assert_eq!(report.recall, [0.0, 100.0, 100.0, 100.0]);
    }

    #[test]
    fn too_long_an_answer_is_penalised_in_two_steps() {
        let of = |length| penalty(length, 10);
        assert_eq!([of(15), of(16), of(25), of(26)], [1.0, 0.9, 0.9, 0.75]);
    }

    #[test]
    fn the_best_alternative_counts_and_any_labelled_place() {
        let questions =
            [question(1, &[], &[&[("甲", 1, "山高水长风清月明")], &[("乙", 9, "海阔天空")]])];
        let report = run(&questions, vec![answered(1, ("乙", 9), "海阔天空", &["海阔天空"])]);
        assert!((report.similarity - 100.0).abs() < 1e-9);
        assert_eq!((report.doc, report.page, report.mrr), (100.0, 100.0, 1.0));
        let elsewhere = run(&questions, vec![answered(1, ("乙", 8), "海阔天空", &[])]);
        assert_eq!((elsewhere.doc, elsewhere.page, elsewhere.mrr), (100.0, 0.0, 0.0));
    }

    #[test]
    fn a_label_of_many_blocks_is_found_with_its_last() {
        let questions = [question(1, &[], &[&[("甲", 1, "第一条风险"), ("甲", 2, "第二条风险")]])];
        let passages = ["第一条风险", "别的", "第二条风险"];
        assert_eq!(
            run(&questions, vec![answered(1, ("甲", 1), "", &passages)]).rows[0].rank,
            Some(3)
        );
        assert_eq!(
            run(&questions, vec![answered(1, ("甲", 1), "", &passages[..2])]).rows[0].rank,
            None
        );
    }

    #[test]
    fn difficulty_weighs_the_score_alone() {
        let mut questions = [
            question(1, &["甲"], &[&[("d", 0, "甲乙")]]),
            question(2, &["丙"], &[&[("d", 0, "丙丁")]]),
        ];
        questions[1].difficulty = 3.0;
        let report = run(&questions, vec![answered(1, ("d", 0), "甲乙", &[])]);
        assert!((report.bdci - 25.0).abs() < 1e-9);
        assert!((report.keywords - 50.0).abs() < 1e-9);
        // The question without a line counts as given, and wrong.
        assert_eq!((report.given, report.wrong), (100.0, 50.0));
        assert!(report.page.is_nan());
        assert_eq!(report.worst(1)[0].id, 2);
    }

    #[test]
    fn unlabelled_questions_are_left_out() {
        let report = run(&[question(1, &[], &[])], Vec::new());
        assert_eq!(report.questions, 0);
        assert!(report.bdci.is_nan());
    }

    #[test]
    fn prints_and_serialises_like_the_script() {
        let report = run(&[question(1, &["甲"], &[&[("d", 0, "甲乙")]])], Vec::new());
        assert_eq!(
            report.to_string(),
            "questions=1  bdci=0.000  keywords=0.000  similarity=0.000  given=100.000  \
             wrong=100.000  doc=0.000  page=nan  mrr=0.000  recall@1=0.000  recall@3=0.000  \
             recall@5=0.000  recall@10=0.000"
        );
        assert_eq!(report.rows[0].to_string(), "0.00 kw=0.00 es=0.00 len x0.0 rank=- #1 第1问");
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["recall@10"], 0.0);
        assert!(json["page"].is_null());
        assert_eq!(json["rows"][0]["id"], 1);
    }

    #[test]
    fn reads_lines_and_names_the_bad_one() {
        let gold = "{\"id\": \"7\", \"question\": \"？\"}\n\n";
        assert_eq!(load_gold(gold.as_bytes()).unwrap()[0].id, 7);
        let answers = "{\"id\": 1, \"answer\": \"a\", \"ms\": 3}\n{\"id\": 1, \"answer\": \"b\"}\n";
        let answers = load_answers(answers.as_bytes()).unwrap();
        assert_eq!((answers.len(), answers[&1].answer.as_str(), answers[&1].found), (1, "b", true));
        let error = load_gold("\n{\"id\": true}".as_bytes()).unwrap_err();
        assert!(error.to_string().starts_with("line 2 "), "{error}");
    }
}
