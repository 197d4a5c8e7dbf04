//! The same questions get the same answers whatever format a document is kept in: every twin of
//! `samples/formats` in a knowledge base of its own, asked the questions of its `gold.jsonl`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use yuanwen_engine::answer::AskOptions;
use yuanwen_engine::kb::{AddOptions, KnowledgeBase};

/// Formats that give the same blocks: their answers are the same to the letter.
const SAME: [&str; 6] = ["docx", "html", "md", "epub", "mht", "eml"];
/// Formats whose blocks are cut otherwise, by pages, slides or rows of a sheet: their answers hold
/// the labelled sentences, with more or less around them.
const ALIKE: [&str; 6] = ["pdf", "pptx", "txt", "xlsx", "xls", "ods"];
/// Tables are lost in plain text.
const WITHOUT_TABLES: [&str; 1] = ["txt"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/formats")
}

fn questions() -> Vec<Value> {
    let lines = fs::read_to_string(folder().join("gold.jsonl")).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The answers that a document in one format gives, marks of lists and notes left out: what stands
/// between sentences differs with the format, the sentences do not.
fn answers(extension: &str, questions: &[Value]) -> Result<Vec<String>, String> {
    let temp = tempfile::tempdir().unwrap();
    let kb = KnowledgeBase::create(&temp.path().join("kb")).unwrap();
    let path = folder().join(format!("网络运行简报.{extension}"));
    let report = kb.add(&[path], &AddOptions::default(), &mut |_| {}).unwrap();
    if let Some(skipped) = report.skipped.first() {
        return Err(format!("{extension}: {}", skipped.because));
    }
    let asked: Vec<&str> =
        questions.iter().map(|line| line["question"].as_str().unwrap()).collect();
    let answers = kb.batch(&asked, &AskOptions::default()).into_iter().map(|answer| {
        let texts: Vec<String> =
            answer.unwrap().blocks.into_iter().map(|block| block.text).collect();
        plain(&texts.join("\n"))
    });
    Ok(answers.collect())
}

/// Lines without their markers, cells separated by a space.
fn plain(text: &str) -> String {
    let marker = |ch: char| ch.is_ascii_digit() || "•●.、 []".contains(ch);
    let line = |line: &str| {
        let rest = line.trim_start_matches(marker);
        let mark = &line[..line.len() - rest.len()];
        let marked = line.starts_with(['•', '●', '[']) || mark.ends_with(' ');
        if marked { rest.to_owned() } else { line.replace('\t', " ") }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_format_answers_alike() {
    let questions = questions();
    let mut faults = String::new();
    let mut expected: Option<Vec<String>> = None;
    for extension in SAME.into_iter().chain(ALIKE) {
        let found = match answers(extension, &questions) {
            Ok(found) => found,
            Err(error) => {
                faults += &format!("{error}\n");
                continue;
            }
        };
        for (at, (question, answer)) in questions.iter().zip(&found).enumerate() {
            if question["type"] == "table" && WITHOUT_TABLES.contains(&extension) {
                continue;
            }
            for label in question["blocks"].as_array().unwrap() {
                let label = label["text"].as_str().unwrap();
                if !answer.replace('\n', " ").contains(label) {
                    faults += &format!(
                        "{extension}, question {}: {answer:?} without {label:?}\n",
                        at + 1
                    );
                }
            }
            let same = expected.as_ref().map_or(answer, |expected| &expected[at]);
            if SAME.contains(&extension) && answer != same {
                faults += &format!("{extension}, question {}: {answer:?} for {same:?}\n", at + 1);
            }
        }
        if SAME.contains(&extension) {
            expected.get_or_insert(found);
        }
    }
    assert!(faults.is_empty(), "{faults}");
}
