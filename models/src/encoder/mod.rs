//! Sentence encoders: text in, one vector a text out.
//!
//! [`Encoder`] is the seam; [`BertEncoder`] is what stands behind it: a BERT-family sentence encoder read from a folder
//! in Hugging Face layout and run in fp32. [`quantise()`] writes such a folder again at a quarter of its size.

pub(crate) mod activation;
pub(crate) mod attention;
mod bert;
pub(crate) mod config;
mod dense;
pub(crate) mod ending;
mod error;
mod layer;
mod linear;
pub(crate) mod maths;
pub(crate) mod matrix;
pub(crate) mod modules;
mod norm;
pub(crate) mod pooling;
pub(crate) mod product;
mod prompt;
pub(crate) mod quantise;
pub(crate) mod settings;
pub(crate) mod tokenizer;
pub(crate) mod weights;

use ndarray::Array2;

pub use bert::BertEncoder;
pub use error::{EncodeError, LoadError};
pub use prompt::with_prefix;
pub use quantise::{QuantiseError, quantise};

/// Turns texts into vectors.
///
/// The contract beyond the types: a text's vector has the same bits whatever texts stand beside it, in whatever order,
/// and on however many threads the encoder runs.
pub trait Encoder: Send + Sync {
    /// The length of each vector.
    fn dimensions(&self) -> usize;

    /// The most tokens a text is encoded with, counting the ones the tokenizer adds; the rest of the text is cut off.
    fn max_tokens(&self) -> usize;

    /// Encodes every text, the empty one too, in the order given.
    ///
    /// # Errors
    /// Where the tokenizer refuses a text.
    fn encode(&self, texts: &[&str]) -> Result<Embeddings, EncodeError>;
}

/// The vectors of some texts, row by row in the texts' order.
#[derive(Clone, Debug, PartialEq)]
pub struct Embeddings {
    /// The vectors, [texts, dimensions].
    pub vectors: Array2<f32>,
    /// How many tokens each text was encoded with, counting the ones the tokenizer adds.
    pub tokens: Vec<usize>,
    /// Whether each text was longer than [`Encoder::max_tokens`], so that its end was cut off.
    pub truncated: Vec<bool>,
}
