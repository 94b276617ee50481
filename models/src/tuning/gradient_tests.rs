//! Every operation's gradients against central finite differences.

use super::activation;
use super::attention::Attention;
use super::contrast::Contrast;
use super::dense::{self, Kernel};
use super::dropout::Dropout;
use super::embedding;
use super::layer::{Kernels, LayerPass};
use super::loss::{Label, Loss};
use super::norm;
use super::parameters::{Dense, Layer, Norm, Tables};
use super::pooling::Pool;
use crate::encoder::activation::Activation;
use crate::encoder::matrix::Matrix;
use crate::encoder::pooling::Pooling;
use crate::encoder::tokenizer::Tokens;

const STEP: f32 = 0.01;
const DROPOUT: Dropout = Dropout { hidden: 0.2, attention: 0.2, key: 5 };

/// Values between -1 and 1 without a pattern that a fault could hide in.
fn values(count: usize, seed: u32) -> Vec<f32> {
    let next = |state: &mut u32, _| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some((*state >> 8) as f32 / 8_388_608.0 - 1.0)
    };
    (0..count).scan(seed.wrapping_mul(2_654_435_761), next).collect()
}

fn matrix(rows: usize, columns: usize, seed: u32) -> Matrix {
    Matrix::new(values(rows * columns, seed), columns)
}

fn dense(outputs: usize, inputs: usize, seed: u32) -> Dense<Vec<f32>> {
    Dense { weight: values(outputs * inputs, seed), bias: values(outputs, seed + 1) }
}

fn norm(length: usize, seed: u32) -> Norm<Vec<f32>> {
    Norm { scale: values(length, seed), shift: values(length, seed + 1) }
}

/// A number that depends on every output in its own way: their sum, each times its own gradient.
fn objective(outputs: &[f32], deltas: &[f32]) -> f64 {
    outputs.iter().zip(deltas).map(|(output, delta)| f64::from(*output) * f64::from(*delta)).sum()
}

/// Compares gradients with the change of `objective` when each variable is moved a little to either side.
fn check(name: &str, variables: &[f32], gradients: &[f32], objective: impl Fn(&[f32]) -> f64) {
    assert_eq!(variables.len(), gradients.len(), "{name}");
    for (at, gradient) in gradients.iter().enumerate() {
        let moved = |by: f32| {
            let mut moved = variables.to_vec();
            moved[at] += by;
            objective(&moved)
        };
        let slope = (moved(STEP) - moved(-STEP)) / f64::from(2.0 * STEP);
        let error = (slope - f64::from(*gradient)).abs();
        assert!(error < 2e-3 * (1.0 + slope.abs()), "{name}, variable {at}: gradient {gradient}, but slope {slope}");
    }
}

#[test]
fn linear_layers() {
    let (inputs, layer, deltas) = (matrix(7, 5, 1), dense(4, 5, 2), matrix(7, 4, 3));
    let run = |inputs: &Matrix, layer: &Dense<Vec<f32>>| {
        objective(Kernel::new(layer).forward(inputs, &layer.bias).values(), deltas.values())
    };
    let mut found = Dense { weight: vec![9.0; 20], bias: vec![9.0; 4] };
    // The tokens of two passages, stacked by the function itself.
    let part = |matrix: &Matrix, rows: std::ops::Range<usize>| {
        let columns = matrix.columns();
        Matrix::new(matrix.values()[rows.start * columns..rows.end * columns].to_vec(), columns)
    };
    let (above, below) = ([part(&inputs, 0..3), part(&inputs, 3..7)], [part(&deltas, 0..3), part(&deltas, 3..7)]);
    dense::gradients(&above.each_ref(), &below.each_ref(), &mut found.as_mut());
    check("inputs", inputs.values(), Kernel::new(&layer).backward(&deltas).values(), |x| {
        run(&Matrix::new(x.to_vec(), 5), &layer)
    });
    check("weight", &layer.weight, &found.weight, |x| run(&inputs, &Dense { weight: x.to_vec(), ..layer.clone() }));
    check("bias", &layer.bias, &found.bias, |x| run(&inputs, &Dense { bias: x.to_vec(), ..layer.clone() }));
}

#[test]
fn gradients_over_many_tokens_are_the_sums_over_all_of_them() {
    let (inputs, deltas) = (matrix(2100, 3, 1), matrix(2100, 50, 2));
    let mut found = Dense { weight: vec![0.0; 150], bias: vec![0.0; 50] };
    dense::gradients(&[&inputs], &[&deltas], &mut found.as_mut());
    for output in 0..50 {
        let column = |matrix: &Matrix, at: usize| matrix.rows().map(|row| f64::from(row[at])).collect::<Vec<_>>();
        let delta = column(&deltas, output);
        assert!((delta.iter().sum::<f64>() - f64::from(found.bias[output])).abs() < 1e-3);
        for input in 0..3 {
            let exact: f64 = delta.iter().zip(column(&inputs, input)).map(|(delta, x)| delta * x).sum();
            assert!((exact - f64::from(found.weight[output * 3 + input])).abs() < 1e-3, "{output}, {input}");
        }
    }
}

#[test]
fn layer_norms() {
    let (inputs, weights, deltas) = (matrix(4, 18, 1), norm(18, 2), matrix(4, 18, 3));
    let run = |inputs: &Matrix, weights: &Norm<Vec<f32>>| {
        objective(norm::forward(inputs.clone(), weights, 1e-5).0.values(), deltas.values())
    };
    let mut back = deltas.clone();
    let found = norm::forward(inputs.clone(), &weights, 1e-5).1.backward(&mut back, &weights);
    check("inputs", inputs.values(), back.values(), |x| run(&Matrix::new(x.to_vec(), 18), &weights));
    check("scale", &weights.scale, &found.scale, |x| run(&inputs, &Norm { scale: x.to_vec(), ..weights.clone() }));
    check("shift", &weights.shift, &found.shift, |x| run(&inputs, &Norm { shift: x.to_vec(), ..weights.clone() }));
}

#[test]
fn activations() {
    for kind in [Activation::Gelu, Activation::GeluNew, Activation::Relu] {
        // The kink of the positive part is left out.
        let inputs: Vec<f32> = values(200, 1).into_iter().map(|x| 5.0 * x).filter(|x| x.abs() > 2.0 * STEP).collect();
        let deltas = values(inputs.len(), 2);
        let mut found = Matrix::new(deltas.clone(), 1);
        activation::backward(kind, &Matrix::new(inputs.clone(), 1), &mut found);
        check(&format!("{kind:?}"), &inputs, found.values(), |x| {
            let mut outputs = x.to_vec();
            kind.apply(&mut outputs);
            objective(&outputs, &deltas)
        });
    }
}

#[test]
fn attention_with_dropout() {
    for tokens in [1, 2, 9] {
        let (stacked, deltas) = (matrix(tokens, 24, 1), matrix(tokens, 8, 2));
        let attention = Attention { layer: 1, heads: 2, dropout: DROPOUT };
        let found = attention.backward(&stacked, &deltas);
        check(&format!("{tokens} tokens"), stacked.values(), found.values(), |x| {
            objective(attention.forward(&Matrix::new(x.to_vec(), 24)).values(), deltas.values())
        });
    }
}

#[test]
fn whole_layers_with_dropout() {
    let weights = Layer {
        attention: dense(24, 8, 1),
        attention_output: dense(8, 8, 3),
        attention_norm: norm(8, 5),
        intermediate: dense(20, 8, 7),
        output: dense(8, 20, 9),
        output_norm: norm(8, 11),
    };
    let kernels = Kernels::new(&weights);
    let (index, heads, activation, epsilon) = (3, 2, Activation::Gelu, 1e-5);
    let pass = LayerPass { index, weights: &weights, kernels: &kernels, heads, activation, epsilon, dropout: DROPOUT };
    let (inputs, deltas) = (matrix(6, 8, 13), matrix(6, 8, 14));
    let mut found = deltas.clone();
    pass.backward(&pass.forward(inputs.clone()).1, &mut found);
    check("inputs", inputs.values(), found.values(), |x| {
        objective(pass.forward(Matrix::new(x.to_vec(), 8)).0.values(), deltas.values())
    });
}

#[test]
fn pooling_of_every_kind() {
    let (tokens, delta) = (matrix(5, 6, 1), values(6, 2));
    for pooling in
        [Pooling::Mean, Pooling::Cls, Pooling::Max, Pooling::MeanSqrtLen, Pooling::WeightedMean, Pooling::LastToken]
    {
        for normalise in [false, true] {
            let pool = Pool { pooling, normalise };
            let found = pool.backward(&tokens, delta.clone());
            check(&format!("{pool:?}"), tokens.values(), found.values(), |x| {
                objective(&pool.forward(&Matrix::new(x.to_vec(), 6)), &delta)
            });
        }
    }
}

#[test]
fn losses_with_smoothing_and_weights() {
    for smoothing in [0.0, 0.3] {
        let loss = Loss { class_weights: vec![1.0, 0.25, 3.0], smoothing };
        let logits = matrix(4, 3, 1);
        let labels = [(0, 1.0), (2, 0.5), (2, 3.0), (1, 1.0)].map(|(stance, weight)| Label { stance, weight });
        let (_, found) = loss.of(&logits, &labels);
        check(&format!("smoothing {smoothing}"), logits.values(), found.values(), |x| {
            loss.of(&Matrix::new(x.to_vec(), 3), &labels).0
        });
    }
}

#[test]
fn contrastive_losses_with_and_without_others_of_a_stance() {
    let embedded = matrix(6, 5, 1);
    for (labels, temperature) in [([0, 1, 0, 2, 0, 1], 0.5), ([0, 1, 0, 2, 0, 1], 2.0), ([1; 6], 0.5)] {
        let contrast = Contrast { temperature };
        let (_, found) = contrast.of(&embedded, &labels);
        check(&format!("{labels:?}, temperature {temperature}"), embedded.values(), found.values(), |x| {
            contrast.of(&Matrix::new(x.to_vec(), 5), &labels).0
        });
    }
    for (texts, labels) in [(1, vec![0]), (3, vec![0, 1, 2])] {
        let (loss, found) = Contrast { temperature: 0.5 }.of(&matrix(texts, 5, 1), &labels);
        assert!(loss == 0.0 && found.values().iter().all(|x| *x == 0.0), "{loss} without pairs of one stance");
    }
}

#[test]
fn embeddings_add_up_over_the_places_of_a_row() {
    let tokens = Tokens { ids: vec![2, 0, 2], types: vec![0, 1, 1], positions: vec![2, 1, 3], truncated: false };
    let tables = Tables { words: values(18, 1), positions: values(24, 2), types: values(12, 3), norm: norm(6, 4) };
    let deltas = matrix(3, 6, 6);
    let run =
        |tables: &Tables<Vec<f32>>| objective(embedding::forward(&tokens, tables, 1e-5).0.values(), deltas.values());
    let mut back = deltas.clone();
    let mut found = tables.as_ref().map(&mut |table| vec![0.0; table.len()]);
    embedding::forward(&tokens, &tables, 1e-5).1.backward(&mut back, &tables.norm);
    embedding::add_gradients(&tokens, &back, &mut found.as_mut());
    check("words", &tables.words, &found.words, |x| run(&Tables { words: x.to_vec(), ..tables.clone() }));
    check("positions", &tables.positions, &found.positions, |x| {
        run(&Tables { positions: x.to_vec(), ..tables.clone() })
    });
    check("types", &tables.types, &found.types, |x| run(&Tables { types: x.to_vec(), ..tables.clone() }));
}
