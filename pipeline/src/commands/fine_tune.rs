//! Fine-tuning, as `train --fine-tune` and the entrant `tuned` of `benchmark` do it.

use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use serde::{Deserialize, Serialize};
use standpoint_labels::Scheme;
use standpoint_models::encoder::quantise;
use standpoint_models::train::{Examples, Trained, train_tuned};
use standpoint_models::tuning::{Progress, TuneSettings, Tuned, tune};
use standpoint_models::{BertEncoder, Encoder, Folder};

use super::examples::LabelledTexts;

/// How the encoder learns.
#[derive(Debug, Clone, Copy, PartialEq, Args, Serialize, Deserialize)]
pub(crate) struct TuningOptions {
    /// Passes over the texts; the best one counts
    #[arg(long, default_value_t = 4, value_name = "N")]
    pub(crate) epochs: usize,
    /// The highest learning rate of the encoder
    #[arg(long, default_value_t = 5e-5, value_name = "RATE")]
    pub(crate) learning_rate: f64,
    /// The share of each label that is spread over all stances
    #[arg(long, default_value_t = 0.05, value_name = "SHARE")]
    pub(crate) label_smoothing: f32,
    /// Layers, counted from the lowest, that stay as they are, with the embeddings [default: everything learns]
    #[arg(long, value_name = "N")]
    pub(crate) frozen_layers: Option<usize>,
}

impl TuningOptions {
    pub(crate) fn settings(self, seed: u64) -> TuneSettings {
        let Self { epochs, learning_rate, label_smoothing, frozen_layers } = self;
        TuneSettings { epochs, learning_rate, label_smoothing, frozen_layers, seed, ..TuneSettings::default() }
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
    let (written, stances) = (texts.as_str(), scheme.stances.len());
    let tuned = tune(source, &written, &texts.labels, &texts.groups, stances, settings, on_progress)?;
    let full = tempfile::tempdir().context("a folder for the encoder cannot be made")?;
    tuned.write_encoder(full.path())?;
    quantise(&Folder::disk(full.path()), stored)?;
    let trained = embedded(stored, texts, scheme, |examples| Ok(train_tuned(examples, &tuned, accuracy)?))?;
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
    let written = texts.as_str();
    let definitions: Vec<&str> = scheme.stances.iter().map(|stance| stance.definition.as_str()).collect();
    let (embeddings, definitions) = (encoder.encode(&written)?, encoder.encode(&definitions)?);
    learn(Examples {
        texts: &written,
        embeddings: &embeddings.vectors,
        labels: &texts.labels,
        groups: &texts.groups,
        documents: &texts.documents,
        definitions: &definitions.vectors,
        stances: scheme.stances.len(),
    })
}
