//! What holds of every classifier, whatever it is fitted to.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use ndarray::Array2;
use proptest::prelude::*;
use standpoint_models::classifier::{
    Centroids, Classifier, LogisticSettings, Majority, Neighbours, SvmSettings, Training,
};
use standpoint_models::features::{Features, SparseRows};

const STANCES: usize = 3;
const TEXTS: usize = 24;

fn fits(training: Training<'_>) -> Vec<(&'static str, Box<dyn Classifier>)> {
    let svm = SvmSettings { c: 1.0, balanced: true, tolerance: 1e-6, seed: 5 };
    let logistic = LogisticSettings { c: 2.0, l1_share: 0.0, balanced: true, penalise_bias: false, tolerance: 1e-8 };
    vec![
        ("majority", Box::new(Majority::fit(training))),
        ("centroids", Box::new(Centroids::fit(training))),
        ("neighbours", Box::new(Neighbours::fit(training, 5))),
        ("logistic", Box::new(logistic.fit(training).unwrap().classifier)),
        ("SVM", Box::new(svm.fit(training).classifier)),
    ]
}

fn features() -> impl Strategy<Value = Features> {
    let entry = prop_oneof![3 => Just(0.0_f32), 1 => 0.1_f32..1.0];
    let dense = prop::collection::vec(-1.0_f32..1.0, TEXTS * 2);
    (dense, prop::collection::vec(entry, TEXTS * 3)).prop_map(|(dense, sparse)| {
        let row = |row: &[f32]| (0..).zip(row.iter().copied()).filter(|(_, value)| *value != 0.0).collect();
        Features {
            dense: Array2::from_shape_vec((TEXTS, 2), dense).unwrap(),
            sparse: SparseRows::from_rows(3, sparse.chunks(3).map(row).collect()),
        }
    })
}

fn labels() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..STANCES, TEXTS - STANCES).prop_map(|labels| (0..STANCES).chain(labels).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_same_whatever_the_threads(features in features(), labels in labels()) {
        let training = Training { features: &features, labels: &labels, weights: None, offset: None, stances: STANCES };
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| fits(training).iter().map(|(_, fit)| fit.logits(&features)).collect::<Vec<_>>())
        };
        prop_assert_eq!(on(1), on(4));
    }

    #[test]
    fn a_text_is_scored_alike_alone(features in features(), labels in labels(), text in 0..TEXTS) {
        let training = Training { features: &features, labels: &labels, weights: None, offset: None, stances: STANCES };
        for (name, fit) in fits(training) {
            let alone = fit.logits(&features.select(&[text]));
            let all = fit.logits(&features);
            prop_assert_eq!(alone.row(0), all.row(text), "{}", name);
        }
    }

    #[test]
    fn renaming_stances_renames_scores(features in features(), labels in labels()) {
        let renamed: Vec<usize> = labels.iter().map(|label| (label + 1) % STANCES).collect();
        let training = Training { features: &features, labels: &labels, weights: None, offset: None, stances: STANCES };
        for ((name, fit), (_, other)) in fits(training).into_iter().zip(fits(Training { labels: &renamed, ..training })) {
            let (logits, others) = (fit.logits(&features), other.logits(&features));
            let worst = logits.indexed_iter().map(|((text, stance), logit)| (logit - others[[text, (stance + 1) % STANCES]]).abs());
            let worst = worst.fold(0.0, f64::max);
            prop_assert!(worst < 1e-4, "{}: {:e}", name, worst);
        }
    }

    #[test]
    fn a_text_of_weight_two_is_as_good_as_two(features in features(), labels in labels(), text in 0..TEXTS) {
        let mut weights = vec![1.0; TEXTS];
        weights[text] = 2.0;
        let twice: Vec<usize> = (0..TEXTS).chain([text]).collect();
        let (more_features, more_labels) = (features.select(&twice), twice.iter().map(|&text| labels[text]).collect::<Vec<_>>());
        let weighted = Training { features: &features, labels: &labels, weights: Some(&weights), offset: None, stances: STANCES };
        let repeated = Training { features: &more_features, labels: &more_labels, weights: None, offset: None, stances: STANCES };
        for ((name, fit), (_, other)) in fits(weighted).into_iter().zip(fits(repeated)) {
            let (logits, others) = (fit.logits(&features), other.logits(&features));
            let worst = logits.iter().zip(&others).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            prop_assert!(name == "neighbours" || worst < 1e-4, "{}: {:e}", name, worst);
        }
    }
}
