//! What judges: encoders, classifiers, calibration, training, and the bundle that holds them together.
//!
//! This crate knows nothing of files of comments or of the command line.

pub mod bundle;
pub mod calibration;
pub mod classifier;
mod direction;
pub mod encoder;
pub mod features;
mod first;
pub mod folder;
mod folds;
mod hashtag;
mod labeller;
#[cfg(feature = "rust-bert")]
pub mod libtorch;
mod passage;
mod softmax;
mod tensors;
mod topics;
pub mod train;
pub mod tuning;

pub use bundle::{Bundle, BundleError, NewBundle};
pub use encoder::{BertEncoder, Embeddings, EncodeError, Encoder, LoadError};
pub use folder::{Folder, FolderError};
pub use folds::grouped_folds;
pub use labeller::{Labeller, Predicted};
pub use passage::Passage;
pub use tensors::{Tensor, Tensors};
pub use topics::topics;
