use ndarray::{Array2, Axis};
use rayon::prelude::*;

use super::candidate::Candidate;
use super::{Examples, FOLDS, Plan, TrainError, Tried, select};
use crate::calibration::temperature;
use crate::classifier::Training;
use crate::features::{NgramSettings, SparseRows, Tfidf};
use crate::folds::grouped_folds;

/// Grouped cross-validation: what every candidate is tried on.
pub(super) struct Validation<'a> {
    examples: Examples<'a>,
    folds: Vec<Fold>,
    /// The texts of all folds that are held out in turn, ascending.
    pub(super) held_out: Vec<usize>,
    /// Their labels.
    pub(super) labels: Vec<usize>,
    plan: &'a Plan,
}

/// The texts of one fold and the others; n-grams are weighed as in the others alone, so nothing leaks.
struct Fold {
    kept: Part,
    held_out: Part,
}

struct Part {
    texts: Vec<usize>,
    labels: Vec<usize>,
    /// Where not all texts count the same.
    weights: Option<Vec<f64>>,
    embeddings: Array2<f32>,
    ngrams: SparseRows,
}

/// A candidate and how it did.
pub(super) struct Attempt {
    pub(super) candidate: Candidate,
    /// Mean log loss (nats a text) out of fold, after temperature scaling.
    pub(super) loss: f64,
    /// Logits of the held-out texts, before temperature scaling, `[held-out texts, stances]`.
    pub(super) out_of_fold: Array2<f64>,
}

impl Attempt {
    pub(super) fn tried(&self) -> Tried {
        Tried { name: self.candidate.to_string(), loss: self.loss }
    }
}

impl<'a> Validation<'a> {
    /// Parts the examples, whose n-grams are counted in `counts`, into folds.
    pub(super) fn new(examples: Examples<'a>, counts: &SparseRows, settings: NgramSettings, plan: &'a Plan) -> Self {
        let weights = examples.weights(&plan.class_weights);
        let fold_of = grouped_folds(examples.groups, FOLDS, plan.seed);
        let rounds = plan.rounds.clamp(1, FOLDS);
        let held_out: Vec<usize> = (0..fold_of.len()).filter(|&text| fold_of[text] < rounds).collect();
        let fold = |fold: usize| {
            let (held_out, kept): (Vec<usize>, Vec<usize>) =
                (0..fold_of.len()).partition(|&text| fold_of[text] == fold);
            let tfidf = Tfidf::fit(settings, &counts.select(&kept));
            let part = |texts: Vec<usize>| Part {
                labels: select(examples.labels, &texts),
                weights: weights.as_ref().map(|all| select(all, &texts)),
                embeddings: examples.embeddings.select(Axis(0), &texts),
                ngrams: tfidf.transform(&counts.select(&texts)),
                texts,
            };
            Fold { kept: part(kept), held_out: part(held_out) }
        };
        Self {
            examples,
            folds: (0..rounds).into_par_iter().map(fold).collect(),
            labels: select(examples.labels, &held_out),
            held_out,
            plan,
        }
    }

    /// Fits the candidate without each fold in turn, and scores that fold.
    pub(super) fn attempt(&self, candidate: Candidate) -> Result<Attempt, TrainError> {
        let scored = self.folds.par_iter().map(|fold| self.score(fold, candidate)).collect::<Result<Vec<_>, _>>()?;
        let mut out_of_fold = Array2::zeros((self.held_out.len(), self.examples.stances.len()));
        for (fold, logits) in self.folds.iter().zip(&scored) {
            for (text, row) in fold.held_out.texts.iter().zip(logits.rows()) {
                let at =
                    self.held_out.binary_search(text).unwrap_or_else(|_| unreachable!("every fold's texts are there"));
                out_of_fold.row_mut(at).assign(&row);
            }
        }
        let loss = temperature::loss(&out_of_fold, &self.labels, temperature::fit(&out_of_fold, &self.labels));
        Ok(Attempt { candidate, loss, out_of_fold })
    }

    fn score(&self, Fold { kept, held_out }: &Fold, candidate: Candidate) -> Result<Array2<f64>, TrainError> {
        let features = candidate.weights.join(&kept.embeddings, &kept.ngrams);
        let training = Training {
            features: &features,
            labels: &kept.labels,
            weights: kept.weights.as_deref(),
            offset: None,
            stances: self.examples.stances.len(),
        };
        let fitted = candidate.fit(training, self.examples, self.plan)?;
        Ok(fitted.classifier.logits(&candidate.weights.join(&held_out.embeddings, &held_out.ngrams)))
    }
}
