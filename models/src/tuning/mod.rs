//! Fine-tuning: a BERT sentence encoder and a linear head on its embeddings learn from labelled texts together, in fp32,
//! on the CPU.
//!
//! The backward pass is written out, operation by operation, each beside its forward pass. Texts are not padded: each
//! goes through the model by itself, on one thread, and the gradients of the weights are summed over a batch's tokens in
//! the order of the batch. No sum is shared between threads, so the weights that come out do not depend on their number.

mod activation;
mod adamw;
mod attention;
mod averaging;
mod batch;
mod checkpoint;
mod contrast;
mod dense;
mod dropout;
mod embedding;
mod error;
mod examples;
#[cfg(test)]
mod gradient_tests;
mod held_out;
mod inputs;
mod layer;
#[cfg(all(test, feature = "rust-bert"))]
mod libtorch_tests;
mod loss;
mod network;
mod norm;
mod parameters;
mod pooling;
#[cfg(test)]
mod reference_tests;
mod schedule;
mod settings;
mod source;
mod trainer;
mod tuned;

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::encoder::{BertEncoder, Encoder};
use crate::folder::Folder;
use crate::topics;
use source::Source;
use trainer::Trainer;

pub use error::TuneError;
pub use examples::Labelled;
pub use held_out::HeldOut;
pub use settings::{ClassWeights, Contrastive, Selection, TuneSettings};
pub use tuned::{Run, Tuned};

/// How many topics are held out.
const TOPICS_HELD_OUT: usize = 10;

/// How one pass over the training texts went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// Mean over the batches of the loss in training: cross-entropy in nats, with dropout, smoothing and class weights.
    pub train_loss: f64,
    /// Mean log loss of the texts held out, in nats, with the averaged weights where they are averaged; none where no text
    /// is held out.
    pub held_out_loss: Option<f64>,
    /// Macro-F1 of the texts held out, from 0 to 1, over the stances that occur in them or are predicted for them.
    pub held_out_macro_f1: Option<f64>,
}

/// What [`tune`] tells while it works.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// A step was taken.
    Step {
        /// Steps taken so far, over all runs, contrastive passes and epochs.
        done: usize,
        /// Steps there are if no epoch is saved by stopping early.
        of: usize,
        /// The loss of the step's batch, in nats.
        loss: f64,
    },
    /// A contrastive pass is over, and its checkpoint, where one is asked for, is written.
    Contrastive {
        /// The pass, counted from 1.
        number: usize,
        /// Mean over its batches of the contrastive loss, in nats.
        loss: f64,
    },
    /// An epoch is over, and its checkpoint, where one is asked for, is written.
    Epoch {
        /// The epoch, counted from 1.
        number: usize,
        /// Its account.
        account: Epoch,
    },
}

/// Tunes the encoder in `folder` and a new head so that they tell the stances of the texts apart, of which a scheme has so
/// many. The same input and settings give the same bits, whatever the number of threads and wherever an earlier run that
/// left a checkpoint was interrupted.
///
/// # Errors
/// Where a setting or a weight is out of range, the examples do not fit together, the encoder cannot be loaded, a checkpoint cannot
/// be read or written, or loss or weights stop being numbers.
pub fn tune(
    folder: &Folder,
    labelled: Labelled<'_>,
    stances: usize,
    settings: &TuneSettings,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<Tuned, TuneError> {
    let source = Arc::new(Source::read(folder)?);
    settings.check(source.config.layers, stances)?;
    labelled.check(stances)?;
    let by_topic = settings.hold_out_topics && settings.hold_out_one_in > 0;
    let topics = by_topic.then(|| topics_of(folder, labelled, settings)).transpose()?;
    let labelled = Labelled { groups: topics.as_deref().unwrap_or(labelled.groups), ..labelled };
    let mut run = |earlier: Option<Tuned>| {
        let number = earlier.as_ref().map_or(0, |tuned| tuned.runs.len());
        let mut trainer = Trainer::start(folder, Arc::clone(&source), labelled, stances, settings, number)?;
        while let ControlFlow::Continue(()) = trainer.pass(on_progress)? {}
        Ok(trainer.finish(folder, earlier))
    };
    let first = run(None)?;
    (1..settings.runs).try_fold(first, |earlier, _| run(Some(earlier)))
}

/// What the texts are about, as the encoder sees them: so many topics that [`TOPICS_HELD_OUT`] of them are held out.
fn topics_of(folder: &Folder, labelled: Labelled<'_>, settings: &TuneSettings) -> Result<Vec<String>, TuneError> {
    let embeddings = BertEncoder::load(folder)?.encode(labelled.texts)?;
    let count = TOPICS_HELD_OUT * settings.hold_out_one_in;
    Ok(topics(&embeddings.vectors, labelled.groups, count, settings.seed))
}
