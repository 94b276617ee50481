//! Features: what a classifier sees of a text, its embedding (dense) beside its weighted n-grams (sparse).

mod featuriser;
mod ngrams;
mod sparse;
mod tfidf;
mod words;

use ndarray::{Array2, Axis};

pub(crate) use featuriser::FeatureSettings;
pub use featuriser::{Featuriser, Weights};
pub use ngrams::NgramSettings;
pub use sparse::SparseRows;
pub use tfidf::Tfidf;

/// The features of some texts. Feature numbers run over the dense columns first and then over the sparse ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    /// `[texts, dense columns]`.
    pub dense: Array2<f32>,
    /// As many rows as `dense`.
    pub sparse: SparseRows,
}

impl Features {
    /// Features without n-grams.
    #[must_use]
    pub fn dense(dense: Array2<f32>) -> Self {
        let sparse = SparseRows::empty(dense.nrows());
        Self { dense, sparse }
    }

    /// Number of texts.
    #[must_use]
    pub fn texts(&self) -> usize {
        self.dense.nrows()
    }

    /// Number of features of a text.
    #[must_use]
    pub fn width(&self) -> usize {
        self.dense.ncols() + self.sparse.width()
    }

    /// The features of the texts at these positions, in this order.
    #[must_use]
    pub fn select(&self, texts: &[usize]) -> Self {
        Self { dense: self.dense.select(Axis(0), texts), sparse: self.sparse.select(texts) }
    }

    /// One text's features as (feature, value), those of the n-grams that do not occur left out.
    pub fn of_text(&self, text: usize) -> impl Iterator<Item = (usize, f32)> {
        let dense = self.dense.row(text).into_iter().copied().enumerate();
        let first = self.dense.ncols();
        dense.chain(self.sparse.entries(text).map(move |(column, value)| (first + column as usize, value)))
    }
}
