//! From the vectors of a passage's tokens to its embedding, with the way back.

use crate::encoder::LoadError;
use crate::encoder::config::Bounds;
use crate::encoder::maths::sum_of;
use crate::encoder::matrix::Matrix;
use crate::encoder::modules::{Modules, Step};
use crate::encoder::pooling::{Pooling, normalise};
use crate::first::first_largest;
use crate::folder::Folder;

/// How token vectors become an embedding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pool {
    pub(super) pooling: Pooling,
    /// Whether the embedding is scaled to length 1.
    pub(super) normalise: bool,
}

impl Pool {
    /// Reads what the modules of an encoder make of its token vectors. Only one mode of pooling, of all tokens, with or
    /// without scaling, has a way back here.
    pub(super) fn read(folder: &Folder, modules: &Modules, bounds: Bounds) -> Result<Self, LoadError> {
        let config = modules.pooling(folder, bounds)?;
        let refusal = |file: &str, setting: &str, found: &str, expected: &str| LoadError::Setting {
            file: format!("{folder}: {file}"),
            setting: setting.to_owned(),
            found: found.to_owned(),
            expected: format!("{expected} in an encoder that is to be tuned"),
        };
        if bounds.types.is_none() {
            return Err(refusal("config.json", "model_type", "distilbert", "an architecture with token types"));
        }
        let normalise = match &modules.steps[..] {
            [] => false,
            [Step::Normalise] => true,
            steps => {
                return Err(refusal(
                    "modules.json",
                    "type",
                    &format!("{steps:?}"),
                    "at most one Normalize behind Pooling",
                ));
            }
        };
        if !config.include_prompt && !modules.prompt.is_empty() {
            return Err(refusal("the pooling's config.json", "include_prompt", "false", "true, as there is a prompt,"));
        }
        match config.modes[..] {
            [pooling] => Ok(Self { pooling, normalise }),
            [_, second, ..] => Err(refusal("the pooling's config.json", second.flag(), "true", "one mode alone")),
            [] => Err(refusal("the pooling's config.json", Pooling::Mean.flag(), "false", "one mode")),
        }
    }

    /// The embedding [hidden] of a passage's token vectors [tokens, hidden].
    pub(super) fn forward(self, tokens: &Matrix) -> Vec<f32> {
        let mut vector = self.pooling.pool(tokens, 0..tokens.rows().len(), 0);
        if self.normalise {
            normalise(&mut vector);
        }
        vector
    }

    /// The gradients of the token vectors [tokens, hidden], given that of the embedding.
    pub(super) fn backward(self, tokens: &Matrix, mut delta: Vec<f32>) -> Matrix {
        let count = tokens.rows().len();
        if self.normalise {
            normalise_backward(&self.pooling.pool(tokens, 0..count, 0), &mut delta);
        }
        let mut gradients = Matrix::zeros(count, tokens.columns());
        match self.pooling {
            Pooling::Cls => gradients.row_mut(0).copy_from_slice(&delta),
            Pooling::LastToken => gradients.row_mut(count - 1).copy_from_slice(&delta),
            Pooling::Mean | Pooling::MeanSqrtLen => {
                let divisor = if self.pooling == Pooling::Mean { count as f32 } else { (count as f32).sqrt() };
                let share: Vec<f32> = delta.iter().map(|delta| delta / divisor).collect();
                gradients.rows_mut().for_each(|row| row.copy_from_slice(&share));
            }
            Pooling::WeightedMean => {
                let weights = (count * (count + 1) / 2) as f32;
                for (place, row) in gradients.rows_mut().enumerate() {
                    let share = (place + 1) as f32 / weights;
                    row.iter_mut().zip(&delta).for_each(|(to, delta)| *to = delta * share);
                }
            }
            Pooling::Max => {
                for (column, delta) in delta.into_iter().enumerate() {
                    let largest = first_largest(tokens.rows().map(|row| row[column]));
                    gradients.row_mut(largest)[column] = delta;
                }
            }
        }
        gradients
    }
}

/// With e = v / |v|: (δ - e (e · δ)) / |v|.
fn normalise_backward(vector: &[f32], delta: &mut [f32]) {
    let length = sum_of(vector, |x| x * x).sqrt().max(1e-12);
    let products: Vec<f32> = vector.iter().zip(&*delta).map(|(v, d)| v * d).collect();
    let along = sum_of(&products, |x| x) / (length * length);
    for (delta, value) in delta.iter_mut().zip(vector) {
        *delta = (*delta - value * along) / length;
    }
}
