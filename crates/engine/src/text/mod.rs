//! Chinese text as retrieval sees it.
//!
//! * [`normalize`] folds what differs only in writing (width, case, traditional characters) and
//!   remembers where each folded character came from;
//! * [`segment`] cuts folded text into atoms (a Han character, a Latin word, a number) and makes
//!   the terms that are indexed from them;
//! * [`sentence`] finds the ends of sentences in the source text;
//! * [`number`] reads years, quarters and dates.

pub mod normalize;
pub mod number;
pub mod segment;
pub mod sentence;
