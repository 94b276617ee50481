//! What was judged: schemes of stances, hand labels and how well annotators agree on them, and predictions.
//!
//! This crate knows nothing of models. A [`Prediction`] lives here because it is a judgement like a hand label.

pub mod agreement;
pub mod formats;
mod hand_label;
mod matching;
mod prediction;
mod scheme;
mod spelling;
mod target;

pub use formats::read;
pub use hand_label::{HandLabel, LabelError, LabelFile, Place, RowProblem};
pub use matching::{Met, Predicted, Unmatched, meet};
pub use prediction::Prediction;
pub use scheme::{Scheme, SchemeError, Stance};
pub use spelling::{Spellings, class_index};
pub use target::Target;
