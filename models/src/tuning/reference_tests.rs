//! The gradients of the whole model, and the optimiser's steps, against `PyTorch`.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use std::path::Path;

use safetensors::SafeTensors;

use super::adamw::{AdamW, Step};
use super::batch::{Input, Model, Objective};
use super::contrast::Contrast;
use super::dropout::Dropout;
use super::examples::{Examples, Labelled};
use super::loss::{Label, Loss};
use super::network::Network;
use super::parameters::Parameters;
use super::pooling::Pool;
use super::settings::TuneSettings;
use super::source::{Source, Tensor, WORDS, read_weights};
use crate::encoder::activation::Activation;
use crate::encoder::pooling::Pooling;
use crate::folder::Folder;

const TEXTS: [&str; 5] = [
    "The lamp in the window was old, but the door was new.",
    "rain",
    "",
    "We read the letter twice, slowly, and then the judge asked: who wants the rent paid, who needs the bridge?",
    "quick quick slow",
];
pub(super) const LABELS: [usize; 5] = [0, 1, 2, 0, 1];

/// The tiny encoder with a head whose weights are a formula, as in `make.py`.
pub(super) struct Tiny {
    pub(super) source: Source,
    pub(super) examples: Examples,
    tensors: Parameters<Tensor>,
    pub(super) weights: Parameters<Vec<f32>>,
}

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures")
}

/// Where the tiny encoder is.
pub(super) fn folder() -> Folder {
    Folder::disk(fixtures().join("encoder/tiny"))
}

impl Tiny {
    pub(super) fn new(pooling: Pooling, normalise: bool, activation: Activation) -> Self {
        let folder = folder();
        let mut source = Source::read(&folder).unwrap();
        source.pool = Pool { pooling, normalise };
        source.config.activation = activation;
        let settings = TuneSettings { hold_out_one_in: 0, ..TuneSettings::default() };
        let groups = TEXTS.map(str::to_owned);
        let labelled = Labelled { texts: &TEXTS, labels: &LABELS, weights: None, groups: &groups };
        let examples = Examples::new(&source.tokenizer, labelled, &settings).unwrap();
        let tensors = source.tensors(examples.words.len(), 3);
        let mut weights = read_weights(&folder, &source, &tensors, &examples.words).unwrap();
        weights.head.weight = (0_u8..96).map(|place| f32::from(place).sin()).collect();
        weights.head.bias = vec![0.1, -0.2, 0.3];
        Self { source, examples, tensors, weights }
    }

    /// The loss and all gradients.
    pub(super) fn gradients(
        &self,
        objective: &Objective<'_>,
        frozen_layers: Option<usize>,
        dropout: Dropout,
    ) -> (f64, Parameters<Vec<f32>>) {
        let mut gradients = AdamW::new(&self.tensors, frozen_layers).first;
        let model = Model::new(Network::new(&self.source, frozen_layers), &self.weights);
        (model.gradients(self.inputs(frozen_layers, dropout), objective, &mut gradients), gradients)
    }

    fn inputs(&self, frozen_layers: Option<usize>, dropout: Dropout) -> Vec<Input<'_>> {
        let network = Network::new(&self.source, frozen_layers);
        let kernels: Vec<_> = self.weights.layers.iter().map(super::layer::Kernels::new).collect();
        let frozen = |tokens| frozen_layers.map(|_| network.frozen(tokens, &self.weights, &kernels));
        let label = |stance| Label { stance, weight: 1.0 };
        let passages = self.examples.passages.iter().zip(LABELS.map(label));
        passages.map(|(tokens, label)| Input { tokens, frozen: frozen(tokens), label, dropout }).collect()
    }
}

pub(super) fn loss() -> Loss {
    Loss { class_weights: vec![1.0, 0.5, 2.0], smoothing: 0.1 }
}

fn floats(file: &SafeTensors<'_>, name: &str) -> Vec<f32> {
    file.tensor(name).unwrap().data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

/// The tensors whose gradients are off by more than a ten-thousandth of the largest one; `gradient` gives those expected by the tensors' names.
pub(super) fn differences(
    tiny: &Tiny,
    found: &Parameters<Vec<f32>>,
    case: &str,
    gradient: impl Fn(&str) -> Vec<f32>,
) -> Vec<String> {
    let pairs = tiny.tensors.as_ref().into_list().into_iter().zip(found.as_ref().into_list());
    let wrong = pairs.filter(|(_, found)| !found.is_empty()).filter_map(|(tensor, found)| {
        let mut expected: Vec<f32> = tensor.names.iter().flat_map(|name| gradient(name)).collect();
        if tensor.names == [WORDS] {
            // The rows that occur.
            let rows = tiny.examples.words.iter().flat_map(|word| &expected[*word as usize * 32..][..32]);
            expected = rows.copied().collect();
        }
        assert_eq!(found.len(), expected.len(), "{:?}", tensor.names);
        let largest = expected.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let error = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        let close = error <= 1e-4 * largest + 1e-6 && found.iter().all(|x| x.is_finite());
        (!close).then(|| format!("{case}: {} off by {error:e} of {largest:e}", tensor.names[0]))
    });
    wrong.collect()
}

#[test]
fn all_gradients_agree_with_pytorch() {
    let content = std::fs::read(fixtures().join("tuning/gradients.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&content).unwrap();
    let cases = [
        ("mean", Pooling::Mean, false, Activation::Gelu),
        ("normalised", Pooling::Mean, true, Activation::Gelu),
        ("cls", Pooling::Cls, true, Activation::Relu),
        ("max", Pooling::Max, false, Activation::GeluNew),
    ];
    for (case, pooling, normalise, activation) in cases {
        let tiny = Tiny::new(pooling, normalise, activation);
        let logits =
            Model::new(Network::new(&tiny.source, None), &tiny.weights).logits(tiny.inputs(None, Dropout::OFF));
        let worst = logits.values().iter().zip(floats(&file, &format!("{case}/logits"))).map(|(a, b)| (a - b).abs());
        assert!(worst.fold(0.0, f32::max) < 1e-4, "{case}");
        assert_gradients_agree(&tiny, &Objective::Stances(&loss()), &file, case);
    }
    let tiny = Tiny::new(Pooling::Mean, false, Activation::Gelu);
    assert_gradients_agree(&tiny, &Objective::Contrast(Contrast { temperature: 0.2 }), &file, "contrast");
}

fn assert_gradients_agree(tiny: &Tiny, objective: &Objective<'_>, file: &SafeTensors<'_>, case: &str) {
    let exact = f64::from_le_bytes(file.tensor(&format!("{case}/loss")).unwrap().data().try_into().unwrap());
    for frozen in [None, Some(0), Some(1), Some(2)] {
        let (loss, found) = tiny.gradients(objective, frozen, Dropout::OFF);
        assert!((loss - exact).abs() < 1e-5, "{case}: loss {loss} for {exact}");
        let gradient = |name: &str| floats(file, &format!("{case}/{name}"));
        assert_eq!(differences(tiny, &found, case, gradient), Vec::<String>::new(), "{frozen:?} frozen");
    }
}

#[test]
fn with_dropout_gradients_are_the_slopes_of_the_same_network() {
    let mut tiny = Tiny::new(Pooling::Mean, true, Activation::Gelu);
    let dropout = Dropout { hidden: 0.2, attention: 0.2, key: 11 };
    let (_, gradients) = tiny.gradients(&Objective::Stances(&loss()), None, dropout);
    for (tensor, gradients) in gradients.into_list().into_iter().enumerate() {
        for at in [0, gradients.len() / 3, gradients.len() - 1] {
            let mut moved = |by: f32| {
                tiny.weights.as_mut().into_list()[tensor][at] += by;
                let loss = tiny.gradients(&Objective::Stances(&loss()), None, dropout).0;
                tiny.weights.as_mut().into_list()[tensor][at] -= by;
                loss
            };
            let slope = (moved(0.005) - moved(-0.005)) / 0.01;
            let error = (slope - f64::from(gradients[at])).abs();
            assert!(error < 1e-3, "tensor {tensor}, {at}: gradient {}, but slope {slope}", gradients[at]);
        }
    }
}

#[test]
fn steps_agree_with_pytorch() {
    let content = std::fs::read(fixtures().join("tuning/gradients.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&content).unwrap();
    let expected = floats(&file, "adamw");
    let tiny = Tiny::new(Pooling::Mean, true, Activation::Gelu);
    let settings = TuneSettings { learning_rate: 0.1, weight_decay: 0.1, ..TuneSettings::default() };
    let mut weights = tiny.weights.clone();
    let mut optimiser = AdamW::new(&tiny.tensors, None);
    let mut gradients = optimiser.first.zeros_like();
    weights.layers[1].output.weight[..4].copy_from_slice(&[1.0, -2.0, 0.5, 0.0]);
    let all = [[0.1, -0.2, 0.3, 0.0], [3.0, 4.0, 0.0, 0.0], [-0.5, 0.1, 0.1, 1e-3]];
    for (number, (gradient, expected)) in all.iter().zip(expected.chunks_exact(4)).enumerate() {
        gradients.layers[1].output.weight[..4].copy_from_slice(gradient);
        let factor = [1.0, 0.5, 0.25][number];
        let step = Step { number, factor, words: &[], settings: &settings };
        optimiser.step(&tiny.tensors, &mut weights, &mut gradients, &step);
        let found = &weights.layers[1].output.weight[..4];
        let close = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6);
        assert!(close, "step {number}: {found:?} for {expected:?}");
    }
    assert_eq!(weights.tables.words, tiny.weights.tables.words, "rows that do not occur stay as they are");
}
