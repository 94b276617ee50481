//! The loss: softmax cross-entropy with smoothed labels and weighted classes.

use crate::encoder::matrix::Matrix;

/// What a batch is measured by; defined as `torch.nn.CrossEntropyLoss` with class weights, smoothing and the mean.
#[derive(Clone, Debug)]
pub(super) struct Loss {
    /// How much the examples of each stance count.
    pub(super) class_weights: Vec<f32>,
    pub(super) smoothing: f32,
}

impl Loss {
    /// The loss in nats of logits [texts, stances], and its gradients with respect to them.
    ///
    /// With w(c) the class weights, C stances and p the softmax: a text of stance y has the target t = (1 - ε) w(y) at y,
    /// plus ε w(c) / C at every c; its loss is -Σ t log p and its gradient p Σ t - t. All is divided by the sum of w(y).
    pub(super) fn of(&self, logits: &Matrix, labels: &[usize]) -> (f64, Matrix) {
        let total: f32 = labels.iter().map(|&label| self.class_weights[label]).sum();
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

    fn target(&self, label: usize) -> Vec<f32> {
        let spread = self.smoothing / self.class_weights.len() as f32;
        let mut target: Vec<f32> = self.class_weights.iter().map(|weight| spread * weight).collect();
        target[label] += (1.0 - self.smoothing) * self.class_weights[label];
        target
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
