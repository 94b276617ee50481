//! What becomes of the token vectors of a text: the modules behind the transformer.

use std::ops::Range;

use super::config::Bounds;
use super::dense::Dense;
use super::error::LoadError;
use super::matrix::Matrix;
use super::modules::{Modules, Step};
use super::pooling::{Pooling, normalise};
use super::tokenizer::TextTokenizer;
use crate::folder::Folder;

/// From the token vectors of a text to its own.
#[derive(Debug)]
pub(crate) struct Ending {
    /// Their vectors stand side by side.
    modes: Vec<Pooling>,
    /// Tokens at the beginning of every text that pooling leaves out.
    skipped: usize,
    layers: Vec<Layer>,
    dimensions: usize,
}

#[derive(Debug)]
enum Layer {
    Dense(Dense),
    Normalise,
}

impl Ending {
    /// Reads the modules behind the transformer; `tokenizer` knows how long the prompt is.
    pub(crate) fn read(
        folder: &Folder,
        modules: &Modules,
        bounds: Bounds,
        tokenizer: &TextTokenizer,
    ) -> Result<Self, LoadError> {
        let pooling = modules.pooling(folder, bounds)?;
        let failed = |source| LoadError::Tokenizer { file: folder.to_string(), source };
        let skipped = if pooling.include_prompt { 0 } else { tokenizer.prompt_tokens().map_err(failed)? };
        let mut dimensions = pooling.modes.len() * bounds.hidden;
        let mut layers = Vec::new();
        for step in &modules.steps {
            layers.push(match step {
                Step::Normalise => Layer::Normalise,
                Step::Dense(path) => {
                    let (dense, outputs) = Dense::read(&folder.at(path), dimensions)?;
                    dimensions = outputs;
                    Layer::Dense(dense)
                }
            });
        }
        Ok(Self { modes: pooling.modes, skipped, layers, dimensions })
    }

    /// The length of a text's vector.
    pub(crate) fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The vector of a text whose token vectors stand in `rows` (at least one) of [tokens, hidden].
    pub(crate) fn apply(&self, hidden: &Matrix, rows: &Range<usize>) -> Vec<f32> {
        let pool = |mode: &Pooling| mode.pool(hidden, rows.clone(), self.skipped);
        let pooled: Vec<f32> = self.modes.iter().flat_map(pool).collect();
        self.layers.iter().fold(pooled, |mut vector, layer| match layer {
            Layer::Dense(dense) => dense.apply(vector),
            Layer::Normalise => {
                normalise(&mut vector);
                vector
            }
        })
    }
}
