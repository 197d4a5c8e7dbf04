//! Questions that one may ask next: only such as the documents answer, and differently.
//!
//! A few are made of the question itself: the same a year earlier and later, and the reason for a
//! figure. Each is asked, so that one costs as much as any question; what is not found, or gives
//! the same text again, is left out.

use super::KnowledgeBase;
use crate::answer::{Answer, AnswerBlock, AskOptions};
use crate::error::Result;
use crate::query::{Asks, Query};
use crate::text::number::When;

/// Asks for the reason of what was asked before.
const REASON: &str = "原因是什么？";

/// A question that may follow another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// As one would ask it, leaving out what was said.
    pub question: String,
    /// The same completed.
    pub completed: String,
}

impl KnowledgeBase {
    /// What may be asked after a question, of which `before` came before it.
    pub fn follow_ups(
        &self,
        before: &[&str],
        question: &str,
        options: &AskOptions,
    ) -> Result<Vec<FollowUp>> {
        let asked = self.understand_after(before, question)?;
        let asked = asked.as_deref().unwrap_or(question);
        let candidates = candidates(&self.understand(asked, options)?);
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        let mut told = vec![self.ask(asked, options)?.blocks];
        let mut out = Vec::new();
        for candidate in candidates {
            let Some(completed) = self.understand_after(&[asked], &candidate)? else { continue };
            let answer = self.ask(&completed, options)?;
            if answer.found && is_new(&answer, &told) {
                told.push(answer.blocks);
                out.push(FollowUp { question: candidate, completed });
            }
        }
        Ok(out)
    }
}

fn is_new(answer: &Answer, told: &[Vec<AnswerBlock>]) -> bool {
    let texts = |blocks: &[AnswerBlock]| -> Vec<String> {
        blocks.iter().map(|block| block.text.clone()).collect()
    };
    let own = texts(&answer.blocks);
    told.iter().all(|blocks| texts(blocks) != own)
}

/// What to try, the likeliest first.
fn candidates(query: &Query) -> Vec<String> {
    let mut out = Vec::new();
    if let [When { year: Some(year), .. }] = query.periods[..] {
        let same = |year: u16| format!("{}呢？", When { year: Some(year), ..query.periods[0] });
        out.extend([year.saturating_sub(1), year.saturating_add(1)].map(same));
    }
    if query.asks == Asks::Number {
        out.push(REASON.to_owned());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::understand;

    #[test]
    fn the_years_beside_the_one_asked_for_and_the_reason_of_a_figure() {
        for (question, expected) in [
            ("2022年的宽带用户有多少？", &["2021年呢？", "2023年呢？", REASON][..]),
            ("2022年第一季度开展了哪些活动？", &["2021年第1季度呢？", "2023年第1季度呢？"]),
            ("云帆平台是什么？", &[]),
            ("2021年和2022年的宽带用户分别有多少？", &[REASON]),
        ] {
            assert_eq!(candidates(&understand(question)), expected, "{question}");
        }
    }
}
