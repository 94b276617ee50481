use std::collections::BTreeMap;
use std::path::Path;

use standpoint_labels::Scheme;

use super::error::{BundleError, content, io_error};
use super::{CLASSIFIER, ENCODER, FEATURES, FORMAT, MANIFEST, Manifest, SCHEME, sealed, sha256};
use crate::calibration::Calibration;
use crate::classifier::Classifier;
use crate::features::Featuriser;
use crate::folder::Folder;
use crate::tensors::{Tensors, to_bytes};

/// The parts of a bundle to be written.
pub struct NewBundle<'a> {
    /// The stances.
    pub scheme: &'a Scheme,
    /// The folder of the encoder, as [`crate::encoder::quantise`] writes it.
    pub encoder: &'a Path,
    /// Makes the features.
    pub featuriser: &'a Featuriser,
    /// The classifier of those features.
    pub classifier: &'a dyn Classifier,
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
        let tensors =
            |file, tensors: &Tensors| to_bytes(tensors).map_err(|error| content(&folder, file, error.to_string()));
        if let Some(featuriser) = self.featuriser.tensors() {
            files.insert(FEATURES.to_owned(), tensors(FEATURES, &featuriser)?);
        }
        files.insert(CLASSIFIER.to_owned(), tensors(CLASSIFIER, &self.classifier.tensors())?);
        files.insert("MODEL_CARD.md".to_owned(), self.model_card.as_bytes().to_vec());
        let checksums = files.iter().map(|(name, bytes)| (name.clone(), sha256(bytes))).collect();
        let manifest = Manifest {
            format: FORMAT,
            calibration: self.calibration.clone(),
            features: self.featuriser.settings(),
            files: checksums,
        };
        let manifest = toml::to_string(&manifest).map(|lines| sealed(&lines));
        files.insert(MANIFEST.to_owned(), toml(MANIFEST, manifest)?);
        Ok(files)
    }
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
