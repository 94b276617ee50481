//! From a bundle and a few labels of one's own to a bundle that knows both.

use ndarray::{Array2, Axis};
use rayon::prelude::*;

use super::{Examples, FOLDS, TrainError, Trained, Tried, Unseen, select};
use crate::Bundle;
use crate::calibration::{Calibration, temperature};
use crate::classifier::{Classifier, Linear, LogisticSettings, Training};
use crate::features::Features;
use crate::first::first_smallest;
use crate::folds::grouped_folds;

/// Values of `C` tried for what is added; the smaller, the more the bundle stays as it was.
const CS: [f64; 8] = [0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0];
const TOLERANCE: f64 = 1e-5;
/// Fewer groups cannot be parted into folds that resemble each other; then single texts are.
const FEWEST_GROUPS: usize = 5 * FOLDS;
/// Fewer texts say nothing that would hold for others.
const FEWEST_TEXTS: usize = 2 * FOLDS;
/// With fewer texts the share of right ones among them is not known to within 4 hundredths (two standard errors at 0.9), so a threshold set by them
/// alone may promise too much.
const FEWEST_FOR_REVIEW: usize = 200;

/// Fits a multinomial logistic regression on the bundle's features whose scores are added to the bundle's own, with the penalty pulling towards
/// no change, as in Chelba and Acero, "Adaptation of Maximum Entropy Capitalizer" (2004). Its `C` is the one with the smallest log loss out of fold.
///
/// `examples.embeddings` are those of the bundle's encoder. Folds keep groups together where there are enough of them. A stance may have few examples
/// or none, since the bundle knows it; where one has too few to be in every fold, the penalty is on what is added to the bias as well. Where texts are
/// few, the confidence below which predictions are marked for review is no smaller than the bundle's.
///
/// # Errors
/// When the bundle's classifier is not linear, there are fewer than ten texts, or the optimiser fails.
pub fn adapt(bundle: &Bundle, examples: Examples<'_>, accuracy: f64, seed: u64) -> Result<Trained, TrainError> {
    let count = examples.labels.len();
    if count < FEWEST_TEXTS {
        return Err(TrainError::TooFewTexts { found: count, needed: FEWEST_TEXTS });
    }
    let base = bundle.classifier().linear().ok_or(TrainError::NotLinear)?;
    let features = bundle.featuriser().features(examples.texts, examples.embeddings);
    let own = base.logits(&features) / bundle.calibration.temperature;
    let added = Added { features: &features, own: &own, examples, folds: folds(examples, seed) };
    let attempts = CS.par_iter().map(|&c| added.attempt(c)).collect::<Result<Vec<_>, _>>()?;
    let tried: Vec<Tried> = attempts.iter().map(|(tried, _)| tried.clone()).collect();
    let chosen = first_smallest(tried.iter().map(|tried| tried.loss));
    let unseen = Unseen { texts: (0..count).collect(), logits: attempts[chosen].1.clone() };
    let (addition, termination) = added.fit(&unseen.texts, CS[chosen])?;
    let (context, lengths) = (bundle.calibration.context, unseen.lengths(examples.texts, examples.documents));
    let mut calibration = Calibration::fit_around(context, &unseen.logits, examples.labels, &lengths, accuracy);
    if count < FEWEST_FOR_REVIEW {
        calibration.review_below = calibration.review_below.max(bundle.calibration.review_below);
    }
    Ok(Trained {
        featuriser: bundle.featuriser().clone(),
        classifier: Box::new(sum(base, bundle.calibration.temperature, &addition)),
        calibration,
        tried,
        chosen,
        unseen,
        termination,
    })
}

fn folds(examples: Examples<'_>, seed: u64) -> Vec<usize> {
    let mut groups = examples.groups.to_vec();
    groups.sort_unstable();
    groups.dedup();
    if groups.len() >= FEWEST_GROUPS {
        return grouped_folds(examples.groups, FOLDS, seed);
    }
    let single: Vec<String> = (0..examples.texts.len()).map(|text| text.to_string()).collect();
    grouped_folds(&single, FOLDS, seed)
}

/// What is added to the bundle's scores.
struct Added<'a> {
    features: &'a Features,
    /// The bundle's log-odds, `[texts, stances]`.
    own: &'a Array2<f64>,
    examples: Examples<'a>,
    folds: Vec<usize>,
}

impl Added<'_> {
    /// The addition fitted to these texts, and how the fitting ended.
    fn fit(&self, texts: &[usize], c: f64) -> Result<(Linear, String), TrainError> {
        let labels = select(self.examples.labels, texts);
        let (features, own) = (self.features.select(texts), self.own.select(Axis(0), texts));
        let weights = self.examples.weights.map(|weights| select(weights, texts));
        let training = Training {
            features: &features,
            labels: &labels,
            weights: weights.as_deref(),
            offset: Some(&own),
            stances: self.examples.stances.len(),
        };
        let penalise_bias = self.examples.counts().into_iter().any(|count| count < FOLDS);
        let fit =
            LogisticSettings { c, l1_share: 0.0, balanced: true, penalise_bias, tolerance: TOLERANCE }.fit(training)?;
        Ok((fit.classifier, format!("{} after {} iterations", fit.termination, fit.iterations)))
    }

    /// Logits of all texts, each from an addition that was fitted without its fold.
    fn attempt(&self, c: f64) -> Result<(Tried, Array2<f64>), TrainError> {
        let mut logits = self.own.clone();
        for fold in 0..FOLDS {
            let (held_out, kept): (Vec<usize>, Vec<usize>) =
                (0..self.folds.len()).partition(|&text| self.folds[text] == fold);
            let (addition, _) = self.fit(&kept, c)?;
            for (&text, scores) in held_out.iter().zip(addition.logits(&self.features.select(&held_out)).rows()) {
                logits.row_mut(text).zip_mut_with(&scores, |logit, score| *logit += score);
            }
        }
        let labels = self.examples.labels;
        let loss = temperature::loss(&logits, labels, temperature::fit(&logits, labels));
        Ok((Tried { name: format!("the bundle + logistic regression on its features, C = {c}"), loss }, logits))
    }
}

/// The bundle's scores, divided by its temperature, plus the addition's.
#[expect(clippy::cast_possible_truncation, reason = "weights are kept in f32")]
fn sum(base: &Linear, temperature: f64, addition: &Linear) -> Linear {
    let factor = (1.0 / temperature) as f32;
    Linear { weights: &base.weights * factor + &addition.weights, bias: &base.bias * factor + &addition.bias }
}
