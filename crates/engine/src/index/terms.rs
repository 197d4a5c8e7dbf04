//! A query as the full-text index is asked, and how rare its terms are there.

use std::collections::BTreeMap;

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query as IndexQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::lexical::{Columns, Lexical};
use crate::error::Result;
use crate::lexicon::Why;
use crate::query::{Query, QueryTerm};
use crate::retrieve::Matcher;

/// What a match in the title counts against one in the text.
const TITLE: f32 = 0.4;
/// What a match in the headings counts.
const HEADING: f32 = 0.4;
/// What a match in the dates counts.
const DATES: f32 = 0.3;
/// What a match of an alternative counts against one of the question's own words.
const ALTERNATIVE: f32 = 0.5;

impl Lexical {
    /// Finds a query's terms in texts, each worth as much as it is rare here. A term that
    /// something else may stand for is as frequent as that.
    pub fn matcher(&self, query: &Query) -> Result<Matcher> {
        let mut frequencies = BTreeMap::new();
        for term in &query.terms {
            let frequency = match term.inside.as_slice() {
                [] => self.in_texts(&term.text)?,
                inside => self.together(inside)?,
            };
            frequencies.insert(term.text.clone(), frequency);
        }
        for rule in &query.alternatives {
            let alternative = self.together(&rule.to.words)?;
            for term in rule.from.words.iter().chain([&rule.from.text]) {
                let known = frequencies.get_mut(term);
                // A name that the documents have is as rare as they have it.
                if let Some(frequency) =
                    known.filter(|known| rule.why != Why::Alias || **known == 0)
                {
                    *frequency = alternative.max(*frequency);
                }
            }
        }
        Ok(Matcher::new(query, &frequencies, self.len()))
    }

    /// In how many passages' texts a term stands.
    pub(crate) fn in_texts(&self, term: &str) -> Result<u64> {
        let term = Term::from_field_text(self.fields.text, term);
        Ok(self.reader.searcher().doc_freq(&term)?)
    }

    /// In how many passages' texts all these terms stand. Of a phrase's terms that is the most in
    /// which it can stand.
    pub(crate) fn together(&self, terms: &[String]) -> Result<u64> {
        if let [term] = terms {
            return self.in_texts(term);
        }
        let all = self.all_of(self.fields.text, terms);
        Ok(self.reader.searcher().search(&all, &tantivy::collector::Count)? as u64)
    }

    /// Where passages are whose texts hold any of these terms, in no order.
    pub(crate) fn with_any(&self, terms: &[&str]) -> Result<Vec<(u64, u32)>> {
        let any = terms.iter().map(|text| (Occur::Should, term(self.fields.text, text)));
        let any = BooleanQuery::new(any.collect());
        let searcher = self.reader.searcher();
        let found = searcher.search(&any, &tantivy::collector::DocSetCollector)?;
        let columns = Columns::new(&searcher)?;
        let hits = found.into_iter().map(|address| columns.hit(0.0, address));
        Ok(hits.map(|hit| (hit.version, hit.ordinal)).collect())
    }

    fn all_of(&self, field: Field, words: &[String]) -> BooleanQuery {
        BooleanQuery::new(words.iter().map(|word| (Occur::Must, term(field, word))).collect())
    }

    /// Any of the terms in any of the fields. Single characters match too much to find candidates
    /// with, unless there is little else.
    pub(super) fn boolean(&self, query: &Query) -> BooleanQuery {
        let enough = query.terms.iter().filter(|term| !term.single).count() >= 3;
        let fields = &self.fields;
        let fields = [
            (fields.text, 1.0),
            (fields.title, TITLE),
            (fields.heading, HEADING),
            (fields.dates, DATES),
        ];
        let mut clauses: Vec<(Occur, Box<dyn IndexQuery>)> = Vec::new();
        for wanted in query.terms.iter().filter(|term| !(enough && term.single)) {
            for (field, boost) in fields {
                let boosted = BoostQuery::new(self.term(field, wanted), boost * wanted.weight);
                clauses.push((Occur::Should, Box::new(boosted)));
            }
        }
        for rule in query.alternatives.iter().filter(|rule| !rule.from.text.contains(&rule.to.text))
        {
            for (field, boost) in fields {
                let all = self.all_of(field, &rule.to.words);
                let boosted = BoostQuery::new(Box::new(all), boost * ALTERNATIVE);
                clauses.push((Occur::Should, Box::new(boosted)));
            }
        }
        BooleanQuery::new(clauses)
    }

    fn term(&self, field: Field, wanted: &QueryTerm) -> Box<dyn IndexQuery> {
        match wanted.inside.as_slice() {
            [] => term(field, &wanted.text),
            inside => Box::new(self.all_of(field, inside)),
        }
    }
}

fn term(field: Field, text: &str) -> Box<dyn IndexQuery> {
    let exact = Term::from_field_text(field, text);
    Box::new(TermQuery::new(exact, IndexRecordOption::WithFreqs))
}
