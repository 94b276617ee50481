use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{ArgGroup, Args};
use indicatif::ProgressBar;
use standpoint_models::train::Trained;
use standpoint_models::tuning::{Epoch, Progress, TuneSettings, Tuned};

use super::super::examples::LabelledTexts;
use super::super::fine_tune::{TuningOptions, fine_tune};
use super::Start;
use super::plan::PlanOptions;
use crate::cli::Common;
use crate::console::steps;

/// Whether and how the encoder learns too.
#[derive(Debug, Args)]
#[command(group(
    ArgGroup::new("how")
        .args(["epochs", "learning_rate", "label_smoothing", "frozen_layers", "checkpoints"])
        .multiple(true)
        .requires("fine_tune")
))]
pub(super) struct FineTuneOptions {
    /// Tune the encoder itself; needs some thousand texts, and about a minute for each hundred of them
    #[arg(long)]
    pub(super) fine_tune: bool,
    #[command(flatten)]
    tuning: TuningOptions,
    /// Keep the state after each pass in this folder, and go on from it after an interruption
    #[arg(long, value_name = "DIR")]
    checkpoints: Option<PathBuf>,
}

impl FineTuneOptions {
    /// Tunes the encoder and what goes with it, the encoder into the folder `stored`; and the account of it.
    pub(super) fn run(
        &self,
        start: &Start,
        texts: &LabelledTexts,
        plan: &PlanOptions,
        stored: &Path,
        common: Common,
    ) -> Result<(Trained, String)> {
        let bar = steps(common.quiet);
        let settings = TuneSettings { checkpoints: self.checkpoints.clone(), ..self.tuning.settings(plan.seed) };
        let (tuned, trained) =
            fine_tune(&start.encoder, texts, &start.scheme, &settings, plan.accuracy, stored, &mut |progress| {
                show(&bar, progress);
            })?;
        bar.finish_and_clear();
        Ok((trained, account(&tuned, &settings)))
    }
}

/// How tuning went, and with what settings.
fn account(tuned: &Tuned, settings: &TuneSettings) -> String {
    let TuneSettings { batch, learning_rate, head_learning_rate, warm_up, .. } = settings;
    let TuneSettings { hidden_dropout, weight_decay, label_smoothing, seed, .. } = settings;
    let frozen = settings.frozen_layers.map_or(String::new(), |layers| format!(", lowest {layers} layers frozen"));
    let epoch = |(number, epoch): (usize, &Epoch)| {
        let kept = if number == tuned.best_epoch { "  <- kept, the largest macro-F1" } else { "" };
        let figure = |value: Option<f64>| value.map_or("n/a".to_owned(), |value| format!("{value:.4}"));
        let (loss, macro_f1) = (figure(epoch.held_out_loss), figure(epoch.held_out_macro_f1));
        format!("  epoch {number}: loss {:.4}; held out: log loss {loss}, macro-F1 {macro_f1}{kept}", epoch.train_loss)
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
