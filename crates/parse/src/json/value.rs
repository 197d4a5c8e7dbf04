//! JSON values as they are written: fields in their order, numbers digit for digit.
//!
//! `serde_json` sorts the fields and makes numbers of the digits (`12.50` becomes 12.5); a
//! document's text is the source's. The grammar is that of RFC 8259; strings are left to
//! `serde_json`.

/// Values nested deeper than this are refused.
const DEEPEST: usize = 128;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    /// A number, `true` or `false`, as it is written.
    Word(String),
    Text(String),
    List(Vec<Value>),
    Record(Vec<(String, Value)>),
}

/// A text's value, or why it is not read: that it is nested too deep, or the line with an error.
pub(super) fn read(source: &str) -> Result<Value, String> {
    let mut reader = Reader { source, at: 0, too_deep: false };
    let value = reader.value(0);
    let value = value.and_then(|value| reader.end().map(|()| value));
    value.ok_or_else(|| {
        if reader.too_deep {
            return format!("values are nested more than {DEEPEST} deep");
        }
        let line = source.as_bytes()[..reader.at.min(source.len())]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        format!("line {} is no JSON", line + 1)
    })
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    too_deep: bool,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.source[self.at..]
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{FEFF}']).len();
        self.source.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        let found = self.peek()? == byte;
        self.at += usize::from(found);
        found.then_some(())
    }

    fn end(&mut self) -> Option<()> {
        self.peek().is_none().then_some(())
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            self.too_deep = true;
            return None;
        }
        match self.peek()? {
            b'{' => self.record(depth),
            b'[' => self.list(depth),
            b'"' => Some(Value::Text(self.text()?)),
            _ => self.word(),
        }
    }

    fn record(&mut self, depth: usize) -> Option<Value> {
        self.take(b'{')?;
        let mut fields = Vec::new();
        while self.peek()? != b'}' {
            if !fields.is_empty() {
                self.take(b',')?;
            }
            self.peek()?;
            let key = self.text()?;
            self.take(b':')?;
            fields.push((key, self.value(depth + 1)?));
        }
        self.take(b'}')?;
        Some(Value::Record(fields))
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.take(b'[')?;
        let mut values = Vec::new();
        while self.peek()? != b']' {
            if !values.is_empty() {
                self.take(b',')?;
            }
            values.push(self.value(depth + 1)?);
        }
        self.take(b']')?;
        Some(Value::List(values))
    }

    fn text(&mut self) -> Option<String> {
        let bytes = self.rest().as_bytes();
        if bytes.first() != Some(&b'"') {
            return None;
        }
        let mut end = 1;
        loop {
            end += memchr::memchr2(b'"', b'\\', bytes.get(end..)?)?;
            if bytes[end] == b'"' {
                break;
            }
            end += 2;
        }
        let quoted = self.rest().get(..=end)?;
        // A half of a character in `\uD83D` alone, or a line end as it is: kept as far as it goes.
        let text = serde_json::from_str(quoted).unwrap_or_else(|_| lenient(quoted));
        self.at += end + 1;
        Some(text)
    }

    fn word(&mut self) -> Option<Value> {
        let rest = self.rest();
        let end = rest.find([',', ']', '}', ' ', '\t', '\n', '\r', ':']).unwrap_or(rest.len());
        let word = rest[..end].to_owned();
        let number = || {
            word.starts_with(|ch: char| ch.is_ascii_digit() || ch == '-')
                && word.parse::<f64>().is_ok()
        };
        let value = match word.as_str() {
            "null" => Value::Null,
            "true" | "false" => Value::Word(word),
            _ if number() => Value::Word(word),
            _ => return None,
        };
        self.at += end;
        Some(value)
    }
}

/// A string that is no JSON: its escapes stay as they are written, save the simple ones.
fn lenient(quoted: &str) -> String {
    let inner = quoted.get(1..quoted.len() - 1).unwrap_or_default();
    inner.replace("\\n", "\n").replace("\\t", "\t").replace("\\\"", "\"").replace("\\/", "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_they_are_written() {
        let word = |text: &str| Value::Word(text.to_owned());
        assert_eq!(
            read(" {\"b\": 12.50, \"a\": [true, null, \"\\u7532\\\"\\n\"] } "),
            Ok(Value::Record(vec![
                ("b".to_owned(), word("12.50")),
                (
                    "a".to_owned(),
                    Value::List(vec![word("true"), Value::Null, Value::Text("甲\"\n".to_owned())])
                ),
            ]))
        );
        assert_eq!(read("-1e5"), Ok(word("-1e5")));
        assert_eq!(read("\"甲\n\\uD83D\""), Ok(Value::Text("甲\n\\uD83D".to_owned())));
        for source in
            ["", "{", "{\"a\"}", "[1,]", "[,1]", "{\"a\":1,}", "nan", "1 2", "\"a", "\"\\", "{1:2}"]
        {
            assert!(read(source).is_err(), "{source}");
        }
        assert_eq!(read("[\n1,\n2 3]"), Err("line 3 is no JSON".to_owned()));
        let deep = read(&"[".repeat(DEEPEST + 2)).expect_err("too deep");
        assert!(deep.contains("nested"), "{deep}");
        assert!(read(&"[".repeat(100_000)).is_err());
    }
}
