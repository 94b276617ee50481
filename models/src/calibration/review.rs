use standpoint_labels::Prediction;

/// The smallest confidence at and above which `accuracy` of the predictions are right; infinite where there is none.
pub(super) fn threshold(predictions: &[Prediction], labels: &[usize], accuracy: f64) -> f64 {
    let outcome = |(prediction, &label): (&Prediction, &usize)| (prediction.confidence(), prediction.stance() == label);
    let mut outcomes: Vec<(f64, bool)> = predictions.iter().zip(labels).map(outcome).collect();
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
    use super::threshold;
    use standpoint_labels::Prediction;

    /// The threshold for predictions of these confidences, right or wrong.
    fn of(outcomes: &[(f64, bool)], accuracy: f64) -> f64 {
        let prediction = |confidence: f64| Prediction { probabilities: vec![confidence, 0.0], review: false };
        let predictions: Vec<Prediction> = outcomes.iter().map(|outcome| prediction(outcome.0)).collect();
        let labels: Vec<usize> = outcomes.iter().map(|outcome| usize::from(!outcome.1)).collect();
        threshold(&predictions, &labels, accuracy)
    }

    #[test]
    fn the_threshold_is_the_lowest_that_keeps_the_promise() {
        let outcomes = [(0.9, true), (0.8, true), (0.7, false), (0.6, true), (0.5, true), (0.4, false)];
        assert!((of(&outcomes, 0.8) - 0.5).abs() < 1e-12);
        assert!((of(&outcomes, 0.9) - 0.8).abs() < 1e-12);
        assert!(of(&[(0.9, false)], 0.9).is_infinite());
        // Equal confidences stand or fall together.
        assert!(of(&[(0.9, true), (0.9, false)], 0.9).is_infinite());
    }
}
