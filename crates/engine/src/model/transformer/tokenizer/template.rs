//! Which marks stand around one text, or two.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Encoding, kind};

/// Marks that a vocabulary has even where no list of them is given.
pub(super) const USUAL_MARKS: [&str; 2] = ["[CLS]", "[SEP]"];

/// The sequences of marks and texts.
#[derive(Debug)]
pub(super) struct Template {
    single: Vec<Part>,
    pair: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Mark { id: u32, belongs: u32 },
    One { belongs: u32 },
    Other { belongs: u32 },
}

impl Template {
    pub(super) fn new(value: &Value, marks: &BTreeMap<String, u32>) -> Result<Self, String> {
        match kind(value) {
            "Sequence" => {
                let all = value.get("processors").and_then(Value::as_array);
                let mut all = all.into_iter().flatten();
                let last = all.rfind(|part| kind(part) != "ByteLevel");
                Self::new(last.unwrap_or(&Value::Null), marks)
            }
            "TemplateProcessing" => {
                let part = |part: &Value| part_of(part, value, marks);
                let parts = |name: &str| {
                    let parts = value.get(name).and_then(Value::as_array);
                    parts.into_iter().flatten().map(part).collect::<Result<Vec<_>, _>>()
                };
                Ok(Self { single: parts("single")?, pair: parts("pair")? })
            }
            kind @ ("BertProcessing" | "RobertaProcessing") => {
                let id = |name: &str| value.get(name)?.get(1)?.as_u64().map(|id| id as u32);
                let ends = id("cls").zip(id("sep")).ok_or("its marks have no numbers")?;
                Ok(Self::around(ends, kind == "BertProcessing"))
            }
            other => Err(format!("the post-processor {other} is not supported")),
        }
    }

    /// `[CLS] one [SEP] other [SEP]`, or `<s> one </s></s> other </s>`.
    fn around((cls, sep): (u32, u32), is_bert: bool) -> Self {
        let mark = |id, belongs| Part::Mark { id, belongs };
        let single = vec![mark(cls, 0), Part::One { belongs: 0 }, mark(sep, 0)];
        let second = u32::from(is_bert);
        let mut pair = single.clone();
        pair.extend((!is_bert).then_some(mark(sep, 0)));
        pair.extend([Part::Other { belongs: second }, mark(sep, second)]);
        Self { single, pair }
    }

    /// How many marks there are.
    pub(super) fn marks(&self, pair: bool) -> usize {
        let parts = if pair { &self.pair } else { &self.single };
        parts.iter().filter(|part| matches!(part, Part::Mark { .. })).count()
    }

    pub(super) fn fill(&self, one: &[u32], other: Option<&[u32]>) -> Encoding {
        let parts = if other.is_some() { &self.pair } else { &self.single };
        let mut out = Encoding::default();
        for part in parts {
            let (ids, belongs) = match part {
                Part::Mark { id, belongs } => (std::slice::from_ref(id), *belongs),
                Part::One { belongs } => (one, *belongs),
                Part::Other { belongs } => (other.unwrap_or_default(), *belongs),
            };
            out.ids.extend_from_slice(ids);
            out.types.resize(out.ids.len(), belongs);
        }
        out
    }
}

/// A part of a template, whose marks are named; their numbers stand beside it or in the list of
/// the file.
fn part_of(part: &Value, processor: &Value, marks: &BTreeMap<String, u32>) -> Result<Part, String> {
    let belongs = |of: &Value| of.get("type_id").and_then(Value::as_u64).unwrap_or(0) as u32;
    if let Some(sequence) = part.get("Sequence") {
        let belongs = belongs(sequence);
        let is_first = sequence.get("id").and_then(Value::as_str) != Some("B");
        return Ok(if is_first { Part::One { belongs } } else { Part::Other { belongs } });
    }
    let mark = part.get("SpecialToken").ok_or("its template has an unknown part")?;
    let name = mark.get("id").and_then(Value::as_str).unwrap_or_default();
    let own = || processor.get("special_tokens")?.get(name)?.get("ids")?.get(0)?.as_u64();
    let id = own().map(|id| id as u32).or_else(|| marks.get(name).copied());
    let id = id.ok_or_else(|| format!("its template names the unknown mark {name}"))?;
    Ok(Part::Mark { id, belongs: belongs(mark) })
}
