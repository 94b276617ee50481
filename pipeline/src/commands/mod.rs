//! One file a subcommand, and what several of them share.

pub(crate) mod agreement;
pub(crate) mod benchmark;
mod context;
pub(crate) mod convert;
pub(crate) mod embed;
mod encoder;
mod engine;
pub(crate) mod evaluate;
mod examples;
mod fine_tune;
mod hand_labels;
mod input;
pub(crate) mod label;
mod positive;
mod problems;
mod rejects;
mod schemes;
pub(crate) mod segment;
mod sources;
mod stances;
mod stdin;
mod targets;
pub(crate) mod train;
