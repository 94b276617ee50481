//! One training and test. It has a process of its own, with one thread, so that its time and its memory can be told from those of others.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;
use ndarray::{Array2, Axis};
use serde::{Deserialize, Serialize};
use standpoint_evaluation::benchmark::Outcome;
use standpoint_labels::{Prediction, Scheme};
use standpoint_models::train::{Examples, Plan, Trained, Unseen, train};
use standpoint_models::{NewBundle, Passage};

use super::classifiers::Choice;
use super::results::{Results, bytes_in};
use crate::commands::examples::LabelledTexts;
use crate::export::read_npy;
use crate::output::Output;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder of results
    results: PathBuf,
}

/// What is trained on and tested with; read from standard input.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Task {
    pub(crate) classifier: Choice,
    /// The file of texts.
    pub(crate) texts: String,
    /// The file of their embeddings and those of the definitions.
    pub(crate) embeddings: String,
    pub(crate) scheme: Scheme,
    pub(crate) train: Vec<usize>,
    pub(crate) test: Vec<usize>,
    pub(crate) rounds: usize,
    pub(crate) seed: u64,
}

pub(crate) fn run(options: &Options) -> Result<crate::cli::Outcome> {
    let task: Task = serde_json::from_reader(std::io::stdin().lock()).context("standard input holds no task")?;
    let results = Results::at(&options.results);
    let texts = results.kept(&task.texts).with_context(|| format!("{}: cannot be read", task.texts))?;
    let embeddings = read_npy(&results.file(&task.embeddings))?;
    let outcome = task.carry_out(&texts, &embeddings)?;
    let mut out = Output::open(None)?;
    serde_json::to_writer(&mut out, &outcome)?;
    out.flush()?;
    Ok(crate::cli::Outcome::Done)
}

/// Some of the texts.
struct Part<'a> {
    texts: Vec<Passage<'a>>,
    labels: Vec<usize>,
    weights: Option<Vec<f64>>,
    groups: Vec<String>,
    documents: Vec<String>,
    embeddings: Array2<f32>,
}

impl<'a> Part<'a> {
    fn new(of: &'a LabelledTexts, embeddings: &Array2<f32>, texts: &[usize]) -> Self {
        let strings = |of: &[String]| texts.iter().map(|&text| of[text].clone()).collect();
        Self {
            texts: texts.iter().map(|&text| of.passage(text)).collect(),
            labels: texts.iter().map(|&text| of.labels[text]).collect(),
            weights: of.weights().map(|weights| texts.iter().map(|&text| weights[text]).collect()),
            groups: strings(&of.groups),
            documents: strings(&of.documents),
            embeddings: embeddings.select(Axis(0), texts),
        }
    }
}

impl Task {
    fn carry_out(&self, texts: &LabelledTexts, embeddings: &Array2<f32>) -> Result<Outcome> {
        let definitions: Vec<usize> = (texts.texts.len()..embeddings.nrows()).collect();
        let definitions = embeddings.select(Axis(0), &definitions);
        let [learnt, tested] = [&self.train, &self.test].map(|part| Part::new(texts, embeddings, part));
        let started = Instant::now();
        let trained = self.learn(&learnt, &definitions)?;
        let train_seconds = started.elapsed().as_secs_f64();
        let started = Instant::now();
        let predictions = label(&trained, &tested);
        let label_seconds = started.elapsed().as_secs_f64();
        Ok(Outcome {
            settings: trained.tried[trained.chosen].name.clone(),
            probabilities: predictions.into_iter().map(|prediction| prediction.probabilities).collect(),
            train_seconds,
            label_seconds,
            peak_memory_bytes: peak_memory(),
            bundle_bytes: self.bundle_bytes(trained)?,
        })
    }

    fn learn(&self, part: &Part<'_>, definitions: &Array2<f32>) -> Result<Trained> {
        let (kind, parts) = self.classifier.kind_and_parts();
        let plan = Plan {
            classifiers: vec![kind],
            features: vec![parts],
            rounds: self.rounds,
            seed: self.seed,
            ..Plan::default()
        };
        let examples = Examples {
            texts: &part.texts,
            embeddings: &part.embeddings,
            labels: &part.labels,
            weights: part.weights.as_deref(),
            groups: &part.groups,
            documents: &part.documents,
            definitions,
            stances: self.scheme.stances.len(),
        };
        Ok(train(examples, &plan)?)
    }

    /// The size of the bundle without an encoder.
    fn bundle_bytes(&self, trained: Trained) -> Result<u64> {
        let folder = tempfile::tempdir().context("a folder for the bundle cannot be made")?;
        let [encoder, place] = ["encoder", "bundle"].map(|name| folder.path().join(name));
        std::fs::create_dir(&encoder)?;
        let bundle = NewBundle {
            scheme: &self.scheme,
            encoder: &encoder,
            featuriser: &trained.featuriser,
            classifier: &*trained.classifier,
            calibration: trained.calibration,
            model_card: "",
        };
        bundle.write(&place)?;
        Ok(bytes_in(&place)?)
    }
}

fn label(trained: &Trained, part: &Part<'_>) -> Vec<Prediction> {
    let logits = trained.classifier.logits(&trained.featuriser.features(&part.texts, &part.embeddings));
    let unseen = Unseen { texts: (0..part.texts.len()).collect(), logits };
    trained.calibration.predictions(&unseen.logits, &unseen.lengths(&part.texts, &part.documents))
}

/// The most memory that this process has had so far, as Linux tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(1024 * kibibytes)
}
