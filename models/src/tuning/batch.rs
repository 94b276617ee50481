//! The loss of a batch and the gradients of all parameters.

use rayon::prelude::*;

use super::contrast::Contrast;
use super::dense::{self, Kernel, add};
use super::dropout::{Dropout, Site};
use super::embedding;
use super::layer::{Kernels, LayerDeltas, LayerTape};
use super::loss::{Label, Loss};
use super::network::{Network, Tape};
use super::parameters::{Dense, Layer, Norm, Parameters, Tables};
use crate::encoder::matrix::Matrix;
use crate::encoder::tokenizer::Tokens;

/// A text in a batch.
pub(super) struct Input<'a> {
    pub(super) tokens: &'a Tokens,
    /// What the frozen part made of it, where there is one.
    pub(super) frozen: Option<Matrix>,
    pub(super) label: Label,
    pub(super) dropout: Dropout,
}

/// What a batch is to get better at.
pub(super) enum Objective<'a> {
    /// Telling the stances apart, with the head.
    Stances(&'a Loss),
    /// Embeddings of one stance that are alike; the head does not learn.
    Contrast(Contrast),
}

/// The model as it is in one step.
pub(super) struct Model<'a> {
    pub(super) network: Network,
    pub(super) weights: &'a Parameters<Vec<f32>>,
    /// Those of the layers that learn.
    pub(super) kernels: Vec<Kernels>,
}

/// One passage between the passes.
struct Passage<'a> {
    tokens: &'a Tokens,
    dropout: Dropout,
    tape: Tape,
    /// The gradients of the outputs of the layer that is next on the way back.
    deltas: Matrix,
}

impl<'a> Model<'a> {
    pub(super) fn new(network: Network, weights: &'a Parameters<Vec<f32>>) -> Self {
        let kernels = weights.layers[network.first_layer()..].par_iter().map(Kernels::new).collect();
        Self { network, weights, kernels }
    }

    /// The logits [texts, stances] of texts, without dropout where theirs is off.
    pub(super) fn logits(&self, inputs: Vec<Input<'_>>) -> Matrix {
        let embedded = inputs.into_par_iter().with_max_len(1).map(|input| self.forward(input).tape.embedded);
        let embedded = Matrix::new(embedded.collect::<Vec<_>>().concat(), self.weights.tables.norm.scale.len());
        self.head().forward(&embedded, &self.weights.head.bias)
    }

    /// The loss of a batch. Writes the gradients of everything that learns; of the word embeddings, those rows that occur
    /// in the batch, which must be zero before.
    pub(super) fn gradients(
        &self,
        inputs: Vec<Input<'_>>,
        objective: &Objective<'_>,
        gradients: &mut Parameters<Vec<f32>>,
    ) -> f64 {
        let labels: Vec<Label> = inputs.iter().map(|input| input.label).collect();
        let mut passages: Vec<Passage<'_>> =
            inputs.into_par_iter().with_max_len(1).map(|input| self.forward(input)).collect();
        let embedded: Vec<f32> = passages.iter().flat_map(|passage| &passage.tape.embedded).copied().collect();
        let embedded = Matrix::new(embedded, self.weights.tables.norm.scale.len());
        let (loss, deltas) = self.objective_backward(&embedded, &labels, objective, gradients.head.as_mut());
        for (passage, delta) in passages.iter_mut().zip(deltas.rows()) {
            passage.deltas = self.network.pool.backward(&passage.tape.outputs, delta.to_vec());
        }
        for layer in (0..self.kernels.len()).rev() {
            let index = self.network.first_layer() + layer;
            self.layer_backward(layer, &mut passages, gradients.layers[index].as_mut());
        }
        if self.network.frozen_layers.is_none() {
            self.tables_backward(&mut passages, gradients.tables.as_mut());
        }
        loss
    }

    fn forward<'t>(&self, input: Input<'t>) -> Passage<'t> {
        let Input { tokens, frozen, dropout, .. } = input;
        let tape = self.network.forward(tokens, frozen, self.weights, &self.kernels, dropout);
        Passage { tokens, dropout, tape, deltas: Matrix::zeros(0, 1) }
    }

    fn head(&self) -> Kernel {
        Kernel::new(&self.weights.head)
    }

    /// The loss of embeddings [texts, hidden], and its gradients with respect to them; writes those of the head.
    fn objective_backward(
        &self,
        embedded: &Matrix,
        labels: &[Label],
        objective: &Objective<'_>,
        mut gradients: Dense<&mut Vec<f32>>,
    ) -> (f64, Matrix) {
        match objective {
            Objective::Stances(loss) => {
                let head = self.head();
                let (loss, deltas) = loss.of(&head.forward(embedded, &self.weights.head.bias), labels);
                dense::gradients(&[embedded], &[&deltas], &mut gradients);
                (loss, head.backward(&deltas))
            }
            Objective::Contrast(contrast) => {
                gradients.weight.fill(0.0);
                gradients.bias.fill(0.0);
                contrast.of(embedded, &labels.iter().map(|label| label.stance).collect::<Vec<_>>())
            }
        }
    }

    /// Takes all passages back through one of the layers that learn.
    fn layer_backward(&self, layer: usize, passages: &mut [Passage<'_>], gradients: Layer<&mut Vec<f32>>) {
        let index = self.network.first_layer() + layer;
        let back = |passage: &mut Passage<'_>| {
            let pass = self.network.layer(index, self.weights, &self.kernels[layer], passage.dropout);
            let tape = passage.tape.layers.pop()?;
            let deltas = pass.backward(&tape, &mut passage.deltas);
            Some((tape, deltas))
        };
        let passed: Vec<(LayerTape, LayerDeltas)> = passages.par_iter_mut().with_max_len(1).filter_map(back).collect();
        write_layer(&passed, gradients);
    }

    fn tables_backward(&self, passages: &mut [Passage<'_>], mut gradients: Tables<&mut Vec<f32>>) {
        gradients.positions.fill(0.0);
        gradients.types.fill(0.0);
        let mut norms = Vec::new();
        for Passage { tokens, dropout, tape, deltas } in passages {
            dropout.apply(Site::Embeddings, deltas.values_mut());
            norms.extend(tape.embedding.take().map(|tape| tape.backward(deltas, &self.weights.tables.norm)));
            embedding::add_gradients(tokens, deltas, &mut gradients);
        }
        sum_norms(norms.iter(), &mut gradients.norm);
    }
}

/// What went into one of a layer's linear layers, and the gradients of what came out.
type Part = fn(&(LayerTape, LayerDeltas)) -> (&Matrix, &Matrix);

/// Sums the gradients of a layer's weights over all passages.
fn write_layer(passed: &[(LayerTape, LayerDeltas)], mut gradients: Layer<&mut Vec<f32>>) {
    sum_norms(passed.iter().map(|(_, deltas)| &deltas.attention_norm), &mut gradients.attention_norm);
    sum_norms(passed.iter().map(|(_, deltas)| &deltas.output_norm), &mut gradients.output_norm);
    let parts: [(Part, Dense<&mut Vec<f32>>); 4] = [
        (|(_, deltas)| (&deltas.activated, &deltas.output), gradients.output),
        (|(tape, deltas)| (&tape.attended, &deltas.intermediate), gradients.intermediate),
        (|(tape, deltas)| (&tape.inputs, &deltas.attention), gradients.attention),
        (|(tape, deltas)| (&tape.context, &deltas.attention_output), gradients.attention_output),
    ];
    parts.into_par_iter().with_max_len(1).for_each(|(part, mut gradients)| {
        let (inputs, deltas): (Vec<&Matrix>, Vec<&Matrix>) = passed.iter().map(part).unzip();
        dense::gradients(&inputs, &deltas, &mut gradients);
    });
}

fn sum_norms<'a>(norms: impl Iterator<Item = &'a Norm<Vec<f32>>>, sums: &mut Norm<&mut Vec<f32>>) {
    sums.scale.fill(0.0);
    sums.shift.fill(0.0);
    for norm in norms {
        add(sums.scale, &norm.scale);
        add(sums.shift, &norm.shift);
    }
}
