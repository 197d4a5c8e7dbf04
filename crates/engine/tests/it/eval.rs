//! The evaluation gives the figures of the script that the evaluation set comes with.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use yuanwen_engine::eval;

/// Both scorers on one file of answers: made from the labels themselves, degraded in many ways.
#[test]
fn agrees_with_the_script() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let script = root.join("../shared/bdci/score.py");
    if !script.exists() {
        println!("skipped: the evaluation set's script is not beside this repository");
        return;
    }
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no python3");
        return;
    }
    let temp = tempfile::tempdir().unwrap();
    let awkward = temp.path().join("awkward.jsonl");
    fs::write(&awkward, awkward_gold()).unwrap();
    let sets = [
        awkward,
        root.join("samples/gold.jsonl"),
        root.join("../shared/bdci/gold-dev.jsonl"),
        root.join("../shared/seeds/gold.jsonl"),
    ];
    for gold in sets.iter().filter(|gold| gold.exists()) {
        let answers = temp.path().join("answers.jsonl");
        fs::write(&answers, degraded(&read_lines(gold))).unwrap();
        compare(&script, gold, &answers);
    }
}

fn compare(script: &Path, gold: &Path, answers: &Path) {
    let output = Command::new("python3")
        .arg(script)
        .args(["--gold".as_ref(), gold.as_os_str(), "--answers".as_ref(), answers.as_os_str()])
        .args(["--json", "--worst", "1000000"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    let (figures, worst) = printed.split_once('\n').unwrap();
    // Python writes NaN, which is not JSON.
    let theirs: HashMap<String, Option<f64>> =
        serde_json::from_str(&figures.replace("NaN", "null")).unwrap();

    let questions = eval::load_gold(open(gold)).unwrap();
    let report = eval::score(&questions, &eval::load_answers(open(answers)).unwrap());
    let ours = serde_json::to_value(&report).unwrap();
    assert_eq!(theirs.len() + 1, ours.as_object().unwrap().len(), "{}", gold.display());
    for (name, value) in &theirs {
        match (value, ours[name].as_f64()) {
            (Some(theirs), Some(ours)) => {
                assert!((theirs - ours).abs() < 1e-9, "{}: {name} {theirs} {ours}", gold.display());
            }
            (theirs, ours) => assert_eq!(*theirs, ours, "{}: {name}", gold.display()),
        }
    }
    let rows: Vec<String> = report.worst(usize::MAX).iter().map(|row| format!("  {row}")).collect();
    assert_eq!(worst.lines().collect::<Vec<_>>(), rows, "{}", gold.display());
}

/// An answer for most questions: whole, cut, padded, spaced out, elsewhere, another's, withheld.
fn degraded(questions: &[Value]) -> String {
    let text_of = |blocks: &Value| {
        let blocks = blocks.as_array().unwrap();
        let texts: Vec<&str> = blocks.iter().map(|b| b["text"].as_str().unwrap()).collect();
        texts.join("\n")
    };
    let mut lines = String::new();
    for (at, question) in questions.iter().enumerate() {
        let label = question["alternatives"]
            .as_array()
            .and_then(|options| options.iter().find(|option| option[0].is_object()))
            .filter(|_| at % 3 == 0)
            .unwrap_or(&question["blocks"]);
        let whole = text_of(label);
        let half: String = whole.chars().take(whole.chars().count() / 2).collect();
        let other = text_of(&questions[(at + 1) % questions.len()]["blocks"]);
        let answer = match at % 8 {
            0 => whole.clone(),
            1 => half.clone(),
            2 => format!("{whole}{other}"),
            3 => whole.chars().flat_map(|c| [c, '\u{3000}']).collect(),
            4 => other.clone(),
            5 => format!(r"\mathrm{{{whole}}}<br/>|\({other}\)|{other}"),
            6 => whole.chars().rev().collect(),
            _ => String::new(),
        };
        let first = &label[0];
        let named = json!(first["doc"].as_str().unwrap_or("nowhere"));
        let (doc, page) = match at % 5 {
            0 => (json!("elsewhere"), json!(1)),
            1 => (named, json!(first["page"].as_u64().unwrap_or(0) + 1)),
            2 => (named, Value::Null),
            _ => (named, first["page"].clone()),
        };
        let blocks = if at % 7 == 6 {
            json!([])
        } else {
            json!([{"doc": doc, "page": page, "text": answer}])
        };
        let mut passages =
            vec![json!({"doc": "a", "text": other}), json!({"doc": "b", "text": half})];
        let more = label.as_array().unwrap().iter().rev();
        passages.extend(more.map(|block| json!({"doc": block["doc"], "text": block["text"]})));
        passages.rotate_left(at % 3);
        let mut line =
            json!({"id": question["id"], "answer": answer, "blocks": blocks, "passages": passages});
        match at % 11 {
            3 => line["found"] = json!(false),
            5 => line["id"] = json!(question["id"].to_string()),
            9 => continue,
            _ => line["found"] = json!(true),
        }
        lines.push_str(&format!("{line}\n"));
    }
    lines
}

/// Labels with what the others lack: no pages, page 0, no keywords, one character, odd white
/// space, LaTeX, an empty alternative, a fractional difficulty, nothing at all.
fn awkward_gold() -> String {
    let texts = [
        r"\text{机柜}\,共 \(120\) 个，占 12\%",
        "电",
        "Ｔｏｔａｌ　８．５％\u{1c}的\u{85}山\u{a0}路<br >上㎏",
        r"\text元与\mathrm_a与\left(与\textः与\rightⒶ",
        "",
        "一二三四",
    ];
    let mut lines = String::new();
    for (at, text) in texts.iter().enumerate() {
        let mut line = json!({
            "id": at, "question": format!("问{at}"), "keywords": [text, "百"],
            "blocks": [{"doc": "d", "text": text}], "alternatives": [[]],
        });
        match at {
            1 => line["keywords"] = json!([]),
            2 => line["difficulty"] = json!(1.5),
            3 => line["kw_weight"] = json!(0.25),
            4 => line["blocks"] = json!([]),
            5 => line["blocks"] = json!([{"doc": "d", "page": 0, "text": text}]),
            _ => {}
        }
        lines.push_str(&format!("{line}\n"));
    }
    lines
}

fn read_lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn open(path: &Path) -> BufReader<File> {
    BufReader::new(File::open(path).unwrap())
}
