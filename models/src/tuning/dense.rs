//! Linear layers: y = x Wᵀ + b.

use rayon::prelude::*;

use super::parameters::Dense;
use crate::encoder::matrix::Matrix;
use crate::encoder::product::Packed;

/// Outputs whose gradients one task computes.
const BLOCK: usize = 48;
/// Tokens that a weight's gradient is summed over at a time, so that both sides of the product stay in a second-level
/// cache. No power of two: rows that far apart would compete for the same lines of the cache.
const SEGMENT: usize = 960;

/// A layer's weights laid out for the forward and for the backward pass.
pub(super) struct Kernel {
    forward: Packed,
    backward: Packed,
}

impl Kernel {
    /// Lays out the weights of a layer, whose outputs are as many as its bias is long.
    pub(super) fn new(layer: &Dense<Vec<f32>>) -> Self {
        let inputs = layer.weight.len() / layer.bias.len();
        let rows: Vec<&[f32]> = layer.weight.chunks_exact(inputs).collect();
        Self { forward: Packed::of_rows(&rows), backward: Packed::of_columns(&rows) }
    }

    /// The outputs [tokens, outputs] for the inputs [tokens, inputs].
    pub(super) fn forward(&self, inputs: &Matrix, bias: &[f32]) -> Matrix {
        let mut outputs = product(&inputs.rows().collect::<Vec<_>>(), &self.forward);
        for row in outputs.rows_mut() {
            add(row, bias);
        }
        outputs
    }

    /// The gradients [tokens, inputs] with respect to the inputs, of those [tokens, outputs] with respect to the outputs.
    pub(super) fn backward(&self, deltas: &Matrix) -> Matrix {
        product(&deltas.rows().collect::<Vec<_>>(), &self.backward)
    }
}

/// The product of each row with the packed matrix transposed, [rows, packed outputs].
pub(super) fn product(rows: &[&[f32]], packed: &Packed) -> Matrix {
    let mut result = Matrix::zeros(rows.len(), packed.outputs());
    packed.multiply(rows, |row, column, values| {
        result.row_mut(row)[column..][..values.len()].copy_from_slice(values);
    });
    result
}

/// Adds one row to another.
pub(super) fn add(to: &mut [f32], row: &[f32]) {
    for (value, other) in to.iter_mut().zip(row) {
        *value += other;
    }
}

/// Writes the gradients of the weights and the bias, given what went in and the gradients of what came out, passage by
/// passage: Σ δ xᵀ and Σ δ over all tokens, always in the order of the tokens.
pub(super) fn gradients(inputs: &[&Matrix], deltas: &[&Matrix], gradients: &mut Dense<&mut Vec<f32>>) {
    let inputs: Vec<&[f32]> = inputs.iter().flat_map(|passage| passage.rows()).collect();
    let deltas: Vec<&[f32]> = deltas.iter().flat_map(|passage| passage.rows()).collect();
    gradients.weight.fill(0.0);
    for (inputs, deltas) in inputs.chunks(SEGMENT).zip(deltas.chunks(SEGMENT)) {
        add_weight_gradients(inputs, deltas, gradients.weight);
    }
    gradients.bias.fill(0.0);
    for row in &deltas {
        add(gradients.bias, row);
    }
}

fn add_weight_gradients(inputs: &[&[f32]], deltas: &[&[f32]], gradients: &mut [f32]) {
    let columns = inputs[0].len();
    let packed = Packed::of_columns(inputs);
    gradients.par_chunks_mut(BLOCK * columns).with_max_len(1).enumerate().for_each(|(block, gradients)| {
        let transposed = columns_of(deltas, block * BLOCK, gradients.len() / columns);
        packed.multiply(&transposed.rows().collect::<Vec<_>>(), |row, column, values| {
            add(&mut gradients[row * columns + column..][..values.len()], values);
        });
    });
}

/// Some neighbouring columns of a matrix, as rows [columns, rows].
pub(super) fn columns_of(rows: &[&[f32]], first: usize, count: usize) -> Matrix {
    let mut columns = Matrix::zeros(count, rows.len());
    for (at, row) in rows.iter().enumerate() {
        for (slot, value) in columns.values_mut()[at..].iter_mut().step_by(rows.len()).zip(&row[first..][..count]) {
            *slot = *value;
        }
    }
    columns
}
