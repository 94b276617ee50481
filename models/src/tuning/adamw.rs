//! The optimiser: Adam with decoupled weight decay (Loshchilov & Hutter, arXiv:1711.05101), after gradient clipping.

use pulp::Arch;
use rayon::prelude::*;

use super::embedding::row_mut;
use super::parameters::Parameters;
use super::settings::TuneSettings;
use super::source::{Level, Tensor, WORDS};
use crate::encoder::maths::sum_of;

const FIRST_DECAY: f64 = 0.9;
const SECOND_DECAY: f64 = 0.999;
const EPSILON: f32 = 1e-8;

/// The running means of the gradients and of their squares; empty for what does not learn.
///
/// A row of the word embeddings changes only in steps in whose batch it occurs, as with `torch.optim.SparseAdam`.
#[derive(Clone)]
pub(super) struct AdamW {
    pub(super) first: Parameters<Vec<f32>>,
    pub(super) second: Parameters<Vec<f32>>,
}

/// What is the same for all numbers of a tensor in a step.
#[derive(Clone, Copy)]
struct Coefficients {
    /// What each gradient is multiplied by for clipping.
    clip: f32,
    /// The rate, corrected for the first means' start at zero.
    rate: f32,
    /// What each weight is multiplied by.
    keep: f32,
    /// The correction of the root of the second means.
    correction: f32,
}

/// One tensor with all that a step needs.
struct Job<'a> {
    tensor: &'a Tensor,
    weights: &'a mut Vec<f32>,
    gradients: &'a mut Vec<f32>,
    first: &'a mut Vec<f32>,
    second: &'a mut Vec<f32>,
}

/// How a step is taken.
pub(super) struct Step<'a> {
    /// Counted from 0.
    pub(super) number: usize,
    /// The share of the highest rate.
    pub(super) factor: f64,
    /// The rows of the word embeddings that occur in the batch.
    pub(super) words: &'a [usize],
    pub(super) settings: &'a TuneSettings,
}

impl AdamW {
    pub(super) fn new(tensors: &Parameters<Tensor>, frozen_layers: Option<usize>) -> Self {
        let zeros = || {
            let length = |tensor: &Tensor| if tensor.level.learns(frozen_layers) { tensor.length() } else { 0 };
            tensors.as_ref().map(&mut |tensor| vec![0.0; length(tensor)])
        };
        Self { first: zeros(), second: zeros() }
    }

    /// Takes a step along the gradients. Those of the word embeddings are zero afterwards.
    pub(super) fn step(
        &mut self,
        tensors: &Parameters<Tensor>,
        weights: &mut Parameters<Vec<f32>>,
        gradients: &mut Parameters<Vec<f32>>,
        step: &Step<'_>,
    ) {
        let layers = tensors.layers.len();
        let values = weights.as_mut().into_list().into_iter().zip(gradients.as_mut().into_list());
        let moments = self.first.as_mut().into_list().into_iter().zip(self.second.as_mut().into_list());
        let all = tensors.as_ref().into_list().into_iter().zip(values.zip(moments));
        let jobs = all.map(|(tensor, ((weights, gradients), (first, second)))| Job {
            tensor,
            weights,
            gradients,
            first,
            second,
        });
        let mut jobs: Vec<Job<'_>> = jobs.filter(|job| job.tensor.level.learns(step.settings.frozen_layers)).collect();
        let squares: Vec<f64> = jobs.par_iter().map(|job| job.square(step.words)).collect();
        let norm = squares.iter().sum::<f64>().sqrt();
        jobs.par_iter_mut()
            .with_max_len(1)
            .for_each(|job| job.run(step.words, step.coefficients(job.tensor, layers, norm)));
    }
}

impl Step<'_> {
    fn coefficients(&self, tensor: &Tensor, layers: usize, norm: f64) -> Coefficients {
        let rate = self.rate(tensor.level, layers);
        let decay = if tensor.decays() { self.settings.weight_decay } else { 0.0 };
        let steps = self.number as f64 + 1.0;
        Coefficients {
            // The small number is PyTorch's, in `clip_grad_norm_`.
            clip: to_f32((self.settings.clip / (norm + 1e-6)).min(1.0)),
            rate: to_f32(rate / (1.0 - FIRST_DECAY.powf(steps))),
            keep: to_f32(1.0 - rate * decay),
            correction: to_f32((1.0 - SECOND_DECAY.powf(steps)).sqrt()),
        }
    }

    /// The learning rate of a level in this step.
    fn rate(&self, level: Level, layers: usize) -> f64 {
        let below_top = match level {
            Level::Head => return self.settings.head_learning_rate * self.factor,
            Level::Layer(at) => layers - 1 - at,
            Level::Tables => layers,
        };
        self.settings.learning_rate * self.factor * self.settings.layer_decay.powf(below_top as f64)
    }
}

impl Job<'_> {
    /// The sum of the squares of all gradients.
    fn square(&self, words: &[usize]) -> f64 {
        let square = |values: &[f32]| -> f64 {
            let square = |part: &[f32]| f64::from(Arch::new().dispatch(|| sum_of(part, |x| x * x)));
            values.chunks(4096).map(square).sum()
        };
        match self.row_length() {
            Some(length) => words.iter().map(|row| square(&self.gradients[row * length..][..length])).sum(),
            None => square(self.gradients),
        }
    }

    fn run(&mut self, words: &[usize], coefficients: Coefficients) {
        let Some(length) = self.row_length() else {
            return update(self.weights, self.gradients, self.first, self.second, coefficients);
        };
        for row in words {
            let gradients = row_mut(self.gradients, *row, length);
            let (first, second) = (row_mut(self.first, *row, length), row_mut(self.second, *row, length));
            update(row_mut(self.weights, *row, length), gradients, first, second, coefficients);
            gradients.fill(0.0);
        }
    }

    /// The length of a row, for the table of which only some rows are touched.
    fn row_length(&self) -> Option<usize> {
        (self.tensor.names == [WORDS]).then(|| self.tensor.shape[1])
    }
}

/// w ← keep w - rate m / (√v / correction + ε), with the means m and v brought up to date first.
fn update(weights: &mut [f32], gradients: &[f32], first: &mut [f32], second: &mut [f32], by: Coefficients) {
    let (beta1, beta2) = (to_f32(FIRST_DECAY), to_f32(SECOND_DECAY));
    // Taken off in f64: 1 - 0.999 has only four right digits in f32.
    let (new1, new2) = (to_f32(1.0 - FIRST_DECAY), to_f32(1.0 - SECOND_DECAY));
    Arch::new().dispatch(|| {
        let moments = first.iter_mut().zip(second);
        for ((weight, gradient), (m, v)) in weights.iter_mut().zip(gradients).zip(moments) {
            let gradient = gradient * by.clip;
            *m = beta1 * *m + new1 * gradient;
            *v = beta2 * *v + new2 * gradient * gradient;
            *weight = *weight * by.keep - by.rate * *m / (v.sqrt() / by.correction + EPSILON);
        }
    });
}

#[expect(clippy::cast_possible_truncation, reason = "rounding is what is meant")]
fn to_f32(x: f64) -> f32 {
    x as f32
}
