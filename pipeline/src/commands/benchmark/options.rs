use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{ArgGroup, Args, ValueEnum, value_parser};
use standpoint_evaluation::bootstrap::Bootstrap;
use standpoint_labels::Scheme;

use super::classifiers::Choice;
use crate::commands::encoder::EncoderChoice;
use crate::commands::engine::DeviceOption;
use crate::commands::fine_tune::{TUNING_OPTIONS, TuningOptions};
use crate::commands::input::Columns;
use crate::commands::positive::Positive;

#[derive(Debug, Args)]
#[command(group(
    ArgGroup::new("how").args(TUNING_OPTIONS).multiple(true).requires("classifiers")
))]
#[command(after_help = "Examples:\n  \
    standpoint benchmark --labels labels/data/adjudicated.csv --corpus corpus/data \\\n      \
        --results runs --html benchmark.html\n  \
    standpoint benchmark --train labels/data/adjudicated.csv \\\n      \
        --test labels/documents/adjudicated.csv --corpus corpus/data corpus/documents \\\n      \
        --classifiers majority,logistic-both,svm-both\n  \
    standpoint benchmark --labels labels/data/adjudicated.csv --corpus corpus/data \\\n      \
        --classifiers svm-both,tuned --epochs 3 --no-curve --results runs\n\n\
    Settings are chosen within what is trained on, so nothing is tuned on what is tested with.")]
pub(crate) struct Options {
    /// Hand labels, `text,stance` or `document,start,end,stance`, for a cross-validation
    #[arg(long, num_args = 1.., value_name = "FILE", required_unless_present = "train")]
    pub(super) labels: Vec<PathBuf>,
    /// Hand labels to train on, instead of a cross-validation
    #[arg(long, num_args = 1.., value_name = "FILE", requires = "test", conflicts_with_all = ["labels", "folds", "repeats"])]
    pub(super) train: Vec<PathBuf>,
    /// Hand labels to test with
    #[arg(long, num_args = 1.., value_name = "FILE", requires = "train")]
    pub(super) test: Vec<PathBuf>,
    /// The documents that stand-off labels are about
    #[arg(long, num_args = 1.., value_name = "INPUT")]
    pub(super) corpus: Vec<String>,
    #[command(flatten)]
    pub(super) columns: Columns,
    /// The scheme of stances, TOML [default: the law of sex work]
    #[arg(long, value_name = "FILE")]
    pub(super) scheme: Option<PathBuf>,
    #[command(flatten)]
    pub(super) encoder: EncoderChoice,
    /// The classifiers to compare, separated by commas [default: all but `tuned` and `zero-shot`; `tuned` takes minutes for each
    /// thousand texts, pass and fold]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LIST")]
    pub(super) classifiers: Vec<Choice>,
    /// Compare a model of natural language inference in this folder too, which needs no hand labels; needs a build with the feature
    /// rust-bert
    #[arg(long, value_name = "DIR")]
    pub(super) zero_shot: Option<PathBuf>,
    #[command(flatten)]
    pub(super) device: DeviceOption,
    #[command(flatten, next_help_heading = "Options of the classifier `tuned`")]
    pub(super) tuning: TuningOptions,
    /// Parts of the cross-validation; what belongs to one document or group is never parted
    #[arg(long, default_value_t = 5, value_name = "K", value_parser = value_parser!(u16).range(2..=100))]
    pub(super) folds: u16,
    /// How often the cross-validation is repeated with other parts
    #[arg(long, default_value_t = 1, value_name = "R", value_parser = value_parser!(u16).range(1..=100))]
    pub(super) repeats: u16,
    /// How many fifths of what is trained on are held out in turn to choose settings; `train` takes all 5, in five times the time
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = value_parser!(u16).range(1..=5))]
    pub(super) rounds: u16,
    #[command(flatten)]
    pub(super) positive: Positive,
    /// Leave out the learning curve, which trains the first classifier again on an eighth, a quarter and half of the texts
    #[arg(long)]
    pub(super) no_curve: bool,
    /// The same seed gives the same figures, times and memory aside
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,
    /// Write everything as JSON (its schema: evaluation/SCHEMA.md)
    #[arg(long, value_name = "FILE")]
    pub(super) json: Option<PathBuf>,
    /// Write a page with drawings, for a browser or paper
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
    /// Keep what is computed here; a run that was interrupted goes on from it
    #[arg(long, value_name = "DIR")]
    pub(super) results: Option<PathBuf>,
}

impl Options {
    /// Refuses what cannot be done before anything is computed.
    pub(super) fn check(&self, scheme: &Scheme) -> Result<()> {
        let Some(model) = &self.zero_shot else {
            if self.classifiers.contains(&Choice::ZeroShot) {
                bail!(
                    "--classifiers zero-shot needs --zero-shot DIR, a folder with a model of natural language inference"
                );
            }
            return self.device.refuse_without("--zero-shot");
        };
        self.device.zero_shot(model, scheme.clone()).with_context(|| model.display().to_string()).map(|_| ())
    }

    /// What was asked for, each once, else everything that needs no long time and no further model.
    pub(super) fn choices(&self) -> Vec<Choice> {
        let all = || Choice::value_variants().iter().copied().filter(|choice| choice.by_default()).collect();
        let mut asked: Vec<Choice> = if self.classifiers.is_empty() { all() } else { self.classifiers.clone() };
        asked.extend(self.zero_shot.as_ref().map(|_| Choice::ZeroShot));
        asked.sort_unstable();
        asked.dedup();
        asked
    }

    pub(super) fn bootstrap(&self) -> Bootstrap {
        Bootstrap { seed: self.seed, ..Bootstrap::default() }
    }
}
