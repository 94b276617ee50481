use ndarray::Array2;

use crate::softmax::log_softmax_in_place;

/// Log-probabilities `[texts, stances]` of logits divided by the temperature.
pub(crate) fn scale(logits: &Array2<f64>, temperature: f64) -> Array2<f64> {
    let mut scaled = logits.mapv(|logit| logit / temperature);
    scaled.rows_mut().into_iter().for_each(log_softmax_in_place);
    scaled
}

/// The mean log loss (nats a text) of logits `[texts, stances]` at a temperature.
pub(crate) fn loss(logits: &Array2<f64>, labels: &[usize], temperature: f64) -> f64 {
    let scaled = scale(logits, temperature);
    -labels.iter().enumerate().map(|(text, &label)| scaled[[text, label]]).sum::<f64>() / labels.len() as f64
}

/// The temperature with the smallest log loss between 1/20 and 20, by golden-section search of its logarithm (the loss has one minimum there).
///
/// Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks" (2017), section 4.2.
pub(crate) fn fit(logits: &Array2<f64>, labels: &[usize]) -> f64 {
    let loss = |log_temperature: f64| loss(logits, labels, log_temperature.exp());
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

#[cfg(test)]
mod tests {
    use super::fit;
    use ndarray::{Array2, array};

    /// Logits ±3 that are right three times in four ask for probability 3/4, the log-odds of which are ln 3.
    #[test]
    fn an_overconfident_classifier_is_cooled_down() {
        let logits: Array2<f64> = array![[3.0, 0.0], [3.0, 0.0], [3.0, 0.0], [3.0, 0.0]];
        let found = fit(&logits, &[0, 0, 0, 1]);
        assert!((found - 3.0 / 3.0_f64.ln()).abs() < 1e-4, "{found}");
    }
}
