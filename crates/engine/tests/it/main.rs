//! Integration tests at the engine's facade.

mod eval;
mod kb;

mod sandbox;
mod twins;
