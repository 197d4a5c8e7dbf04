//! Integration tests at the engine's facade.

mod change;
mod eval;
mod hub;
mod kb;
mod layout;
mod llm;
mod remote;
mod words;

mod sandbox;
mod server;
mod store;
mod twins;
