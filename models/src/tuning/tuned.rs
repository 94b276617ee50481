//! What tuning gives.

use std::path::Path;
use std::sync::Arc;

use ndarray::Array2;

use super::Epoch;
use super::error::TuneError;
use super::held_out::HeldOut;
use super::parameters::Parameters;
use super::source::{Level, Source, Tensor, WEIGHTS, WORDS};
use crate::encoder::quantise::{Stored, copy_beside, write};
use crate::encoder::weights::Weights;
use crate::folder::Folder;

/// A tuned encoder, its head, and the account of how they came about.
pub struct Tuned {
    pub(super) folder: Folder,
    pub(super) source: Arc<Source>,
    pub(super) words: Vec<u32>,
    pub(super) tensors: Parameters<Tensor>,
    pub(super) weights: Parameters<Vec<f32>>,
    /// How each run went.
    pub runs: Vec<Run>,
    /// What the weights kept, averaged over the runs, make of the texts held out; none where none were.
    pub held_out: Option<HeldOut>,
}

/// How a run went.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The loss of each contrastive pass, in nats: the mean over its batches.
    pub contrastive: Vec<f64>,
    /// How each epoch went.
    pub epochs: Vec<Epoch>,
    /// The epoch whose weights were kept, counted from 1.
    pub best_epoch: usize,
}

impl Tuned {
    /// The head's weights [stances, hidden]: a text's logits are these times its embedding, plus the bias.
    #[must_use]
    pub fn head_weights(&self) -> Array2<f32> {
        let weights = &self.weights.head.weight;
        let hidden = self.source.config.hidden;
        Array2::from_shape_fn((weights.len() / hidden, hidden), |(stance, at)| weights[stance * hidden + at])
    }

    /// The head's bias, one number a stance.
    #[must_use]
    pub fn head_bias(&self) -> &[f32] {
        &self.weights.head.bias
    }

    /// Writes the tuned encoder to a folder in Hugging Face layout: its weights as F32 under the names they had, and the
    /// other files as they were.
    ///
    /// # Errors
    /// Where a file of the encoder that was tuned is no longer there, or the folder cannot be written.
    pub fn write_encoder(&self, to: &Path) -> Result<(), TuneError> {
        let modules = &self.source.modules;
        let transformer = self.folder.at(&modules.transformer);
        let content = transformer.read(WEIGHTS)?;
        let original = Weights::open(format!("{transformer}/{WEIGHTS}"), &content)?;
        let stored = self.stored(&original)?;
        let views = stored.iter().map(|stored| Ok((&stored.name, stored.view()?)));
        let views = views.collect::<Result<Vec<_>, TuneError>>()?;
        write(&to.join(&modules.transformer).join(WEIGHTS), &safetensors::serialize(views, None)?)?;
        Ok(copy_beside(modules, &self.folder, to)?)
    }

    /// The encoder's tensors as they will stand in the file.
    fn stored(&self, original: &Weights<'_>) -> Result<Vec<Stored>, TuneError> {
        let mut stored = Vec::new();
        for (tensor, values) in self.tensors.as_ref().into_list().into_iter().zip(self.weights.as_ref().into_list()) {
            if tensor.level == Level::Head {
                continue;
            }
            let whole = if tensor.names == [WORDS] { self.word_table(original, values)? } else { values.clone() };
            let shape = if tensor.names == [WORDS] { original.shape(WORDS)? } else { tensor.shape.clone() };
            for (name, values) in tensor.names.iter().zip(whole.chunks_exact(whole.len() / tensor.names.len())) {
                stored.push(Stored::floats(original.full_name(name), shape.clone(), values));
            }
        }
        Ok(stored)
    }

    /// The whole table of word embeddings, with the rows that occurred in their new form.
    fn word_table(&self, original: &Weights<'_>, rows: &[f32]) -> Result<Vec<f32>, TuneError> {
        let mut table = original.read(WORDS, &[self.source.config.vocabulary, self.source.config.hidden])?;
        let hidden = self.source.config.hidden;
        for (word, row) in self.words.iter().zip(rows.chunks_exact(hidden)) {
            table[*word as usize * hidden..][..hidden].copy_from_slice(row);
        }
        Ok(table)
    }
}
