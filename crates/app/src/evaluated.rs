//! Labelled questions, answered for a score.

use std::collections::HashMap;

use anyhow::Context;
use yuanwen_engine::answer::{Answer, AskOptions};
use yuanwen_engine::eval::{Answered, Block, Id, Question};
use yuanwen_engine::kb::KnowledgeBase;

use crate::answer::rounded;

/// Answers questions.
pub(crate) fn ask(
    kb: &KnowledgeBase,
    labelled: Vec<&Question>,
    with_evidence: bool,
    options: &AskOptions,
) -> anyhow::Result<HashMap<Id, Answered>> {
    let texts: Vec<&str> = labelled.iter().map(|question| question.question.as_str()).collect();
    let options = AskOptions { companions: with_evidence, ..*options };
    let answers = kb.batch(&texts, &options);
    let answered = labelled.iter().zip(answers).map(|(question, answer)| {
        let answer = answer.with_context(|| format!("question {}", question.id))?;
        Ok((question.id, answered(question.id, &answer, with_evidence)))
    });
    answered.collect()
}

/// Whatever people said of earlier answers, as the command line asks.
pub(crate) fn unrated() -> AskOptions {
    AskOptions { rated: false, ..AskOptions::default() }
}

/// An answer as a record; with what it is made of where that is to be learned from.
fn answered(id: Id, answer: &Answer, with_evidence: bool) -> Answered {
    let texts: Vec<&str> = answer.blocks.iter().map(|block| block.text.as_str()).collect();
    let block =
        |doc: &str, page, text: &str| Block { doc: doc.to_owned(), page, text: text.to_owned() };
    Answered {
        id,
        found: answer.found,
        confidence: Some(rounded(f64::from(answer.confidence))),
        evidence: answer
            .evidence
            .named()
            .into_iter()
            .filter(|_| with_evidence)
            .map(|(name, value)| (name.to_owned(), rounded(value)))
            .collect(),
        companions: answer.companions.clone(),
        answer: texts.join("\n"),
        blocks: answer
            .blocks
            .iter()
            .map(|found| block(&found.name, found.page, &found.text))
            .collect(),
        passages: answer
            .passages
            .iter()
            .map(|ranked| &ranked.stored)
            .map(|stored| block(&stored.name, stored.passage.page, &stored.passage.text))
            .collect(),
    }
}
