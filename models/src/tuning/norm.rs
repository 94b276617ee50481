//! Layer normalisation, with the way back.

use pulp::Arch;

use super::dense::add;
use super::parameters::Norm;
use crate::encoder::maths::sum_of;
use crate::encoder::matrix::Matrix;

/// What the way back needs: the rows at mean 0 and variance 1, [tokens, hidden], and what each was multiplied by.
pub(super) struct NormTape {
    normal: Matrix,
    inverses: Vec<f32>,
}

/// Normalises each row of [tokens, hidden], then scales and shifts its dimensions.
pub(super) fn forward(mut normal: Matrix, norm: &Norm<Vec<f32>>, epsilon: f32) -> (Matrix, NormTape) {
    let mut inverses = Vec::with_capacity(normal.rows().len());
    let mut outputs = Matrix::zeros(normal.rows().len(), normal.columns());
    Arch::new().dispatch(|| {
        for (row, output) in normal.rows_mut().zip(outputs.rows_mut()) {
            inverses.push(normalise(row, epsilon));
            for (((y, x), scale), shift) in output.iter_mut().zip(&*row).zip(&norm.scale).zip(&norm.shift) {
                *y = x * scale + shift;
            }
        }
    });
    (outputs, NormTape { normal, inverses })
}

#[inline]
fn normalise(row: &mut [f32], epsilon: f32) -> f32 {
    let length = row.len() as f32;
    let mean = sum_of(row, |x| x) / length;
    let variance = sum_of(row, |x| (x - mean) * (x - mean)) / length;
    let inverse = 1.0 / (variance + epsilon).sqrt();
    for x in row {
        *x = (*x - mean) * inverse;
    }
    inverse
}

impl NormTape {
    /// Turns the gradients of the outputs into those of the inputs, in place, and gives those of scale and shift.
    ///
    /// With x̂ the normal row and g = δ ∘ scale: (g - mean(g) - x̂ mean(g ∘ x̂)) / σ.
    pub(super) fn backward(&self, deltas: &mut Matrix, norm: &Norm<Vec<f32>>) -> Norm<Vec<f32>> {
        let mut gradients = Norm { scale: vec![0.0; deltas.columns()], shift: vec![0.0; deltas.columns()] };
        Arch::new().dispatch(|| {
            let mut products = vec![0.0; deltas.columns()];
            for ((row, normal), inverse) in deltas.rows_mut().zip(self.normal.rows()).zip(&self.inverses) {
                multiply(&mut products, row, normal);
                add(&mut gradients.scale, &products);
                add(&mut gradients.shift, row);
                backward_row(row, normal, *inverse, &norm.scale, &mut products);
            }
        });
        gradients
    }
}

#[inline]
fn backward_row(row: &mut [f32], normal: &[f32], inverse: f32, scale: &[f32], products: &mut [f32]) {
    let length = row.len() as f32;
    row.iter_mut().zip(scale).for_each(|(delta, scale)| *delta *= scale);
    multiply(products, row, normal);
    let mean = sum_of(row, |x| x) / length;
    let slope = sum_of(products, |x| x) / length;
    for (delta, normal) in row.iter_mut().zip(normal) {
        *delta = (*delta - mean - normal * slope) * inverse;
    }
}

#[inline]
fn multiply(products: &mut [f32], left: &[f32], right: &[f32]) {
    for ((product, left), right) in products.iter_mut().zip(left).zip(right) {
        *product = left * right;
    }
}
