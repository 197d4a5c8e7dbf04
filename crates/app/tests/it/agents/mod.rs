//! What agents and other programs use: MCP, and the interfaces that they know already.

mod chat;
mod dify;
mod keys;
mod mcp;
mod openai;
mod rerank;
mod served;
mod stdio;
