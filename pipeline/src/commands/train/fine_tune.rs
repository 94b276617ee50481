use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use indicatif::ProgressBar;
use standpoint_labels::Scheme;
use standpoint_models::Folder;
use standpoint_models::tuning::{Epoch, Progress, TuneSettings, Tuned, tune};

use super::super::examples::LabelledTexts;
use crate::cli::Common;
use crate::console::steps;

/// Whether and how the encoder learns too.
#[derive(Debug, Args)]
pub(super) struct TuningOptions {
    /// Tune the encoder itself; needs some thousand texts, and about a minute for each hundred of them
    #[arg(long)]
    pub(super) fine_tune: bool,
    /// Passes over the texts; the best one counts
    #[arg(long, default_value_t = 4, value_name = "N", requires = "fine_tune")]
    epochs: usize,
    /// The highest learning rate of the encoder
    #[arg(long, default_value_t = 5e-5, value_name = "RATE", requires = "fine_tune")]
    learning_rate: f64,
    /// The share of each label that is spread over all stances
    #[arg(long, default_value_t = 0.05, value_name = "SHARE", requires = "fine_tune")]
    label_smoothing: f32,
    /// Layers, counted from the lowest, that stay as they are, with the embeddings [default: everything learns]
    #[arg(long, value_name = "N", requires = "fine_tune")]
    frozen_layers: Option<usize>,
    /// Keep the state after each pass in this folder, and go on from it after an interruption
    #[arg(long, value_name = "DIR", requires = "fine_tune")]
    checkpoints: Option<PathBuf>,
}

impl TuningOptions {
    fn settings(&self, seed: u64) -> TuneSettings {
        TuneSettings {
            epochs: self.epochs,
            learning_rate: self.learning_rate,
            label_smoothing: self.label_smoothing,
            frozen_layers: self.frozen_layers,
            checkpoints: self.checkpoints.clone(),
            seed,
            ..TuneSettings::default()
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
        let written = texts.encoded();
        let written: Vec<&str> = written.iter().map(AsRef::as_ref).collect();
        let bar = steps(common.quiet);
        let settings = self.settings(seed);
        let stances = scheme.stances.len();
        let tuned = tune(source, &written, &texts.labels, &texts.groups, stances, &settings, &mut |progress| {
            show(&bar, progress);
        });
        bar.finish_and_clear();
        Ok(tuned?)
    }

    /// How tuning went, and with what settings.
    pub(super) fn account(&self, tuned: &Tuned, seed: u64) -> String {
        let Self { learning_rate, label_smoothing, .. } = self;
        let TuneSettings { batch, head_learning_rate, warm_up, hidden_dropout, weight_decay, .. } = self.settings(seed);
        let frozen = self.frozen_layers.map_or(String::new(), |layers| format!(", lowest {layers} layers frozen"));
        let epoch = |(number, epoch): (usize, &Epoch)| {
            let kept = if number == tuned.best_epoch { "  <- kept, the largest macro-F1" } else { "" };
            let figure = |value: Option<f64>| value.map_or("n/a".to_owned(), |value| format!("{value:.4}"));
            let (loss, macro_f1) = (figure(epoch.held_out_loss), figure(epoch.held_out_macro_f1));
            format!(
                "  epoch {number}: loss {:.4}; held out: log loss {loss}, macro-F1 {macro_f1}{kept}",
                epoch.train_loss
            )
        };
        [
            format!(
                "encoder tuned with AdamW, learning rate {learning_rate} (head {head_learning_rate}), batches of {batch}, \
                 warm-up {warm_up}, dropout {hidden_dropout}, weight decay {weight_decay}, label smoothing {label_smoothing}{frozen}, \
                 seed {seed}; one group in ten held out:"
            ),
            (1..).zip(&tuned.epochs).map(epoch).collect::<Vec<_>>().join("\n"),
        ]
        .join("\n")
    }
}

fn show(bar: &ProgressBar, progress: Progress) {
    match progress {
        Progress::Step { done, of, loss } => {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
            bar.set_message(format!("loss {loss:.3}"));
        }
        Progress::Epoch { number, account } => {
            let macro_f1 =
                account.held_out_macro_f1.map_or(String::new(), |value| format!(", held out macro-F1 {value:.3}"));
            bar.println(format!("epoch {number}: loss {:.3}{macro_f1}", account.train_loss));
        }
    }
}
