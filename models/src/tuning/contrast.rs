//! The supervised contrastive loss of a batch's embeddings: texts of one stance are to be closer than others.
//!
//! Source: Khosla et al., Supervised Contrastive Learning (arXiv:2004.11362), equation 2. As a first phase before the head
//! learns, it does what the pairs of texts in `SetFit` do (Tunstall et al., arXiv:2209.11055), with all pairs of a batch.

use crate::encoder::matrix::Matrix;

/// What similarities are divided by: the smaller, the more the nearest texts count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contrast {
    pub(super) temperature: f64,
}

/// An embedding at length 1, and the length it had.
struct Unit {
    direction: Vec<f64>,
    length: f64,
}

impl Contrast {
    /// The loss in nats of embeddings [texts, hidden], and its gradients with respect to them.
    ///
    /// With z the embeddings at length 1, s(i, j) = z(i) · z(j) / τ, q(i) the softmax of s(i, ·) over all texts but i, and
    /// P(i) the other texts of i's stance: the mean over P(i) of -log q(i, p), averaged over the N texts whose P(i) is not
    /// empty. The gradient of s(i, j) is (q(i, j) - [j in P(i)] / |P(i)|) / N. A batch without such texts has loss 0.
    pub(super) fn of(self, embedded: &Matrix, labels: &[usize]) -> (f64, Matrix) {
        let units: Vec<Unit> = embedded.rows().map(Unit::new).collect();
        let alike = |i: usize, j: usize| i != j && labels[i] == labels[j];
        let texts = 0..labels.len();
        let anchors: Vec<usize> = texts.clone().filter(|i| texts.clone().any(|j| alike(*i, j))).collect();
        let mut deltas: Vec<Vec<f64>> = vec![vec![0.0; embedded.columns()]; labels.len()];
        let mut loss = 0.0;
        for &i in &anchors {
            let log_shares = self.log_shares(&units, i);
            let positives = texts.clone().filter(|j| alike(i, *j)).count() as f64;
            for j in texts.clone().filter(|j| *j != i) {
                let target = if alike(i, j) { 1.0 / positives } else { 0.0 };
                loss -= target * log_shares[j];
                let slope = (log_shares[j].exp() - target) / (self.temperature * anchors.len() as f64);
                add_scaled(&mut deltas[i], &units[j].direction, slope);
                add_scaled(&mut deltas[j], &units[i].direction, slope);
            }
        }
        let gradients = units.iter().zip(&deltas).flat_map(|(unit, delta)| unit.backward(delta)).collect();
        (loss / anchors.len().max(1) as f64, Matrix::new(gradients, embedded.columns()))
    }

    /// log q(i, ·); that of i itself is minus infinity.
    fn log_shares(self, units: &[Unit], i: usize) -> Vec<f64> {
        let score = |(j, unit): (usize, &Unit)| {
            if j == i { f64::NEG_INFINITY } else { dot(&units[i].direction, &unit.direction) / self.temperature }
        };
        let scores: Vec<f64> = units.iter().enumerate().map(score).collect();
        let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let log_sum = largest + scores.iter().map(|score| (score - largest).exp()).sum::<f64>().ln();
        scores.into_iter().map(|score| score - log_sum).collect()
    }
}

impl Unit {
    fn new(vector: &[f32]) -> Self {
        let values: Vec<f64> = vector.iter().copied().map(f64::from).collect();
        let length = dot(&values, &values).sqrt().max(1e-12);
        Self { direction: values.into_iter().map(|x| x / length).collect(), length }
    }

    /// The gradient of the embedding, given that of its direction: (δ - z (z · δ)) / |e|.
    #[expect(clippy::cast_possible_truncation, reason = "rounding is what is meant")]
    fn backward(&self, delta: &[f64]) -> Vec<f32> {
        let along = dot(&self.direction, delta);
        let across = self.direction.iter().zip(delta).map(|(z, delta)| (delta - z * along) / self.length);
        across.map(|x| x as f32).collect()
    }
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

fn add_scaled(to: &mut [f64], row: &[f64], factor: f64) {
    for (value, other) in to.iter_mut().zip(row) {
        *value += factor * other;
    }
}
