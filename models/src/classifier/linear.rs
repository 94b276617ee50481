use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use rayon::prelude::*;

use super::Classifier;
use crate::features::Features;
use crate::tensors::{Tensor, TensorFile, Tensors};

const WEIGHTS: &str = "weights";
const BIAS: &str = "bias";
/// Instead of `WEIGHTS`, where most weights are 0: the places of the others in the matrix, row after row, and their values.
const PLACES: &str = "places";
const VALUES: &str = "values";
/// Beside them, the number of features.
const WIDTH: &str = "features";

/// Scores that are sums of weighted features: logits = features · weights + bias.
///
/// Weights are kept in f32, as a bundle stores them, so that what was fitted and what is read back score alike; sums are made in f64.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// `[features, stances]`, the dense features first.
    pub weights: Array2<f32>,
    /// `[stances]`.
    pub bias: Array1<f32>,
}

/// A fitted linear classifier and how the fitting ended.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The classifier.
    pub classifier: Linear,
    /// Iterations of the solver.
    pub iterations: u64,
    /// Why the solver stopped.
    pub termination: String,
}

impl Linear {
    /// From weights `[features, stances]` and bias `[stances]` as a solver has them.
    #[expect(clippy::cast_possible_truncation, reason = "weights are kept in f32")]
    pub(super) fn round(weights: &ArrayView2<'_, f64>, bias: &ArrayView1<'_, f64>) -> Self {
        Self { weights: weights.mapv(|weight| weight as f32), bias: bias.mapv(|bias| bias as f32) }
    }

    /// A bundle has a row of weights a stance.
    pub(super) fn read(file: &TensorFile<'_>, features: usize, stances: usize) -> Result<Self, String> {
        let weights = if file.has(PLACES) {
            sparse(file, stances, features)?
        } else {
            file.matrix(WEIGHTS, (stances, features))?
        };
        Ok(Self { weights: weights.t().as_standard_layout().into_owned(), bias: file.floats(BIAS, &[stances])?.into() })
    }
}

impl Classifier for Linear {
    fn logits(&self, features: &Features) -> Array2<f64> {
        logits(features, &self.weights.view(), &self.bias.view())
    }

    fn linear(&self) -> Option<&Linear> {
        Some(self)
    }

    /// Weights are kept in whichever form is smaller.
    #[expect(clippy::cast_possible_truncation, reason = "features are fewer than 2^32")]
    fn tensors(&self) -> Tensors {
        let by_stance = self.weights.t();
        let others: Vec<(u32, f32)> =
            (0..).zip(by_stance.iter().copied()).filter(|(_, weight)| *weight != 0.0).collect();
        let bias = (BIAS, Tensor::floats(self.bias.shape(), &self.bias));
        if 2 * others.len() >= self.weights.len() {
            return Tensors::from([(WEIGHTS, Tensor::floats(by_stance.shape(), by_stance)), bias]);
        }
        let (places, values): (Vec<u32>, Vec<f32>) = others.into_iter().unzip();
        let values = Tensor::floats(&[values.len()], &values);
        let width = Tensor::integers(&[self.weights.nrows() as u32]);
        Tensors::from([(PLACES, Tensor::integers(&places)), (VALUES, values), (WIDTH, width), bias])
    }
}

/// Weights `[stances, features]` of which most are 0.
fn sparse(file: &TensorFile<'_>, stances: usize, features: usize) -> Result<Array2<f32>, String> {
    let count = file.rows(PLACES);
    let (places, values) = (file.integers(PLACES, count)?, file.floats(VALUES, &[count])?);
    let width = file.integers(WIDTH, 1)?[0];
    if width as usize != features {
        return Err(format!("`{WIDTH}` is {width}, expected {features}"));
    }
    let mut weights = Array2::zeros((stances, features));
    for (place, value) in places.into_iter().zip(values) {
        let (stance, feature) = (place as usize / features.max(1), place as usize % features.max(1));
        *weights
            .get_mut((stance, feature))
            .ok_or_else(|| format!("`{PLACES}` are not all below {}", stances * features))? = value;
    }
    Ok(weights)
}

/// Stances whose sums are made at once, which the compiler turns into vector instructions.
pub(super) const LANES: usize = 4;

/// One number for each of [`LANES`] stances.
pub(super) type Lanes = [f64; LANES];

/// Logits `[texts, stances]` under weights `[features, stances]`, text by text and feature by feature: the same on any number of threads.
pub(super) fn logits<T>(features: &Features, weights: &ArrayView2<'_, T>, bias: &ArrayView1<'_, T>) -> Array2<f64>
where
    T: Copy + Into<f64> + Sync,
{
    let mut logits = Array2::from_shape_fn((features.texts(), bias.len()), |(_, stance)| bias[stance].into());
    for (block, weights) in blocks(weights).iter().enumerate() {
        let sums: Vec<Lanes> =
            (0..features.texts()).into_par_iter().map(|text| weighted_sum(features.of_text(text), weights)).collect();
        add_block(&mut logits, block, &sums);
    }
    logits
}

/// The columns of `matrix` in blocks of [`LANES`], the last block filled up with zeros: in each block one item a row.
pub(super) fn blocks<T: Copy + Into<f64>>(matrix: &ArrayView2<'_, T>) -> Vec<Vec<Lanes>> {
    let lanes = |row: ArrayView1<'_, T>, block: usize| {
        let mut lanes = Lanes::default();
        lanes.iter_mut().zip(row.iter().skip(block * LANES)).for_each(|(lane, &value)| *lane = value.into());
        lanes
    };
    let blocks = 0..matrix.ncols().div_ceil(LANES);
    blocks.map(|block| matrix.rows().into_iter().map(|row| lanes(row, block)).collect()).collect()
}

/// The sum of items of `table`, each times the value that `entries` give for its position.
pub(super) fn weighted_sum(entries: impl Iterator<Item = (usize, f32)>, table: &[Lanes]) -> Lanes {
    entries.fold(Lanes::default(), |mut sum, (at, value)| {
        sum.iter_mut().zip(&table[at]).for_each(|(sum, item)| *sum += f64::from(value) * item);
        sum
    })
}

/// Adds one item a row to the columns of `matrix` that are `block`.
pub(super) fn add_block(matrix: &mut Array2<f64>, block: usize, items: &[Lanes]) {
    for (mut row, lanes) in matrix.rows_mut().into_iter().zip(items) {
        row.iter_mut().skip(block * LANES).zip(lanes).for_each(|(value, lane)| *value += lane);
    }
}
