//! A bundle read back labels as the one written, and a changed one is refused.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

mod common;

use std::path::{Path, PathBuf};

use common::{fixtures, tiny};
use ndarray::Axis;
use sha2::{Digest, Sha256};
use standpoint_labels::Scheme;
use standpoint_models::encoder::quantise;
use standpoint_models::train::{Examples, Kind, Parts, Plan, Trained, train};
use standpoint_models::{BertEncoder, Bundle, Folder, Labeller, NewBundle, Passage};

const OPENINGS: [&str; 3] = ["buyers should", "sellers should", "the report says they"];
const ENDINGS: [&str; 6] = ["be fined", "be left alone", "wait a year", "not be asked", "be heard", "come back"];

fn texts() -> Vec<String> {
    let text = |i: usize| format!("{} {} in case {i}", OPENINGS[i % 3], ENDINGS[i / 3 % 6]);
    (0..90).map(text).collect()
}

fn trained(encoder: &BertEncoder, texts: &[String], plan: &Plan) -> Trained {
    let texts: Vec<Passage<'_>> = texts.iter().map(|text| text.as_str().into()).collect();
    let embeddings = Passage::encode(&texts, encoder).unwrap().vectors;
    let labels: Vec<usize> = (0..texts.len()).map(|text| text % 3).collect();
    let groups: Vec<String> = texts.iter().map(|passage| passage.text.to_owned()).collect();
    let definitions = embeddings.select(Axis(0), &[0, 1, 2]);
    let examples = Examples {
        texts: &texts,
        embeddings: &embeddings,
        labels: &labels,
        weights: None,
        groups: &groups,
        documents: &groups,
        definitions: &definitions,
        stances: &["a", "b", "c"],
    };
    train(examples, plan).unwrap()
}

fn write(trained: &Trained, encoder: &Path, place: &Path) {
    let Trained { featuriser, classifier, calibration, .. } = trained;
    let (scheme, classifier) = (Scheme::sex_work_law(), &**classifier);
    let bundle = NewBundle {
        scheme: &scheme,
        encoder,
        featuriser,
        classifier,
        calibration: calibration.clone(),
        model_card: "card",
    };
    bundle.write(place).unwrap();
}

/// The tiny encoder as a bundle has it, in a folder of `folder`.
fn quantised(folder: &Path) -> PathBuf {
    let encoder = folder.join("encoder");
    std::fs::create_dir(&encoder).unwrap();
    quantise(&Folder::disk(fixtures().join("tiny")), &encoder).unwrap();
    encoder
}

fn error(place: &Path) -> String {
    Bundle::load(&Folder::disk(place)).err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn a_bundle_of_any_kind_labels_as_it_did_before_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let (folder, place) = (quantised(folder.path()), folder.path().join("bundle"));
    let encoder = BertEncoder::load(&Folder::disk(&folder)).unwrap();
    let texts = texts();
    let asked = ["the buyers should not be heard", "", "\u{1f6a7} should the sellers be fined?"].map(Passage::from);
    let embeddings = Passage::encode(&asked, &encoder).unwrap().vectors;
    for kind in [Kind::Majority, Kind::Definition, Kind::Centroid, Kind::Neighbours, Kind::Logistic, Kind::Svm] {
        for parts in [Parts::Embedding, Parts::Both] {
            let plan = Plan { classifiers: vec![kind], features: vec![Parts::Embedding, parts], ..Plan::default() };
            let trained = trained(&encoder, &texts, &plan);
            write(&trained, &folder, &place);
            let has_ngrams = trained.featuriser.weights().ngrams > 0.0;
            assert_eq!(place.join("features.safetensors").exists(), has_ngrams, "{kind:?} {parts:?}");
            let bundle = Bundle::load(&Folder::disk(&place)).unwrap();
            let logits = trained.classifier.logits(&trained.featuriser.features(&asked, &embeddings));
            let expected = trained.calibration.predictions(&logits, &[3]);
            assert_eq!(bundle.predict(&asked, &[3]).unwrap().predictions, expected, "{kind:?} {parts:?}");
        }
    }
}

#[test]
fn words_that_part_stances_are_used_and_their_file_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let (encoder, place) = (quantised(folder.path()), folder.path().join("bundle"));
    let texts = texts();
    let trained = trained(&tiny(), &texts, &Plan::default());
    assert!(trained.featuriser.weights().ngrams > 0.0, "{}", trained.tried[trained.chosen].name);
    write(&trained, &encoder, &place);
    for file in ["features.safetensors", "classifier.safetensors"].map(|file| place.join(file)) {
        let good = std::fs::read(&file).unwrap();
        let mut bad = good.clone();
        *bad.last_mut().unwrap() ^= 1;
        std::fs::write(&file, bad).unwrap();
        assert!(error(&place).contains("has changed since the bundle was written"), "{}", file.display());
        std::fs::write(&file, good).unwrap();
    }
}

/// Seals and checksums say that nothing changed by accident, not that what was written is sound.
#[test]
fn settings_that_cannot_be_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (encoder, place) = (quantised(folder.path()), folder.path().join("bundle"));
    let plan = Plan { features: vec![Parts::Ngrams], classifiers: vec![Kind::Svm], ..Plan::default() };
    write(&trained(&tiny(), &texts(), &plan), &encoder, &place);
    let manifest = std::fs::read_to_string(place.join("bundle.toml")).unwrap();
    let (lines, _) = manifest.rsplit_once("# SHA-256").unwrap();
    for (good, bad, expected) in [
        ("bits = 20", "bits = 60", "n-grams cannot be counted"),
        ("bits = 20", "bits = 4", "not ascending numbers below 32"),
        ("fewest_characters = 2", "fewest_characters = 0", "n-grams cannot be counted"),
        ("most_words = 3", "most_words = 4000000000", "n-grams cannot be counted"),
        ("ngrams = 1.0", "ngrams = inf", "cannot join features"),
        ("embeddings = 0.0", "embeddings = 0.5", "tensor `weights` is F32"),
        ("format = 1", "format = 2", "the bundle's format is 2"),
    ] {
        assert!(lines.contains(good), "{lines}");
        std::fs::write(place.join("bundle.toml"), sealed(&lines.replace(good, bad))).unwrap();
        assert!(error(&place).contains(expected), "{bad}: {}", error(&place));
    }
    std::fs::write(place.join("bundle.toml"), lines).unwrap();
    assert!(error(&place).contains("does not have the SHA-256 that its last line states"), "{}", error(&place));
}

fn sealed(lines: &str) -> String {
    let sum = Sha256::digest(lines).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    format!("{lines}# SHA-256 of the lines above: {sum}\n")
}
