//! A conversation: questions that leave out what was said before.

use super::KnowledgeBase;
use crate::answer::{Answer, AskOptions};
use crate::error::Result;

/// The questions that were asked so far. Only the last few can matter, and only those are kept.
#[derive(Debug, Clone, Default)]
pub struct Conversation {
    questions: Vec<String>,
}

/// More questions before are not looked at.
const MOST: usize = 8;

impl Conversation {
    /// Answers the next question. Also gives the question that was answered, if what it leaves out
    /// was taken from those before.
    pub fn ask(
        &mut self,
        kb: &KnowledgeBase,
        question: &str,
        options: &AskOptions,
    ) -> Result<(Option<String>, Answer)> {
        let before: Vec<&str> = self.questions.iter().map(String::as_str).collect();
        let completed = kb.understand_after(&before, question)?;
        let asked = completed.as_deref().unwrap_or(question);
        let answer = kb.ask(asked, options)?;
        self.questions.push(asked.to_owned());
        let surplus = self.questions.len().saturating_sub(MOST);
        self.questions.drain(..surplus);
        Ok((completed, answer))
    }
}
