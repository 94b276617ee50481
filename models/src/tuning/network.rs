//! One passage through the model.

use super::dropout::{Dropout, Site};
use super::embedding;
use super::layer::{Kernels, LayerPass, LayerTape};
use super::norm::NormTape;
use super::parameters::Parameters;
use super::pooling::Pool;
use super::source::Source;
use crate::encoder::activation::Activation;
use crate::encoder::matrix::Matrix;
use crate::encoder::tokenizer::Tokens;

/// What is the same for all passages and steps.
#[derive(Clone, Copy)]
pub(super) struct Network {
    heads: usize,
    activation: Activation,
    epsilon: f32,
    pub(super) pool: Pool,
    /// None: everything learns. Otherwise the embeddings and this many of the lowest layers are frozen.
    pub(super) frozen_layers: Option<usize>,
}

/// A passage on its way through the layers that learn.
pub(super) struct Tape {
    /// None where the embeddings are frozen.
    pub(super) embedding: Option<NormTape>,
    pub(super) layers: Vec<LayerTape>,
    /// The token vectors that the last layer gave.
    pub(super) outputs: Matrix,
    pub(super) embedded: Vec<f32>,
}

impl Network {
    pub(super) fn new(source: &Source, frozen_layers: Option<usize>) -> Self {
        let config = &source.config;
        let (heads, activation, epsilon) = (config.heads, config.activation, config.epsilon);
        Self { heads, activation, epsilon, pool: source.pool, frozen_layers }
    }

    /// The lowest layer that learns.
    pub(super) fn first_layer(&self) -> usize {
        self.frozen_layers.unwrap_or(0)
    }

    /// What the frozen part makes of a passage: the inputs of the first layer that learns.
    pub(super) fn frozen(&self, tokens: &Tokens, weights: &Parameters<Vec<f32>>, kernels: &[Kernels]) -> Matrix {
        let (mut hidden, _) = embedding::forward(tokens, &weights.tables, self.epsilon);
        for (layer, kernels) in (0..self.first_layer()).zip(kernels) {
            hidden = self.layer(layer, weights, kernels, Dropout::OFF).forward(hidden).0;
        }
        hidden
    }

    /// Takes a passage through the part that learns. `frozen` is what the frozen part made of it, where there is one;
    /// `kernels` are those of the layers that learn.
    pub(super) fn forward(
        &self,
        tokens: &Tokens,
        frozen: Option<Matrix>,
        weights: &Parameters<Vec<f32>>,
        kernels: &[Kernels],
        dropout: Dropout,
    ) -> Tape {
        let (mut hidden, embedding) = if let Some(hidden) = frozen {
            (hidden, None)
        } else {
            let (mut hidden, tape) = embedding::forward(tokens, &weights.tables, self.epsilon);
            dropout.apply(Site::Embeddings, hidden.values_mut());
            (hidden, Some(tape))
        };
        let mut layers = Vec::with_capacity(kernels.len());
        for (layer, kernels) in (self.first_layer()..).zip(kernels) {
            let (outputs, tape) = self.layer(layer, weights, kernels, dropout).forward(hidden);
            layers.push(tape);
            hidden = outputs;
        }
        Tape { embedding, layers, embedded: self.pool.forward(&hidden), outputs: hidden }
    }

    /// A layer as a passage meets it.
    pub(super) fn layer<'a>(
        &self,
        index: usize,
        weights: &'a Parameters<Vec<f32>>,
        kernels: &'a Kernels,
        dropout: Dropout,
    ) -> LayerPass<'a> {
        let Self { heads, activation, epsilon, .. } = *self;
        LayerPass { index, weights: &weights.layers[index], kernels, heads, activation, epsilon, dropout }
    }
}
