//! A question to a knowledge base, as the command line and the service ask it.

use yuanwen_engine::answer::{Answer, AskOptions};
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_parse::Date;

use crate::answer::Answered;
use crate::explained::Explained;
use crate::layout;

/// How many passages are given where nobody said, and how many a language model sees at least.
pub(crate) const TOP: usize = 10;

/// A question with all that was said about it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asking {
    pub(crate) question: String,
    /// The questions before it, the latest last.
    pub(crate) before: Vec<String>,
    /// How many passages to give; `None` for [`TOP`].
    pub(crate) top: Option<usize>,
    /// The date that 去年, 本季度 and the like are counted from.
    pub(crate) as_of: Option<Date>,
    /// Whether to say what scores are made of.
    pub(crate) explain: bool,
    /// Whether to lay the answer and its passages out, for a page that shows them.
    pub(crate) layout: bool,
    /// Whether a language model will see what was found.
    pub(crate) for_llm: bool,
}

/// What came of it.
pub(crate) struct Found {
    /// What the engine found.
    pub(crate) found: Answer,
    /// The same as programs and people read it.
    pub(crate) answered: Answered,
}

impl Asking {
    /// Asks.
    pub(crate) fn ask(&self, kb: &KnowledgeBase) -> yuanwen_engine::Result<Found> {
        let listed = self.top.unwrap_or(TOP);
        let seen = if self.for_llm { listed.max(TOP) } else { listed };
        let before: Vec<&str> = self.before.iter().map(String::as_str).collect();
        let completed = kb.understand_after(&before, &self.question)?;
        let asked = completed.as_deref().unwrap_or(&self.question);
        let options = AskOptions { top: seen, as_of: self.as_of, ..AskOptions::default() };
        let found = kb.ask(asked, &options)?;
        let mut answered = Answered::new(kb, &found, true)?;
        answered.passages.truncate(listed);
        answered.explained = self.explain.then(|| Explained::new(&found));
        if self.layout {
            let words = kb.highlighter(asked, &options, &found.corrected)?;
            layout::add(kb, words, &found, &mut answered)?;
        }
        answered.question = Some(self.question.clone());
        answered.completed = completed;
        Ok(Found { found, answered })
    }
}

impl Found {
    /// The question that was answered: completed, if it left something out.
    pub(crate) fn question(&self) -> &str {
        let Answered { completed, question, .. } = &self.answered;
        completed.as_deref().or(question.as_deref()).unwrap_or_default()
    }
}
