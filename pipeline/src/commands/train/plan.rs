use clap::{Args, ValueEnum};
use standpoint_models::train::{Kind, Parts, Plan};

/// What training chooses from.
#[derive(Debug, Args)]
pub(super) struct PlanOptions {
    /// The classifier
    #[arg(long, value_enum, default_value_t = ClassifierChoice::Auto, conflicts_with = "fine_tune")]
    classifier: ClassifierChoice,
    /// What the classifier sees of a text [default: whichever has the smallest log loss out of fold]
    #[arg(long, value_enum, conflicts_with = "fine_tune")]
    features: Option<FeatureChoice>,
    /// Mark for review what keeps the rest from being right this often
    #[arg(long, default_value_t = 0.9, value_name = "SHARE")]
    pub(super) accuracy: f64,
    /// The same seed gives the same bundle
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ClassifierChoice {
    /// Whichever has the smallest log loss out of fold
    Auto,
    /// How common each stance is
    Majority,
    /// Nearest definition of a stance, or nearest mean of its texts
    Centroid,
    /// Nearest neighbours
    Neighbours,
    /// Multinomial logistic regression
    Logistic,
    /// Linear support vector machines
    Svm,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FeatureChoice {
    /// The encoder's embedding
    Embedding,
    /// Words, and runs of words and of characters
    Ngrams,
    /// Both, side by side
    Both,
}

impl PlanOptions {
    /// What is tried: what was asked for, else everything.
    pub(super) fn plan(&self) -> Plan {
        let all = Plan::default();
        let classifiers = match self.classifier {
            ClassifierChoice::Auto => all.classifiers,
            ClassifierChoice::Majority => vec![Kind::Majority],
            ClassifierChoice::Centroid => vec![Kind::Definition, Kind::Centroid],
            ClassifierChoice::Neighbours => vec![Kind::Neighbours],
            ClassifierChoice::Logistic => vec![Kind::Logistic],
            ClassifierChoice::Svm => vec![Kind::Svm],
        };
        let features = match self.features {
            None => all.features,
            Some(FeatureChoice::Embedding) => vec![Parts::Embedding],
            Some(FeatureChoice::Ngrams) => vec![Parts::Ngrams],
            Some(FeatureChoice::Both) => vec![Parts::Both],
        };
        Plan { classifiers, features, accuracy: self.accuracy, seed: self.seed, ..all }
    }
}
