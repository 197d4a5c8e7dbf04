//! Front matter: what stands between two lines of `---` at the top of a text, in YAML.
//!
//! Title, date and source are taken, everything else is settings of whatever made the page. YAML
//! that does not parse (a colon in an unquoted title) is read line by line; a `---` that never
//! closes, or has no fields below it, is a rule.

use yaml_rust2::{Yaml, YamlLoader};

use crate::builder::{Given, is_space};
use crate::meta::{first_date, is_organisation};

/// Longer front matter, in bytes, is text.
const LONGEST: usize = 64 * 1024;
/// More collections opened in a line than this are not given to the YAML parser.
const DEEPEST: usize = 16;

/// The front matter's fields by their names in lower case, in order.
type Fields = Vec<(String, String)>;

/// What the front matter says, if there is any, and the text below it.
pub(super) fn split(text: &str) -> (Option<Given>, &str) {
    let none = (None, text);
    let trimmed = text.trim_start_matches(is_space);
    let Some(inner) = trimmed.strip_prefix("---") else { return none };
    let Some((blank, inner)) = inner.split_once('\n') else { return none };
    if !blank.trim().is_empty() {
        return none;
    }
    let mut end = 0;
    for line in inner.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            let Some(fields) = fields(&inner[..end]) else { return none };
            return (Some(given(&fields)), &inner[end + line.len()..]);
        }
        end += line.len();
        if end > LONGEST {
            return none;
        }
    }
    none
}

/// The fields of a front matter; `None` if it is none.
fn fields(yaml: &str) -> Option<Fields> {
    if yaml.trim().is_empty() {
        return Some(Fields::new());
    }
    by_yaml(yaml).or_else(|| by_line(yaml))
}

fn by_yaml(yaml: &str) -> Option<Fields> {
    // Aliases can make a few lines into gigabytes, and deep nesting exhausts the stack.
    let hostile = |line: &str| {
        line.contains(": &")
            || line.contains("- &")
            || line.matches(['[', '{']).count() > DEEPEST
            || line.matches("- ").count() > DEEPEST
            || line.matches("? ").count() > DEEPEST
    };
    if yaml.lines().any(hostile) {
        return None;
    }
    let documents = YamlLoader::load_from_str(yaml).ok()?;
    let hash = documents.first()?.as_hash()?;
    let fields = hash.iter().filter_map(|(key, value)| {
        let value = values(value);
        Some((key.as_str()?.trim().to_lowercase(), value)).filter(|(_, value)| !value.is_empty())
    });
    Some(fields.collect())
}

/// A scalar's text, or those of a list or of a hash's values, joined.
fn values(value: &Yaml) -> String {
    let scalar = |value: &Yaml| match value {
        Yaml::String(text) | Yaml::Real(text) => text.trim().to_owned(),
        Yaml::Integer(number) => number.to_string(),
        _ => String::new(),
    };
    let parts: Vec<String> = match value {
        Yaml::Array(items) => items.iter().map(scalar).collect(),
        Yaml::Hash(hash) => hash.values().map(scalar).collect(),
        value => return scalar(value),
    };
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("、")
}

fn by_line(yaml: &str) -> Option<Fields> {
    let mut fields = Fields::new();
    let mut others = 0;
    for line in yaml.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        match line.split_once(':') {
            Some((key, value)) if is_key(key) => {
                let value = value.trim().trim_matches(['"', '\'']).trim();
                fields.push((key.trim().to_lowercase(), value.to_owned()));
            }
            _ if line.starts_with([' ', '\t', '-']) => {}
            _ => others += 1,
        }
    }
    (fields.len() > others).then_some(fields)
}

fn is_key(key: &str) -> bool {
    (1..=40).contains(&key.len())
        && !key.starts_with([' ', '-', '"'])
        && key.chars().all(|ch| ch.is_alphanumeric() || matches!(ch, '_' | '-' | ' ' | '.'))
}

const TITLES: [&str; 4] = ["title", "标题", "headline", "题目"];
const DATES: [&str; 9] = [
    "date",
    "published",
    "publish_date",
    "pubdate",
    "pubdatetime",
    "created",
    "发布时间",
    "发布日期",
    "日期",
];
const SOURCES: [&str; 8] =
    ["source", "publisher", "来源", "发布人", "author", "authors", "作者", "organization"];
const SUBJECTS: [&str; 4] = ["tags", "tag", "categories", "category"];

fn given(fields: &Fields) -> Given {
    let field = |names: &[&str]| {
        names.iter().find_map(|name| {
            let found = fields.iter().find(|(key, value)| key == name && !value.is_empty());
            found.map(|(_, value)| value.as_str())
        })
    };
    // Posts of a news site often name the paper as their only tag.
    let paper = SUBJECTS.iter().filter_map(|name| field(&[name])).find(|value| is_paper(value));
    Given {
        title: field(&TITLES).map(str::to_owned),
        published: DATES.iter().filter_map(|name| field(&[name])).find_map(first_date),
        publisher: field(&SOURCES).or(paper).map(str::to_owned),
    }
}

/// Whether a tag names a newspaper, a site or an organisation.
fn is_paper(tag: &str) -> bool {
    let names = ["报", "网", "新闻", "通讯社", "周刊", "杂志", "电视台"];
    let alone = !tag.contains(['、', ' ', ',']) && (3..=20).contains(&tag.chars().count());
    alone && (names.iter().any(|name| tag.ends_with(name)) || is_organisation(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_and_what_is_none() {
        let (given, body) = split(
            "---\nlayout: post\ntitle: \"远山通信召开总结会\"\ndate: 2022-01-14 13:02:46 +0800\n\
             tags: 雪岭日报\n---\n正文。\n",
        );
        let given = given.unwrap();
        assert_eq!(given.title.as_deref(), Some("远山通信召开总结会"));
        assert_eq!(given.published.unwrap().to_string(), "2022-01-14");
        assert_eq!((given.publisher.as_deref(), body), (Some("雪岭日报"), "正文。\n"));
        for text in ["---\n正文。\n", "---\n正文。\n---\n正文。\n", "正文", "---", "--- 甲\n---\n"]
        {
            assert_eq!(split(text), (None, text));
        }
    }

    #[test]
    fn yaml_of_every_kind() {
        let read = |yaml: &str| split(&format!("---\r\n{yaml}\r\n---\r\n")).0.unwrap();
        assert_eq!(read("title: 远山: 年报 \"摘要\" 甲").title.unwrap(), "远山: 年报 \"摘要\" 甲");
        assert_eq!(read("title: >-\n  远山通信\n  年报").title.unwrap(), "远山通信 年报");
        assert_eq!(read("author:\n  - 张三\n  - 李四").publisher.unwrap(), "张三、李四");
        assert_eq!(read("author: {name: 张三}\ntags: [通信, 年报]").publisher.unwrap(), "张三");
        assert_eq!(read("a: &a [x]\nb: [*a, *a]\ntitle: 甲").title.unwrap(), "甲");
        assert_eq!(read("tags: [通信]").publisher, None);
    }

    #[test]
    fn hostile_front_matter_ends() {
        for yaml in ["[".repeat(30_000), "- ".repeat(30_000), "a: {".repeat(9_000)] {
            let _ = split(&format!("---\n{yaml}\n---\n甲"));
        }
    }
}
