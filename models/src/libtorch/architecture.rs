//! The architectures that are known, and where each differs from the others.

use rust_bert::RustBertError;
use rust_bert::bert::BertEmbeddings;
use rust_bert::roberta::RobertaEmbeddings;
use tch::Tensor;
use tch::nn::Path;

use super::batch::Batch;
use super::error::Error;
use super::{classifiers, deberta_v2, encoders};
use crate::encoder::settings::Settings;

/// Takes a batch through a network: to token vectors [texts, tokens, dimensions], or to logits [texts, labels].
pub(super) type Forward = Box<dyn Fn(&Batch) -> Result<Tensor, RustBertError> + Send>;

/// Builds a network whose weights are the variables below a path, and takes the settings that it honours.
pub(super) type Build = fn(&Path<'_>, &mut Settings) -> Result<Forward, Error>;

/// One architecture.
pub(super) struct Architecture {
    /// Its `model_type` in `config.json`.
    pub(super) kind: &'static str,
    /// What stands before the names of the encoder's tensors in a model with a head.
    pub(super) prefix: &'static str,
    /// The setting that holds the length of a token's vector.
    pub(super) hidden: &'static str,
    /// The settings that hold numbers of attention heads, each of which divides that length.
    pub(super) heads: &'static [&'static str],
    /// Rows of the position embedding table that no token has.
    pub(super) spare_positions: usize,
    /// Whether the network looks at the types of tokens.
    pub(super) types: bool,
    /// Whether rust-bert takes 1e-12 for the epsilon of layer normalisation, whatever `config.json` says.
    pub(super) fixed_epsilon: bool,
    pub(super) encoder: Option<Build>,
    pub(super) classifier: Option<Build>,
}

/// What most architectures have in common.
const USUAL: Architecture = Architecture {
    kind: "",
    prefix: "",
    hidden: "hidden_size",
    heads: &["num_attention_heads"],
    spare_positions: 0,
    types: true,
    fixed_epsilon: false,
    encoder: None,
    classifier: None,
};

/// `RoBERTa` under its several names: its positions begin at 2.
const ROBERTA: Architecture = Architecture {
    kind: "roberta",
    prefix: "roberta.",
    spare_positions: 2,
    fixed_epsilon: true,
    encoder: Some(encoders::bert::<RobertaEmbeddings>),
    classifier: Some(classifiers::roberta),
    ..USUAL
};

pub(super) static ARCHITECTURES: [Architecture; 13] = [
    Architecture {
        kind: "bert",
        prefix: "bert.",
        fixed_epsilon: true,
        encoder: Some(encoders::bert::<BertEmbeddings>),
        classifier: Some(classifiers::bert),
        ..USUAL
    },
    ROBERTA,
    Architecture { kind: "xlm-roberta", ..ROBERTA },
    Architecture { kind: "camembert", ..ROBERTA },
    Architecture {
        kind: "distilbert",
        prefix: "distilbert.",
        hidden: "dim",
        heads: &["n_heads"],
        types: false,
        encoder: Some(encoders::distilbert),
        classifier: Some(classifiers::distilbert),
        ..USUAL
    },
    Architecture {
        kind: "albert",
        prefix: "albert.",
        encoder: Some(encoders::albert),
        classifier: Some(classifiers::albert),
        ..USUAL
    },
    Architecture { kind: "electra", prefix: "electra.", encoder: Some(encoders::electra), ..USUAL },
    Architecture {
        kind: "mobilebert",
        prefix: "mobilebert.",
        encoder: Some(encoders::mobilebert),
        classifier: Some(classifiers::mobilebert),
        ..USUAL
    },
    Architecture {
        kind: "longformer",
        prefix: "longformer.",
        spare_positions: 2,
        encoder: Some(encoders::longformer),
        classifier: Some(classifiers::longformer),
        ..USUAL
    },
    Architecture {
        kind: "xlnet",
        prefix: "transformer.",
        hidden: "d_model",
        heads: &["n_head"],
        encoder: Some(encoders::xlnet),
        ..USUAL
    },
    Architecture { kind: "fnet", prefix: "fnet.", heads: &[], encoder: Some(encoders::fnet), ..USUAL },
    Architecture {
        kind: "deberta-v2",
        prefix: "deberta.",
        encoder: Some(deberta_v2::encoder),
        classifier: Some(deberta_v2::classifier),
        ..USUAL
    },
    Architecture {
        kind: "bart",
        hidden: "d_model",
        heads: &["encoder_attention_heads", "decoder_attention_heads"],
        types: false,
        classifier: Some(classifiers::bart),
        ..USUAL
    },
];

/// What a model is to be used as.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Encoder,
    Classifier,
}

impl Purpose {
    /// How an architecture is built for this purpose, where rust-bert can.
    pub(super) fn build(self, architecture: &Architecture) -> Option<Build> {
        match self {
            Self::Encoder => architecture.encoder,
            Self::Classifier => architecture.classifier,
        }
    }

    /// The purpose in words.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Encoder => "an encoder",
            Self::Classifier => "a model of natural language inference",
        }
    }
}
