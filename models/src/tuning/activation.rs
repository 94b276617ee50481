//! Activation functions, the way back.

use pulp::Arch;

use crate::encoder::activation::Activation;
use crate::encoder::maths::{complementary_error, exp};
use crate::encoder::matrix::Matrix;

/// Turns the gradients of an activation's outputs into those of its inputs, in place.
pub(super) fn backward(activation: Activation, inputs: &Matrix, deltas: &mut Matrix) {
    let arch = Arch::new();
    let pairs = deltas.values_mut().iter_mut().zip(inputs.values());
    match activation {
        Activation::Gelu => arch.dispatch(|| pairs.for_each(|(delta, x)| *delta *= gelu_slope(*x))),
        Activation::GeluNew => arch.dispatch(|| pairs.for_each(|(delta, x)| *delta *= gelu_tanh_slope(*x))),
        Activation::Relu => arch.dispatch(|| pairs.for_each(|(delta, x)| *delta *= f32::from(*x > 0.0))),
    }
}

/// Φ(x) + x φ(x), with the normal distribution and its density.
#[inline]
fn gelu_slope(x: f32) -> f32 {
    let tail = 0.5 * complementary_error(x.abs() * std::f32::consts::FRAC_1_SQRT_2);
    let density = 0.398_942_3 * exp(-0.5 * x * x);
    let distribution = if x > 0.0 { 1.0 - tail } else { tail };
    distribution + x * density
}

/// With s = 1 / (1 + exp(-2u)) and u as in the way there: s + 2 x s (1 - s) u'.
#[inline]
fn gelu_tanh_slope(x: f32) -> f32 {
    let u = 0.797_884_6 * (x + 0.044_715 * x * x * x);
    let slope = 0.797_884_6 * (1.0 + 0.134_145 * x * x);
    let share = 1.0 / (1.0 + exp(-2.0 * u));
    share + 2.0 * x * share * (1.0 - share) * slope
}
