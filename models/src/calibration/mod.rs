//! From logits to probabilities that mean what they say, and to the decision to abstain.

mod conformal;
mod context;
mod review;
pub(crate) mod temperature;

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use standpoint_labels::Prediction;

pub use conformal::Conformal;
pub use context::Context;

/// What is made of a classifier's logits: temperature, then the influence of the document's other segments, then review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Logits are divided by this before the softmax: above 1 it makes the classifier less sure.
    pub temperature: f64,
    /// Predictions whose confidence is below this are marked for review.
    pub review_below: f64,
    /// Sets of stances with a stated coverage.
    pub conformal: Conformal,
    /// How segments of one document inform each other.
    pub context: Context,
}

impl Calibration {
    /// Fits to logits `[texts, stances]` of texts the classifier was not trained on. `lengths` says how many texts each document has, in order.
    ///
    /// Temperature and context minimise the log loss, one after the other. The threshold is the smallest confidence from which on the predictions are
    /// right as often as `accuracy` asks; where no threshold reaches it, everything is marked for review.
    ///
    /// # Panics
    /// When the lengths do not sum to the number of texts.
    #[must_use]
    pub fn fit(logits: &Array2<f64>, labels: &[usize], lengths: &[usize], accuracy: f64) -> Self {
        let temperature = temperature::fit(logits, labels);
        let context = Context::fit(&temperature::scale(logits, temperature), lengths, labels);
        Self { temperature, context, ..Self::none() }.with_thresholds(logits, labels, lengths, accuracy)
    }

    /// As [`Calibration::fit`] does, but for the context, which is given.
    ///
    /// # Panics
    /// When the lengths do not sum to the number of texts.
    #[must_use]
    pub fn fit_around(
        context: Context,
        logits: &Array2<f64>,
        labels: &[usize],
        lengths: &[usize],
        accuracy: f64,
    ) -> Self {
        let temperature = temperature::fit(logits, labels);
        Self { temperature, context, ..Self::none() }.with_thresholds(logits, labels, lengths, accuracy)
    }

    /// Fits what is made of the probabilities.
    fn with_thresholds(self, logits: &Array2<f64>, labels: &[usize], lengths: &[usize], accuracy: f64) -> Self {
        let predictions = self.predictions(logits, lengths);
        Self {
            review_below: review::threshold(&predictions, labels, accuracy),
            conformal: Conformal::fit(&predictions, labels),
            ..self
        }
    }

    /// Probabilities as they are, each text by itself, and everything for review: for what nothing is known of.
    #[must_use]
    pub fn none() -> Self {
        Self {
            temperature: 1.0,
            review_below: f64::INFINITY,
            conformal: Conformal::default(),
            context: Context::default(),
        }
    }

    /// One prediction a row of logits `[texts, stances]`. `lengths` says how many texts each document has, in order.
    ///
    /// # Panics
    /// When the lengths do not sum to the number of texts.
    #[must_use]
    pub fn predictions(&self, logits: &Array2<f64>, lengths: &[usize]) -> Vec<Prediction> {
        let own = temperature::scale(logits, self.temperature);
        let probabilities = self.context.adjust(&own, lengths).mapv_into(f64::exp);
        probabilities.rows().into_iter().map(|row| self.judge(row.to_vec())).collect()
    }

    /// The prediction that probabilities (in the scheme's order) amount to.
    #[must_use]
    pub fn judge(&self, probabilities: Vec<f64>) -> Prediction {
        let mut prediction = Prediction { probabilities, review: false };
        prediction.review = prediction.confidence() < self.review_below;
        prediction
    }

    /// The prediction for a whole from those of its parts: the mean of their probabilities, each part counting by its weight (its length, say).
    ///
    /// `None` when there are no parts.
    #[must_use]
    pub fn pool(&self, parts: &[Prediction], weights: &[f64]) -> Option<Prediction> {
        let total: f64 = weights.iter().sum();
        let mean = |stance: usize| {
            parts.iter().zip(weights).map(|(part, weight)| part.probabilities[stance] * weight).sum::<f64>() / total
        };
        let stances = parts.first()?.probabilities.len();
        (total > 0.0).then(|| self.judge((0..stances).map(mean).collect()))
    }

    /// The positions of the stances that may be right, likeliest first: a set that holds the right one for a share `coverage` of texts.
    #[must_use]
    pub fn set(&self, prediction: &Prediction, coverage: f64) -> Vec<usize> {
        self.conformal.set(prediction, coverage)
    }
}

#[cfg(test)]
mod tests {
    use super::Calibration;
    use ndarray::array;

    #[test]
    fn unsure_predictions_are_marked_for_review() {
        let logits = array![[4.0, 0.0], [4.0, 0.0], [0.1, 0.0], [0.1, 0.0]];
        let fitted = Calibration::fit(&logits, &[0, 0, 0, 1], &[1; 4], 0.9);
        let review: Vec<bool> = fitted.predictions(&logits, &[1; 4]).iter().map(|p| p.review).collect();
        assert_eq!(review, [false, false, true, true]);
    }
}
