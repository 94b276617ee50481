//! From the vectors of a passage's tokens to its embedding, with the way back.

use crate::encoder::maths::sum_of;
use crate::encoder::matrix::Matrix;
use crate::encoder::pooling::{Pooling, normalise};

/// How token vectors become an embedding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pool {
    pub(super) pooling: Pooling,
    /// Whether the embedding is scaled to length 1.
    pub(super) normalise: bool,
}

impl Pool {
    /// The embedding [hidden] of a passage's token vectors [tokens, hidden].
    pub(super) fn forward(self, tokens: &Matrix) -> Vec<f32> {
        let mut vector = self.pooling.pool(tokens, 0..tokens.rows().len());
        if self.normalise {
            normalise(&mut vector);
        }
        vector
    }

    /// The gradients of the token vectors [tokens, hidden], given that of the embedding.
    pub(super) fn backward(self, tokens: &Matrix, mut delta: Vec<f32>) -> Matrix {
        let count = tokens.rows().len();
        if self.normalise {
            normalise_backward(&self.pooling.pool(tokens, 0..count), &mut delta);
        }
        let mut gradients = Matrix::zeros(count, tokens.columns());
        match self.pooling {
            Pooling::Cls => gradients.row_mut(0).copy_from_slice(&delta),
            Pooling::Mean => {
                let share: Vec<f32> = delta.iter().map(|delta| delta / count as f32).collect();
                gradients.rows_mut().for_each(|row| row.copy_from_slice(&share));
            }
            Pooling::Max => {
                for (column, delta) in delta.into_iter().enumerate() {
                    gradients.row_mut(largest(tokens, column))[column] = delta;
                }
            }
        }
        gradients
    }
}

/// With e = v / |v|: (δ - e (e · δ)) / |v|.
fn normalise_backward(vector: &[f32], delta: &mut [f32]) {
    let length = sum_of(vector, |x| x * x).sqrt().max(1e-12);
    let products: Vec<f32> = vector.iter().zip(&*delta).map(|(v, d)| v * d).collect();
    let along = sum_of(&products, |x| x) / (length * length);
    for (delta, value) in delta.iter_mut().zip(vector) {
        *delta = (*delta - value * along) / length;
    }
}

/// The first row with the largest value in a column.
fn largest(tokens: &Matrix, column: usize) -> usize {
    let value = |row: usize| tokens.row(row)[column];
    (1..tokens.rows().len()).fold(0, |best, row| if value(row) > value(best) { row } else { best })
}
