//! From features and hand labels to a calibrated classifier, with everything chosen by grouped cross-validation.

mod adapted;
mod candidate;
mod search;
#[cfg(test)]
mod tests;
mod tuned;
mod validation;

use ndarray::Array2;

pub use adapted::adapt;
use candidate::Fitted;
pub use candidate::{Candidate, Method};
pub use tuned::train_tuned;

use crate::calibration::Calibration;
use crate::classifier::{Classifier, Training};
use crate::features::{Featuriser, NgramSettings, SparseRows, Tfidf};
use crate::first::first_smallest;
use crate::passage::Passage;
use crate::tuning::ClassWeights;
use validation::{Attempt, Validation};

/// Folds that training parts its texts into; every stance needs at least as many examples.
pub const FOLDS: usize = 5;

/// Texts to learn from.
#[derive(Debug, Clone, Copy)]
pub struct Examples<'a> {
    /// The texts themselves, for their n-grams, each with a target where the scheme has targets.
    pub texts: &'a [Passage<'a>],
    /// Of what [`Passage::encoded`] gives, `[texts, dimensions]`.
    pub embeddings: &'a Array2<f32>,
    /// The position of each text's stance in the scheme.
    pub labels: &'a [usize],
    /// How much each text counts, above 0; all alike without. Nearest neighbours count all alike, and so do what chooses and what calibrates.
    pub weights: Option<&'a [f64]>,
    /// What each text belongs to (its document); groups are never parted between training and validation.
    pub groups: &'a [String],
    /// The document of each text; texts of one document that follow each other are each other's context.
    pub documents: &'a [String],
    /// Embeddings of the stances' definitions, `[stances, dimensions]`.
    pub definitions: &'a Array2<f32>,
    /// The ids of the scheme's stances, in its order.
    pub stances: &'a [&'a str],
}

impl Examples<'_> {
    /// How much each text counts with the weights given to stances; balanced stances are the solvers' concern.
    fn weights(&self, class_weights: &ClassWeights) -> Option<Vec<f64>> {
        let ClassWeights::Given(of_stances) = class_weights else { return self.weights.map(<[f64]>::to_vec) };
        let own = |text: usize| self.weights.map_or(1.0, |weights| weights[text]);
        let weight = |(text, &label): (usize, &usize)| own(text) * f64::from(of_stances[label]);
        Some(self.labels.iter().enumerate().map(weight).collect())
    }

    /// Texts of each stance.
    fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.stances.len()];
        self.labels.iter().for_each(|&label| counts[label] += 1);
        counts
    }

    /// How n-grams are counted.
    fn ngrams(&self) -> NgramSettings {
        let has_targets = self.texts.iter().any(|text| text.target.is_some());
        if has_targets { NgramSettings::of_targets() } else { NgramSettings::default() }
    }
}

/// A kind of classifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Says the same of every text.
    Majority,
    /// Nearest definition of a stance.
    Definition,
    /// Nearest mean of a stance's texts.
    Centroid,
    /// Nearest neighbours.
    Neighbours,
    /// Multinomial logistic regression.
    Logistic,
    /// Linear support vector machines.
    Svm,
}

/// What classifiers see of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    /// Embeddings.
    Embedding,
    /// Weighted n-grams; only linear classifiers see them.
    Ngrams,
    /// Both.
    Both,
}

/// What training tries, and what it has to keep to.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The kinds of classifiers to choose from.
    pub classifiers: Vec<Kind>,
    /// The parts to choose from.
    pub features: Vec<Parts>,
    /// The share of the L1 norm in the penalty of logistic regressions, from 0 to 1; the rest is L2's.
    pub l1_share: f64,
    /// How much the texts of each stance count in logistic regressions and support vector machines.
    pub class_weights: ClassWeights,
    /// How often what is not marked for review is to be right, as a share.
    pub accuracy: f64,
    /// How many of the [`FOLDS`] folds are held out in turn, from 1 to all of them. Fewer cost less time and leave fewer texts to choose and to
    /// calibrate by.
    pub rounds: usize,
    /// The same seed gives the same folds and the same fits.
    pub seed: u64,
}

impl Plan {
    /// Whether anything to be tried sees n-grams; counting them takes longer than fitting what does not.
    fn sees_ngrams(&self) -> bool {
        self.features.iter().any(|&parts| parts != Parts::Embedding)
            && self.classifiers.iter().any(|kind| matches!(kind, Kind::Logistic | Kind::Svm))
    }
}

impl Default for Plan {
    /// Everything is tried.
    fn default() -> Self {
        use Kind::{Centroid, Definition, Logistic, Majority, Neighbours, Svm};
        Self {
            classifiers: vec![Majority, Definition, Centroid, Neighbours, Logistic, Svm],
            features: vec![Parts::Embedding, Parts::Ngrams, Parts::Both],
            l1_share: 0.0,
            class_weights: ClassWeights::Balanced,
            accuracy: 0.9,
            rounds: FOLDS,
            seed: 0,
        }
    }
}

/// A featuriser, a classifier, their calibration, and the account of how they were chosen.
#[derive(Debug)]
pub struct Trained {
    /// Fitted to all examples.
    pub featuriser: Featuriser,
    /// Fitted to all examples.
    pub classifier: Box<dyn Classifier>,
    /// Fitted to what `unseen` holds.
    pub calibration: Calibration,
    /// Everything tried, in order.
    pub tried: Vec<Tried>,
    /// The position of what was chosen among them: the smallest loss.
    pub chosen: usize,
    /// What the chosen one makes of texts that it did not learn from.
    pub unseen: Unseen,
    /// How the last fit ended, and after how many iterations.
    pub termination: String,
}

/// Something that was tried, and how it did.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// Classifier, settings and features in words.
    pub name: String,
    /// Mean log loss (nats a text) on texts it did not learn from, after temperature scaling.
    pub loss: f64,
}

/// Texts as a classifier sees them that did not learn from them.
#[derive(Debug, Clone, PartialEq)]
pub struct Unseen {
    /// Their positions among the examples, ascending.
    pub texts: Vec<usize>,
    /// Before calibration, `[texts, stances]`.
    pub logits: Array2<f64>,
}

impl Unseen {
    /// How many of these texts each document has, in order, from all texts and their documents. What a document says of one target is no context of
    /// what it says of another.
    #[must_use]
    pub fn lengths(&self, texts: &[Passage<'_>], documents: &[String]) -> Vec<usize> {
        lengths(&self.texts, texts, documents)
    }
}

/// How many of the texts at these positions each document has, in order, those of different targets apart.
#[must_use]
pub fn lengths(of: &[usize], texts: &[Passage<'_>], documents: &[String]) -> Vec<usize> {
    let together = |&a: &usize, &b: &usize| documents[a] == documents[b] && texts[a].target == texts[b].target;
    of.chunk_by(together).map(<[usize]>::len).collect()
}

/// Why training failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A stance has no example, or too few to be in every fold.
    #[error(
        "`{stance}` has {found} labelled text(s), and {needed} are needed to train and to validate; label {} more, or adapt a bundle that knows this stance (--from)",
        .needed - .found
    )]
    TooFewExamples {
        /// The stance's id.
        stance: String,
        /// Examples found.
        found: usize,
        /// Examples needed.
        needed: usize,
    },
    /// Too few texts to adapt to.
    #[error("there are {found} labelled text(s), and {needed} are needed to adapt a bundle; label {} more", .needed - .found)]
    TooFewTexts {
        /// Texts found.
        found: usize,
        /// Texts needed.
        needed: usize,
    },
    /// The plan leaves no candidate.
    #[error("no classifier that was asked for sees n-grams; choose logistic or svm, or let embeddings count")]
    NothingToTry,
    /// Nothing is left to choose and calibrate with.
    #[error("fine-tuning held out no text, so nothing can be chosen or calibrated; label more documents")]
    NothingHeldOut,
    /// There is nothing that could be added to.
    #[error(
        "only a bundle whose classifier is linear (logistic regression, SVM, a tuned head) can be adapted; train a new one"
    )]
    NotLinear,
    /// The optimiser gave up.
    #[error("the regression could not be fitted: {0}")]
    Optimiser(#[from] argmin::core::Error),
}

/// Chooses the method, the features and the strength of the penalty by grouped five-fold cross-validation (smallest log loss after
/// temperature scaling), calibrates on the predictions out of fold, and fits the classifier to all examples.
///
/// # Errors
/// When a stance has fewer examples than there are folds, the plan leaves nothing to try, or the optimiser fails.
pub fn train(examples: Examples<'_>, plan: &Plan) -> Result<Trained, TrainError> {
    check(examples)?;
    let settings = examples.ngrams();
    let counts = if plan.sees_ngrams() {
        settings.count(examples.texts)
    } else {
        SparseRows::from_rows(settings.buckets(), vec![Vec::new(); examples.texts.len()])
    };
    let validation = Validation::new(examples, &counts, settings, plan);
    let mut attempts = search::search(&validation, plan)?;
    let tried: Vec<Tried> = attempts.iter().map(Attempt::tried).collect();
    let chosen = first_smallest(tried.iter().map(|tried| tried.loss));
    let Attempt { candidate, out_of_fold, .. } = attempts.swap_remove(chosen);
    let featuriser = Featuriser::new(candidate.weights, || Tfidf::fit(settings, &counts));
    let features = featuriser.features(examples.texts, examples.embeddings);
    let weights = examples.weights(&plan.class_weights);
    let training = Training {
        features: &features,
        labels: examples.labels,
        weights: weights.as_deref(),
        offset: None,
        stances: examples.stances.len(),
    };
    let Fitted { classifier, termination } = candidate.fit(training, examples, plan)?;
    let unseen = Unseen { texts: validation.held_out, logits: out_of_fold };
    let lengths = unseen.lengths(examples.texts, examples.documents);
    Ok(Trained {
        featuriser,
        classifier,
        calibration: Calibration::fit(&unseen.logits, &validation.labels, &lengths, plan.accuracy),
        tried,
        chosen,
        unseen,
        termination,
    })
}

/// Those of some texts, of values that each text has one of.
fn select<T: Copy>(values: &[T], texts: &[usize]) -> Vec<T> {
    texts.iter().map(|&text| values[text]).collect()
}

fn check(examples: Examples<'_>) -> Result<(), TrainError> {
    let scarce = examples.stances.iter().zip(examples.counts()).find(|(_, found)| *found < FOLDS);
    scarce.map_or(Ok(()), |(&stance, found)| {
        Err(TrainError::TooFewExamples { stance: stance.to_owned(), found, needed: FOLDS })
    })
}
