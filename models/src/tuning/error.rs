//! What can go wrong when an encoder is tuned.

use std::fmt::Debug;
use std::path::PathBuf;

use crate::encoder::quantise::QuantiseError;
use crate::encoder::{EncodeError, LoadError};
use crate::folder::FolderError;

/// An encoder could not be tuned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TuneError {
    /// A setting is out of range.
    #[error("tuning: setting `{setting}` is {found}, expected {expected}")]
    Setting {
        /// The setting's name.
        setting: &'static str,
        /// Its value.
        found: String,
        /// What would be accepted.
        expected: String,
    },
    /// The texts, labels, weights and groups are not equally many.
    #[error("{texts} texts came with {labels} labels, {weights} weights and {groups} groups: give one of each a text")]
    Lengths {
        /// Texts given.
        texts: usize,
        /// Labels given.
        labels: usize,
        /// Weights given, or as many as there are texts.
        weights: usize,
        /// Groups given.
        groups: usize,
    },
    /// A label is no stance of the scheme.
    #[error("text {text} (counted from 0) has label {label}, but there are {stances} stances, counted from 0")]
    Label {
        /// The text's place.
        text: usize,
        /// Its label.
        label: usize,
        /// Number of stances.
        stances: usize,
    },
    /// A weight cannot be used.
    #[error("text {text} (counted from 0) has the weight {weight}; expected a number above 0")]
    Weight {
        /// The text's place.
        text: usize,
        /// Its weight.
        weight: f64,
    },
    /// A stance has no text to learn from.
    #[error("stance {stance} (counted from 1) has no text to learn from besides those held out; label more of it")]
    NoExample {
        /// Position of the stance in the scheme, counted from 1.
        stance: usize,
    },
    /// The encoder could not be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A text could not be turned into tokens.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The loss or a weight is not a finite number any more.
    #[error(
        "loss or weights were no longer finite numbers at step {step}; use a smaller `learning_rate` than {learning_rate}"
    )]
    Diverged {
        /// The step, counted from 1 within the contrastive passes or within the epochs.
        step: usize,
        /// The encoder's learning rate.
        learning_rate: f64,
    },
    /// A checkpoint was left by a run with other settings, texts or encoder.
    #[error("{path} is the checkpoint of a run with other settings, texts or encoder; remove it or name another folder",
        path = .path.display())]
    OtherCheckpoint {
        /// The file's path.
        path: PathBuf,
    },
    /// A checkpoint is not what was written.
    #[error("{path} is damaged: {reason}; remove it to start anew", path = .path.display())]
    DamagedCheckpoint {
        /// The file's path.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The weights could not be put into a safetensors file.
    #[error("cannot write the weights as safetensors")]
    Safetensors(#[from] safetensors::SafeTensorError),
    /// A file could not be read or written.
    #[error("cannot read or write {path}", path = .path.display())]
    File {
        /// The file's path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The tuned encoder's folder could not be written.
    #[error(transparent)]
    Write(#[from] QuantiseError),
}

impl TuneError {
    pub(super) fn setting(setting: &'static str, found: &dyn Debug, expected: &str) -> Self {
        Self::Setting { setting, found: format!("{found:?}"), expected: expected.to_owned() }
    }
}

impl From<FolderError> for TuneError {
    fn from(error: FolderError) -> Self {
        Self::Load(error.into())
    }
}
