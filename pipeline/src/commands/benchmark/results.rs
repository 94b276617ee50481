use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::output::Output;

/// Bytes of a SHA-256 that a fingerprint keeps: enough for no two to be alike, few enough for the name of a file.
const FINGERPRINT_BYTES: usize = 16;

/// The folder that keeps what was computed, so that an interrupted run can go on.
pub(crate) struct Results {
    folder: PathBuf,
    /// Removes the folder in the end where nobody asked to keep it.
    _temporary: Option<TempDir>,
}

impl Results {
    /// The folder asked for, which is made where it is missing, or a temporary one.
    pub(crate) fn open(asked: Option<&Path>) -> Result<Self> {
        let Some(folder) = asked else {
            let temporary = tempfile::tempdir().context("a temporary folder for results cannot be made")?;
            return Ok(Self { folder: temporary.path().to_owned(), _temporary: Some(temporary) });
        };
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{}: cannot be made; choose another folder for --results", folder.display()))?;
        Ok(Self::at(folder))
    }

    /// A folder that is there.
    pub(crate) fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), _temporary: None }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a file of this name is or goes.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes a value, whole or not at all.
    pub(crate) fn keep(&self, name: &str, value: &impl Serialize) -> Result<()> {
        let file = self.file(name);
        let mut out = Output::open(Some(&file))?;
        serde_json::to_writer(&mut out, value).with_context(|| format!("{}: cannot be written", file.display()))?;
        writeln!(out)?;
        out.finish()
    }

    /// A value kept earlier; `None` where there is none or it is damaged, so that it is computed anew.
    pub(crate) fn kept<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let bytes = std::fs::read(self.file(name)).ok()?;
        serde_json::from_slice(&bytes).ok()
    }
}

/// What tells values apart that were computed from different things, or by another build of the program.
pub(crate) fn fingerprint(of: &impl Serialize) -> Result<String> {
    let bytes = serde_json::to_vec(&(program()?, of))?;
    Ok(hexadecimal(&Sha256::digest(bytes)[..FINGERPRINT_BYTES]))
}

/// The SHA-256 of the program that runs. A version would not do: code changes between versions, and so do compilers and features.
fn program() -> Result<&'static str> {
    static DIGEST: OnceLock<String> = OnceLock::new();
    if let Some(known) = DIGEST.get() {
        return Ok(known);
    }
    let place = std::env::current_exe().context("the program cannot find itself")?;
    let mut digest = Sha256::new();
    let mut read = || std::io::copy(&mut std::fs::File::open(&place)?, &mut digest);
    read().with_context(|| format!("{}: cannot be read", place.display()))?;
    Ok(DIGEST.get_or_init(|| hexadecimal(&digest.finalize())))
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        // Writing into a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// The size of all files in a folder and below.
pub(crate) fn bytes_in(folder: &Path) -> std::io::Result<u64> {
    let mut sum = 0;
    for entry in folder.read_dir()? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        sum += if metadata.is_dir() { bytes_in(&entry.path())? } else { metadata.len() };
    }
    Ok(sum)
}
