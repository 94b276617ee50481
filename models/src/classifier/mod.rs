//! Classifiers: from the features of texts to one score a stance.

mod logistic;

use ndarray::Array2;

pub use logistic::{Fit, Logistic, LogisticSettings};

/// Gives every text one score (a logit, before calibration) a stance.
pub trait Classifier: Send + Sync {
    /// Scores of texts, `[texts, stances]`, from their features, `[texts, features]`.
    fn logits(&self, features: &Array2<f32>) -> Array2<f64>;
}
