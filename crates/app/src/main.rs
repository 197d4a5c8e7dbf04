//! The `yuanwen` command.
fn main() {}
