//! Models behind an HTTP endpoint, against a server in this process and, where
//! `YUANWEN_TEST_EMBEDDINGS` names one that speaks `v1/embeddings`, against that.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use yuanwen_engine::answer::AskOptions;
use yuanwen_engine::kb::{AddOptions, KnowledgeBase, Models};
use yuanwen_engine::model::remote::{Limits, RemoteKind, RemoteSpec};

use crate::server::{Request, Server, json, reply};

/// Quick to give up, so that failures are tested in no time.
fn limits() -> Limits {
    Limits {
        total: Duration::from_secs(5),
        delay: Duration::from_millis(1),
        longest_delay: Duration::from_millis(50),
        body: 100_000,
        ..Limits::default()
    }
}

fn spec(kind: RemoteKind, url: &str) -> RemoteSpec {
    RemoteSpec { dimensions: Some(2), ..RemoteSpec::new(kind, url, "m") }
}

/// A vector that tells how many characters a text has.
fn vector(text: &Value) -> Value {
    json!([3 * text.as_str().unwrap().chars().count(), 4 * text.as_str().unwrap().chars().count()])
}

/// Answers as OpenAI does, last text first.
fn embeddings(request: &Request) -> Vec<u8> {
    let texts = request.body["input"].as_array().unwrap();
    let data = texts.iter().enumerate().rev();
    let data: Vec<Value> = data
        .map(|(at, text)| json!({"index": at, "embedding": [at + 1, text.as_str().unwrap().len()]}))
        .collect();
    json(&json!({"object": "list", "data": data}))
}

fn error_of(reply: impl Fn(&Request) -> Vec<u8> + Send + 'static) -> (String, usize) {
    let server = Server::new(reply);
    let embedder = spec(RemoteKind::OpenAi, server.url()).embedder(limits()).unwrap();
    let error = embedder.passages(&["甲", "乙"]).unwrap_err().to_string();
    assert!(error.contains(server.url()), "{error}");
    (error, server.requests().len())
}

#[test]
fn embeddings_come_in_the_order_of_the_texts_and_of_unit_length() {
    let server = Server::new(embeddings);
    let spec = RemoteSpec {
        query_prefix: "query: ".to_owned(),
        passage_prefix: "passage: ".to_owned(),
        query_fields: json!({"input_type": "query"}).as_object().unwrap().clone(),
        dimensions: None,
        ..spec(RemoteKind::OpenAi, server.url())
    };
    let embedder = spec.embedder(limits()).unwrap();
    assert_eq!((embedder.name(), embedder.dimensions(), embedder.digest().len()), ("m", 2, 64));
    let texts: Vec<String> = (0..70).map(|at| format!("第{at}段")).collect();
    let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    texts[5] = " ……";
    let vectors = embedder.passages(&texts).unwrap();
    assert_eq!(vectors.len(), 70);
    assert_eq!(vectors[5], [0.0, 0.0], "nothing to say, no direction");
    for (at, vector) in vectors.iter().enumerate().filter(|(at, _)| *at != 5) {
        let place = if at < 5 { at } else { (at - 1) % 32 };
        let length = "passage: ".len() + texts[at].len();
        let ratio = (place + 1) as f32 / length as f32;
        assert!((vector[0] / vector[1] - ratio).abs() < 1e-4, "{at}");
        assert!((vector.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-5, "{at}");
    }
    embedder.query("甲").unwrap();
    let requests = server.requests();
    let sizes: Vec<usize> =
        requests.iter().map(|request| request.body["input"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [1, 32, 32, 5, 1], "a probe, three batches, the question");
    assert_eq!(requests[1].path, "/v1/embeddings");
    assert_eq!(requests[1].body["encoding_format"], json!("float"));
    let asked = &requests[4].body;
    assert_eq!((&asked["input"], &asked["input_type"]), (&json!(["query: 甲"]), &json!("query")));
}

#[test]
fn text_embeddings_inference_gives_plain_rows_and_may_want_smaller_batches() {
    let server = Server::new(|request| {
        let texts = request.body["inputs"].as_array().unwrap();
        match texts.len() {
            0..=8 => json(&texts.iter().map(vector).collect()),
            _ => reply(422, &[], r#"{"error": "batch size > maximum allowed batch size 8"}"#),
        }
    });
    let embedder = spec(RemoteKind::Tei, server.url()).embedder(limits()).unwrap();
    let vectors = embedder.passages(&["文"; 20]).unwrap();
    assert_eq!(vectors, vec![vec![0.6, 0.8]; 20]);
    assert_eq!(server.requests()[0].path, "/embed");
}

#[test]
fn what_passes_is_tried_again() {
    for (status, header) in [(429, "retry-after: 0"), (500, "x: y"), (503, "retry-after: soon")] {
        let server = Server::new(move |request| match request.nth {
            0 | 1 => reply(status, &[header], "{}"),
            _ => embeddings(request),
        });
        let embedder = spec(RemoteKind::OpenAi, server.url()).embedder(limits()).unwrap();
        assert_eq!(embedder.passages(&["甲"]).unwrap().len(), 1);
        assert_eq!(server.requests().len(), 3, "{status}");
    }
    let server = Server::new(|request| match request.nth {
        0 => b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{".to_vec(),
        _ => embeddings(request),
    });
    let embedder = spec(RemoteKind::OpenAi, server.url()).embedder(limits()).unwrap();
    assert!(embedder.passages(&["甲"]).is_ok(), "a connection that breaks off");
}

#[test]
fn failures_name_the_address_and_what_to_do() {
    let status = |status, headers: &'static [&str], body: &'static str| {
        error_of(move |_| reply(status, headers, body))
    };
    let data = |value: Value| error_of(move |_| json(&json!({"data": value})));
    let one = json!({"index": 0, "embedding": [1, 0]});
    let long = format!("[{}", "0,".repeat(100_000));
    let cases = [
        (status(500, &[], "boom"), "status 500: boom; look into the server's log", 4),
        (status(429, &["retry-after: 90"], ""), "it asks to wait 90 s", 1),
        (status(501, &[], ""), "status 501", 1),
        (status(401, &[], r#"{"error":{"message":"no key"}}"#), "401: no key; name an env", 1),
        (status(404, &[], "<p>nowhere"), "404: <p>nowhere; check the address", 1),
        (status(307, &["location: http://else.where/"], ""), "redirects to http://else.where/;", 1),
        (status(200, &[], "<html>"), "the answer holds no embeddings", 1),
        (status(200, &[], r#"{"data": "none"}"#), "the answer holds no embeddings", 1),
        (data(json!([one])), "no result for text 1 of 2", 1),
        (data(json!([one, one])), "two results for text 0", 1),
        (data(json!([{"index": 7, "embedding": [1, 0]}])), "text 7 where 2 were sent", 1),
        (data(json!([one, {"index": 1, "embedding": [1]}])), "vectors of 1 numbers where 2", 1),
        (data(json!([one, {"index": 1, "embedding": [1e39, 0]}])), "finite", 1),
        (data(json!([one, {"index": 1, "embedding": [null, 0]}])), "holds no embeddings", 1),
        (error_of(move |_| reply(200, &[], &long)), "more than 100000 bytes", 1),
        (error_of(|_| b"SSH-2.0-OpenSSH\r\n".to_vec()), "cannot be reached (once tried)", 1),
    ];
    for ((error, requests), expected, tries) in cases {
        assert!(error.contains(expected), "{error}");
        assert_eq!(requests, tries, "{error}");
    }
}

#[test]
fn a_server_that_is_away_or_asleep_is_named() {
    let url = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let embedder = spec(RemoteKind::OpenAi, &url).embedder(limits()).unwrap();
    let error = embedder.query("甲").unwrap_err().to_string();
    assert!(error.contains(&url) && error.contains("4 times"), "{error}");

    let server = Server::new(|request| {
        thread::sleep(Duration::from_secs(2));
        embeddings(request)
    });
    let limits = Limits { total: Duration::from_millis(200), ..limits() };
    let embedder = spec(RemoteKind::OpenAi, server.url()).embedder(limits).unwrap();
    let error = embedder.query("甲").unwrap_err().to_string();
    assert!(error.contains("within 0.2 s"), "{error}");
}

#[test]
fn a_key_goes_into_the_header_and_nowhere_else() {
    let name = "CARGO_PKG_NAME";
    let key = env::var(name).unwrap();
    let echo = format!("{{\"error\": \"the key {key} is unknown\"}}");
    let server = Server::new(move |_| reply(401, &[], &echo));
    let spec =
        RemoteSpec { key_env: Some(name.to_owned()), ..spec(RemoteKind::OpenAi, server.url()) };
    let error = format!("{:?}", spec.embedder(limits()).unwrap().query("甲").unwrap_err());
    assert!(error.contains("the key *** is unknown"), "{error}");
    assert!(!error.contains(&key), "{error}");
    assert!(server.requests()[0].headers.contains(&format!("authorization: Bearer {key}")));
    let missing = RemoteSpec { key_env: Some("YUANWEN_NO_SUCH_KEY".to_owned()), ..spec };
    let error = missing.embedder(limits()).unwrap().query("甲").unwrap_err().to_string();
    assert!(error.contains("YUANWEN_NO_SUCH_KEY is not set"), "{error}");
}

#[test]
fn settings_are_read_and_nonsense_is_refused() {
    let spec: RemoteSpec =
        serde_json::from_str(r#"{"kind": "tei", "url": "http://h", "model": "bge"}"#).unwrap();
    assert_eq!(spec, RemoteSpec::new(RemoteKind::Tei, "http://h", "bge"));
    let written = serde_json::to_string(&spec).unwrap();
    assert_eq!(written, r#"{"kind":"tei","url":"http://h","model":"bge"}"#);
    assert!(
        serde_json::from_str::<RemoteSpec>(r#"{"kind":"tei","url":"","model":"","key":""}"#)
            .is_err()
    );
    let nameless = RemoteSpec { model: " ".to_owned(), ..spec.clone() };
    let doubled = json!({"model": "other"}).as_object().unwrap().clone();
    let doubled = RemoteSpec { query_fields: doubled, ..spec.clone() };
    let elsewhere = RemoteSpec { url: "h".to_owned(), ..spec };
    for (spec, expected) in
        [(nameless, "name of the model"), (doubled, "field model"), (elsewhere, "http://host:port")]
    {
        let error = spec.embedder(limits()).err().unwrap().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(spec.reranker(limits()).is_err());
    }
}

#[test]
fn rerankers_of_both_forms_score_in_the_order_of_the_passages() {
    let server = Server::new(|request| {
        let is_tei = request.path == "/rerank";
        let texts = &request.body[if is_tei { "texts" } else { "documents" }];
        let (score, texts) =
            (if is_tei { "score" } else { "relevance_score" }, texts.as_array().unwrap());
        let scored = texts.iter().enumerate().rev().map(|(at, text)| {
            json!({"index": at, (score): text.as_str().unwrap().chars().count() as f32 / 4.0})
        });
        let scored: Value = scored.collect();
        json(&if is_tei { scored } else { json!({"results": scored}) })
    });
    let passages: Vec<String> = (1..=40).map(|length| "文".repeat(length)).collect();
    let passages: Vec<&str> = passages.iter().map(String::as_str).collect();
    let expected: Vec<f32> = (1..=40).map(|length| length as f32 / 4.0).collect();
    for kind in [RemoteKind::OpenAi, RemoteKind::Tei] {
        let reranker = spec(kind, server.url()).reranker(limits()).unwrap();
        assert_eq!(reranker.scores("问？", &passages).unwrap(), expected);
        assert_eq!(reranker.name(), "m");
        assert!(reranker.scores("问？", &[]).unwrap().is_empty());
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 4);
    let (cohere, tei) = (&requests[0], &requests[2]);
    assert_eq!((cohere.path.as_str(), &cohere.body["top_n"]), ("/v1/rerank", &json!(32)));
    assert_eq!((&cohere.body["model"], &tei.body["query"]), (&json!("m"), &json!("问？")));
}

#[test]
fn rerankers_that_lose_a_passage_are_found_out() {
    for (answer, expected) in [
        (json!({"results": [{"index": 1, "relevance_score": 1}]}), "no result for text 0"),
        (json!([{"index": 0, "score": 1}]), "the answer holds no scores"),
        (json!({"results": [{"index": 9, "relevance_score": 1}]}), "text 9 where 2"),
    ] {
        let server = Server::new(move |_| json(&answer));
        let reranker = spec(RemoteKind::OpenAi, server.url()).reranker(limits()).unwrap();
        let error = reranker.scores("问", &["甲", "乙"]).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

/// Vectors of two numbers: how often a text says 海缆, and 1.
fn cables(request: &Request) -> Vec<u8> {
    let texts = request.body["input"].as_array().unwrap();
    let cables = |text: &Value| text.as_str().unwrap().matches("海缆").count();
    let data = texts.iter().enumerate();
    let data = data.map(|(at, text)| json!({"index": at, "embedding": [cables(text), 1]}));
    json(&json!({"data": data.collect::<Value>()}))
}

#[test]
fn a_knowledge_base_keeps_its_remote_models() {
    let dir = tempfile::tempdir().unwrap();
    let docs = dir.path().join("docs");
    let kb = dir.path().join("kb");
    fs::create_dir(&docs).unwrap();
    fs::write(docs.join("海缆.txt"), "抢修船听涛号接通了松涛岛海缆。").unwrap();
    fs::write(docs.join("雪岭.txt"), "雪岭基站完成改造。").unwrap();
    let server = Server::new(|request| match request.path.as_str() {
        "/v1/rerank" => {
            let texts = request.body["documents"].as_array().unwrap().iter().enumerate();
            let scored = texts.map(|(at, text)| {
                let is_about = text.as_str().unwrap().contains("听涛号");
                json!({"index": at, "relevance_score": if is_about { 5 } else { -5 }})
            });
            json(&json!({"results": scored.collect::<Value>()}))
        }
        _ => cables(request),
    });
    let named = |model: &str| Some(format!("openai+{}#{model}", server.url()));
    let models = Models { embedder: named("e"), reranker: named("r") };
    KnowledgeBase::set_models(&kb, &models).unwrap();
    let base = KnowledgeBase::create(&kb).unwrap();
    assert_eq!(base.models(), ("e".to_owned(), Some("r".to_owned())));
    base.add(&[docs], &AddOptions::default(), &mut |_| {}).unwrap();
    let answer = base.ask("谁接通了海缆？", &AskOptions::default()).unwrap();
    assert!(answer.blocks[0].text.contains("听涛号"));
    assert_eq!(answer.passages[0].signals.reranked, 1.0 / (1.0 + (-5.0_f64).exp()));
    drop(base);

    let asked = server.requests().len();
    let base = KnowledgeBase::open(&kb).unwrap();
    assert_eq!(base.list().unwrap().len(), 2);
    assert_eq!(server.requests().len(), asked, "opening and listing ask nobody");

    let models = Models { embedder: Some("http://127.0.0.1:1#gone".to_owned()), reranker: None };
    let error = KnowledgeBase::set_models(&kb, &models).unwrap_err().to_string();
    assert!(error.contains("http://127.0.0.1:1"), "{error}");
    assert_eq!(KnowledgeBase::open(&kb).unwrap().models(), ("e".to_owned(), Some("r".to_owned())));
}

#[test]
fn a_real_server_finds_what_is_near_in_meaning() {
    let Ok(url) = env::var("YUANWEN_TEST_EMBEDDINGS") else {
        eprintln!("skipped: YUANWEN_TEST_EMBEDDINGS names no server, see scripts/test-remote");
        return;
    };
    let field = |kind: &str| json!({"input_type": kind}).as_object().unwrap().clone();
    let spec = RemoteSpec {
        query_fields: field("query"),
        passage_fields: field("passage"),
        ..RemoteSpec::new(RemoteKind::OpenAi, url, "multilingual-e5-small-q4")
    };
    let embedder = spec.embedder(Limits::default()).unwrap();
    assert_eq!(embedder.dimensions(), 384);
    let passages = [
        "抢修船接通了受损的海底光缆。",
        "董事会秘书由独立董事提名。",
        "改造后基站的下行速率提高一倍。",
    ];
    let many: Vec<&str> = passages.iter().cycle().take(40).copied().collect();
    let vectors = embedder.passages(&many).unwrap();
    assert_eq!(vectors.len(), 40);
    let nearest = |question: &str| {
        let question = embedder.query(question).unwrap();
        let cosine = |vector: &[f32]| vector.iter().zip(&question).map(|(a, b)| a * b).sum::<f32>();
        (0..3).max_by(|&a, &b| cosine(&vectors[a]).total_cmp(&cosine(&vectors[b]))).unwrap()
    };
    assert_eq!(nearest("谁修好了断掉的海缆？"), 0);
    assert_eq!(nearest("谁有权推荐董秘人选？"), 1);
    assert_eq!(nearest("无线网速变快了多少？"), 2);
}
