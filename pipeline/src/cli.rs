//! What can be typed.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};

use crate::commands::{agreement, benchmark, convert, embed, evaluate, label, segment, train};

/// Label comments and reports on the law of sex work with stances, offline, and score the labels against hand labels.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 110)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

/// Options of every command.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Common {
    /// Use at most N cores [default: all]; the output is the same for every N
    #[arg(long, global = true, value_name = "N")]
    threads: Option<std::num::NonZeroUsize>,
    /// Print no progress and no summary
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Split documents into segments and label each with a stance
    Label(label::Options),
    /// Split documents into segments
    Segment(segment::Options),
    /// Turn documents into embeddings, a `.npy` file
    Embed(embed::Options),
    /// Train a bundle on hand labels
    Train(train::Options),
    /// Score predictions against hand labels
    Evaluate(evaluate::Options),
    /// Compare classifiers on hand labels
    Benchmark(benchmark::Options),
    /// One training and test of a benchmark, which starts it itself
    #[command(hide = true)]
    BenchmarkCell(benchmark::cell::Options),
    /// Measure how well annotators agree
    Agreement(agreement::Options),
    /// Rewrite hand labels in the format of another tool
    Convert(convert::Options),
}

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// Done, but some input could not be read and was listed.
    DoneWithRejects,
}

impl Outcome {
    /// 0, or 3 when some input was rejected.
    #[must_use]
    pub fn exit_code(self) -> ExitCode {
        match self {
            Self::Done => ExitCode::SUCCESS,
            Self::DoneWithRejects => ExitCode::from(3),
        }
    }
}

impl Cli {
    /// Runs the command that was typed.
    ///
    /// # Errors
    /// With a message that names the file, the row or byte, what was found, what was expected and what to do.
    pub fn run(self) -> Result<Outcome> {
        if let Some(threads) = self.common.threads {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads.get())
                .build_global()
                .context("the threads could not be started")?;
        }
        match self.command {
            Command::Label(options) => label::run(&options, self.common),
            Command::Segment(options) => segment::run(&options, self.common),
            Command::Embed(options) => embed::run(&options, self.common),
            Command::Train(options) => train::run(&options, self.common),
            Command::Evaluate(options) => evaluate::run(&options),
            Command::Benchmark(options) => benchmark::run(&options, self.common),
            Command::BenchmarkCell(options) => benchmark::cell::run(&options),
            Command::Agreement(options) => agreement::run(&options),
            Command::Convert(options) => convert::run(&options, self.common),
        }
    }
}
