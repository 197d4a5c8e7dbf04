//! How a question is read, also with words that are not saved.

use serde_json::{Value, json};

use super::super::{QUESTION, json_of};
use super::schema::compare;
use super::{Serving, small};

const KB: &str = "/api/v1/kbs/kb";

fn explain(server: &Serving, body: &Value) -> Value {
    let reply = server.send("POST", &format!("{KB}/explain"), &[], body);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let api = server.get("/api/v1/openapi.json").json();
    compare(&api, "post", "/api/v1/kbs/{kb}/explain", &reply);
    reply.json()
}

#[test]
fn a_question_is_explained_as_on_the_command_line() {
    let (bench, server) = small();
    for (question, after, as_of) in [
        (QUESTION, vec![], None),
        ("去年雪岭基站和松涛岛海缆分别怎么样？", vec![], Some("2023-05-04")),
        ("那松涛岛呢？", vec![QUESTION], None),
    ] {
        let body = json!({"question": question, "after": after, "as_of": as_of});
        let mut told = explain(&server, &body);
        assert_eq!(told.as_object_mut().unwrap().remove("problems"), Some(json!([])));
        let mut args = vec!["explain", "--kb", "kb", question, "--json"];
        args.extend(after.iter().flat_map(|one| ["--after", one]));
        args.extend(as_of.iter().flat_map(|date| ["--as-of", *date]));
        assert_eq!(told, json_of(&bench.run(&args)), "{question}");
    }
}

#[test]
fn words_that_are_not_saved_count_for_the_explanation_alone() {
    let (bench, server) = small();
    let set = server.ask(
        "PUT",
        &format!("{KB}/synonyms"),
        &["content-type: text/plain"],
        "雪岭 = 雪山\n".as_bytes(),
    );
    assert_eq!(set.status, 200);
    let files = || {
        let read = |name: &str| std::fs::read_to_string(bench.path("kb").join(name)).ok();
        (read("synonyms.txt"), read("dictionary.txt"))
    };
    let saved = files();
    let pairs = |told: &Value| -> Vec<(String, String)> {
        let all = told["alternatives"].as_array().cloned().unwrap_or_default();
        let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
        all.iter().map(|one| (text(one, "phrase"), text(one, "instead"))).collect()
    };
    let pair = |phrase: &str, instead: &str| (phrase.to_owned(), instead.to_owned());

    let plain = explain(&server, &json!({"question": QUESTION}));
    assert!(pairs(&plain).contains(&pair("雪岭", "雪山")), "{plain}");
    assert!(!plain["terms"].to_string().contains("word"), "{plain}");

    let body = json!({
        "question": QUESTION, "synonyms": "下行速率 = 网速\n单独\n", "dictionary": "下行速率 3\n云 1\n",
    });
    let preview = explain(&server, &body);
    assert!(pairs(&preview).contains(&pair("下行速率", "网速")), "{preview}");
    assert!(!pairs(&preview).contains(&pair("雪岭", "雪山")), "{preview}");
    assert!(preview["terms"].to_string().contains("word"), "{preview}");
    let problems = preview["problems"].as_array().unwrap();
    let places: Vec<(&Value, &Value)> =
        problems.iter().map(|one| (&one["file"], &one["line"])).collect();
    assert_eq!(places, [(&json!("synonyms"), &json!(2)), (&json!("dictionary"), &json!(2))]);

    // One of them alone leaves the other as it is saved.
    let one = explain(&server, &json!({"question": QUESTION, "dictionary": "下行速率\n"}));
    assert!(pairs(&one).contains(&pair("雪岭", "雪山")), "{one}");
    let none = explain(&server, &json!({"question": QUESTION, "synonyms": ""}));
    assert!(!pairs(&none).contains(&pair("雪岭", "雪山")), "{none}");

    assert_eq!(files(), saved);
    assert_eq!(explain(&server, &json!({"question": QUESTION})), plain);
}

#[test]
fn what_cannot_be_explained_is_refused() {
    let (_bench, server) = small();
    for body in [
        json!({"question": " "}),
        json!({"question": "长".repeat(2001)}),
        json!({"question": QUESTION, "as_of": "昨天"}),
        json!({"question": QUESTION, "after": vec![QUESTION; 101]}),
        json!({"question": QUESTION, "synonyms": 7}),
        json!({"question": QUESTION, "words": ""}),
    ] {
        let reply = server.send("POST", &format!("{KB}/explain"), &[], &body);
        assert_eq!((reply.status, reply.code().as_str()), (422, "invalid_body"), "{body}");
    }
}
