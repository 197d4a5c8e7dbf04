//! Asking: a question is read with what the knowledge base knows about words, then answered.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rayon::prelude::*;
use yuanwen_parse::{Date, Metadata, Period};

use super::KnowledgeBase;
use crate::answer::{self, Answer, AskOptions};
use crate::error::Result;
use crate::lexicon::learn::{self, Introduced};
use crate::lexicon::{Lexicon, Phrase, Rule, Unsaved, Why};
use crate::query::{Knowledge, Query, complete, is_relative, understand_with};
use crate::retrieve::{Passages, Ranked};
use crate::spelling;
use crate::text::normalize::folded;

/// The last month of a time that is reported on.
fn end_of(period: Period) -> Date {
    Date { year: period.year, month: Some(period.span.last_month()), day: None }
}

/// A passage that holds this share of a question was found well: nothing is corrected.
const WELL: f64 = 0.9;

/// A correction must make the answer surer by this much.
const SURER: f32 = 0.03;

/// An organisation's name in no more passages than these may be there only to be introduced.
const INTRODUCED: u64 = 2;
/// An alias stands for a name that the documents use so many times less often.
const USUAL: u64 = 100;

/// Short names are learned from at most so many passages.
const MOST_LEARNED: usize = 5000;

impl KnowledgeBase {
    /// Answers a question.
    pub fn ask(&self, question: &str, options: &AskOptions) -> Result<Answer> {
        self.look()?;
        let mut query = self.understand(question, options)?;
        if !options.rated {
            return self.found(&query, options);
        }
        let ratings = self.ratings_of(&query)?;
        let sunk = self.sunk(&ratings);
        query.parts.iter_mut().for_each(|part| part.sunk.clone_from(&sunk));
        query.sunk = sunk;
        let mut answer = self.found(&query, options)?;
        self.confirmed(&mut answer, &ratings)?;
        Ok(answer)
    }

    /// The question as it is read, whatever the date.
    pub(super) fn read_alone(&self, question: &str) -> Result<Query> {
        self.understand(question, &AskOptions::default())
    }

    fn found(&self, query: &Query, options: &AskOptions) -> Result<Answer> {
        let plain = answer::answer(query, &self.index, &self.catalogue, options)?;
        let held = plain.passages.first().map_or(0.0, |best| best.signals.coverage);
        if held >= WELL {
            return Ok(plain);
        }
        Ok(self.respelled(query, &plain, options)?.unwrap_or(plain))
    }

    /// The answer to the question without its typos, if there are any and it is the better one.
    fn respelled(
        &self,
        query: &Query,
        plain: &Answer,
        options: &AskOptions,
    ) -> Result<Option<Answer>> {
        let Some((question, corrected)) = spelling::corrected(query, &self.index.lexical)? else {
            return Ok(None);
        };
        let query = self.understand(&question, options)?;
        let answer = answer::answer(&query, &self.index, &self.catalogue, options)?;
        let millis = plain.millis + answer.millis;
        // What is not in the passage that is found gives no reason to have been meant.
        let holds = |best: &Ranked| {
            let text = folded(&best.stored.passage.text);
            corrected.iter().all(|one| one.pairs().any(|pair| text.contains(&pair)))
        };
        let is_better = answer.confidence >= plain.confidence + SURER
            && answer.passages.first().is_some_and(holds);
        Ok(is_better.then_some(Answer { corrected, millis, ..answer }))
    }

    /// The question completed with what it leaves out of those before it, the latest last; `None`
    /// if it leaves out nothing.
    pub fn understand_after(&self, before: &[&str], question: &str) -> Result<Option<String>> {
        let lexicon = self.lexicon()?;
        Ok(complete(before, question, &Knowledge { lexicon: &lexicon, as_of: None }))
    }

    /// What each term of a query is worth here: its weight times its inverse document frequency.
    pub fn worth(&self, query: &Query) -> Result<Vec<f64>> {
        let matcher = self.index.matcher(query)?;
        Ok((0..matcher.len()).map(|term| matcher.worth(term)).collect())
    }

    /// Answers questions in parallel; the answers come in the order of the questions.
    pub fn batch(&self, questions: &[&str], options: &AskOptions) -> Vec<Result<Answer>> {
        questions.par_iter().map(|question| self.ask(question, options)).collect()
    }

    /// A question as [`KnowledgeBase::ask`] reads it.
    pub fn understand(&self, question: &str, options: &AskOptions) -> Result<Query> {
        self.understand_by(&*self.lexicon()?, question, options)
    }

    /// The same with other words than those that are saved.
    pub fn understand_by(
        &self,
        lexicon: &Lexicon,
        question: &str,
        options: &AskOptions,
    ) -> Result<Query> {
        let needs_date = options.as_of.is_none() && is_relative(&folded(question));
        let as_of = if needs_date { self.newest()? } else { options.as_of };
        let mut query = understand_with(question, &Knowledge { lexicon, as_of });
        self.leave_out_needless(&mut query, lexicon)?;
        for part in &mut query.parts {
            self.leave_out_needless(part, lexicon)?;
        }
        Ok(query)
    }

    /// Leaves out what might stand for a name that the documents use themselves. A name is precise:
    /// a company's full name, where the documents have it, is another thing than its brand.
    fn leave_out_needless(&self, query: &mut Query, lexicon: &Lexicon) -> Result<()> {
        let mut kept = Vec::with_capacity(query.alternatives.len());
        for rule in std::mem::take(&mut query.alternatives) {
            if rule.why != Why::Alias || self.is_needed(&rule, lexicon)? {
                kept.push(rule);
            }
        }
        query.alternatives = kept;
        Ok(())
    }

    /// Whether the documents hardly use the name that an alias stands for.
    fn is_needed(&self, alias: &Rule, lexicon: &Lexicon) -> Result<bool> {
        let count = |phrase: &Phrase| self.index.lexical.together(&phrase.words);
        let known = count(&alias.from)?;
        let is_introduced = known <= INTRODUCED && !lexicon.names_in(&alias.from.text).is_empty();
        Ok(is_introduced || known.saturating_mul(USUAL) <= count(&alias.to)?)
    }

    /// The date of the newest document: of its publication, or the end of the time it reports on.
    fn newest(&self) -> Result<Option<Date>> {
        let date = |meta: &Metadata| meta.published.or(meta.period.map(end_of));
        Ok(self.catalogue.documents()?.iter().filter_map(|listed| date(&listed.meta)).max())
    }

    /// What is known about words: the files `synonyms.txt` and `dictionary.txt` of the folder as
    /// they are now, the names that are built in, and those that the documents introduce. Its
    /// problems are the lines that cannot be used.
    pub fn lexicon(&self) -> Result<Arc<Lexicon>> {
        self.words.now(self.catalogue.generation()?, || self.introduced())
    }

    /// The same with texts in place of the files. Nothing is written.
    pub fn lexicon_with(&self, unsaved: Unsaved<'_>) -> Result<Lexicon> {
        self.words.instead(unsaved, self.catalogue.generation()?, || self.introduced())
    }

    /// The short names that the documents introduce, in an order that does not depend on when
    /// they were added.
    fn introduced(&self) -> Result<Vec<Introduced>> {
        let mut out = Vec::new();
        let documents = self.catalogue.documents()?;
        for listed in &documents {
            let said = [listed.meta.publisher.as_deref(), listed.meta.title.as_deref()];
            let said = said.into_iter().flatten().chain([&*listed.name]);
            out.extend(said.filter_map(learn::without_form));
        }
        let mut places = self.index.lexical.with_any(&learn::CLUES)?;
        let order: BTreeMap<u64, usize> =
            documents.iter().enumerate().map(|(at, listed)| (listed.version, at)).collect();
        places.sort_unstable_by_key(|(version, ordinal)| (order.get(version), *ordinal));
        places.truncate(MOST_LEARNED);
        for stored in self.catalogue.load(&places)? {
            out.extend(learn::introduced(&stored.passage.text));
        }
        out.sort();
        out.dedup();
        Ok(out)
    }

    /// Lets searches see what another process has committed. While it is at work the index is
    /// behind the catalogue, and is looked at again with each question.
    fn look(&self) -> Result<()> {
        if self.seen.load(Ordering::Relaxed) != self.catalogue.generation()? {
            let committed = self.index.generation()?;
            self.index.reload()?;
            self.seen.store(committed, Ordering::Relaxed);
        }
        Ok(())
    }
}
