//! One layer of the transformer, with the way back.

use super::activation;
use super::attention::Attention;
use super::dense::{Kernel, add};
use super::dropout::{Dropout, Site};
use super::norm::{self, NormTape};
use super::parameters::{Layer, Norm};
use crate::encoder::activation::Activation;
use crate::encoder::matrix::Matrix;

/// A layer's matrices laid out for products.
pub(super) struct Kernels {
    attention: Kernel,
    attention_output: Kernel,
    intermediate: Kernel,
    output: Kernel,
}

impl Kernels {
    pub(super) fn new(layer: &Layer<Vec<f32>>) -> Self {
        let dense = [&layer.attention, &layer.attention_output, &layer.intermediate, &layer.output];
        let [attention, attention_output, intermediate, output] = dense.map(Kernel::new);
        Self { attention, attention_output, intermediate, output }
    }
}

/// A layer as one passage meets it.
pub(super) struct LayerPass<'a> {
    /// Counted from 0 at the bottom.
    pub(super) index: usize,
    pub(super) weights: &'a Layer<Vec<f32>>,
    pub(super) kernels: &'a Kernels,
    pub(super) heads: usize,
    pub(super) activation: Activation,
    pub(super) epsilon: f32,
    pub(super) dropout: Dropout,
}

/// What the way back needs of the way there, a row a token.
pub(super) struct LayerTape {
    pub(super) inputs: Matrix,
    stacked: Matrix,
    pub(super) context: Matrix,
    attention_norm: NormTape,
    pub(super) attended: Matrix,
    inner: Matrix,
    output_norm: NormTape,
}

/// The gradients of what each linear layer gave, a row a token, and of the norms.
pub(super) struct LayerDeltas {
    pub(super) attention: Matrix,
    pub(super) attention_output: Matrix,
    pub(super) attention_norm: Norm<Vec<f32>>,
    pub(super) intermediate: Matrix,
    /// What went into the last linear layer.
    pub(super) activated: Matrix,
    pub(super) output: Matrix,
    pub(super) output_norm: Norm<Vec<f32>>,
}

impl LayerPass<'_> {
    /// The layer's outputs for its inputs, [tokens, hidden] both.
    pub(super) fn forward(&self, inputs: Matrix) -> (Matrix, LayerTape) {
        let stacked = self.kernels.attention.forward(&inputs, &self.weights.attention.bias);
        let context = self.attention().forward(&stacked);
        let mut sum = self.kernels.attention_output.forward(&context, &self.weights.attention_output.bias);
        self.dropout.apply(self.attention_site(), sum.values_mut());
        add(sum.values_mut(), inputs.values());
        let (attended, attention_norm) = norm::forward(sum, &self.weights.attention_norm, self.epsilon);
        let inner = self.kernels.intermediate.forward(&attended, &self.weights.intermediate.bias);
        let mut sum = self.kernels.output.forward(&self.activated(&inner), &self.weights.output.bias);
        self.dropout.apply(self.output_site(), sum.values_mut());
        add(sum.values_mut(), attended.values());
        let (outputs, output_norm) = norm::forward(sum, &self.weights.output_norm, self.epsilon);
        (outputs, LayerTape { inputs, stacked, context, attention_norm, attended, inner, output_norm })
    }

    /// Turns the gradients of the outputs, [tokens, hidden], into those of the inputs, in place.
    pub(super) fn backward(&self, tape: &LayerTape, deltas: &mut Matrix) -> LayerDeltas {
        let output_norm = tape.output_norm.backward(deltas, &self.weights.output_norm);
        let output = self.dropped(self.output_site(), deltas);
        let mut intermediate = self.kernels.output.backward(&output);
        activation::backward(self.activation, &tape.inner, &mut intermediate);
        add(deltas.values_mut(), self.kernels.intermediate.backward(&intermediate).values());
        let attention_norm = tape.attention_norm.backward(deltas, &self.weights.attention_norm);
        let attention_output = self.dropped(self.attention_site(), deltas);
        let context = self.kernels.attention_output.backward(&attention_output);
        let attention = self.attention().backward(&tape.stacked, &context);
        add(deltas.values_mut(), self.kernels.attention.backward(&attention).values());
        let activated = self.activated(&tape.inner);
        LayerDeltas { attention, attention_output, attention_norm, intermediate, activated, output, output_norm }
    }

    fn attention(&self) -> Attention {
        Attention { layer: self.index, heads: self.heads, dropout: self.dropout }
    }

    fn activated(&self, inner: &Matrix) -> Matrix {
        let mut activated = inner.clone();
        self.activation.apply(activated.values_mut());
        activated
    }

    fn dropped(&self, site: Site, deltas: &Matrix) -> Matrix {
        let mut dropped = deltas.clone();
        self.dropout.apply(site, dropped.values_mut());
        dropped
    }

    fn attention_site(&self) -> Site {
        Site::AttentionOutput { layer: self.index }
    }

    fn output_site(&self) -> Site {
        Site::Output { layer: self.index }
    }
}
