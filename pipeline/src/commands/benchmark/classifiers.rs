use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use standpoint_models::train::{Kind, Parts};

/// A classifier that can be compared with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Choice {
    /// How common each stance is
    Majority,
    /// Nearest definition of a stance
    Definition,
    /// Nearest mean embedding of a stance's texts
    Centroid,
    /// Nearest neighbours by embedding
    Neighbours,
    /// Multinomial logistic regression on embeddings
    LogisticEmbedding,
    /// Multinomial logistic regression on n-grams
    LogisticNgrams,
    /// Multinomial logistic regression on embeddings and n-grams
    LogisticBoth,
    /// Linear support vector machines on embeddings
    SvmEmbedding,
    /// Linear support vector machines on n-grams
    SvmNgrams,
    /// Linear support vector machines on embeddings and n-grams
    SvmBoth,
}

impl Choice {
    /// What the command line calls it.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// What it is.
    pub(crate) fn meaning(self) -> String {
        self.to_possible_value().and_then(|value| value.get_help().map(ToString::to_string)).unwrap_or_default()
    }

    /// What training is restricted to.
    pub(crate) fn kind_and_parts(self) -> (Kind, Parts) {
        match self {
            Self::Majority => (Kind::Majority, Parts::Embedding),
            Self::Definition => (Kind::Definition, Parts::Embedding),
            Self::Centroid => (Kind::Centroid, Parts::Embedding),
            Self::Neighbours => (Kind::Neighbours, Parts::Embedding),
            Self::LogisticEmbedding => (Kind::Logistic, Parts::Embedding),
            Self::LogisticNgrams => (Kind::Logistic, Parts::Ngrams),
            Self::LogisticBoth => (Kind::Logistic, Parts::Both),
            Self::SvmEmbedding => (Kind::Svm, Parts::Embedding),
            Self::SvmNgrams => (Kind::Svm, Parts::Ngrams),
            Self::SvmBoth => (Kind::Svm, Parts::Both),
        }
    }

    /// Whether it needs the embeddings of texts.
    pub(crate) fn sees_embeddings(self) -> bool {
        !matches!(self, Self::Majority | Self::LogisticNgrams | Self::SvmNgrams)
    }
}
