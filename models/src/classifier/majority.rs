use ndarray::{Array1, Array2};

use super::Classifier;
use super::training::Training;
use crate::features::Features;
use crate::tensors::{Tensor, TensorFile, Tensors};

pub(super) const LOG_SHARES: &str = "log_shares";

/// Says the same of every text: how common each stance was. What any other classifier has to beat.
#[derive(Debug, Clone, PartialEq)]
pub struct Majority {
    /// `[stances]`.
    log_shares: Array1<f32>,
}

impl Majority {
    /// Takes the stances' shares of the training texts' total weight.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "kept in f32, as a bundle stores it")]
    pub fn fit(training: Training<'_>) -> Self {
        let mut totals = Array1::<f64>::zeros(training.stances);
        let weights = training.text_weights(false);
        training.labels.iter().zip(&weights).for_each(|(&label, weight)| totals[label] += weight);
        let total = totals.sum();
        Self { log_shares: totals.mapv(|weight| (weight / total).ln() as f32) }
    }

    pub(super) fn read(file: &TensorFile<'_>, stances: usize) -> Result<Self, String> {
        Ok(Self { log_shares: file.floats(LOG_SHARES, &[stances])?.into() })
    }
}

impl Classifier for Majority {
    fn logits(&self, features: &Features) -> Array2<f64> {
        Array2::from_shape_fn((features.texts(), self.log_shares.len()), |(_, stance)| self.log_shares[stance].into())
    }

    fn tensors(&self) -> Tensors {
        Tensors::from([(LOG_SHARES, Tensor::floats(self.log_shares.shape(), &self.log_shares))])
    }
}
