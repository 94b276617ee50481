//! Fine-tuning, as `train --fine-tune` and the entrant `tuned` of `benchmark` do it.

use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use serde::{Deserialize, Serialize};
use standpoint_labels::Scheme;
use standpoint_models::encoder::quantise;
use standpoint_models::train::{Examples, Trained, train_tuned};
use standpoint_models::tuning::{Contrastive, Labelled, Progress, TuneSettings, Tuned, tune};
use standpoint_models::{BertEncoder, Encoder, Folder, Passage};

use super::examples::LabelledTexts;

/// The options of [`TuningOptions`], which make sense only where an encoder is tuned.
pub(crate) const TUNING_OPTIONS: [&str; 11] = [
    "epochs",
    "patience",
    "contrastive",
    "batch",
    "learning_rate",
    "layer_decay",
    "frozen_layers",
    "label_smoothing",
    "averaging",
    "runs",
    "hold_out_topics",
];

/// How the encoder learns.
#[derive(Debug, Clone, Copy, PartialEq, Args, Serialize, Deserialize)]
pub(crate) struct TuningOptions {
    /// Passes over the texts; the best one counts
    #[arg(long, default_value_t = 4, value_name = "N")]
    epochs: usize,
    /// Stop after this many passes in a row that were not the best so far [default: make all]
    #[arg(long, value_name = "N")]
    patience: Option<usize>,
    /// Passes before these in which the encoder learns that texts of one stance are alike
    #[arg(long, default_value_t = 0, value_name = "N")]
    contrastive: usize,
    /// Texts a step
    #[arg(long, default_value_t = 16, value_name = "N")]
    batch: usize,
    /// The highest learning rate of the encoder
    #[arg(long, default_value_t = 5e-5, value_name = "RATE")]
    learning_rate: f64,
    /// What the rate is multiplied by from each layer to the one below
    #[arg(long, default_value_t = 1.0, value_name = "SHARE")]
    layer_decay: f64,
    /// Layers, counted from the lowest, that stay as they are, with the embeddings [default: everything learns]
    #[arg(long, value_name = "N")]
    frozen_layers: Option<usize>,
    /// The share of each label that is spread over all stances
    #[arg(long, default_value_t = 0.05, value_name = "SHARE")]
    label_smoothing: f32,
    /// Keep the average of the weights over the steps, each step counting this many times less than the next; 0 keeps the last
    #[arg(long, default_value_t = 0.0, value_name = "DECAY")]
    averaging: f64,
    /// Tune so often, with other orders of the texts, and average the weights; takes so many times as long
    #[arg(long, default_value_t = 1, value_name = "N")]
    runs: usize,
    /// Hold out whole topics: texts that are alike stay on one side, so that what is chosen and calibrated by is new to the model
    #[arg(long)]
    hold_out_topics: bool,
}

impl TuningOptions {
    pub(crate) fn settings(self, seed: u64) -> TuneSettings {
        let defaults = TuneSettings::default();
        TuneSettings {
            contrastive: Contrastive { epochs: self.contrastive, ..defaults.contrastive },
            epochs: self.epochs,
            patience: self.patience,
            batch: self.batch,
            learning_rate: self.learning_rate,
            layer_decay: self.layer_decay,
            frozen_layers: self.frozen_layers,
            label_smoothing: self.label_smoothing,
            averaging: self.averaging,
            runs: self.runs,
            hold_out_topics: self.hold_out_topics,
            seed,
            ..defaults
        }
    }
}

/// Tunes the encoder in `source`, writes it to the folder `stored` as a bundle holds it, and puts its head and n-grams together on what it makes
/// of the texts as it is stored.
pub(crate) fn fine_tune(
    source: &Folder,
    texts: &LabelledTexts,
    scheme: &Scheme,
    settings: &TuneSettings,
    accuracy: f64,
    stored: &Path,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<(Tuned, Trained)> {
    let (encoded, stances) = (texts.encoded(), scheme.stances.len());
    let encoded: Vec<&str> = encoded.iter().map(AsRef::as_ref).collect();
    let labelled = Labelled { texts: &encoded, labels: &texts.labels, weights: texts.weights(), groups: &texts.groups };
    let tuned = tune(source, labelled, stances, settings, on_progress)?;
    let full = tempfile::tempdir().context("a folder for the encoder cannot be made")?;
    tuned.write_encoder(full.path())?;
    quantise(&Folder::disk(full.path()), stored)?;
    let trained = embedded(stored, texts, scheme, |examples| {
        Ok(train_tuned(examples, &tuned, &settings.class_weights, accuracy)?)
    })?;
    Ok((tuned, trained))
}

/// Learns from texts as the encoder in the folder `stored` sees them.
pub(crate) fn embedded(
    stored: &Path,
    texts: &LabelledTexts,
    scheme: &Scheme,
    learn: impl FnOnce(Examples<'_>) -> Result<Trained>,
) -> Result<Trained> {
    let encoder = BertEncoder::load(&Folder::disk(stored))?;
    let passages = texts.passages();
    let definitions: Vec<&str> = scheme.stances.iter().map(|stance| stance.definition.as_str()).collect();
    let (embeddings, definitions) = (Passage::encode(&passages, &encoder)?, encoder.encode(&definitions)?);
    learn(Examples {
        texts: &passages,
        embeddings: &embeddings.vectors,
        labels: &texts.labels,
        weights: texts.weights(),
        groups: &texts.groups,
        documents: &texts.documents,
        definitions: &definitions.vectors,
        stances: &scheme.ids(),
    })
}
