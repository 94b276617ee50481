//! What can go wrong when an encoder is loaded or run.

use crate::folder::FolderError;

/// An encoder's folder could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file is missing or unreadable.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file is not the JSON it should be.
    #[error("{file} is not valid")]
    Json {
        /// The file's path.
        file: String,
        /// Where and why.
        source: serde_json::Error,
    },
    /// A setting has a value (or is one) that this encoder does not honour.
    #[error("{file}: setting `{setting}` is {found}, expected {expected}")]
    Setting {
        /// The file's path.
        file: String,
        /// The setting's name as it stands in the file.
        setting: String,
        /// Its value as JSON, or `not set`.
        found: String,
        /// What would be accepted.
        expected: String,
    },
    /// The tokenizer's file describes no usable tokenizer.
    #[error("{file} is no tokenizer that can be used here")]
    Tokenizer {
        /// The file's path.
        file: String,
        /// What the tokenizers library said.
        source: tokenizers::Error,
    },
    /// The weights' file is not in safetensors format.
    #[error("{file} is not a safetensors file")]
    Safetensors {
        /// The file's path.
        file: String,
        /// Why not.
        source: safetensors::SafeTensorError,
    },
    /// A tensor the configuration calls for is not there.
    #[error("{file} has no tensor `{tensor}`, which config.json calls for with shape {expected:?}")]
    MissingTensor {
        /// The file's path.
        file: String,
        /// The tensor's name.
        tensor: String,
        /// The shape looked for.
        expected: Vec<usize>,
    },
    /// A tensor's shape is not the one the configuration calls for.
    #[error("{file}: tensor `{tensor}` has shape {found:?}, expected {expected:?}")]
    Shape {
        /// The file's path.
        file: String,
        /// The tensor's name.
        tensor: String,
        /// Its shape in the file.
        found: Vec<usize>,
        /// The shape that the configuration calls for.
        expected: Vec<usize>,
    },
    /// A tensor is stored as numbers of a type that is not read here.
    #[error("{file}: tensor `{tensor}` is stored as {found}, expected F32, F16, BF16, or I8 beside `{tensor}.scale`")]
    Storage {
        /// The file's path.
        file: String,
        /// The tensor's name.
        tensor: String,
        /// The stored type.
        found: String,
    },
    /// A tensor holds a NaN or an infinity, so every vector would.
    #[error("{file}: tensor `{tensor}` holds a value that is not finite: the file is damaged")]
    NotFinite {
        /// The file's path.
        file: String,
        /// The tensor's name.
        tensor: String,
    },
}

/// A text could not be encoded.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// The tokenizer refused a text.
    #[error("the tokenizer refused text {text} of the batch (counted from 0)")]
    Tokenizer {
        /// The text's place in the batch, from 0.
        text: usize,
        /// What the tokenizers library said.
        source: tokenizers::Error,
    },
    /// The library that runs the network failed.
    #[error("{engine} could not run the model: {problem}")]
    Engine {
        /// The engine's name.
        engine: &'static str,
        /// What it said.
        problem: String,
    },
}
