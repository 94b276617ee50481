//! Pooling: the vectors of a text's tokens become one vector.

use std::ops::Range;

use super::config::Bounds;
use super::error::LoadError;
use super::maths::sum_of;
use super::matrix::Matrix;
use super::settings::Settings;
use crate::folder::Folder;

/// One way in which the token vectors of a text become one; the tokens that the tokenizer adds take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pooling {
    /// The vector of the first token.
    Cls,
    /// The largest value in each dimension.
    Max,
    /// The mean of all token vectors.
    Mean,
    /// Their sum over the square root of their number.
    MeanSqrtLen,
    /// Their mean, each with its place in the text, counted from 1, as its weight (Muennighoff, arXiv:2202.08904).
    WeightedMean,
    /// The vector of the last token.
    LastToken,
}

/// The flags that choose them, in the order in which sentence-transformers puts the vectors of several side by side.
const MODES: [(&str, Pooling); 6] = [
    ("pooling_mode_cls_token", Pooling::Cls),
    ("pooling_mode_max_tokens", Pooling::Max),
    (MEAN, Pooling::Mean),
    ("pooling_mode_mean_sqrt_len_tokens", Pooling::MeanSqrtLen),
    ("pooling_mode_weightedmean_tokens", Pooling::WeightedMean),
    ("pooling_mode_lasttoken", Pooling::LastToken),
];
const MEAN: &str = "pooling_mode_mean_tokens";

/// What the folder of a pooling module says.
#[derive(Clone, Debug)]
pub(crate) struct PoolingConfig {
    /// At least one; their vectors stand side by side.
    pub(crate) modes: Vec<Pooling>,
    /// Whether the tokens of a prompt take part, with those that the tokenizer puts before it.
    pub(crate) include_prompt: bool,
}

impl PoolingConfig {
    /// What sentence-transformers does with the token vectors of a folder that says nothing about them.
    pub(super) fn of_plain_model() -> Self {
        Self { modes: vec![Pooling::Mean], include_prompt: true }
    }

    /// Reads the `config.json` of a pooling module.
    pub(super) fn read(folder: &Folder, bounds: Bounds) -> Result<Self, LoadError> {
        let mut settings = Settings::read(folder, "config.json")?;
        let width = settings.size("word_embedding_dimension")?;
        if width != bounds.hidden {
            let expected = format!("hidden_size, {}", bounds.hidden);
            return Err(settings.refusal("word_embedding_dimension", &width, &expected));
        }
        let mut modes = Vec::new();
        for (name, mode) in MODES {
            if settings.take(name, "true or false")?.unwrap_or(mode == Pooling::Mean) {
                modes.push(mode);
            }
        }
        if modes.is_empty() {
            return Err(settings.refusal(MEAN, &false, "true, as no other mode is chosen"));
        }
        let include_prompt = settings.take("include_prompt", "true or false")?.unwrap_or(true);
        // There the maximum, which leaves these tokens out, overwrites the first token's vector too.
        if !include_prompt && modes.starts_with(&[Pooling::Cls, Pooling::Max]) {
            return Err(settings.refusal("include_prompt", &false, "true, as both cls and max are chosen"));
        }
        settings.finish()?;
        Ok(Self { modes, include_prompt })
    }
}

impl Pooling {
    /// The setting that chooses it.
    pub(crate) fn flag(self) -> &'static str {
        MODES.iter().find(|(_, mode)| *mode == self).map_or("", |(flag, _)| flag)
    }

    /// One vector [hidden] of the token vectors of a text, which stand in `rows` (at least one) of [tokens, hidden]; the
    /// `skipped` first of them count for nothing but `Cls`.
    pub(crate) fn pool(self, hidden: &Matrix, rows: Range<usize>, skipped: usize) -> Vec<f32> {
        let seen = rows.end.min(rows.start + skipped)..rows.end;
        let count = seen.len() as f32;
        match self {
            Self::Cls => hidden.row(rows.start).to_vec(),
            Self::LastToken if seen.is_empty() => vec![0.0; hidden.columns()],
            Self::LastToken => hidden.row(rows.end - 1).to_vec(),
            // What sentence-transformers puts in the place of tokens that are left out.
            Self::Max if seen.is_empty() => vec![-1e9; hidden.columns()],
            Self::Max => fold(hidden, seen, f32::NEG_INFINITY, |most, x, _| most.max(x)),
            Self::Mean => quotient(fold(hidden, seen, 0.0, |sum, x, _| sum + x), count),
            Self::MeanSqrtLen => quotient(fold(hidden, seen, 0.0, |sum, x, _| sum + x), count.sqrt()),
            Self::WeightedMean => {
                let weight = |place: usize| (skipped + place + 1) as f32;
                let weights: f32 = (0..seen.len()).map(weight).sum();
                let weighted = |sum: f32, x: f32, place: usize| sum + x * weight(place);
                quotient(fold(hidden, seen, 0.0, weighted), weights)
            }
        }
    }
}

/// Joins rows, column by column; `step` is told the place of each row among them.
fn fold(hidden: &Matrix, rows: Range<usize>, start: f32, step: impl Fn(f32, f32, usize) -> f32) -> Vec<f32> {
    let mut vector = vec![start; hidden.columns()];
    for (place, row) in rows.enumerate() {
        for (value, x) in vector.iter_mut().zip(hidden.row(row)) {
            *value = step(*value, *x, place);
        }
    }
    vector
}

/// A vector over a divisor; the sum of nothing, over zero, is zero.
fn quotient(mut vector: Vec<f32>, divisor: f32) -> Vec<f32> {
    divide(&mut vector, divisor.max(1e-9));
    vector
}

/// Scales a vector to length 1; one shorter than 1e-12 is divided by that instead, as `torch.nn.functional.normalize`
/// does.
pub(crate) fn normalise(vector: &mut [f32]) {
    let length = sum_of(vector, |x| x * x).sqrt();
    divide(vector, length.max(1e-12));
}

fn divide(vector: &mut [f32], divisor: f32) {
    for value in vector {
        *value /= divisor;
    }
}
