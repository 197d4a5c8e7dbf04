//! Reads JSON and JSON lines: records become articles or a table, in their order.
//!
//! A record is an object. Its title-like field is a heading, its strings of a few words and more
//! are text (HTML and Markdown in them are read as such), its other values lines `key：value`.
//! Records that have short values alone become a table with the keys as its header. Objects and
//! lists inside a record are walked in their order, under their keys as headings. The date and the
//! source of a file with a single record are the document's.
//!
//! Limits: values nested deeper than 32 levels are left out with a warning, and so is what is
//! over 200,000 values. A damaged line of JSON lines costs that line.

mod value;

use crate::builder::{Builder, Given};
use crate::document::{Document, Format};
use crate::encoding::decode_counted;
use crate::error::ParseError;
use crate::meta::first_date;
use crate::table::{DraftCell, TableDraft};
use crate::text::wrap::width;
use crate::{markdown, text};
use value::{Value, read};

/// Values nested deeper than this are left out.
const DEEPEST: usize = 32;
/// More values than this are left out.
const MOST_VALUES: usize = 200_000;
/// A larger file, in bytes, is not read.
const LARGEST: usize = 256 << 20;
/// So many damaged lines are named one by one.
const MOST_NAMED: usize = 5;
/// A string wider than this, in columns, is text; a shorter one is a value.
const SHORT: usize = 40;
/// A table has at most so many columns.
const MOST_COLUMNS: usize = 60;

const TITLES: [&str; 12] = [
    "title", "headline", "name", "subject", "question", "heading", "标题", "题目", "名称", "题名",
    "主题", "问题",
];
const TEXTS: [&str; 18] = [
    "content",
    "contents",
    "body",
    "text",
    "article",
    "summary",
    "abstract",
    "description",
    "answer",
    "context",
    "paragraph",
    "message",
    "正文",
    "内容",
    "摘要",
    "全文",
    "答案",
    "描述",
];
const DATES: [&str; 13] = [
    "date",
    "published",
    "publish_date",
    "publish_time",
    "published_at",
    "pubdate",
    "pub_date",
    "time",
    "created_at",
    "发布时间",
    "发布日期",
    "日期",
    "时间",
];
const SOURCES: [&str; 10] = [
    "source",
    "publisher",
    "author",
    "site",
    "media",
    "来源",
    "发布人",
    "发布单位",
    "作者",
    "媒体",
];

/// Reads JSON or JSON lines.
///
/// # Errors
/// If it is damaged from its first value on, too large, or holds nothing to read.
pub(crate) fn parse(_name: &str, bytes: &[u8]) -> Result<Document, ParseError> {
    if bytes.len() > LARGEST {
        return Err(ParseError::Limit(format!(
            "the JSON file is larger than {} MB; split it",
            LARGEST >> 20
        )));
    }
    let decoded = decode_counted(bytes, None)?;
    let mut builder = Builder::default();
    decoded.warn(&mut builder);
    let values = match read(&decoded.text) {
        Ok(value) => vec![value],
        Err(reason) => lines(&decoded.text, &mut builder)
            .ok_or(ParseError::Damaged { format: "JSON file", reason })?,
    };
    let given = match values.as_slice() {
        [Value::Record(record)] => given(record),
        _ => Given::default(),
    };
    let mut walker = Walker { out: &mut builder, left: MOST_VALUES, cut: false };
    match values.as_slice() {
        [value] => walker.value("", value, 0),
        values => walker.records(values, 0),
    }
    if walker.cut {
        builder.warn(format!(
            "values nested deeper than {DEEPEST} levels, or over {MOST_VALUES} in number, are left out; split the file"
        ));
    }
    builder.finish(Format::Json, given)
}

/// The values of JSON lines; `None` if no line is one.
fn lines(source: &str, out: &mut Builder) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    let mut damaged = Vec::new();
    for (at, line) in source.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match read(line) {
            Ok(value) => values.push(value),
            Err(_) => damaged.push(at + 1),
        }
    }
    let records =
        values.iter().filter(|value| matches!(value, Value::Record(_) | Value::List(_))).count();
    if records == 0 || damaged.len() > values.len() {
        return None;
    }
    for line in damaged.iter().take(MOST_NAMED) {
        out.warn(format!("line {line} is damaged and left out"));
    }
    if damaged.len() > MOST_NAMED {
        out.warn(format!("{} more lines are damaged and left out", damaged.len() - MOST_NAMED));
    }
    Some(values)
}

/// What a single record says about itself.
fn given(record: &[(String, Value)]) -> Given {
    let field = |names: &[&str]| {
        let found = names.iter().find_map(|name| find(record, name)?.text());
        found.map(str::trim).filter(|text| !text.is_empty())
    };
    Given {
        title: field(&TITLES).filter(|title| width(title) <= 120).map(str::to_owned),
        published: DATES.iter().find_map(|name| first_date(find(record, name)?.text()?)),
        publisher: field(&SOURCES).filter(|name| width(name) <= 60).map(str::to_owned),
    }
}

fn find<'a>(record: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    record.iter().find(|(key, _)| is_one(key, &[name])).map(|(_, value)| value)
}

fn find_exact<'a>(record: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    record.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

impl Value {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

fn is_one(key: &str, names: &[&str]) -> bool {
    let key = key.trim().to_lowercase();
    names.contains(&key.as_str())
}

/// A value that is no object and no list, as it is shown; nothing for none.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) | Value::Word(text) => Some(text.trim().to_owned()),
        Value::Null => Some(String::new()),
        Value::List(_) | Value::Record(_) => None,
    }
}

/// Whether a value is short and stands alone: a cell's.
fn is_cell(value: &Value) -> bool {
    scalar(value).is_some_and(|text| width(&text) <= SHORT && !text.contains('\n'))
}

struct Walker<'b> {
    out: &'b mut Builder,
    left: usize,
    cut: bool,
}

impl Walker<'_> {
    /// Whether one more value may be read at this depth.
    fn may(&mut self, depth: usize) -> bool {
        if depth > DEEPEST || self.left == 0 {
            self.cut = true;
            return false;
        }
        self.left -= 1;
        true
    }

    fn value(&mut self, key: &str, value: &Value, depth: usize) {
        if !self.may(depth) {
            return;
        }
        match value {
            Value::Record(record) => self.record(record, depth),
            Value::List(values) => self.records(values, depth),
            Value::Text(text) if is_one(key, &TEXTS) || width(text) > SHORT => {
                self.text(text.trim());
            }
            value => {
                let text = scalar(value).unwrap_or_default();
                if text.is_empty() {
                    return;
                }
                let label = if key.is_empty() { String::new() } else { format!("{key}：") };
                self.out.paragraph(&(label + &text));
            }
        }
    }

    fn records(&mut self, values: &[Value], depth: usize) {
        if let Some(table) = self.table(values) {
            self.out.table(table);
            return;
        }
        for value in values {
            self.value("", value, depth + 1);
        }
    }

    /// A record: its title, its short values, then its texts and what it holds, in their order.
    fn record(&mut self, record: &[(String, Value)], depth: usize) {
        let title = TITLES.iter().find_map(|name| {
            let (key, value) = record.iter().find(|(key, _)| is_one(key, &[name]))?;
            let text = value.text()?.trim();
            (!text.is_empty() && width(text) <= 160 && !text.contains('\n')).then_some((key, text))
        });
        let level = depth.min(7) as u8 + 1;
        if let Some((_, title)) = title {
            self.out.heading(level, title);
        }
        let rest = || record.iter().filter(|(key, _)| title.is_none_or(|(name, _)| name != key));
        let small = |key: &str, value: &Value| is_cell(value) && !is_one(key, &TEXTS);
        for (key, value) in rest().filter(|(key, value)| small(key, value)) {
            self.value(key, value, depth + 1);
        }
        for (key, value) in rest().filter(|(key, value)| !small(key, value)) {
            if matches!(value, Value::Record(_) | Value::List(_)) && !is_empty(value) {
                // A record inside names itself.
                self.out.heading(level + u8::from(title.is_some()), key);
            }
            self.value(key, value, depth + 1);
        }
    }

    /// Records of short values as a table.
    fn table(&mut self, values: &[Value]) -> Option<TableDraft> {
        if values.len() < 2 || values.len() > self.left {
            return None;
        }
        let mut keys: Vec<&str> = Vec::new();
        for value in values {
            let Value::Record(record) = value else { return None };
            if record.is_empty() {
                return None;
            }
            for (key, value) in record {
                if !is_cell(value) {
                    return None;
                }
                if !keys.contains(&key.as_str()) {
                    keys.push(key);
                }
            }
            if keys.len() > MOST_COLUMNS {
                return None;
            }
        }
        let cell = |row: usize, column: usize, text: String| DraftCell {
            row: row as u32,
            column: column as u32,
            row_span: 1,
            column_span: 1,
            text,
        };
        let mut cells: Vec<DraftCell> =
            keys.iter().enumerate().map(|(at, key)| cell(0, at, (*key).to_owned())).collect();
        for (row, value) in values.iter().enumerate() {
            let Value::Record(record) = value else { return None };
            for (column, key) in keys.iter().enumerate() {
                let text = find_exact(record, key).and_then(scalar).unwrap_or_default();
                if !text.is_empty() {
                    cells.push(cell(row + 1, column, text));
                }
            }
        }
        self.left -= values.len();
        Some(TableDraft {
            rows: values.len() as u32 + 1,
            columns: keys.len() as u32,
            cells,
            header_rows: Some(1),
            ..TableDraft::default()
        })
    }

    /// A text in a string: HTML, Markdown or plain.
    fn text(&mut self, source: &str) {
        if looks_like_markdown(source) {
            markdown::blocks_of(source, self.out);
        } else {
            text::blocks_of(source, self.out);
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::List(values) => values.is_empty(),
        Value::Record(record) => record.is_empty(),
        _ => false,
    }
}

/// Whether a string is Markdown: headings, a table, pairs of asterisks.
fn looks_like_markdown(text: &str) -> bool {
    text.lines().any(|line| {
        line.starts_with("## ")
            || line.starts_with("# ")
            || line.starts_with("| --")
            || line.starts_with("|--")
            || line.starts_with("```")
    }) || text.matches("**").count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::BlockKind;

    fn outline(source: &str) -> Vec<String> {
        let document = parse("a.json", source.as_bytes()).unwrap();
        let show = |block: &crate::document::Block| {
            let kind = match &block.kind {
                BlockKind::Heading(level) => level.to_string(),
                BlockKind::Table(table) => format!("t{}x{}", table.rows, table.columns),
                BlockKind::Paragraph => "p".to_owned(),
                kind => format!("{kind:?}"),
            };
            format!("{kind} {}", block.text.replace(['\t', '\n'], "|"))
        };
        document.blocks.iter().map(show).collect()
    }

    #[test]
    fn a_record_is_an_article() {
        let source = r###"{"id": 7, "标题": "远山通信完成改造", "发布时间": "2023-05-04", "来源": "雪岭日报",
            "content": "<p>远山通信今天完成改造。</p><p>共十二座。</p>", "附": {"正文": "## 甲\n\n**乙**"}}"###;
        assert_eq!(
            outline(source),
            [
                "1 远山通信完成改造",
                "p id：7",
                "p 发布时间：2023-05-04",
                "p 来源：雪岭日报",
                "p 远山通信今天完成改造。",
                "p 共十二座。",
                "2 附",
                "2 甲",
                "p 乙",
            ]
        );
        let document = parse("a.json", source.as_bytes()).unwrap();
        assert_eq!(document.meta.title.as_deref(), Some("远山通信完成改造"));
        assert_eq!(document.meta.published.unwrap().to_string(), "2023-05-04");
        assert_eq!(document.meta.publisher.as_deref(), Some("雪岭日报"));
    }

    #[test]
    fn short_records_are_a_table_and_others_follow_each_other() {
        assert_eq!(
            outline(r#"[{"项目": "收入", "金额": 12.50}, {"项目": "利润", "增长": "5%"}]"#),
            ["t3x3 项目|金额|增长|收入|12.50|利润|5%"]
        );
        assert_eq!(
            outline(
                "{\"title\": \"甲\", \"text\": \"一。\\n二。\"}\n{\"title\": \"乙\", \"text\": \"三。\"}\n"
            ),
            ["2 甲", "p 一。", "p 二。", "2 乙", "p 三。"]
        );
        assert_eq!(
            outline(r#"{"data": {"列表": ["甲", "乙"]}}"#),
            ["1 data", "2 列表", "p 甲", "p 乙"]
        );
    }

    #[test]
    fn a_damaged_line_costs_that_line() {
        let document = parse("a.jsonl", "{\"a\":1}\n{\"a\":\n{\"a\":3}\n".as_bytes()).unwrap();
        assert_eq!(document.blocks[0].text, "a\n1\n3");
        assert_eq!(document.warnings[0].message, "line 2 is damaged and left out");
        assert!(matches!(parse("a.json", b"{\"a\": 1"), Err(ParseError::Damaged { .. })));
    }

    #[test]
    fn deep_and_empty_values_end() {
        let deep = "[".repeat(100) + "\"甲\"" + &"]".repeat(100);
        assert!(parse("a.json", deep.as_bytes()).unwrap().warnings.len() == 1);
        assert!(parse("a.json", "[".repeat(100_000).as_bytes()).is_err());
        assert_eq!(parse("a.json", b"{}"), Err(ParseError::NoText));
    }
}
