//! Formulas (Office Math Markup) on one line, in the order in which they are read aloud.
//!
//! Signs that a structure stands for are written out: `/` between the parts of a fraction, `^`
//! and `_` before a raised or lowered part, the brackets of a delimiter, `√`.

use super::xml::{Element, Ns};

/// A formula on one line.
pub(crate) fn linear(formula: Element<'_>) -> String {
    let mut out = String::new();
    write(formula, &mut out);
    out
}

fn write(element: Element<'_>, out: &mut String) {
    for child in element.children() {
        match child.kind() {
            (_, "t") => out.push_str(&child.text()),
            (Ns::Math, "f") => {
                part(child, "num", out);
                out.push('/');
                part(child, "den", out);
            }
            (Ns::Math, "sSup" | "sSub" | "sSubSup" | "nary") => scripted(child, out),
            (Ns::Math, "rad") => {
                out.push('√');
                part(child, "e", out);
            }
            (Ns::Math, "d") => delimited(child, out),
            (Ns::Word | Ns::Math, "del" | "rPr" | "ctrlPr") => {}
            (_, name) if name.ends_with("Pr") => {}
            _ => write(child, out),
        }
    }
}

/// A part of a structure, in brackets if it is more than a word or a number.
fn part(element: Element<'_>, name: &str, out: &mut String) {
    let Some(inner) = element.child(name) else { return };
    let text = linear(inner);
    let simple = text.chars().all(|ch| ch.is_alphanumeric() || ch == '.' || ch == '%');
    if simple {
        out.push_str(&text);
    } else {
        out.push('(');
        out.push_str(&text);
        out.push(')');
    }
}

fn scripted(element: Element<'_>, out: &mut String) {
    let nary = element.name() == "nary";
    if nary {
        let sign = element.path(&["naryPr", "chr"]).and_then(Element::val);
        out.push_str(sign.as_deref().unwrap_or("∫"));
    } else if let Some(base) = element.child("e") {
        write(base, out);
    }
    for (name, sign) in [("sub", '_'), ("sup", '^')] {
        if element.child(name).is_some_and(|inner| !linear(inner).is_empty()) {
            out.push(sign);
            part(element, name, out);
        }
    }
    if nary && let Some(base) = element.child("e") {
        write(base, out);
    }
}

fn delimited(element: Element<'_>, out: &mut String) {
    let sign = |name: &str, usual: &str| {
        let given = element.path(&["dPr", name]).map(|each| each.val().unwrap_or_default());
        given.map_or_else(|| usual.to_owned(), |given| given.into_owned())
    };
    out.push_str(&sign("begChr", "("));
    for (at, inner) in element.all("e").enumerate() {
        if at > 0 {
            out.push_str(&sign("sepChr", "|"));
        }
        write(inner, out);
    }
    out.push_str(&sign("endChr", ")"));
}

#[cfg(test)]
mod tests {
    use super::super::xml::Tree;
    use super::*;

    #[test]
    fn formulas_on_one_line() {
        let run = |text: &str| format!("<m:r><m:rPr/><m:t>{text}</m:t></m:r>");
        let cases = [
            (run("x=1"), "x=1"),
            (
                format!("<m:f><m:num>{}</m:num><m:den>{}</m:den></m:f>", run("a+b"), run("c")),
                "(a+b)/c",
            ),
            (format!("<m:sSup><m:e>{}</m:e><m:sup>{}</m:sup></m:sSup>", run("x"), run("2")), "x^2"),
            (
                format!(
                    "<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub>{}</m:sub><m:sup/>\
                     <m:e>{}</m:e></m:nary>",
                    run("i=1"),
                    run("x")
                ),
                "∑_(i=1)x",
            ),
            (format!("<m:d><m:e>{}</m:e></m:d>", run("x")), "(x)"),
            (
                format!(
                    "<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=''/></m:dPr><m:e>{}</m:e></m:d>",
                    run("x")
                ),
                "[x",
            ),
        ];
        for (inner, expected) in cases {
            let xml = format!(
                "<m:oMath xmlns:m='http://purl.oclc.org/ooxml/officeDocument/math'>{inner}</m:oMath>"
            );
            let tree = Tree::parse(xml.as_bytes()).unwrap();
            assert_eq!(linear(tree.root().unwrap()), expected);
        }
    }
}
