//! The library's front door: the command line, the streaming engine that ties the rooms together, and the exporters.

pub mod cli;
mod commands;
mod console;
pub mod engine;
pub mod export;
pub mod output;

pub use standpoint_corpus as corpus;
pub use standpoint_evaluation as evaluation;
pub use standpoint_labels as labels;
pub use standpoint_models as models;
