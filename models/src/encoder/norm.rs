//! Layer normalisation (Ba, Kiros & Hinton, arXiv:1607.06450).

use pulp::Arch;

use super::config::BertConfig;
use super::error::LoadError;
use super::maths::sum_of;
use super::matrix::Matrix;
use super::weights::Weights;

/// Brings each row to mean 0 and variance 1, then scales and shifts its dimensions.
#[derive(Debug)]
pub(super) struct LayerNorm {
    scale: Vec<f32>,
    shift: Vec<f32>,
    epsilon: f32,
}

impl LayerNorm {
    pub(super) fn read(weights: &Weights<'_>, name: &str, config: &BertConfig) -> Result<Self, LoadError> {
        Ok(Self {
            scale: weights.vector(&format!("{name}.weight"), config.hidden)?,
            shift: weights.vector(&format!("{name}.bias"), config.hidden)?,
            epsilon: config.epsilon,
        })
    }

    /// Normalises each row of a [tokens, hidden] matrix in place.
    pub(super) fn apply(&self, matrix: &mut Matrix) {
        Arch::new().dispatch(|| {
            for row in matrix.rows_mut() {
                normalise(row, &self.scale, &self.shift, self.epsilon);
            }
        });
    }
}

#[inline]
fn normalise(row: &mut [f32], scale: &[f32], shift: &[f32], epsilon: f32) {
    let length = row.len() as f32;
    let mean = sum_of(row, |x| x) / length;
    let variance = sum_of(row, |x| (x - mean) * (x - mean)) / length;
    let inverse = 1.0 / (variance + epsilon).sqrt();
    for ((x, scale), shift) in row.iter_mut().zip(scale).zip(shift) {
        *x = (*x - mean) * inverse * scale + shift;
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "the numbers are chosen to be exact")]
mod tests {
    use super::*;

    #[test]
    fn rows_are_centred_scaled_and_shifted() {
        // Mean 3 and variance 4: (1, 5) becomes (-1, 1), before the scale and shift of each dimension.
        let mut row = [1.0, 5.0];
        normalise(&mut row, &[10.0, 100.0], &[0.5, -0.5], 0.0);
        assert_eq!(row, [-9.5, 99.5]);
        let mut flat = [7.0; 3];
        normalise(&mut flat, &[1.0; 3], &[0.25; 3], 1e-12);
        assert_eq!(flat, [0.25; 3]);
        let mut damped = [0.0, 2.0];
        normalise(&mut damped, &[1.0; 2], &[0.0; 2], 3.0);
        assert_eq!(damped, [-0.5, 0.5]);
    }
}
