//! One layer of the transformer.

use std::ops::Range;

use super::activation::Activation;
use super::attention::attend;
use super::config::BertConfig;
use super::error::LoadError;
use super::linear::Linear;
use super::matrix::Matrix;
use super::norm::LayerNorm;
use super::weights::Weights;

/// Self-attention, then a feed-forward part, each added to what came in and normalised (Devlin et al., arXiv:1810.04805).
#[derive(Debug)]
pub(super) struct Layer {
    /// Query, key and value in one.
    attention: Linear,
    attention_output: Linear,
    attention_norm: LayerNorm,
    intermediate: Linear,
    output: Linear,
    output_norm: LayerNorm,
    heads: usize,
    activation: Activation,
}

impl Layer {
    /// Reads the layer at `index`, counted from 0.
    pub(super) fn read(weights: &Weights<'_>, index: usize, config: &BertConfig) -> Result<Self, LoadError> {
        let BertConfig { hidden, intermediate, heads, activation, .. } = *config;
        let name = |part: &str| format!("encoder.layer.{index}.{part}");
        let linear = |part: &str, outputs, inputs| Linear::read(weights, &[name(part)], outputs, inputs);
        let stacked = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
        Ok(Self {
            attention: Linear::read(weights, &stacked, hidden, hidden)?,
            attention_output: linear("attention.output.dense", hidden, hidden)?,
            attention_norm: LayerNorm::read(weights, &name("attention.output.LayerNorm"), config)?,
            intermediate: linear("intermediate.dense", intermediate, hidden)?,
            output: linear("output.dense", hidden, intermediate)?,
            output_norm: LayerNorm::read(weights, &name("output.LayerNorm"), config)?,
            heads,
            activation,
        })
    }

    /// The layer's outputs for its inputs, both [tokens, hidden]; `passages` are the rows of each passage.
    pub(super) fn apply(&self, inputs: &Matrix, passages: &[Range<usize>]) -> Matrix {
        let context = attend(&self.attention.apply(inputs), passages, self.heads);
        let attended = add_and_normalise(self.attention_output.apply(&context), inputs, &self.attention_norm);
        let mut inner = self.intermediate.apply(&attended);
        self.activation.apply(inner.values_mut());
        add_and_normalise(self.output.apply(&inner), &attended, &self.output_norm)
    }
}

fn add_and_normalise(mut matrix: Matrix, residual: &Matrix, norm: &LayerNorm) -> Matrix {
    for (value, residual) in matrix.values_mut().iter_mut().zip(residual.values()) {
        *value += residual;
    }
    norm.apply(&mut matrix);
    matrix
}
