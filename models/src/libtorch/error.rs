//! What can go wrong when a model is loaded for libtorch.

use rust_bert::RustBertError;

use crate::encoder::LoadError;
use crate::folder::FolderError;

/// A model could not be loaded for libtorch.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file of the model is missing or is not what it should be.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The architecture is not one that is known here.
    #[error(
        "{folder}/config.json: `model_type` is {found}, which is not known as {purpose}; use a model of one of these: {known}"
    )]
    Architecture {
        /// The model's folder.
        folder: String,
        /// The value of `model_type`, or `not set`.
        found: String,
        /// What the model was to be used as.
        purpose: &'static str,
        /// The architectures that are known.
        known: String,
    },
    /// The model was not made for natural language inference.
    #[error(
        "{folder}/config.json: `id2label` names {found}, of which exactly one should be `entailment`; use a model trained on natural language inference, such as one of DeBERTa or BART with MNLI in its name"
    )]
    NoEntailment {
        /// The model's folder.
        folder: String,
        /// The labels it has.
        found: String,
    },
    /// The name of a device is none.
    #[error("`{0}` is no device; write `cpu`, or `cuda:0` with the number of the card")]
    DeviceName(String),
    /// The device is not there.
    #[error(
        "no device cuda:{asked}: this libtorch sees {found} CUDA card(s); use cpu, or build with a libtorch that has CUDA"
    )]
    NoCuda {
        /// The card asked for.
        asked: usize,
        /// How many there are.
        found: i64,
    },
    /// libtorch or rust-bert refused the model.
    #[error("rust-bert cannot use this model: {0}")]
    Refused(String),
    /// A stance cannot be asked for.
    #[error("scheme `{scheme}`, stance `{stance}`: {problem}")]
    Hypotheses {
        /// The scheme's id.
        scheme: String,
        /// The stance's id.
        stance: String,
        /// What is wrong and what to do.
        problem: String,
    },
}

impl From<RustBertError> for Error {
    fn from(error: RustBertError) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<FolderError> for Error {
    fn from(error: FolderError) -> Self {
        Self::Load(error.into())
    }
}
