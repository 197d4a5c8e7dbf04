//! Lists of documents: ordered, narrowed down, counted, page by page.

use std::fs;

use serde_json::{Value, json};

use super::super::{Bench, sample};
use super::schema::compare;
use super::{Reply, Serving, encoded};

const LIST: &str = "/api/v1/kbs/kb/documents";
const SORTS: [&str; 10] = [
    "name",
    "title",
    "published",
    "added",
    "modified",
    "pages",
    "bytes",
    "state",
    "kind",
    "warnings",
];

/// A server of documents of several kinds, with and without pages, titles, dates and warnings.
fn served() -> (Bench, Serving) {
    let bench = Bench::new();
    let samples = sample();
    let samples = samples.parent().unwrap().to_str().unwrap();
    fs::write(bench.path("docs/无题.csv"), "项目,数量\n基站,12\n").unwrap();
    fs::write(bench.path("docs/坏.pdf"), "%PDF-1.7\n1 0 obj").unwrap();
    fs::write(bench.path("docs/雪.txt"), "雪岭基站年检合格。\n").unwrap();
    fs::write(bench.path("docs/雪岭山.txt"), "雪岭山道路已经畅通。\n").unwrap();
    bench.run(&["index", "--kb", "kb", "docs", samples]);
    let server = Serving::new(&bench, &["--kb", "kb"]);
    let path = format!("{LIST}?name={}", encoded("空白.txt"));
    assert_eq!(server.ask("POST", &path, &[], b" ").status, 202);
    // What cannot be read has no content; it is there once that is known.
    let begin = std::time::Instant::now();
    while server.get(&format!("{LIST}?state=failed")).json()["total"] != 1 {
        assert!(begin.elapsed() < super::PATIENCE, "{}", server.get(LIST).text());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    (bench, server)
}

fn list(server: &Serving, query: &str) -> Value {
    let reply: Reply = server.get(&format!("{LIST}?{query}"));
    assert_eq!(reply.status, 200, "{query}: {}", reply.text());
    reply.json()
}

fn documents(list: &Value) -> Vec<Value> {
    list["documents"].as_array().unwrap().clone()
}

/// What a document is ordered by; nothing where it has none.
fn value(document: &Value, sort: &str) -> Value {
    match sort {
        "name" | "added" | "state" => document[sort].clone(),
        "pages" if document["content"]["pages"] == 0 => Value::Null,
        _ => document["content"][sort].clone(),
    }
}

#[test]
fn pages_join_in_every_order_and_what_lacks_a_value_comes_last() {
    let (_bench, server) = served();
    for sort in SORTS {
        for order in ["asc", "desc"] {
            let query = format!("sort={sort}&order={order}");
            let whole = documents(&list(&server, &query));
            assert_eq!(whole.len(), 9, "{query}");
            let (mut joined, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = list(&server, &format!("{query}&limit=2{cursor}"));
                assert_eq!(page["total"], 9);
                joined.extend(documents(&page));
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(joined, whole, "{query}");

            let values: Vec<Value> = whole.iter().map(|one| value(one, sort)).collect();
            let known = values.iter().take_while(|value| !value.is_null()).count();
            assert!(values[known..].iter().all(Value::is_null), "{query}: {values:?}");
            if ["state", "kind"].contains(&sort) {
                continue;
            }
            for pair in values[..known].windows(2) {
                let rises = match (&pair[0], &pair[1]) {
                    (Value::String(one), Value::String(other)) => one <= other,
                    (one, other) => one.as_u64() <= other.as_u64(),
                };
                let is_same = pair[0] == pair[1];
                assert!(is_same || rises == (order == "asc"), "{query}: {values:?}");
            }
        }
    }
    // A name that begins another one stands before it, and turned round behind it.
    let names = |query: &str| -> Vec<String> {
        let all = documents(&list(&server, query));
        all.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let mut turned = names("sort=name&order=desc");
    turned.reverse();
    assert_eq!(names(""), turned);
    assert_eq!(names("q=%E9%9B%AA"), ["雪", "雪岭", "雪岭山"]);
}

#[test]
fn a_cursor_holds_when_its_document_goes_and_not_in_another_order() {
    let (_bench, server) = served();
    for (sort, order) in [("bytes", "desc"), ("pages", "asc"), ("title", "asc")] {
        let query = format!("sort={sort}&order={order}&limit=2");
        let whole = documents(&list(&server, &format!("sort={sort}&order={order}")));
        let page = list(&server, &query);
        let cursor = page["next_cursor"].as_str().unwrap();
        let gone = page["documents"][1]["id"].as_str().unwrap();
        assert_eq!(server.ask("DELETE", &format!("{LIST}/{gone}"), &[], b"").status, 204);
        let next = documents(&list(&server, &format!("{query}&cursor={cursor}")));
        assert_eq!(next, whole[2..4], "{sort}");
        for other in ["sort=name", "sort=bytes&order=asc", "sort=added&order=desc"] {
            let reply = server.get(&format!("{LIST}?{other}&cursor={cursor}"));
            assert_eq!((reply.status, reply.code().as_str()), (400, "invalid_cursor"), "{other}");
        }
    }
    for query in ["sort=size", "order=up", "kind=book", "format=exe", "warned=perhaps"] {
        let reply = server.get(&format!("{LIST}?{query}"));
        assert_eq!((reply.status, reply.code().as_str()), (400, "invalid_parameter"), "{query}");
    }
}

#[test]
fn lists_are_narrowed_down_and_counted() {
    let (_bench, server) = served();
    let api = server.get("/api/v1/openapi.json").json();
    compare(&api, "get", "/api/v1/kbs/{kb}/documents", &server.get(LIST));
    let whole = list(&server, "");
    let counts = &whole["counts"];
    assert_eq!(counts["state"], json!({"searchable": 8, "failed": 1}));
    let all = documents(&whole);
    let count = |name: &str, wanted: &str| {
        all.iter().filter(|one| one["content"][name] == wanted).count() as u64
    };
    for name in ["kind", "format"] {
        let counted = counts[name].as_object().unwrap();
        assert!(counted.len() > 1, "{counts}");
        for (wanted, number) in counted {
            assert_eq!(number.as_u64(), Some(count(name, wanted)), "{name} {wanted}");
            let narrowed = list(&server, &format!("{name}={wanted}"));
            assert_eq!(&narrowed["total"], number, "{name} {wanted}");
            assert!(documents(&narrowed).iter().all(|one| one["content"][name] == *wanted));
            // What is counted does not depend on what is chosen of it.
            assert_eq!(&narrowed["counts"], counts);
        }
    }
    let found = list(&server, "q=%E9%9B%AA&state=failed");
    assert_eq!(
        (&found["total"], &found["counts"]["state"]),
        (&json!(0), &json!({"searchable": 3}))
    );

    let of_2023 = documents(&list(&server, "period=2023"));
    let said = |one: &Value| {
        let content = &one["content"];
        [&content["period"], &content["published"]]
            .iter()
            .any(|text| text.as_str().is_some_and(|text| text.contains("2023")))
    };
    assert_eq!(of_2023.len(), all.iter().filter(|one| said(one)).count());
    assert!(!of_2023.is_empty() && of_2023.len() < all.len(), "{of_2023:?}");
    let spaced = encoded("2023 年");
    let close = encoded("2023年");
    let total = |period: &str| list(&server, &format!("period={period}"))["total"].clone();
    assert_eq!(total(&spaced), total(&close));

    let warnings = |warned: bool| list(&server, &format!("warned={warned}"))["total"].clone();
    let with = all.iter().filter(|one| one["content"]["warnings"].as_u64() > Some(0)).count();
    let read = all.iter().filter(|one| !one["content"].is_null()).count();
    assert_eq!((warnings(true), warnings(false)), (json!(with), json!(read - with)));
}
