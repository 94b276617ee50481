//! A run: contrastive passes, then epoch after epoch, from the start or from where an earlier run was interrupted.

mod state;

use std::ops::ControlFlow;
use std::sync::Arc;

use ndarray::Array2;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::adamw::{AdamW, Step};
use super::averaging::Average;
use super::batch::{Model, Objective};
use super::checkpoint::Checkpoint;
use super::contrast::Contrast;
use super::dropout::Dropout;
use super::error::TuneError;
use super::examples::{Examples, Labelled};
use super::held_out::{self, HeldOut};
use super::inputs::Inputs;
use super::loss::Loss;
use super::network::Network;
use super::parameters::Parameters;
use super::schedule::factor;
use super::settings::{Selection, TuneSettings};
use super::source::{Source, Tensor, read_weights};
use super::tuned::{Run, Tuned};
use super::{Epoch, Progress};
use crate::encoder::matrix::Matrix;
use crate::first::first_largest;
use crate::folder::Folder;
use state::run_fingerprint;

/// Bits at the top of a number that tell runs apart; passes and common seeds do not reach them.
const RUN_BITS: u32 = 16;
/// Texts held out that are measured at a time.
const MEASURED: usize = 64;

/// What the passes over the training texts are for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The encoder learns that texts of one stance are alike.
    Contrastive,
    /// Encoder and head learn to tell the stances apart.
    Epochs,
}

/// A step in its phase.
struct At<'s> {
    phase: Phase,
    settings: &'s TuneSettings,
    /// Counted from 0 within the phase.
    number: usize,
    /// Steps of the phase.
    of: usize,
}

/// The state of a run.
pub(super) struct Trainer<'a> {
    settings: &'a TuneSettings,
    /// Counted from 0.
    run: usize,
    source: Arc<Source>,
    inputs: Inputs,
    loss: Loss,
    tensors: Parameters<Tensor>,
    weights: Parameters<Vec<f32>>,
    optimiser: AdamW,
    gradients: Parameters<Vec<f32>>,
    /// None: the weights themselves are measured and kept.
    average: Option<Average>,
    /// The losses of the contrastive passes made.
    contrastive: Vec<f64>,
    epochs: Vec<Epoch>,
    /// The weights kept after the best epoch so far.
    best: Parameters<Vec<f32>>,
    checkpoint: Option<Checkpoint>,
}

impl<'a> Trainer<'a> {
    /// Gets everything ready for the first epoch, or the one after the last that a checkpoint holds.
    pub(super) fn start(
        folder: &Folder,
        source: Arc<Source>,
        labelled: Labelled<'_>,
        stances: usize,
        settings: &'a TuneSettings,
        run: usize,
    ) -> Result<Self, TuneError> {
        let examples = Examples::new(&source.tokenizer, labelled, settings)?;
        let class_weights = examples.class_weights(stances, &settings.class_weights)?;
        let tensors = source.tensors(examples.words.len(), stances);
        let weights = read_weights(folder, &source, &tensors, &examples.words)?;
        let network = Network::new(&source, settings.frozen_layers);
        let optimiser = AdamW::new(&tensors, settings.frozen_layers);
        let mut checkpoint = None;
        if let Some(to) = &settings.checkpoints {
            let place = if run == 0 { to.clone() } else { to.join(format!("run-{}", run + 1)) };
            let fingerprint = run_fingerprint(folder, &source, &examples, stances, settings, run)?;
            checkpoint = Some(Checkpoint::new(&place, fingerprint));
        }
        let mut trainer = Self {
            settings,
            run,
            loss: Loss { class_weights, smoothing: settings.label_smoothing },
            inputs: Inputs::new(network, examples, &weights, settings.kept_bytes),
            gradients: optimiser.first.zeros_like(),
            average: Average::new(&weights, settings),
            best: weights.clone(),
            source,
            tensors,
            weights,
            optimiser,
            contrastive: Vec::new(),
            epochs: Vec::new(),
            checkpoint,
        };
        trainer.resume()?;
        Ok(trainer)
    }

    /// One pass over the training texts in either phase; breaks off where all have been made.
    pub(super) fn pass(&mut self, on_progress: &mut dyn FnMut(Progress)) -> Result<ControlFlow<()>, TuneError> {
        if self.contrastive.len() < self.settings.contrastive.epochs {
            self.contrast(on_progress)?;
            return Ok(ControlFlow::Continue(()));
        }
        self.epoch(on_progress)
    }

    fn contrast(&mut self, on_progress: &mut dyn FnMut(Progress)) -> Result<(), TuneError> {
        let loss = self.learn(Phase::Contrastive, on_progress)?;
        self.contrastive.push(loss);
        if self.contrastive.len() == self.settings.contrastive.epochs {
            self.optimiser = AdamW::new(&self.tensors, self.settings.frozen_layers);
        }
        self.save()?;
        on_progress(Progress::Contrastive { number: self.contrastive.len(), loss });
        Ok(())
    }

    fn epoch(&mut self, on_progress: &mut dyn FnMut(Progress)) -> Result<ControlFlow<()>, TuneError> {
        if self.is_over() {
            return Ok(ControlFlow::Break(()));
        }
        let train_loss = self.learn(Phase::Epochs, on_progress)?;
        let logits = self.held_out_logits(self.kept());
        let account = held_out::measure(train_loss, logits.as_ref(), &self.inputs.examples.held_out_labels());
        self.epochs.push(account);
        if self.best_epoch() == self.epochs.len() {
            self.best = self.kept().clone();
        }
        self.save()?;
        on_progress(Progress::Epoch { number: self.epochs.len(), account });
        Ok(ControlFlow::Continue(()))
    }

    /// The weights kept, averaged with those of the runs before.
    pub(super) fn finish(mut self, folder: &Folder, earlier: Option<Tuned>) -> Tuned {
        let best_epoch = self.best_epoch();
        let mut runs = Vec::new();
        if let Some(earlier) = earlier {
            add_to_mean(&mut self.best, &earlier.weights, self.run);
            runs = earlier.runs;
        }
        let examples = &self.inputs.examples;
        let held_out = self.held_out_logits(&self.best).map(|logits| HeldOut {
            texts: examples.held_out.clone(),
            logits: Array2::from_shape_fn((examples.held_out.len(), logits.columns()), |(text, stance)| {
                f64::from(logits.row(text)[stance])
            }),
            labels: examples.held_out_labels(),
        });
        runs.push(Run { contrastive: self.contrastive, epochs: self.epochs, best_epoch });
        Tuned {
            folder: folder.clone(),
            runs,
            source: self.source,
            words: self.inputs.examples.words,
            tensors: self.tensors,
            weights: self.best,
            held_out,
        }
    }

    /// What an epoch is measured by and leaves: the weights, or their average.
    fn kept(&self) -> &Parameters<Vec<f32>> {
        self.average.as_ref().map_or(&self.weights, |average| &average.weights)
    }

    fn is_over(&self) -> bool {
        let since_best = self.epochs.len() - self.best_epoch();
        self.epochs.len() == self.settings.epochs
            || self.settings.patience.is_some_and(|most| since_best >= most.max(1))
    }

    /// The best epoch so far, counted from 1; 0 before the first. Without texts held out it is the last one.
    fn best_epoch(&self) -> usize {
        let figure = |epoch: &Epoch| match self.settings.selection {
            Selection::MacroF1 => epoch.held_out_macro_f1,
            Selection::LogLoss => epoch.held_out_loss.map(|loss| -loss),
        };
        let figures: Vec<f64> = self.epochs.iter().map(|epoch| figure(epoch).unwrap_or(f64::NEG_INFINITY)).collect();
        if self.inputs.examples.held_out.is_empty() || figures.is_empty() {
            return self.epochs.len();
        }
        1 + first_largest(figures)
    }

    /// Takes the steps of a pass; gives the mean of their losses.
    fn learn(&mut self, phase: Phase, on_progress: &mut dyn FnMut(Progress)) -> Result<f64, TuneError> {
        let contrastive = self.settings.of_contrastive();
        let (settings, passes) = match phase {
            Phase::Contrastive => (&contrastive, self.contrastive.len()),
            Phase::Epochs => (self.settings, self.epochs.len()),
        };
        let mut order = self.inputs.examples.training.clone();
        let mut random = ChaCha8Rng::seed_from_u64(settings.seed);
        random.set_stream(stream(self.run, passes as u64 + 1));
        order.shuffle(&mut random);
        let batches = order.len().div_ceil(settings.batch);
        let before = if phase == Phase::Epochs { batches * contrastive.epochs } else { 0 };
        let mut sum = 0.0;
        for (batch, number) in order.chunks(settings.batch).zip(passes * batches..) {
            let loss = self.step(batch, &At { phase, settings, number, of: batches * settings.epochs })?;
            sum += loss;
            let of = batches * (contrastive.epochs + self.settings.epochs);
            let done = self.run * of + before + number + 1;
            on_progress(Progress::Step { done, of: self.settings.runs * of, loss });
        }
        let finite = |values: &Vec<f32>| values.iter().all(|value| value.is_finite());
        if !self.weights.as_ref().into_list().into_iter().all(finite) {
            return Err(diverged((passes + 1) * batches, settings));
        }
        Ok(sum / batches as f64)
    }

    /// Takes one step on a batch of texts; gives their loss before it.
    fn step(&mut self, texts: &[usize], at: &At<'_>) -> Result<f64, TuneError> {
        let At { phase, settings, number, of } = *at;
        let dropout = |place| Dropout {
            hidden: settings.hidden_dropout,
            attention: settings.attention_dropout,
            key: Dropout::key(stream(self.run, settings.seed), number, place),
        };
        let inputs = self.inputs.of(texts, &self.weights, dropout);
        let objective = match phase {
            Phase::Contrastive => Objective::Contrast(Contrast { temperature: settings.contrastive.temperature }),
            Phase::Epochs => Objective::Stances(&self.loss),
        };
        let loss = Model::new(self.inputs.network, &self.weights).gradients(inputs, &objective, &mut self.gradients);
        if !loss.is_finite() {
            return Err(diverged(number + 1, settings));
        }
        let words = self.inputs.examples.words_of(texts);
        let step = Step { number, factor: factor(number, of, settings.warm_up), words: &words, settings };
        self.optimiser.step(&self.tensors, &mut self.weights, &mut self.gradients, &step);
        if let Some(average) = &mut self.average
            && phase == Phase::Epochs
        {
            average.take_in(&self.weights, &self.tensors, number, settings);
        }
        Ok(loss)
    }

    /// The logits [texts, stances] of the texts held out; none where there are none.
    fn held_out_logits(&self, weights: &Parameters<Vec<f32>>) -> Option<Matrix> {
        let model = Model::new(self.inputs.network, weights);
        let logits = |texts: &[usize]| model.logits(self.inputs.of(texts, weights, |_| Dropout::OFF));
        let parts = self.inputs.examples.held_out.chunks(MEASURED).map(logits);
        let values: Vec<f32> = parts.flat_map(|part| part.values().to_vec()).collect();
        (!values.is_empty()).then(|| Matrix::new(values, weights.head.bias.len()))
    }
}

/// A number for each run; that of the first is `number` itself.
fn stream(run: usize, number: u64) -> u64 {
    number ^ (run as u64).rotate_right(RUN_BITS)
}

/// Takes the mean of so many runs, `mean`, and of one more, `weights`; writes it there.
#[expect(clippy::cast_precision_loss, reason = "runs are few")]
fn add_to_mean(weights: &mut Parameters<Vec<f32>>, mean: &Parameters<Vec<f32>>, runs: usize) {
    let share = runs as f32 / (runs as f32 + 1.0);
    for (weights, mean) in weights.as_mut().into_list().into_iter().zip(mean.as_ref().into_list()) {
        weights.iter_mut().zip(mean).for_each(|(weight, mean)| *weight += share * (mean - *weight));
    }
}

fn diverged(step: usize, settings: &TuneSettings) -> TuneError {
    TuneError::Diverged { step, learning_rate: settings.learning_rate }
}
