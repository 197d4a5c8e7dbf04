//! What the score of each passage and the confidence of an answer are made of.

use std::io::Write;

use serde::Serialize;
use utoipa::ToSchema;
use yuanwen_engine::answer::Answer;
use yuanwen_engine::retrieve::Ranked;

use crate::output::plain;

/// So many passages are explained.
const PASSAGES: usize = 5;
/// So much of a passage is shown beside its score.
const SHOWN: usize = 24;

/// Scores taken apart.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Explained {
    passages: Vec<Scored>,
    /// What speaks for and against the answer, which the confidence weighs.
    evidence: Vec<Figure>,
    confidence: f32,
}

#[derive(Debug, Serialize, ToSchema)]
struct Scored {
    doc: String,
    page: Option<u32>,
    text: String,
    score: f64,
    signals: Vec<Signal>,
}

/// A signal: its value times its weight is what it contributes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Signal {
    name: &'static str,
    value: f64,
    weight: f64,
    contribution: f64,
}

#[derive(Debug, Serialize, ToSchema)]
struct Figure {
    name: &'static str,
    value: f64,
}

impl Explained {
    pub(crate) fn new(answer: &Answer) -> Self {
        let figure = |(name, value)| Figure { name, value };
        Self {
            passages: answer.passages.iter().take(PASSAGES).map(scored).collect(),
            evidence: answer.evidence.named().into_iter().map(figure).collect(),
            confidence: answer.confidence,
        }
    }

    /// Prints a table of the passages, one column each, and the evidence.
    pub(crate) fn print(&self, out: &mut impl Write) -> anyhow::Result<()> {
        writeln!(out)?;
        for (at, passage) in self.passages.iter().enumerate() {
            let page = passage.page.map(|page| format!(" p. {page}")).unwrap_or_default();
            let text = plain(&passage.text).replace(['\n', '\t'], " ");
            writeln!(out, "[{}] {}{page}: {text}", at + 1, plain(&passage.doc))?;
        }
        let heads: Vec<String> =
            (1..=self.passages.len()).map(|at| format!("{:>15}", format!("[{at}]"))).collect();
        writeln!(out, "{:<13}{:>6}{}", "signal", "weight", heads.concat())?;
        let rows = self.passages.first().map_or(0, |passage| passage.signals.len());
        for row in 0..rows {
            let own = self.passages.iter().filter_map(|passage| passage.signals.get(row));
            let cells: Vec<&Signal> = own.collect();
            let Some(Signal { name, weight, .. }) = cells.first() else { continue };
            let cell = |one: &&Signal| format!("{:>7.3} ={:>6.3}", one.value, one.contribution);
            let cells: Vec<String> = cells.iter().map(cell).collect();
            writeln!(out, "{name:<13}{weight:>6.2}{}", cells.concat())?;
        }
        let sums: Vec<String> =
            self.passages.iter().map(|passage| format!("{:>15.3}", passage.score)).collect();
        writeln!(out, "{:<19}{}", "sum", sums.concat())?;
        let figures = self.evidence.iter().map(|one| format!("{} {:.2}", one.name, one.value));
        let figures: Vec<String> = figures.collect();
        writeln!(out, "confidence {:.3} from: {}", self.confidence, figures.join(", "))?;
        Ok(())
    }
}

fn scored(ranked: &Ranked) -> Scored {
    let passage = &ranked.stored.passage;
    Scored {
        doc: ranked.stored.name.to_string(),
        page: passage.page,
        text: passage.text.chars().take(SHOWN).collect(),
        score: ranked.score,
        signals: signals(ranked),
    }
}

/// What the score of a passage is made of.
pub(crate) fn signals(ranked: &Ranked) -> Vec<Signal> {
    let signal = |(name, value, weight): (&'static str, f64, f64)| Signal {
        name,
        value,
        weight,
        contribution: value * weight,
    };
    ranked.signals.weighed(&ranked.weights).into_iter().map(signal).collect()
}
