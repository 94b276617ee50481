use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::results::hexadecimal;

/// A folder with a model, and what tells its content from another's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ModelFolder {
    pub(crate) path: PathBuf,
    /// SHA-256 of the names and the contents of all its files.
    files: String,
}

impl ModelFolder {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let mut digest = Sha256::new();
        add(path, &mut digest)?;
        Ok(Self { path: path.to_owned(), files: hexadecimal(&digest.finalize()) })
    }
}

/// Adds all files below a folder, in the order of their names.
fn add(folder: &Path, digest: &mut Sha256) -> Result<()> {
    let unreadable = |place: &Path| format!("{}: cannot be read", place.display());
    let entries = folder.read_dir().with_context(|| unreadable(folder))?;
    let mut places: Vec<PathBuf> =
        entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>().with_context(|| unreadable(folder))?;
    places.sort_unstable();
    for place in places {
        if place.is_dir() {
            add(&place, digest)?;
            continue;
        }
        let mut file = std::fs::File::open(&place).with_context(|| unreadable(&place))?;
        digest.update(place.file_name().unwrap_or_default().as_encoded_bytes());
        let bytes = std::io::copy(&mut file, digest).with_context(|| unreadable(&place))?;
        digest.update(bytes.to_le_bytes());
    }
    Ok(())
}
