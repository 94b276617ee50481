//! The embeddings of tokens, with the way back.

use super::dense::add;
use super::norm::{self, NormTape};
use super::parameters::Tables;
use crate::encoder::matrix::Matrix;
use crate::encoder::tokenizer::Tokens;

/// The vectors [tokens, hidden] that a passage enters the first layer with: the sums of the rows of its word pieces, its
/// positions and its token types, normalised.
pub(super) fn forward(tokens: &Tokens, tables: &Tables<Vec<f32>>, epsilon: f32) -> (Matrix, NormTape) {
    let hidden = tables.norm.scale.len();
    let mut sums = Matrix::zeros(tokens.ids.len(), hidden);
    for (at, sum) in sums.rows_mut().enumerate() {
        add(sum, row(&tables.words, tokens.ids[at] as usize, hidden));
        add(sum, row(&tables.types, tokens.types[at] as usize, hidden));
        add(sum, row(&tables.positions, tokens.positions[at] as usize, hidden));
    }
    norm::forward(sums, &tables.norm, epsilon)
}

/// Adds the gradients of a passage's sums, [tokens, hidden], to those of the rows that they were made of.
pub(super) fn add_gradients(tokens: &Tokens, deltas: &Matrix, gradients: &mut Tables<&mut Vec<f32>>) {
    let hidden = deltas.columns();
    for (at, delta) in deltas.rows().enumerate() {
        add(row_mut(gradients.words, tokens.ids[at] as usize, hidden), delta);
        add(row_mut(gradients.types, tokens.types[at] as usize, hidden), delta);
        add(row_mut(gradients.positions, tokens.positions[at] as usize, hidden), delta);
    }
}

fn row(table: &[f32], at: usize, hidden: usize) -> &[f32] {
    &table[at * hidden..][..hidden]
}

/// One row of a table [rows, hidden].
pub(super) fn row_mut(table: &mut [f32], at: usize, hidden: usize) -> &mut [f32] {
    &mut table[at * hidden..][..hidden]
}
