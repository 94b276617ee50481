//! The classifiers against scikit-learn, value by value.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use std::collections::BTreeMap;
use std::path::Path;

use ndarray::{Array2, Axis};
use serde::Deserialize;
use standpoint_models::classifier::{
    Centroids, Classifier, LogisticSettings, Majority, Neighbours, SvmSettings, Training,
};
use standpoint_models::features::{Features, SparseRows};

/// Columns of the fixture that are dense; the others are kept sparse.
const DENSE: usize = 2;
const STANCES: usize = 3;

type Table = Vec<Vec<f64>>;

#[derive(Deserialize)]
struct Reference {
    texts: Table,
    labels: Vec<usize>,
    weights: Vec<f64>,
    queries: Table,
    cases: Vec<Case>,
    elastic: Vec<Elastic>,
    majority: Table,
    centroid_cosines: Table,
    neighbours: BTreeMap<usize, Table>,
}

#[derive(Deserialize)]
struct Case {
    c: f64,
    balanced: bool,
    weighted: bool,
    logistic: Table,
    svm: Table,
}

/// A logistic regression with an elastic net.
#[derive(Deserialize)]
struct Elastic {
    c: f64,
    l1_share: f64,
    /// How many of its weights are 0.
    zeros: usize,
    logistic: Table,
}

fn reference() -> Reference {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/classifier/reference.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

#[allow(clippy::cast_possible_truncation, reason = "the fixture was made in f32")]
fn features(rows: &Table) -> Features {
    let dense = Array2::from_shape_fn((rows.len(), DENSE), |(row, column)| rows[row][column] as f32);
    let entries = |row: &Vec<f64>| {
        let entries = (0..).zip(row[DENSE..].iter().map(|value| *value as f32));
        entries.filter(|(_, value)| *value != 0.0).collect()
    };
    let sparse = SparseRows::from_rows(rows[0].len() - DENSE, rows.iter().map(entries).collect());
    Features { dense, sparse }
}

/// The largest difference from what is expected; a NaN must not pass, and `max` would drop it.
fn difference(found: &Array2<f64>, expected: &Table) -> f64 {
    assert_eq!(found.dim(), (expected.len(), expected[0].len()));
    let differences = found.iter().zip(expected.iter().flatten()).map(|(found, expected)| (found - expected).abs());
    differences.fold(0.0, |worst, x| if x.is_nan() { f64::INFINITY } else { worst.max(x) })
}

/// Logits of a logistic regression say the same with a constant added to each row: scikit-learn's add up to 0.
fn centred(mut logits: Array2<f64>) -> Array2<f64> {
    for mut row in logits.axis_iter_mut(Axis(0)) {
        let mean = row.sum() / row.len() as f64;
        row -= mean;
    }
    logits
}

fn centred_rows(rows: &Table) -> Table {
    let centred = |row: &Vec<f64>| row.iter().map(|logit| logit - row.iter().sum::<f64>() / row.len() as f64).collect();
    rows.iter().map(centred).collect()
}

#[test]
fn linear_classifiers_agree() {
    let reference = reference();
    let (texts, queries) = (features(&reference.texts), features(&reference.queries));
    let mut wrong = Vec::new();
    for Case { c, balanced, weighted, logistic, svm } in &reference.cases {
        let (c, balanced) = (*c, *balanced);
        let weights = weighted.then_some(&reference.weights[..]);
        let training =
            Training { features: &texts, labels: &reference.labels, weights, offset: None, stances: STANCES };
        let fit = LogisticSettings { c, l1_share: 0.0, balanced, penalise_bias: false, tolerance: 1e-8 }
            .fit(training)
            .unwrap();
        let off = difference(&centred(fit.classifier.logits(&queries)), logistic);
        if off >= 1e-4 {
            wrong.push(format!("logistic C {c} balanced {balanced} weighted {weighted}: {off:e}, {}", fit.termination));
        }
        let fit = SvmSettings { c, balanced, tolerance: 1e-8, seed: 0 }.fit(training);
        let off = difference(&fit.classifier.logits(&queries), svm);
        if off >= 1e-4 {
            wrong.push(format!("SVM C {c} balanced {balanced} weighted {weighted}: {off:e}, {}", fit.termination));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn elastic_nets_agree() {
    let reference = reference();
    let (texts, queries) = (features(&reference.texts), features(&reference.queries));
    let training =
        Training { features: &texts, labels: &reference.labels, weights: None, offset: None, stances: STANCES };
    for &Elastic { c, l1_share, zeros, ref logistic } in &reference.elastic {
        let fit = LogisticSettings { c, l1_share, balanced: false, penalise_bias: false, tolerance: 1e-9 }
            .fit(training)
            .unwrap();
        let off = difference(&centred(fit.classifier.logits(&queries)), &centred_rows(logistic));
        let found = fit.classifier.weights.iter().filter(|weight| **weight == 0.0).count();
        let name = format!("C {c}, L1 share {l1_share}: {}", fit.termination);
        assert!(off < 1e-5, "{name}: {off:e}");
        assert_eq!(found, zeros, "{name}");
        assert_eq!(fit.termination, "Solver converged", "{name}");
    }
}

#[test]
fn simple_classifiers_agree() {
    let reference = reference();
    let (texts, queries) = (features(&reference.texts), features(&reference.queries));
    let training =
        Training { features: &texts, labels: &reference.labels, weights: None, offset: None, stances: STANCES };
    let majority = Majority::fit(training).logits(&queries).mapv(f64::exp);
    assert!(difference(&majority, &reference.majority) < 1e-6, "{majority}");
    let cosines = Centroids::fit(training).logits(&queries) / 20.0;
    assert!(difference(&cosines, &reference.centroid_cosines) < 1e-6, "{cosines}");
    for (k, expected) in &reference.neighbours {
        // One vote is added to each stance.
        let (asked, total) = (*k as f64, (k + STANCES) as f64);
        let shares = Neighbours::fit(training, *k).logits(&queries).mapv(|logit| (logit.exp() * total - 1.0) / asked);
        assert!(difference(&shares, expected) < 1e-9, "{k} neighbours: {shares}");
    }
}
