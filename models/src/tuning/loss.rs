//! The loss: softmax cross-entropy with smoothed labels and weighted classes.

use crate::encoder::matrix::Matrix;

/// What a batch is measured by; defined as `torch.nn.CrossEntropyLoss` with class weights, smoothing and the mean.
#[derive(Clone, Debug)]
pub(super) struct Loss {
    /// How much the examples of each stance count.
    pub(super) class_weights: Vec<f32>,
    pub(super) smoothing: f32,
}

/// What a text of a batch is to be told apart as.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    pub(super) stance: usize,
    /// How much the text counts.
    pub(super) weight: f32,
}

impl Loss {
    /// The loss in nats of logits [texts, stances], and its gradients with respect to them.
    ///
    /// With w(c) the class weights, C stances and p the softmax: a text of stance y and weight v has the target
    /// t = (1 - ε) v w(y) at y, plus ε v w(c) / C at every c; its loss is -Σ t log p and its gradient p Σ t - t. All is
    /// divided by the sum of v w(y).
    pub(super) fn of(&self, logits: &Matrix, labels: &[Label]) -> (f64, Matrix) {
        let total: f32 = labels.iter().map(|label| label.weight * self.class_weights[label.stance]).sum();
        let mut gradients = Matrix::zeros(labels.len(), logits.columns());
        let mut loss = 0.0;
        for ((logits, label), gradient) in logits.rows().zip(labels).zip(gradients.rows_mut()) {
            let target = self.target(*label);
            let mass: f32 = target.iter().sum();
            for ((gradient, log_share), target) in gradient.iter_mut().zip(log_softmax(logits)).zip(target) {
                loss -= f64::from(target) * log_share;
                *gradient = (to_f32(log_share.exp()) * mass - target) / total;
            }
        }
        (loss / f64::from(total), gradients)
    }

    fn target(&self, label: Label) -> Vec<f32> {
        let spread = self.smoothing / self.class_weights.len() as f32;
        let mut target: Vec<f32> = self.class_weights.iter().map(|weight| spread * weight).collect();
        target[label.stance] += (1.0 - self.smoothing) * self.class_weights[label.stance];
        target.into_iter().map(|share| share * label.weight).collect()
    }
}

/// The logarithms of the shares that logits stand for.
pub(super) fn log_softmax(logits: &[f32]) -> impl Iterator<Item = f64> {
    let largest = logits.iter().fold(f64::NEG_INFINITY, |most, logit| most.max(f64::from(*logit)));
    let sum: f64 = logits.iter().map(|logit| (f64::from(*logit) - largest).exp()).sum();
    let log_sum = largest + sum.ln();
    logits.iter().map(move |logit| f64::from(*logit) - log_sum)
}

#[expect(clippy::cast_possible_truncation, reason = "rounding is what is meant")]
fn to_f32(x: f64) -> f32 {
    x as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_weight_2_is_as_good_as_two() {
        let loss = Loss { class_weights: vec![1.0, 0.5, 2.0], smoothing: 0.1 };
        let (first, second) = ([0.3, -1.0, 2.0], [1.5, 0.0, -0.5]);
        let label = |stance, weight| Label { stance, weight };
        let weighed = Matrix::new([first, second].concat(), 3);
        let (of_weighed, weighed) = loss.of(&weighed, &[label(0, 2.0), label(2, 1.0)]);
        let twice = Matrix::new([first, first, second].concat(), 3);
        let (of_twice, twice) = loss.of(&twice, &[label(0, 1.0), label(0, 1.0), label(2, 1.0)]);
        assert!((of_weighed - of_twice).abs() < 1e-12);
        for (stance, gradient) in weighed.row(0).iter().enumerate() {
            assert!((gradient - 2.0 * twice.row(0)[stance]).abs() < 1e-7);
            assert!((weighed.row(1)[stance] - twice.row(2)[stance]).abs() < 1e-7);
        }
    }
}
