//! From features and hand labels to a calibrated classifier, with everything chosen by grouped cross-validation.

use ndarray::{Array2, Axis};
use rayon::prelude::*;

use crate::calibration::Calibration;
use crate::classifier::{Classifier, Fit, Logistic, LogisticSettings};
use crate::folds::grouped_folds;
use crate::softmax::log_softmax_in_place;

/// Strengths tried; embeddings have length 1, so useful values lie well above scikit-learn's default of 1.
const CANDIDATES: [f64; 6] = [0.3, 1.0, 3.0, 10.0, 30.0, 100.0];
const FOLDS: usize = 5;

/// Texts to learn from.
#[derive(Debug, Clone, Copy)]
pub struct Examples<'a> {
    /// `[texts, features]`.
    pub features: &'a Array2<f32>,
    /// The position of each text's stance in the scheme.
    pub labels: &'a [usize],
    /// What each text belongs to (its document); groups are never parted between training and validation.
    pub groups: &'a [String],
    /// Number of stances in the scheme.
    pub stances: usize,
}

/// A classifier, its calibration, and the account of how they were chosen.
#[derive(Debug, Clone)]
pub struct Trained {
    /// Fitted to all examples.
    pub classifier: Logistic,
    /// Fitted to predictions out of fold.
    pub calibration: Calibration,
    /// Each strength tried with its mean log loss (nats a text) out of fold.
    pub tried: Vec<(LogisticSettings, f64)>,
    /// What was chosen.
    pub chosen: LogisticSettings,
    /// Logits out of fold under the chosen settings, `[texts, stances]`.
    pub out_of_fold: Array2<f64>,
    /// Iterations and termination of the last fit.
    pub termination: String,
}

/// Why training failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A stance has no example, or too few to be in every fold.
    #[error(
        "stance number {stance} of the scheme has {found} labelled text(s); at least {needed} are needed to train and to validate"
    )]
    TooFewExamples {
        /// Position of the stance in the scheme, counted from 1.
        stance: usize,
        /// Examples found.
        found: usize,
        /// Examples needed.
        needed: usize,
    },
    /// The optimiser gave up.
    #[error("the regression could not be fitted: {0}")]
    Optimiser(#[from] argmin::core::Error),
}

/// Chooses the strength of the penalty by grouped five-fold cross-validation (smallest log loss), calibrates on the predictions out of fold
/// so that `accuracy` of what is not marked for review is right, and fits the classifier to all examples.
///
/// # Errors
/// When a stance has fewer examples than there are folds, or the optimiser fails.
pub fn train(examples: Examples<'_>, accuracy: f64, seed: u64) -> Result<Trained, TrainError> {
    check(examples)?;
    let folds = grouped_folds(examples.groups, FOLDS, seed);
    let attempt = |&c: &f64| {
        let settings = LogisticSettings { c, balanced: true };
        let logits = out_of_fold(examples, &folds, settings)?;
        Ok((settings, mean_log_loss(&logits, examples.labels), logits))
    };
    let attempts = CANDIDATES.par_iter().map(attempt).collect::<Result<Vec<_>, TrainError>>()?;
    let tried: Vec<(LogisticSettings, f64)> = attempts.iter().map(|(settings, loss, _)| (*settings, *loss)).collect();
    let best = (0..tried.len()).fold(0, |best, at| if tried[at].1 < tried[best].1 { at } else { best });
    let (chosen, _, out_of_fold) =
        attempts.into_iter().nth(best).unwrap_or_else(|| unreachable!("there are candidates"));
    let Fit { classifier, iterations, termination } =
        Logistic::fit(examples.features, examples.labels, examples.stances, chosen)?;
    let calibration = Calibration::fit(&out_of_fold, examples.labels, accuracy);
    Ok(Trained {
        classifier,
        calibration,
        tried,
        chosen,
        out_of_fold,
        termination: format!("{termination} after {iterations} iterations"),
    })
}

fn check(examples: Examples<'_>) -> Result<(), TrainError> {
    for stance in 0..examples.stances {
        let found = examples.labels.iter().filter(|&&label| label == stance).count();
        if found < FOLDS {
            return Err(TrainError::TooFewExamples { stance: stance + 1, found, needed: FOLDS });
        }
    }
    Ok(())
}

/// Logits `[texts, stances]` of every text from a classifier that saw none of its fold.
fn out_of_fold(examples: Examples<'_>, folds: &[usize], settings: LogisticSettings) -> Result<Array2<f64>, TrainError> {
    let mut logits = Array2::zeros((examples.labels.len(), examples.stances));
    for fold in 0..FOLDS {
        let (held_out, kept): (Vec<usize>, Vec<usize>) = (0..folds.len()).partition(|&text| folds[text] == fold);
        let labels: Vec<usize> = kept.iter().map(|&text| examples.labels[text]).collect();
        let fit = Logistic::fit(&examples.features.select(Axis(0), &kept), &labels, examples.stances, settings)?;
        let found = fit.classifier.logits(&examples.features.select(Axis(0), &held_out));
        for (&text, row) in held_out.iter().zip(found.rows()) {
            logits.row_mut(text).assign(&row);
        }
    }
    Ok(logits)
}

fn mean_log_loss(logits: &Array2<f64>, labels: &[usize]) -> f64 {
    let mut scores = logits.clone();
    scores.rows_mut().into_iter().for_each(log_softmax_in_place);
    -labels.iter().enumerate().map(|(text, &label)| scores[[text, label]]).sum::<f64>() / labels.len() as f64
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Examples, TrainError, train};
    use crate::classifier::Classifier;
    use ndarray::Array2;

    fn examples(texts: usize) -> (Array2<f32>, Vec<usize>, Vec<String>) {
        let labels: Vec<usize> = (0..texts).map(|text| text % 2).collect();
        let side = |text: usize| if text.is_multiple_of(2) { 1.0 } else { -1.0 };
        let noise = |text: usize| (text * 37 % 11) as f32 / 11.0 - 0.5;
        let features =
            Array2::from_shape_fn(
                (texts, 2),
                |(text, feature)| if feature == 0 { side(text) + noise(text) } else { noise(text + 5) },
            );
        (features, labels, (0..texts).map(|text| format!("{text}")).collect())
    }

    #[test]
    fn what_can_be_parted_is_parted() {
        let (features, labels, groups) = examples(60);
        let trained =
            train(Examples { features: &features, labels: &labels, groups: &groups, stances: 2 }, 0.9, 1).unwrap();
        let predictions = trained.calibration.predictions(&trained.classifier.logits(&features));
        assert!(predictions.iter().zip(&labels).all(|(prediction, &label)| prediction.stance() == label));
    }

    #[test]
    fn a_stance_without_examples_is_named() {
        let (features, labels, groups) = examples(60);
        let error =
            train(Examples { features: &features, labels: &labels, groups: &groups, stances: 3 }, 0.9, 1).unwrap_err();
        assert!(matches!(error, TrainError::TooFewExamples { stance: 3, found: 0, needed: 5 }), "{error}");
    }
}
