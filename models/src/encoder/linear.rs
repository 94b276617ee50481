//! Linear layers.

use super::error::LoadError;
use super::matrix::Matrix;
use super::product::Packed;
use super::weights::Weights;

/// x Wᵀ + b for each row x.
#[derive(Debug)]
pub(super) struct Linear {
    weights: Packed,
    bias: Vec<f32>,
}

impl Linear {
    /// Reads several layers that see the same `inputs` as one: their `outputs` stand side by side, in order of `names`.
    pub(super) fn read(
        weights: &Weights<'_>,
        names: &[String],
        outputs: usize,
        inputs: usize,
    ) -> Result<Self, LoadError> {
        let (mut matrices, mut bias) = (Vec::new(), Vec::new());
        for name in names {
            matrices.push(weights.matrix(&format!("{name}.weight"), outputs, inputs)?);
            bias.extend(weights.vector(&format!("{name}.bias"), outputs)?);
        }
        Ok(Self::new(&matrices, outputs, inputs, bias))
    }

    /// Reads a layer that has no bias.
    pub(super) fn read_without_bias(
        weights: &Weights<'_>,
        name: &str,
        outputs: usize,
        inputs: usize,
    ) -> Result<Self, LoadError> {
        let matrix = weights.matrix(&format!("{name}.weight"), outputs, inputs)?;
        Ok(Self::new(&[matrix], outputs, inputs, vec![0.0; outputs]))
    }

    fn new(matrices: &[Matrix], outputs: usize, inputs: usize, bias: Vec<f32>) -> Self {
        let element = |output: usize, input: usize| matrices[output / outputs].row(output % outputs)[input];
        Self { weights: Packed::new(bias.len(), inputs, element), bias }
    }

    /// The layer's outputs [rows, outputs] for its inputs [rows, inputs].
    pub(super) fn apply(&self, inputs: &Matrix) -> Matrix {
        let rows: Vec<&[f32]> = inputs.rows().collect();
        let mut outputs = Matrix::zeros(rows.len(), self.weights.outputs());
        self.weights.multiply(&rows, |row, column, values| {
            let slots = outputs.row_mut(row)[column..].iter_mut();
            for ((slot, value), bias) in slots.zip(values).zip(&self.bias[column..]) {
                *slot = value + bias;
            }
        });
        outputs
    }
}
