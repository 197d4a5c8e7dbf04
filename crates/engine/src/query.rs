//! A question understood: what it asks for, and what it restricts.

use crate::text::segment::{TermKind, terms};

/// What a question asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// The question without its preamble.
    pub text: String,
    /// What is searched.
    pub terms: Vec<QueryTerm>,
}

/// A term of the question.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryTerm {
    /// The term as it is indexed.
    pub text: String,
    /// How much it counts; 1 is usual.
    pub weight: f32,
}

/// Reads a question.
pub fn understand(question: &str) -> Query {
    let found = terms(question).into_iter();
    let found = found.map(|term| QueryTerm {
        weight: if term.kind == TermKind::Single { 0.2 } else { 1.0 },
        text: term.text,
    });
    Query { text: question.trim().to_owned(), terms: found.collect() }
}
