//! What enters the part of the model that learns.

use rayon::prelude::*;

use super::batch::Input;
use super::dropout::Dropout;
use super::examples::Examples;
use super::layer::Kernels;
use super::loss::Label;
use super::network::Network;
use super::parameters::Parameters;
use crate::encoder::matrix::Matrix;

/// The texts, and what the frozen part of the model makes of them.
pub(super) struct Inputs {
    pub(super) network: Network,
    pub(super) examples: Examples,
    frozen: Frozen,
}

enum Frozen {
    /// Nothing is frozen.
    Nothing,
    /// For each text, what the frozen part makes of it.
    Kept(Vec<Matrix>),
    /// That takes too much room to keep; these compute it again.
    Kernels(Vec<Kernels>),
}

impl Inputs {
    /// Takes the texts through the frozen part, where there is one and the outcome takes at most `most_bytes`.
    pub(super) fn new(network: Network, examples: Examples, weights: &Parameters<Vec<f32>>, most_bytes: usize) -> Self {
        let frozen = match network.frozen_layers {
            None => Frozen::Nothing,
            Some(layers) => {
                let kernels = weights.layers[..layers].par_iter().map(Kernels::new).collect();
                freeze(network, &examples, weights, kernels, most_bytes)
            }
        };
        Self { network, examples, frozen }
    }

    /// Some texts; `dropout` is asked with their places in the list.
    pub(super) fn of(
        &self,
        texts: &[usize],
        weights: &Parameters<Vec<f32>>,
        dropout: impl Fn(usize) -> Dropout + Sync,
    ) -> Vec<Input<'_>> {
        let input = |(place, text): (usize, &usize)| Input {
            tokens: &self.examples.passages[*text],
            frozen: self.frozen(*text, weights),
            label: Label { stance: self.examples.labels[*text], weight: self.examples.weights[*text] },
            dropout: dropout(place),
        };
        texts.par_iter().enumerate().map(input).collect()
    }

    fn frozen(&self, text: usize, weights: &Parameters<Vec<f32>>) -> Option<Matrix> {
        match &self.frozen {
            Frozen::Nothing => None,
            Frozen::Kept(kept) => Some(kept[text].clone()),
            Frozen::Kernels(kernels) => Some(self.network.frozen(&self.examples.passages[text], weights, kernels)),
        }
    }
}

fn freeze(
    network: Network,
    examples: &Examples,
    weights: &Parameters<Vec<f32>>,
    kernels: Vec<Kernels>,
    most_bytes: usize,
) -> Frozen {
    let tokens: usize = examples.passages.iter().map(|passage| passage.ids.len()).sum();
    if tokens * weights.tables.norm.scale.len() * size_of::<f32>() > most_bytes {
        return Frozen::Kernels(kernels);
    }
    let outputs = |tokens| network.frozen(tokens, weights, &kernels);
    Frozen::Kept(examples.passages.par_iter().map(outputs).collect())
}
