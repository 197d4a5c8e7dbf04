//! `ask --llm`, against a server in this process.

use std::process::Output;

use serde_json::json;

use super::server::{Server, events, reply};
use super::{Bench, FACT, QUESTION, code, json_of, stderr, stdout};

/// Asks with a model behind this address.
fn ask(bench: &Bench, url: &str, more: &[&str]) -> Output {
    let args = ["ask", "--kb", "kb", "--llm", url, "--llm-model", "m", QUESTION];
    bench.command(&[&args, more].concat()).env("YUANWEN_LLM_KEY", "s3cret").output().unwrap()
}

#[test]
fn a_model_answers_before_the_original_text_and_what_it_invents_is_marked() {
    let bench = Bench::indexed();
    let text = "雪岭基站达到每秒800兆比特[1]。比规划快900兆[1]。\n\u{1b}[31m历时四十二天[99]。";
    let server = Server::new(move |_| events(text));
    let people = ask(&bench, server.url(), &[]);
    assert_eq!((code(&people), stderr(&people)), (0, String::new()));
    let shown = stdout(&people);
    let places = [
        "每秒800兆比特[1]。比规划",
        "900兆[1]。〔未经证实：所引原文里没有“900兆”〕\n",
        "四十二天[99]。〔未经证实：没有编号为[99]的原文；",
        "原文：",
        "[1] 改造后雪岭基站",
        FACT,
        "雪岭.txt",
    ];
    let places = places.map(|part| shown.find(part).unwrap_or_else(|| panic!("{part}: {shown}")));
    assert!(places.is_sorted(), "{shown}");
    assert!(!shown.contains('\u{1b}'), "{shown}");
    assert!(server.requests()[0].headers.contains(&"authorization: Bearer s3cret".to_owned()));

    let answer = json_of(&ask(&bench, server.url(), &["--json"]));
    let llm = &answer["llm"];
    assert_eq!((&llm["model"], &llm["complete"]), (&json!("m"), &json!(true)));
    let supported = |at: usize| &llm["sentences"][at]["supported"];
    assert_eq!(
        [supported(0), supported(1), supported(2)],
        [&json!(true), &json!(false), &json!(false)]
    );
    let missing = json!([{"kind": "figure", "text": "900兆"}]);
    assert_eq!(llm["sentences"][1]["missing"], missing);
    assert_eq!(llm["sources"][0]["text"], answer["blocks"][0]["text"]);
    assert!(answer["answer"].as_str().unwrap().contains(FACT));
}

#[test]
fn a_model_that_fails_costs_a_warning() {
    let bench = Bench::indexed();
    let server = Server::new(|_| reply(401, &[], r#"{"error": "bad key s3cret"}"#));
    let people = ask(&bench, server.url(), &[]);
    assert_eq!(code(&people), 0);
    assert!(stdout(&people).contains(FACT), "{}", stdout(&people));
    let warning = stderr(&people);
    assert!(warning.contains("401") && warning.contains(server.url()), "{warning}");
    assert!(!warning.contains("s3cret"), "{warning}");
    let answer = json_of(&ask(&bench, server.url(), &["--json"]));
    assert_eq!(answer["llm"]["complete"], json!(false));
    assert!(answer["llm"]["error"].as_str().unwrap().contains("401"));
    assert_eq!(answer["found"], json!(true));
}

#[test]
fn a_model_is_asked_only_about_what_was_found_and_only_if_it_is_named() {
    let bench = Bench::indexed();
    let server = Server::new(|_| events("甲。"));
    let unknown = "火星开采许可证由谁签发？";
    let args = ["ask", "--kb", "kb", "--llm", server.url(), "--llm-model", "m", unknown];
    let answer = json_of(&bench.run(&[&args[..], &["--json"]].concat()));
    assert_eq!((&answer["found"], &answer["llm"]), (&json!(false), &json!(null)));
    assert!(stdout(&bench.run(&args)).contains("没有找到"));
    let plain = json_of(&bench.run(&["ask", "--kb", "kb", QUESTION, "--json"]));
    assert!(plain.get("llm").is_none());
    assert!(server.requests().is_empty());

    let from_environment = bench
        .command(&["ask", "--kb", "kb", QUESTION])
        .envs([("YUANWEN_LLM_URL", server.url()), ("YUANWEN_LLM_MODEL", "m")])
        .output()
        .unwrap();
    assert!(stdout(&from_environment).contains("甲。〔未经证实：没有引文〕"));

    for (args, expected) in [
        (&["--llm", "http://127.0.0.1:1"][..], "--llm-model"),
        (&["--llm", "nowhere", "--llm-model", "m"], "http://host:port"),
    ] {
        let output = bench.run(&[&["ask", "--kb", "kb", QUESTION], args].concat());
        assert_eq!((code(&output), stdout(&output)), (2, String::new()));
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
}
