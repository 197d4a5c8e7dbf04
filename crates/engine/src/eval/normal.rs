//! Text as the two sides are compared: see [`normalise`].
//!
//! Where Python's classes of characters differ from Rust's, Python's hold.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// LaTeX residue out, NFKC, then white space, zero-width spaces and table bars out.
pub(super) fn normalise(text: &str) -> String {
    strip_latex(text)
        .nfkc()
        .filter(|c| !is_space(*c) && !matches!(c, '\u{200b}' | '\u{feff}' | '|'))
        .collect()
}

/// Removes what converters leave of formulas: font commands, brackets, thin spaces, `<br>`.
fn strip_latex(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let removed = residue(rest);
        if removed == 0 {
            kept.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            rest = &rest[removed..];
        }
    }
    kept
}

/// How many bytes at the start of `text` are residue.
fn residue(text: &str) -> usize {
    const COMMANDS: [&str; 5] = ["mathrm", "text", "mathbf", "left", "right"];
    if text.starts_with(['{', '}']) {
        return 1;
    }
    if let Some(after) = text.strip_prefix('\\') {
        for command in COMMANDS {
            let Some(next) = after.strip_prefix(command) else { continue };
            if !next.starts_with(is_word) {
                return 1 + command.len();
            }
        }
        return match after.chars().next() {
            Some('(' | ')' | '[' | ']' | ',' | ';' | '!' | ' ') => 2,
            Some('%') => 1,
            _ => 0,
        };
    }
    if let Some(after) = text.strip_prefix("<br") {
        let after = after.trim_start_matches(is_space);
        let after = after.strip_prefix('/').unwrap_or(after);
        if let Some(end) = after.strip_prefix('>') {
            return text.len() - end.len();
        }
    }
    0
}

/// Python's `\s`: Unicode white space and the four ASCII separators.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Python's `\w`: letters, what has a numeric value, and the underscore. Rust's alphanumerics
/// also hold vowel signs and letters in circles and squares.
fn is_word(c: char) -> bool {
    let enclosed =
        matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f189}') && !c.is_numeric();
    c == '_' || (c.is_alphanumeric() && !is_combining_mark(c) && !enclosed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises_as_the_script_does() {
        let cases = [
            ("８．３％", "8.3%"),
            (r"增长 \(8.3\%\)", "增长8.3%"),
            (r"\mathrm{亿}\,元", "亿元"),
            (r"\text{a}b", "ab"),
            // A command that runs on into a word, Chinese included, is not one.
            (r"\textbf{a}", r"\textbfa"),
            (r"\text元", r"\text元"),
            (r"\left[1\right]", "[1]"),
            (r"\text" /* at the end */, ""),
            ("a<br>b<br />c<br/ >d", "abc<br/>d"),
            ("一 二\u{3000}三\u{200b}四\u{feff}五|六\u{1c}七\u{85}八", "一二三四五六七八"),
            (r"a\b", r"a\b"),
            ("㎡", "m2"),
        ];
        for (raw, expected) in cases {
            assert_eq!(normalise(raw), expected, "{raw:?}");
        }
    }
}
