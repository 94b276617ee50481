//! The running average of the weights over the steps: less moved by the last batches than the weights themselves.
//!
//! Averaging the iterates is Polyak & Juditsky's (SIAM Journal on Control and Optimization 30, 1992); that the average
//! of a deep network's weights generalises better than the last ones, Izmailov et al.'s (arXiv:1803.05407). Here later
//! weights count more, exponentially, and there are no traces of where the average started, as in Adam's means.

use pulp::Arch;
use rayon::prelude::*;

use super::parameters::Parameters;
use super::settings::TuneSettings;
use super::source::Tensor;

/// The average after t steps of weights w: Σ dᵗ⁻ⁱ wᵢ / Σ dᵗ⁻ⁱ over i from 1 to t, with d the decay.
pub(super) struct Average {
    pub(super) weights: Parameters<Vec<f32>>,
}

impl Average {
    /// The average before the first step, where one is asked for.
    pub(super) fn new(start: &Parameters<Vec<f32>>, settings: &TuneSettings) -> Option<Self> {
        (settings.averaging > 0.0).then(|| Self { weights: start.clone() })
    }

    /// Takes in the weights after a step, counted from 0.
    pub(super) fn take_in(
        &mut self,
        weights: &Parameters<Vec<f32>>,
        tensors: &Parameters<Tensor>,
        step: usize,
        settings: &TuneSettings,
    ) {
        let share = share_of_last(settings.averaging, step);
        let pairs = self.weights.as_mut().into_list().into_iter().zip(weights.as_ref().into_list());
        let learnt = tensors.as_ref().into_list().into_iter().zip(pairs);
        let learnt = learnt.filter(|(tensor, _)| tensor.level.learns(settings.frozen_layers));
        let pairs: Vec<(&mut Vec<f32>, &Vec<f32>)> = learnt.map(|(_, pair)| pair).collect();
        pairs.into_par_iter().with_max_len(1).for_each(|(averages, weights)| {
            Arch::new().dispatch(|| {
                for (average, weight) in averages.iter_mut().zip(weights) {
                    *average += share * (weight - *average);
                }
            });
        });
    }
}

/// What the weights after a step count for in the average: (1 - d) / (1 - dᵗ), which is all of it in the first.
#[expect(clippy::cast_possible_truncation, reason = "rounding is what is meant")]
fn share_of_last(decay: f64, step: usize) -> f32 {
    ((1.0 - decay) / (1.0 - decay.powf(step as f64 + 1.0))) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_follows_its_definition() {
        let weights = [3.0, -1.0, 0.5, 8.0, 2.0_f64];
        for decay in [0.1, 0.5, 0.99] {
            let mut average = 100.0;
            for (step, weight) in weights.iter().enumerate() {
                average += f64::from(share_of_last(decay, step)) * (weight - average);
                let counts: Vec<f64> = (0..=step).rev().map(|ago| decay.powf(ago as f64)).collect();
                let exact: f64 = counts.iter().zip(&weights).map(|(count, weight)| count * weight).sum();
                let exact = exact / counts.iter().sum::<f64>();
                assert!((average - exact).abs() < 1e-4, "decay {decay}, step {step}: {average} for {exact}");
            }
        }
    }
}
