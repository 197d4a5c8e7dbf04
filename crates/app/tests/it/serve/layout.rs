//! Answers laid out, and documents as they were read.

use std::fs;

use serde_json::{Value, json};

use super::super::{Bench, QUESTION, code, sample};
use super::api::told;
use super::{Reply, Serving, lasting, question, small};

const KB: &str = "/api/v1/kbs/kb";
const TOTAL: &str = "2022年末远山通信的总资产是多少？";

/// A server of the sample documents.
fn samples() -> (Bench, Serving) {
    let bench = Bench::new();
    let docs = sample();
    let docs = docs.parent().unwrap().to_str().unwrap();
    assert_eq!(code(&bench.run(&["index", "--kb", "kb", docs])), 0);
    let server = Serving::new(&bench, &["--kb", "kb"]);
    (bench, server)
}

fn ask(server: &Serving, body: &Value) -> Value {
    let reply = server.send("POST", &format!("{KB}/ask"), &[], body);
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is no array"))
}

/// The id of the annual report.
fn report(server: &Serving) -> String {
    let list = server.get(&format!("{KB}/documents")).json();
    let is_report = |one: &&Value| one["name"].as_str().unwrap().ends_with("年度报告");
    let found = array(&list["documents"]).iter().find(is_report).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_layout_is_given_where_it_is_asked_for() {
    let (_bench, server) = samples();
    let plain = lasting(ask(&server, &question(TOTAL)));
    let laid = lasting(ask(&server, &json!({"question": TOTAL, "layout": true})));
    for (part, added) in [
        ("blocks", ["title", "published", "format", "layout", "marks"].as_slice()),
        (
            "passages",
            &[
                "document",
                "path",
                "format",
                "ordinal",
                "title",
                "published",
                "period",
                "layout",
                "signals",
            ],
        ),
    ] {
        let mut stripped = laid[part].clone();
        for one in stripped.as_array_mut().unwrap() {
            for name in added {
                assert!(one.as_object_mut().unwrap().remove(*name).is_some(), "{part}: {name}");
            }
        }
        assert_eq!(stripped, plain[part]);
    }
    let block = &laid["blocks"][0];
    assert_eq!(block["format"], "pdf");
    assert_eq!(block["published"], "2024-03-28");
    let [unit, table] = array(&block["layout"]) else { panic!("{block}") };
    assert_eq!((&unit["kind"], &table["kind"]), (&json!("text"), &json!("table")));
    let expected = json!({"column": 1, "column_span": 2, "row_span": 1,
        "text": "本报告期与上年同期", "highlight": []});
    assert_eq!(table["rows"][0]["cells"][1], expected);
    assert_eq!(table["rows"][2]["cells"][0]["highlight"], json!([[0, 3]]));
    let kinds: Vec<&Value> = array(&block["marks"]).iter().map(|mark| &mark["kind"]).collect();
    assert_eq!(kinds, ["text", "header", "header", "row"]);
    assert!(block["marks"][3]["x1"].as_f64() > block["marks"][3]["x0"].as_f64());
    let best = &laid["passages"][0];
    assert_eq!(best["document"], block["document"]);
    let signals = array(&best["signals"]).iter();
    let sum: f64 = signals.map(|one| one["contribution"].as_f64().unwrap()).sum();
    assert!((sum - best["score"].as_f64().unwrap()).abs() < 1e-9);
}

#[test]
fn events_and_conversations_have_it_too() {
    let (_bench, server) = samples();
    let body = json!({"question": TOTAL, "layout": true});
    let laid = ask(&server, &body);
    let accept = "accept: text/event-stream";
    let reply = server.send("POST", &format!("{KB}/ask"), &[accept], &body);
    let told = told(&reply);
    let of = |name: &str| told.iter().find(|(own, _)| own == name).map(|(_, data)| data).unwrap();
    assert_eq!(of("block"), &laid["blocks"][0]);
    assert_eq!(of("passages")["passages"], laid["passages"]);
    let begun = server.send("POST", &format!("{KB}/conversations"), &[], &json!({}));
    let talk = begun.header("location").to_owned();
    let answered = server.send("POST", &format!("{talk}/ask"), &[], &body).json();
    assert_eq!(answered["blocks"], laid["blocks"]);
    let kept = &server.get(&talk).json()["turns"][0]["answer"]["blocks"][0];
    assert_eq!(kept["layout"], laid["blocks"][0]["layout"]);
    assert_eq!(array(&kept["marks"]).len(), array(&laid["blocks"][0]["marks"]).len());
}

#[test]
fn a_document_has_pages_warnings_and_what_stands_on_a_page() {
    let (_bench, server) = samples();
    let id = report(&server);
    let of = |rest: &str| server.get(&format!("{KB}/documents/{id}{rest}"));
    let pages = of("/pages").json();
    let pages = array(&pages["pages"]);
    let count = of("").json()["content"]["pages"].as_u64().unwrap();
    assert_eq!(pages.len() as u64, count);
    assert_eq!(pages[1]["page"], 2);
    assert!(pages.iter().all(|page| page["height"].as_f64() > page["width"].as_f64()));
    assert_eq!(of("/warnings").json(), json!({"warnings": []}));

    let all = |what: &str| of(&format!("/{what}?limit=500")).json();
    for what in ["blocks", "passages"] {
        let whole = all(what);
        let mut seen = Vec::new();
        for page in 1..=count {
            let some = of(&format!("/{what}?page={page}&limit=500")).json();
            let some = array(&some[what]).to_vec();
            assert!(!some.is_empty(), "{what} on page {page}");
            let boxes = if what == "blocks" { "boxes" } else { "marks" };
            for one in &some {
                let there = array(&one[boxes]).iter().any(|place| place["page"] == page);
                assert!(there, "{what} {} on page {page}", one["ordinal"]);
            }
            seen.extend(some.iter().map(|one| one["ordinal"].as_u64().unwrap()));
        }
        let repeated = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len() as u64, whole["total"].as_u64().unwrap(), "{what}");
        // The table that goes over a page is one block; its passages count where their rows are.
        assert_eq!(repeated > seen.len(), what == "blocks");
    }
    assert_eq!(of("/blocks?page=99").json()["total"], 0);
    assert_eq!(of("/blocks?page=1&limit=1").json()["blocks"].as_array().unwrap().len(), 1);
    let first = of("/blocks?page=1&limit=1").json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = of(&format!("/blocks?page=1&limit=1&cursor={cursor}")).json();
    assert_eq!(second["blocks"][0]["ordinal"], 1);
    assert_eq!(of("/blocks?page=0").status, 400);
    assert_eq!(of("/passages?page=0").status, 400);
}

#[test]
fn a_passage_is_shown_by_its_number() {
    let (_bench, server) = samples();
    let id = report(&server);
    let of = |rest: &str| server.get(&format!("{KB}/documents/{id}/passages{rest}"));
    let listed = of("").json()["passages"][3].clone();
    let mut shown = of("/3").json();
    let layout = shown.as_object_mut().unwrap().remove("layout").unwrap();
    assert_eq!(shown, listed);
    assert!(array(&layout).iter().any(|piece| piece["kind"] == "table"), "{layout}");
    assert!(!array(&shown["marks"]).is_empty());
    let refused = |rest: &str| -> (u16, String) {
        let reply: Reply = of(rest);
        (reply.status, reply.code())
    };
    for rest in ["/999", "/x", "/-1", "/03", "/99999999999"] {
        assert_eq!(refused(rest), (404, "passage_not_found".to_owned()), "{rest}");
    }
    let gone = server.get(&format!("{KB}/documents/99/passages/0"));
    assert_eq!((gone.status, gone.code().as_str()), (404, "document_not_found"));
}

#[test]
fn formats_without_pages_have_words_but_no_marks() {
    let (_bench, server) = small();
    let laid = ask(&server, &json!({"question": QUESTION, "layout": true}));
    let block = &laid["blocks"][0];
    assert_eq!((&block["format"], &block["marks"]), (&json!("text"), &json!([])));
    let piece = &block["layout"][0];
    assert_eq!(piece["text"], block["text"]);
    let text: Vec<char> = piece["text"].as_str().unwrap().chars().collect();
    assert!(!array(&piece["highlight"]).is_empty());
    for range in array(&piece["highlight"]) {
        let [start, end] = [0, 1].map(|at| range[at].as_u64().unwrap() as usize);
        assert!(text[start..end].iter().all(|ch| QUESTION.contains(*ch)), "{range}");
    }
    let document = block["document"].as_str().unwrap();
    let of = |rest: &str| server.get(&format!("{KB}/documents/{document}{rest}")).json();
    assert_eq!(of("/pages"), json!({"pages": []}));
    assert_eq!(of("/passages/0")["marks"], json!([]));
    assert_eq!(of("/blocks?page=1")["total"], 0);
}

#[test]
fn warnings_say_what_was_guessed() {
    let bench = Bench::new();
    let text = "雪岭站记事\n\n雪岭站的发电机每季度检修一次。\n".as_bytes();
    fs::write(bench.path("docs").join("记事.txt"), [text, &[0xff], text].concat()).unwrap();
    bench.run(&["index", "--kb", "kb", "docs"]);
    let server = Serving::new(&bench, &["--kb", "kb"]);
    let list = server.get(&format!("{KB}/documents")).json();
    for document in array(&list["documents"]) {
        let path = format!("{KB}/documents/{}/warnings", document["id"].as_str().unwrap());
        let warnings = server.get(&path).json();
        let warnings = array(&warnings["warnings"]);
        assert_eq!(document["content"]["warnings"], warnings.len());
        if document["name"] == "记事" {
            assert_eq!(warnings[0]["page"], Value::Null);
            assert!(!warnings[0]["message"].as_str().unwrap().is_empty());
        }
    }
}
