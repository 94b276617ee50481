use ndarray::{Array1, Array2, Axis, stack};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::linear::{Fit, Linear};
use super::training::Training;
use crate::features::Features;

const MOST_ITERATIONS: u64 = 1_000;

/// How a linear support vector machine is fitted, each stance against the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SvmSettings {
    /// How much the squared hinge losses count against |weights|² / 2, as scikit-learn's `C`: larger fits the texts more closely.
    pub c: f64,
    /// Whether every stance counts the same however many texts it has.
    pub balanced: bool,
    /// The solver stops when projected gradients differ by no more than this over one pass; scikit-learn's `tol`, whose default is 1e-4.
    pub tolerance: f64,
    /// Of the order in which texts are visited.
    pub seed: u64,
}

impl SvmSettings {
    /// Fits by dual coordinate descent with shrinking.
    ///
    /// For each stance minimises |weights, bias|² / 2 + C · Σ weight · max(0, 1 ∓ margin)²; the bias is penalised like the weights.
    ///
    /// Source: Hsieh, Chang, Lin, Keerthi and Sundararajan, "A Dual Coordinate Descent Method for Large-scale Linear SVM" (2008),
    /// algorithm 3, as LIBLINEAR has it (`LinearSVC(loss="squared_hinge")`).
    #[must_use]
    pub fn fit(self, training: Training<'_>) -> Fit {
        let costs: Vec<f64> = training.text_weights(self.balanced).iter().map(|weight| self.c * weight).collect();
        let squares: Vec<f64> = (0..costs.len())
            .map(|text| 1.0 + training.features.of_text(text).map(|(_, value)| f64::from(value).powi(2)).sum::<f64>())
            .collect();
        let solve = |stance| {
            let signs = training.labels.iter().map(|&label| if label == stance { 1.0 } else { -1.0 }).collect();
            Descent { features: training.features, costs: &costs, squares: &squares, signs }.solve(self)
        };
        let solved: Vec<(Array1<f64>, u64)> = (0..training.stances).into_par_iter().map(solve).collect();
        let iterations = solved.iter().map(|(_, iterations)| *iterations).max().unwrap_or(0);
        let parameters: Vec<_> = solved.iter().map(|(parameters, _)| parameters.view()).collect();
        let parameters = stack(Axis(1), &parameters)
            .unwrap_or_else(|_| Array2::zeros((training.features.width() + 1, training.stances)));
        let (weights, bias) = parameters.view().split_at(Axis(0), training.features.width());
        let termination =
            if iterations < MOST_ITERATIONS { "Solver converged" } else { "Maximum number of iterations reached" };
        Fit { classifier: Linear::round(&weights, &bias.row(0)), iterations, termination: termination.to_owned() }
    }
}

/// One stance against the rest.
struct Descent<'a> {
    features: &'a Features,
    /// C of each text.
    costs: &'a [f64],
    /// |features, 1|² of each text.
    squares: &'a [f64],
    /// 1 where the text has the stance, else -1.
    signs: Vec<f64>,
}

/// Projected gradients, over one pass.
struct Range {
    least: f64,
    most: f64,
}

impl Descent<'_> {
    /// Weights and bias `[features + 1]`, and the number of passes over the texts.
    fn solve(&self, settings: SvmSettings) -> (Array1<f64>, u64) {
        let mut random = ChaCha8Rng::seed_from_u64(settings.seed);
        let all = || (0..self.costs.len()).filter(|&text| self.costs[text] > 0.0).collect::<Vec<usize>>();
        let (mut active, total) = (all(), all().len());
        let (mut dual, mut weights) = (vec![0.0; self.costs.len()], vec![0.0; self.features.width() + 1]);
        let mut shrink_above = f64::INFINITY;
        for pass in 1..=MOST_ITERATIONS {
            active.shuffle(&mut random);
            let range = self.pass(&mut active, shrink_above, &mut dual, &mut weights);
            shrink_above = if range.most > 0.0 { range.most } else { f64::INFINITY };
            if range.most - range.least <= settings.tolerance {
                if active.len() == total {
                    return (weights.into(), pass);
                }
                // Done with the texts that matter; see whether the others still agree.
                active = all();
                shrink_above = f64::INFINITY;
            }
        }
        (weights.into(), MOST_ITERATIONS)
    }

    /// Moves the dual variable of each active text to its optimum; texts whose gradient is above `shrink_above` at the bound become inactive.
    fn pass(&self, active: &mut Vec<usize>, shrink_above: f64, dual: &mut [f64], weights: &mut [f64]) -> Range {
        let mut range = Range { least: f64::INFINITY, most: f64::NEG_INFINITY };
        active.retain(|&text| {
            let diagonal = 0.5 / self.costs[text];
            // After the features' weights stands that of the constant 1, the bias.
            let bias = self.features.width();
            let margin = self.features.dot(text, &weights[..bias]) + weights[bias];
            let gradient = self.signs[text] * margin - 1.0 + diagonal * dual[text];
            let at_bound = dual[text] <= 0.0;
            if at_bound && gradient > shrink_above {
                return false;
            }
            let projected = if at_bound { gradient.min(0.0) } else { gradient };
            range = Range { least: range.least.min(projected), most: range.most.max(projected) };
            if projected.abs() > 1e-12 {
                let moved = (dual[text] - gradient / (self.squares[text] + diagonal)).max(0.0);
                let step = (moved - dual[text]) * self.signs[text];
                dual[text] = moved;
                self.features.add_to(text, step, &mut weights[..bias]);
                weights[bias] += step;
            }
            true
        });
        range
    }
}
