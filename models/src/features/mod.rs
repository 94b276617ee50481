//! Features: what a classifier sees of a text, its embedding (dense) beside its weighted n-grams (sparse).

mod featuriser;
mod ngrams;
mod sparse;
mod tfidf;
mod words;

use std::borrow::Cow;

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

    /// The sum of one text's features, each times its weight.
    #[must_use]
    pub fn dot(&self, text: usize, weights: &[f64]) -> f64 {
        let (of_dense, of_sparse) = weights.split_at(self.dense.ncols());
        let sparse = self.sparse.entries(text).map(|(column, value)| of_sparse[column as usize] * f64::from(value));
        dot(&self.dense_row(text), of_dense) + sparse.sum::<f64>()
    }

    /// Adds `factor` times one text's features to the weights.
    pub fn add_to(&self, text: usize, factor: f64, weights: &mut [f64]) {
        let (of_dense, of_sparse) = weights.split_at_mut(self.dense.ncols());
        of_dense
            .iter_mut()
            .zip(&*self.dense_row(text))
            .for_each(|(weight, &value)| *weight += factor * f64::from(value));
        self.sparse.entries(text).for_each(|(column, value)| of_sparse[column as usize] += factor * f64::from(value));
    }

    fn dense_row(&self, text: usize) -> Cow<'_, [f32]> {
        let row = self.dense.row(text);
        row.to_slice().map_or_else(|| Cow::Owned(row.to_vec()), Cow::Borrowed)
    }

    /// One text's features as (feature, value), those of the n-grams that do not occur left out.
    pub fn of_text(&self, text: usize) -> impl Iterator<Item = (usize, f32)> {
        let dense = self.dense.row(text).into_iter().copied().enumerate();
        let first = self.dense.ncols();
        dense.chain(self.sparse.entries(text).map(move |(column, value)| (first + column as usize, value)))
    }
}

/// Summed in several lanes, since a processor adds these at once and waits for each of a single one.
fn dot(values: &[f32], weights: &[f64]) -> f64 {
    const LANES: usize = 8;
    let ((values, values_left), (weights, weights_left)) = (values.as_chunks::<LANES>(), weights.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (values, weights) in values.iter().zip(weights) {
        for lane in 0..LANES {
            sums[lane] += f64::from(values[lane]) * weights[lane];
        }
    }
    let left = values_left.iter().zip(weights_left).map(|(&value, weight)| f64::from(value) * weight);
    sums.iter().sum::<f64>() + left.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::{Features, SparseRows};
    use ndarray::Array2;

    #[test]
    fn products_and_sums_are_those_of_single_features() {
        let dense = Array2::from_shape_fn((2, 19), |(text, column)| (text * 19 + column) as f32 - 11.5);
        let features =
            |dense| Features { dense, sparse: SparseRows::from_rows(5, vec![vec![], vec![(0, 2.0), (4, -3.0)]]) };
        // Rows that lie in one piece, and rows that do not.
        let in_pieces = dense.t().as_standard_layout().into_owned().reversed_axes();
        for features in [features(dense), features(in_pieces)] {
            let weights: Vec<f64> = (0..24).map(|feature| 0.5 * f64::from(feature) - 3.0).collect();
            for text in 0..2 {
                let singly: f64 =
                    features.of_text(text).map(|(feature, value)| weights[feature] * f64::from(value)).sum();
                assert!((features.dot(text, &weights) - singly).abs() < 1e-12);
                let (mut at_once, mut one_by_one) = (weights.clone(), weights.clone());
                features.add_to(text, 0.25, &mut at_once);
                features.of_text(text).for_each(|(feature, value)| one_by_one[feature] += 0.25 * f64::from(value));
                assert_eq!(at_once, one_by_one);
            }
        }
    }
}
