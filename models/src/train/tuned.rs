//! From a fine-tuned encoder to a calibrated classifier: the head learnt with the encoder, and n-grams beside it.

use ndarray::{Array1, Array2, Axis, concatenate};

use super::{Examples, TrainError, Trained, Tried, Unseen, select};
use crate::calibration::{Calibration, temperature};
use crate::classifier::{Classifier, Fit, Linear, LogisticSettings, Training};
use crate::features::{Features, Featuriser, SparseRows, Tfidf, Weights};
use crate::first::first_smallest;
use crate::tuning::{ClassWeights, Tuned};

/// Values of `C` tried for the regression on n-grams.
const CS: [f64; 3] = [3.0, 10.0, 30.0];
/// What its logits are multiplied by before they are added to the head's; 0 leaves n-grams out.
const SHARES: [f32; 8] = [0.0, 0.125, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0];
const TOLERANCE: f64 = 1e-4;

/// Adds a regression on n-grams to the head that was tuned with the encoder. Its `C` and its share are those with the smallest log loss on the texts
/// held out from tuning when it is fitted to the others, and what they then give calibrates the sum; in the end it is fitted to all. Stances count as
/// `class_weights` says.
///
/// `examples` are those that the encoder was tuned with; their embeddings are those of the tuned encoder as it will be used.
///
/// # Errors
/// When tuning held out no text, or the optimiser fails.
pub fn train_tuned(
    examples: Examples<'_>,
    tuned: &Tuned,
    class_weights: &ClassWeights,
    accuracy: f64,
) -> Result<Trained, TrainError> {
    let unseen = &tuned.held_out.as_ref().ok_or(TrainError::NothingHeldOut)?.texts;
    let counts = examples.ngrams().count(examples.texts);
    let ngrams = Ngrams::new(examples, &counts, &others(examples.texts.len(), unseen), class_weights);
    let of_unseen = features(&ngrams.tfidf, &counts.select(unseen));
    let head = Linear { weights: tuned.head_weights().t().to_owned(), bias: Array1::from(tuned.head_bias().to_vec()) };
    let of_head = head.logits(&Features::dense(examples.embeddings.select(Axis(0), unseen)));
    let labels = select(examples.labels, unseen);
    let mut joined = ngrams.joined(&of_head, &of_unseen, &labels)?;
    let tried: Vec<Tried> = joined.iter().map(Joined::tried).collect();
    let chosen = first_smallest(tried.iter().map(|tried| tried.loss));
    let Joined { c, share, logits, .. } = joined.swap_remove(chosen);
    let all: Vec<usize> = (0..examples.texts.len()).collect();
    let ngrams = Ngrams::new(examples, &counts, &all, class_weights);
    let fit = ngrams.fit(c)?;
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

/// The texts that are not among these, which are ascending.
fn others(texts: usize, than: &[usize]) -> Vec<usize> {
    (0..texts).filter(|text| than.binary_search(text).is_err()).collect()
}

/// The n-grams of texts to learn from.
struct Ngrams {
    tfidf: Tfidf,
    features: Features,
    labels: Vec<usize>,
    /// Where not all texts count the same.
    weights: Option<Vec<f64>>,
    balanced: bool,
    stances: usize,
}

impl Ngrams {
    fn new(examples: Examples<'_>, counts: &SparseRows, texts: &[usize], class_weights: &ClassWeights) -> Self {
        let counts = counts.select(texts);
        let tfidf = Tfidf::fit(examples.ngrams(), &counts);
        Self {
            features: features(&tfidf, &counts),
            labels: select(examples.labels, texts),
            weights: examples.weights(class_weights).map(|all| select(&all, texts)),
            balanced: *class_weights == ClassWeights::Balanced,
            stances: examples.stances.len(),
            tfidf,
        }
    }

    fn fit(&self, c: f64) -> Result<Fit, TrainError> {
        let training = Training {
            features: &self.features,
            labels: &self.labels,
            weights: self.weights.as_deref(),
            offset: None,
            stances: self.stances,
        };
        let settings =
            LogisticSettings { c, l1_share: 0.0, balanced: self.balanced, penalise_bias: false, tolerance: TOLERANCE };
        Ok(settings.fit(training)?)
    }

    /// The head with every share of every regression tried, on texts that these did not learn from.
    fn joined(&self, of_head: &Array2<f64>, unseen: &Features, labels: &[usize]) -> Result<Vec<Joined>, TrainError> {
        let mut joined = Vec::new();
        for c in CS {
            let of_ngrams = self.fit(c)?.classifier.logits(unseen);
            joined.extend(SHARES.map(|share| Joined::new(c, share, of_head + &of_ngrams * f64::from(share), labels)));
        }
        Ok(joined)
    }

    /// What makes the features when n-grams have this share.
    fn featuriser(self, share: f32) -> Featuriser {
        let ngrams = if share > 0.0 { 1.0 } else { 0.0 };
        Featuriser::new(Weights { embeddings: 1.0, ngrams }, || self.tfidf)
    }
}

/// Weighed n-grams, without embeddings.
fn features(tfidf: &Tfidf, counts: &SparseRows) -> Features {
    Features { dense: Array2::zeros((counts.rows(), 0)), sparse: tfidf.transform(counts) }
}

/// The head with a share of a regression on n-grams.
struct Joined {
    c: f64,
    share: f32,
    /// Of the texts held out, `[texts, stances]`.
    logits: Array2<f64>,
    loss: f64,
}

impl Joined {
    fn new(c: f64, share: f32, logits: Array2<f64>, labels: &[usize]) -> Self {
        let loss = temperature::loss(&logits, labels, temperature::fit(&logits, labels));
        Self { c, share, logits, loss }
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
