//! The analyser: the terms of [`crate::text::segment`] as a Tantivy tokenizer.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::segment::terms;

/// Gives the terms of a text. Offsets are bytes of the source text.
#[derive(Clone, Default)]
pub(super) struct Analyser;

/// The terms of one text.
pub(super) struct Terms {
    rest: std::vec::IntoIter<crate::text::segment::Term>,
    token: Token,
}

impl Tokenizer for Analyser {
    type TokenStream<'a> = Terms;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        Terms { rest: terms(text).into_iter(), token: Token::default() }
    }
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        let Some(term) = self.rest.next() else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.offset_from = term.start as usize;
        self.token.offset_to = term.end as usize;
        self.token.text = term.text;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
