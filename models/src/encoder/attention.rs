//! Self-attention (Vaswani et al., Attention Is All You Need, arXiv:1706.03762), passage by passage and head by head.

use std::ops::Range;

use pulp::Arch;

use super::maths::{exp, maximum, sum_of};
use super::matrix::Matrix;
use super::product::Packed;

/// One head's part of one passage: which rows of the stacked tokens, and which columns of query, key and value.
struct Head<'a> {
    stacked: &'a Matrix,
    rows: Range<usize>,
    query: Range<usize>,
    key: usize,
    value: usize,
}

/// What each token takes over from the tokens of its own passage, [tokens, hidden].
///
/// `stacked` holds query, key and value of each token side by side, [tokens, 3 hidden]; `passages` are the rows of each
/// passage; `heads` divides hidden.
pub(super) fn attend(stacked: &Matrix, passages: &[Range<usize>], heads: usize) -> Matrix {
    let hidden = stacked.columns() / 3;
    let width = hidden / heads;
    let mut context = Matrix::zeros(stacked.rows().len(), hidden);
    for rows in passages {
        for first in (0..hidden).step_by(width) {
            let query = first..first + width;
            let head = Head { stacked, rows: rows.clone(), query, key: hidden + first, value: 2 * hidden + first };
            head.attend(&mut context);
        }
    }
    context
}

impl Head<'_> {
    /// Writes the head's part into the context: softmax(Q Kᵀ / √width) V.
    fn attend(&self, context: &mut Matrix) {
        let weights = self.attention_weights();
        let value = |column: usize, token: usize| self.token(token)[self.value + column];
        let values = Packed::new(self.query.len(), self.rows.len(), value);
        values.multiply(&weights.rows().collect::<Vec<_>>(), |row, column, part| {
            context.row_mut(self.rows.start + row)[self.query.start + column..][..part.len()].copy_from_slice(part);
        });
    }

    /// How much of each token (column) each token (row) takes over; the rows sum to 1.
    fn attention_weights(&self) -> Matrix {
        let tokens = self.rows.len();
        let keys = Packed::new(tokens, self.query.len(), |token, column| self.token(token)[self.key + column]);
        let queries: Vec<&[f32]> = (0..tokens).map(|token| &self.token(token)[self.query.clone()]).collect();
        let mut weights = Matrix::zeros(tokens, tokens);
        keys.multiply(&queries, |row, column, part| {
            weights.row_mut(row)[column..][..part.len()].copy_from_slice(part);
        });
        let scale = 1.0 / (self.query.len() as f32).sqrt();
        Arch::new().dispatch(|| weights.rows_mut().for_each(|row| softmax(row, scale)));
        weights
    }

    fn token(&self, token: usize) -> &[f32] {
        self.stacked.row(self.rows.start + token)
    }
}

/// Makes a row of scores, times `scale`, shares of 1: exp(s) over the sum of all, with the largest taken off first so
/// that none overflows.
#[inline]
pub(crate) fn softmax(row: &mut [f32], scale: f32) {
    let largest = maximum(row);
    for score in &mut *row {
        *score = exp((*score - largest) * scale);
    }
    let share = 1.0 / sum_of(row, |x| x);
    for weight in row {
        *weight *= share;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: &[f32], expected: &[f32]) -> bool {
        found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6)
    }

    #[test]
    fn softmax_shares_out_one_and_does_not_overflow() {
        let cases: [(&[f32], f32, &[f32]); 4] = [
            (&[5.0], 1.0, &[1.0]),
            (&[0.0, 3.0_f32.ln()], 1.0, &[0.25, 0.75]),
            (&[0.0, 2.0 * 3.0_f32.ln()], 0.5, &[0.25, 0.75]),
            (&[1e30, -1e30, 1e30], 1.0, &[0.5, 0.0, 0.5]),
        ];
        for (scores, scale, expected) in cases {
            let mut row = scores.to_vec();
            softmax(&mut row, scale);
            assert!(close(&row, expected), "{scores:?} gave {row:?}");
        }
    }

    #[test]
    fn tokens_see_their_own_passage_and_each_head_its_own_columns() {
        // Two heads of width 1. All keys are 0, so each token takes the plain mean of its passage's values.
        let rows = [[9.0, 9.0, 0.0, 0.0, 1.0, 10.0], [9.0, 9.0, 0.0, 0.0, 3.0, 30.0], [9.0, 9.0, 0.0, 0.0, 5.0, 50.0]];
        let stacked = Matrix::new(rows.concat(), 6);
        let context = attend(&stacked, &[0..2, 2..3], 2);
        assert!(close(context.values(), &[2.0, 20.0, 2.0, 20.0, 5.0, 50.0]), "{context:?}");
    }
}
