use std::fmt;

use super::{Examples, Plan, TrainError};
use crate::classifier::{Centroids, Classifier, Fit, LogisticSettings, Majority, Neighbours, SvmSettings, Training};
use crate::features::Weights;
use crate::tuning::ClassWeights;

/// One way to make a classifier, to be compared with others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// What is fitted.
    pub method: Method,
    /// How embeddings and n-grams are joined.
    pub weights: Weights,
}

/// The classifiers that training chooses from, with their settings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// How common each stance is.
    Majority,
    /// Nearest definition of a stance.
    Definitions,
    /// Nearest mean embedding of a stance's texts.
    Centroids,
    /// The nearest training texts, so many.
    Neighbours(usize),
    /// Multinomial logistic regression.
    Logistic {
        /// Larger fits the texts more closely.
        c: f64,
        /// The share of the L1 norm in the penalty, from 0 to 1.
        l1_share: f64,
    },
    /// Linear support vector machines with this `C`, each stance against the rest.
    Svm(f64),
}

/// A classifier and, where a solver fitted it, how that ended.
pub(super) struct Fitted {
    pub(super) classifier: Box<dyn Classifier>,
    pub(super) termination: String,
}

/// Tighter costs time and changes the log loss out of fold by less than 0.001.
const LOGISTIC_TOLERANCE: f64 = 1e-3;
const SVM_TOLERANCE: f64 = 1e-2;

impl Candidate {
    /// Fits to some of the examples, whose features and labels are `training`.
    pub(super) fn fit(
        &self,
        training: Training<'_>,
        examples: Examples<'_>,
        plan: &Plan,
    ) -> Result<Fitted, TrainError> {
        let balanced = plan.class_weights == ClassWeights::Balanced;
        let direct = |classifier| Fitted { classifier, termination: "no solver is needed".to_owned() };
        Ok(match self.method {
            Method::Majority => direct(Box::new(Majority::fit(training))),
            Method::Definitions => direct(Box::new(Centroids::from_definitions(examples.definitions))),
            Method::Centroids => direct(Box::new(Centroids::fit(training))),
            Method::Neighbours(k) => direct(Box::new(Neighbours::fit(training, k))),
            Method::Logistic { c, l1_share } => {
                let settings =
                    LogisticSettings { c, l1_share, balanced, penalise_bias: false, tolerance: LOGISTIC_TOLERANCE };
                settings.fit(training)?.into()
            }
            Method::Svm(c) => {
                SvmSettings { c, balanced, tolerance: SVM_TOLERANCE, seed: plan.seed }.fit(training).into()
            }
        })
    }
}

impl From<Fit> for Fitted {
    fn from(Fit { classifier, iterations, termination }: Fit) -> Self {
        Self { classifier: Box::new(classifier), termination: format!("{termination} after {iterations} iterations") }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Majority => f.write_str("majority"),
            Self::Definitions => f.write_str("nearest definition"),
            Self::Centroids => f.write_str("nearest centroid"),
            Self::Neighbours(k) => write!(f, "{k} nearest neighbours"),
            Self::Logistic { c, l1_share } if *l1_share > 0.0 => {
                write!(f, "logistic regression, C = {c}, L1 share {l1_share}")
            }
            Self::Logistic { c, .. } => write!(f, "logistic regression, C = {c}"),
            Self::Svm(c) => write!(f, "linear SVM, C = {c}"),
        }
    }
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, weights: Weights { embeddings, ngrams } } = self;
        match (*embeddings > 0.0, *ngrams > 0.0) {
            (true, true) => write!(f, "{method}, embeddings and n-grams 1 : {:.3}", ngrams / embeddings),
            _ if *method == Method::Majority => write!(f, "{method}"),
            (true, false) => write!(f, "{method}, embeddings"),
            (false, _) => write!(f, "{method}, n-grams"),
        }
    }
}
