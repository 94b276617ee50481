//! How well: metrics of predictions against hand labels, and how sure one can be of them.
//!
//! This crate does not know where predictions come from: it sees positions of stances in a scheme.

pub mod bootstrap;
pub mod metrics;

pub use metrics::Confusion;
