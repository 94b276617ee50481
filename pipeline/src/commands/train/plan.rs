use std::str::FromStr;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use standpoint_labels::Scheme;
use standpoint_models::train::{Kind, Parts, Plan};
use standpoint_models::tuning::ClassWeights;

/// What training chooses from.
#[derive(Debug, Args)]
pub(super) struct PlanOptions {
    /// The classifier
    #[arg(long, value_enum, default_value_t = ClassifierChoice::Auto, conflicts_with = "fine_tune")]
    classifier: ClassifierChoice,
    /// What the classifier sees of a text [default: whichever has the smallest log loss out of fold]
    #[arg(long, value_enum, conflicts_with = "fine_tune")]
    features: Option<FeatureChoice>,
    /// The share of the L1 norm in the penalty of logistic regressions, from 0 to 1; what is above 0 makes bundles smaller
    #[arg(long, default_value_t = 0.0, value_name = "SHARE", value_parser = share, conflicts_with_all = ["fine_tune", "from"])]
    l1_share: f64,
    /// How much texts of each stance count: equal, balanced (every stance the same in all), or
    /// weights of your own, such as favour=2,against=1.5; stances that are not named have 1
    #[arg(long, default_value = "balanced", value_name = "WEIGHTS", conflicts_with = "from")]
    pub(super) class_weights: StanceWeights,
    /// Mark for review what keeps the rest from being right this often
    #[arg(long, default_value_t = 0.9, value_name = "SHARE")]
    pub(super) accuracy: f64,
    /// The same seed gives the same bundle
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,
}

/// How much texts of each stance count, as it was typed.
#[derive(Debug, Clone)]
pub(super) enum StanceWeights {
    Equal,
    Balanced,
    /// Stances with their weights.
    Given(Vec<(String, f32)>),
}

impl FromStr for StanceWeights {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let pair = |pair: &str| {
            let (stance, weight) = pair.split_once('=')?;
            let weight = weight.trim().parse().ok().filter(|weight: &f32| weight.is_finite() && *weight > 0.0)?;
            Some((stance.trim().to_owned(), weight))
        };
        match typed {
            "equal" => Ok(Self::Equal),
            "balanced" => Ok(Self::Balanced),
            pairs => pairs.split(',').map(pair).collect::<Option<_>>().map(Self::Given).ok_or_else(|| {
                "expected equal, balanced, or stances with numbers above 0, such as favour=2,against=1.5".to_owned()
            }),
        }
    }
}

impl StanceWeights {
    pub(super) fn of(&self, scheme: &Scheme) -> Result<ClassWeights> {
        let given = match self {
            Self::Equal => return Ok(ClassWeights::Equal),
            Self::Balanced => return Ok(ClassWeights::Balanced),
            Self::Given(given) => given,
        };
        let mut weights = vec![1.0; scheme.stances.len()];
        for (stance, weight) in given {
            match scheme.spellings().find(stance) {
                Some(at) => weights[at] = *weight,
                None => bail!("--class-weights: {}", scheme.unknown(stance)),
            }
        }
        Ok(ClassWeights::Given(weights))
    }
}

fn share(typed: &str) -> Result<f64, String> {
    let share = typed.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "expected a number from 0 to 1, such as 0.5".to_owned())
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
    pub(super) fn plan(&self, scheme: &Scheme) -> Result<Plan> {
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
        Ok(Plan {
            classifiers,
            features,
            l1_share: self.l1_share,
            class_weights: self.class_weights.of(scheme)?,
            accuracy: self.accuracy,
            seed: self.seed,
            ..all
        })
    }
}
