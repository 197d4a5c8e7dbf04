//! The command line: what is printed where, and the exit codes.

mod agents;
mod hostile;
mod llm;
mod models;
mod mutations;
mod questions;
mod sandbox;
mod serve;
#[path = "../../../engine/tests/it/server.rs"]
#[allow(dead_code, reason = "the engine's tests use all of it")]
mod server;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const STATION: &str = "远山通信完成雪岭基站改造\n\n发布时间：2023-05-04 发布人：新闻宣传部\n\n\
    远山通信今天完成雪岭基站的改造。改造后雪岭基站的下行速率达到每秒八百兆比特。\n\
    工程由青溪分公司承担，历时四十二天。\n";
const CABLE: &str = "# 远山通信抢修松涛岛海缆\n\n\
    松涛岛海缆在台风中受损。抢修船听涛号用三十六小时接通了松涛岛海缆。\n";
const QUESTION: &str = "雪岭基站改造后的下行速率是多少？";
const FACT: &str = "每秒八百兆比特";

/// A folder with documents, a knowledge base and a cache of its own.
struct Bench {
    dir: TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(bench.path("docs")).unwrap();
        fs::write(bench.path("docs/雪岭.txt"), STATION).unwrap();
        fs::write(bench.path("docs/松涛岛.md"), CABLE).unwrap();
        bench
    }

    fn indexed() -> Self {
        let bench = Self::new();
        assert_eq!(code(&bench.run(&["index", "--kb", "kb", "docs"])), 0);
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yuanwen"));
        command.args(args).current_dir(self.dir.path());
        command.env("YUANWEN_CACHE_DIR", self.path("cache")).env_remove("RUST_BACKTRACE");
        for name in ["YUANWEN_LLM_URL", "YUANWEN_LLM_MODEL", "YUANWEN_LLM_KEY"] {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/docs/远山通信完成松涛岛海缆抢修.pdf")
}

#[test]
fn a_question_to_a_knowledge_base() {
    let bench = Bench::indexed();
    let people = bench.run(&["ask", "--kb", "kb", QUESTION]);
    assert_eq!(code(&people), 0);
    assert!(stdout(&people).contains(FACT), "{}", stdout(&people));
    assert!(stdout(&people).contains("雪岭.txt"), "{}", stdout(&people));
    assert_eq!(stderr(&people), "");

    let answer = json_of(&bench.run(&["ask", "--kb", "kb", QUESTION, "--json", "--top", "1"]));
    assert_eq!(answer["question"], json!(QUESTION));
    assert_eq!(answer["blocks"][0]["doc"], json!("雪岭"));
    assert!(answer["answer"].as_str().unwrap().contains(FACT));
    assert!(answer["blocks"][0]["path"].as_str().unwrap().ends_with("雪岭.txt"));
    assert_eq!(answer["passages"].as_array().unwrap().len(), 1);
    assert!(answer["confidence"].is_number() && answer["ms"].is_number());
}

#[test]
fn a_question_to_a_folder_follows_the_folder() {
    let bench = Bench::new();
    let ask = || bench.run(&["ask", "docs", QUESTION]);
    assert!(stdout(&ask()).contains(FACT));
    fs::remove_file(bench.path("docs/雪岭.txt")).unwrap();
    assert!(!stdout(&ask()).contains(FACT));
    fs::write(bench.path("docs/新.txt"), STATION.replace("八百", "九百")).unwrap();
    assert!(stdout(&ask()).contains("每秒九百兆比特"));
}

#[test]
fn what_is_not_there_is_not_found() {
    let bench = Bench::indexed();
    let question = ["ask", "--kb", "kb", "火星开采许可证由谁签发？"];
    let people = bench.run(&question);
    assert_eq!(code(&people), 0);
    assert!(stdout(&people).contains("没有找到"), "{}", stdout(&people));
    let answer = json_of(&bench.run(&[&question[..], &["--json"]].concat()));
    assert_eq!(answer["found"], json!(false));
}

#[test]
fn wrong_use_says_what_to_do() {
    let bench = Bench::new();
    let cases: [(&[&str], &str); 7] = [
        (&["ask", QUESTION], "--kb DIR"),
        (&["ask", "--kb", "kb", "docs", QUESTION], "the question alone"),
        (&["ask", "nowhere", QUESTION], "nowhere: no such file"),
        (&["ask", "docs", "  "], "empty"),
        (&["index", "--kb", "kb", "nowhere"], "nowhere: no such file"),
        (&["index", "docs"], "--kb"),
        (&["eval", "--gold", "gold.jsonl"], "--kb"),
    ];
    for (args, expected) in cases {
        let output = bench.run(args);
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(stderr(&output).contains(expected), "{args:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{args:?}");
    }
}

#[test]
fn failures_name_the_file() {
    let bench = Bench::new();
    fs::write(bench.path("cut.pdf"), "%PDF-1.7\n1 0 obj").unwrap();
    fs::write(bench.path("a.docx"), "PK\x03\x04\0\0").unwrap();
    fs::create_dir(bench.path("empty")).unwrap();
    let cases: [(&[&str], &str); 6] = [
        (&["ask", "--kb", "none", QUESTION], "none: there is no knowledge base"),
        (&["list", "--kb", "docs"], "docs: there is no knowledge base"),
        (&["ask", "empty", QUESTION], "none of these paths"),
        (&["parse", "cut.pdf"], "cut.pdf: the PDF is damaged or cut off"),
        (&["parse", "a.docx"], "a.docx: the ZIP archive is damaged or cut off"),
        (&["parse", "nowhere.pdf"], "nowhere.pdf"),
    ];
    for (args, expected) in cases {
        let output = bench.run(args);
        assert_eq!(code(&output), 1, "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(expected), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn skipped_inputs_are_listed_and_exit_with_3() {
    let bench = Bench::new();
    fs::write(bench.path("docs/cut.pdf"), "%PDF-1.7\n1 0 obj").unwrap();
    fs::write(bench.path("docs/film.mp4"), b"\0\0\0\x18ftypmp42").unwrap();
    let output = bench.run(&["index", "--kb", "kb", "docs", "--json"]);
    assert_eq!(code(&output), 3);
    let messages = stderr(&output);
    assert!(messages.contains("2 added"), "{messages}");
    assert!(messages.contains("cut.pdf: the PDF is damaged"), "{messages}");
    assert!(messages.contains("film.mp4"), "{messages}");
    let report = json_of(&output);
    assert_eq!(report["skipped"].as_array().unwrap().len(), 2);
    assert_eq!(report["skipped"][1]["because"], json!("unsupported"));
    // An answer is asked for, not the films; but the broken document may have held it.
    assert_eq!(code(&bench.run(&["ask", "docs", QUESTION])), 3);
    fs::remove_file(bench.path("docs/cut.pdf")).unwrap();
    assert_eq!(code(&bench.run(&["ask", "docs", QUESTION])), 0);
}

#[test]
fn an_empty_folder_makes_an_empty_knowledge_base() {
    let bench = Bench::new();
    fs::create_dir(bench.path("empty")).unwrap();
    assert_eq!(code(&bench.run(&["index", "--kb", "kb", "empty"])), 0);
    assert_eq!(json_of(&bench.run(&["list", "--kb", "kb", "--json"])), json!([]));
    let answer = json_of(&bench.run(&["ask", "--kb", "kb", QUESTION, "--json"]));
    assert_eq!((&answer["found"], &answer["passages"]), (&json!(false), &json!([])));
}

#[test]
fn a_batch_keeps_order_and_ids() {
    let bench = Bench::indexed();
    let csv = format!("\u{FEFF}ques_id,question\n7,{QUESTION}\nb,谁接通了松涛岛海缆？\n");
    fs::write(bench.path("q.csv"), csv).unwrap();
    let run = |more: &[&str]| {
        let args = [&["batch", "--kb", "kb", "--questions", "q.csv", "--out", "a"], more].concat();
        assert_eq!(code(&bench.run(&args)), 0);
        fs::read_to_string(bench.path("a")).unwrap()
    };
    let answers = run(&["--passages", "2"]);
    let answers: Vec<Value> =
        answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&answers[0]["id"], &answers[1]["id"]), (&json!(7), &json!("b")));
    let fields: Vec<&String> = answers[0].as_object().unwrap().keys().collect();
    let mut expected = ["id", "found", "answer", "blocks", "passages", "confidence", "ms"];
    expected.sort_unstable();
    assert_eq!(fields, expected);
    assert!(answers[0]["passages"].as_array().unwrap().len() <= 2);
    let block = answers[0]["blocks"][0].as_object().unwrap();
    assert_eq!(block.keys().collect::<Vec<_>>(), ["boxes", "characters", "doc", "page", "text"]);

    let table = run(&["--format", "bdci"]);
    assert!(table.starts_with("ques_id,question,answer,embedding\n7,"), "{table}");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    let vector: Vec<f32> = serde_json::from_str(&rows[0][3]).unwrap();
    assert_eq!(vector.len(), 256, "the answer's vector by the model that is built in");
}

#[test]
fn an_evaluation_of_a_run_and_of_its_answers_agree() {
    let bench = Bench::indexed();
    let text = "改造后雪岭基站的下行速率达到每秒八百兆比特。";
    let gold = json!({
        "id": 1, "question": QUESTION, "keywords": ["八百兆"],
        "blocks": [{"doc": "雪岭", "text": text}],
    });
    fs::write(bench.path("gold.jsonl"), format!("{gold}\n")).unwrap();
    let questions = json!({"id": 1, "question": QUESTION});
    fs::write(bench.path("q.jsonl"), format!("{questions}\n")).unwrap();
    bench.run(&["batch", "--kb", "kb", "--questions", "q.jsonl", "--out", "a.jsonl"]);
    let asked = json_of(&bench.run(&["eval", "--kb", "kb", "--gold", "gold.jsonl", "--json"]));
    let answers = ["eval", "--gold", "gold.jsonl", "--answers", "a.jsonl", "--json"];
    assert_eq!(json_of(&bench.run(&answers)), asked);
    assert_eq!((&asked["questions"], &asked["keywords"]), (&json!(1), &json!(100.0)));
    let people = stdout(&bench.run(&["eval", "--kb", "kb", "--gold", "gold.jsonl"]));
    assert!(people.starts_with("questions=1  bdci="), "{people}");
}

#[test]
fn documents_are_listed_shown_and_removed() {
    let bench = Bench::indexed();
    let list = json_of(&bench.run(&["list", "--kb", "kb", "--json"]));
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert_eq!(list[1]["meta"]["publisher"], json!("新闻宣传部"));
    let shown = json_of(&bench.run(&["show", "--kb", "kb", "雪岭.txt", "--json"]));
    assert_eq!(shown["document"]["blocks"][0]["kind"], json!("heading"));
    assert!(stdout(&bench.run(&["show", "--kb", "kb", "雪岭"])).contains(FACT));
    assert_eq!(code(&bench.run(&["remove", "--kb", "kb", "雪岭", "谁"])), 1);
    assert_eq!(code(&bench.run(&["remove", "--kb", "kb", "雪岭"])), 0);
    assert_eq!(stdout(&bench.run(&["list", "--kb", "kb"])).lines().count(), 1);
    assert!(bench.path("docs/雪岭.txt").exists());
    let check = json_of(&bench.run(&["check", "--kb", "kb", "--json"]));
    assert_eq!((&check["documents"], &check["problems"]), (&json!(1), &json!([])));
}

#[test]
fn a_pdf_is_read_drawn_and_exported() {
    let bench = Bench::new();
    let sample = sample();
    let file = sample.to_str().unwrap();
    let document = json_of(&bench.run(&["parse", file, "--json"]));
    assert_eq!(document["format"], json!("pdf"));
    let block = &document["blocks"][0];
    assert!(block["page"].is_number() && block["boxes"][0]["x1"].is_number(), "{block}");
    let markdown = stdout(&bench.run(&["parse", file, "--markdown"]));
    assert!(markdown.contains("# "), "{markdown}");
    let text = stdout(&bench.run(&["parse", file, "--text"]));
    assert_eq!(text.lines().next(), block["text"].as_str());
    assert_eq!(code(&bench.run(&["parse", file, "--boxes", "out.png"])), 0);
    assert!(fs::read(bench.path("out.png")).unwrap().starts_with(b"\x89PNG"));
    let output = bench.run(&["parse", file, "--boxes", "out.png", "--page", "99"]);
    assert_eq!(code(&output), 2);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let bench = Bench::new();
    let long: String = (0..20_000).map(|line| format!("第{line}行是远山通信的记录。\n")).collect();
    fs::write(bench.path("long.txt"), long).unwrap();
    let mut child = bench
        .command(&["parse", "long.txt", "--text"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), stderr(&output)), (0, String::new()));
}
