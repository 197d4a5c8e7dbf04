//! Documents through the service: uploaded, read, found, changed, restored, removed.

use std::fs;
use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::{Bench, stderr};
use super::{Serving, encoded, question};

const KB: &str = "/api/v1/kbs/news";

/// A server of a data directory with one empty knowledge base.
fn empty() -> (Bench, Serving) {
    let bench = Bench::new();
    let server = Serving::new(&bench, &["--data", "data", "--upload-limit", "1"]);
    let made = server.send("POST", "/api/v1/kbs", &[], &json!({"id": "news", "name": "新闻"}));
    assert_eq!(made.status, 201, "{}", made.text());
    (bench, server)
}

fn station(speed: &str) -> String {
    format!(
        "远山通信雪岭基站\n\n雪岭基站由青溪分公司建设。\n\n雪岭基站的下行速率达到每秒{speed}兆比特。\n"
    )
}

fn upload(server: &Serving, name: &str, text: &str) -> Value {
    let path = format!("{KB}/documents?name={}", encoded(name));
    let reply = server.ask("POST", &path, &[], text.as_bytes());
    assert_eq!(reply.status, 202, "{}", reply.text());
    reply.json()["documents"][0].clone()
}

/// The document once it is read.
fn settled(server: &Serving, id: &Value) -> Value {
    let begin = Instant::now();
    loop {
        let document = server.get(&format!("{KB}/documents/{}", id.as_str().unwrap())).json();
        let state = document["state"].as_str().unwrap().to_owned();
        if !["waiting", "reading", "indexing"].contains(&state.as_str()) {
            return document;
        }
        assert!(begin.elapsed() < super::PATIENCE, "{document}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// What the service finds of the station's speed.
fn speed(server: &Serving) -> String {
    let asked = question("雪岭基站的下行速率是多少？");
    let reply = server.send("POST", &format!("{KB}/ask"), &[], &asked).json();
    let passages = reply["passages"].as_array().unwrap().iter();
    passages.map(|passage| passage["text"].as_str().unwrap()).collect()
}

#[test]
fn an_upload_is_found_changed_restored_and_removed() {
    let (_bench, server) = empty();
    let document = upload(&server, "简报/雪岭.txt", &station("八百"));
    let id = &document["id"];
    let document = settled(&server, id);
    assert_eq!(document["state"], "searchable", "{document}");
    assert_eq!((&document["name"], &document["file"]), (&json!("雪岭"), &json!("雪岭.txt")));
    assert!(speed(&server).contains("八百兆"));
    let of = |rest: &str| format!("{KB}/documents/{}{rest}", id.as_str().unwrap());
    assert_eq!(server.get(&of("/content")).text(), station("八百"));

    assert_eq!(upload(&server, "简报/雪岭.txt", &station("九百"))["id"], *id);
    settled(&server, id);
    assert!(speed(&server).contains("九百兆") && !speed(&server).contains("八百兆"));

    let versions = server.get(&of("/versions")).json();
    let versions: Vec<&str> = versions["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["version"].as_str().unwrap())
        .collect();
    let [now, before] = versions.as_slice() else { panic!("{versions:?}") };
    let changes = server.get(&of(&format!("/diff?from={before}&to={now}"))).json();
    let changes = changes["passages"].as_array().unwrap();
    assert!(changes.iter().any(|one| one["change"] == "removed" && one["text"].as_str().unwrap().contains("八百")));

    let restored = server.ask("POST", &of(&format!("/versions/{before}/restore")), &[], b"");
    assert_eq!(restored.status, 200, "{}", restored.text());
    assert!(speed(&server).contains("八百兆") && !speed(&server).contains("九百兆"));

    let renamed = server.send("PATCH", &of(""), &[], &json!({"path": "基站/雪岭山.txt"}));
    assert_eq!(renamed.json()["name"], "雪岭山", "{}", renamed.text());

    assert_eq!(server.ask("DELETE", &of("?keep=true"), &[], b"").status, 204);
    assert!(!speed(&server).contains("兆比特"));
    assert_eq!(server.get(&of("")).json()["state"], "removed");
    assert_eq!(server.get(&format!("{KB}/documents")).json()["total"], 0);
    assert_eq!(server.get(&format!("{KB}/documents?state=removed")).json()["total"], 1);
    server.ask("POST", &of(&format!("/versions/{now}/restore")), &[], b"");
    assert!(speed(&server).contains("九百兆"));

    assert_eq!(server.ask("DELETE", &of(""), &[], b"").status, 204);
    assert!(!speed(&server).contains("兆比特"));
    assert_eq!(server.get(&of("")).code(), "document_not_found");
    assert_eq!(server.get(&of("/versions")).code(), "document_not_found");
}

#[test]
fn a_form_takes_many_files_and_what_cannot_be_read_says_why() {
    let (_bench, server) = empty();
    let mut body = String::new();
    for (name, text) in [("雪岭.txt", station("八百")), ("空.txt", String::new())] {
        body += &format!(
            "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n"
        );
    }
    body += "--x--\r\n";
    let kind = "content-type: multipart/form-data; boundary=x";
    let path = format!("{KB}/documents?name={}", encoded("一月"));
    let reply = server.ask("POST", &path, &[kind], body.as_bytes());
    assert_eq!(reply.status, 202, "{}", reply.text());
    let documents = reply.json()["documents"].clone();
    assert_eq!(documents[0]["path"], "一月/雪岭.txt");
    assert_eq!(settled(&server, &documents[0]["id"])["state"], "searchable");
    let empty = settled(&server, &documents[1]["id"]);
    assert_eq!(empty["state"], "failed");
    assert!(empty["problem"].as_str().unwrap().contains("empty"), "{empty}");
    assert!(empty["content"].is_null());
    let id = empty["id"].as_str().unwrap();
    let passages = server.get(&format!("{KB}/documents/{id}/passages"));
    assert_eq!((passages.status, passages.code().as_str()), (409, "document_not_read"));
    let queue = server.get(&format!("{KB}/queue")).json();
    assert_eq!(queue["waiting"], 0);
    assert_eq!(queue["jobs"].as_array().unwrap().len(), 2);
    let again = server.ask("POST", &format!("{KB}/documents/{id}/read"), &[], b"");
    assert_eq!(again.status, 202);
    assert_eq!(settled(&server, &empty["id"])["state"], "failed");
}

#[test]
fn an_upload_that_breaks_off_leaves_nothing() {
    let (_bench, server) = empty();
    let text = station("300");
    let head = format!("POST {KB}/documents?name=cut.txt HTTP/1.1\r\nhost: {}\r\n", server.address);
    let part =
        format!("--b\r\ncontent-disposition: form-data; name=f; filename=cut.txt\r\n\r\n{text}");
    for (about, body) in [
        (format!("content-length: {}", text.len() + 1), text.as_str()),
        ("transfer-encoding: chunked".to_owned(), &format!("{:x}\r\n{text}\r\n", text.len())),
        ("content-type: multipart/form-data; boundary=b\r\ncontent-length: 5000".to_owned(), &part),
    ] {
        let mut stream = server.connect();
        stream.write_all(format!("{head}{about}\r\n\r\n{body}").as_bytes()).unwrap();
    }
    let whole = upload(&server, "whole.txt", &text);
    assert_eq!(settled(&server, &whole["id"])["state"], "searchable");
    for _ in 0..20 {
        let list = server.get(&format!("{KB}/documents")).json();
        assert_eq!(list["total"], 1, "{list}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn uploads_that_cannot_be_taken_are_refused() {
    let (_bench, server) = empty();
    let large = "长".repeat(400_000);
    let form = "content-type: multipart/form-data; boundary=x";
    let cases: &[(&str, &[&str], &str, u16, &str)] = &[
        ("?name=", &[], "x", 422, "invalid_name"),
        ("?name=a.txt", &[], "", 400, "empty_body"),
        ("?name=..%2Fx.txt", &[], "x", 422, "invalid_name"),
        ("?name=%2Fetc%2Fpasswd", &[], "x", 422, "invalid_name"),
        ("?name=a%00b.txt", &[], "x", 422, "invalid_name"),
        ("?name=a.txt", &[], &large, 413, "body_too_large"),
        ("", &[form], "nonsense", 400, "invalid_form"),
        ("", &[form], "--x--\r\n", 400, "invalid_form"),
        ("", &["content-type: multipart/form-data"], "x", 400, "invalid_form"),
    ];
    for (query, headers, body, status, code) in cases {
        let path = format!("{KB}/documents{query}");
        let reply = server.ask("POST", &path, headers, body.as_bytes());
        assert_eq!((reply.status, reply.code().as_str()), (*status, *code), "{query} {headers:?}");
    }
    assert_eq!(server.get(&format!("{KB}/documents")).json()["total"], 0);
    for (method, path, code) in [
        ("GET", "documents/1/versions", "document_not_found"),
        ("GET", "documents/x/versions", "document_not_found"),
        ("GET", "documents/01", "document_not_found"),
        ("GET", "documents/99999999999999999999", "document_not_found"),
        ("POST", "documents/1/versions/1/restore", "document_not_found"),
        ("DELETE", "documents/1", "document_not_found"),
        ("POST", "documents/1/read", "document_not_found"),
    ] {
        assert_eq!(server.ask(method, &format!("{KB}/{path}"), &[], b"").code(), code, "{path}");
    }
}

#[test]
fn what_was_acknowledged_is_read_after_the_server_was_killed() {
    let (bench, mut server) = empty();
    for number in 0..12 {
        let text = station("八百").replace("雪岭", &format!("第{number}号"));
        upload(&server, &format!("{number}.txt"), &text);
    }
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let server = Serving::new(&bench, &["--data", "data"]);
    let documents = server.get(&format!("{KB}/documents")).json();
    assert_eq!(documents["total"], 12);
    for document in documents["documents"].as_array().unwrap() {
        assert_eq!(settled(&server, &document["id"])["state"], "searchable");
    }
}

#[test]
fn a_folder_of_the_server_is_read_only_where_that_is_allowed() {
    let bench = Bench::new();
    fs::create_dir(bench.path("secret")).unwrap();
    std::os::unix::fs::symlink(bench.path("secret"), bench.path("docs/way out")).unwrap();
    let docs = bench.path("docs");
    let docs = docs.to_str().unwrap();
    let server = Serving::new(&bench, &["--data", "data", "--allow-folder", docs]);
    server.send("POST", "/api/v1/kbs", &[], &json!({"id": "news"}));
    let sync =
        |folder: &str| server.send("POST", &format!("{KB}/sync"), &[], &json!({"folder": folder}));
    for folder in ["/etc", "docs", "", &format!("{docs}/../secret"), &format!("{docs}/way out")] {
        assert_eq!(sync(folder).code(), "folder_not_allowed", "{folder}");
    }
    let report = sync(docs).json();
    assert_eq!((&report["added"], &report["removed"]), (&json!(2), &json!([])), "{report}");
    fs::remove_file(bench.path("docs/雪岭.txt")).unwrap();
    assert_eq!(sync(docs).json()["removed"].as_array().unwrap().len(), 1);
    let checked = server.ask("POST", &format!("{KB}/check"), &[], b"").json();
    assert_eq!((&checked["documents"], &checked["problems"]), (&json!(1), &json!([])));
    // What is sent as a backup is one.
    let backup = server.get(&format!("{KB}/backup"));
    assert_eq!(backup.header("content-type"), "application/zip");
    fs::write(bench.path("news.zip"), backup.body()).unwrap();
    let restored = bench.run(&["restore", "news.zip", "--kb", "restored"]);
    assert!(stderr(&restored).contains("1 documents"), "{}", stderr(&restored));
}
