//! How well: metrics of predictions against hand labels, how sure one can be of them, whether one set of predictions is better than another,
//! and reports of all that.
//!
//! This crate does not know where predictions come from: it sees positions of stances in a list, and probabilities in that order.
//!
//! A metric that would divide by zero is `None`; [`Headline::undefined`] says why in words.

pub mod benchmark;
pub mod bootstrap;
pub mod comparison;
mod example;
mod headline;
pub mod metrics;
pub mod report;
mod resampled;
mod rollup;
mod tally;

pub use example::Example;
pub use headline::Headline;
pub use metrics::Confusion;
pub use resampled::Resampled;
pub use rollup::roll_up;
pub use tally::Tally;
