//! A matrix of f32, row after row.

use std::slice::{ChunksExact, ChunksExactMut};

/// A dense matrix, each row contiguous.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    values: Vec<f32>,
    columns: usize,
}

impl Matrix {
    /// Takes over values in row order; `columns` is above zero and divides their number.
    pub(crate) fn new(values: Vec<f32>, columns: usize) -> Self {
        debug_assert!(columns > 0 && values.len().is_multiple_of(columns));
        Self { values, columns }
    }

    pub(crate) fn zeros(rows: usize, columns: usize) -> Self {
        Self::new(vec![0.0; rows * columns], columns)
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    pub(crate) fn row(&self, at: usize) -> &[f32] {
        &self.values[at * self.columns..][..self.columns]
    }

    pub(crate) fn row_mut(&mut self, at: usize) -> &mut [f32] {
        &mut self.values[at * self.columns..][..self.columns]
    }

    pub(crate) fn rows(&self) -> ChunksExact<'_, f32> {
        self.values.chunks_exact(self.columns)
    }

    pub(crate) fn rows_mut(&mut self) -> ChunksExactMut<'_, f32> {
        self.values.chunks_exact_mut(self.columns)
    }

    /// All values in row order.
    pub(crate) fn values(&self) -> &[f32] {
        &self.values
    }

    /// All values in row order.
    pub(crate) fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }
}
