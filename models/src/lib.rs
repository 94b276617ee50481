//! What judges: encoders, classifiers, calibration, training, and the bundle that holds them together.
//!
//! This crate knows nothing of files of comments or of the command line.

pub mod calibration;
pub mod classifier;
mod folds;
mod softmax;
pub mod train;

pub use folds::grouped_folds;
