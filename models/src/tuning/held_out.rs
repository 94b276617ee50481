//! How well the texts held out are told apart.

use ndarray::Array2;

use super::Epoch;
use super::loss::log_softmax;
use crate::encoder::matrix::Matrix;
use crate::first::first_largest;

/// The texts that took no part in learning, as the weights that were kept see them: what a calibration is fitted to.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldOut {
    /// Their places among the texts given.
    pub texts: Vec<usize>,
    /// [texts, stances].
    pub logits: Array2<f64>,
    /// The position of each text's stance in the scheme.
    pub labels: Vec<usize>,
}

/// Adds to an epoch's account how the texts held out fared.
pub(super) fn measure(train_loss: f64, logits: Option<&Matrix>, labels: &[usize]) -> Epoch {
    Epoch {
        train_loss,
        held_out_loss: logits.map(|logits| log_loss(logits, labels)),
        held_out_macro_f1: logits.map(|logits| macro_f1(logits, labels)),
    }
}

fn log_loss(logits: &Matrix, labels: &[usize]) -> f64 {
    let losses = logits.rows().zip(labels).map(|(row, label)| log_softmax(row).nth(*label).map_or(0.0, |share| -share));
    losses.sum::<f64>() / labels.len() as f64
}

/// The mean over the stances that occur or are predicted of F1 = 2 hits / (occurring + predicted).
fn macro_f1(logits: &Matrix, labels: &[usize]) -> f64 {
    let mut counts = vec![(0_usize, 0_usize); logits.columns()];
    for (row, label) in logits.rows().zip(labels) {
        let predicted = first_largest(row);
        counts[*label].1 += 1;
        counts[predicted].1 += 1;
        counts[predicted].0 += usize::from(predicted == *label);
    }
    counts.retain(|(_, marked)| *marked > 0);
    counts.iter().map(|(hits, marked)| (2 * hits) as f64 / *marked as f64).sum::<f64>() / counts.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_follow_their_definitions() {
        let logits = Matrix::new(vec![2.0, 0.0, 0.0, 0.0, 1.0, 0.0, 3.0, 0.0, 0.0, 0.0, 5.0, 0.0], 3);
        // Predicted 0, 1, 0, 1: stance 0 has 1 hit of 1 + 2, stance 1 has 2 of 3 + 2, stance 2 is nowhere.
        let account = measure(0.5, Some(&logits), &[0, 1, 1, 1]);
        assert!((account.held_out_macro_f1.unwrap_or(0.0) - f64::midpoint(2.0 / 3.0, 4.0 / 5.0)).abs() < 1e-12);
        let share = |logit: f64, own: f64| -(own.exp() / (logit.exp() + 2.0)).ln();
        let expected = (share(2.0, 2.0) + share(1.0, 1.0) + share(3.0, 0.0) + share(5.0, 5.0)) / 4.0;
        assert!((account.held_out_loss.unwrap_or(0.0) - expected).abs() < 1e-9);
        assert_eq!(measure(0.5, None, &[]).held_out_loss, None);
    }
}
