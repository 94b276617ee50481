//! Vectors of which only the direction counts.

use ndarray::{Array2, ArrayView1, NdFloat};

/// |vector|, or 1 for a vector of zeros, whose cosines are then 0.
pub(crate) fn length<F: NdFloat>(vector: &ArrayView1<'_, F>) -> F {
    let length = vector.dot(vector).sqrt();
    if length > F::zero() { length } else { F::one() }
}

/// Scales every row to length 1, but for rows of zeros, which stay.
pub(crate) fn scale_rows<F: NdFloat>(rows: &mut Array2<F>) {
    for mut row in rows.rows_mut() {
        let length = length(&row.view());
        row /= length;
    }
}
