//! The encoder fixtures and what several tests do with them.
#![allow(dead_code, reason = "each test file compiles this module for itself and uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use serde_json::Value;
use standpoint_models::encoder::BertEncoder;
use standpoint_models::{Embeddings, Folder};

/// The variable that names a folder of all-MiniLM-L6-v2.
const MINILM: &str = "STANDPOINT_MINILM";

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/encoder")
}

pub(crate) fn texts() -> Vec<String> {
    serde_json::from_slice(&std::fs::read(fixtures().join("texts.json")).unwrap()).unwrap()
}

/// The texts whose vectors are further than `limit` from the reference in some dimension.
pub(crate) fn differences(texts: &[String], found: &Embeddings, expected: &[f32], limit: f32) -> Vec<String> {
    assert_eq!((found.vectors.nrows(), found.vectors.len()), (texts.len(), expected.len()));
    let rows = found.vectors.rows().into_iter().zip(expected.chunks_exact(found.vectors.ncols()));
    let worst = rows.map(|(found, expected)| {
        let differences = found.iter().zip(expected).map(|(a, b)| (a - b).abs());
        // A NaN must not pass, and `max` would drop it.
        differences.fold(0.0, |worst: f32, x| if x.is_nan() { f32::INFINITY } else { worst.max(x) })
    });
    let wrong = worst.zip(texts).filter(|(worst, _)| *worst >= limit);
    wrong.map(|(worst, text)| format!("{text:?} is off by {worst:e}")).collect()
}

pub(crate) fn as_str(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

pub(crate) fn tiny() -> BertEncoder {
    BertEncoder::load(&Folder::disk(fixtures().join("tiny"))).unwrap()
}

/// The folder of the real model; says so where a test goes without.
pub(crate) fn minilm() -> Option<PathBuf> {
    let folder = std::env::var_os(MINILM).map(PathBuf::from);
    if folder.is_none() {
        #[allow(clippy::print_stderr, reason = "whoever runs the tests should see that one checked nothing")]
        {
            eprintln!("skipped: {MINILM} does not name a folder of all-MiniLM-L6-v2");
        }
    }
    folder
}

/// A copy of a model, the tiny one unless said, whose JSON files can be changed.
pub(crate) struct Copy(tempfile::TempDir);

impl Copy {
    pub(crate) fn new() -> Self {
        Self::of(&fixtures().join("tiny"))
    }

    /// A copy of another model.
    pub(crate) fn of(folder: &Path) -> Self {
        let directory = tempfile::tempdir().unwrap();
        copy_all(folder, directory.path());
        Self(directory)
    }

    pub(crate) fn folder(&self) -> Folder {
        Folder::disk(self.path())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Lays the files of another folder over it.
    pub(crate) fn lay_over(&self, folder: &Path) {
        copy_all(folder, self.path());
    }

    /// Sets a setting in a JSON object; null takes it away.
    pub(crate) fn set(&self, file: &str, setting: &str, value: Value) {
        let path = self.path().join(file);
        let mut json: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let settings = json.as_object_mut().unwrap();
        match value {
            Value::Null => settings.remove(setting),
            value => settings.insert(setting.to_owned(), value),
        };
        std::fs::write(path, json.to_string()).unwrap();
    }
}

fn copy_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, target) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy_all(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// Reference values that `make.py` wrote.
pub(crate) struct Reference(Vec<u8>);

impl Reference {
    pub(crate) fn read(file: &str) -> Self {
        Self(std::fs::read(fixtures().join(file)).unwrap())
    }

    /// The vectors of all texts one after the other.
    pub(crate) fn vectors(&self, name: &str) -> Vec<f32> {
        self.bytes(name).as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    }

    pub(crate) fn tokens(&self, name: &str) -> Vec<usize> {
        let counts = self.bytes(name);
        counts.as_chunks().0.iter().map(|bytes| usize::try_from(i64::from_le_bytes(*bytes)).unwrap()).collect()
    }

    pub(crate) fn truncated(&self, name: &str) -> Vec<bool> {
        self.bytes(name).iter().map(|byte| *byte == 1).collect()
    }

    fn bytes(&self, name: &str) -> &[u8] {
        SafeTensors::deserialize(&self.0).unwrap().tensor(name).unwrap().data()
    }
}
