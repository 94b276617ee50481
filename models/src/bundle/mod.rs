//! A bundle: scheme, encoder, featuriser, classifier and calibration in one folder, every file with its checksum.
//!
//! ```text
//! bundle.toml                the format's version, the calibration, how embeddings and n-grams are weighed and joined, the SHA-256 of
//!                            every other file and of its own lines
//! scheme.toml                the stances and targets
//! features.safetensors       `buckets` [columns] U32, ascending, and `idf` [columns] F32: the n-grams that count; missing where none does
//! classifier.safetensors     linear: `weights` [stances, features], embeddings before n-grams, and `bias` [stances], F32 or F64; where most
//!                            weights are 0, `places` [others] U32 in the matrix, their `values` [others] F32, and `features` [1]
//!                            U32 instead;
//!                            other kinds: what [`Classifier::tensors`] gives
//! encoder/                   an encoder in Hugging Face layout, large matrices stored as 8-bit integers
//! MODEL_CARD.md              what it was trained on, how well it does, what it is not for
//! ```

mod error;
mod write;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use standpoint_labels::Scheme;

pub use error::BundleError;
pub use write::NewBundle;

use crate::calibration::Calibration;
use crate::classifier::{self, Classifier};
use crate::encoder::{BertEncoder, EncodeError, Encoder};
use crate::features::{FeatureSettings, Featuriser};
use crate::folder::Folder;
use crate::labeller::{Labeller, Predicted};
use crate::passage::Passage;
use crate::tensors::TensorFile;
use error::content;

/// The files compiled in from `models/default`.
static BUILT_IN: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/default_files.in"));

const MANIFEST: &str = "bundle.toml";
const SCHEME: &str = "scheme.toml";
const FEATURES: &str = "features.safetensors";
const CLASSIFIER: &str = "classifier.safetensors";
const ENCODER: &str = "encoder";
/// What stands before the manifest's own checksum, on its last line.
const SEAL: &str = "# SHA-256 of the lines above: ";
/// The version of the layout above.
const FORMAT: u32 = 1;

/// Everything needed to label texts.
pub struct Bundle {
    /// The stances, in the order of probabilities.
    pub scheme: Scheme,
    /// Turns texts into embeddings.
    pub encoder: Box<dyn Encoder>,
    featuriser: Featuriser,
    classifier: Box<dyn Classifier>,
    /// What is made of the classifier's logits.
    pub calibration: Calibration,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    format: u32,
    calibration: Calibration,
    /// Without: embeddings alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    features: Option<FeatureSettings>,
    /// SHA-256 in hexadecimal by file name.
    files: BTreeMap<String, String>,
}

impl Bundle {
    /// The bundle compiled into the program.
    ///
    /// # Errors
    /// When the build has none.
    pub fn built_in() -> Result<Self, BundleError> {
        if BUILT_IN.is_empty() {
            return Err(BundleError::NoneBuiltIn);
        }
        Self::load(&Folder::compiled(BUILT_IN))
    }

    /// The encoder's folder in the bundle compiled into the program.
    ///
    /// # Errors
    /// When the build has none.
    pub fn built_in_encoder() -> Result<Folder, BundleError> {
        if BUILT_IN.is_empty() {
            return Err(BundleError::NoneBuiltIn);
        }
        Ok(Folder::compiled(BUILT_IN).at(ENCODER))
    }

    /// Reads a bundle, checking every file against its checksum.
    ///
    /// # Errors
    /// When a file is missing, changed, or not what it should be.
    pub fn load(folder: &Folder) -> Result<Self, BundleError> {
        let manifest = read_manifest(folder)?;
        check_files(folder, &manifest)?;
        let scheme = Scheme::parse(&text(folder, SCHEME)?)
            .map_err(|source| BundleError::Scheme { folder: folder.to_string(), source })?;
        let encoder = BertEncoder::load(&folder.at(ENCODER))?;
        let featuriser = read_featuriser(folder, &manifest)?;
        let classifier = tensors(folder, CLASSIFIER, |file| {
            classifier::read(file, featuriser.widths(encoder.dimensions()), scheme.stances.len())
        })?;
        Ok(Self { scheme, encoder: Box::new(encoder), featuriser, classifier, calibration: manifest.calibration })
    }

    /// Makes the features that the classifier sees.
    #[must_use]
    pub fn featuriser(&self) -> &Featuriser {
        &self.featuriser
    }

    /// Turns features into logits.
    #[must_use]
    pub fn classifier(&self) -> &dyn Classifier {
        &*self.classifier
    }
}

impl Labeller for Bundle {
    fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    fn predict(&self, passages: &[Passage<'_>], lengths: &[usize]) -> Result<Predicted, EncodeError> {
        let embeddings = Passage::encode(passages, &*self.encoder)?;
        let logits = self.classifier.logits(&self.featuriser.features(passages, &embeddings.vectors));
        Ok(Predicted { predictions: self.calibration.predictions(&logits, lengths), truncated: embeddings.truncated })
    }
}

fn text(folder: &Folder, file: &'static str) -> Result<String, BundleError> {
    String::from_utf8(folder.read(file)?.into_owned()).map_err(|error| content(folder, file, error.to_string()))
}

fn read_manifest(folder: &Folder) -> Result<Manifest, BundleError> {
    let toml = text(folder, MANIFEST)?;
    let manifest: Manifest = toml::from_str(&toml).map_err(|error| content(folder, MANIFEST, error.to_string()))?;
    if manifest.format != FORMAT {
        let problem = format!(
            "the bundle's format is {}, this program reads format {FORMAT}; use the program that wrote it",
            manifest.format
        );
        return Err(content(folder, MANIFEST, problem));
    }
    let lines = toml.rsplit_once(SEAL).map_or("", |(lines, _)| lines);
    if sealed(lines) != toml {
        let problem = "does not have the SHA-256 that its last line states: it has changed since the bundle was written; \
                       fetch or train the bundle again";
        return Err(content(folder, MANIFEST, problem));
    }
    Ok(manifest)
}

/// The lines of a manifest with their checksum below.
fn sealed(lines: &str) -> String {
    format!("{lines}{SEAL}{}\n", sha256(lines.as_bytes()))
}

fn read_featuriser(folder: &Folder, manifest: &Manifest) -> Result<Featuriser, BundleError> {
    match manifest.features {
        Some(settings) => tensors(folder, FEATURES, |file| Featuriser::read(settings, file)),
        None => Ok(Featuriser::of_embeddings()),
    }
}

/// What `read` finds in a file of tensors.
fn tensors<T>(
    folder: &Folder,
    file: &'static str,
    read: impl FnOnce(&TensorFile<'_>) -> Result<T, String>,
) -> Result<T, BundleError> {
    let bytes = folder.read(file)?;
    TensorFile::read(&bytes).and_then(|tensors| read(&tensors)).map_err(|problem| content(folder, file, problem))
}

fn check_files(folder: &Folder, manifest: &Manifest) -> Result<(), BundleError> {
    for (file, stated) in &manifest.files {
        let found = sha256(&folder.read(file)?);
        if found != *stated {
            let (folder, file, stated) = (folder.to_string(), file.clone(), stated.clone());
            return Err(BundleError::Checksum { folder, file, found, stated });
        }
    }
    Ok(())
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hexadecimal, byte| {
        let _ = write!(hexadecimal, "{byte:02x}");
        hexadecimal
    })
}
