//! Encoders written again in 8 bits.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::{Copy, as_str, fixtures, minilm, texts};
use standpoint_models::encoder::{BertEncoder, quantise};
use standpoint_models::{Encoder, Folder};

/// The files under a folder, by path inside it.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The cosines between the vectors of each text before and after, sorted.
fn cosines(before: &Folder, after: &Folder) -> Vec<f32> {
    let texts = texts();
    let vectors = |folder| BertEncoder::load(folder).unwrap().encode(&as_str(&texts)).unwrap().vectors;
    let (before, after) = (vectors(before), vectors(after));
    let pairs = before.rows().into_iter().zip(after.rows());
    let mut cosines: Vec<f32> = pairs.map(|(a, b)| a.dot(&b) / (a.dot(&a) * b.dot(&b)).sqrt()).collect();
    cosines.sort_by(f32::total_cmp);
    cosines
}

#[test]
fn the_same_encoder_gives_the_same_bytes() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let tiny = Folder::disk(fixtures().join("tiny"));
    quantise(&tiny, first.path()).unwrap();
    quantise(&tiny, second.path()).unwrap();
    let files = files(first.path());
    assert_eq!(files, self::files(second.path()));
    let expected = [
        "1_Pooling/config.json",
        "config.json",
        "config_sentence_transformers.json",
        "model.safetensors",
        "modules.json",
        "sentence_bert_config.json",
        "special_tokens_map.json",
        "tokenizer.json",
        "tokenizer_config.json",
    ];
    assert_eq!(files.keys().map(|path| path.to_string_lossy().replace('\\', "/")).collect::<Vec<_>>(), expected);
}

#[test]
fn tiny_model_stays_close_and_shrinks() {
    let directory = tempfile::tempdir().unwrap();
    let (before, after) = (Folder::disk(fixtures().join("tiny")), Folder::disk(directory.path()));
    quantise(&before, directory.path()).unwrap();
    let cosine = cosines(&before, &after)[0];
    assert!(cosine > 0.999 && cosine < 1.0, "{cosine}");
    let size = |folder: &Folder| folder.read("model.safetensors").unwrap().len();
    assert!(size(&after) < size(&before) / 2, "{} bytes of {}", size(&after), size(&before));
}

#[test]
fn a_model_in_8_bits_can_be_written_again() {
    let (once, twice) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    quantise(&Copy::new().folder(), once.path()).unwrap();
    quantise(&Folder::disk(once.path()), twice.path()).unwrap();
    let cosine = cosines(&Folder::disk(once.path()), &Folder::disk(twice.path()))[0];
    assert!(cosine > 0.999_999, "{cosine}");
}

#[test]
fn minilm_stays_close_and_shrinks_to_23_megabytes() {
    let Some(folder) = minilm() else { return };
    let directory = tempfile::tempdir().unwrap();
    let (before, after) = (Folder::disk(folder), Folder::disk(directory.path()));
    quantise(&before, directory.path()).unwrap();
    let cosines = cosines(&before, &after);
    let mean = cosines.iter().sum::<f32>() / cosines.len() as f32;
    assert!(mean > 0.999, "{mean}");
    // Texts without words fare worst: the empty one keeps 0.9964.
    assert!(cosines[0] > 0.996, "{cosines:?}");
    let size: usize = files(directory.path()).values().map(Vec::len).sum();
    assert!((22_000_000..24_500_000).contains(&size), "{size} bytes");
}
