//! Fields (ISO/IEC 29500-1, 17.16): of each, its result is text and its instruction is not.
//!
//! A field may begin in one paragraph and end in another. An instruction that does not end in its
//! paragraph is given up there, so that a field without an end cannot swallow the text.

use crate::ooxml::number::circled;
use crate::ooxml::symbol::symbol;

/// An instruction is kept up to this length, in bytes.
const LONGEST: usize = 4000;
/// Fields inside fields are followed this deep.
const DEEPEST: usize = 100;

/// A field that has begun.
#[derive(Debug, Default)]
struct Field {
    instruction: String,
    /// The first word of the instruction, once the result has begun.
    name: String,
    /// Whether its result has begun.
    result: bool,
    /// What a form shows in its place.
    form: Option<String>,
}

/// The fields that are open, the outermost first.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    open: Vec<Field>,
    /// Fields beyond the deepest that are open.
    skipped: usize,
}

impl Fields {
    /// A field begins; `form` is what a form's field shows.
    pub(crate) fn begin(&mut self, form: Option<String>) {
        if self.open.len() >= DEEPEST {
            self.skipped += 1;
        } else {
            self.open.push(Field { form, ..Field::default() });
        }
    }

    /// A piece of the instruction of the field that is open.
    pub(crate) fn instruct(&mut self, text: &str) {
        if let Some(field) = self.open.last_mut()
            && !field.result
            && field.instruction.len() + text.len() <= LONGEST
        {
            field.instruction.push_str(text);
        }
    }

    /// The result of the field begins. Gives the first word of its instruction.
    pub(crate) fn separate(&mut self) -> Option<String> {
        let field = self.open.last_mut().filter(|_| self.skipped == 0)?;
        field.result = true;
        field.name = first_word(&field.instruction);
        Some(field.name.clone())
    }

    /// The field ends. Gives what it shows if it has no result of its own.
    pub(crate) fn end(&mut self) -> Option<String> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return None;
        }
        let field = self.open.pop()?;
        field.form.or_else(|| (!field.result).then(|| shown(&field.instruction)).flatten())
    }

    /// Whether text that comes now is shown.
    pub(crate) fn visible(&self) -> bool {
        self.open.iter().all(|field| field.result)
    }

    /// Whether the result of a field of this name is open.
    pub(crate) fn inside(&self, name: &str) -> bool {
        self.open.iter().any(|field| field.result && field.name == name)
    }

    /// The end of a paragraph: instructions do not go on behind it.
    pub(crate) fn end_paragraph(&mut self) {
        self.open.retain(|field| field.result);
        self.skipped = 0;
    }

    /// Ends the fields of this name, whose end should have come.
    pub(crate) fn close(&mut self, name: &str) {
        self.open.retain(|field| field.name != name);
    }
}

/// The name of a field.
fn first_word(instruction: &str) -> String {
    instruction.split_whitespace().next().unwrap_or_default().to_ascii_uppercase()
}

/// What a field shows that Word draws from its instruction alone.
fn shown(instruction: &str) -> Option<String> {
    let mut words = instruction.split_whitespace();
    match first_word(instruction).as_str() {
        "EQ" => overstruck(instruction),
        "MACROBUTTON" => {
            let rest = words.skip(2).collect::<Vec<_>>().join(" ");
            Some(rest).filter(|rest| !rest.is_empty())
        }
        "SYMBOL" => {
            let code = words.nth(1)?;
            let code = match code.strip_prefix("0x") {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => code.parse().ok()?,
            };
            let font = instruction.split("\\f").nth(1).unwrap_or_default().trim_start();
            let font = match font.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next(),
                None => font.split_whitespace().next(),
            };
            symbol(font.unwrap_or_default(), code).map(String::from)
        }
        _ => None,
    }
}

/// `EQ \o\ac(○,1)` draws a character in a circle, `EQ \o\ad(\s\up 9(pin),拼)` one with its
/// reading above it: the last argument is the text.
fn overstruck(instruction: &str) -> Option<String> {
    let rest = &instruction[instruction.find("\\o")?..];
    let inner = rest[rest.find('(')? + 1..].trim_end().strip_suffix(')')?;
    let (first, last) = inner.rsplit_once([',', ';', '，'])?;
    let last = last.trim();
    if matches!(first.trim(), "○" | "〇" | "◯")
        && let Ok(number @ 0..=50) = last.parse()
    {
        return Some(circled(number));
    }
    Some(last.to_owned()).filter(|text| !text.is_empty() && !text.contains('\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fields_show_without_a_result() {
        let cases = [
            ("EQ \\o\\ac(○,3)", Some("③")),
            ("eq \\o\\ac(○,甲)", Some("甲")),
            ("EQ \\* jc2 \\o\\ad(\\s\\up 9(yuan),远)", Some("远")),
            (" SYMBOL 254 \\f \"Wingdings\" \\s 12 ", Some("☑")),
            ("MACROBUTTON NoMacro 点此填写", Some("点此填写")),
            ("XE \"远山\"", None),
            ("EQ \\f(1,2)", None),
        ];
        for (instruction, expected) in cases {
            let mut fields = Fields::default();
            fields.begin(None);
            fields.instruct(instruction);
            assert_eq!(fields.end().as_deref(), expected, "{instruction}");
        }
    }

    #[test]
    fn text_is_shown_in_results_alone() {
        let mut fields = Fields::default();
        assert!(fields.visible());
        fields.begin(None);
        fields.instruct("TOC \\o");
        assert!(!fields.visible());
        fields.separate();
        assert!(fields.visible() && fields.inside("TOC"));
        fields.begin(None);
        assert!(!fields.visible());
        fields.end_paragraph();
        assert!(fields.visible() && fields.inside("TOC"));
        fields.end();
        assert!(!fields.inside("TOC"));
        assert_eq!(fields.end(), None);
    }
}
