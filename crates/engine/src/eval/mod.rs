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

mod calibration;
mod compare;
mod measure;
mod normal;
mod records;
mod report;

use std::collections::HashMap;

pub use calibration::calibrate;
pub use compare::{Change, Comparison, compare};
pub use records::{Answered, Block, Error, Id, Question, load_answers, load_gold};
pub use report::{Bin, Calibration, Companion, DEPTHS, Refused, Report, Row};

use crate::answer::Figures;
use crate::query::understand;
use measure::{Scored, score_one};

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
    let wrong =
        scored.iter().filter(|(_, answer, figures)| answer.found && figures.is_wrong()).count();
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
        calibration: None,
        rows: scored
            .iter()
            .map(|(question, answer, figures)| row(question, answer, figures))
            .collect(),
    }
}

/// One question's figures, with what it is about.
fn row(question: &Question, answer: &Answered, figures: &Scored) -> Row {
    let asks = understand(&question.question).asks;
    Row {
        id: question.id,
        question: question.question.clone(),
        asks,
        kind: question.kind.clone().unwrap_or_else(|| asks.name().to_owned()),
        found: answer.found,
        answer: answer.answer.clone(),
        expected: figures.expected.clone(),
        difficulty: question.difficulty,
        score: figures.score,
        kw: figures.kw,
        es: figures.es,
        length: figures.length,
        rank: figures.rank,
        wrong: figures.is_wrong(),
        confidence: answer.confidence,
        evidence: answer.evidence.clone(),
        companions: companions(question, answer),
    }
}

/// What an answer of one sentence is worth, first alone and then with others beside it.
fn companions(question: &Question, answer: &Answered) -> Vec<Companion> {
    let worth = |figures: &Figures, text: &str| {
        let own = Answered { answer: text.to_owned(), ..Answered::default() };
        let scored = score_one(question, &own);
        let figures = figures.named().into_iter().collect();
        Companion { figures, score: scored.score, wrong: scored.is_wrong() }
    };
    let Some(all) = answer.companions.as_ref().filter(|all| !all.pairs.is_empty()) else {
        return Vec::new();
    };
    let alone = worth(&Figures::default(), &all.alone);
    std::iter::once(alone).chain(all.pairs.iter().map(|(own, text)| worth(own, text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(id: Id, keywords: &[&str], options: &[&[(&str, u32, &str)]]) -> Question {
        let mut options = options.iter().map(|option| blocks(option));
        Question {
            id,
            question: format!("第{id}问"),
            kind: None,
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
            ..Answered::default()
        }
    }

    fn run(questions: &[Question], answers: Vec<Answered>) -> Report {
        score(questions, &answers.into_iter().map(|answer| (answer.id, answer)).collect())
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
    fn the_best_alternative_counts_and_any_labelled_place() {
        let questions =
            [question(1, &[], &[&[("甲", 1, "山高水长风清月明")], &[("乙", 9, "海阔天空")]])];
        let report = run(&questions, vec![answered(1, ("乙", 9), "海阔天空", &["海阔天空"])]);
        assert!((report.similarity - 100.0).abs() < 1e-9);
        assert_eq!((report.doc, report.page, report.mrr), (100.0, 100.0, 1.0));
        assert_eq!(report.rows[0].expected, "海阔天空");
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
        let row = &json["rows"][0];
        assert_eq!(
            (&row["id"], &row["type"], &row["expected"]),
            (&1.into(), &"other".into(), &"甲乙".into())
        );
    }
}
