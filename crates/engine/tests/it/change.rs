//! Another model for a knowledge base that goes on answering.

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use yuanwen_engine::answer::AskOptions;
use yuanwen_engine::kb::{AddOptions, KnowledgeBase};

use crate::server::{Request, Server, json, reply};

const QUESTION: &str = "雪岭建成了多少座基站？";
const LATER: &str = "松涛岛的海缆修好了吗？";

struct Bench {
    dir: TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(bench.dir.path().join("docs")).unwrap();
        bench.write("甲.txt", "雪岭基站\n雪岭建成基站八十座。\n");
        bench.write("乙.txt", "青溪机房\n青溪机房有机柜四十个。\n");
        bench.add(&bench.kb());
        bench
    }

    fn kb(&self) -> KnowledgeBase {
        KnowledgeBase::create(&self.dir.path().join("kb")).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.dir.path().join("docs").join(name), text).unwrap();
    }

    fn add(&self, kb: &KnowledgeBase) {
        kb.add(&[self.dir.path().join("docs")], &AddOptions::default(), &mut |_| {}).unwrap();
    }

    fn files(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.dir.path().join("kb")).unwrap().flatten();
        let files = files.map(|file| file.path());
        files.filter(|path| path.to_string_lossy().contains("vectors")).collect()
    }
}

fn answers(kb: &KnowledgeBase, question: &str, with: &str) -> bool {
    let answer = kb.ask(question, &AskOptions::default()).unwrap();
    answer.blocks.iter().any(|block| block.text.contains(with))
}

fn meaning(kb: &KnowledgeBase, question: &str) -> Vec<f64> {
    let answer = kb.ask(question, &AskOptions::default()).unwrap();
    answer.passages.iter().map(|one| one.signals.meaning).collect()
}

/// A server whose second request, the first for passages, waits for a word.
fn slow(go: Receiver<()>) -> Server {
    Server::new(move |request| {
        if request.nth == 1 {
            // The test may be over.
            let _ = go.recv();
        }
        vectors(request)
    })
}

fn vectors(request: &Request) -> Vec<u8> {
    let vector = |text: &Value| {
        let count = |word| text.as_str().unwrap().matches(word).count();
        json!([1 + count("雪岭"), 1 + count("松涛岛"), 1 + count("青溪")])
    };
    let texts = request.body["input"].as_array().unwrap().iter().enumerate();
    let data: Vec<Value> =
        texts.map(|(at, text)| json!({"index": at, "embedding": vector(text)})).collect();
    json(&json!({"object": "list", "data": data}))
}

fn wait_for(server: &Server, requests: usize) {
    while server.requests().len() < requests {
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_old_vectors_serve_until_the_new_ones_are_all_there() {
    let bench = Bench::new();
    let (go, gate) = mpsc::channel();
    let server = slow(gate);
    let kb = bench.kb();
    let (old, before) = (kb.models().0, meaning(&kb, QUESTION));
    thread::scope(|scope| {
        let changing =
            scope.spawn(|| kb.change_embedder(&format!("{}#m", server.url()), &|_| true));
        wait_for(&server, 2);
        assert_eq!((kb.models().0, meaning(&kb, QUESTION)), (old, before));
        bench.write("丙.txt", "松涛岛海缆\n松涛岛的海缆已经修复。\n");
        bench.add(&kb);
        assert!(answers(&kb, LATER, "已经修复"));
        assert!(bench.kb().models().0 != "m", "whoever opens it now gets the old ones");
        go.send(()).unwrap();
        assert!(changing.join().unwrap().unwrap());
    });
    assert_eq!(kb.models().0, "m");
    assert_eq!(bench.files().len(), 1, "{:?}", bench.files());
    let asked = server.requests().len();
    let again = bench.kb();
    assert_eq!(again.models().0, "m");
    assert_eq!(server.requests().len(), asked, "opening makes no vectors");
    for kb in [&kb, &again] {
        assert!(answers(kb, QUESTION, "八十座") && answers(kb, LATER, "已经修复"));
        let best = meaning(kb, LATER).into_iter().fold(0.0, f64::max);
        assert!(best > 0.5, "also what came meanwhile has a vector: {best}");
    }
    assert!(kb.change_embedder("builtin", &|_| true).unwrap());
    assert!(answers(&kb, LATER, "已经修复"));
    bench.add(&again);
    fs::remove_file(bench.dir.path().join("docs/丙.txt")).unwrap();
    bench.write("丁.txt", "松涛岛电站\n松涛岛的电站停机检修。\n");
    bench.add(&again);
    assert_ne!(again.models().0, "m", "another handle takes the change up when it writes");
}

#[test]
fn what_ends_before_its_time_changes_nothing() {
    let bench = Bench::new();
    let kb = bench.kb();
    let (old, before) = (kb.models().0, meaning(&kb, QUESTION));
    let server = Server::new(vectors);
    let name = format!("{}#m", server.url());
    assert!(!kb.change_embedder(&name, &|made| made.passages == 0).unwrap(), "it was ended");
    assert_eq!((kb.models().0, meaning(&kb, QUESTION)), (old.clone(), before.clone()));
    let failing = Server::new(|request| match request.nth {
        0 => vectors(request),
        _ => reply(400, &[], "no"),
    });
    let error = kb.change_embedder(&format!("{}#f", failing.url()), &|_| true).unwrap_err();
    assert!(error.to_string().contains(failing.url()), "{error}");
    let again = bench.kb();
    for kb in [&kb, &again] {
        assert_eq!((kb.models().0, meaning(kb, QUESTION)), (old.clone(), before.clone()));
    }
    let sent = |server: &Server| -> usize {
        let texts = |request: &Request| request.body["input"].as_array().map_or(0, Vec::len);
        server.requests().iter().skip(1).map(texts).sum()
    };
    let made = sent(&server);
    assert!(kb.change_embedder(&name, &|_| true).unwrap());
    assert_eq!((made, sent(&server)), (1, 3), "one before, a probe and the other one now");
}

#[test]
fn a_model_that_reads_sentences_decides_between_those_that_words_do_not() {
    let bench = Bench::new();
    // Too long to stand beside each other in an answer.
    let rest = "石阶、栏杆和窗框也换了新的，".repeat(12);
    let [first, second] = [("东山", "王海"), ("西岭", "李山")]
        .map(|(place, who)| format!("{place}的灯塔由{who}修缮，{rest}一并完工。"));
    bench.write("戊.txt", &format!("修缮记录\n{first}{second}\n"));
    let kb = bench.kb();
    bench.add(&kb);
    let question = "灯塔由谁修缮？";
    let answer = |kb: &KnowledgeBase| {
        let answer = kb.ask(question, &AskOptions::default()).unwrap();
        answer.blocks.iter().map(|block| block.text.clone()).collect::<Vec<_>>().join("\n")
    };
    assert!(answer(&kb).contains("王海"), "words alone take the first: {}", answer(&kb));
    for (near, far) in [("王海", "李山"), ("李山", "王海")] {
        let server = Server::new(move |request| {
            let vector = |text: &Value| match text.as_str().unwrap() {
                text if text.contains("谁") => json!([1.0, 0.0]),
                text if text.contains(near) && !text.contains(far) => json!([1.0, 0.1]),
                _ => json!([0.1, 1.0]),
            };
            let texts = request.body["input"].as_array().unwrap().iter().enumerate();
            let data: Vec<Value> =
                texts.map(|(at, text)| json!({"index": at, "embedding": vector(text)})).collect();
            json(&json!({"data": data}))
        });
        assert!(kb.change_embedder(&format!("{}#{near}", server.url()), &|_| true).unwrap());
        let answer = answer(&kb);
        assert!(answer.contains(near) && !answer.contains(far), "{answer}");
    }
}
