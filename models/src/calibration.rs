//! From logits to probabilities that mean what they say, and to the decision to abstain.

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use standpoint_labels::Prediction;

use crate::softmax::log_softmax_in_place;

/// Temperature scaling and the threshold for review.
///
/// Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks" (2017), section 4.2.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Logits are divided by this before the softmax: above 1 it makes the classifier less sure.
    pub temperature: f64,
    /// Predictions whose confidence is below this are marked for review.
    pub review_below: f64,
}

impl Calibration {
    /// Fits to logits `[texts, stances]` of texts the classifier was not trained on.
    ///
    /// The temperature minimises the log loss. The threshold is the smallest confidence from which on the predictions are right
    /// as often as `accuracy` asks; where no threshold reaches it, everything is marked for review.
    #[must_use]
    pub fn fit(logits: &Array2<f64>, labels: &[usize], accuracy: f64) -> Self {
        let temperature = fit_temperature(logits, labels);
        let calibration = Self { temperature, review_below: 0.0 };
        let outcomes = calibration.predictions(logits).into_iter().zip(labels);
        let outcomes =
            outcomes.map(|(prediction, &label)| (prediction.confidence(), prediction.stance() == label)).collect();
        Self { temperature, review_below: review_threshold(outcomes, accuracy) }
    }

    /// One prediction a row of logits `[texts, stances]`.
    #[must_use]
    pub fn predictions(&self, logits: &Array2<f64>) -> Vec<Prediction> {
        let probabilities = self.log_probabilities(logits).mapv_into(f64::exp);
        probabilities.rows().into_iter().map(|row| self.judge(row.to_vec())).collect()
    }

    /// The prediction that probabilities (in the scheme's order) amount to.
    #[must_use]
    pub fn judge(&self, probabilities: Vec<f64>) -> Prediction {
        let mut prediction = Prediction { probabilities, review: false };
        prediction.review = prediction.confidence() < self.review_below;
        prediction
    }

    fn log_probabilities(&self, logits: &Array2<f64>) -> Array2<f64> {
        let mut scaled = logits.mapv(|logit| logit / self.temperature);
        scaled.rows_mut().into_iter().for_each(log_softmax_in_place);
        scaled
    }
}

/// The temperature with the smallest log loss between 1/20 and 20, by golden-section search of its logarithm (the loss has one minimum there).
fn fit_temperature(logits: &Array2<f64>, labels: &[usize]) -> f64 {
    let loss = |log_temperature: f64| {
        let scaled = Calibration { temperature: log_temperature.exp(), review_below: 0.0 }.log_probabilities(logits);
        -labels.iter().enumerate().map(|(text, &label)| scaled[[text, label]]).sum::<f64>()
    };
    let shrink = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (-(20.0_f64.ln()), 20.0_f64.ln());
    while high - low > 1e-6 {
        let (left, right) = (high - shrink * (high - low), low + shrink * (high - low));
        if loss(left) < loss(right) {
            high = right;
        } else {
            low = left;
        }
    }
    low.midpoint(high).exp()
}

/// The smallest confidence at and above which `accuracy` of the outcomes (confidence, right) are right; above 1 where there is none.
fn review_threshold(mut outcomes: Vec<(f64, bool)>, accuracy: f64) -> f64 {
    outcomes.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut right = 0;
    let mut threshold = f64::INFINITY;
    for (kept, &(confidence, correct)) in (1..).zip(&outcomes) {
        right += usize::from(correct);
        let ties_follow = outcomes.get(kept).is_some_and(|next| next.0 >= confidence);
        if !ties_follow && right as f64 >= accuracy * kept as f64 {
            threshold = confidence;
        }
    }
    threshold
}

#[cfg(test)]
mod tests {
    use super::{Calibration, review_threshold};
    use ndarray::{Array2, array};

    /// Logits ±3 that are right three times in four ask for probability 3/4, the log-odds of which are ln 3.
    #[test]
    fn an_overconfident_classifier_is_cooled_down() {
        let logits: Array2<f64> = array![[3.0, 0.0], [3.0, 0.0], [3.0, 0.0], [3.0, 0.0]];
        let found = Calibration::fit(&logits, &[0, 0, 0, 1], 0.9).temperature;
        assert!((found - 3.0 / 3.0_f64.ln()).abs() < 1e-4, "{found}");
    }

    #[test]
    fn the_threshold_is_the_lowest_that_keeps_the_promise() {
        let outcomes = vec![(0.9, true), (0.8, true), (0.7, false), (0.6, true), (0.5, true), (0.4, false)];
        assert!((review_threshold(outcomes.clone(), 0.8) - 0.5).abs() < 1e-12);
        assert!((review_threshold(outcomes.clone(), 0.9) - 0.8).abs() < 1e-12);
        assert!(review_threshold(vec![(0.9, false)], 0.9).is_infinite());
        // Equal confidences stand or fall together.
        assert!(review_threshold(vec![(0.9, true), (0.9, false)], 0.9).is_infinite());
    }

    #[test]
    fn unsure_predictions_are_marked_for_review() {
        let calibration = Calibration { temperature: 1.0, review_below: 0.6 };
        let review: Vec<bool> =
            calibration.predictions(&array![[0.0, 0.1], [2.0, 0.0]]).iter().map(|p| p.review).collect();
        assert_eq!(review, [true, false]);
    }
}
