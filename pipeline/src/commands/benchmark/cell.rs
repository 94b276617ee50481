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
use standpoint_models::train::{self, Examples, Kind, Parts, Plan, Trained, train};
use standpoint_models::{Bundle, Folder, Labeller, NewBundle};

use super::classifiers::{Choice, Way};
use super::models::ModelFolder;
use super::results::{Results, bytes_in};
use crate::commands::encoder::EncoderChoice;
use crate::commands::engine::DeviceOption;
use crate::commands::examples::LabelledTexts;
use crate::commands::fine_tune::{TuningOptions, fine_tune};
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
    pub(crate) settings: Settings,
    /// The file of texts.
    pub(crate) texts: String,
    /// The file of their embeddings and those of the definitions.
    pub(crate) embeddings: String,
    pub(crate) scheme: Scheme,
    pub(crate) train: Vec<usize>,
    pub(crate) test: Vec<usize>,
    pub(crate) seed: u64,
}

/// What the way that a classifier comes about needs beside the texts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Settings {
    Search {
        rounds: usize,
    },
    Tuning {
        encoder: EncoderChoice,
        /// What tells the encoder from others; none for the one compiled in.
        files: Option<ModelFolder>,
        options: TuningOptions,
    },
    ZeroShot {
        model: ModelFolder,
        device: DeviceOption,
    },
}

pub(crate) fn run(options: &Options) -> Result<crate::cli::Outcome> {
    let task: Task = serde_json::from_reader(std::io::stdin().lock()).context("standard input holds no task")?;
    let results = Results::at(&options.results);
    let texts: LabelledTexts = results.kept(&task.texts).with_context(|| format!("{}: cannot be read", task.texts))?;
    let (learnt, tested) = (texts.select(&task.train), texts.select(&task.test));
    let outcome = match (task.classifier.way(), &task.settings) {
        (Way::Searched(kind, parts), Settings::Search { rounds }) => {
            let embeddings = read_npy(&results.file(&task.embeddings))?;
            let definitions: Vec<usize> = (texts.texts.len()..embeddings.nrows()).collect();
            let [definitions, of_learnt, of_tested] =
                [&definitions, &task.train, &task.test].map(|rows| embeddings.select(Axis(0), rows));
            let plan = task.plan(kind, parts, *rounds);
            task.search(&plan, (&learnt, &of_learnt), (&tested, &of_tested), &definitions)
        }
        (Way::Tuned, Settings::Tuning { encoder, options, .. }) => task.tune(encoder, *options, &learnt, &tested),
        (Way::ZeroShot, Settings::ZeroShot { model, device }) => task.ask(model, device, &tested),
        _ => anyhow::bail!("standard input holds a task whose settings are of another classifier"),
    }?;
    let mut out = Output::open(None)?;
    serde_json::to_writer(&mut out, &outcome)?;
    out.flush()?;
    Ok(crate::cli::Outcome::Done)
}

/// Texts with their embeddings.
type Embedded<'a> = (&'a LabelledTexts, &'a Array2<f32>);

impl Task {
    fn plan(&self, kind: Kind, parts: Parts, rounds: usize) -> Plan {
        Plan { classifiers: vec![kind], features: vec![parts], rounds, seed: self.seed, ..Plan::default() }
    }

    /// Chooses settings and trains on embeddings that are there.
    fn search(
        &self,
        plan: &Plan,
        (learnt, of_learnt): Embedded<'_>,
        (tested, of_tested): Embedded<'_>,
        definitions: &Array2<f32>,
    ) -> Result<Outcome> {
        let (written, unknown) = (learnt.passages(), tested.passages());
        let examples = Examples {
            texts: &written,
            embeddings: of_learnt,
            labels: &learnt.labels,
            weights: learnt.weights(),
            groups: &learnt.groups,
            documents: &learnt.documents,
            definitions,
            stances: &self.scheme.ids(),
        };
        let (trained, train_seconds) = timed(|| Ok(train(examples, plan)?))?;
        let (predictions, label_seconds) = timed(|| {
            let logits = trained.classifier.logits(&trained.featuriser.features(&unknown, of_tested));
            Ok(trained.calibration.predictions(&logits, &lengths(tested)))
        })?;
        let folder = temporary()?;
        let [encoder, place] = ["encoder", "bundle"].map(|name| folder.path().join(name));
        std::fs::create_dir(&encoder)?;
        self.write(&trained, &encoder, &place)?;
        Ok(outcome(settings(&trained), predictions, (train_seconds, label_seconds), bytes_in(&place)?))
    }

    /// Trains as `train --fine-tune` does and labels as `label` does; everything that the encoder costs counts.
    fn tune(
        &self,
        encoder: &EncoderChoice,
        options: TuningOptions,
        learnt: &LabelledTexts,
        tested: &LabelledTexts,
    ) -> Result<Outcome> {
        let source = encoder.folder()?;
        let folder = temporary()?;
        let [encoder, place] = ["encoder", "bundle"].map(|name| folder.path().join(name));
        let (how, accuracy) = (options.settings(self.seed), Plan::default().accuracy);
        let ((tuned, trained), train_seconds) =
            timed(|| fine_tune(&source, learnt, &self.scheme, &how, accuracy, &encoder, &mut |_| {}))?;
        self.write(&trained, &encoder, &place)?;
        let (predictions, label_seconds) = label(&Bundle::load(&Folder::disk(&place))?, tested)?;
        let epochs: Vec<String> =
            tuned.runs.iter().map(|run| format!("epoch {} of {}", run.best_epoch, run.epochs.len())).collect();
        let settings = format!("{}, {}", settings(&trained), epochs.join(", "));
        Ok(outcome(settings, predictions, (train_seconds, label_seconds), bytes_in(&place)?))
    }

    /// Asks a model that learns nothing here.
    fn ask(&self, model: &ModelFolder, device: &DeviceOption, tested: &LabelledTexts) -> Result<Outcome> {
        let labeller = device.zero_shot(&model.path, self.scheme.clone())?;
        let (predictions, label_seconds) = label(labeller.as_ref(), tested)?;
        Ok(outcome("hypotheses of the scheme".to_owned(), predictions, (0.0, label_seconds), bytes_in(&model.path)?))
    }

    fn write(&self, trained: &Trained, encoder: &Path, place: &Path) -> Result<()> {
        let bundle = NewBundle {
            scheme: &self.scheme,
            encoder,
            featuriser: &trained.featuriser,
            classifier: &*trained.classifier,
            calibration: trained.calibration.clone(),
            model_card: "",
        };
        Ok(bundle.write(place)?)
    }
}

fn temporary() -> Result<tempfile::TempDir> {
    tempfile::tempdir().context("a folder for the bundle cannot be made")
}

/// What work gives, and how many seconds it took.
fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, f64)> {
    let started = Instant::now();
    let done = work()?;
    Ok((done, started.elapsed().as_secs_f64()))
}

fn label(labeller: &dyn Labeller, texts: &LabelledTexts) -> Result<(Vec<Prediction>, f64)> {
    timed(|| Ok(labeller.predict(&texts.passages(), &lengths(texts))?.predictions))
}

/// How many texts of one target that follow each other each document has.
fn lengths(texts: &LabelledTexts) -> Vec<usize> {
    let all: Vec<usize> = (0..texts.texts.len()).collect();
    train::lengths(&all, &texts.passages(), &texts.documents)
}

fn settings(trained: &Trained) -> String {
    trained.tried[trained.chosen].name.clone()
}

fn outcome(
    settings: String,
    predictions: Vec<Prediction>,
    (train_seconds, label_seconds): (f64, f64),
    bundle_bytes: u64,
) -> Outcome {
    Outcome {
        settings,
        probabilities: predictions.into_iter().map(|prediction| prediction.probabilities).collect(),
        train_seconds,
        label_seconds,
        peak_memory_bytes: peak_memory(),
        bundle_bytes,
    }
}

/// The most memory that this process has had so far, as Linux tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(1024 * kibibytes)
}
