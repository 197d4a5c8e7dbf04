//! Models of the user's own, from adding one to asking with it, over tiny ones with random weights.

use super::server::{self, Server};
use super::*;

/// A tiny model as a folder of this name; as an encoder, or with its head as a reranker.
fn published(bench: &Bench, name: &str, architecture: &str) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/tests/data/models/tiny-xlm-r");
    fs::create_dir_all(bench.path(name).join("1_Pooling")).unwrap();
    for file in ["tokenizer.json", "model.safetensors", "1_Pooling/config.json"] {
        fs::copy(from.join(file), bench.path(name).join(file)).unwrap();
    }
    let config = fs::read_to_string(from.join("config.json")).unwrap();
    let config = config.replace("XLMRobertaForSequenceClassification", architecture);
    fs::write(bench.path(name).join("config.json"), config).unwrap();
}

fn run(bench: &Bench, args: &[&str]) -> (i32, String, String) {
    let output = bench.command(args).env("YUANWEN_MODELS", bench.path("models")).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (code(&output), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_knowledge_base_takes_a_model_and_goes_back() {
    let bench = Bench::indexed();
    published(&bench, "tiny", "XLMRobertaModel");
    let (done, _, said) = run(&bench, &["model", "add", "tiny", "--name", "small"]);
    assert!(done == 0 && said.contains("BLAKE3") && said.contains("--model small"), "{said}");
    let (_, listed, _) = run(&bench, &["model", "list", "--json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!((&listed[0]["name"], &listed[0]["origin"]), (&json!("small"), &json!("tiny")));
    assert_eq!(listed[0]["dimensions"], 16);

    let (done, _, said) = run(&bench, &["index", "--kb", "kb", "--model", "small"]);
    assert!(done == 0 && said.contains("small makes new vectors of"), "{said}");
    let (_, answer, said) = run(&bench, &["ask", "--kb", "kb", QUESTION]);
    assert!(answer.contains(FACT), "{answer}{said}");
    fs::write(bench.path("docs/新.txt"), "青溪分公司新建了机房。\n").unwrap();
    let (done, _, said) = run(&bench, &["index", "--kb", "kb", "docs"]);
    assert!(done == 0 && said.contains("small: vectors of"), "{said}");

    assert_eq!(run(&bench, &["model", "remove", "small"]).0, 0);
    let (done, _, said) = run(&bench, &["ask", "--kb", "kb", QUESTION]);
    assert!(done == 1 && said.contains("model add") && said.contains("builtin"), "{said}");
    assert_eq!(run(&bench, &["list", "--kb", "kb"]).0, 0, "what needs no model still works");
    assert_eq!(run(&bench, &["index", "--kb", "kb", "--model", "builtin"]).0, 0);
    let (done, answer, said) = run(&bench, &["ask", "--kb", "kb", QUESTION]);
    assert!(done == 0 && answer.contains(FACT), "{answer}{said}");
}

#[test]
fn a_reranker_scores_the_best_passages() {
    let bench = Bench::indexed();
    published(&bench, "judge", "XLMRobertaForSequenceClassification");
    assert_eq!(run(&bench, &["model", "add", "judge"]).0, 0);
    let (done, _, said) = run(&bench, &["index", "--kb", "kb", "--model", "judge"]);
    assert!(done == 1 && said.contains("--reranker"), "{said}");
    let (done, _, said) = run(&bench, &["index", "--kb", "kb", "--reranker", "judge"]);
    assert!(done == 0 && said.contains("ordered by judge"), "{said}");
    let (done, answer, said) = run(&bench, &["ask", "--kb", "kb", "--json", QUESTION]);
    assert!(done == 0 && answer.contains("雪岭"), "{answer}{said}");
}

#[test]
fn what_is_no_model_is_refused_and_leaves_nothing() {
    let bench = Bench::new();
    published(&bench, "tiny", "XLMRobertaModel");
    fs::write(bench.path("note.bin"), "E5S1\u{1}\0\0\0 cut short").unwrap();
    fs::create_dir(bench.path("empty")).unwrap();
    for (args, named) in [
        (vec!["model", "add", "note.bin"], "note.bin"),
        (vec!["model", "add", "docs/雪岭.txt"], "雪岭.txt"),
        (vec!["model", "add", "empty"], "config.json"),
        (vec!["model", "add", "https://h/m?key=1"], "https://h/m"),
        (vec!["model", "add", "tiny", "--name", "../up"], "../up"),
        (vec!["model", "add", "tiny", "--name", "builtin"], "builtin"),
        (vec!["model", "remove", "nothing"], "nothing"),
        (vec!["index", "--kb", "kb", "--model", "nothing"], "nothing"),
    ] {
        let (done, _, said) = run(&bench, &args);
        assert!(done == 1 && said.contains(named), "{args:?}: {done} {said}");
    }
    let left: Vec<_> = fs::read_dir(bench.path("models")).into_iter().flatten().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(run(&bench, &["model", "add", "missing"]).0, 2);
}

#[test]
fn the_old_model_serves_after_one_that_was_killed_before_it_was_done() {
    let bench = Bench::indexed();
    let (said, heard) = std::sync::mpsc::channel();
    let server = Server::new(move |request| {
        if request.nth == 1 {
            said.send(()).unwrap();
            std::thread::park(); // for good: the vectors never come
        }
        server::json(&json!({"data": [{"index": 0, "embedding": [1.0, 0.0]}]}))
    });
    let model = format!("{}#never", server.url());
    let mut command = bench.command(&["index", "--kb", "kb", "--model", &model]);
    let mut changing = command.stderr(Stdio::null()).spawn().unwrap();
    heard.recv().unwrap();
    changing.kill().unwrap();
    changing.wait().unwrap();
    let (done, answer, said) = run(&bench, &["ask", "--kb", "kb", QUESTION]);
    assert!(done == 0 && answer.contains(FACT), "{answer}{said}");
    let (done, _, said) = run(&bench, &["index", "--kb", "kb", "docs"]);
    assert!(done == 0 && !said.contains("never"), "{said}");
}
