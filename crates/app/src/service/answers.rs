//! Asking, as every interface of the service does it.

use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;
use tracing::Instrument;
use yuanwen_engine::answer::Answer;
use yuanwen_engine::kb::KnowledgeBase;
use yuanwen_engine::llm::{Llm, Sentence};

use super::error::ApiError;
use super::{KbId, Service, random};
use crate::asking::{Asking, Found};
use crate::written::{self, Written};

/// Longer questions are refused.
pub(crate) const LONGEST: usize = 2000;
/// More passages are not given.
pub(crate) const MOST_PASSAGES: usize = 1000;

impl Service {
    /// Answers a question; the answer has an id.
    pub(crate) async fn ask(
        self: &Arc<Self>,
        kb: &KbId,
        asking: Asking,
    ) -> Result<Found, ApiError> {
        check(&asking)?;
        let (own, of) = (Arc::clone(self), kb.to_string());
        let ask = move |kb: &KnowledgeBase| {
            let _stage = tracing::info_span!("ask", kb = of).entered();
            let begin = Instant::now();
            let found = asking.ask(kb);
            own.metrics.took("ask", begin.elapsed());
            Ok(found?)
        };
        let mut found = self.with_kb(kb, ask).await?;
        self.metrics.answered(kb.as_str(), found.answered.found);
        found.answered.id = Some(Value::String(random::id("ans")?));
        Ok(found)
    }

    /// Whether a language model is set.
    pub(crate) fn has_llm(&self) -> bool {
        self.settings.llm.is_some()
    }

    /// What the language model is called.
    pub(crate) fn llm_name(&self) -> Option<&str> {
        self.settings.llm.as_ref().map(Llm::model)
    }

    /// Lets the language model put an answer into words; `each` gets its sentences as they come.
    /// `None` where no model is set, or nothing was found.
    pub(crate) async fn write(
        self: &Arc<Self>,
        question: String,
        answer: Answer,
        mut each: impl FnMut(&Sentence) + Send + 'static,
    ) -> Result<Option<Written>, ApiError> {
        if !answer.found || !self.has_llm() {
            return Ok(None);
        }
        let own = Arc::clone(self);
        let write = move || {
            let llm = own.settings.llm.as_ref()?;
            Some(written::write(llm, &question, &answer, &mut each))
        };
        let begin = Instant::now();
        let written = self.wait(write).instrument(tracing::info_span!("llm")).await?;
        self.metrics.took("llm", begin.elapsed());
        if let Some(error) = written.as_ref().and_then(|written| written.error.as_deref()) {
            tracing::warn!(error, "the language model failed");
        }
        Ok(written)
    }
}

/// Refuses a question that is empty, and one that is too long, also of those before it.
pub(crate) fn check_texts(question: &str, before: &[String]) -> Result<(), ApiError> {
    if question.trim().is_empty() {
        return Err(ApiError::field("question", "it is empty"));
    }
    let mut all = std::iter::once(question).chain(before.iter().map(String::as_str));
    all.try_for_each(|text| ApiError::at_most("question", text, LONGEST))
}

/// Refuses what cannot be asked.
fn check(asking: &Asking) -> Result<(), ApiError> {
    check_texts(&asking.question, &asking.before)?;
    match asking.top {
        Some(top) if !(1..=MOST_PASSAGES).contains(&top) => {
            Err(ApiError::field("top", format!("give a number from 1 to {MOST_PASSAGES}")))
        }
        _ => Ok(()),
    }
}
