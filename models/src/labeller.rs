use standpoint_labels::{Prediction, Scheme};

use crate::calibration::Calibration;
use crate::encoder::EncodeError;
use crate::passage::Passage;

/// Labels texts with the stances of a scheme.
pub trait Labeller: Send + Sync {
    /// The stances, in the order of probabilities.
    fn scheme(&self) -> &Scheme;

    /// What makes probabilities of logits, and says which predictions a person should review.
    fn calibration(&self) -> &Calibration;

    /// Predictions for texts, each with a target where the scheme has targets. `lengths` says how many texts each document has, in order: a text's prediction depends on those of its
    /// document and no others.
    ///
    /// # Errors
    /// When the model fails.
    ///
    /// # Panics
    /// When the lengths do not sum to the number of texts.
    fn predict(&self, passages: &[Passage<'_>], lengths: &[usize]) -> Result<Predicted, EncodeError>;
}

/// The predictions of some texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicted {
    /// One a text, in order.
    pub predictions: Vec<Prediction>,
    /// Whether each text was longer than the model sees, so that its end did not count.
    pub truncated: Vec<bool>,
}
