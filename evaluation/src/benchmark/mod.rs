//! Classifiers compared with each other on labelled texts that they did not learn from: what is trained on and tested with ([`Split`]), one tree
//! of values for what was found ([`Benchmark`], the JSON schema of `SCHEMA.md`), and its views.

mod build;
mod design;
mod html;
mod terminal;

use serde::{Deserialize, Serialize};

pub use build::{EncoderUse, Entrant, Request, Run};
pub use design::Split;

use crate::Headline;
use crate::comparison::Comparison;
use crate::report::{Figure, Intervals};

/// The version of the JSON schema; it grows when a field is removed or changes its meaning.
pub const VERSION: u32 = 1;

/// Everything a benchmark found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Benchmark {
    /// Always `standpoint.benchmark`.
    pub schema: &'static str,
    /// The schema's version.
    pub version: u32,
    /// The program that wrote it, with its version.
    pub program: String,
    /// The files of hand labels.
    pub labels: Vec<String>,
    /// The stances, in the order of every list that has one entry a stance.
    pub stances: Vec<String>,
    /// The stances that the F over named stances is of; empty when none were asked for.
    pub named: Vec<String>,
    /// The labelled texts.
    pub data: Data,
    /// What was trained on and tested with.
    pub method: Method,
    /// How intervals were drawn.
    pub intervals: Intervals,
    /// What a reader should know before believing the figures.
    pub notes: Vec<String>,
    /// What turned texts into embeddings.
    pub encoder: EncoderCost,
    /// The classifiers, the largest macro-F1 first.
    pub classifiers: Vec<Entry>,
    /// Every pair of classifiers, the better first.
    pub comparisons: Vec<Comparison>,
    /// What the first classifier that learns from labels makes of fewer texts; null where it was not asked for.
    pub curve: Option<Curve>,
}

/// The labelled texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Data {
    /// Their number.
    pub texts: usize,
    /// What they belong to and is never parted.
    pub groups: usize,
    /// Their documents.
    pub documents: usize,
    /// Texts of each stance.
    pub by_stance: Vec<usize>,
}

/// What was trained on and tested with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Method {
    /// `grouped cross-validation` or `fixed files`.
    pub kind: &'static str,
    /// Parts of a cross-validation; 1 with fixed files.
    pub folds: usize,
    /// How often it was repeated with other parts.
    pub repeats: usize,
    /// How many fifths of what is trained on were held out in turn to choose settings and to calibrate.
    pub rounds: usize,
    /// The same seed gives the same figures.
    pub seed: u64,
    /// Texts trained on, on average.
    pub trained: f64,
    /// Texts tested with, on average.
    pub tested: f64,
}

/// What turning texts into embeddings costs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EncoderCost {
    /// Seconds a text, on one core.
    pub seconds_per_text: f64,
    /// Size of its folder in a bundle.
    pub bytes: u64,
}

/// What was found of one classifier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Its place by macro-F1, from 1.
    pub rank: usize,
    /// What `--classifiers` calls it.
    pub name: String,
    /// What it is.
    pub meaning: String,
    /// Whether it is the first, or no difference in macro-F1 between it and the first can be shown.
    pub is_best: bool,
    /// Macro-F1, accuracy, F over the named stances where there are any, log loss and calibration error.
    pub headline: Vec<Figure>,
    /// Macro-F1 of each repeat.
    pub by_repeat: Vec<Option<f64>>,
    /// The settings chosen, and how often.
    pub settings: Vec<Chosen>,
    /// What it costs; the only values that another run with the same seed may not repeat.
    pub cost: Cost,
}

/// Settings that were chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chosen {
    /// The settings in words.
    pub settings: String,
    /// How many of the trainings chose them.
    pub times: usize,
}

/// What a classifier costs. Times are those of one core.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cost {
    /// Mean seconds to choose settings and to train, the embeddings given; those of an encoder of its own are part of it.
    pub train_seconds: f64,
    /// Seconds to label a thousand texts; those of the encoder are part of it where the classifier sees embeddings.
    pub label_seconds_per_thousand: f64,
    /// Texts labelled a second.
    pub texts_per_second: f64,
    /// The most memory that a process which trains and labels had, program and data included; null where the system does not tell.
    pub peak_memory_bytes: Option<u64>,
    /// Size of a bundle, which always holds an encoder, or of the model that labels without one.
    pub bundle_bytes: u64,
}

/// What one training and test of a classifier gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The settings chosen, in words.
    pub settings: String,
    /// Probabilities of each text tested, one a stance.
    pub probabilities: Vec<Vec<f64>>,
    /// Seconds to choose settings and to train.
    pub train_seconds: f64,
    /// Seconds to label the texts tested, the embeddings of the shared encoder given.
    pub label_seconds: f64,
    /// The most memory that the process had, where the system tells.
    pub peak_memory_bytes: Option<u64>,
    /// Size of the bundle without the shared encoder, or of the model that labels without a bundle.
    pub bundle_bytes: u64,
}

/// How quality grows with the number of texts trained on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// The classifier.
    pub classifier: String,
    /// From few texts to all.
    pub points: Vec<Point>,
}

/// A point of a learning curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// Texts trained on, on average.
    pub trained: f64,
    /// The same figures as those of a classifier.
    pub headline: Vec<Figure>,
}

impl Benchmark {
    /// Pairs of classifiers that differ in macro-F1, and those of which no difference can be shown.
    fn pairs(&self) -> (Vec<&Comparison>, Vec<&Comparison>) {
        self.comparisons.iter().partition(|pair| pair.is_shown(self.intervals.level))
    }

    /// What the column of a headline figure is called.
    fn column(&self, figure: &Figure) -> String {
        if figure.id == Headline::NamedF1(Vec::new()).id() {
            return format!("F over {}", self.named.join(", "));
        }
        figure.name.to_owned()
    }

    /// The headline figures, as those of the first classifier, and what their columns are called.
    fn columns(&self) -> Vec<(&Figure, String)> {
        let figures = self.classifiers.first().map(|entry| entry.headline.as_slice()).unwrap_or_default();
        figures.iter().map(|figure| (figure, self.column(figure))).collect()
    }

    /// The texts, in a sentence.
    fn data_in_words(&self) -> String {
        let Data { texts, groups, documents, by_stance } = &self.data;
        let counts: Vec<String> =
            self.stances.iter().zip(by_stance).map(|(stance, count)| format!("{stance} {count}")).collect();
        format!("{texts} labelled texts of {documents} documents in {groups} groups: {}", counts.join(", "))
    }

    /// The method, in a sentence.
    fn method_in_words(&self) -> String {
        let Method { kind, folds, repeats, rounds, seed, trained, tested } = self.method;
        let parts = if folds > 1 {
            format!(", {folds} folds, {repeats} repeat(s), seed {seed}")
        } else {
            format!(", seed {seed}")
        };
        format!(
            "{kind}{parts}: trained on {trained:.0} texts, tested with {tested:.0}; settings and calibration chosen within what is trained on \
            ({rounds} fifth(s) of it held out in turn)"
        )
    }

    /// What the differences amount to, in a sentence.
    fn verdict(&self) -> String {
        let (shown, hidden) = self.pairs();
        let tested = shown.iter().filter(|pair| pair.mcnemar.p_holm < 1.0 - self.intervals.level).count();
        format!(
            "Of the {} differences in macro-F1 between two classifiers {} are real: their {:.0} % interval leaves 0 out and p < {:.2} after Holm's \
            correction; McNemar's exact test, corrected alike, agrees on {tested}.",
            shown.len() + hidden.len(),
            shown.len(),
            100.0 * self.intervals.level,
            1.0 - self.intervals.level,
        )
    }
}
