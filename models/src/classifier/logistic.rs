use std::cell::{RefCell, RefMut};

use argmin::core::{CostFunction, Executor, Gradient, State, TerminationStatus};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use ndarray::{Array2, ArrayView1, ArrayView2, Axis};
use rayon::prelude::*;

use super::linear::{Fit, Lanes, Linear, add_block, blocks, logits, weighted_sum};
use super::owl_qn::{Minimum, OwlQn, Smooth};
use super::training::Training;
use crate::features::{Features, SparseRows};
use crate::softmax::log_softmax_in_place;

/// Corrections that L-BFGS keeps; 10 is the usual choice (Nocedal and Wright, "Numerical Optimization", section 7.2).
const HISTORY: usize = 10;
const MOST_ITERATIONS: u64 = 1_000;
/// Features whose gradients one thread adds up at a time.
const FEATURES_A_TASK: usize = 256;

/// How a multinomial logistic regression is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogisticSettings {
    /// Inverse strength of the penalty on the weights (not the bias), as scikit-learn's `C`: larger fits the texts more closely.
    pub c: f64,
    /// The share of the L1 norm in the penalty, from 0 to 1, as scikit-learn's `l1_ratio`; above 0 many weights are exactly 0.
    pub l1_share: f64,
    /// Whether every stance counts the same however many texts it has.
    pub balanced: bool,
    /// Whether the penalty is on the bias too: without, a stance that no text has would be driven to probability 0. L2's part alone is.
    pub penalise_bias: bool,
    /// The solver stops when the length of the gradient of the mean loss (nats a text; with L1, of the pseudo-gradient) is no more than this.
    pub tolerance: f64,
}

impl LogisticSettings {
    /// Fits by L-BFGS, with L1 by its orthant-wise form.
    ///
    /// Minimises the weighted mean of the texts' log losses plus ((1 - L1 share) · |weights|² / 2 + L1 share · |weights|₁) / (C · total weight),
    /// which is scikit-learn's objective divided by C · total weight. The bias is among the weights where `penalise_bias` says so.
    ///
    /// # Errors
    /// When the line search cannot go on (features that are not finite, say), in the solver's words.
    pub fn fit(self, training: Training<'_>) -> Result<Fit, argmin::core::Error> {
        // What no text has keeps the weight 0; few texts have few of the n-grams that a bundle knows.
        let Features { dense, sparse } = training.features;
        let columns = sparse.occurring();
        if columns.len() == sparse.width() {
            return self.fit_occurring(training);
        }
        let features = Features { dense: dense.clone(), sparse: sparse.narrowed(&columns) };
        let fit = self.fit_occurring(Training { features: &features, ..training })?;
        let weights = widened(&fit.classifier.weights, &columns, training.features);
        Ok(Fit { classifier: Linear { weights, ..fit.classifier }, ..fit })
    }

    fn fit_occurring(self, training: Training<'_>) -> Result<Fit, argmin::core::Error> {
        let start = vec![0.0; training.stances * (training.features.width() + 1)];
        let problem = Problem::new(training, self, &start);
        let Minimum { parameters, iterations, termination } =
            if self.l1_share > 0.0 { self.minimise_with_l1(&problem, start)? } else { self.minimise(problem, start)? };
        let (weights, bias) = parts(&parameters, training.stances);
        Ok(Fit { classifier: Linear::round(&weights, &bias), iterations, termination })
    }

    fn minimise_with_l1(self, problem: &Problem<'_>, start: Vec<f64>) -> Result<Minimum, argmin::core::Error> {
        let objective = &problem.objective;
        let solver = OwlQn {
            l1: self.l1_share * objective.strength,
            penalised: start.len() - objective.stances,
            tolerance: self.tolerance,
            history: HISTORY,
            most_iterations: MOST_ITERATIONS,
        };
        solver.minimise(problem, start)
    }

    fn minimise(self, problem: Problem<'_>, start: Vec<f64>) -> Result<Minimum, argmin::core::Error> {
        let solver = LBFGS::new(MoreThuenteLineSearch::new(), HISTORY).with_tolerance_grad(self.tolerance)?;
        let result = Executor::new(problem, solver)
            .configure(|state| state.param(start.clone()).max_iters(MOST_ITERATIONS))
            .run()?;
        let state = result.state();
        let termination = match state.get_termination_status() {
            TerminationStatus::Terminated(reason) => reason.text().to_owned(),
            TerminationStatus::NotTerminated => "not terminated".to_owned(),
        };
        let parameters = state.get_best_param().cloned().unwrap_or(start);
        Ok(Minimum { parameters, iterations: state.get_iter(), termination })
    }
}

/// Weights of the dense features and of these sparse columns, with zeros for all other columns, `[features, stances]`.
fn widened(weights: &Array2<f32>, columns: &[usize], features: &Features) -> Array2<f32> {
    let dense = features.dense.ncols();
    let places = (0..dense).chain(columns.iter().map(|column| dense + column));
    let mut wide = Array2::zeros((features.width(), weights.ncols()));
    places.zip(weights.rows()).for_each(|(place, row)| wide.row_mut(place).assign(&row));
    wide
}

/// Flat parameters are the weights `[features, stances]` and then the bias `[stances]`.
fn parts(parameters: &[f64], stances: usize) -> (ArrayView2<'_, f64>, ArrayView1<'_, f64>) {
    let (weights, bias) = parameters.split_at(parameters.len() - stances);
    let shaped = ArrayView2::from_shape((weights.len() / stances, stances), weights);
    (shaped.unwrap_or_else(|_| unreachable!("a whole number of rows")), ArrayView1::from(bias))
}

/// The loss of some texts.
struct Objective<'a> {
    features: &'a Features,
    /// `[dense columns, texts]`.
    dense_by_feature: Array2<f32>,
    /// `[sparse columns, texts]`.
    sparse_by_feature: SparseRows,
    labels: &'a [usize],
    offset: Option<&'a Array2<f64>>,
    /// Of the texts, adding up to 1.
    weights: Vec<f64>,
    stances: usize,
    /// Of the whole penalty.
    strength: f64,
    /// Of its L2 part.
    penalty: f64,
    /// Of what of it is on the bias.
    bias_penalty: f64,
}

impl<'a> Objective<'a> {
    fn new(training: Training<'a>, settings: LogisticSettings) -> Self {
        let Training { features, labels, stances, offset, .. } = training;
        let mut weights = training.text_weights(settings.balanced);
        let total: f64 = weights.iter().sum();
        for weight in &mut weights {
            *weight /= total;
        }
        let penalty = (1.0 - settings.l1_share) / (settings.c * total);
        Self {
            features,
            dense_by_feature: features.dense.t().as_standard_layout().into_owned(),
            sparse_by_feature: features.sparse.transposed(),
            labels,
            offset,
            weights,
            stances,
            strength: 1.0 / (settings.c * total),
            penalty,
            bias_penalty: if settings.penalise_bias { penalty } else { 0.0 },
        }
    }

    fn evaluate(&self, parameters: &[f64]) -> Evaluation {
        let (weights, bias) = parts(parameters, self.stances);
        let mut log_probabilities = logits(self.features, &weights, &bias);
        if let Some(offset) = self.offset {
            log_probabilities += offset;
        }
        log_probabilities.rows_mut().into_iter().for_each(log_softmax_in_place);
        Evaluation { parameters: parameters.to_vec(), log_probabilities, gradient: None }
    }

    fn cost(&self, point: &Evaluation) -> f64 {
        let loss = |(text, &label): (usize, &usize)| -self.weights[text] * point.log_probabilities[[text, label]];
        let (weights, bias) = parts(&point.parameters, self.stances);
        let squared =
            |parameters: &mut dyn Iterator<Item = &f64>| parameters.map(|weight| weight * weight).sum::<f64>();
        let penalty = self.penalty * squared(&mut weights.iter()) + self.bias_penalty * squared(&mut bias.iter());
        self.labels.iter().enumerate().map(loss).sum::<f64>() + 0.5 * penalty
    }

    fn gradient(&self, point: &Evaluation) -> Vec<f64> {
        let residuals = self.residuals(&point.log_probabilities);
        let (weights, bias) = parts(&point.parameters, self.stances);
        let mut gradient = &weights * self.penalty;
        for (block, residuals) in blocks(&residuals.view()).iter().enumerate() {
            // Each sum runs over the texts in their order on one thread, so the number of threads changes nothing.
            let features = (0..gradient.nrows()).into_par_iter().with_min_len(FEATURES_A_TASK);
            let sums: Vec<Lanes> = features.map(|feature| self.sum_over_texts(feature, residuals)).collect();
            add_block(&mut gradient, block, &sums);
        }
        gradient.into_iter().chain(residuals.sum_axis(Axis(0)) + &bias * self.bias_penalty).collect()
    }

    /// The gradient of the loss with respect to the logits, `[texts, stances]`.
    fn residuals(&self, log_probabilities: &Array2<f64>) -> Array2<f64> {
        let mut residuals = log_probabilities.mapv(f64::exp);
        for (text, mut row) in residuals.rows_mut().into_iter().enumerate() {
            row[self.labels[text]] -= 1.0;
            row *= self.weights[text];
        }
        residuals
    }

    /// The residuals of all texts, each times the text's value of the feature.
    fn sum_over_texts(&self, feature: usize, residuals: &[Lanes]) -> Lanes {
        match feature.checked_sub(self.dense_by_feature.nrows()) {
            None => weighted_sum(self.dense_by_feature.row(feature).iter().copied().enumerate(), residuals),
            Some(column) => {
                let entries = self.sparse_by_feature.entries(column);
                weighted_sum(entries.map(|(text, value)| (text as usize, value)), residuals)
            }
        }
    }
}

/// The objective as argmin asks for it: cost and gradient of one point apart, the gradient a second time after each line search.
struct Problem<'a> {
    objective: Objective<'a>,
    /// The point asked for last.
    last: RefCell<Evaluation>,
}

/// What has been computed at a point.
struct Evaluation {
    parameters: Vec<f64>,
    /// `[texts, stances]`.
    log_probabilities: Array2<f64>,
    gradient: Option<Vec<f64>>,
}

impl<'a> Problem<'a> {
    /// Begins at `start`.
    fn new(training: Training<'a>, settings: LogisticSettings, start: &[f64]) -> Self {
        let objective = Objective::new(training, settings);
        let last = RefCell::new(objective.evaluate(start));
        Self { objective, last }
    }

    fn at(&self, parameters: &[f64]) -> RefMut<'_, Evaluation> {
        let mut last = self.last.borrow_mut();
        if last.parameters != parameters {
            *last = self.objective.evaluate(parameters);
        }
        last
    }
}

impl CostFunction for Problem<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, parameters: &Self::Param) -> Result<f64, argmin::core::Error> {
        self.value(parameters)
    }
}

impl Gradient for Problem<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, parameters: &Self::Param) -> Result<Vec<f64>, argmin::core::Error> {
        Smooth::gradient(self, parameters)
    }
}

impl Smooth for Problem<'_> {
    type Error = argmin::core::Error;

    fn value(&self, parameters: &[f64]) -> Result<f64, Self::Error> {
        Ok(self.objective.cost(&self.at(parameters)))
    }

    fn gradient(&self, parameters: &[f64]) -> Result<Vec<f64>, Self::Error> {
        let mut point = self.at(parameters);
        if point.gradient.is_none() {
            point.gradient = Some(self.objective.gradient(&point));
        }
        Ok(point.gradient.clone().unwrap_or_default())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Smooth;
    use super::{LogisticSettings, Problem, Training};
    use crate::features::{Features, SparseRows};
    use ndarray::{Array2, array};

    #[test]
    fn the_gradient_is_that_of_finite_differences() {
        let sparse =
            SparseRows::from_rows(2, vec![vec![(0, 0.5)], vec![], vec![(1, 2.0)], vec![(0, 1.0), (1, -1.0)], vec![]]);
        let dense = array![[0.0, 1.0], [0.5, 1.5], [2.0, 0.0], [2.5, 0.5], [-1.0, -1.0]];
        let features = Features { dense, sparse };
        let offset = Array2::from_shape_fn((5, 3), |(text, stance)| (text * 2 + stance) as f64 % 3.0 - 1.0);
        let training = Training {
            features: &features,
            labels: &[0, 0, 1, 1, 2],
            weights: Some(&[1.0, 2.0, 1.0, 0.5, 1.0]),
            offset: Some(&offset),
            stances: 3,
        };
        let settings =
            LogisticSettings { c: 2.0, l1_share: 0.25, balanced: true, penalise_bias: true, tolerance: 1e-6 };
        let problem = Problem::new(training, settings, &[0.0; 15]);
        let at: Vec<f64> = (0..15).map(|i| 0.3 * f64::from(i % 7) - 1.0).collect();
        let gradient = problem.gradient(&at).unwrap();
        for (i, expected) in gradient.iter().enumerate() {
            let shifted =
                |by: f64| at.iter().enumerate().map(|(j, x)| if i == j { x + by } else { *x }).collect::<Vec<_>>();
            let difference = (problem.value(&shifted(1e-5)).unwrap() - problem.value(&shifted(-1e-5)).unwrap()) / 2e-5;
            assert!((difference - expected).abs() < 1e-8, "parameter {i}: {difference} against {expected}");
        }
    }
}
