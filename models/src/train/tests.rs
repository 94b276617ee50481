#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use super::{Examples, Plan, TrainError, Trained, Unseen, train};
use crate::passage::Passage;
use ndarray::{Array2, Axis};
use standpoint_labels::Target;

const WORDS: [&str; 5] = ["well", "quite", "perhaps", "surely", "then"];

struct Texts {
    written: Vec<String>,
    embeddings: Array2<f32>,
    labels: Vec<usize>,
}

/// Texts of two stances, which a word parts or the first dimension of the embedding does.
fn texts(word_parts: bool) -> Texts {
    let labels: Vec<usize> = (0..60).map(|text| text % 2).collect();
    let noise = |text: usize| (text * 37 % 11) as f32 / 11.0 - 0.5;
    let side = |text: usize| if word_parts { 0.0 } else { labels[text] as f32 - 0.5 };
    let word = |label: usize| if word_parts { ["yes", "no"][label] } else { "so" };
    let texts = (0..60).map(|text| format!("{} {} {}", WORDS[text % 5], word(labels[text]), WORDS[text * 7 % 5]));
    let embeddings =
        Array2::from_shape_fn(
            (60, 2),
            |(text, feature)| {
                if feature == 0 { side(text) + noise(text) * 0.4 } else { noise(text + 5) }
            },
        );
    Texts { written: texts.collect(), embeddings, labels: labels.clone() }
}

fn passages(written: &[String]) -> Vec<Passage<'_>> {
    written.iter().map(|text| text.as_str().into()).collect()
}

fn trained(Texts { written, embeddings, labels }: &Texts, stances: &[&str]) -> Result<Trained, TrainError> {
    let groups: Vec<String> = (0..labels.len()).map(|text| format!("{text}")).collect();
    let texts = passages(written);
    let definitions = Array2::eye(stances.len()).select(Axis(1), &[0, 1]);
    let examples = Examples {
        texts: &texts,
        embeddings,
        labels,
        weights: None,
        groups: &groups,
        documents: &groups,
        definitions: &definitions,
        stances,
    };
    train(examples, &Plan::default())
}

#[test]
fn what_parts_the_stances_is_found_and_used() {
    for word_parts in [true, false] {
        let texts = texts(word_parts);
        let found = trained(&texts, &["for", "against"]).unwrap();
        let weights = found.featuriser.weights();
        assert!(if word_parts { weights.ngrams > 0.0 } else { weights.embeddings > 0.0 }, "{weights:?}");
        let features = found.featuriser.features(&passages(&texts.written), &texts.embeddings);
        let predictions = found.calibration.predictions(&found.classifier.logits(&features), &[1; 60]);
        assert!(predictions.iter().zip(&texts.labels).all(|(prediction, &label)| prediction.stance() == label));
    }
}

#[test]
fn texts_of_one_document_are_parted_by_their_targets() {
    let target = |id: &str| Target { id: id.to_owned(), name: String::new() };
    let [lamps, river] = ["lamps", "river"].map(target);
    let texts =
        [Some(&lamps), Some(&lamps), Some(&river), Some(&river), None].map(|target| Passage { text: "", target });
    let documents = ["d", "d", "d", "e", "e"].map(str::to_owned);
    let unseen = |texts: &[usize]| Unseen { texts: texts.to_vec(), logits: Array2::zeros((0, 0)) };
    assert_eq!(unseen(&[0, 1, 2, 3, 4]).lengths(&texts, &documents), [2, 1, 1, 1]);
    assert_eq!(unseen(&[1, 2, 3]).lengths(&texts, &documents), [1, 1, 1]);
}

#[test]
fn a_stance_without_examples_is_named() {
    let error = trained(&texts(true), &["for", "against", "none"]).unwrap_err();
    assert!(matches!(error, TrainError::TooFewExamples { found: 0, needed: 5, .. }), "{error}");
    let expected = "`none` has 0 labelled text(s), and 5 are needed to train and to validate; label 5 more, ";
    assert!(error.to_string().starts_with(expected), "{error}");
}
