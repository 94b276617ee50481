use std::iter;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use standpoint_labels::Scheme;
use standpoint_models::Folder;
use standpoint_models::tuning::{ClassWeights, Contrastive, Epoch, Progress, TuneSettings, Tuned, tune};

use super::super::examples::LabelledTexts;
use crate::cli::Common;
use crate::console::steps;

/// Whether and how the encoder learns too.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fine-tuning")]
pub(super) struct TuningOptions {
    /// Tune the encoder itself; needs some thousand texts, and about a minute for each hundred of them
    #[arg(long)]
    pub(super) fine_tune: bool,
    /// Passes over the texts; the best one counts
    #[arg(long, default_value_t = 4, value_name = "N", requires = "fine_tune")]
    epochs: usize,
    /// Stop after this many passes in a row that were not the best so far [default: make all]
    #[arg(long, value_name = "N", requires = "fine_tune")]
    patience: Option<usize>,
    /// Passes before these in which the encoder learns that texts of one stance are alike
    #[arg(long, default_value_t = 0, value_name = "N", requires = "fine_tune")]
    contrastive: usize,
    /// Texts a step
    #[arg(long, default_value_t = 16, value_name = "N", requires = "fine_tune")]
    batch: usize,
    /// The highest learning rate of the encoder
    #[arg(long, default_value_t = 5e-5, value_name = "RATE", requires = "fine_tune")]
    learning_rate: f64,
    /// What the rate is multiplied by from each layer to the one below
    #[arg(long, default_value_t = 1.0, value_name = "SHARE", requires = "fine_tune")]
    layer_decay: f64,
    /// Layers, counted from the lowest, that stay as they are, with the embeddings [default: everything learns]
    #[arg(long, value_name = "N", requires = "fine_tune")]
    frozen_layers: Option<usize>,
    /// How much each stance's texts count
    #[arg(long, value_enum, default_value_t = WeightChoice::Balanced, requires = "fine_tune")]
    class_weights: WeightChoice,
    /// The share of each label that is spread over all stances
    #[arg(long, default_value_t = 0.05, value_name = "SHARE", requires = "fine_tune")]
    label_smoothing: f32,
    /// Keep the average of the weights over the steps, each step counting this many times less than the next; 0 keeps the last
    #[arg(long, default_value_t = 0.0, value_name = "DECAY", requires = "fine_tune")]
    averaging: f64,
    /// Keep the state after each pass in this folder, and go on from it after an interruption
    #[arg(long, value_name = "DIR", requires = "fine_tune")]
    checkpoints: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum WeightChoice {
    /// All alike
    Equal,
    /// So that each stance's texts count as much together
    Balanced,
}

impl TuningOptions {
    fn settings(&self, seed: u64) -> TuneSettings {
        let defaults = TuneSettings::default();
        TuneSettings {
            contrastive: Contrastive { epochs: self.contrastive, ..defaults.contrastive },
            epochs: self.epochs,
            patience: self.patience,
            batch: self.batch,
            learning_rate: self.learning_rate,
            layer_decay: self.layer_decay,
            frozen_layers: self.frozen_layers,
            class_weights: match self.class_weights {
                WeightChoice::Equal => ClassWeights::Equal,
                WeightChoice::Balanced => ClassWeights::Balanced,
            },
            label_smoothing: self.label_smoothing,
            averaging: self.averaging,
            checkpoints: self.checkpoints.clone(),
            seed,
            ..defaults
        }
    }

    /// Tunes the encoder in `source`.
    pub(super) fn tune(
        &self,
        source: &Folder,
        texts: &LabelledTexts,
        scheme: &Scheme,
        seed: u64,
        common: Common,
    ) -> Result<Tuned> {
        let encoded = texts.encoded();
        let encoded: Vec<&str> = encoded.iter().map(AsRef::as_ref).collect();
        let bar = steps(common.quiet);
        let settings = self.settings(seed);
        let stances = scheme.stances.len();
        let tuned = tune(source, &encoded, &texts.labels, &texts.groups, stances, &settings, &mut |progress| {
            show(&bar, progress);
        });
        bar.finish_and_clear();
        Ok(tuned?)
    }

    /// How tuning went, and with what settings.
    pub(super) fn account(&self, tuned: &Tuned, seed: u64) -> String {
        let epoch = |(number, epoch): (usize, &Epoch)| {
            let kept = if number == tuned.best_epoch { "  <- kept, the largest macro-F1" } else { "" };
            let figure = |value: Option<f64>| value.map_or("n/a".to_owned(), |value| format!("{value:.4}"));
            let (loss, macro_f1) = (figure(epoch.held_out_loss), figure(epoch.held_out_macro_f1));
            format!(
                "  epoch {number}: loss {:.4}; held out: log loss {loss}, macro-F1 {macro_f1}{kept}",
                epoch.train_loss
            )
        };
        let contrastive = |(number, loss): (usize, &f64)| format!("  contrastive pass {number}: loss {loss:.4}");
        let heading = format!("encoder tuned with AdamW, {}; one group in ten held out:", self.told(seed));
        let passes = (1..).zip(&tuned.contrastive).map(contrastive);
        iter::once(heading).chain(passes).chain((1..).zip(&tuned.epochs).map(epoch)).collect::<Vec<_>>().join("\n")
    }

    /// The settings in words.
    fn told(&self, seed: u64) -> String {
        let settings = self.settings(seed);
        let TuneSettings { learning_rate, head_learning_rate, batch, warm_up, hidden_dropout, weight_decay, .. } =
            settings;
        let Contrastive { epochs, learning_rate: contrastive_rate, temperature } = settings.contrastive;
        let told = [
            (true, format!("learning rate {learning_rate} (head {head_learning_rate})")),
            (self.layer_decay < 1.0, format!("times {} from layer to layer", self.layer_decay)),
            (
                epochs > 0,
                format!("after {epochs} contrastive passes (rate {contrastive_rate}, temperature {temperature})"),
            ),
            (
                true,
                format!("batches of {batch}, warm-up {warm_up}, dropout {hidden_dropout}, weight decay {weight_decay}"),
            ),
            (true, format!("label smoothing {}", self.label_smoothing)),
            (matches!(self.class_weights, WeightChoice::Equal), "stances not weighted".to_owned()),
            (self.averaging > 0.0, format!("weights averaged with decay {}", self.averaging)),
            (self.frozen_layers.is_some(), format!("lowest {} layers frozen", self.frozen_layers.unwrap_or_default())),
            (true, format!("seed {seed}")),
        ];
        told.into_iter().filter_map(|(holds, what)| holds.then_some(what)).collect::<Vec<_>>().join(", ")
    }
}

fn show(bar: &ProgressBar, progress: Progress) {
    match progress {
        Progress::Step { done, of, loss } => {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
            bar.set_message(format!("loss {loss:.3}"));
        }
        Progress::Contrastive { number, loss } => bar.println(format!("contrastive pass {number}: loss {loss:.3}")),
        Progress::Epoch { number, account } => {
            let macro_f1 =
                account.held_out_macro_f1.map_or(String::new(), |value| format!(", held out macro-F1 {value:.3}"));
            bar.println(format!("epoch {number}: loss {:.3}{macro_f1}", account.train_loss));
        }
    }
}
