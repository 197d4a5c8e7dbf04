//! Integration tests at the engine's facade.

mod eval;
mod kb;
mod words;

mod sandbox;
mod twins;
