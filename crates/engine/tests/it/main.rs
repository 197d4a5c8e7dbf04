//! Integration tests at the engine's facade.

mod eval;
mod kb;
mod llm;
mod remote;
mod sandbox;
mod server;
mod twins;
