//! What stands in a line of Markdown beside Markdown: formulas, tags of a template.

use super::latex;

/// A tag of a template that is longer than this, in bytes, is text.
const LONGEST_TAG: usize = 2000;
/// A code span that is longer than this, in bytes, is text.
const LONGEST_CODE: usize = 10_000;

/// The line with each formula as the text it stands for and, in a text that is made for a
/// template, without the template's tags. What stands in backticks stays as it is.
pub(super) fn cleaned(line: &str, template: bool) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['`', '\\', '$', '{']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (shown, len) = match rest.as_bytes()[0] {
            b'`' => (None, code_span(rest)),
            b'{' if template => liquid(rest).map_or((None, 1), |len| (Some(String::new()), len)),
            b'{' => (None, 1),
            _ => match formula(rest) {
                Some((text, len)) => (Some(text), len),
                // A backslash escapes the character behind it.
                None if rest.starts_with("\\$") || rest.starts_with("\\\\") => (None, 2),
                None => (None, 1),
            },
        };
        match shown {
            Some(text) => escape(&text, &mut out),
            None => out.push_str(&rest[..len]),
        }
        rest = &rest[len..];
    }
    out.push_str(rest);
    out
}

/// The length of the code span that a text begins with, or of its backticks if it never closes.
fn code_span(rest: &str) -> usize {
    let rest = beginning(rest, LONGEST_CODE);
    let ticks = rest.len() - rest.trim_start_matches('`').len();
    let mut at = ticks;
    while let Some(next) = rest[at..].find('`') {
        at += next;
        let run = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        at += run;
        if run == ticks {
            return at;
        }
    }
    ticks
}

/// The length of the tag `{% … %}` or `{{ … }}` that a text begins with.
fn liquid(rest: &str) -> Option<usize> {
    let close = if rest.starts_with("{%") {
        "%}"
    } else if rest.starts_with("{{") {
        "}}"
    } else {
        return None;
    };
    Some(beginning(&rest[2..], LONGEST_TAG).find(close)? + 4)
}

/// At most the first `most` bytes of a text: searches are bounded.
fn beginning(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// The formula that a text begins with, as text, and its length.
fn formula(rest: &str) -> Option<(String, usize)> {
    const DELIMITERS: [(&str, &str); 4] =
        [(r"\(", r"\)"), (r"\[", r"\]"), ("$$", "$$"), ("$", "$")];
    let (open, close) = DELIMITERS.iter().find(|(open, _)| rest.starts_with(open))?;
    let inner = beginning(&rest[open.len()..], latex::LONGEST);
    let mut end = inner.find(close)?;
    // `\$` and `\\)` do not close.
    while inner[..end].ends_with('\\') {
        end += close.len() + inner[end + close.len()..].find(close)?;
    }
    let inner = &inner[..end];
    // Two amounts of dollars are no formula, and neither is an escaped bracket in a sentence.
    let marked = inner.contains(['\\', '{', '^', '_']);
    let short = *open == r"\(" && !inner.is_empty() && inner.len() < 40;
    if !(marked || short && inner.starts_with(' ') && inner.ends_with(' ')) {
        return None;
    }
    Some((latex::shown(inner)?, open.len() + end + close.len()))
}

/// Puts a text into Markdown so that it is read as it is.
fn escape(text: &str, out: &mut String) {
    for ch in text.chars() {
        if ch.is_ascii_punctuation() && !matches!(ch, '.' | ',' | '%' | '/' | '(' | ')' | ':') {
            out.push('\\');
        }
        out.push(ch);
    }
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn formulas_tags_and_what_only_looks_like_them() {
        let cases = [
            (r"增长 \( {8.3}\% \) 左右", "增长 8.3% 左右"),
            (r"占比 $ {12}\% $，$5\mathrm{G}$ 用户", "占比 12%，5G 用户"),
            (r"EBITDA \( {}^{1} \) 为", "EBITDA ¹ 为"),
            (r"编号 \( 1 - 4 \) 层", r"编号 1\-4 层"),
            (r"符合 \( {\# \# }\# \) 的", r"符合 \#\#\# 的"),
            ("花了 $5 和 $6", "花了 $5 和 $6"),
            (r"转义\(括号\)不是公式", r"转义\(括号\)不是公式"),
            (r"`\( x^2 \)` 是代码", r"`\( x^2 \)` 是代码"),
            (r"\( \unknown{x} \)", r"\( \unknown{x} \)"),
            ("花 \\$5^ 和 $", "花 \\$5^ 和 $"),
            ("{% include a.html %}甲{{ site.url }}乙", "{% include a.html %}甲{{ site.url }}乙"),
        ];
        for (line, expected) in cases {
            assert_eq!(cleaned(line, false), expected);
        }
        assert_eq!(
            cleaned("{% include a.html %}甲{{ site.url }}乙{% 没有结尾", true),
            "甲乙{% 没有结尾"
        );
    }
}
