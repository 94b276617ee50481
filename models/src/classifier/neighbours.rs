use ndarray::{Array2, ArrayView1};
use rayon::prelude::*;

use super::Classifier;
use super::training::Training;
use crate::direction::scale_rows;
use crate::features::Features;
use crate::tensors::{Tensor, TensorFile, Tensors};

pub(super) const EMBEDDINGS: &str = "embeddings";
const LABELS: &str = "labels";
const ASKED: &str = "neighbours";

/// Asks the `k` training texts whose embeddings have the largest cosine with a text's; n-grams do not count.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbours {
    /// `[training texts, dimensions]`, each of length 1.
    embeddings: Array2<f32>,
    labels: Vec<u32>,
    stances: usize,
    k: u32,
}

impl Neighbours {
    /// Keeps the training texts' embeddings; asks all texts where there are fewer than `k`. Text weights do not count.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "texts and stances are fewer than 2^32")]
    pub fn fit(training: Training<'_>, k: usize) -> Self {
        let mut embeddings = training.features.dense.clone();
        scale_rows(&mut embeddings);
        let k = k.clamp(1, training.labels.len().max(1)) as u32;
        let labels = training.labels.iter().map(|&label| label as u32).collect();
        Self { embeddings, labels, stances: training.stances, k }
    }

    pub(super) fn read(file: &TensorFile<'_>, dimensions: usize, stances: usize) -> Result<Self, String> {
        let texts = file.rows(EMBEDDINGS);
        let embeddings = file.matrix(EMBEDDINGS, (texts, dimensions))?;
        let (labels, k) = (file.integers(LABELS, texts)?, file.integers(ASKED, 1)?[0]);
        if labels.iter().any(|&label| label as usize >= stances) || k as usize > texts || k == 0 {
            return Err(format!("`{LABELS}` are not all below {stances}, or `{ASKED}` is not from 1 to {texts}"));
        }
        Ok(Self { embeddings, labels, stances, k })
    }

    /// How many of the nearest texts have each stance. Of texts equally near, the first in training order come first.
    fn votes(&self, embedding: &ArrayView1<'_, f32>) -> Vec<f64> {
        let products = self.embeddings.dot(embedding);
        let mut nearest: Vec<usize> = (0..self.labels.len()).collect();
        let by_cosine = |a: &usize, b: &usize| products[*b].total_cmp(&products[*a]).then(a.cmp(b));
        let k = self.k as usize;
        if k < nearest.len() {
            nearest.select_nth_unstable_by(k, by_cosine);
        }
        let mut votes = vec![0.0; self.stances];
        nearest.iter().take(k).for_each(|&text| votes[self.labels[text] as usize] += 1.0);
        votes
    }
}

impl Classifier for Neighbours {
    /// The logarithms of the stances' shares of the votes, one vote added to each stance so that none is impossible.
    fn logits(&self, features: &Features) -> Array2<f64> {
        let total = f64::from(self.k) + self.stances as f64;
        let texts = (0..features.texts()).into_par_iter();
        let logits: Vec<f64> = texts
            .flat_map_iter(|text| self.votes(&features.dense.row(text)))
            .map(|votes| ((votes + 1.0) / total).ln())
            .collect();
        Array2::from_shape_fn((features.texts(), self.stances), |(text, stance)| logits[text * self.stances + stance])
    }

    fn tensors(&self) -> Tensors {
        Tensors::from([
            (EMBEDDINGS, Tensor::floats(self.embeddings.shape(), &self.embeddings)),
            (LABELS, Tensor::integers(&self.labels)),
            (ASKED, Tensor::integers(&[self.k])),
        ])
    }
}
