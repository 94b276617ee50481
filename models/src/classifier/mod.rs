//! Classifiers: from the features of texts to one score a stance.

mod centroid;
mod linear;
mod logistic;
mod majority;
mod neighbours;
mod owl_qn;
mod svm;
mod training;

use std::fmt::Debug;

use ndarray::Array2;

use crate::features::Features;
use crate::tensors::{TensorFile, Tensors};

pub use centroid::Centroids;
pub use linear::{Fit, Linear};
pub use logistic::LogisticSettings;
pub use majority::Majority;
pub use neighbours::Neighbours;
pub use svm::SvmSettings;
pub use training::Training;

/// Gives every text one score (a logit, before calibration) a stance.
pub trait Classifier: Debug + Send + Sync {
    /// Scores of texts, `[texts, stances]`: those of a text do not depend on the others.
    fn logits(&self, features: &Features) -> Array2<f64>;

    /// The classifier as sums of weighted features, where it is that.
    fn linear(&self) -> Option<&Linear> {
        None
    }

    /// What a bundle keeps of it; the names tell the kinds of classifiers apart.
    fn tensors(&self) -> Tensors;
}

/// The classifier whose tensors these are, for texts of so many dense and other features.
pub(crate) fn read(
    file: &TensorFile<'_>,
    [dense, sparse]: [usize; 2],
    stances: usize,
) -> Result<Box<dyn Classifier>, String> {
    Ok(if file.has(majority::LOG_SHARES) {
        Box::new(Majority::read(file, stances)?)
    } else if file.has(centroid::DIRECTIONS) {
        Box::new(Centroids::read(file, dense, stances)?)
    } else if file.has(neighbours::EMBEDDINGS) {
        Box::new(Neighbours::read(file, dense, stances)?)
    } else {
        Box::new(Linear::read(file, dense + sparse, stances)?)
    })
}
