//! Activation functions of the feed-forward part.

use pulp::Arch;
use serde::Deserialize;

use super::maths::{complementary_error, exp};

/// An activation by its name in `config.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Activation {
    /// x Φ(x), with Φ the normal distribution function (Hendrycks & Gimpel, arXiv:1606.08415).
    Gelu,
    /// The same paper's approximation by the hyperbolic tangent.
    #[serde(alias = "gelu_pytorch_tanh")]
    GeluNew,
    /// The positive part.
    Relu,
}

impl Activation {
    /// The names taken, for error messages.
    pub(crate) const NAMES: &str = "gelu, gelu_new, gelu_pytorch_tanh or relu";

    /// Applies the activation to every value.
    pub(crate) fn apply(self, values: &mut [f32]) {
        let arch = Arch::new();
        match self {
            Self::Gelu => arch.dispatch(|| values.iter_mut().for_each(|x| *x = gelu(*x))),
            Self::GeluNew => arch.dispatch(|| values.iter_mut().for_each(|x| *x = gelu_tanh(*x))),
            Self::Relu => arch.dispatch(|| values.iter_mut().for_each(|x| *x = x.max(0.0))),
        }
    }
}

/// Written from the tail 1 - Φ(|x|), which the error function gives without cancellation.
#[inline]
fn gelu(x: f32) -> f32 {
    let tail = 0.5 * complementary_error(x.abs() * std::f32::consts::FRAC_1_SQRT_2);
    x.max(0.0) - x.abs() * tail
}

/// x (1 + tanh u) / 2 = x / (1 + exp(-2u)), u = sqrt(2/π) (x + 0.044715 x³).
#[inline]
fn gelu_tanh(x: f32) -> f32 {
    let u = 0.797_884_6 * (x + 0.044_715 * x * x * x);
    x / (1.0 + exp(-2.0 * u))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The integral of the normal density by Simpson's rule: slow, and right to far beyond f32.
    fn normal_distribution(x: f64) -> f64 {
        let density = |t: f64| (-t * t / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let step = x / 2000.0;
        let weight = |i: i32| if i == 0 || i == 2000 { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
        0.5 + (0..=2000).map(|i| weight(i) * density(f64::from(i) * step)).sum::<f64>() * step / 3.0
    }

    #[test]
    fn activations_are_within_a_millionth() {
        let tanh = |x: f64| 0.5 * x * (1.0 + (0.797_884_560_802_865_4 * (x + 0.044_715 * x * x * x)).tanh());
        let cases: [(Activation, &dyn Fn(f64) -> f64); 3] = [
            (Activation::Gelu, &|x| x * normal_distribution(x)),
            (Activation::GeluNew, &tanh),
            (Activation::Relu, &|x| x.max(0.0)),
        ];
        for (activation, exact) in cases {
            let inputs: Vec<f32> = (-1200_i16..=1200).map(|i| f32::from(i) / 100.0).collect();
            let mut outputs = inputs.clone();
            activation.apply(&mut outputs);
            for (x, y) in inputs.iter().zip(&outputs) {
                let error = (f64::from(*y) - exact(f64::from(*x))).abs();
                assert!(
                    error < 1e-6_f64.max(f64::from(x.abs()) * 2e-7),
                    "{activation:?}({x}) is {y}, off by {error:e}"
                );
            }
        }
    }

    #[test]
    fn far_out_values_stay_finite() {
        for activation in [Activation::Gelu, Activation::GeluNew, Activation::Relu] {
            let mut values = [-1e10, -1000.0, 1000.0, 1e10];
            activation.apply(&mut values);
            assert!(values[0].abs() < 1e-20 && values[1].abs() < 1e-20, "{activation:?} gives {values:?}");
            assert_eq!(values[2..], [1000.0, 1e10], "{activation:?}");
        }
    }
}
