//! Self-attention within one passage, with the way back.
//!
//! The weights, as many as the square of the tokens for every head, are not kept for the way back but computed again:
//! that costs a hundredth of the layer's work.

use pulp::Arch;

use super::dense::{columns_of, product};
use super::dropout::{Dropout, Site};
use crate::encoder::attention::softmax;
use crate::encoder::maths::sum_of;
use crate::encoder::matrix::Matrix;
use crate::encoder::product::Packed;

/// The attention of one layer: which one it is, into how many heads its columns are split, and what is dropped.
#[derive(Clone, Copy)]
pub(super) struct Attention {
    pub(super) layer: usize,
    pub(super) heads: usize,
    pub(super) dropout: Dropout,
}

impl Attention {
    /// What each token takes over from the others, [tokens, hidden], given query, key and value of each side by side,
    /// [tokens, 3 hidden].
    pub(super) fn forward(self, stacked: &Matrix) -> Matrix {
        let mut context = Matrix::zeros(stacked.rows().len(), stacked.columns() / 3);
        for at in 0..self.heads {
            let head = self.head(stacked, at);
            let mut weights = head.weights();
            self.drop_weights(at, &mut weights);
            let part = product(&rows(&weights), &Packed::of_columns(&head.values));
            write_columns(&mut context, head.first, &part);
        }
        context
    }

    /// The gradients of `stacked`, given those of the context, [tokens, hidden].
    pub(super) fn backward(self, stacked: &Matrix, deltas: &Matrix) -> Matrix {
        let hidden = deltas.columns();
        let mut gradients = Matrix::zeros(stacked.rows().len(), stacked.columns());
        for at in 0..self.heads {
            let head = self.head(stacked, at);
            let [queries, keys, values] = self.backward_head(at, &head, &head.columns(deltas));
            write_columns(&mut gradients, head.first, &queries);
            write_columns(&mut gradients, hidden + head.first, &keys);
            write_columns(&mut gradients, 2 * hidden + head.first, &values);
        }
        gradients
    }

    /// The gradients of a head's queries, keys and values, [tokens, width] each.
    ///
    /// With P the weights, D what dropout makes of them, δ the gradients of the context D V and s the scale:
    /// dV = Dᵀ δ, dP = dropped(δ Vᵀ), dS = s P ∘ (dP - Σ dP ∘ P), dQ = dS K, dK = dSᵀ Q.
    fn backward_head(self, at: usize, head: &Head<'_>, deltas: &[&[f32]]) -> [Matrix; 3] {
        let tokens = deltas.len();
        let weights = head.weights();
        let mut dropped = weights.clone();
        self.drop_weights(at, &mut dropped);
        let values = product(&rows(&columns_of(&rows(&dropped), 0, tokens)), &Packed::of_columns(deltas));
        let mut scores = product(deltas, &Packed::of_rows(&head.values));
        self.drop_weights(at, &mut scores);
        softmax_backward(&mut scores, &weights, head.scale());
        let queries = product(&rows(&scores), &Packed::of_columns(&head.keys));
        let keys = product(&rows(&columns_of(&rows(&scores), 0, tokens)), &Packed::of_columns(&head.queries));
        [queries, keys, values]
    }

    fn drop_weights(self, head: usize, weights: &mut Matrix) {
        self.dropout.apply(Site::AttentionWeights { layer: self.layer, head }, weights.values_mut());
    }

    fn head<'a>(&self, stacked: &'a Matrix, at: usize) -> Head<'a> {
        let hidden = stacked.columns() / 3;
        let width = hidden / self.heads;
        let columns = |first: usize| stacked.rows().map(|row| &row[first + at * width..][..width]).collect();
        Head { first: at * width, queries: columns(0), keys: columns(hidden), values: columns(2 * hidden) }
    }
}

/// One head's columns of query, key and value, a row a token.
struct Head<'a> {
    /// The head's first column.
    first: usize,
    queries: Vec<&'a [f32]>,
    keys: Vec<&'a [f32]>,
    values: Vec<&'a [f32]>,
}

impl Head<'_> {
    /// How much of each token (column) each token (row) takes over; the rows sum to 1.
    fn weights(&self) -> Matrix {
        let mut weights = product(&self.queries, &Packed::of_rows(&self.keys));
        Arch::new().dispatch(|| weights.rows_mut().for_each(|row| softmax(row, self.scale())));
        weights
    }

    fn scale(&self) -> f32 {
        1.0 / (self.width() as f32).sqrt()
    }

    fn width(&self) -> usize {
        self.queries[0].len()
    }

    /// The head's columns of a matrix [tokens, hidden].
    fn columns<'m>(&self, matrix: &'m Matrix) -> Vec<&'m [f32]> {
        matrix.rows().map(|row| &row[self.first..][..self.width()]).collect()
    }
}

/// Turns the gradients of softmax(scale · scores) into those of the scores, in place.
fn softmax_backward(gradients: &mut Matrix, weights: &Matrix, scale: f32) {
    Arch::new().dispatch(|| {
        for (row, weights) in gradients.rows_mut().zip(weights.rows()) {
            row.iter_mut().zip(weights).for_each(|(gradient, weight)| *gradient *= weight);
            let total = sum_of(row, |x| x);
            for (gradient, weight) in row.iter_mut().zip(weights) {
                *gradient = (*gradient - weight * total) * scale;
            }
        }
    });
}

fn rows(matrix: &Matrix) -> Vec<&[f32]> {
    matrix.rows().collect()
}

fn write_columns(to: &mut Matrix, first: usize, part: &Matrix) {
    for (row, part) in to.rows_mut().zip(part.rows()) {
        row[first..][..part.len()].copy_from_slice(part);
    }
}
