//! From a fine-tuned encoder to a calibrated classifier: the head learnt with the encoder, and n-grams beside it.

use std::collections::HashSet;

use ndarray::{Array1, Array2, Axis, concatenate};

use super::{Examples, TrainError, Trained, Tried, Unseen, best};
use crate::calibration::{Calibration, temperature};
use crate::classifier::{Classifier, Fit, Linear, LogisticSettings, Training};
use crate::features::{Features, Featuriser, SparseRows, Tfidf, Weights};
use crate::tuning::Tuned;

/// Values of `C` tried for the regression on n-grams.
const CS: [f64; 3] = [3.0, 10.0, 30.0];
/// What its logits are multiplied by before they are added to the head's; 0 leaves n-grams out.
const SHARES: [f32; 8] = [0.0, 0.125, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0];
const TOLERANCE: f64 = 1e-4;

/// Adds a regression on n-grams, fitted to the texts that the encoder was tuned on, to the head that was tuned with it. Its `C` and its share are
/// those with the smallest log loss on the texts held out from tuning, and these texts calibrate the sum.
///
/// `examples` are those that the encoder was tuned with; their embeddings are those of the tuned encoder as it will be used.
///
/// # Errors
/// When tuning held out no text, or the optimiser fails.
pub fn train_tuned(examples: Examples<'_>, tuned: &Tuned, accuracy: f64) -> Result<Trained, TrainError> {
    let unseen = &tuned.held_out.as_ref().ok_or(TrainError::NothingHeldOut)?.texts;
    let ngrams = Ngrams::new(examples, unseen);
    let head = Linear { weights: tuned.head_weights().t().to_owned(), bias: Array1::from(tuned.head_bias().to_vec()) };
    let of_head = head.logits(&Features::dense(examples.embeddings.select(Axis(0), unseen)));
    let labels: Vec<usize> = unseen.iter().map(|&text| examples.labels[text]).collect();
    let fits = CS.iter().map(|&c| ngrams.fit(c)).collect::<Result<Vec<_>, _>>()?;
    let mut joined = Vec::new();
    for (fit, &c) in fits.iter().zip(&CS) {
        let of_ngrams = fit.classifier.logits(&ngrams.unseen);
        joined
            .extend(SHARES.map(|share| Joined::new(c, share, fit, &of_head + &of_ngrams * f64::from(share), &labels)));
    }
    let tried: Vec<Tried> = joined.iter().map(Joined::tried).collect();
    let chosen = best(tried.iter().map(|tried| tried.loss));
    let Joined { share, fit, logits, .. } = joined.swap_remove(chosen);
    let unseen = Unseen { texts: unseen.clone(), logits };
    Ok(Trained {
        calibration: Calibration::fit(
            &unseen.logits,
            &labels,
            &unseen.lengths(examples.texts, examples.documents),
            accuracy,
        ),
        featuriser: ngrams.featuriser(share),
        classifier: Box::new(add(head, &fit.classifier, share)),
        tried,
        chosen,
        unseen,
        termination: format!("{} after {} iterations", fit.termination, fit.iterations),
    })
}

/// The n-grams of the texts that took part in tuning, and of those held out.
struct Ngrams {
    tfidf: Tfidf,
    kept: Features,
    labels: Vec<usize>,
    unseen: Features,
    stances: usize,
}

impl Ngrams {
    fn new(examples: Examples<'_>, unseen: &[usize]) -> Self {
        let settings = examples.ngrams();
        let counts = settings.count(examples.texts);
        let held_out: HashSet<&usize> = unseen.iter().collect();
        let kept: Vec<usize> = (0..examples.texts.len()).filter(|text| !held_out.contains(text)).collect();
        let tfidf = Tfidf::fit(settings, &counts.select(&kept));
        let features = |texts: &[usize]| {
            let sparse: SparseRows = tfidf.transform(&counts.select(texts));
            Features { dense: Array2::zeros((texts.len(), 0)), sparse }
        };
        Self {
            kept: features(&kept),
            unseen: features(unseen),
            labels: kept.iter().map(|&text| examples.labels[text]).collect(),
            stances: examples.stances.len(),
            tfidf,
        }
    }

    fn fit(&self, c: f64) -> Result<Fit, TrainError> {
        let training =
            Training { features: &self.kept, labels: &self.labels, weights: None, offset: None, stances: self.stances };
        Ok(LogisticSettings { c, l1_share: 0.0, balanced: true, penalise_bias: false, tolerance: TOLERANCE }
            .fit(training)?)
    }

    /// What makes the features when n-grams have this share.
    fn featuriser(self, share: f32) -> Featuriser {
        let ngrams = if share > 0.0 { 1.0 } else { 0.0 };
        Featuriser::new(Weights { embeddings: 1.0, ngrams }, || self.tfidf)
    }
}

/// The head with a share of a regression on n-grams.
struct Joined<'a> {
    c: f64,
    share: f32,
    fit: &'a Fit,
    /// Of the texts held out, `[texts, stances]`.
    logits: Array2<f64>,
    loss: f64,
}

impl<'a> Joined<'a> {
    fn new(c: f64, share: f32, fit: &'a Fit, logits: Array2<f64>, labels: &[usize]) -> Self {
        let loss = temperature::loss(&logits, labels, temperature::fit(&logits, labels));
        Self { c, share, fit, logits, loss }
    }

    fn tried(&self) -> Tried {
        let Self { c, share, loss, .. } = *self;
        Tried { name: format!("tuned head + {share} × logistic regression on n-grams, C = {c}"), loss }
    }
}

/// The sum of the head's logits and a share of those of `ngrams`, as one classifier of embeddings and n-grams.
fn add(head: Linear, ngrams: &Linear, share: f32) -> Linear {
    if share <= 0.0 {
        return head;
    }
    let weights = concatenate(Axis(0), &[head.weights.view(), (&ngrams.weights * share).view()]);
    Linear {
        weights: weights.unwrap_or_else(|_| unreachable!("both have a column for each stance")),
        bias: head.bias + &ngrams.bias * share,
    }
}
