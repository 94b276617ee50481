//! A bundle: scheme, encoder, classifier and calibration in one folder, every file with its checksum.
//!
//! ```text
//! bundle.toml                the format's version, the calibration, the SHA-256 of every other file and of its own lines
//! scheme.toml                the stances
//! classifier.safetensors     `weights` [stances, dimensions] and `bias` [stances], F64
//! encoder/                   an encoder in Hugging Face layout, large matrices stored as 8-bit integers
//! MODEL_CARD.md              what it was trained on, how well it does, what it is not for
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use ndarray::{Array1, Array2};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use standpoint_labels::{Prediction, Scheme, SchemeError};

use crate::calibration::Calibration;
use crate::classifier::{Classifier, Logistic};
use crate::encoder::{BertEncoder, EncodeError, Encoder, LoadError};
use crate::folder::{Folder, FolderError};

/// The files compiled in from `models/default`.
static BUILT_IN: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/default_files.in"));

const MANIFEST: &str = "bundle.toml";
const SCHEME: &str = "scheme.toml";
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
    classifier: Box<dyn Classifier>,
    calibration: Calibration,
}

/// The predictions of some texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicted {
    /// One a text, in order.
    pub predictions: Vec<Prediction>,
    /// Whether each text was longer than the encoder sees, so that its end did not count.
    pub truncated: Vec<bool>,
}

/// Why a bundle cannot be read or written; every variant names the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// A file is missing or unreadable.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// This build has no bundle compiled in.
    #[error(
        "this build of standpoint has no bundle of its own (models/default was missing when it was built); name one with --bundle DIR"
    )]
    NoneBuiltIn,
    /// A file does not have the checksum that `bundle.toml` states.
    #[error(
        "{folder}: {file} has changed since the bundle was written: its SHA-256 is {found}, bundle.toml says {stated}; fetch or train the bundle again"
    )]
    Checksum {
        /// The bundle.
        folder: String,
        /// The file.
        file: String,
        /// Checksum of the file as it is.
        found: String,
        /// Checksum stated.
        stated: String,
    },
    /// A file is not what it should be.
    #[error("{folder}: {file}: {problem}")]
    Content {
        /// The bundle.
        folder: String,
        /// The file.
        file: &'static str,
        /// What was found and what was expected.
        problem: String,
    },
    /// The scheme cannot be used.
    #[error("{folder}: {SCHEME}: {source}")]
    Scheme {
        /// The bundle.
        folder: String,
        /// The reason.
        source: SchemeError,
    },
    /// The encoder cannot be loaded.
    #[error(transparent)]
    Encoder(#[from] LoadError),
    /// The folder to write to holds something else.
    #[error("{}: exists and is not a bundle; choose another folder or remove it", .0.display())]
    Occupied(PathBuf),
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    format: u32,
    calibration: Calibration,
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
        let classifier = read_classifier(folder, scheme.stances.len(), encoder.dimensions())?;
        Ok(Self {
            scheme,
            encoder: Box::new(encoder),
            classifier: Box::new(classifier),
            calibration: manifest.calibration,
        })
    }

    /// Predictions for texts: the same for a text whatever the others are.
    ///
    /// # Errors
    /// When the encoder fails.
    pub fn predict(&self, texts: &[&str]) -> Result<Predicted, EncodeError> {
        let embeddings = self.encoder.encode(texts)?;
        let logits = self.classifier.logits(&embeddings.vectors);
        Ok(Predicted { predictions: self.calibration.predictions(&logits), truncated: embeddings.truncated })
    }

    /// The prediction for a whole from those of its parts: the mean of their probabilities, each part counting by its weight (its length, say).
    ///
    /// `None` when there are no parts.
    #[must_use]
    pub fn pool(&self, parts: &[Prediction], weights: &[f64]) -> Option<Prediction> {
        let total: f64 = weights.iter().sum();
        let mean = |stance: usize| {
            parts.iter().zip(weights).map(|(part, weight)| part.probabilities[stance] * weight).sum::<f64>() / total
        };
        (total > 0.0).then(|| self.calibration.judge((0..self.scheme.stances.len()).map(mean).collect()))
    }
}

fn io_error(path: &Path, source: std::io::Error) -> BundleError {
    BundleError::Io { path: path.to_owned(), source }
}

/// The content of every file in `folder` and below, by its name with `prefix/` before it.
fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), BundleError> {
    for entry in folder.read_dir().map_err(|source| io_error(folder, source))? {
        let path = entry.map_err(|source| io_error(folder, source))?.path();
        let name = format!("{prefix}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            collect(&path, &name, files)?;
        } else {
            files.insert(name, std::fs::read(&path).map_err(|source| io_error(&path, source))?);
        }
    }
    Ok(())
}

fn content(folder: &Folder, file: &'static str, problem: impl Into<String>) -> BundleError {
    BundleError::Content { folder: folder.to_string(), file, problem: problem.into() }
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

fn read_classifier(folder: &Folder, stances: usize, dimensions: usize) -> Result<Logistic, BundleError> {
    let bytes = folder.read(CLASSIFIER)?;
    let tensors = SafeTensors::deserialize(&bytes).map_err(|error| content(folder, CLASSIFIER, error.to_string()))?;
    let values = |name: &str, shape: &[usize]| {
        let tensor = tensors.tensor(name).map_err(|error| content(folder, CLASSIFIER, error.to_string()))?;
        if tensor.dtype() != Dtype::F64 || tensor.shape() != shape {
            let problem =
                format!("tensor `{name}` is {:?} {:?}, expected F64 {shape:?}", tensor.dtype(), tensor.shape());
            return Err(content(folder, CLASSIFIER, problem));
        }
        Ok(tensor
            .data()
            .chunks_exact(8)
            .map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap_or_default()))
            .collect::<Vec<_>>())
    };
    let weights = Array2::from_shape_vec((stances, dimensions), values("weights", &[stances, dimensions])?);
    Ok(Logistic {
        weights: weights.map_err(|error| content(folder, CLASSIFIER, error.to_string()))?,
        bias: Array1::from_vec(values("bias", &[stances])?),
    })
}

/// The parts of a bundle to be written.
pub struct NewBundle<'a> {
    /// The stances.
    pub scheme: &'a Scheme,
    /// The folder of the encoder, as [`crate::encoder::quantise`] writes it.
    pub encoder: &'a Path,
    /// The classifier.
    pub classifier: &'a Logistic,
    /// The calibration.
    pub calibration: Calibration,
    /// Text of `MODEL_CARD.md`.
    pub model_card: &'a str,
}

impl NewBundle<'_> {
    /// Writes the bundle to `place`, whole or not at all; a bundle that is there already is replaced.
    ///
    /// # Errors
    /// When `place` holds something else, or cannot be written.
    pub fn write(&self, place: &Path) -> Result<(), BundleError> {
        let io = |source| io_error(place, source);
        let is_empty = |folder: &Path| folder.read_dir().is_ok_and(|mut entries| entries.next().is_none());
        if place.exists() && !place.join(MANIFEST).exists() && !is_empty(place) {
            return Err(BundleError::Occupied(place.to_owned()));
        }
        let parent = place.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
        let temporary = tempfile::Builder::new().prefix(".standpoint-").tempdir_in(parent).map_err(io)?;
        for (name, bytes) in self.files(place)? {
            let file = temporary.path().join("new").join(name);
            file.parent()
                .map_or(Ok(()), std::fs::create_dir_all)
                .and_then(|()| std::fs::write(&file, bytes))
                .map_err(io)?;
        }
        if place.exists() {
            std::fs::rename(place, temporary.path().join("old")).map_err(io)?;
        }
        std::fs::rename(temporary.path().join("new"), place).map_err(io)
    }

    fn files(&self, place: &Path) -> Result<BTreeMap<String, Vec<u8>>, BundleError> {
        let folder = Folder::disk(place);
        let toml = |file, value: Result<String, toml::ser::Error>| {
            value.map_err(|error| content(&folder, file, error.to_string())).map(String::into_bytes)
        };
        let mut files = BTreeMap::new();
        collect(self.encoder, ENCODER, &mut files)?;
        files.insert(SCHEME.to_owned(), toml(SCHEME, toml::to_string(self.scheme))?);
        files.insert(
            CLASSIFIER.to_owned(),
            self.classifier_bytes().map_err(|error| content(&folder, CLASSIFIER, error.to_string()))?,
        );
        files.insert("MODEL_CARD.md".to_owned(), self.model_card.as_bytes().to_vec());
        let checksums = files.iter().map(|(name, bytes)| (name.clone(), sha256(bytes))).collect();
        let manifest = Manifest { format: FORMAT, calibration: self.calibration, files: checksums };
        let manifest = toml::to_string(&manifest).map(|lines| sealed(&lines));
        files.insert(MANIFEST.to_owned(), toml(MANIFEST, manifest)?);
        Ok(files)
    }

    fn classifier_bytes(&self) -> Result<Vec<u8>, safetensors::SafeTensorError> {
        let Logistic { weights, bias } = self.classifier;
        let bytes =
            |values: &mut dyn Iterator<Item = &f64>| values.flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let (weight_bytes, bias_bytes) = (bytes(&mut weights.iter()), bytes(&mut bias.iter()));
        let tensors = [
            ("bias", TensorView::new(Dtype::F64, vec![bias.len()], &bias_bytes)?),
            ("weights", TensorView::new(Dtype::F64, vec![weights.nrows(), weights.ncols()], &weight_bytes)?),
        ];
        safetensors::serialize(tensors, None)
    }
}
