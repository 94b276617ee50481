//! One file a subcommand, and what several of them share.

pub(crate) mod agreement;
mod context;
pub(crate) mod embed;
pub(crate) mod evaluate;
mod examples;
mod input;
pub(crate) mod label;
mod rejects;
pub(crate) mod segment;
mod stances;
pub(crate) mod train;
