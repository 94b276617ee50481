use ndarray::Array2;

use super::Classifier;
use super::training::Training;
use crate::direction::{length, scale_rows};
use crate::features::Features;
use crate::tensors::{Tensor, TensorFile, Tensors};

pub(super) const DIRECTIONS: &str = "directions";

/// Logits are cosines times this: the usual scale where cosines of sentence embeddings enter a softmax (sentence-transformers' losses).
const SCALE: f64 = 20.0;

/// Compares a text's embedding with one direction a stance; n-grams do not count.
#[derive(Debug, Clone, PartialEq)]
pub struct Centroids {
    /// `[stances, dimensions]`, each of length 1.
    directions: Array2<f32>,
}

impl Centroids {
    /// The directions of the embeddings `[stances, dimensions]` of the stances' definitions: needs no labelled text.
    #[must_use]
    pub fn from_definitions(embeddings: &Array2<f32>) -> Self {
        Self::from_directions(embeddings.mapv(f64::from))
    }

    /// The directions of the mean embeddings of each stance's texts.
    #[must_use]
    pub fn fit(training: Training<'_>) -> Self {
        let embeddings = &training.features.dense;
        let mut sums = Array2::zeros((training.stances, embeddings.ncols()));
        let texts = embeddings.rows().into_iter().zip(training.labels).zip(training.text_weights(false));
        for ((embedding, &label), weight) in texts {
            sums.row_mut(label).zip_mut_with(&embedding, |sum, &value| *sum += weight * f64::from(value));
        }
        Self::from_directions(sums)
    }

    pub(super) fn read(file: &TensorFile<'_>, dimensions: usize, stances: usize) -> Result<Self, String> {
        Ok(Self { directions: file.matrix(DIRECTIONS, (stances, dimensions))? })
    }

    #[expect(clippy::cast_possible_truncation, reason = "kept in f32, as a bundle stores it")]
    fn from_directions(mut directions: Array2<f64>) -> Self {
        scale_rows(&mut directions);
        Self { directions: directions.mapv(|value| value as f32) }
    }
}

impl Classifier for Centroids {
    fn logits(&self, features: &Features) -> Array2<f64> {
        let mut logits = Array2::zeros((features.texts(), self.directions.nrows()));
        for (embedding, mut row) in features.dense.rows().into_iter().zip(logits.rows_mut()) {
            let embedding = embedding.mapv(f64::from);
            let length = length(&embedding.view());
            for (logit, direction) in row.iter_mut().zip(self.directions.rows()) {
                let products = direction.iter().zip(&embedding).map(|(&a, &b)| f64::from(a) * b);
                *logit = SCALE * products.sum::<f64>() / length;
            }
        }
        logits
    }

    fn tensors(&self) -> Tensors {
        Tensors::from([(DIRECTIONS, Tensor::floats(self.directions.shape(), &self.directions))])
    }
}
