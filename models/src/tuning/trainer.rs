//! A run: epoch after epoch, from the start or from where an earlier run was interrupted.

use std::collections::HashMap;
use std::ops::ControlFlow;

use ndarray::Array2;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::adamw::{AdamW, Step};
use super::averaging::Average;
use super::batch::Model;
use super::checkpoint::{Checkpoint, State, fingerprint};
use super::dropout::Dropout;
use super::error::TuneError;
use super::examples::{self, Examples};
use super::held_out::{self, HeldOut};
use super::inputs::Inputs;
use super::loss::Loss;
use super::network::Network;
use super::parameters::Parameters;
use super::schedule::factor;
use super::settings::{Selection, TuneSettings};
use super::source::{Source, Tensor, WEIGHTS, read_weights};
use super::tuned::Tuned;
use super::{Epoch, Progress};
use crate::encoder::matrix::Matrix;
use crate::folder::Folder;

/// Texts held out that are measured at a time.
const MEASURED: usize = 64;

/// The state of a run.
pub(super) struct Trainer<'a> {
    settings: &'a TuneSettings,
    source: Source,
    inputs: Inputs,
    loss: Loss,
    tensors: Parameters<Tensor>,
    weights: Parameters<Vec<f32>>,
    optimiser: AdamW,
    gradients: Parameters<Vec<f32>>,
    /// None: the weights themselves are measured and kept.
    average: Option<Average>,
    epochs: Vec<Epoch>,
    /// The weights kept after the best epoch so far.
    best: Parameters<Vec<f32>>,
    checkpoint: Option<Checkpoint>,
}

impl<'a> Trainer<'a> {
    /// Gets everything ready for the first epoch, or the one after the last that a checkpoint holds.
    pub(super) fn start(
        folder: &Folder,
        texts: &[&str],
        labels: &[usize],
        groups: &[String],
        stances: usize,
        settings: &'a TuneSettings,
    ) -> Result<Self, TuneError> {
        let source = Source::read(folder)?;
        settings.check(source.config.layers, stances)?;
        examples::check(texts.len(), labels, groups, stances)?;
        let examples = Examples::new(&source.tokenizer, texts, labels, groups, settings)?;
        let class_weights = examples.class_weights(stances, &settings.class_weights)?;
        let tensors = source.tensors(examples.words.len(), stances);
        let weights = read_weights(folder, &source, &tensors, &examples.words)?;
        let network = Network::new(&source, settings.frozen_layers);
        let optimiser = AdamW::new(&tensors, settings.frozen_layers);
        let mut checkpoint = None;
        if let Some(to) = &settings.checkpoints {
            checkpoint = Some(Checkpoint::new(to, run_fingerprint(folder, &source, &examples, stances, settings)?));
        }
        let mut trainer = Self {
            settings,
            loss: Loss { class_weights, smoothing: settings.label_smoothing },
            inputs: Inputs::new(network, examples, &weights, settings.kept_bytes),
            gradients: optimiser.first.zeros_like(),
            average: Average::new(&weights, settings),
            best: weights.clone(),
            source,
            tensors,
            weights,
            optimiser,
            epochs: Vec::new(),
            checkpoint,
        };
        trainer.resume()?;
        Ok(trainer)
    }

    /// One pass over the training texts; breaks off where all have been made.
    pub(super) fn epoch(&mut self, on_progress: &mut dyn FnMut(Progress)) -> Result<ControlFlow<()>, TuneError> {
        if self.is_over() {
            return Ok(ControlFlow::Break(()));
        }
        let train_loss = self.learn(on_progress)?;
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

    pub(super) fn finish(self, folder: &Folder) -> Tuned {
        let examples = &self.inputs.examples;
        let held_out = self.held_out_logits(&self.best).map(|logits| HeldOut {
            texts: examples.held_out.clone(),
            logits: Array2::from_shape_fn((examples.held_out.len(), logits.columns()), |(text, stance)| {
                f64::from(logits.row(text)[stance])
            }),
            labels: examples.held_out_labels(),
        });
        Tuned {
            folder: folder.clone(),
            best_epoch: self.best_epoch(),
            source: self.source,
            words: self.inputs.examples.words,
            tensors: self.tensors,
            weights: self.best,
            epochs: self.epochs,
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
        1 + (0..figures.len()).fold(0, |best, at| if figures[at] > figures[best] { at } else { best })
    }

    /// Takes the steps of an epoch; gives the mean of their losses.
    fn learn(&mut self, on_progress: &mut dyn FnMut(Progress)) -> Result<f64, TuneError> {
        let mut order = self.inputs.examples.training.clone();
        let mut random = ChaCha8Rng::seed_from_u64(self.settings.seed);
        random.set_stream(self.epochs.len() as u64 + 1);
        order.shuffle(&mut random);
        let batches = order.len().div_ceil(self.settings.batch);
        let of = batches * self.settings.epochs;
        let mut sum = 0.0;
        for (at, batch) in order.chunks(self.settings.batch).enumerate() {
            let number = self.epochs.len() * batches + at;
            let loss = self.step(batch, number, of)?;
            sum += loss;
            on_progress(Progress::Step { done: number + 1, of, loss });
        }
        let finite = |values: &Vec<f32>| values.iter().all(|value| value.is_finite());
        if !self.weights.as_ref().into_list().into_iter().all(finite) {
            return Err(self.diverged((self.epochs.len() + 1) * batches));
        }
        Ok(sum / batches as f64)
    }

    fn diverged(&self, step: usize) -> TuneError {
        TuneError::Diverged { step, learning_rate: self.settings.learning_rate }
    }

    /// Takes one step on a batch of texts; gives their loss before it.
    fn step(&mut self, texts: &[usize], number: usize, of: usize) -> Result<f64, TuneError> {
        let settings = self.settings;
        let dropout = |place| Dropout {
            hidden: settings.hidden_dropout,
            attention: settings.attention_dropout,
            key: Dropout::key(settings.seed, number, place),
        };
        let inputs = self.inputs.of(texts, &self.weights, dropout);
        let loss = Model::new(self.inputs.network, &self.weights).gradients(inputs, &self.loss, &mut self.gradients);
        if !loss.is_finite() {
            return Err(self.diverged(number + 1));
        }
        let words = self.inputs.examples.words_of(texts);
        let step = Step { number, factor: factor(number, of, settings.warm_up), words: &words, settings };
        self.optimiser.step(&self.tensors, &mut self.weights, &mut self.gradients, &step);
        if let Some(average) = &mut self.average {
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

    fn save(&self) -> Result<(), TuneError> {
        let Some(checkpoint) = &self.checkpoint else { return Ok(()) };
        let mut tensors = Vec::new();
        let kinds = [
            ("weights", &self.weights),
            ("first", &self.optimiser.first),
            ("second", &self.optimiser.second),
            ("best", &self.best),
        ];
        let average = self.average.iter().map(|average| ("average", &average.weights));
        for (kind, parts) in kinds.into_iter().chain(average) {
            for (at, values) in parts.as_ref().into_list().into_iter().enumerate() {
                tensors.push((format!("{kind}.{at}"), values.as_slice()));
            }
        }
        checkpoint.write(&self.epochs, &tensors)
    }

    /// Takes over the state that a checkpoint holds.
    fn resume(&mut self) -> Result<(), TuneError> {
        let Some(checkpoint) = &self.checkpoint else { return Ok(()) };
        let Some(State { epochs, tensors }) = checkpoint.read()? else { return Ok(()) };
        let mut tensors: HashMap<String, Vec<f32>> = tensors.into_iter().collect();
        let kinds = [
            ("weights", &mut self.weights),
            ("first", &mut self.optimiser.first),
            ("second", &mut self.optimiser.second),
            ("best", &mut self.best),
        ];
        let average = self.average.iter_mut().map(|average| ("average", &mut average.weights));
        for (kind, parts) in kinds.into_iter().chain(average) {
            for (at, values) in parts.as_mut().into_list().into_iter().enumerate() {
                let name = format!("{kind}.{at}");
                let found = tensors.remove(&name).filter(|found| found.len() == values.len());
                *values =
                    found.ok_or_else(|| checkpoint.damaged(&format!("`{name}` is not there or has another length")))?;
            }
        }
        self.epochs = epochs;
        Ok(())
    }
}

/// What tells a run from others: all that its result depends on.
fn run_fingerprint(
    folder: &Folder,
    source: &Source,
    examples: &Examples,
    stances: usize,
    settings: &TuneSettings,
) -> Result<String, TuneError> {
    let transformer = folder.at(&source.modules.transformer);
    let about = format!("{} {:?} {stances} {}", env!("CARGO_PKG_VERSION"), source.pool, settings.fingerprint());
    let (config, weights) = (transformer.read("config.json")?, transformer.read(WEIGHTS)?);
    Ok(fingerprint(&[about.as_bytes(), &config, &weights, format!("{examples:?}").as_bytes()]))
}
