//! Pooling: the vectors of a text's tokens become one vector.

use std::ops::Range;

use super::error::LoadError;
use super::maths::sum_of;
use super::matrix::Matrix;
use super::settings::Settings;

/// How the token vectors of a text become one; the tokens that the tokenizer adds take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pooling {
    /// The mean of all token vectors.
    Mean,
    /// The vector of the first token.
    Cls,
    /// The largest value in each dimension.
    Max,
}

const MODES: [(&str, Pooling); 3] = [
    ("pooling_mode_mean_tokens", Pooling::Mean),
    ("pooling_mode_cls_token", Pooling::Cls),
    ("pooling_mode_max_tokens", Pooling::Max),
];
const OTHER_MODES: [&str; 3] =
    ["pooling_mode_mean_sqrt_len_tokens", "pooling_mode_weightedmean_tokens", "pooling_mode_lasttoken"];

impl Pooling {
    /// Takes the pooling flags out of a pooling module's settings, of which exactly one must be set.
    pub(super) fn take(settings: &mut Settings) -> Result<Self, LoadError> {
        for name in OTHER_MODES {
            settings.only(name, &false.into())?;
        }
        let mut chosen = None;
        for (name, mode) in MODES {
            if !settings.take(name, "true or false")?.unwrap_or(false) {
                continue;
            }
            if chosen.replace(mode).is_some() {
                return Err(settings.refusal(name, &true, "false, as another mode is chosen already"));
            }
        }
        chosen.ok_or_else(|| settings.refusal(MODES[0].0, &false, "one of mean, cls and max to be true"))
    }

    /// One vector [hidden] of the token vectors of a text, which stand in `rows` (at least one) of [tokens, hidden].
    pub(crate) fn pool(self, hidden: &Matrix, rows: Range<usize>) -> Vec<f32> {
        let mut vector = hidden.row(rows.start).to_vec();
        if self == Self::Cls {
            return vector;
        }
        let count = rows.len() as f32;
        for row in rows.skip(1) {
            for (value, other) in vector.iter_mut().zip(hidden.row(row)) {
                *value = if self == Self::Max { value.max(*other) } else { *value + other };
            }
        }
        if self == Self::Mean {
            divide(&mut vector, count);
        }
        vector
    }
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
