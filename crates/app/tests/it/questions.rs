//! What a question asks, on the command line.

use std::fs;

use serde_json::Value;

use super::{Bench, code};

fn stdout(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn explain_shows_how_a_question_is_read() {
    let bench = Bench::indexed();
    fs::write(bench.path("kb/synonyms.txt"), "速率 速度\nalone\n").unwrap();
    let question = "根据公司报告，去年雪岭基站的速率比2021年快多少？";
    let output = bench.run(&["explain", "--kb", "kb", "--as-of", "2023-05", question]);
    assert_eq!(code(&output), 0);
    let text = stdout(&output);
    for held in [
        "preamble",
        "asks          number",
        "2022年, 2021年",
        "速率 = 速度 (synonym)",
        "去年 = 2022年",
        "idf",
    ] {
        assert!(text.contains(held), "{held}: {text}");
    }
    assert!(stderr(&output).contains("synonyms.txt:2: "), "{}", stderr(&output));
    let output = bench.run(&["explain", "--json", "--after", "2022年的营收是多少", "那2021年呢"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["completed"], "2021年的营收是多少");
    assert_eq!(json["periods"][0], "2021年");
    assert!(json["terms"].as_array().is_some_and(|terms| !terms.is_empty()));
}

#[test]
fn ask_says_which_question_it_answered() {
    let bench = Bench::indexed();
    let after =
        ["ask", "--kb", "kb", "--after", "雪岭基站改造后的下行速率是多少？", "工程由谁承担？"];
    assert_eq!(code(&bench.run(&after)), 0);
    let output = bench.run(&["ask", "--kb", "kb", "雪岭机站是什么时候改造的？"]);
    assert!(stderr(&output).contains("corrected: "), "{}", stderr(&output));
    let output = bench.run(&["ask", "--kb", "kb", "--json", "雪岭机站是什么时候改造的？"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(json["corrected"][0]["to"].as_str().is_some_and(|to| to.contains('基')), "{json}");
}

#[test]
fn ask_explains_its_scores() {
    let bench = Bench::indexed();
    let asked = ["ask", "--kb", "kb", "--explain", super::QUESTION];
    let text = stdout(&bench.run(&asked));
    assert!(text.contains("signal") && text.contains("confidence"), "{text}");
    let output = bench.run(&[&asked[..], &["--json"]].concat());
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let passage = &json["explained"]["passages"][0];
    let signals = passage["signals"].as_array().unwrap();
    let sum: f64 = signals.iter().filter_map(|signal| signal["contribution"].as_f64()).sum();
    assert!((sum - passage["score"].as_f64().unwrap()).abs() < 1e-9, "{passage}");
    assert!(json["explained"]["evidence"][0]["name"].is_string());
}

#[test]
fn dates_that_are_none_are_wrong_use() {
    let bench = Bench::indexed();
    for date in ["", "去年", "2023-13", "1066", "2023-05-04-01"] {
        let output = bench.run(&["ask", "--kb", "kb", "--as-of", date, super::QUESTION]);
        assert_eq!(code(&output), 2, "{date}");
    }
}
