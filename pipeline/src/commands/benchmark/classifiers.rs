use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use standpoint_evaluation::benchmark::EncoderUse;
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
    /// An encoder fine-tuned with its head, and n-grams, as `train --fine-tune` does it; takes hours where the others take minutes
    Tuned,
    /// Natural language inference without hand labels, by the model that --zero-shot names
    ZeroShot,
}

/// How a classifier comes about.
pub(crate) enum Way {
    /// The search of `train`, restricted to these.
    Searched(Kind, Parts),
    /// `train --fine-tune`.
    Tuned,
    /// `label --zero-shot`.
    ZeroShot,
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

    pub(crate) fn way(self) -> Way {
        let (kind, parts) = match self {
            Self::Tuned => return Way::Tuned,
            Self::ZeroShot => return Way::ZeroShot,
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
        };
        Way::Searched(kind, parts)
    }

    /// Whether it takes part where no list says so.
    pub(crate) fn by_default(self) -> bool {
        matches!(self.way(), Way::Searched(..))
    }

    /// Whether it learns from labels.
    pub(crate) fn learns(self) -> bool {
        !matches!(self.way(), Way::ZeroShot)
    }

    /// What it needs of encoders.
    pub(crate) fn encoder(self) -> EncoderUse {
        match self.way() {
            Way::Tuned | Way::ZeroShot => EncoderUse::Own,
            Way::Searched(Kind::Majority, _) | Way::Searched(_, Parts::Ngrams) => EncoderUse::Unseen,
            Way::Searched(..) => EncoderUse::Shared,
        }
    }
}
