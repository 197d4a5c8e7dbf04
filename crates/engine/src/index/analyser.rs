//! The analyser: the terms of [`crate::text::segment`] as a Tantivy tokenizer.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::segment::{Segmented, TermKind};

/// Gives the terms of a text. Offsets are bytes of the source text.
#[derive(Clone, Default)]
pub(super) struct Analyser;

/// The terms of one text.
pub(super) struct Terms {
    text: Segmented,
    next: usize,
    pair: bool,
    token: Token,
}

impl Tokenizer for Analyser {
    type TokenStream<'a> = Terms;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        Terms { text: Segmented::new(text), next: 0, pair: false, token: Token::default() }
    }
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        while self.next < self.text.atoms().len() {
            let wanted = self.pair;
            let term =
                self.text.terms_at(self.next).find(|term| (term.kind == TermKind::Pair) == wanted);
            self.next += usize::from(self.pair);
            self.pair = !self.pair;
            if let Some(term) = term {
                self.token.position = self.token.position.wrapping_add(1);
                self.token.offset_from = term.start as usize;
                self.token.offset_to = term.end as usize;
                self.token.text.clear();
                self.token.text.push_str(term.text);
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
