use argmin::core::{CostFunction, Executor, Gradient, State, TerminationStatus};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use ndarray::{Array1, Array2, ArrayView1, Axis};

use super::Classifier;
use crate::softmax::log_softmax_in_place;

/// Corrections that L-BFGS keeps; 10 is the usual choice (Nocedal and Wright, "Numerical Optimization", section 7.2).
const HISTORY: usize = 10;
const MOST_ITERATIONS: u64 = 1_000;
/// The gradient of the mean loss is in units of nats a feature; below this nothing printed changes.
const GRADIENT_TOLERANCE: f64 = 1e-6;

/// Multinomial logistic regression: logits = features · weightsᵀ + bias.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// `[stances, features]`.
    pub weights: Array2<f64>,
    /// `[stances]`.
    pub bias: Array1<f64>,
}

/// How a logistic regression is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogisticSettings {
    /// Inverse strength of the L2 penalty on the weights (not the bias), as scikit-learn's `C`: larger fits the texts more closely.
    pub c: f64,
    /// Whether every stance counts the same however many texts it has; otherwise every text does.
    pub balanced: bool,
}

/// A fitted regression and how the fitting ended.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The regression.
    pub classifier: Logistic,
    /// Iterations of L-BFGS.
    pub iterations: u64,
    /// Why L-BFGS stopped, in its own words.
    pub termination: String,
}

impl Logistic {
    /// Fits by L-BFGS to features `[texts, features]` and the position of each text's stance below `stances`.
    ///
    /// Minimises the mean log loss plus |weights|² / (2 · C · texts), scikit-learn's objective divided by C · texts.
    ///
    /// # Errors
    /// When the line search cannot go on (features that are not finite, say), in the solver's words.
    pub fn fit(
        features: &Array2<f32>,
        labels: &[usize],
        stances: usize,
        settings: LogisticSettings,
    ) -> Result<Fit, argmin::core::Error> {
        let problem = Problem {
            features: features.mapv(f64::from),
            labels: labels.to_vec(),
            weights: text_weights(labels, stances, settings.balanced),
            stances,
            penalty: 1.0 / (settings.c * labels.len() as f64),
        };
        let start = vec![0.0; stances * (features.ncols() + 1)];
        let solver = LBFGS::new(MoreThuenteLineSearch::new(), HISTORY).with_tolerance_grad(GRADIENT_TOLERANCE)?;
        let result = Executor::new(problem, solver)
            .configure(|state| state.param(start.clone()).max_iters(MOST_ITERATIONS))
            .run()?;
        let state = result.state();
        let parameters = state.get_best_param().unwrap_or(&start);
        let termination = match state.get_termination_status() {
            TerminationStatus::Terminated(reason) => reason.text().to_owned(),
            TerminationStatus::NotTerminated => "not terminated".to_owned(),
        };
        Ok(Fit { classifier: Self::from_parameters(parameters, stances), iterations: state.get_iter(), termination })
    }

    /// Undoes the flattening: each stance's weights and then its bias.
    fn from_parameters(parameters: &[f64], stances: usize) -> Self {
        let rows: Vec<&[f64]> = parameters.chunks(parameters.len() / stances).collect();
        let features = rows[0].len() - 1;
        Self {
            weights: Array2::from_shape_fn((stances, features), |(stance, feature)| rows[stance][feature]),
            bias: rows.iter().map(|row| row[features]).collect(),
        }
    }
}

impl Classifier for Logistic {
    fn logits(&self, features: &Array2<f32>) -> Array2<f64> {
        // Text by text, so that a text's logits cannot depend on the others of its batch.
        let mut logits = Array2::zeros((features.nrows(), self.bias.len()));
        for (text, mut row) in features.rows().into_iter().zip(logits.rows_mut()) {
            for (stance, logit) in row.iter_mut().enumerate() {
                let products =
                    text.iter().zip(self.weights.row(stance)).map(|(&feature, &weight)| f64::from(feature) * weight);
                *logit = self.bias[stance] + products.sum::<f64>();
            }
        }
        logits
    }
}

/// The weight of each text in the loss, adding up to 1.
fn text_weights(labels: &[usize], stances: usize, balanced: bool) -> Array1<f64> {
    let count = |stance: usize| labels.iter().filter(|&&label| label == stance).count();
    let present = (0..stances).filter(|&stance| count(stance) > 0).count();
    let weight =
        |label: usize| if balanced { 1.0 / (present * count(label)) as f64 } else { 1.0 / labels.len() as f64 };
    let of_stance: Vec<f64> = (0..stances).map(weight).collect();
    labels.iter().map(|&label| of_stance[label]).collect()
}

struct Problem {
    features: Array2<f64>,
    labels: Vec<usize>,
    weights: Array1<f64>,
    stances: usize,
    penalty: f64,
}

impl Problem {
    /// Log-probabilities `[texts, stances]` under flattened parameters.
    fn log_probabilities(&self, model: &Logistic) -> Array2<f64> {
        let mut scores = self.features.dot(&model.weights.t()) + &model.bias;
        scores.rows_mut().into_iter().for_each(log_softmax_in_place);
        scores
    }
}

impl CostFunction for Problem {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, parameters: &Self::Param) -> Result<f64, argmin::core::Error> {
        let model = Logistic::from_parameters(parameters, self.stances);
        let scores = self.log_probabilities(&model);
        let loss: f64 =
            self.labels.iter().enumerate().map(|(text, &label)| -self.weights[text] * scores[[text, label]]).sum();
        Ok(loss + 0.5 * self.penalty * model.weights.mapv(|weight| weight * weight).sum())
    }
}

impl Gradient for Problem {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, parameters: &Self::Param) -> Result<Vec<f64>, argmin::core::Error> {
        let model = Logistic::from_parameters(parameters, self.stances);
        let mut residuals = self.log_probabilities(&model).mapv_into(f64::exp);
        for (text, &label) in self.labels.iter().enumerate() {
            residuals[[text, label]] -= 1.0;
        }
        residuals *= &self.weights.view().insert_axis(Axis(1));
        let of_weights = residuals.t().dot(&self.features) + self.penalty * &model.weights;
        let of_bias = residuals.sum_axis(Axis(0));
        let of_stance =
            |(weights, &bias): (ArrayView1<'_, f64>, &f64)| weights.iter().copied().chain([bias]).collect::<Vec<f64>>();
        Ok(of_weights.rows().into_iter().zip(&of_bias).flat_map(of_stance).collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Logistic, LogisticSettings, Problem, text_weights};
    use crate::classifier::Classifier;
    use argmin::core::{CostFunction, Gradient};
    use ndarray::{Array2, array};

    const LABELS: [usize; 6] = [0, 0, 1, 1, 2, 0];

    fn features() -> Array2<f32> {
        array![[0.0, 1.0], [0.5, 1.5], [2.0, 0.0], [2.5, 0.5], [-1.0, -1.0], [1.0, 0.5]]
    }

    /// Values of scikit-learn 1.9.1, `decision_function` of `LogisticRegression(C=1.5, tol=1e-10, max_iter=10000)` on the data above.
    #[test]
    fn probabilities_are_those_of_scikit_learn() {
        let fit = Logistic::fit(&features(), &LABELS, 3, LogisticSettings { c: 1.5, balanced: false }).unwrap();
        let found = fit.classifier.logits(&array![[1.0_f32, 1.0], [-0.5, 0.0]]);
        let expected = array![
            [1.347_464_150_732_455_8, 0.043_710_120_968_907_47, -1.391_174_271_701_363_3],
            [0.955_258_051_431_256_1, -1.330_010_017_353_630_2, 0.374_751_965_922_375_4]
        ];
        assert!(
            found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-4),
            "{found}\n{expected}\n{}",
            fit.termination
        );
    }

    #[test]
    fn the_gradient_is_that_of_finite_differences() {
        let weights = text_weights(&LABELS, 3, true);
        let problem = Problem {
            features: features().mapv(f64::from),
            labels: LABELS.to_vec(),
            weights,
            stances: 3,
            penalty: 0.1,
        };
        let at: Vec<f64> = (0..9).map(|i| 0.3 * f64::from(i) - 1.0).collect();
        let gradient = problem.gradient(&at).unwrap();
        for (i, expected) in gradient.iter().enumerate() {
            let shifted =
                |by: f64| at.iter().enumerate().map(|(j, x)| if i == j { x + by } else { *x }).collect::<Vec<_>>();
            let difference = (problem.cost(&shifted(1e-5)).unwrap() - problem.cost(&shifted(-1e-5)).unwrap()) / 2e-5;
            assert!((difference - expected).abs() < 1e-8, "parameter {i}: {difference} against {expected}");
        }
    }

    #[test]
    fn balanced_weights_give_every_stance_that_occurs_the_same_share() {
        assert_eq!(text_weights(&[0, 0, 1], 3, true).to_vec(), [0.25, 0.25, 0.5]);
    }
}
