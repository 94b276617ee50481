use std::iter;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{ArgGroup, Args};
use indicatif::ProgressBar;
use standpoint_models::train::Trained;
use standpoint_models::tuning::{ClassWeights, Contrastive, Epoch, Progress, Run, TuneSettings, Tuned};

use super::super::examples::LabelledTexts;
use super::super::fine_tune::{TUNING_OPTIONS, TuningOptions, fine_tune};
use super::Start;
use super::plan::PlanOptions;
use crate::cli::Common;
use crate::console::steps;

/// Whether and how the encoder learns too.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fine-tuning")]
#[command(group(
    ArgGroup::new("how").args(TUNING_OPTIONS).arg("checkpoints").multiple(true).requires("fine_tune")
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
        let settings = TuneSettings {
            checkpoints: self.checkpoints.clone(),
            class_weights: plan.class_weights.of(&start.scheme)?,
            ..self.tuning.settings(plan.seed)
        };
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
    let heading = format!("encoder tuned with AdamW, {}; one {} in ten held out:", told(settings), held_out(settings));
    iter::once(heading).chain(tuned.runs.iter().flat_map(of_run)).collect::<Vec<_>>().join("\n")
}

/// What is held out as a whole or not at all.
fn held_out(settings: &TuneSettings) -> &'static str {
    if settings.hold_out_topics { "topic" } else { "group" }
}

/// A line for each pass of a run.
fn of_run(run: &Run) -> Vec<String> {
    let epoch = |(number, epoch): (usize, &Epoch)| {
        let kept = if number == run.best_epoch { "  <- kept, the largest macro-F1" } else { "" };
        let figure = |value: Option<f64>| value.map_or("n/a".to_owned(), |value| format!("{value:.4}"));
        let (loss, macro_f1) = (figure(epoch.held_out_loss), figure(epoch.held_out_macro_f1));
        format!("  epoch {number}: loss {:.4}; held out: log loss {loss}, macro-F1 {macro_f1}{kept}", epoch.train_loss)
    };
    let contrastive = |(number, loss): (usize, &f64)| format!("  contrastive pass {number}: loss {loss:.4}");
    (1..).zip(&run.contrastive).map(contrastive).chain((1..).zip(&run.epochs).map(epoch)).collect()
}

/// The settings in words.
fn told(settings: &TuneSettings) -> String {
    let TuneSettings { learning_rate, head_learning_rate, layer_decay, batch, warm_up, hidden_dropout, .. } = settings;
    let TuneSettings { weight_decay, label_smoothing, class_weights, averaging, frozen_layers, runs, seed, .. } =
        settings;
    let Contrastive { epochs, learning_rate: contrastive_rate, temperature } = settings.contrastive;
    let told = [
        (true, format!("learning rate {learning_rate} (head {head_learning_rate})")),
        (*layer_decay < 1.0, format!("times {layer_decay} from layer to layer")),
        (epochs > 0, format!("after {epochs} contrastive passes (rate {contrastive_rate}, temperature {temperature})")),
        (true, format!("batches of {batch}, warm-up {warm_up}, dropout {hidden_dropout}, weight decay {weight_decay}")),
        (true, format!("label smoothing {label_smoothing}")),
        (*class_weights == ClassWeights::Equal, "stances not weighted".to_owned()),
        (matches!(class_weights, ClassWeights::Given(_)), format!("stances weighted {class_weights:?}")),
        (*averaging > 0.0, format!("weights averaged with decay {averaging}")),
        (frozen_layers.is_some(), format!("lowest {} layers frozen", frozen_layers.unwrap_or_default())),
        (*runs > 1, format!("mean of {runs} runs")),
        (true, format!("seed {seed}")),
    ];
    told.into_iter().filter_map(|(holds, what)| holds.then_some(what)).collect::<Vec<_>>().join(", ")
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
