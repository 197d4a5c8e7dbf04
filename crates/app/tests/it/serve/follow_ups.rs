//! What may be asked next.

use std::fs;

use serde_json::{Value, json};

use super::super::Bench;
use super::Serving;

const KB: &str = "/api/v1/kbs/kb";

/// A report of a year.
fn report(year: u16, stations: u16) -> String {
    format!(
        "远山通信{year}年工作总结\n\n{year}年远山通信新建基站{stations}座，全部投入运行。\n\n\
         新建基站数量增加，原因是青溪分公司提前完成了{year}年的选址。\n"
    )
}

#[test]
fn suggested_questions_have_an_answer_of_their_own() {
    let bench = Bench::new();
    for (year, stations) in [(2022, 310), (2023, 460)] {
        fs::write(bench.path(&format!("docs/{year}.txt")), report(year, stations)).unwrap();
    }
    assert_eq!(super::super::code(&bench.run(&["index", "--kb", "kb", "docs"])), 0);
    let server = Serving::new(&bench, &["--kb", "kb"]);
    let path = format!("{KB}/follow-ups");
    let suggested = |question: &str| -> Vec<Value> {
        let reply = server.send("POST", &path, &[], &json!({"question": question}));
        assert_eq!(reply.status, 200, "{}", reply.text());
        let all = reply.json()["follow_ups"].as_array().unwrap().clone();
        for one in &all {
            let asked = json!({"question": one["question"], "after": [question]});
            let answer = server.send("POST", &format!("{KB}/ask"), &[], &asked).json();
            assert_eq!(answer["found"], json!(true), "{one}");
            assert_eq!(answer["completed"], one["completed"], "{one}");
        }
        all
    };
    let of_2023 = suggested("2023年远山通信新建了多少座基站？");
    assert!(of_2023.iter().any(|one| one["question"] == json!("2022年呢？")), "{of_2023:?}");
    // Nothing is known of 2024, and nothing follows from what is not there.
    assert!(of_2023.iter().all(|one| one["question"] != json!("2024年呢？")), "{of_2023:?}");
    assert_eq!(suggested("火星开采许可证由谁签发？"), [] as [Value; 0]);

    for body in [json!({"question": " "}), json!({"question": "a", "as_of": "gestern"}), json!({})]
    {
        assert_eq!(server.send("POST", &path, &[], &body).code(), "invalid_body", "{body}");
    }
}
